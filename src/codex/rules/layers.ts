/** What keeps a file from loading by itself, even where another layer overrides the setting. Pure. */
import type { Violation } from "../../findings/finding.ts";
import type { KeyPath, TomlTable, TomlValue } from "../../model/op.ts";
import { isTable, renderKey, valueAt } from "../../toml/value.ts";
import { forVersion } from "../facts.ts";
import { choice, remove, unset } from "./fixes.ts";

export function layerRules(config: TomlTable, version: string): Violation[] {
  return [...outOfRange(config).map(tooLong), ...filterRules(config, version)];
}

/** Integers beyond 64 bits, which Codex's TOML reader refuses wherever they stand. */
function outOfRange(value: TomlValue, path: KeyPath = []): KeyPath[] {
  if (typeof value === "bigint") return BigInt.asIntN(64, value) === value ? [] : [path];
  if (Array.isArray(value)) return value.flatMap((item: TomlValue, i) => outOfRange(item, [...path, i]));
  return isTable(value) ? Object.entries(value).flatMap(([key, item]) => outOfRange(item, [...path, key])) : [];
}

function tooLong(path: KeyPath): Violation {
  // An op can remove a key, but no element of an array.
  const isFixable = path.every((part) => typeof part === "string");
  const violation = { code: "integer-range", args: { key: renderKey(path) }, path, stops: "load" } as const;
  return isFixable ? { ...violation, fix: remove(path) } : violation;
}

function filterRules(config: TomlTable, version: string): Violation[] {
  const policy = valueAt(config, ["shell_environment_policy"]);
  if (!isTable(policy) || valueAt(policy, ["filters"]) === undefined) return [];
  return forVersion("filtersReplace", version).flatMap((key): Violation[] => {
    if (valueAt(policy, [key]) === undefined) return [];
    const path = ["shell_environment_policy", key];
    const fix = choice(
      "each says by itself which variables a command sees",
      ["keep filters", unset(path)],
      [`keep ${key}`, unset(["shell_environment_policy", "filters"])],
    );
    return [{ code: "filters-conflict", args: { key: renderKey(path) }, path, stops: "load", fix }];
  });
}
