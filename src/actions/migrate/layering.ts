/**
 * What a profile changes in its effect when it moves from `[profiles.x]` to a file: Codex applied such a table over the
 * root field by field and knew only some keys in it; a file is merged with config.toml before either is interpreted. Pure.
 */
import { always, forVersion, NEWEST } from "../../codex/facts.ts";
import { type Schema, schemaAt } from "../../codex/schema.ts";
import type { Finding } from "../../findings/finding.ts";
import type { TomlTable } from "../../model/op.ts";
import { isTable, renderKey, sameValue, valueAt } from "../../toml/value.ts";

/** Keys that had no effect in `[profiles.x]`, and have one in a file. */
export function newlyEffectiveKeys(profile: string, table: TomlTable, schema: Schema, version: string): Finding[] {
  const read = [...forVersion("legacyProfileKeys", NEWEST), "profile", "profiles"];
  return Object.keys(table)
    .filter((key) => !read.includes(key) && schemaAt(schema, [key], version) !== null)
    .map((key) => ({
      code: "newly-effective-key",
      severity: "warning",
      file: "config",
      path: ["profiles", profile, key],
      args: { profile, key },
    }));
}

/** Settings of a profile that combine with those of config.toml's root in another way once they are in a file. */
export function layeringFindings(profile: string, table: TomlTable, root: TomlTable): Finding[] {
  return [
    ...mixedKinds(table, root).map(
      (path): Finding => ({
        code: "table-value-mismatch",
        severity: "warning",
        args: { profile, key: renderKey(path) },
      }),
    ),
    ...always("losingNames").flatMap(([loses, wins]): Finding[] => {
      const [ours, theirs] = [valueAt(table, loses), valueAt(root, wins)];
      const isPlain = ours === undefined || theirs === undefined || valueAt(table, wins) !== undefined;
      if (isPlain || sameValue(ours, theirs)) return [];
      const args = { profile, key: renderKey(loses), other: renderKey(wins) };
      return [{ code: "shadowed-alias", severity: "warning", args }];
    }),
  ];
}

/** Paths that hold a table on one side and a plain value on the other. */
function mixedKinds(table: TomlTable, root: TomlTable, path: readonly string[] = []): string[][] {
  return Object.entries(table).flatMap(([key, value]) => {
    const below = valueAt(root, [key]);
    if (below === undefined) return [];
    if (isTable(value) && isTable(below)) return mixedKinds(value, below, [...path, key]);
    return isTable(value) !== isTable(below) ? [[...path, key]] : [];
  });
}
