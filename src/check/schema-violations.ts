/**
 * The mismatches of a config with the measured schema, as violations, each with a fix where only one is plausible. Knows no
 * rule; asks the rules only whether a fix would cause another violation.
 */
import { mergeTables } from "../codex/merge.ts";
import { choice, move, oneName, safe, set, unset } from "../codex/rules/fixes.ts";
import { knownKeys, type Mismatch, mismatches, type Schema, schemaAt } from "../codex/schema.ts";
import type { Violation } from "../findings/finding.ts";
import type { KeyPath, TomlTable, TomlValue } from "../model/op.ts";
import { nearestNames } from "../text/closest-match.ts";
import { isTable, renderKey, sameValue, valueAt } from "../toml/value.ts";
import { type Checking, only } from "./context.ts";
import { mergedViolations } from "./rules.ts";

/** Violations of the root keys to check; `wanted` picks the mismatches that count. */
export function schemaViolations(
  data: TomlTable,
  context: Checking,
  wanted: (mismatch: Mismatch) => boolean = () => true,
): Violation[] {
  const { roots, schema, version } = context;
  return mismatches(only(data, roots), schema, version)
    .filter(wanted)
    .map((mismatch): Violation => {
      const { path } = mismatch;
      const key = renderKey(path);
      if (mismatch.kind === "unknown") return unknown(mismatch, data, context);
      if (mismatch.kind === "twice") {
        const [older, name] = [path, mismatch.other].map((one) => String(one.at(-1)));
        const isSame = sameValue(valueAt(data, path), valueAt(data, mismatch.other));
        const fix = oneName(path.slice(0, -1), name ?? "", older ?? "", isSame);
        return { code: "alias-conflict", args: { key, other: renderKey(mismatch.other) }, path, stops: "load", fix };
      }
      if (mismatch.kind === "missing") return { code: "missing-key", args: { key }, path, stops: "load" };
      const fix = convert(data, context, path);
      return { code: "wrong-type", args: { key, expected: mismatch.expected }, path, stops: "load", ...fix };
    });
}

/** The keys of a table, in one release, whose names are near a mistyped one. */
export function nearKeys(schema: Schema, path: KeyPath, version: string): string[] {
  return nearestNames(String(path.at(-1)), knownKeys(schema, path.slice(0, -1), version));
}

/** Tables whose contents hold for one project, role, server …: a key in them was not written for every start. */
const SCOPES = ["projects", "profiles", "agents", "mcp_servers", "model_providers", "permissions", "apps", "plugins"];

/** Keys that decide what Codex may do, or who is logged in: a person puts them right, and never a fix. */
const NEVER_FIXED = [
  ...["allow_login_shell", "approval_policy", "approvals_reviewer", "auto_review", "browser_use", "computer_use"],
  ...["default_permissions", "permissions", "sandbox_mode", "sandbox_workspace_write", "shell_environment_policy"],
  ...["trust_level", "web_search", "cli_auth_credentials_store", "mcp_oauth_credentials_store"],
  ...["forced_chatgpt_workspace_id", "forced_login_method"],
];
const mayFix = (path: KeyPath): boolean => !path.some((part) => NEVER_FIXED.includes(String(part)));

/** An unknown key: a root key under a header by mistake, a misspelt one, or simply an unknown one. */
function unknown(mismatch: Extract<Mismatch, { kind: "unknown" }>, data: TomlTable, context: Checking): Violation {
  const { schema, version } = context;
  const { path, known, stops } = mismatch;
  const name = String(path.at(-1));
  const table = path.slice(0, -1);
  const value = valueAt(data, path) as TomlValue;
  const rootSchema = table.length === 0 ? null : schemaAt(schema, [name], version);
  if (rootSchema && !isTable(value) && mismatches(value, rootSchema, version).length === 0) {
    const isScoped = SCOPES.includes(String(path[0]));
    const free =
      !isScoped && mayFix(path) && valueAt(data, [name]) === undefined && isWelcome([name], value, data, context);
    const fix = choice("at the top it counts for every start", ["move it to the top", move(path, [])]);
    return {
      code: "misplaced-key",
      args: { key: name, table: renderKey(table) },
      path,
      stops,
      ...(free ? { fix } : {}),
    };
  }
  const near = context.nearest(name, known);
  const target = near === null ? null : [...table, near];
  const fits =
    target &&
    mayFix(target) &&
    valueAt(data, target) === undefined &&
    accepts(schema, target, value, version) &&
    isWelcome(target, value, data, context);
  const found = { code: "unknown-key", args: { key: renderKey(path), near }, path, stops } as const;
  if (!fits) return found;
  const renamed = [set(target, value), unset(path)];
  return {
    ...found,
    fix:
      stops === "load"
        ? safe(`only ${near} is spelt like it, and takes this value`, ...renamed)
        : choice("under its right name the setting counts", [`rename it to ${near}`, ...renamed]),
  };
}

/** Whether no rule refuses a value in its new place. */
function isWelcome(path: KeyPath, value: TomlValue, data: TomlTable, context: Checking): boolean {
  if (!path.every((part) => typeof part === "string")) return false;
  const placed = path.reduceRight<TomlValue>((inner, part) => ({ [part]: inner }), value) as TomlTable;
  const errors = (config: TomlTable) => mergedViolations(config, { ...context, base: {}, roots: undefined }).length;
  const after = errors(mergeTables(data, placed));
  return after === 0 || after <= errors(data);
}

/** The fix for a value of the wrong type where the right one is plain: `"true"`, `"5"`, one string for a list of them. */
function convert(data: TomlTable, context: Checking, path: KeyPath): Pick<Violation, "fix"> {
  const { schema, version } = context;
  if (!mayFix(path)) return {};
  const value = valueAt(data, path);
  const candidates: TomlValue[] = [];
  if (value === "true" || value === "false") candidates.push(value === "true");
  if (typeof value === "string" && /^-?\d+$/.test(value)) candidates.push(BigInt(value));
  if (typeof value === "string") candidates.push([value], value.toLowerCase());
  // Key bindings have a syntax of their own, in which any text may be valid.
  const plain = path[0] !== "tui" || path[1] !== "keymap";
  if (plain && (typeof value === "bigint" || typeof value === "boolean")) candidates.push(String(value));
  const right = candidates.find((candidate) => accepts(schema, path, candidate, version));
  if (right === undefined) return {};
  const keys = typeof path.at(-1) === "number" ? path.slice(0, -1) : path;
  // The fix sets a whole key, because an op cannot set an element of an array.
  const items = valueAt(data, keys);
  const fixed =
    keys === path ? right : Array.isArray(items) ? (items.with(Number(path.at(-1)), right) as TomlValue[]) : null;
  if (fixed === null || !isWelcome(keys, fixed, data, context)) return {};
  return { fix: safe("the same value as the setting takes it", set(keys, fixed)) };
}

function accepts(schema: Schema, path: KeyPath, value: TomlValue, version: string): boolean {
  const wanted = schemaAt(schema, path, version);
  return wanted !== null && mismatches(value, wanted, version).length === 0;
}
