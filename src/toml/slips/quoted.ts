/**
 * Strings: with a quote that is missing, of another kind, or one too many inside; and backslashes that are no escapes. Says
 * where a string ends by what can follow one at its place.
 */
import type { Splice } from "../../model/op.ts";
import type { SlipKind } from "../../model/slip.ts";
import { decodeEscapes } from "../scan.ts";
import { asWritten, isWindowsPath, looseBackslashes } from "./backslashes.ts";
import { CONTROLS, codeName, LIKE_DOUBLE, LIKE_SINGLE } from "./characters.ts";
import { Lost, type Reader } from "./reader.ts";
import { beginsHeader, beginsKey } from "./restart.ts";
import type { Reading } from "./slip.ts";

/** Where a string stands: it decides what can follow. */
export type Frame = "top" | "array" | "inline" | "key" | "header";

/** What a string must be followed by, behind blanks. */
const FOLLOWS: Readonly<Record<Frame, RegExp>> = {
  top: /[ \t]*(?:\r?$|#|\/\/|[,;\]})]+[ \t]*(?:#.*)?\r?$)/my,
  array: /[ \t]*(?:\r?$|[,;\])}#])/my,
  inline: /[ \t]*(?:\r?$|[,;}\]#])/my,
  key: /[ \t]*[=:.\uff1d\uff1a]/y,
  header: /[ \t]*[.\]#]/y,
};

