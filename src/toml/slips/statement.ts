/** One statement at the top level, a header or a key with its value, and what may stand behind it in its line. */
import type { KeyPath } from "../../model/op.ts";
import { CONTROLS, codeName } from "./characters.ts";
import { asRootTable, withoutInner } from "./json.ts";
import { keyParts, sign } from "./key.ts";
import { eolOf } from "./lines.ts";
import { trimmed } from "./quoted.ts";
import { Lost, type Reader } from "./reader.ts";
import { beginsHeader, beginsKey } from "./restart.ts";
import { type Read, value } from "./value.ts";
import { inQuotes } from "./word.ts";

export type Header = { readonly parts: readonly string[]; readonly isArray: boolean };
export type Entry = { readonly parts: readonly string[]; readonly read: Read; readonly valueStart: number };

/** Reads a header, with the end of its line. */
export function header(reader: Reader): Header {
  const { at: open, text } = reader;
  const isDouble = text.startsWith("[[", open);
  reader.at += isDouble ? 2 : 1;
  reader.skipSpace();
  const parts = keyParts(reader, "header");
  reader.path = parts;
  reader.skipSpace();
  const end = trimmed(text, open, reader.at);
  const isArray = brackets(reader, isDouble, open, end, parts);
  reader.skipSpace();
  if (!reader.isEnd && reader.char !== "#") behindHeader(reader);
  return { parts, isArray };
}

/** The brackets at a header's end. Returns whether it stands for an element of a list. */
function brackets(reader: Reader, isDouble: boolean, open: number, end: number, parts: KeyPath): boolean {
  const { text } = reader;
  const closing = /^[ \t]*(\]*)/.exec(text.slice(reader.at, reader.lineEnd()))?.[1] ?? "";
  if (closing.length === (isDouble ? 2 : 1)) {
    reader.at = text.indexOf("]", reader.at) + closing.length;
    return isDouble;
  }
  const eol = reader.lineEnd();
  if (!isDouble && /^[)}][ \t]*(?:#.*)?$/.test(text.slice(reader.at, eol))) {
    reader.replace("unclosed-header", reader.at, reader.at + 1, "]");
    reader.at++;
    return false;
  }
  if (closing.length === 0) {
    const comment = /^[ \t]*(?:#|\/\/).*/.exec(text.slice(reader.at, eol))?.[0];
    if (comment === undefined && !reader.isEnd) throw new Lost("unclosed-header", reader.at);
    if (comment === undefined && eol >= text.length) throw new Lost("cut-off", eol);
    const mark = isDouble ? "]]" : "]";
    const last = comment === undefined ? null : /\]{1,2}[ \t]*$/.exec(comment);
    const splices = [{ start: end, end, text: comment?.trimStart().startsWith("//") ? `${mark} #` : mark }];
    if (last) splices.push({ start: reader.at + last.index, end: reader.at + last.index + last[0].length, text: "" });
    reader.slip(
      last ? "comment-in-header" : "unclosed-header",
      { start: open, end: last ? eol : end },
      [{ as: "close", splices }],
      null,
      end,
    );
    reader.at = eol;
    return isDouble;
  }
  // Of `[[a]` and `[a]]` either bracket may be the slip.
  const close = text.indexOf("]", reader.at);
  reader.at = close + closing.length;
  const range = { start: open, end: reader.at };
  const asTable = {
    as: "as-table" as const,
    splices: isDouble ? [{ start: open, end: open + 1, text: "" }] : [{ start: close + 1, end: reader.at, text: "" }],
  };
  const asList = {
    as: "as-list-of-tables" as const,
    splices: isDouble ? [{ start: close + 1, end: close + 1, text: "]" }] : [{ start: open, end: open, text: "[" }],
  };
  const expected = reader.expects(parts);
  const isList = expected?.kinds.has("array") ?? false;
  const isTable = expected?.kinds.has("table") ?? false;
  const readings = isList === isTable ? [asTable, asList] : [isList ? asList : asTable];
  reader.slip("unclosed-header", range, readings, null, isDouble ? reader.at : close + 1);
  return isList && !isTable;
}

