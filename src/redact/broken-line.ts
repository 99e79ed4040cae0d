/**
 * A line of a text that does not parse. Nobody knows what in it is a value, so what may be shown is listed: keys,
 * punctuation, small numbers, booleans and choices of Codex's own; from the first other text on it is one mask.
 */
import type { KeyPath } from "../model/op.ts";
import { isKeyPart, withoutTokens } from "./known-tokens.ts";
import { KNOWN_CHOICES, KNOWN_KEYS, KNOWN_TABLES } from "./known-words.ts";
import { TEXT } from "./marks.ts";
import { isSecretPath } from "./names.ts";

/** The line as it may be shown, and where in that a place of the line has come to stand. */
export type BrokenLine = { readonly text: string; readonly at: number };

/** `at` is a place in the line, for a caret; `table` the one that the line is in, where that is known. */
export function redactBrokenLine(line: string, at = 0, table: KeyPath = []): BrokenLine {
  const shown = shownEnd(line, table);
  const rest = line.slice(shown).trimEnd();
  const text = rest === "" ? line.trimEnd() : line.slice(0, shown) + TEXT;
  return { text, at: Math.min(at, rest === "" ? text.length : shown) };
}

/** Where the first text stands that must not be shown; the line's length where none does. */
function shownEnd(line: string, table: KeyPath): number {
  const start = matchEnd(BLANKS, line, 0);
  const header = headerEnd(line, start);
  if (header > start) return valuesEnd(line, header, table);
  const key = keyEnd(line, start);
  const sign = matchEnd(SIGN, line, key);
  // A word in front of no sign may be all of a secret, or the rest of one that began in a line above.
  const isKey = key === start || isConfigKey(line.slice(start, key));
  if (sign === key && !isKey) return start;
  if (sign === key && key > start) return matchEnd(BLANKS, line, key);
  // Base64 may end in such a sign.
  if (sign === line.length && !isKey) return start;
  return key > start && isSecretKey(line.slice(start, key), table) ? sign : valuesEnd(line, start, table);
}

const BLANKS = /[ \t]*/y;
/** One equals sign; two are the end of what base64 spells. */
const SIGN = /[ \t]*(?:=(?!=)|:(?!\/))[ \t]*/y;
const KEY = /[A-Za-z_][\w-]{0,59}(?:[ \t]?\.[ \t]?[A-Za-z_][\w-]{0,59}){0,9}/y;
const HEADER = /\[{1,2}[ \t]*([A-Za-z_][\w.-]{0,99})[ \t]*\]{0,2}/y;
/** What takes no part in a secret: signs, numbers of few digits, blanks. */
const PLAIN = /[ \t[\]{},=]+|[+-]?\d{1,3}(?:_?\d{1,3}){0,2}(?:\.\d{1,4})?(?![\w.:-])/y;
const QUOTES = /"""|'''|["']/y;
const WORD = /[A-Za-z][\w-]*/y;

/** Where a header ends that begins here. Its table is one of Codex's: a list in a line of its own looks alike. */
function headerEnd(line: string, start: number): number {
  HEADER.lastIndex = start;
  const name = HEADER.exec(line)?.[1] ?? "";
  return KNOWN_TABLES.has(name.split(".")[0] ?? "") && isPlainKey(name) ? HEADER.lastIndex : start;
}

/** Where a key ends that begins here. */
function keyEnd(line: string, start: number): number {
  const end = matchEnd(KEY, line, start);
  return isPlainKey(line.slice(start, end)) ? end : start;
}

/** Names of servers and variables are shown; a token where a name belongs is not. */
function isPlainKey(key: string): boolean {
  return withoutTokens(key, "") === key && !partsOf(key).some(isKeyPart);
}

function partsOf(key: string): string[] {
  return key.split(".").map((part) => part.trim());
}

function isConfigKey(key: string): boolean {
  return KNOWN_KEYS.has(key) || /^[a-z]+(?:_[a-z]+)+$/.test(key);
}

function isSecretKey(key: string, table: KeyPath): boolean {
  const path = [...table, ...partsOf(key)];
  // A name in capitals is a variable's, and any value of one may be a secret.
  return isSecretPath(path) || isSecretPath([...path, "x"]) || /^[A-Z][A-Z0-9_]*$/.test(key);
}

/** Where values and the keys between them stop to be such as may be shown. */
function valuesEnd(line: string, from: number, table: KeyPath): number {
  let at = from;
  for (let end = at; at < line.length; at = end) {
    end = matchEnd(PLAIN, line, at);
    if (end > at) continue;
    end = choiceEnd(line, at);
    if (end > at) continue;
    // Behind an equals sign a word is a value, whatever follows it.
    const key = at === from || "{,]".includes(signBefore(line, at)) ? keyEnd(line, at) : at;
    end = key > at ? matchEnd(SIGN, line, key) : at;
    if (end === key) return at;
    if (isSecretKey(line.slice(at, key), table)) return end;
  }
  return at;
}

function signBefore(line: string, at: number): string {
  let before = at - 1;
  while (before > 0 && " \t".includes(line.charAt(before))) before--;
  return line.charAt(before);
}

/** A choice of Codex's, or a boolean, with a quote on either side of it, on both or on none. */
function choiceEnd(line: string, start: number): number {
  const word = matchEnd(QUOTES, line, start);
  const end = matchEnd(WORD, line, word);
  const name = line.slice(word, end);
  if (!KNOWN_CHOICES.has(name) && !/^(?:true|false|True|False|TRUE|FALSE|yes|no)$/.test(name)) return start;
  const close = matchEnd(QUOTES, line, end);
  return /^(?:[ \t,\]}#]|$)/.test(line.slice(close, close + 1)) ? close : start;
}

function matchEnd(shape: RegExp, text: string, at: number): number {
  shape.lastIndex = at;
  return shape.test(text) ? shape.lastIndex : at;
}
