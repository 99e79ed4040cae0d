/**
 * Finds what is secret in comments: they are read as what could stand in their place. Settings that were commented out
 * are judged like live ones; what reads as none is prose, of which only what shows by itself is hidden.
 */
import type { KeyPath } from "../model/op.ts";
import { type Entry, lineEnd, scanEntry, skipSpace, type Value } from "../toml/scan.ts";
import { type Comments, commentsInside, uncommented } from "./comments.ts";
import { looksSecret } from "./known-tokens.ts";
import { isSecretPath } from "./names.ts";
import { mayHoldSecret } from "./text.ts";
import { type Secret, secretsInString, secretsInValue } from "./values.ts";

/** What is secret in a value and in the comments inside of it; `before` is the argument before the items of a list. */
export function secretsInSetting(text: string, value: Value, path: KeyPath, before?: string): readonly Secret[] {
  const found = secretsInValue(text, value, path, before);
  if (value.kind === "scalar" || !text.slice(value.start, value.end).includes("#")) return found;
  const beside = found.some(({ whole }) => whole);
  const comments = [...commentsInside(text, value, path, beside)];
  return [...found, ...comments.flatMap((one) => [...secretsInComments(text, one)])];
}

export function* secretsInComments(text: string, comments: Comments): Iterable<Secret> {
  const start = comments.parts[0]?.start ?? 0;
  const { before, beside } = comments;
  const words = uncommented(text, comments);
  if (!beside && !before?.startsWith("-") && !mayHoldSecret(words)) return;
  const found = before === undefined ? inTable(words, comments) : inList(words, comments);
  for (const secret of found) yield { ...secret, start: start + secret.start, end: start + secret.end };
}

/** Items of a list that were commented out; anything but texts in quotes is prose. */
function* inList(text: string, comments: Comments): Iterable<Secret> {
  const list = `x=[${text}\n]`;
  const value = valueBehind(list, 0);
  const isList =
    value?.kind === "array" &&
    value.end === list.length &&
    value.items.every(({ start }) => /["'[{]/.test(list.charAt(start)));
  const found = isList ? secretsInSetting(list, value, comments.path, comments.before) : [];
  for (const secret of found) yield { ...secret, start: secret.start - 3, end: secret.end - 3 };
  if (!isList || comments.beside) yield* inProse(text, 0, text.length, comments);
}

/** Headers and settings that were commented out, and prose between them. */
function* inTable(text: string, comments: Comments): Iterable<Secret> {
  let table = comments.path;
  let proseStart = 0;
  let end = 0;
  for (let at = 0; at < text.length; ) {
    const header = at === end ? HEADER.exec(text.slice(at, lineEnd(text, at))) : null;
    if (at >= end) end = lineEnd(text, at);
    if (header) {
      yield* inProse(text, proseStart, at, comments);
      table = namesOf(header[1] ?? "");
      at += header[0].length;
      proseStart = at;
    }
    const equals = at + text.slice(at, end).indexOf("=");
    const key = equals < at ? null : keyBefore(text, at, equals);
    const path = key === null ? table : [...table, ...namesOf(text.slice(key, equals))];
    const found = key === null ? null : settingAt(text, key, skipSpace(text, equals + 1), path, comments);
    if (key !== null && found) {
      yield* inProse(text, proseStart, key, comments);
      yield* found.secrets;
      proseStart = found.end;
    }
    at = found?.end ?? (equals < at ? end : equals + 1);
  }
  yield* inProse(text, proseStart, text.length, comments);
}

type Setting = { readonly secrets: readonly Secret[]; readonly end: number };

/** A setting in a comment, whose value begins at `start`; null where it is prose as well. */
function settingAt(text: string, key: number, start: number, path: KeyPath, comments: Comments): Setting | null {
  const secret = (end: number): Setting => ({ secrets: [{ start, end, path, kind: "path", whole: true }], end });
  const line = text.slice(start, lineEnd(text, start)).trimEnd();
  if (!/^["'[{]/.test(line)) {
    // Nobody knows where it ends; where no blanks are before it, there are none in it.
    const length = line.search(text[start - 1] === "=" ? /[\s,]|$/ : /\s#|$/);
    return length > 0 && isSecretPath(path, line.slice(0, length)) ? secret(start + length) : null;
  }
  const value = valueBehind(text, key);
  if (value) return { secrets: secretsInSetting(text, value, path), end: value.end };
  // It does not end, and cannot be taken apart.
  const end = /^(?:[[{]|"""|''')/.test(line) ? text.trimEnd().length : start + line.length;
  return isSecretPath(path)
    ? secret(end)
    : { secrets: [...inProse(text, start, end, { ...comments, beside: true })], end };
}

/** The value of a setting that begins at a place; null where it does not end well. */
function valueBehind(text: string, key: number): Value | null {
  const entry = attempt(() => scanEntry(text, key, 0));
  if (!entry) return null;
  const spelling = text.slice(entry.value.start, entry.value.end);
  // A quote that is closed in another line is another quote.
  return entry.value.kind === "scalar" && spelling.includes("\n") && !/^(?:"""|''')/.test(spelling)
    ? null
    : entry.value;
}

function attempt(scan: () => Entry): Entry | null {
  try {
    return scan();
  } catch {
    return null;
  }
}

/** What nobody can read as settings. */
function* inProse(text: string, start: number, end: number, { beside, path }: Comments): Iterable<Secret> {
  const words = text.slice(start, end);
  const part = (from: number, length: number, kind: string): Secret => {
    return { start: start + from, end: start + from + length, path, kind, whole: false };
  };
  for (const found of secretsInString(words, "comment")) yield part(found.start, found.end - found.start, found.kind);
  if (!beside) return;
  for (const { 0: quoted, index } of words.matchAll(/(?<!\w)(?:"[^"\n]+"|'[^'\n]+')/g))
    yield part(index + 1, quoted.length - 2, "beside a secret");
  for (const { 0: word, index } of words.matchAll(/[^\s"',;()]+/g))
    if (looksSecret(word)) yield part(index, word.length, "beside a secret");
}

const NAME = /(?:[\w-]+|"[^"\n]*"|'[^'\n]*')/.source;
const NAMES = new RegExp(NAME, "g");
const HEADER = new RegExp(
  `^[ \\t]*\\[\\[?[ \\t]*(${NAME}(?:[ \\t]*\\.[ \\t]*${NAME})*)[ \\t]*\\]\\]?(?=[ \\t]*(?:#|\\r?\\n|$))`,
);

function namesOf(key: string): string[] {
  return [...key.matchAll(NAMES)].map(([name]) => name.replace(/^["']|["']$/g, ""));
}

/** Where the key before an equals sign begins; null where none ends there. */
function keyBefore(text: string, from: number, equals: number): number | null {
  let at = equals;
  for (;;) {
    at = blanksBefore(text, from, at);
    const quote = text.charAt(at - 1);
    const name = at;
    if (at > from && (quote === '"' || quote === "'")) at = text.lastIndexOf(quote, at - 2);
    else while (at > from && /[\w-]/.test(text.charAt(at - 1))) at--;
    if (at < from || at === name) return null;
    const dot = blanksBefore(text, from, at);
    if (dot === from || text[dot - 1] !== ".") break;
    at = dot - 1;
  }
  // A flag is none, nor is what goes on before it.
  return text[at] !== "-" && (at === from || /[\s{,(`;]/.test(text.charAt(at - 1))) ? at : null;
}

function blanksBefore(text: string, from: number, end: number): number {
  let at = end;
  while (at > from && /[ \t]/.test(text.charAt(at - 1))) at--;
  return at;
}
