/**
 * Edits inside inline tables: adding and taking away `key = value` with its comma, on one line or (TOML 1.1) on
 * several. Refuses where a comment would lose its place.
 */
import { CfgError } from "../errors.ts";
import type { Entry, Range, Value } from "./scan.ts";
import { equalsOf, type Source, type Splice } from "./source.ts";
import type { Node } from "./tree.ts";

export type InlineTable = Extract<Value, { kind: "inline" }>;

/** The inline table that an entry on no line of its own stands in: the nearest one above its node. */
export function enclosingTable(node: Node): InlineTable {
  for (let above = node.parent; above; above = above.parent) {
    if (above.entry?.value.kind === "inline") return above.entry.value;
  }
  throw new CfgError("internal", "an inline entry stands in no inline table");
}

/** Adds an entry behind `after`, or behind the last one. */
export function addInline(
  source: Source,
  table: InlineTable,
  key: string,
  value: string,
  after = table.entries.at(-1),
): Splice {
  if (!after) return { start: table.start, end: table.end, text: `{ ${key} = ${value} }` };
  const { text } = source;
  const first = table.entries[0] as Entry;
  const entry = `${key}${equalsOf(source, first)}${value}`;
  const indent = ownLineIndent(text, table, after);
  const next = table.entries[table.entries.indexOf(after) + 1];
  if (indent === null) {
    const second = table.entries[1];
    const gap = second ? text.slice(first.value.end, second.start) : ", ";
    return insert(after.end, `${gap.includes("#") ? ", " : gap}${entry}`);
  }
  // On lines of their own: behind the comma and comment of the entry before, with a comma if that one had one.
  const comma = commaAfter(text, after.end, next?.start ?? table.end - 1);
  if (comma === null) return insert(after.end, `,${source.eol}${indent}${entry}`);
  const lineEnd = text.indexOf("\n", comma);
  const bodyEnd = text.charCodeAt(lineEnd - 1) === 13 ? lineEnd - 1 : lineEnd;
  return insert(lineEnd < 0 || lineEnd >= table.end ? comma + 1 : bodyEnd, `${source.eol}${indent}${entry},`);
}

/** Takes an entry away with the comma on its left, or on its right when it is the first. */
export function removeInline(source: Source, table: InlineTable, entry: Entry): Splice {
  const { text } = source;
  const index = table.entries.indexOf(entry);
  const before = table.entries[index - 1];
  const next = table.entries[index + 1];
  if (!before && !next) return clean(text, { start: table.start + 1, end: table.end - 1 }, entry);
  if (ownLineIndent(text, table, entry) !== null) {
    const comma = commaAfter(text, entry.end, next?.start ?? table.end - 1);
    if (comma !== null) {
      const start = text.lastIndexOf("\n", entry.start) + 1;
      const lineEnd = text.indexOf("\n", comma) + 1;
      return { start, end: lineEnd > 0 && lineEnd < table.end ? lineEnd : comma + 1, text: "" };
    }
  }
  if (before) return clean(text, { start: before.end, end: entry.end }, entry);
  return clean(text, { start: entry.start, end: next?.start ?? entry.end }, entry);
}

/** Leading white space when the entry starts a line of its own inside the table, else null. */
function ownLineIndent(text: string, table: InlineTable, entry: Entry): string | null {
  const lineStart = text.lastIndexOf("\n", entry.start) + 1;
  const indent = text.slice(lineStart, entry.start);
  return lineStart > table.start && indent.trim() === "" ? indent : null;
}

function commaAfter(text: string, from: number, to: number): number | null {
  const gap = text.slice(from, to).replace(/#[^\n]*/g, (comment) => " ".repeat(comment.length));
  const comma = gap.indexOf(",");
  return comma < 0 ? null : from + comma;
}

/** A deletion around one entry that must take nothing along but white space and a comma. */
function clean(text: string, range: Range, entry: Entry): Splice {
  const around = text.slice(range.start, entry.start) + text.slice(entry.end, range.end);
  if (around.includes("#")) {
    throw new CfgError("unsupported-edit", "a comment inside a multi-line inline table is in the way", {
      hints: ["move that comment, or write the table under a [header] of its own, then run the same command again"],
    });
  }
  return { ...range, text: "" };
}

function insert(at: number, text: string): Splice {
  return { start: at, end: at, text };
}
