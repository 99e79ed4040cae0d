/** How Codex puts one config on top of another. */
import type { TomlTable, TomlValue } from "../model/op.ts";
import { isTable, valueAt } from "../toml/value.ts";

/** Tables merge, everything else is replaced (measured with 0.155.0 and 0.169.0). */
export function mergeTables(base: TomlTable, over: TomlTable): TomlTable {
  const entries = Object.entries(over).map(([key, value]): [string, TomlValue] => {
    const below = valueAt(base, [key]);
    return [key, isTable(below) && isTable(value) ? mergeTables(below, value) : value];
  });
  return Object.fromEntries([...Object.entries(base), ...entries]);
}
