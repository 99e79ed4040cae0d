/**
 * The keys of an earlier state that a later one has lost, and the edits that bring one back. An element of an array of
 * tables is a key, too, found again by its content or by what names it. Pure.
 */
import type { KeyPath, TomlTable, TomlValue } from "../model/op.ts";
import type { Document } from "../toml/document.ts";
import { sameValue, valueAt } from "../toml/value.ts";
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
    const { forward } = matched(old, now);
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
  const [old, now] = [value as readonly TomlTable[], (there.get(path) ?? []) as readonly TomlTable[]];
  const merged = mergedElements(old, now);
  // Where nothing but elements is gone the old array comes back as it is written.
  const isAsBefore = sameValue(merged, old);
  return [...(isAsBefore ? [{ op: "reinsert" as const, path, image }] : []), { op: "set", path, value: merged }];
}

/** The elements of now, and those that are gone behind their old neighbours. */
function mergedElements(old: readonly TomlTable[], now: readonly TomlTable[]): TomlTable[] {
  const { forward } = matched(old, now);
  const merged = [...now];
  let last: TomlTable | undefined;
  for (const [i, element] of old.entries()) {
    const to = forward[i] ?? -1;
    if (to < 0) merged.splice(last === undefined ? 0 : merged.indexOf(last) + 1, 0, element);
    last = to < 0 ? element : now[to];
  }
  return merged;
}

/** Keys by which Codex and people tell one element from another. */
const NAMES = ["path", "name", "id", "matcher"];

/** The index in `to` of each element of `from`; -1 where it is not there any more. */
function matched(from: readonly TomlTable[], to: readonly TomlTable[]): { readonly forward: readonly number[] } {
  const forward = from.map(() => -1);
  for (const isLike of [sameValue, hasSameName])
    for (const [i, element] of from.entries()) {
      if (forward[i] !== -1) continue;
      forward[i] = to.findIndex((other, j) => !forward.includes(j) && isLike(element, other));
    }
  return { forward };
}

function hasSameName(a: TomlTable, b: TomlTable): boolean {
  const name = NAMES.find((key) => valueAt(a, [key]) !== undefined);
  return name !== undefined && sameValue(valueAt(a, [name]), valueAt(b, [name]));
}

function isTablesOrNone(value: TomlValue | undefined): value is readonly TomlTable[] {
  return isTables(value) || (Array.isArray(value) && value.length === 0);
}
