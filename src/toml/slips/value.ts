/** Values in brackets: lists and inline tables, with signs that are missing, too many or others than TOML has. */
import type { KeyPath } from "../../model/op.ts";
import { keyParts, sign } from "./key.ts";
import { type Frame, isQuote, quoted, trimmed } from "./quoted.ts";
import { Lost, type Reader } from "./reader.ts";
import { beginsHeader, beginsKey } from "./restart.ts";
import { word } from "./word.ts";

export type ValueFrame = Exclude<Frame, "key" | "header">;

/** What a value was read as. `nothing`: it says that there is none. */
export type Read =
  | { readonly kind: "scalar" | "array" | "nothing" }
  | { readonly kind: "inline"; readonly members: readonly Member[] };

/** A key and its value in an inline table. */
export type Member = {
  readonly parts: readonly string[];
  readonly start: number;
  readonly keyEnd: number;
  readonly valueStart: number;
  readonly end: number;
  readonly read: Read;
};

/** Levels of brackets, beyond which nobody looks for slips. */
const DEEPEST = 60;

export function value(reader: Reader, frame: ValueFrame, path: KeyPath, depth = 0): Read {
  reader.path = path;
  reader.skipSpace();
  const { char } = reader;
  if (depth > DEEPEST) throw new Lost("unreadable", reader.at);
  if (char === '"' || char === "'" || (!reader.strict && isQuote(char))) {
    quoted(reader, frame);
    return { kind: "scalar" };
  }
  if (char === "[" || (char === "(" && !reader.strict)) return array(reader, path, depth);
  if (char === "{") return { kind: "inline", members: inline(reader, path, depth) };
  return { kind: word(reader, frame) ? "nothing" : "scalar" };
}

/** Blanks, line ends and comments. Returns false where a new key or header begins, so that the bracket was never closed. */
function skipLines(reader: Reader, isNext: (at: number) => boolean): boolean {
  for (;;) {
    reader.skipSpace();
    if (reader.at >= reader.text.length) return false;
    if (reader.char === "#") reader.at = reader.lineEnd();
    else if (!reader.strict && reader.text.startsWith("//", reader.at)) {
      reader.replace("foreign-comment", reader.at, reader.at, "# ");
      reader.at = reader.lineEnd();
    } else if (reader.isEnd) {
      const next = reader.text.indexOf("\n", reader.at) + 1;
      if (!reader.strict && isNext(next)) return false;
      reader.at = next;
    } else return true;
  }
}

function array(reader: Reader, path: KeyPath, depth: number): Read {
  const open = reader.at;
  if (reader.char === "(") reader.replace("missing-brackets", open, open + 1, "[", "a parenthesis");
  reader.at++;
  let end = reader.at;
  let isOpen = true;
  for (let index = 0; ; ) {
    const more = skipLines(reader, (at) => beginsKey(reader.text, at) || beginsHeader(reader.text, at));
    if (!more) return unclosed(reader, "unclosed-array", open, end, "]");
    const { at, char } = reader;
    if (char === "]" || char === ")" || char === "}") {
      if (char !== "]") reader.replace("missing-brackets", at, at + 1, "]", char === ")" ? "a parenthesis" : "a brace");
      reader.at++;
      return { kind: "array" };
    }
    if (separator(reader, isOpen)) {
      isOpen = true;
      end = reader.at;
      continue;
    }
    if (!isOpen) reader.replace("missing-comma", end, end, ",");
    value(reader, "array", [...path, index], depth + 1);
    reader.path = path;
    index++;
    end = reader.at;
    isOpen = false;
  }
}

/** What stands between two items, if that is next; `isOpen`: an item is wanted, so there is one sign too many. */
function separator(reader: Reader, isOpen: boolean): boolean {
  const { at, char } = reader;
  if (char !== "," && char !== ";" && char !== "\uff0c") return false;
  if (isOpen) reader.replace("extra-comma", at, at + 1, "");
  else if (char !== ",") reader.replace("missing-comma", at, at + 1, ",");
  reader.at++;
  return true;
}

/** Also called for an object of JSON that stands by itself. */
export function inline(reader: Reader, path: KeyPath, depth: number): Member[] {
  const open = reader.at;
  reader.at++;
  const members: Member[] = [];
  let end = reader.at;
  let isOpen = true;
  const isNext = (at: number) =>
    beginsHeader(reader.text, at) || (beginsKey(reader.text, at) && isOutside(reader, open, at));
  for (;;) {
    if (!skipLines(reader, isNext)) {
      unclosed(reader, "unclosed-table", open, end, " }");
      return members;
    }
    const { at, char } = reader;
    if (char === "}" || char === "]" || char === ")") {
      if (char !== "}")
        reader.replace("missing-brackets", at, at + 1, "}", char === "]" ? "a bracket" : "a parenthesis");
      reader.at++;
      return members;
    }
    if (separator(reader, isOpen)) {
      isOpen = true;
      end = reader.at;
      continue;
    }
    if (!isOpen) reader.replace("missing-comma", end, end, ",");
    const member = memberAt(reader, path, depth);
    members.push(member);
    end = member.end;
    isOpen = false;
    if (member.read.kind === "nothing") {
      const comma = /^[ \t]*,/.exec(reader.text.slice(end))?.[0].length ?? 0;
      reader.replace("no-value", at, end + comma, "");
      reader.at = end + comma;
      isOpen = true;
    }
  }
}

function memberAt(reader: Reader, path: KeyPath, depth: number): Member {
  const start = reader.at;
  reader.path = path;
  const parts = keyParts(reader, "key");
  const keyEnd = trimmed(reader.text, start, reader.at);
  sign(reader);
  reader.skipSpace();
  const valueStart = reader.at;
  const read = value(reader, "inline", [...path, ...parts], depth + 1);
  reader.path = path;
  return { parts, start, keyEnd, valueStart, end: reader.at, read };
}

/** Whether a key at the start of a line stands outside of a table that has members in its first line and no brace below. */
function isOutside(reader: Reader, open: number, at: number): boolean {
  const { text } = reader;
  if (/^[ \t]*(?:#.*)?\r?$/m.exec(text.slice(open + 1, reader.lineEnd(open)))?.index === 0) return false;
  for (let line = at; line < text.length; line = text.indexOf("\n", line) + 1 || text.length) {
    if (beginsHeader(text, line)) break;
    if (/^[ \t]*\}/.test(text.slice(line, line + 80))) return false;
  }
  return indentAt(text, at) <= indentAt(text, reader.start);
}

function indentAt(text: string, at: number): number {
  return /^[ \t]*/.exec(text.slice(at, at + 200))?.[0].length ?? 0;
}

function unclosed(
  reader: Reader,
  kind: "unclosed-array" | "unclosed-table",
  open: number,
  end: number,
  close: string,
): Read {
  const { text } = reader;
  if (reader.at >= text.length && !text.endsWith("\n")) throw new Lost("cut-off", text.length);
  // What was met behind the end is read again as what it is there.
  while ((reader.slips.at(-1)?.start ?? -1) >= end) reader.slips.pop();
  reader.slip(kind, { start: open, end }, [{ as: "close", splices: [{ start: end, end, text: close }] }], null, end);
  reader.at = end;
  return { kind: "array" };
}
