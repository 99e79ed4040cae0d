/**
 * The keys of an earlier state that a later one has lost, and the edits that bring one back. An element of an array of
 * tables is a key, too, found again by its content or by what names it. Pure.
 */
import type { KeyPath, TomlTable, TomlValue } from "../model/op.ts";
import type { Document } from "../toml/document.ts";
import { sameValue } from "../toml/value.ts";
import { aligned } from "./align.ts";
import { isTables } from "./described.ts";
import { valueChanges } from "./value-changes.ts";

/** A key; with `elements`, those of the array of tables at this path. */
export type LostUnit = { readonly path: KeyPath; readonly elements?: readonly number[] };

/** What a state has and a later one has not. A key that has another value by now is not lost. */
export function lostUnits(state: Document, there: Document): LostUnit[] {
  return valueChanges(state.data, there.data).flatMap(({ kind, path }): LostUnit[] => {
    if (kind === "removed") return [{ path }];
    const [old, now] = [state.get(path), there.get(path)];
    if (kind === "added" || !isTables(old) || !isTablesOrNone(now)) return [];
    const { forward } = aligned(old, now);
    const elements = forward.flatMap((to, i) => (to < 0 ? [i] : []));
    return elements.length === 0 ? [] : [{ path, elements }];
  });
}

type Edit = Parameters<Document["edit"]>[0][number];

/** The edits to try, one after the other, until one can be made. */
export function reinsertsOf({ elements, path }: LostUnit, state: Document, there: Document): readonly Edit[] {
  const image = state.text;
  const value = state.get(path);
  const set = value === undefined ? [] : [{ op: "set" as const, path, value }];
  if (elements === undefined) return [{ op: "reinsert", path, image }, ...set];
  const now = there.get(path);
  const isAsBefore = sameValue(mergedElements(value as readonly TomlTable[], isTables(now) ? now : []), value);
  // Where nothing but elements is gone the old array comes back as it is written.
  return isAsBefore ? [{ op: "reinsert", path, image }] : [];
}

/** Brings one element of an array of tables back, in front of the next one that is there still. */
export function reinsertElement(path: KeyPath, index: number, state: Document, there: Document): Edit {
  const [old, now] = [state.get(path) as readonly TomlTable[], (there.get(path) ?? []) as readonly TomlTable[]];
  const { forward } = aligned(old, now);
  const next = forward.find((to, i) => i > index && to >= 0);
  const last = forward.findLast((to, i) => i < index && to >= 0);
  const at = last !== undefined && last >= 0 ? last + 1 : (next ?? now.length);
  return { op: "reinsert", path: [...path, at], from: [...path, index], image: state.text };
}

/** The elements of now, and those that are gone behind their old neighbours. */
function mergedElements(old: readonly TomlTable[], now: readonly TomlTable[]): TomlTable[] {
  const { forward } = aligned(old, now);
  const merged = [...now];
  let last: TomlTable | undefined;
  for (const [i, element] of old.entries()) {
    const to = forward[i] ?? -1;
    if (to < 0) merged.splice(last === undefined ? 0 : merged.indexOf(last) + 1, 0, element);
    last = to < 0 ? element : now[to];
  }
  return merged;
}

function isTablesOrNone(value: TomlValue | undefined): value is readonly TomlTable[] {
  return isTables(value) || (Array.isArray(value) && value.length === 0);
}
