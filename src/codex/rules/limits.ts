/** The rules for values of the right type that Codex still refuses: numbers that are too small, texts that are empty. */
import type { Violation } from "../../findings/finding.ts";
import type { KeyPath, TomlTable, TomlValue } from "../../model/op.ts";
import { isTable, renderKey, sameValue, valueAt } from "../../toml/value.ts";
import { always, forVersion } from "../facts.ts";
import { choice, oneName, remove, set, unset } from "./fixes.ts";

/** The rules that look at one root key each. */
export function limitRules(config: TomlTable, version: string): Violation[] {
  return [
    ...tooSmall(config, version),
    ...empty(config, version),
    ...waitRules(config, version),
    ...presetRules(config, version),
    ...shareRules(config, version),
    ...hookRules(config, version),
    ...nameRules(config, version),
    ...budgetRule(config, version),
    ...unreadable(valueAt(config, ["desktop"]), ["desktop"]),
  ];
}

function tooSmall(config: TomlTable, version: string): Violation[] {
  return forVersion("atLeastOne", version).flatMap((key): Violation[] => {
    const path = key.split(".");
    const value = valueAt(config, path);
    if (typeof value !== "bigint" || value > 0n) return [];
    return [{ code: "too-small", args: { key, least: 1 }, path, stops: "load", fix: remove(path) }];
  });
}

/** Each wait has to be between its neighbours; one that is not set has its default. */
function waitRules(config: TomlTable, version: string): Violation[] {
  const usual = forVersion("multiAgentWaits", version);
  if (usual === null) return [];
  const table = ["features", "multi_agent_v2"];
  const waits = Object.entries(usual).map(([key, value]) => {
    const own = valueAt(config, [...table, key]);
    return { key, value: typeof own === "bigint" ? own : BigInt(value), own: own !== undefined };
  });
  return waits.flatMap(({ key, own, value }, i): Violation[] => {
    const path = [...table, key];
    const last = waits[i - 1];
    const low = value < 0n || (last !== undefined && value < last.value);
    if ((own || last?.own) && low) {
      const at = own ? path : [...table, last?.key ?? key];
      return [{ code: "wait-order", args: { key: at.join(".") }, path: at, stops: "load", fix: remove(at) }];
    }
    return [];
  });
}

function empty(config: TomlTable, version: string): Violation[] {
  return forVersion("neverEmpty", version).flatMap((key) =>
    matching(config, key.split("."), (value) => value === "").map((path): Violation => {
      const dotted = path.join(".");
      return { code: "empty-value", args: { key: dotted }, path, stops: "load", fix: remove(path) };
    }),
  );
}

/** The paths that fit a pattern and whose value passes a test. */
function matching(
  config: TomlTable,
  pattern: readonly string[],
  wanted: (value: TomlValue | undefined) => boolean,
  path: readonly string[] = [],
): string[][] {
  const [part, ...rest] = pattern;
  const value = valueAt(config, path);
  if (part === undefined) return wanted(value) ? [[...path]] : [];
  const names = part !== "*" ? [part] : isTable(value) ? Object.keys(value) : [];
  return names.flatMap((name) => matching(config, rest, wanted, [...path, name]));
}

/** The type of a hook, and the settings that this type needs. */
function hookRules(config: TomlTable, version: string): Violation[] {
  const types = forVersion("hookTypes", version);
  const expected = `one of ${Object.keys(types)
    .map((type) => JSON.stringify(type))
    .join(", ")}`;
  const hooks = valueAt(config, ["hooks"]);
  const items = (value: TomlValue | undefined): readonly TomlValue[] => (Array.isArray(value) ? value : []);
  return Object.entries(isTable(hooks) ? hooks : {}).flatMap(([event, groups]) =>
    items(groups).flatMap((group, i) =>
      items(valueAt(group, ["hooks"])).flatMap((hook, j): Violation[] => {
        const type = valueAt(hook, ["type"]);
        if (typeof type !== "string") return [];
        const place = ["hooks", event, i, "hooks", j];
        const path = [...place, "type"];
        const needs = Object.hasOwn(types, type) ? types[type] : undefined;
        if (!needs) return [{ code: "wrong-type", args: { key: renderKey(path), expected }, path, stops: "load" }];
        return needs.flatMap((name): Violation[] => {
          if (valueAt(hook, [name]) !== undefined) return [];
          const missing = [...place, name];
          return [{ code: "missing-key", args: { key: renderKey(missing) }, path: missing, stops: "load" }];
        });
      }),
    ),
  );
}