function behindHeader(reader: Reader): void {
  const { at, text } = reader;
  if (punctuation(reader)) return;
  const rest = text.slice(at, reader.lineEnd());
  if (rest.startsWith("\r")) {
    reader.replace("carriage-return", at, at + 1, eolOf(text));
    reader.at++;
    return;
  }
  if (/^[A-Za-z0-9_."'-]+[ \t]*=/.test(rest)) {
    nextLine(reader);
    return;
  }
  if (/^[\]})=[{]/.test(rest)) throw new Lost("text-behind", at);
  reader.replace(isForeignComment(rest) ? "foreign-comment" : "text-behind", at, at, "# ");
  reader.at = reader.lineEnd();
}

/** Reads a key and its value, with the end of the line. `table` is the path of the section. */
export function entry(reader: Reader, table: KeyPath): Entry {
  const { at: start } = reader;
  reader.path = table;
  const parts = keyParts(reader, "key");
  const path = [...table, ...parts];
  reader.path = path;
  sign(reader);
  reader.skipSpace();
  if (!reader.strict && (reader.isEnd || reader.char === "#")) joinLines(reader, path);
  const valueStart = reader.at;
  const read = value(reader, "top", path);
  reader.path = path;
  if (read.kind === "nothing") {
    const end = reader.lineEnd();
    const splices = [{ start, end: start, text: "# " }];
    reader.slip("no-value", { start, end }, [{ as: "comment", splices }], null, valueStart);
    reader.at = end;
    return { parts, read, valueStart };
  }
  reader.skipSpace();
  if (!reader.isEnd && reader.char !== "#") behindValue(reader, valueStart, path);
  reader.skipSpace();
  if (reader.char === "#") comment(reader);
  if (!reader.isEnd && !isStop(reader)) throw new Lost("text-behind", reader.at);
  if (!reader.strict && table.length > 0) moveToRoot(reader, start, parts, valueStart, read, path);
  return { parts, read, valueStart };
}

/** JSON that was pasted below a table with which it has nothing to do. */
function moveToRoot(
  reader: Reader,
  start: number,
  parts: readonly string[],
  valueStart: number,
  read: Read,
  path: KeyPath,
): void {
  const { slips, text } = reader;
  if (!slips.some(({ kind }) => kind === "colon") || reader.expects(path) !== null) return;
  if (slips.some(({ readings }) => readings.length !== 1)) return;
  const end = slips.find(({ kind }) => kind === "trailing-comma")?.start ?? trimmed(text, start, reader.at);
  const splices = asRootTable(text, { parts, start, keyEnd: start, valueStart, end, read });
  if (splices === null) return;
  const all = withoutInner([...slips.flatMap(({ readings }) => readings[0]?.splices ?? []), ...splices]);
  slips.length = 0;
  reader.slip("json", { start, end: reader.at }, [{ as: "correct", splices: all }]);
}

/** Whether the next statement begins here, in the middle of a line. */
function isStop(reader: Reader): boolean {
  const kind = reader.slips.at(-1)?.kind;
  return kind === "two-on-a-line" || kind === "carriage-return";
}

