/**
 * What somebody meant by a key in the wrong table or a value of the wrong type, where that is plain, and the fix. Asks the
 * rules only whether the result would be refused; knows which settings no fix may loosen by itself.
 */
import { mergeTables } from "../codex/merge.ts";
import { nearWords, oneSlipAway } from "../codex/near-names.ts";
import { choice, type Draft, type DraftFix, move, safe, set, unset } from "../codex/rules/fixes.ts";
import { allowedIn, hasKey, mismatches, type Schema, schemaAt } from "../codex/schema.ts";
import type { KeyPath, TomlTable, TomlValue } from "../model/op.ts";
import { isTable, renderKey, renderValue, valueAt } from "../toml/value.ts";
import type { Checking } from "./context.ts";
import { mergedViolations } from "./rules.ts";

/** Tables whose contents hold for one project, role, server …: a key in them was not written for every start. */
const SCOPES = ["projects", "profiles", "agents", "mcp_servers", "model_providers", "permissions", "apps", "plugins"];

/** The table that a key belongs to, empty for the top; `null`: it is of every start, and its table of one thing only. */
export type RightPlace = { readonly to: KeyPath | null; readonly fix?: DraftFix | undefined };

/**
 * Where a key belongs that its table does not know, or takes otherwise; undefined where no other table takes it. `loads`:
 * Codex ignores it where it is, so that moving it changes what Codex does.
 */
export function rightPlace(path: KeyPath, data: TomlTable, context: Checking, loads: boolean): RightPlace | undefined {
  const { schema, version } = context;
  const name = path.at(-1);
  const value = valueAt(data, path);
  if (typeof name !== "string" || value === undefined || isTable(value)) return undefined;
  const fits = (table: KeyPath) =>
    hasKey(schema, table, name, version) && accepts(schema, [...table, name], value, version);
  const above = path.slice(0, -1).map((_, i, all) => all.slice(0, all.length - 1 - i));
  const isScoped = SCOPES.includes(String(path[0]));
  // The nearest table around it first; out of a scope nothing goes to the top.
  const to =
    above.find((table) => fits(table)) ?? (loads && path.length === 1 ? onlyTable(name, fits, context) : undefined);
  if (to === undefined) return undefined;
  if (to.length === 0 && isScoped) return { to: null };
  const target = [...to, name];
  if (valueAt(data, target) !== undefined || !isWelcome(target, value, data, context)) return { to };
  const where = to.length === 0 ? "the top" : `[${renderKey(to)}]`;
  if (!loads && !grants(target, value))
    return { to, fix: safe(`it fits ${where} only, where Codex reads it`, move(path, to)) };
  return { to, fix: choice(`at ${where} it counts`, [`move it to ${where}`, move(path, to)]) };
}

/** The one table below the top, of those with a fixed name, that has such a key. */
function onlyTable(name: string, fits: (table: KeyPath) => boolean, { tablesWith }: Checking): KeyPath | undefined {
  const [only, ...more] = tablesWith(name).filter(fits);
  return more.length === 0 ? only : undefined;
}

/** The fix for a value of the wrong type where the right one is plain. */
export function rightValue(path: KeyPath, data: TomlTable, context: Checking): DraftFix | undefined {
  const { schema, version } = context;
  const value = valueAt(data, path);
  if (value === undefined) return undefined;
  const right = candidates(path, value, context).find((one) => accepts(schema, path, one, version));
  if (right !== undefined) return withValue(path, right, data, context);
  if (typeof value === "string" && accepts(schema, path, [value], version)) return asList(path, value, data, context);
  if (isCommandLine(path, value, data)) {
    const [command = "", ...args] = value;
    return safe(
      "the first word is the program, the others are its arguments",
      set(path, command),
      set([...path.slice(0, -1), "args"], args),
    );
  }
  const words = wordsFor(path, value, context);
  const [only, ...more] = words;
  if (only === undefined || path.some((part) => typeof part === "number")) return undefined;
  if (more.length === 0) return withValue(path, only, data, context);
  return choice(
    "it takes none but these words",
    ...words.map((word) => [`set it to ${renderValue(word)}`, set(path, word)] as const),
    ["remove it", unset(path)],
  );
}

