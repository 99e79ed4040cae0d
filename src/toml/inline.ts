/**
 * Edits inside inline tables: adding and taking away `key = value` with its comma, on one line or (TOML 1.1) on
 * several. A comment stays with the entry that it stands behind; an edit that would take along any other is refused.
 */
import { CfgError } from "../model/error.ts";
import { type Entry, lineEnd, type Range, type Value } from "./scan.ts";
import { equalsOf, type Source, type Splice } from "./source.ts";
import type { Node } from "./tree.ts";

export type InlineTable = Extract<Value, { kind: "inline" }>;

/** The innermost inline table that holds a node's entry. */
export function enclosingTable(node: Node): InlineTable {
  for (let above = node.parent; above; above = above.parent) {
    if (above.entry?.value.kind === "inline") return above.entry.value;
  }
  throw new CfgError("internal", "an inline entry stands in no inline table");
}

/** A key and its value, spelled as TOML. */
export type InlineKey = { readonly name: string; readonly value: string };

/** Adds keys behind the entry `after`, or behind the last one. */
export function addInline(
  source: Source,
  table: InlineTable,
  keys: readonly InlineKey[],
  after = table.entries.at(-1),
): Splice[] {
  if (keys.length === 0) return [];
  return after ? addBehind(source, table, keys, after) : [fill(source, table, keys)];
}

function addBehind({ eol, text }: Source, table: InlineTable, keys: readonly InlineKey[], after: Entry): Splice[] {
  const first = table.entries[0] as Entry;
  const equals = equalsOf(text, first);
  const added = keys.map(({ name, value }) => `${name}${equals}${value}`);
  const next = table.entries[table.entries.indexOf(after) + 1];
  const comma = commaBetween(text, after.end, next?.start ?? table.end - 1);
  const isCommented = inlineComment(text, table, after) !== null;
  if (!isCommented && (indentOf(text, table, after) === null || sharesLine(text, comma, next))) {
    const second = table.entries[1];
    const gap = second ? text.slice(first.value.end, second.start) : ", ";
    const separator = gap.includes("#") ? ", " : gap;
    return [insert(after.end, added.map((entry) => separator + entry).join(""))];
  }
  // The comma stands at the start of the next entry's line, behind the comment, so the keys go there.
  if (comma !== null && sharesLine(text, comma, next))
    return [insert(comma + 1, added.map((entry) => ` ${entry},`).join(""))];
  // On lines of their own, behind the line of the entry before and its comment, with a trailing comma if that one has
  // one.
  const indent = indentOf(text, table, after) ?? innerIndent(text, table);
  const below = lineEnd(text, comma ?? after.end);
  if (comma === null) {
    const lines = added.join(`,${eol}${indent}`);
    if (below >= table.end) return [insert(after.end, `,${eol}${indent}${lines}`)];
    return [insert(after.end, ","), insert(below, `${indent}${lines}${eol}`)];
  }
  if (below >= table.end) return [insert(comma + 1, added.map((entry) => `${eol}${indent}${entry},`).join(""))];
  return [insert(below, added.map((entry) => `${indent}${entry},${eol}`).join(""))];
}

