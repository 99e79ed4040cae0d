/**
 * The rules for `[permissions]` and `default_permissions`: Codex checks the chosen profile, with its ancestors merged into
 * it, more strictly than the others. Pure: a config in, violations out.
 */
import type { Violation } from "../../findings/finding.ts";
import type { KeyPath, TomlTable, TomlValue } from "../../model/op.ts";
import { isTable, valueAt } from "../../toml/value.ts";
import { always, forVersion } from "../facts.ts";
import { mergeTables } from "../merge.ts";
import { remove } from "./fixes.ts";

export function permissionRules(config: TomlTable, version: string): Violation[] {
  if (!forVersion("permissionsChecked", version)) return [];
  const table = valueAt(config, ["permissions"]);
  const profiles = isTable(table) ? table : null;
  const names = profiles === null ? [] : Object.keys(profiles);
  const chosen = valueAt(config, ["default_permissions"]);
  const found: Violation[] = names
    .filter((name) => name.startsWith(":"))
    .map((name) => ({ code: "permissions-name", args: { name }, path: ["permissions", name], stops: "load" }));
  const path = ["default_permissions"];
  if (chosen === undefined) {
    // With `sandbox_mode`, the older setting, no profile has to be chosen.
    const older = valueAt(config, ["sandbox_mode"]) !== undefined;
    if (names.length > 0 && !older && found.length === 0) found.push(wrongDefault("missing", ["permissions"]));
  } else if (typeof chosen === "string") {
    if (chosen.startsWith(":")) {
      if (!always("builtInPermissions").includes(chosen)) found.push(wrongDefault("unknown-builtin", path));
    } else if (profiles === null) found.push(wrongDefault("no-table", path));
    else if (!names.includes(chosen)) found.push(wrongDefault("undefined", path));
    else found.push(...chosenRules(profiles, chosen, version));
  }
  return found;
}

type Reason = "missing" | "no-table" | "undefined" | "unknown-builtin";

/** Has no fix: the chosen profile decides what Codex may do, so only the user may change it. */
function wrongDefault(reason: Reason, path: KeyPath): Violation {
  return { code: "permissions-default", args: { reason }, path, stops: "load" };
}

/** The chosen profile, and those it extends, nearest first. */
function chosenRules(profiles: TomlTable, chosen: string, version: string): Violation[] {
  const chain: string[] = [];
  const wrong = (name: string, reason: "undefined" | "built-in" | "cycle"): Violation[] => {
    const path = ["permissions", name, "extends"];
    return [{ code: "permissions-extends", args: { name, reason }, path, stops: "load", fix: remove(path) }];
  };
  for (let name: TomlValue | undefined = chosen; typeof name === "string"; ) {
    const child = chain.at(-1);
    if (child !== undefined) {
      if (name.startsWith(":")) {
        if (always("extendablePermissions").includes(name)) break;
        return wrong(child, "built-in");
      }
      if (valueAt(profiles, [name]) === undefined) return wrong(child, "undefined");
      if (chain.includes(name)) return wrong(child, "cycle");
    }
    chain.push(name);
    name = valueAt(profiles, [name, "extends"]);
  }
  const whole = chain.reduceRight<TomlTable>((merged, name) => {
    const own = valueAt(profiles, [name]);
    return isTable(own) ? mergeTables(merged, own) : merged;
  }, {});
  /** The profile that a part of the merged one comes from: the nearest that has it. */
  const owner = (path: KeyPath) => chain.find((name) => valueAt(profiles, [name, ...path]) !== undefined) ?? chosen;
  const locate = (path: KeyPath): KeyPath => ["permissions", owner(path), ...path];
  return [...pathRules(whole, version, locate), ...domainRules(whole, locate)];
}

function pathRules(profile: TomlTable, version: string, locate: (path: KeyPath) => KeyPath): Violation[] {
  const filesystem = valueAt(profile, ["filesystem"]);
  if (!isTable(filesystem)) return [];
  return Object.entries(filesystem).flatMap(([name, access]): Violation[] => {
    if (name === "glob_scan_max_depth") {
      const path = locate(["filesystem", name]);
      const small: Violation = {
        code: "too-small",
        args: { key: name, least: 1 },
        path,
        stops: "load",
        fix: remove(path),
      };
      return typeof access === "bigint" && access < 1n ? [small] : [];
    }
    if (!isTable(access)) return isWholePath(name, access) ? [] : [badPath(name, locate(["filesystem", name]))];
    if (Object.keys(access).length > 0 && !isAbsolute(name)) return [badPath(name, locate(["filesystem", name]))];
    return Object.entries(access).flatMap(([below, inner]): Violation[] => {
      const flat = forVersion("flatPermissionPaths", version).includes(name) && below !== ".";
      return isSubpath(below, inner) && !flat ? [] : [badPath(below, locate(["filesystem", name, below]))];
    });
  });
}

function badPath(name: string, path: KeyPath): Violation {
  return { code: "permissions-path", args: { name }, path, stops: "load", fix: remove(path) };
}

/** Only denied paths may be patterns; any other may at most end in `/**`. */
function withoutGlob(name: string, access: TomlValue): string | null {
  if (access === "deny" || access === "none") return name;
  const bare = name.endsWith("/**") ? name.slice(0, -3) : name;
  return /[*?[\]]/.test(bare) ? null : bare;
}

function isWholePath(name: string, access: TomlValue): boolean {
  const bare = withoutGlob(name, access);
  return bare !== null && isAbsolute(bare);
}

function isAbsolute(name: string): boolean {
  return /^[/:]/.test(name) || name === "~" || name.startsWith("~/");
}

/** Whether a name is a relative path without `..`. */
function isSubpath(name: string, access: TomlValue): boolean {
  const bare = withoutGlob(name, access);
  if (bare === null) return false;
  if (bare === ".") return true;
  return bare !== "" && !/^\.?\//.test(bare) && !bare.split("/").includes("..");
}

/** The rule for domains: `"*" = "deny"` is refused. */
function domainRules(profile: TomlTable, locate: (path: KeyPath) => KeyPath): Violation[] {
  const domains = valueAt(profile, ["network", "domains"]);
  if (!isTable(domains)) return [];
  return Object.entries(domains).flatMap(([name, access]): Violation[] => {
    if (name.trim() !== "*" || access !== "deny") return [];
    const path = locate(["network", "domains", name]);
    return [{ code: "permissions-domain", args: { name }, path, stops: "load", fix: remove(path) }];
  });
}