/** The words to choose from, where a setting takes a few and got another one. */
function wordsFor(path: KeyPath, value: TomlValue, { schema, version }: Checking): readonly string[] {
  const wanted = typeof value === "string" ? schemaAt(schema, path, version) : null;
  const words = wanted === null ? [] : allowedIn(wanted, path, version);
  return words.length <= 5 ? words : nearWords(String(value), words);
}

/** A program together with its arguments, as other clients write it. */
function isCommandLine(path: KeyPath, value: TomlValue, data: TomlTable): value is readonly string[] {
  const isCommand = path.length === 3 && path[0] === "mcp_servers" && path[2] === "command";
  const isFree = valueAt(data, [...path.slice(0, -1), "args"]) === undefined;
  return (
    isCommand && isFree && Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string")
  );
}

function candidates(path: KeyPath, value: TomlValue, { schema, version }: Checking): TomlValue[] {
  const wanted = schemaAt(schema, path, version);
  // Key bindings have a syntax of their own, in which any text may be valid.
  const isPlain = path[0] !== "tui" || path[1] !== "keymap";
  if (typeof value === "string") {
    const word = oneSlipAway(value, wanted === null ? [] : allowedIn(wanted, path, version));
    return [
      ...(/^(true|yes|on|1)$/i.test(value.trim()) ? [true] : []),
      ...(/^(false|no|off|0)$/i.test(value.trim()) ? [false] : []),
      ...(/^[+-]?\d[\d_]*$/.test(value.trim()) ? [BigInt(value.trim().replace(/[+_]/g, ""))] : []),
      ...(/^-?\d+\.\d+$/.test(value.trim()) ? [Number(value)] : []),
      ...(word === null ? [] : [word]),
    ];
  }
  if (value === 1n || value === 0n) return [value === 1n, ...(isPlain ? [String(value)] : [])];
  if (isPlain && (typeof value === "bigint" || typeof value === "boolean")) return [String(value)];
  if (isPlain && typeof value === "number" && Number.isFinite(value))
    return [...(Number.isInteger(value) ? [BigInt(value)] : []), String(value)];
  if (Array.isArray(value) && value.length === 1) return [value[0] as TomlValue];
  return [];
}

