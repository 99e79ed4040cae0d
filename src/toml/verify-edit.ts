/**
 * Verifies an edit: the data that the new text must hold are computed from the old data and the wanted changes alone, and a
 * second, independent parser must read exactly these from the new text. Knows nothing of splices.
 */
import { CfgError } from "../model/error.ts";
import type { KeyPath, TomlTable, TomlValue } from "../model/op.ts";
import { readToml } from "./read.ts";
import { isTable, memberOf, sameValue, valueAt } from "./value.ts";

/** The data of an edited text. Throws `internal` unless it equals `expected`. */
export function verifyEdit(text: string, expected: TomlTable): TomlTable {
  let actual: TomlTable;
  try {
    actual = readToml(text, "the edited text");
  } catch (cause) {
    throw new CfgError("internal", "an edit gave a text that does not parse; nothing was written", { cause });
  }
  if (sameValue(expected, actual)) return actual;
  throw new CfgError("internal", "an edit changed more, or less, than it should; nothing was written");
}

/** The data with another value at a path. Like the two functions below it does not change its argument. */
export function withValue(data: TomlTable, path: KeyPath, value: TomlValue): TomlTable {
  return changedAt(data, path, () => value) as TomlTable;
}

/** The data with an element put into an array, in front of the one that has its index. */
export function withElement(data: TomlTable, path: KeyPath, element: TomlValue): TomlTable {
  const index = Number(path.at(-1));
  return changedAt(data, path.slice(0, -1), (old) => {
    const items = Array.isArray(old) ? old : [];
    return [...items.slice(0, index), element, ...items.slice(index)];
  }) as TomlTable;
}

/** The data with a table merged into the one at a path, tables into tables. */
export function withMerged(data: TomlTable, path: KeyPath, table: TomlTable): TomlTable {
  return changedAt(data, path, (old) => merged(old, table)) as TomlTable;
}

/**
 * The data without the value at a path. Tables on the way to it that are empty then are removed as well, unless
 * `isWritten` tells that the text still has a line for them.
 */
export function withoutValue(data: TomlTable, path: KeyPath, isWritten: (path: KeyPath) => boolean): TomlTable {
  const rest = changedAt(data, path, () => undefined) as TomlTable;
  const above = path.slice(0, -1);
  const isEmpty = Object.keys(valueAt(rest, above) ?? {}).length === 0;
  return above.length > 0 && isEmpty && !isWritten(above) ? withoutValue(rest, above, isWritten) : rest;
}

/** A copy in which the value at a path has been changed, or removed where `change` returns undefined. */
function changedAt(
  value: TomlValue | undefined,
  [part, ...rest]: KeyPath,
  change: (old: TomlValue | undefined) => TomlValue | undefined,
): TomlValue | undefined {
  if (part === undefined) return change(value);
  const member = changedAt(value === undefined ? undefined : memberOf(value, part), rest, change);
  if (Array.isArray(value)) {
    const items: TomlValue[] = [...value];
    items.splice(part as number, 1, ...(member === undefined ? [] : [member]));
    return items;
  }
  const table = copyOf(isTable(value) ? value : {});
  if (member === undefined) delete table[part];
  else table[part] = member;
  return table;
}

function merged(old: TomlValue | undefined, added: TomlTable): TomlTable {
  const table = copyOf(isTable(old) ? old : {});
  for (const [key, item] of Object.entries(added)) table[key] = isTable(item) ? merged(table[key], item) : item;
  return table;
}

/** A copy without a prototype, in which `__proto__` is a key like any other. */
function copyOf(table: TomlTable): Record<string | number, TomlValue> {
  return Object.assign(Object.create(null), table);
}