/** A value that begins in the line below its sign. */
function joinLines(reader: Reader, path: KeyPath): void {
  const { at, text } = reader;
  if (reader.isEnd && reader.lineEnd() >= text.length) throw new Lost("cut-off", at);
  if (reader.char === "#") throw new Lost("missing-value", at);
  const next = /^(?:\r?\n[ \t]*)+(?=["'{[])/.exec(text.slice(at))?.[0];
  const line = next === undefined ? 0 : text.lastIndexOf("\n", at + next.length) + 1;
  if (next === undefined || beginsKey(text, line) || beginsHeader(text, line)) throw new Lost("missing-value", at);
  reader.path = path;
  reader.replace("missing-value", at, at + next.length, " ");
  reader.at = at + next.length;
}

function behindValue(reader: Reader, valueStart: number, path: KeyPath): void {
  const { at, text } = reader;
  if (reader.strict) throw new Lost("text-behind", at);
  if (punctuation(reader)) return;
  const eol = reader.lineEnd();
  const rest = text.slice(at, eol);
  const isSecond = /^[,;][ \t]*(?:[A-Za-z0-9_-]+|"[^"]*")[ \t]*=(?!=)/.test(rest);
  if (isSecond) {
    reader.at++;
    reader.skipSpace();
    nextLine(reader, at);
  } else if (isForeignComment(rest)) {
    reader.replace("foreign-comment", at, at, "# ");
    reader.at = eol;
  } else if (/^(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:[ \t]*\.[ \t]*[\w"'-]+)*[ \t]*=(?!=)/.test(rest)) nextLine(reader);
  else if (/^[\]})"']{1,3}[,;]?[ \t]*(?:#.*)?$/.test(rest)) {
    const length = /^[\]})"']+[,;]?/.exec(rest)?.[0].length ?? 1;
    reader.replace("stray-bracket", at, at + length, "", rest.charAt(0));
    reader.at += length;
  } else if (rest.startsWith(",")) withoutBrackets(reader, valueStart, path);
  else if (rest.startsWith("\r")) {
    reader.replace("carriage-return", at, at + 1, eolOf(text));
    reader.at++;
  } else {
    const end = trimmed(text, at, eol);
    const comment = { as: "comment" as const, splices: [{ start: at, end: at, text: "# " }] };
    const one = { as: "as-one" as const, splices: asOne(text, valueStart, end) };
    const readings = [comment, ...(one.splices.length > 0 ? [one] : [])];
    const isProse = /[ \t]/.test(text.charAt(at - 1)) && /^[A-Za-z(][^"'=]*$/.test(rest) && readings.length === 1;
    reader.slip("text-behind", { start: valueStart, end }, readings, null, at, isProse);
    reader.at = eol;
  }
}

/** The text from a value to the end of its line as one string. */
function asOne(text: string, start: number, end: number) {
  const said = text.slice(start, end);
  return /["']/.test(said) || said.includes("#") ? [] : inQuotes(start, end, said);
}

/** Several values in a row that are a list without its brackets. */
function withoutBrackets(reader: Reader, valueStart: number, path: KeyPath): void {
  const first = reader.slips.length;
  const start = reader.at;
  for (let index = 1; reader.char === ","; index++) {
    reader.at++;
    reader.skipSpace();
    if (reader.isEnd) break;
    value(reader, "array", [...path, index]);
    reader.skipSpace();
  }
  if (reader.slips.length > first || (!reader.isEnd && reader.char !== "#")) throw new Lost("text-behind", start);
  const end = trimmed(reader.text, valueStart, reader.at);
  reader.path = path;
  const splices = [
    { start: valueStart, end: valueStart, text: "[" },
    { start: end, end, text: "]" },
  ];
  reader.slip("missing-brackets", { start: valueStart, end }, [{ as: "as-list", splices }]);
}

/** A comma or a semicolon that ends a line in other languages. */
function punctuation(reader: Reader): boolean {
  const { at, text } = reader;
  const found = /^[,;:.\uff0c\uff1b]+(?=[ \t]*(?:#|\/\/|$))/.exec(text.slice(at, reader.lineEnd()))?.[0];
  if (found === undefined) return false;
  reader.replace("trailing-comma", at, at + found.length, "", found.startsWith(";") ? "a semicolon" : null);
  reader.at += found.length;
  reader.skipSpace();
  const rest = text.slice(reader.at, reader.lineEnd());
  if (isForeignComment(rest)) reader.replace("foreign-comment", reader.at, reader.at, "# ");
  reader.at = reader.lineEnd();
  return true;
}

export function isForeignComment(rest: string): boolean {
  return /^(?:\/\/|\/\*|--[ \t]|;|<!--|[\u2013\u2014])/.test(rest);
}

/** Another statement in the same line; what stands in front of it from `from` on goes. */
function nextLine(reader: Reader, from = reader.at): void {
  const { text } = reader;
  const start = trimmed(text, 0, from);
  reader.replace("two-on-a-line", start, reader.at, eolOf(text));
}

/** What does not show in a comment, and is not allowed there. */
export function comment(reader: Reader): void {
  const { at: start, text } = reader;
  const lone = /\r(?!\n)/.exec(text.slice(start, reader.lineEnd()));
  const end = lone ? start + lone.index : reader.lineEnd();
  if (lone) reader.replace("carriage-return", end, end + 1, eolOf(text));
  for (const { 0: found, index } of text.slice(start, end).matchAll(CONTROLS)) {
    const at = start + index;
    reader.replace(
      found.startsWith("\0") ? "nul" : "control-character",
      at,
      at + found.length,
      "",
      codeName(found.charAt(0)),
    );
  }
  reader.at = lone ? end + 1 : end;
}
