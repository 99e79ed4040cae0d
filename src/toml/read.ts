/**
 * Text to data, by smol-toml, which shares no code with our scanner. What smol-toml accepts and Codex refuses is refused
 * here as well. An error names the place, never the text that stands there.
 */
import { parse, TomlError } from "smol-toml";
import { CfgError } from "../model/error.ts";
import type { TomlTable } from "../model/op.ts";
import { lastWhere } from "./line-index.ts";
import { MAX_DEPTH, type Value } from "./scan.ts";
import { Source } from "./source.ts";
import { isTable } from "./value.ts";

/** Line and column, both from 1. */
export type Position = { readonly line: number; readonly column: number };

/**
 * The data of a text, a BOM in front of it allowed. Throws `invalid-toml` with line and column, and `unsafe-file` where
 * names lead too deep.
 */
export function readToml(text: string, name: string): TomlTable {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  // The parser accepts a bare CR, a second BOM and half a character, and Codex refuses them all.
  const bare = /\r(?!\n)|^\ufeff|[\ud800-\udfff]/u.exec(body);
  if (bare) throw invalid(name, positionIn(lineStartsOf(body), bare.index));
  try {
    const data = parse(body, { integersAsBigInt: true, maxDepth: MAX_DEPTH }) as TomlTable;
    if (DATES.test(body)) refuseOddDates(text, name);
    refuseDeep(data, name);
    return data;
  } catch (error) {
    if (error instanceof TomlError) throw invalid(name, error);
    throw error;
  }
}

/** Throws `unsafe-file` for names deeper than {@link MAX_DEPTH} levels; the parser itself counts brackets alone. */
function refuseDeep(table: TomlTable, name: string, depth = 0): void {
  const keys = Object.keys(table);
  if (depth === MAX_DEPTH && keys.length > 0)
    throw new CfgError("unsafe-file", `nested deeper than ${MAX_DEPTH} levels`, {
      path: name,
      hints: ["correct that table in an editor, then run the same command again; nothing was written"],
    });
  for (const key of keys) {
    const item = table[key];
    if (isTable(item)) refuseDeep(item, name, depth + 1);
  }
}

/** Where the lines of a text start, a BOM in front of the first one left out. */
export function lineStartsOf(text: string): readonly number[] {
  const starts = [text.charCodeAt(0) === 0xfeff ? 1 : 0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

export function positionIn(lineStarts: readonly number[], offset: number): Position {
  const line = lastWhere(lineStarts.length, (index) => (lineStarts[index] ?? 0) <= offset);
  return { line: line + 1, column: Math.max(1, offset - (lineStarts[line] ?? 0) + 1) };
}

/** Finds texts that may be a date or a time. */
const DATES = /\d{4}-..-|\d\d:\d/s;
const DATE = /^(?:\d{4}-\d\d-\d\d(?:[Tt ]TIME(?:[Zz]|[+-]\d\d:\d\d)?)?|TIME)$/.source;
const STRICT_DATE = new RegExp(DATE.replaceAll("TIME", String.raw`\d\d:\d\d(?::\d\d(?:\.\d+)?)?`));

/** Refuses dates with other characters than digits: smol-toml 1.9.1 accepts `1979-05-#7`, Codex does not. */
function refuseOddDates(text: string, name: string): void {
  const refuse = (offset: number): never => {
    throw invalid(name, positionIn(lineStartsOf(text), offset));
  };
  const look = (value: Value): void => {
    if (value.kind === "array") value.items.forEach(look);
    else if (value.kind === "inline") for (const entry of value.entries) look(entry.value);
    else {
      const written = text.slice(value.start, value.end);
      if (/^(?:\d{4}-|\d\d:)/.test(written) && !STRICT_DATE.test(written)) refuse(value.start);
    }
  };
  try {
    for (const { entries } of new Source(text).sections) for (const { value } of entries) look(value);
  } catch (error) {
    // The odd character may be a line end, and then the scanner itself fails.
    if (error instanceof CfgError && error.code === "internal") refuse(text.search(DATES));
    throw error;
  }
}

function invalid(name: string, { line, column }: Position): CfgError {
  return new CfgError("invalid-toml", `not valid TOML at line ${line}, column ${column}`, {
    path: name,
    line,
    column,
    hints: [
      "correct that line in an editor, then run the same command again; nothing was written",
      { note: "what is wrong there, and a fix where there is one", argv: ["doctor", "--fix"] },
    ],
  });
}