/** The names of tools. */
function nameRules(config: TomlTable, version: string): Violation[] {
  return forVersion("toolNames", version).flatMap((key): Violation[] => {
    const path = key.split(".");
    const value = valueAt(config, path);
    if (typeof value !== "string" || new RegExp(always("toolName")).test(value)) return [];
    const args = { key, expected: "letters, digits, _ and -" };
    return [{ code: "wrong-type", args, path, stops: "load", fix: remove(path) }];
  });
}

function shareRules(config: TomlTable, version: string): Violation[] {
  const outside = (value: TomlValue | undefined) =>
    (typeof value === "number" || typeof value === "bigint") && !(Number(value) >= 0 && Number(value) <= 1);
  return forVersion("shares", version).flatMap((key) =>
    matching(config, key.split("."), outside).map((path): Violation => {
      const args = { key: renderKey(path), expected: "a number from 0 to 1" };
      return { code: "wrong-type", args, path, stops: "load", fix: remove(path) };
    }),
  );
}

function presetRules(config: TomlTable, version: string): Violation[] {
  const pattern = forVersion("presetSlots", version);
  const slots = pattern === null ? null : new RegExp(pattern);
  const presets = valueAt(config, ["tui", "presets"]);
  const names = slots && isTable(presets) ? Object.keys(presets).filter((name) => !slots.test(name)) : [];
  return names.map((name): Violation => {
    const path = ["tui", "presets", name];
    return { code: "preset-slot", args: { name }, path, stops: "load", fix: remove(path) };
  });
}

function budgetRule(config: TomlTable, version: string): Violation[] {
  const path = ["features", "rollout_budget"];
  const budget = valueAt(config, path);
  const on = budget === true || (valueAt(config, [...path, "enabled"]) === true && !hasLimit(budget));
  if (!forVersion("budgetNeedsLimit", version) || !on) return [];
  const args = { key: "features.rollout_budget.limit_tokens" };
  return [{ code: "missing-key", args, path, stops: "load", fix: remove(path) }];
}

function hasLimit(budget: TomlValue | undefined): boolean {
  return isTable(budget) && valueAt(budget, ["limit_tokens"]) !== undefined;
}

/** Values in free tables that JSON cannot hold: Codex passes these tables on as JSON. */
function unreadable(value: TomlValue | undefined, path: KeyPath): Violation[] {
  if (typeof value === "number" && !Number.isFinite(value)) {
    const args = { key: renderKey(path), expected: "a finite number" };
    return [{ code: "wrong-type", args, path, stops: "load" }];
  }
  if (Array.isArray(value)) return value.flatMap((item: TomlValue, i) => unreadable(item, [...path, i]));
  return isTable(value) ? Object.entries(value).flatMap(([key, item]) => unreadable(item, [...path, key])) : [];
}

/** Two settings of different tables that exclude each other. */
export function threadsRule(config: TomlTable, version: string): Violation[] {
  const path = ["agents", "max_threads"];
  if (!forVersion("threadsExcludeMultiAgent", version) || valueAt(config, path) === undefined) return [];
  const feature = valueAt(config, ["features", "multi_agent_v2"]);
  const enabled = isTable(feature) ? valueAt(feature, ["enabled"]) : feature;
  if (enabled !== true) return [];
  const on = isTable(feature) ? ["features", "multi_agent_v2", "enabled"] : ["features", "multi_agent_v2"];
  const fix = choice(
    "only one of them can count",
    ["keep multi_agent_v2", unset(path)],
    ["keep max_threads and turn multi_agent_v2 off", set(on, false)],
  );
  return [{ code: "threads-conflict", args: {}, path, stops: "load", fix }];
}

/** A setting and its older name together in one table. */
export function aliasRules(config: TomlTable, version: string): Violation[] {
  return forVersion("sameSettings", version).flatMap(({ names: [name, older], table }): Violation[] => {
    const [now, old] = [name, older].map((key) => valueAt(config, [table, key]));
    if (now === undefined || old === undefined) return [];
    const args = { key: `${table}.${older}`, other: `${table}.${name}` };
    return [
      {
        code: "alias-conflict",
        args,
        path: [table, older],
        stops: "strict",
        fix: oneName([table], name, older, sameValue(now, old)),
      },
    ];
  });
}
