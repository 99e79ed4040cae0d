/**
 * Edits inside inline tables: adding and taking away `key = value` with its comma, on one line or (TOML 1.1) on
 * several. Refuses where a comment would lose its place.
 */
import { CfgError } from "../model/error.ts";
import { type Entry, lineEnd, type Range, type Value } from "./scan.ts";
import { equalsOf, type Source, type Splice } from "./source.ts";
import type { Node } from "./tree.ts";

export type InlineTable = Extract<Value, { kind: "inline" }>;

const CR = 13;

/** The inline table that an entry on no line of its own stands in: the nearest one above its node. */
export function enclosingTable(node: Node): InlineTable {
  for (let above = node.parent; above; above = above.parent) {
    if (above.entry?.value.kind === "inline") return above.entry.value;
  }
  throw new CfgError("internal", "an inline entry stands in no inline table");
}

/** A key and its value, as they are to be spelled. */
export type InlineKey = { readonly name: string; readonly value: string };

/** Adds keys behind the entry `after`, or behind the last one. */
export function addInline(
  source: Source,
  table: InlineTable,
  keys: readonly InlineKey[],
  after = table.entries.at(-1),
): Splice[] {
  if (keys.length === 0) return [];
  return after ? keys.map((key) => addBehind(source, table, key, after)) : [fill(source, table, keys)];
}

function addBehind(source: Source, table: InlineTable, { name, value }: InlineKey, after: Entry): Splice {
  const { text } = source;
  const first = table.entries[0] as Entry;
  const entry = `${name}${equalsOf(source, first)}${value}`;
  const indent = ownLineIndent(text, table, after);
  const next = table.entries[table.entries.indexOf(after) + 1];
  const comma = commaAfter(text, after.end, next?.start ?? table.end - 1);
  if (indent === null || sharesLine(text, comma, next)) {
    const second = table.entries[1];
    const gap = second ? text.slice(first.value.end, second.start) : ", ";
    return insert(after.end, `${gap.includes("#") ? ", " : gap}${entry}`);
  }
  // On lines of their own: behind the comma and comment of the entry before, with a comma if that one had one.
  if (comma === null) return insert(after.end, `,${source.eol}${indent}${entry}`);
  const behind = lineEnd(text, comma);
  const bodyEnd = behind - (text.charCodeAt(behind - 2) === CR ? 2 : 1);
  return insert(behind < table.end ? bodyEnd : comma + 1, `${source.eol}${indent}${entry},`);
}

/** The first keys of a table; what comments it has stand above them. */
function fill({ eol, text }: Source, table: InlineTable, keys: readonly InlineKey[]): Splice {
  const entries = keys.map(({ name, value }) => `${name} = ${value}`);
  const inside = text.slice(table.start + 1, table.end - 1);
  if (!inside.includes("#")) return { start: table.start, end: table.end, text: `{ ${entries.join(", ")} }` };
  const lastLine = text.lastIndexOf("\n", table.end - 1) + 1;
  const indent = inside.match(/(?<=\n)[ \t]*(?=#)/g)?.at(-1) ?? `${text.slice(lastLine, table.end - 1)}  `;
  return insert(lastLine, `${indent}${entries.join(`,${eol}${indent}`)}${eol}`);
}

/** Takes an entry away with the comma on its left, or on its right when it is the first. */
export function removeInline(source: Source, table: InlineTable, entry: Entry): Splice {
  return removeRun(source, table, entry, entry);
}

/** The same with a run of entries. */
export function removeRun({ text }: Source, table: InlineTable, first: Entry, last: Entry): Splice {
  const before = table.entries[table.entries.indexOf(first) - 1];
  const next = table.entries[table.entries.indexOf(last) + 1];
  const run = { start: first.start, end: last.end };
  const inside = { start: table.start + 1, end: table.end - 1 };
  const isSole = !before && !next;
  if (isSole && !around(text, inside, run).includes("#")) return clean(text, inside, run);
  const comma = commaAfter(text, run.end, next?.start ?? inside.end);
  if ((comma !== null || isSole) && ownLineIndent(text, table, first) !== null) {
    if (next && sharesLine(text, comma, next)) return clean(text, { start: run.start, end: next.start }, run);
    const start = text.lastIndexOf("\n", run.start) + 1;
    const behind = comma === null ? run.end : comma + 1;
    const end = lineEnd(text, behind) < table.end ? lineEnd(text, behind) : behind;
    refuseComment(text.slice(isSole ? run.end : lineEnd(text, run.end), end));
    return { start, end, text: "" };
  }
  if (isSole) return clean(text, inside, run);
  if (before) return clean(text, { start: before.end, end: run.end }, run);
  return clean(text, { start: run.start, end: next?.start ?? run.end }, run);
}

/** Whether entries of one table stand directly behind one another, with no comment between any two. */
export function isRun({ text }: Source, { entries }: InlineTable, wanted: readonly Entry[]): boolean {
  const first = entries.indexOf(wanted[0] as Entry);
  return wanted.every((entry, i) => {
    const gap = text.slice(wanted[i - 1]?.end ?? entry.start, entry.start);
    return entries[first + i] === entry && !gap.includes("#");
  });
}

/** Leading white space when the entry starts a line of its own inside the table, else null. */
function ownLineIndent(text: string, table: InlineTable, entry: Entry): string | null {
  const lineStart = text.lastIndexOf("\n", entry.start) + 1;
  const indent = text.slice(lineStart, entry.start);
  return lineStart > table.start && indent.trim() === "" ? indent : null;
}

/** Whether the next entry stands in the line of the comma before it. */
function sharesLine(text: string, comma: number | null, next: Entry | undefined): boolean {
  return next !== undefined && comma !== null && !text.slice(comma, next.start).includes("\n");
}

function commaAfter(text: string, from: number, to: number): number | null {
  const gap = text.slice(from, to).replace(/#[^\n]*/g, (comment) => " ".repeat(comment.length));
  const comma = gap.indexOf(",");
  return comma < 0 ? null : from + comma;
}

/** A deletion around entries that must take nothing along but white space and a comma. */
function clean(text: string, range: Range, run: Range): Splice {
  refuseComment(around(text, range, run));
  return { ...range, text: "" };
}

function around(text: string, range: Range, run: Range): string {
  return text.slice(range.start, run.start) + text.slice(run.end, range.end);
}

function refuseComment(text: string): void {
  if (text.includes("#")) {
    throw new CfgError("unsupported-edit", "a comment inside a multi-line inline table is in the way", {
      hints: ["move that comment, or write the table under a [header] of its own, then run the same command again"],
    });
  }
}

function insert(at: number, text: string): Splice {
  return { start: at, end: at, text };
}
