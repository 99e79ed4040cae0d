/**
 * A text as statements, each of them in order, with slips that can be read in one way or several, or lost. After one that is
 * lost it goes on at the next line that begins a key or a header.
 */
import type { KeyPath } from "../../model/op.ts";
import type { Range } from "../scan.ts";
import { keyParts } from "./key.ts";
import { afterLine, commented, eolOf } from "./lines.ts";
import { oddLine } from "./odd-lines.ts";
import { trimmed } from "./quoted.ts";
import { Lost, Reader } from "./reader.ts";
import { nextStart } from "./restart.ts";
import type { Expects, Reading, Slip } from "./slip.ts";
import { comment, entry, header } from "./statement.ts";

export type Statement = Range & {
  readonly kind: "header" | "entry" | "other" | "lost";
  readonly slips: readonly Slip[];
};

const FIRST = "\ufeff";

/** In the order of the text; lines without a slip that are neither key nor header are left out. */
export function statementsOf(text: string, expects: Expects): Statement[] {
  const found: Statement[] = [];
  let table: KeyPath = [];
  for (let at = text.startsWith(FIRST) ? 1 : 0; at < text.length; ) {
    const [statement, next] = statementAt(text, at, table, expects);
    if (statement.kind !== "other" || statement.slips.length > 0) found.push(statement);
    if (next) table = next;
    at = Math.max(statement.end, at + 1);
  }
  return found;
}

/** The statement of a line, and the table that it opens, where it opens one. */
function statementAt(text: string, at: number, table: KeyPath, expects: Expects): [Statement, KeyPath | null] {
  for (const strict of [true, false]) {
    const reader = new Reader(text, at, expects, strict);
    try {
      const found = read(reader, table);
      if (areApart(reader.slips)) return found;
      throw new Lost("unreadable", reader.start);
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      if (!strict) return [lost(reader, error, table), opened(text, at, expects)];
    }
  }
  throw new Error("unreachable");
}

/** Whether no slip corrects what another one corrects, too. */
function areApart(slips: readonly Slip[]): boolean {
  const splices = slips.flatMap(({ readings }) => readings[0]?.splices ?? []);
  const sorted = splices.sort((a, b) => a.start - b.start || a.end - b.end);
  return sorted.every(({ start }, i) => i === 0 || (sorted[i - 1]?.end ?? 0) <= start);
}

function read(reader: Reader, table: KeyPath): [Statement, KeyPath | null] {
  const { at: start, text } = reader;
  reader.skipSpace();
  const done = (kind: Statement["kind"], next: KeyPath | null = null): [Statement, KeyPath | null] => {
    const end = reader.isEnd ? afterLine(text, reader.at) : reader.at;
    return [{ kind, start, end, slips: reader.slips }, next];
  };
  if (reader.isEnd) return done("other");
  if (reader.char === "\r") {
    reader.replace("carriage-return", reader.at, reader.at + 1, eolOf(text));
    reader.at++;
    return done("other");
  }
  if (reader.char === "#") {
    comment(reader);
    return done("other");
  }
  if (reader.char === "[") {
    const { isArray, parts } = header(reader);
    return done("header", isArray ? [...parts, 0] : parts);
  }
  const odd = reader.strict ? null : oddLine(reader, table);
  if (odd) return done(odd.opens ? "header" : "other", odd.opens);
  entry(reader, table);
  return done("entry");
}

/** The table of a header that is lost, as far as its name can be read. */
function opened(text: string, at: number, expects: Expects): KeyPath | null {
  const reader = new Reader(text, at, expects, false);
  try {
    reader.skipSpace();
    if (reader.char !== "[") return null;
    while (reader.char === "[") reader.at++;
    return keyParts(reader, "header");
  } catch (error) {
    if (error instanceof Lost) return [];
    throw error;
  }
}

/** A statement that nobody can read, up to the next one; what stands below a header goes with it. */
function lost(reader: Reader, error: Lost, table: KeyPath): Statement {
  const { text } = reader;
  const { start } = reader;
  const first = /^[ \t]*/.exec(text.slice(start))?.[0].length ?? 0;
  const isHeader = text.charAt(start + first) === "[";
  const isOpenText = error.kind === "unclosed-string" && error.found !== null;
  const isOfEnd = !text.endsWith("\n") && nextStart(text, afterLine(text, start)) === text.length;
  const isCut = error.kind === "cut-off" || (isOpenText && isOfEnd);
  const end = isCut ? text.length : nextStart(text, afterLine(text, start), isHeader);
  const range = { start, end: withoutTail(text, start, end) };
  const { at, found, kind } = error;
  const marks = kind === "unclosed-string" ? found : null;
  const isLast = marks !== null && !isCut && range.end >= text.trimEnd().length;
  const readings: Reading[] = marks === null || isCut ? [] : [closing(text, start, range.end, marks)];
  if (!isLast) readings.push({ as: "comment", splices: commented(text, range) });
  const slip: Slip = {
    kind: isCut ? "cut-off" : kind,
    ...range,
    at: Math.min(Math.max(at, start), range.end),
    found: marks === null ? found : null,
    readings,
    isSure: isLast || isCut || kind === "nul",
    // A header that the text ends in is part of no table, and takes no setting with it.
    path: reader.path.length > 0 ? reader.path : isHeader && isCut ? [] : table,
  };
  return { kind: isHeader ? "header" : "lost", ...range, end: Math.max(range.end, start + 1), slips: [slip] };
}

/** Ends a text of several lines where the statement ends. */
function closing(text: string, start: number, end: number, marks: string): Reading {
  const close = end === text.length ? end : trimmed(text, start, end);
  return {
    as: "close",
    splices: [{ start: close, end: close, text: end === text.length ? marks + eolOf(text) : marks }],
  };
}

/** Without the blank lines and comments at the end, which belong to what follows. */
function withoutTail(text: string, start: number, end: number): number {
  let last = end;
  while (last > start) {
    const line = text.lastIndexOf("\n", last - 2) + 1;
    if (line <= start || !/^\s*(?:#.*)?\s*$/.test(text.slice(line, last))) return last;
    last = line;
  }
  return last;
}
