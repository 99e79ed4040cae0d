/**
 * What differs between two sets of data, as units that make sense to take back one by one: a value, or a whole table
 * that came or went.
 */
import type { Touch } from "../model/change.ts";
import type { KeyPath, TomlTable, TomlValue } from "../model/op.ts";
import { isTable, sameValue, valueAt } from "../toml/value.ts";

export type ValueChange = Pick<Touch, "path" | "kind">;

/**
 * The units that differ, in document order. A table that came or went counts as one unit from the level on where it
 * holds a value of its own: `[model_providers.x]` is a unit, `model_providers` around it is not.
 */
export function valueChanges(before: TomlTable, after: TomlTable, path: KeyPath = []): ValueChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => changeAt(valueAt(before, [name]), valueAt(after, [name]), [...path, name]));
}

function changeAt(old: TomlValue | undefined, now: TomlValue | undefined, path: KeyPath): ValueChange[] {
  if (isTable(old) && isTable(now)) return valueChanges(old, now, path);
  if (sameValue(old, now)) return [];
  if (old === undefined && isGroup(now)) return valueChanges({}, now, path);
  if (now === undefined && isGroup(old)) return valueChanges(old, {}, path);
  return [{ path, kind: old === undefined ? "added" : now === undefined ? "removed" : "changed" }];
}

/** A table that only gathers other tables. */
function isGroup(value: TomlValue | undefined): value is TomlTable {
  return isTable(value) && Object.keys(value).length > 0 && Object.values(value).every((item) => isTable(item));
}