const ENTRY = /[ \t]*(?:[,;][ \t]*|(?<=[ \t]))(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')[ \t]*[=:]/y;
const VALUE = /[ \t]+["'\w[{-]/y;

/** Characters in a line up to which a missing quote is looked for. */
const LONGEST = 20_000;

export function isQuote(char: string): boolean {
  return char !== "" && (char === '"' || char === "'" || LIKE_DOUBLE.includes(char) || LIKE_SINGLE.includes(char));
}

/** Reads a string and returns what it says; `reader.at` is behind it then. */
export function quoted(reader: Reader, frame: Frame): string {
  const { at: start, char: open, text } = reader;
  if (open === '"' || open === "'") {
    if (text.startsWith(open.repeat(3), start)) return triple(reader, open);
    return straight(reader, frame, open);
  }
  return typographic(reader, frame);
}

function triple(reader: Reader, quote: string): string {
  const { at: start, text } = reader;
  const mark = quote.repeat(3);
  for (let at = text.indexOf(mark, start + 3); at >= 0; at = text.indexOf(mark, at + 1)) {
    if (quote === '"' && isEscaped(text, start + 3, at)) continue;
    let end = at + 3;
    while (end < at + 5 && text.charAt(end) === quote) end++;
    reader.at = end;
    const body = text.slice(start + 3, end - 3);
    if (quote === '"') {
      const loose = looseBackslashes(body).filter((index) => !/^\\[ \t]*\r?\n/.test(body.slice(index)));
      const splices = loose.map((index) => ({ start: start + 3 + index, end: start + 4 + index, text: "\\\\" }));
      const [first] = splices;
      if (first) reader.slip("backslash", { start, end }, [{ as: "correct", splices }], null, first.start);
    }
    return body;
  }
  throw new Lost("unclosed-string", start, mark);
}

function straight(reader: Reader, frame: Frame, quote: string): string {
  const { at: start, text } = reader;
  const eol = reader.lineEnd();
  const raw: number[] = [];
  for (let at = text.indexOf(quote, start + 1); at >= 0 && at < eol; at = text.indexOf(quote, at + 1)) raw.push(at);
  const closers = quote === '"' ? raw.filter((at) => !isEscaped(text, start + 1, at)) : raw;
  const fits = (at: number) => isBehind(FOLLOWS[frame], text, at + 1);
  const [first] = closers;
  if (first !== undefined && (reader.strict || fits(first))) return closed(reader, quote, first);
  if (reader.strict) throw new Lost("unclosed-string", start);
  // Nobody writes such a line, and it may hold any number of quotes.
  if (eol - start > LONGEST) throw new Lost("unreadable", start);
  // The backslash at the end of a path is no escape of the quote.
  const ofPath = raw.find((at) => isWindowsPath(text.slice(start + 1, at)) && text.charAt(at - 1) === "\\");
  if (quote === '"' && ofPath !== undefined && fits(ofPath)) return closed(reader, quote, ofPath);
  if (first === undefined) return unclosed(reader, frame, quote);
  const behind = first + 1;
  if (frame === "array" && reader.match(VALUE, behind) !== "") return closed(reader, quote, first);
  if ((frame === "inline" || frame === "top") && reader.match(ENTRY, behind) !== "")
    return closed(reader, quote, first);
  const doubled = doubledQuotes(reader, frame, closers);
  if (doubled !== null) return doubled;
  const before = text.slice(start + 1, first).trimEnd();
  // What stands behind a comma begins a string, so the one before it has no end.
  if (/[,=:]$/.test(before) && (frame === "array" || frame === "inline")) {
    const comma = text.lastIndexOf(",", first);
    if (comma > start) return closedAt(reader, "unclosed-string", quote, trimmed(text, start, comma));
  }
  // In front of a sign a key ends, so its quote is missing.
  const sign = frame === "key" ? /[ \t]*[=:]$/.exec(before) : null;
  if (sign) return closedAt(reader, "unclosed-string", quote, start + 1 + sign.index);
  const last = closers.findLast(fits);
  const next = frame === "top" ? last : closers.find((at) => at > first && fits(at));
  if (
    next === undefined ||
    /\s/.test(text.charAt(behind)) ||
    /["'][ \t]*[,;=:]|[,;=:][ \t]*["']/.test(text.slice(start + 1, next))
  )
    return closed(reader, quote, first);
  return withInner(reader, quote, next, closers);
}

/** A string whose quotes are there twice, at both ends or at its end; null for any other. */
function doubledQuotes(reader: Reader, frame: Frame, closers: readonly number[]): string | null {
  const { at: start, text } = reader;
  const opens = closers[0] === start + 1 ? 2 : 1;
  const [last, end] = closers.slice(opens - 1, opens + 1);
  if (last === undefined || end !== last + 1 || !isBehind(FOLLOWS[frame], text, end + 1)) return null;
  const from = start + opens;
  if (/["'\\]/.test(text.slice(from, last))) return null;
  const splices = [...(opens === 2 ? [{ start: start + 1, end: from, text: "" }] : []), { start: last, end, text: "" }];
  reader.slip(
    "inner-quote",
    { start, end: end + 1 },
    [{ as: "correct", splices }],
    null,
    opens === 2 ? start + 1 : last,
  );
  reader.at = end + 1;
  return text.slice(from, last);
}

/** Patterns that may match nothing at a line's end. */
function isBehind(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

/** A string whose closing quote is at `close`. */
function closed(reader: Reader, quote: string, close: number): string {
  const { at: start, text } = reader;
  const body = text.slice(start + 1, close);
  reader.at = close + 1;
  const range = { start, end: close + 1 };
  const control = body.search(CONTROLS);
  if (control >= 0) {
    const at = start + 1 + control;
    if (text.charAt(at) === "\0") throw new Lost("nul", at, codeName("\0"));
    reader.replace("control-character", at, at + 1, "", codeName(text.charAt(at)));
  }
  if (quote === "'") return body;
  const [loose] = looseBackslashes(body);
  if (loose === undefined) return decodeEscapes(body);
  const splices = asWritten(text, range);
  const doubled = looseBackslashes(body).map((at) => ({ start: start + 1 + at, end: start + 2 + at, text: "\\\\" }));
  const literal: Splice[] = [
    { start, end: start + 1, text: "'" },
    { start: close, end: close + 1, text: "'" },
  ];
  const readings: Reading[] = splices
    ? [{ as: "correct", splices }]
    : [
        { as: "correct", splices: doubled },
        ...(body.includes("'") ? [] : [{ as: "as-text" as const, splices: literal }]),
      ];
  const found = isWindowsPath(body) ? "path" : null;
  reader.slip("backslash", range, readings, found, start + 1 + loose);
  return body;
}

/** Inserts the closing quote at a place. */
function closedAt(reader: Reader, kind: SlipKind, quote: string, end: number): string {
  const { at: start, text } = reader;
  const body = text.slice(start + 1, end);
  const control = body.search(CONTROLS);
  if (control >= 0) throw new Lost(body.includes("\0") ? "nul" : "control-character", start + 1 + control);
  const loose = quote === '"' && body.includes("\\");
  const mark = loose && !body.includes("'") ? "'" : quote;
  const splices = [
    ...(mark === quote ? [] : [{ start, end: start + 1, text: mark }]),
    ...(mark === quote && loose ? escaped(text, start + 1, end) : []),
    { start: end, end, text: mark },
  ];
  reader.slip(kind, { start, end }, [{ as: "close", splices }], null, end);
  reader.at = end;
  return body;
}

function escaped(text: string, start: number, end: number): Splice[] {
  return looseBackslashes(text.slice(start, end)).map((at) => ({
    start: start + at,
    end: start + at + 1,
    text: "\\\\",
  }));
}

/** Quotes inside of a string that goes on behind them. */
function withInner(reader: Reader, quote: string, close: number, closers: readonly number[]): string {
  const { at: start, text } = reader;
  const body = text.slice(start + 1, close);
  const other = quote === '"' ? "'" : '"';
  const inner = closers.filter((at) => at < close);
  const range = { start, end: close + 1 };
  const swapped = [
    { start, end: start + 1, text: other },
    { start: close, end: close + 1, text: other },
  ];
  const isPlain = !body.includes(other) && !body.includes("\\");
  if (quote === "'" && !isPlain) throw new Lost("inner-quote", inner[0] ?? start);
  const splices = isPlain ? swapped : inner.map((at) => ({ start: at, end: at, text: "\\" }));
  reader.slip("inner-quote", range, [{ as: "correct", splices }], null, inner[0]);
  reader.at = close + 1;
  return body;
}

/** A string without a closing quote in its line. */
function unclosed(reader: Reader, frame: Frame, quote: string): string {
  const { at: start, text } = reader;
  const eol = reader.lineEnd();
  const other = quote === '"' ? "'" : '"';
  const isMixed = text.slice(start + 1, eol).split(other).length === 2;
  const like = (quote === '"' ? LIKE_DOUBLE : LIKE_SINGLE) + (isMixed ? other : "");
  for (let at = start + 1; at < eol; at++) {
    if (!like.includes(text.charAt(at)) || !isBehind(FOLLOWS[frame], text, at + 1)) continue;
    reader.replace("typographic-quote", at, at + 1, quote, codeName(text.charAt(at)));
    reader.at = at + 1;
    return text.slice(start + 1, at);
  }
  const below = frame === "top" ? closedBelow(reader, quote, eol) : null;
  if (below !== null) return below;
  const rest = text.slice(start + 1, eol);
  if (frame === "key" || frame === "header") {
    const sign = frame === "key" ? /[ \t]*[=:]/.exec(rest) : /[ \t]*\]/.exec(rest);
    if (!sign) throw new Lost(eol >= text.length ? "cut-off" : "unclosed-string", eol);
    return closedAt(reader, "unclosed-string", quote, start + 1 + sign.index);
  }
  const hash = rest.search(/[ \t]#/);
  const words = hash < 0 ? rest : rest.slice(0, hash);
  const end = start + 1 + tailOf(words, frame);
  const isOpen = frame === "top" || !/[\])}]/.test(text.slice(end, eol));
  if (eol >= text.length && isOpen) throw new Lost("cut-off", eol);
  // A sign of a comment may as well be part of a text of several words.
  if (frame === "top" && hash >= 0 && /\S\s+\S/.test(words)) {
    const whole = trimmed(text, start, eol);
    const at = (place: number): Splice[] => [{ start: place, end: place, text: quote }];
    reader.slip(
      "unclosed-string",
      { start, end: whole },
      [
        { as: "close-before-comment", splices: at(end) },
        { as: "close-at-line-end", splices: at(whole) },
      ],
      null,
      end,
    );
    reader.at = whole;
    return words;
  }
  return closedAt(reader, "unclosed-string", quote, end);
}

/** A text over several lines, between quotes that are for one; null where no line below ends with the quote. */
function closedBelow(reader: Reader, quote: string, eol: number): string | null {
  const { at: start, text } = reader;
  for (let line = text.indexOf("\n", eol) + 1; line > 0 && line < text.length; line = text.indexOf("\n", line) + 1) {
    if (beginsKey(text, line) || beginsHeader(text, line)) return null;
    const end = reader.lineEnd(line);
    const at = text.indexOf(quote, line);
    if (at < 0 || at >= end) continue;
    if (!/^[ \t]*(?:#.*)?$/.test(text.slice(at + 1, end))) return null;
    const splices = [start, at].map((place) => ({ start: place, end: place, text: quote.repeat(2) }));
    reader.slip("unclosed-string", { start, end: at + 1 }, [{ as: "close", splices }], null, eol);
    reader.at = at + 1;
    return text.slice(start + 1, at);
  }
  return null;
}

/** Between quotes that are none. */
function typographic(reader: Reader, frame: Frame): string {
  const { at: start, char: open, text } = reader;
  const isDouble = LIKE_DOUBLE.includes(open);
  const like = isDouble ? `"${LIKE_DOUBLE}` : `'${LIKE_SINGLE}`;
  const eol = reader.lineEnd();
  if (eol - start > LONGEST) throw new Lost("unreadable", start);
  const ends: number[] = [];
  for (let at = start + 1; at < eol; at++) if (like.includes(text.charAt(at))) ends.push(at);
  const close = ends.find((at) => isBehind(FOLLOWS[frame], text, at + 1)) ?? ends[0];
  if (close === undefined) {
    const hash = text.slice(start, eol).search(/[ \t]#/);
    const words = text.slice(start + 1, hash < 0 ? eol : start + hash);
    if (frame === "key" || frame === "header") throw new Lost("typographic-quote", start, codeName(open));
    if (eol >= text.length) throw new Lost("cut-off", eol);
    const end = start + 1 + tailOf(words, frame);
    return inMarks(reader, start, end, end);
  }
  return inMarks(reader, start, close, close + 1);
}

/** Where what closes or separates begins behind the words of a text. */
function tailOf(words: string, frame: Frame): number {
  if (frame === "array" || frame === "inline") return CLOSING.exec(words)?.index ?? words.length;
  const end = words.trimEnd().length;
  return /[,;]/.test(words.charAt(end - 1)) ? end - 1 : end;
}

const CLOSING = /(?:[\s\])}]*[\])}])?[\s,]*$/;

function inMarks(reader: Reader, start: number, close: number, end: number): string {
  const body = reader.text.slice(start + 1, close);
  const mark = !/["\\]/.test(body) ? '"' : body.includes("'") ? null : "'";
  const escapes = mark === null ? [...body.matchAll(/["\\]/g)].map(({ index }) => start + 1 + index) : [];
  const splices: Splice[] = [
    { start, end: start + 1, text: mark ?? '"' },
    ...escapes.map((at) => ({ start: at, end: at, text: "\\" })),
    { start: close, end, text: mark ?? '"' },
  ];
  reader.slip("typographic-quote", { start, end }, [{ as: "correct", splices }], codeName(reader.text.charAt(start)));
  reader.at = end;
  return body;
}

/** Where a text ends without the blanks in front of a place. */
export function trimmed(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && /\s/.test(text.charAt(at - 1))) at--;
  return at;
}

function isEscaped(text: string, from: number, at: number): boolean {
  let before = at;
  while (before > from && text.charAt(before - 1) === "\\") before--;
  return (at - before) % 2 === 1;
}