/** Adds the first keys of a table; one that has several lines gets them on lines of their own, below its comments. */
function fill({ eol, text }: Source, table: InlineTable, keys: readonly InlineKey[]): Splice {
  const entries = keys.map(({ name, value }) => `${name} = ${value}`);
  const inside = text.slice(table.start + 1, table.end - 1);
  if (!inside.includes("\n")) return { start: table.start, end: table.end, text: `{ ${entries.join(", ")} }` };
  const indent = inside.match(/(?<=\n)[ \t]*(?=#)/g)?.at(-1) ?? innerIndent(text, table);
  return insert(lineStart(text, table.end - 1), `${indent}${entries.join(`,${eol}${indent}`)}${eol}`);
}

/** `name` is what a refusal calls the entry; `keepComment` leaves the comment behind it where it is. */
export type RemoveOptions = { readonly name: string; readonly keepComment?: boolean };

/** Takes a run of entries away with the comma on its left, or on its right when it is the first. */
export function removeInline(
  source: Source,
  table: InlineTable,
  [first, last]: readonly [Entry, Entry],
  options: RemoveOptions,
): Splice[] {
  const { text } = source;
  const before = table.entries[table.entries.indexOf(first) - 1];
  const next = table.entries[table.entries.indexOf(last) + 1];
  const run = { start: first.start, end: last.end };
  const inside = { start: table.start + 1, end: table.end - 1 };
  const comma = commaBetween(text, run.end, next?.start ?? inside.end);
  /** A deletion; throws if it would remove anything beside white space, a comma and the run. */
  const take = (range: Range): Splice[] => {
    refuseComment(text.slice(range.start, run.start) + text.slice(run.end, range.end), options.name);
    return [{ ...range, text: "" }];
  };
  if (indentOf(text, table, first) !== null) {
    if (next && sharesLine(text, comma, next)) return take({ start: run.start, end: next.start });
    const kept = options.keepComment ? inlineComment(text, table, last) : null;
    return removeOwnLines(text, table, { before, next, comma, ...run }, kept, options.name);
  }
  const isBehindComment = before && text.slice(before.end, run.start).includes("#");
  if (before && !(isBehindComment && next)) return take({ start: before.end, end: run.end });
  return take(next ? { start: run.start, end: next.start } : inside);
}

/** A run of entries with its neighbours and the comma on its right. */
type Run = Range & {
  readonly before: Entry | undefined;
  readonly next: Entry | undefined;
  readonly comma: number | null;
};

/** Takes away a run that has its lines for itself, with the comment behind it unless that one is kept. */
function removeOwnLines(text: string, table: InlineTable, run: Run, kept: Splice | null, name: string): Splice[] {
  const { before, comma, next } = run;
  const behind = comma === null ? run.end : comma + 1;
  const hasOwnEnd = lineEnd(text, behind) < table.end;
  const end = hasOwnEnd ? lineEnd(text, behind) : behind;
  // A comment before or behind a comma on a later line does not belong to the run.
  if (kept) refuseComment(text.slice(run.end, behind), name);
  else refuseComment(text.slice(before || next ? lineEnd(text, run.end) : run.end, end), name);
  const gap = before ? text.slice(before.end, run.start) : "";
  // A closing brace in the run's line moves to the line above, unless that ends in a comment, which would comment it out.
  const movesUp = before && !hasOwnEnd && !/#[^\n]*$/.test(gap.trimEnd());
  const start = movesUp ? before.end + gap.trimEnd().length : lineStart(text, run.start);
  const lines = kept ? { start: run.start, end: kept.start, text: "" } : { start, end, text: "" };
  if (comma !== null || !before) return [lines];
  const left = commaBetween(text, before.end, run.start) ?? before.end;
  if (!text.slice(before.end, left).includes("\n")) return [{ start: left, end: left + 1, text: "" }, lines];
  refuseComment(kept ? text.slice(before.end, end) : gap, name);
  return [{ start: before.end, end: hasOwnEnd ? lineBodyEnd(text, run.end) : run.end, text: "" }];
}

/** Whether entries of one table are neighbours, without a comment between them. */
export function isRun({ text }: Source, { entries }: InlineTable, wanted: readonly Entry[]): boolean {
  const first = entries.indexOf(wanted[0] as Entry);
  return wanted.every((entry, i) => {
    const gap = text.slice(wanted[i - 1]?.end ?? entry.start, entry.start);
    return entries[first + i] === entry && !gap.includes("#");
  });
}

/** The comment behind an entry, in its line and before the next entry; null when there is none. */
export function inlineComment(text: string, { end, entries }: InlineTable, entry: Entry): Splice | null {
  const next = entries[entries.indexOf(entry) + 1];
  const gap = text.slice(entry.end, next?.start ?? end - 1);
  const comment = /^[^\n#]*(#[^\r\n]*)/.exec(gap)?.[1];
  if (comment === undefined) return null;
  const start = entry.end + gap.indexOf("#");
  return { start, end: start + comment.length, text: comment.trimEnd() };
}

/** Leading white space when the entry starts a line of its own inside the table, else null. */
function indentOf(text: string, table: InlineTable, entry: Entry): string | null {
  const start = lineStart(text, entry.start);
  const indent = text.slice(start, entry.start);
  return start > table.start && indent.trim() === "" ? indent : null;
}

/** The indent of the first entry that starts a line, else two spaces more than the closing brace's line has. */
function innerIndent(text: string, table: InlineTable): string {
  const indents = table.entries.map((entry) => indentOf(text, table, entry));
  const closing = text.slice(lineStart(text, table.end - 1), table.end - 1);
  return indents.find((indent) => indent !== null) ?? `${/^[ \t]*/.exec(closing)?.[0]}  `;
}

/** Whether the next entry stands in the line of the comma before it. */
function sharesLine(text: string, comma: number | null, next: Entry | undefined): boolean {
  return next !== undefined && comma !== null && !text.slice(comma, next.start).includes("\n");
}

function commaBetween(text: string, from: number, to: number): number | null {
  const gap = text.slice(from, to).replace(/#[^\n]*/g, (comment) => " ".repeat(comment.length));
  const comma = gap.indexOf(",");
  return comma < 0 ? null : from + comma;
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

/** The end of the line around `at`, without its line end. */
function lineBodyEnd(text: string, at: number): number {
  const end = lineEnd(text, at);
  return end - (/\r?\n$/.exec(text.slice(at, end))?.[0].length ?? 0);
}

function refuseComment(text: string, name: string): void {
  if (text.includes("#")) {
    throw new CfgError(
      "unsupported-edit",
      `${name} cannot be taken out: a comment inside its inline table is in the way`,
      {
        hints: ["move that comment, or write the table under a [header] of its own, then run the same command again"],
      },
    );
  }
}

function insert(at: number, text: string): Splice {
  return { start: at, end: at, text };
}
