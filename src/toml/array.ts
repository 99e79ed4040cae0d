/**
 * Edits of an array that is written as one value: items are added, replaced and taken out one by one, so that the comments
 * and the layout of the others stay. Knows the text between the brackets and nothing around them.
 */
import type { TomlValue } from "../model/op.ts";
import { linesIn } from "./line-diff.ts";
import { lineEnd, type Value } from "./scan.ts";
import type { Source, Splice } from "./source.ts";
import { renderValue } from "./value.ts";

export type ArrayValue = Extract<Value, { kind: "array" }>;

/** The splices that give an array other items; null where the text around one of them is too odd to be kept. */
export function editArray(
  { eol, text }: Source,
  array: ArrayValue,
  old: readonly TomlValue[],
  now: readonly TomlValue[],
): Splice[] | null {
  const { items } = array;
  const found = linesIn(
    now.map((item) => renderValue(item)),
    old.map((item) => renderValue(item)),
  );
  if (found === null || old.length !== items.length || items.some((item) => isOdd(text, array, item))) return null;
  const splices: Splice[] = [];
  let [before, from] = [0, 0];
  for (const [i, at] of [...found, items.length].entries()) {
    if (at < 0) continue;
    const [gone, added] = [items.slice(before, at), now.slice(from, i)];
    const shared = Math.min(gone.length, added.length);
    for (const [k, item] of gone.slice(0, shared).entries()) {
      const { end, start } = item;
      splices.push({ start, end, text: renderValue(added[k] as TomlValue, text.slice(start, end)) });
    }
    const [first, last] = [gone[shared], gone.at(-1)];
    if (first && last) splices.push(...removal(text, array, first, last));
    else if (added.length > shared)
      splices.push(...insertion(text, array, items[before + shared - 1], added.slice(shared), eol));
    [before, from] = [at + 1, i + 1];
  }
  return splices;
}

/** A comment in front of the comma would be cut from its item. */
function isOdd(text: string, array: ArrayValue, item: Value): boolean {
  const next = array.items[array.items.indexOf(item) + 1];
  const gap = text.slice(item.end, next?.start ?? array.end - 1);
  return /^[^,]*#/s.test(gap) && (next !== undefined || commaBehind(text, array, item) !== null);
}

function removal(text: string, array: ArrayValue, first: Value, last: Value): Splice[] {
  const { items } = array;
  const previous = items[items.indexOf(first) - 1];
  const next = items[items.indexOf(last) + 1];
  const comma = commaBehind(text, array, last);
  const own = ownLines(text, array, first, last, comma);
  // The item before it is the last one now, and had a comma only because of it.
  const left = !next && comma === null && previous ? commaBehind(text, array, previous) : null;
  const lone: Splice[] = left === null ? [] : [{ start: left, end: left + 1, text: "" }];
  if (own) return [...lone, { ...own, text: "" }];
  if (next) return [{ start: first.start, end: next.start, text: "" }];
  if (previous) return [{ start: previous.end, end: last.end, text: "" }];
  return [{ start: first.start, end: comma === null ? last.end : comma + 1, text: "" }];
}

/** The lines from one item to another, when nothing else but their comments and commas stands in them. */
function ownLines(
  text: string,
  array: ArrayValue,
  first: Value,
  last: Value,
  comma: number | null,
): { readonly start: number; readonly end: number } | null {
  const start = text.lastIndexOf("\n", first.start - 1) + 1;
  const end = lineEnd(text, comma ?? last.end);
  const rest = text.slice((comma ?? last.end - 1) + 1, end);
  const isAlone = start > array.start && text.slice(start, first.start).trim() === "" && end < array.end;
  return isAlone && /^\s*(#.*)?\r?\n$/.test(rest) ? { start, end } : null;
}

function insertion(
  text: string,
  array: ArrayValue,
  after: Value | undefined,
  values: readonly TomlValue[],
  eol: string,
): Splice[] {
  const added = values.map((value) => renderValue(value));
  const first = array.items[0];
  const inside = text.slice(array.start + 1, array.end - 1);
  const indent = inside.match(/(?<=\n)[ \t]*(?=[^\s\]])/)?.[0] ?? "  ";
  if (after) {
    const comma = commaBehind(text, array, after);
    const own = ownLines(text, array, after, after, comma);
    if (!own) return [{ start: after.end, end: after.end, text: added.map((item) => `, ${item}`).join("") }];
    const lines = added.map((item, i) => `${indent}${item}${comma !== null || i + 1 < added.length ? "," : ""}${eol}`);
    const missing: Splice[] = comma === null ? [{ start: after.end, end: after.end, text: "," }] : [];
    return [...missing, { start: own.end, end: own.end, text: lines.join("") }];
  }
  if (first) {
    const own = ownLines(text, array, first, first, commaBehind(text, array, first));
    if (own)
      return [{ start: own.start, end: own.start, text: added.map((item) => `${indent}${item},${eol}`).join("") }];
    return [{ start: first.start, end: first.start, text: added.map((item) => `${item}, `).join("") }];
  }
  if (!inside.includes("\n")) return [{ start: array.start, end: array.end, text: `[${added.join(", ")}]` }];
  const close = text.lastIndexOf("\n", array.end - 1) + 1;
  return [{ start: close, end: close, text: added.map((item) => `${indent}${item},${eol}`).join("") }];
}

function commaBehind(text: string, array: ArrayValue, item: Value): number | null {
  const next = array.items[array.items.indexOf(item) + 1];
  const gap = text.slice(item.end, next?.start ?? array.end - 1);
  const comma = gap.replace(/#[^\n]*/g, (comment) => " ".repeat(comment.length)).indexOf(",");
  return comma < 0 ? null : item.end + comma;
}
