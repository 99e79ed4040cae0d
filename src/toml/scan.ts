/**
 * Splits one header or entry of a TOML text into its parts, with ranges. Knows syntax, not meaning: it expects a text that
 * a parser has accepted, and throws for any other, never loops. Offsets are UTF-16 units
 * into the whole text, a BOM included.
 */
import { CfgError } from "../model/error.ts";

export type Range = { readonly start: number; readonly end: number };

/** A possibly dotted key, its parts decoded; {@link rangesOf} gives the range of each of them. */
export type Key = Range & { readonly parts: readonly string[] };

export type Value = Range &
  (
    | { readonly kind: "scalar" }
    | { readonly kind: "array"; readonly items: readonly Value[] }
    | { readonly kind: "inline"; readonly entries: readonly Entry[] }
  );

/** `key = value`, on a line of its own (`line` is its index) or inside an inline table (`line` is -1). */
export type Entry = Range & { readonly key: Key; readonly value: Value; readonly line: number };

/** Levels of names and of brackets; Codex itself gives up at about 80 (measured with 0.169.0). */
export const MAX_DEPTH = 80;

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const APOSTROPHE = 39;
const COMMA = 44;
const DOT = 46;
const EQUALS = 61;
const OPEN = 91;
const BACKSLASH = 92;
const CLOSE = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** The key of a header, from its first bracket on. */
export function scanHeader(text: string, open: number): Key {
  const array = text.charCodeAt(open + 1) === OPEN;
  const key = scanKey(text, skipSpace(text, open + (array ? 2 : 1)));
  const close = skipSpace(text, key.end);
  if (text.charCodeAt(close) !== CLOSE || (array && text.charCodeAt(close + 1) !== CLOSE)) throw scanError(close);
  return key;
}

/** An entry from its key on, `depth` brackets deep. Throws `unsafe-file` for brackets deeper than {@link MAX_DEPTH}. */
export function scanEntry(text: string, start: number, line = -1, depth = 0): Entry {
  const key = scanKey(text, start);
  const equals = skipSpace(text, key.end);
  if (text.charCodeAt(equals) !== EQUALS) throw scanError(equals);
  const value = scanValue(text, skipSpace(text, equals + 1), depth);
  return { start, end: value.end, key, value, line };
}

function scanKey(text: string, start: number): Key {
  let end = partEnd(text, start);
  const parts = [partOf(text, start, end)];
  for (let at = skipSpace(text, end); text.charCodeAt(at) === DOT; at = skipSpace(text, end)) {
    at = skipSpace(text, at + 1);
    end = partEnd(text, at);
    parts.push(partOf(text, at, end));
  }
  return { start, end, parts };
}

/** A part of a key without its quotes and escapes. */
function partOf(text: string, start: number, end: number): string {
  const code = text.charCodeAt(start);
  if (code !== QUOTE && code !== APOSTROPHE) return text.slice(start, end);
  const body = text.slice(start + 1, end - 1);
  return code === QUOTE ? decodeEscapes(body) : body;
}

/** The spelling of each part of a key, quotes included. */
export function rangesOf(text: string, key: Key): Range[] {
  let at = key.start;
  return key.parts.map(() => {
    const range = { start: at, end: partEnd(text, at) };
    at = skipSpace(text, skipSpace(text, range.end) + 1);
    return range;
  });
}

function partEnd(text: string, at: number): number {
  const code = text.charCodeAt(at);
  const end = code === QUOTE || code === APOSTROPHE ? stringEnd(text, at) : endOf(BARE, text, at);
  if (end === at) throw scanError(at);
  return end;
}

function scanValue(text: string, start: number, depth: number): Value {
  const code = text.charCodeAt(start);
  if (code === QUOTE || code === APOSTROPHE) return { kind: "scalar", start, end: stringEnd(text, start) };
  if ((code === OPEN || code === OPEN_BRACE) && depth === MAX_DEPTH)
    throw new CfgError("unsafe-file", `nested deeper than ${MAX_DEPTH} levels`);
  if (code === OPEN) {
    const items: Value[] = [];
    let at = skipTrivia(text, start + 1);
    while (text.charCodeAt(at) !== CLOSE) {
      const item = scanValue(text, at, depth + 1);
      items.push(item);
      at = skipTrivia(text, item.end);
      if (text.charCodeAt(at) === COMMA) at = skipTrivia(text, at + 1);
    }
    return { kind: "array", start, end: at + 1, items };
  }
  if (code === OPEN_BRACE) {
    const entries: Entry[] = [];
    let at = skipTrivia(text, start + 1);
    while (text.charCodeAt(at) !== CLOSE_BRACE) {
      const entry = scanEntry(text, at, -1, depth + 1);
      entries.push(entry);
      at = skipTrivia(text, entry.end);
      if (text.charCodeAt(at) === COMMA) at = skipTrivia(text, at + 1);
    }
    return { kind: "inline", start, end: at + 1, entries };
  }
  return { kind: "scalar", start, end: plainEnd(text, start) };
}

/** End of a number, boolean or date; a date may hold one space between its halves. */
function plainEnd(text: string, start: number): number {
  let at = endOf(PLAIN, text, start);
  while (at > start && isSpace(text.charCodeAt(at - 1))) at--;
  if (at === start) throw scanError(at);
  return at;
}

function stringEnd(text: string, start: number): number {
  const quote = text.charAt(start);
  const triple = text.startsWith(quote.repeat(3), start);
  const mark = triple ? quote.repeat(3) : quote;
  const from = start + mark.length;
  for (let at = text.indexOf(mark, from); at >= 0; at = text.indexOf(mark, at + 1)) {
    if (quote === '"' && isEscaped(text, from, at)) continue;
    let end = at + mark.length;
    // Up to two quotes may stand directly before the closing three.
    if (triple) while (text.charAt(end) === quote) end++;
    return end;
  }
  throw scanError(start);
}

/** Whether an odd number of backslashes stands before `at`. */
function isEscaped(text: string, from: number, at: number): boolean {
  let before = at;
  while (before > from && text.charCodeAt(before - 1) === BACKSLASH) before--;
  return (at - before) % 2 === 1;
}

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r", e: "\u001b" };

export function decodeEscapes(body: string): string {
  if (!body.includes("\\")) return body;
  return body.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/g, (_, x, u, long, plain) =>
    plain === undefined ? String.fromCodePoint(Number.parseInt(x ?? u ?? long, 16)) : (ESCAPES[plain] ?? plain),
  );
}

/** Runs of characters; a sticky regular expression finds their end faster than a loop. */
const BARE = /[A-Za-z0-9_-]*/y;
const PLAIN = /[^,\]}#\r\n]*/y;

function endOf(run: RegExp, text: string, start: number): number {
  run.lastIndex = start;
  run.test(text);
  return run.lastIndex;
}

function isSpace(code: number): boolean {
  return code === SPACE || code === TAB;
}

export function skipSpace(text: string, start: number): number {
  let at = start;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** Skips space, line ends and comments, as they may stand inside arrays and (TOML 1.1) inline tables. */
function skipTrivia(text: string, start: number): number {
  let at = start;
  for (;;) {
    const code = text.charCodeAt(at);
    if (isSpace(code) || code === LF || code === CR) at++;
    else if (code === HASH) at = lineEnd(text, at);
    else if (at >= text.length) throw scanError(start);
    else return at;
  }
}

export function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
}

function scanError(at: number): CfgError {
  return new CfgError("internal", `the scanner finds no TOML at offset ${at}`);
}