/** One text where a list is wanted: with a space in it, it may be one item or several. */
function asList(path: KeyPath, value: string, data: TomlTable, context: Checking): DraftFix | undefined {
  if (!/\s/.test(value.trim())) return withValue(path, [value], data, context);
  const words = value.trim().split(/\s+/);
  if (/["'\\]/.test(value)) return undefined;
  return choice(
    "it may be one item with spaces or several",
    [`${words.length} items`, set(path, words)],
    ["one item", set(path, [value])],
  );
}

function withValue(path: KeyPath, right: TomlValue, data: TomlTable, context: Checking): DraftFix | undefined {
  const keys = typeof path.at(-1) === "number" ? path.slice(0, -1) : path;
  // The fix sets a whole key, because an op cannot set an element of an array.
  const items = valueAt(data, keys);
  const fixed =
    keys === path ? right : Array.isArray(items) ? (items.with(Number(path.at(-1)), right) as TomlValue[]) : null;
  if (fixed === null || keys.some((part) => typeof part === "number") || !isWelcome(keys, fixed, data, context))
    return undefined;
  // An array does not become another value by an edit of its own.
  const drafts: Draft[] = [set(keys, fixed)];
  return grants(path, right)
    ? choice("it decides what Codex may do, or who is logged in", [`set it to ${renderValue(right)}`, ...drafts])
    : safe("the same, as the setting takes it", ...drafts);
}

/** The fix for a mistyped key; `fixesLoad`: without it Codex does not start, so that there is one reading. */
export function rightName(
  path: KeyPath,
  near: string,
  data: TomlTable,
  context: Checking,
  stopsLoad: boolean,
): DraftFix | undefined {
  const { schema, version } = context;
  const target = [...path.slice(0, -1), near];
  const value = valueAt(data, path);
  if (value === undefined || !isFree(data, target, value)) return undefined;
  if (!accepts(schema, target, value, version) || !isWelcome(target, value, data, context)) return undefined;
  const renamed = isTable(value) ? [move(path, target)] : [set(target, value), unset(path)];
  const isOfTable = path.length > 2;
  // A table that lacks what its mistyped key says, such as a server without a command.
  const isBetter =
    stopsLoad || (isOfTable && refusals(placed(target, value), data, context) < refusals({}, data, context));
  return isBetter && !grants(target, value)
    ? safe(`only ${near} is spelt like it, and takes this value`, ...renamed)
    : choice("under its right name the setting counts", [`rename it to ${near}`, ...renamed]);
}

/** Whether nothing is at a place, or a table that a table goes into without replacing anything. */
function isFree(data: TomlTable, target: KeyPath, value: TomlValue): boolean {
  const there = valueAt(data, target);
  if (there === undefined) return true;
  return isTable(there) && isTable(value) && Object.keys(value).every((key) => !Object.hasOwn(there, key));
}

/** Settings that say what Codex may do, with the values that a fix may give them without asking. */
const GUARDED: Readonly<Record<string, readonly TomlValue[]>> = {
  allow_login_shell: [false],
  approval_mode: ["prompt"],
  approval_policy: ["untrusted", "on-failure", "on-request"],
  approvals_reviewer: [],
  auto_review: [],
  browser_use: [],
  computer_use: [],
  default_permissions: [],
  default_tools_approval_mode: ["prompt"],
  network_access: [false],
  permissions: [],
  sandbox_mode: ["read-only", "workspace-write"],
  sandbox_workspace_write: [],
  shell_environment_policy: [],
  trust_level: ["untrusted"],
  web_search: ["disabled", "cached"],
  writable_roots: [],
};

/** Settings that say which login counts, and where it is kept. */
const LOGIN = [
  ...[
    "cli_auth_credentials_store",
    "mcp_oauth_credentials_store",
    "forced_chatgpt_workspace_id",
    "forced_login_method",
  ],
  ...["base_url", "openai_base_url", "chatgpt_base_url", "model_provider", "requires_openai_auth"],
];

/** Whether a value may let Codex do more, or send a login elsewhere: only a person gives it. */
export function grants(path: KeyPath, value: TomlValue): boolean {
  const name = String(path.findLast((part) => typeof part === "string"));
  if (LOGIN.includes(name)) return true;
  if (Object.hasOwn(GUARDED, name)) return !GUARDED[name]?.includes(value);
  return path.some((part) => Object.hasOwn(GUARDED, String(part)));
}

/** Whether no rule refuses a value in its new place. */
function isWelcome(path: KeyPath, value: TomlValue, data: TomlTable, context: Checking): boolean {
  if (!path.every((part) => typeof part === "string")) return false;
  const near = withoutOthers(data, path);
  const after = refusals(placed(path, value), near, context);
  return after === 0 || after <= refusals({}, near, context);
}

/** Of a table of servers, providers, projects … only the one that a path leads into: rules look at each by itself. */
function withoutOthers(data: TomlTable, [table = "", name = ""]: KeyPath): TomlTable {
  const all = valueAt(data, [table]);
  if (!SCOPES.includes(String(table)) || table === "permissions" || !isTable(all)) return data;
  const one = valueAt(all, [name]);
  return { ...data, [table]: one === undefined ? {} : { [name]: one } };
}

function placed(path: KeyPath, value: TomlValue): TomlTable {
  return path.reduceRight<TomlValue>((inner, part) => ({ [part]: inner }), value) as TomlTable;
}

/** How much the rules refuse with something more in a config. */
function refusals(more: TomlTable, data: TomlTable, context: Checking): number {
  return mergedViolations(mergeTables(data, more), { ...context, base: {}, roots: undefined }).length;
}

function accepts(schema: Schema, path: KeyPath, value: TomlValue, version: string): boolean {
  const wanted = schemaAt(schema, path, version);
  return wanted !== null && mismatches(value, wanted, version).length === 0;
}
