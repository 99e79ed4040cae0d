/** What differs between two sets of data, key by key: a value, wherever it stands, or an element of an array of tables. */
import type { Touch } from "../model/change.ts";
import type { KeyPath, TomlTable, TomlValue } from "../model/op.ts";
import { isTable, sameValue, valueAt } from "../toml/value.ts";
import { aligned, isArrayOfTables } from "./align.ts";

export type ValueChange = Pick<Touch, "path" | "kind">;

/**
 * The keys that differ, in document order. A table is none, unless it is empty. An element goes by its index after the
 * change, or by the one before it where it is gone.
 */
export function valueChanges(before: TomlTable, after: TomlTable, path: KeyPath = []): ValueChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => changesAt(valueAt(before, [name]), valueAt(after, [name]), [...path, name]));
}

function changesAt(old: TomlValue | undefined, now: TomlValue | undefined, path: KeyPath): ValueChange[] {
  if (sameValue(old, now)) return [];
  const sides = [old, now].filter((side) => side !== undefined);
  if (sides.every(isTable) && sides.some((side) => Object.keys(side).length > 0))
    return valueChanges((old ?? {}) as TomlTable, (now ?? {}) as TomlTable, path);
  if (sides.every(isArrayOfTables)) return elementChanges((old ?? []) as never, (now ?? []) as never, path);
  return [{ path, kind: old === undefined ? "added" : now === undefined ? "removed" : "changed" }];
}

function elementChanges(old: readonly TomlTable[], now: readonly TomlTable[], path: KeyPath): ValueChange[] {
  const { backward, forward } = aligned(old, now, true);
  const removed = forward.flatMap((to, i): ValueChange[] => (to < 0 ? [{ path: [...path, i], kind: "removed" }] : []));
  const others = backward.flatMap((from, i): ValueChange[] =>
    from < 0 ? [{ path: [...path, i], kind: "added" }] : changesAt(old[from], now[i], [...path, i]),
  );
  return [...removed, ...others];
}
