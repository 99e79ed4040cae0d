/**
 * Checks the layers of a config for one release of Codex: everything that keeps it from loading, everything that only
 * `--strict-config` minds, and everything that loads and still goes wrong. Pure; all findings at once, each with its
 * place and, where there is one, the ops that make it go away.
 */

import { profileOf } from "../codex/file-role.ts";
import type { Login } from "../codex/login.ts";
import { mergeTables } from "../codex/merge.ts";
import { featureRules, featureTraps } from "../codex/rules/features.ts";
import { keymapRules } from "../codex/rules/keymap.ts";
import { layerRules } from "../codex/rules/layers.ts";
import { aliasRules } from "../codex/rules/limits.ts";
import { providerRules, providerTraps } from "../codex/rules/providers.ts";
import { serverRules, serverTraps } from "../codex/rules/servers.ts";
import { wholeRules } from "../codex/rules/whole.ts";
import { knownKeys, type Mismatch, mismatches, type Shape, shapeAt } from "../codex/schema.ts";
import type { Finding, Violation } from "../findings/finding.ts";
import type { FileRole, KeyPath, Op, TomlTable, TomlValue } from "../model/op.ts";
import { nearestNames } from "../text/closest-match.ts";
import type { Document } from "../toml/document.ts";
import { isTable, renderKey, valueAt } from "../toml/value.ts";

/** A file that takes part: config.toml first, then the profile's. */
export type Layer = { readonly file: FileRole; readonly document: Document };

export type CheckContext = {
  readonly version: string;
  readonly shape: Shape;
  readonly login: Login;
  /** The profile that Codex is started with; null for none. */
  readonly profile: string | null;
  /** The text of a file that a key names, null when it is none; relative names count from the home. */
  readonly fileText: (name: string) => string | null;
  /** What a layer below all of these says, such as the administrator's; it counts, and is not judged itself. */
  readonly below?: TomlTable;
};

export type CheckResult = {
  /** Codex starts with these layers. */
  readonly loads: boolean;
  /** So it does with `--strict-config`, which looks at each layer by itself as well. */
  readonly strict: boolean;
  /** In the order of files and lines. */
  readonly findings: readonly Finding[];
};

/** What is looked up while a config is checked. */
type Checking = CheckContext & {
  readonly nearest: (name: string, known: readonly string[]) => string | null;
};

/** Checks layers that parse. */
export function check(layers: readonly Layer[], given: CheckContext): CheckResult {
  const context: Checking = { ...given, nearest: nearestOf(MANY) };
  const { below = {} } = context;
  const merged = layers.reduce<TomlTable>((data, { document }) => mergeTables(data, document.data), below);
  const found = new Map<string, Finding>();
  const add = (violation: Violation, layer?: Layer) => {
    const key = `${codeAt(violation)} ${layer?.file ?? ""}`;
    const home = layer ?? layerOf(layers, violation.path, below);
    if (home && !found.has(key)) found.set(key, place(violation, home));
  };
  const base = layers.find(({ file }) => file === "config")?.document.data ?? {};
  for (const violation of loadRules(merged, base, context)) {
    if (violation.stops === "load") add(violation);
  }
  const known = new Set([...found.values()].map(codeAt));
  for (const layer of layers) {
    for (const violation of layerRules(layer.document.data, context.version)) add(violation, layer);
    for (const violation of strictRules(layer, context)) {
      // What is wrong in this file alone is mended by the other one, and minded only by the strict view.
      if (known.has(codeAt(violation))) continue;
      add(violation.stops === "load" ? { ...violation, stops: "strict" } : violation, layer);
    }
  }
  for (const violation of pitfalls(merged, context)) add(violation);
  const findings = inOrder(
    once([...found.values()]),
    layers.map(({ file }) => file),
  );
  const loads = findings.every(({ stops }) => stops !== "load");
  return { loads, strict: loads && findings.every(({ stops }) => stops === undefined), findings };
}

/** Two findings of one code at one place are the same finding, whatever view or round they come from. */
export function identityOf(finding: Finding): string {
  return `${finding.file} ${codeAt(finding)}`;
}

/** What is said of which path, whatever the file. */
export function codeAt({ code, path = [] }: Pick<Finding, "code" | "path">): string {
  return `${code} ${renderKey(path)}`;
}

/** Of a place that the types and a rule both mind, only what says more: the rule, but for the range of a number. */
function once(findings: readonly Finding[]): Finding[] {
  const placeOf = ({ file, path, stops }: Finding) => `${file} ${renderKey(path ?? [])} ${stops}`;
  const general = (code: Finding["code"]) => code === "wrong-type" || code === "unknown-key";
  const typed = new Set(findings.filter(({ code }) => code === "wrong-type").map(placeOf));
  const ruled = new Set(findings.filter(({ code }) => !general(code) && !LIMITS.has(code)).map(placeOf));
  return findings.filter((finding) =>
    general(finding.code) ? !ruled.has(placeOf(finding)) : !LIMITS.has(finding.code) || !typed.has(placeOf(finding)),
  );
}

const LIMITS: ReadonlySet<Finding["code"]> = new Set(["too-small", "empty-value", "wait-order"]);

/** What Codex checks after it has merged the layers. */
function loadRules(merged: TomlTable, base: TomlTable, context: Checking): Violation[] {
  return [
    // Names like a mistyped one are looked for once, where its file is judged.
    ...shapeRules(merged, context, (mismatch) => mismatch.kind !== "unknown" || mismatch.stops === "load"),
    ...furtherRules(merged, base, context),
  ];
}

/** What Codex checks beyond the types. */
function furtherRules(merged: TomlTable, base: TomlTable, context: Checking): Violation[] {
  return [
    ...keymapRules(merged, context.shape, context.version),
    ...providerRules(merged, context.version),
    ...serverRules(merged, context.version),
    ...wholeRules(merged, { ...context, base }),
  ];
}

/** What the strict view checks in one file by itself. */
function strictRules({ file, document }: Layer, context: Checking): Violation[] {
  const profile = profileOf(file);
  return [
    ...shapeRules(document.data, context),
    ...featureRules(document.data, context.shape, context.version, context.nearest),
    ...aliasRules(document.data, context.version),
    ...providerRules(document.data, context.version),
    ...serverRules(document.data, context.version, profile),
  ];
}

/** A config with more unknown keys than this is none, and no typo of one. */
const MANY = 500;

/** The nearest name, for so many names; looking for each of ten thousand takes seconds. */
function nearestOf(many: number): Checking["nearest"] {
  let left = many;
  return (name, known) => (left-- > 0 ? (nearestNames(name, known)[0] ?? null) : null);
}

function pitfalls(merged: TomlTable, { login, shape, version }: CheckContext): Violation[] {
  return [
    ...providerTraps(merged, version, login),
    ...serverTraps(merged, version),
    ...featureTraps(merged, shape, version),
  ];
}

function shapeRules(
  data: TomlTable,
  context: Checking,
  wanted: (mismatch: Mismatch) => boolean = () => true,
): Violation[] {
  const { shape, version } = context;
  return mismatches(data, shape, version)
    .filter(wanted)
    .map((mismatch): Violation => {
      const { path } = mismatch;
      const key = renderKey(path);
      if (mismatch.kind === "unknown") return unknown(mismatch, data, context);
      if (mismatch.kind === "twice")
        return { code: "alias-conflict", args: { key, other: renderKey(mismatch.other) }, path, stops: "load" };
      if (mismatch.kind === "missing") return { code: "missing-key", args: { key }, path, stops: "load" };
      const fix = convert(data, context, path);
      return { code: "wrong-type", args: { key, expected: mismatch.expected }, path, stops: "load", ...fix };
    });
}

/** Tables whose contents hold for one project, role, server …: what stands in them is never meant for every start. */
const SCOPES = ["projects", "profiles", "agents", "mcp_servers", "model_providers", "permissions", "apps", "plugins"];

/** An unknown key: one of the root's that slipped under a header, a misspelt one, or simply one that nobody knows. */
function unknown(mismatch: Extract<Mismatch, { kind: "unknown" }>, data: TomlTable, context: Checking): Violation {
  const { shape, version } = context;
  const { path, known, stops } = mismatch;
  const name = String(path.at(-1));
  const table = path.slice(0, -1);
  const value = valueAt(data, path) as TomlValue;
  const rootShape = table.length === 0 ? null : shapeAt(shape, [name], version);
  if (rootShape && !isTable(value) && mismatches(value, rootShape, version).length === 0) {
    const isScoped = SCOPES.includes(String(path[0]));
    const free = !isScoped && valueAt(data, [name]) === undefined && isWelcome([name], value, data, context);
    const fix = (file: FileRole): Op[] => [{ op: "move", file, path, to: { file, path: [] } }];
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
    valueAt(data, target) === undefined &&
    accepts(shape, target, value, version) &&
    isWelcome(target, value, data, context);
  const fix = (file: FileRole): Op[] =>
    target
      ? [
          { op: "set", file, path: target, value },
          { op: "unset", file, path },
        ]
      : [];
  return { code: "unknown-key", args: { key: renderKey(path), near }, path, stops, ...(fits ? { fix } : {}) };
}

/** Whether no rule minds a value in its new place. */
function isWelcome(path: KeyPath, value: TomlValue, data: TomlTable, context: Checking): boolean {
  const placed = path.reduceRight<TomlValue>((inner, part) => ({ [part]: inner }), value) as TomlTable;
  if (!path.every((part) => typeof part === "string")) return false;
  const errors = (config: TomlTable) => furtherRules(config, {}, context).length;
  const after = errors(mergeTables(data, placed));
  return after === 0 || after <= errors(data);
}

/** A value of the wrong type that says plainly what it means: `"true"`, `"5"`, one string for a list of them. */
function convert(data: TomlTable, context: Checking, path: KeyPath): Pick<Violation, "fix"> {
  const { shape, version } = context;
  const value = valueAt(data, path);
  const candidates: TomlValue[] = [];
  if (value === "true" || value === "false") candidates.push(value === "true");
  if (typeof value === "string" && /^-?\d+$/.test(value)) candidates.push(BigInt(value));
  if (typeof value === "string") candidates.push([value], value.toLowerCase());
  // A key binding is a language of its own.
  const plain = path[0] !== "tui" || path[1] !== "keymap";
  if (plain && (typeof value === "bigint" || typeof value === "boolean")) candidates.push(String(value));
  const right = candidates.find((candidate) => accepts(shape, path, candidate, version));
  if (right === undefined) return {};
  const keys = typeof path.at(-1) === "number" ? path.slice(0, -1) : path;
  // An op sets a key, never an element of an array; what it sets may be minded by another rule.
  const items = valueAt(data, keys);
  const mended =
    keys === path ? right : Array.isArray(items) ? (items.with(Number(path.at(-1)), right) as TomlValue[]) : null;
  if (mended === null || !isWelcome(keys, mended, data, context)) return {};
  return { fix: (file) => [{ op: "set", file, path: keys, value: mended }] };
}

function accepts(shape: Shape, path: KeyPath, value: TomlValue, version: string): boolean {
  const wanted = shapeAt(shape, path, version);
  return wanted !== null && mismatches(value, wanted, version).length === 0;
}

/** The topmost layer that holds a path, or the nearest table above it; none for what only a layer below them holds. */
function layerOf(layers: readonly Layer[], path: KeyPath, below: TomlTable): Layer | undefined {
  for (let depth = path.length; depth >= 0; depth--) {
    const layer = layers.findLast(
      ({ document }) => document.get(path.slice(0, depth)) !== undefined && (depth > 0 || path.length === 0),
    );
    if (layer) return layer;
    if (depth === path.length && valueAt(below, path) !== undefined) return undefined;
  }
  return layers[0];
}

function place({ code, args, path, stops, fix }: Violation, { file, document }: Layer): Finding {
  let range = document.range(path);
  for (let depth = path.length - 1; depth > 0 && !range; depth--) range = document.range(path.slice(0, depth));
  const severity = stops === "load" ? "error" : "warning";
  return {
    code,
    severity,
    args,
    file,
    path,
    at: document.position(range?.start ?? 0),
    ...(stops ? { stops } : {}),
    ...(fix ? { fix: fix(file) } : {}),
  } as Finding;
}

/** Findings in the order of these files, and of the lines in each. */
export function inOrder(findings: readonly Finding[], files: readonly FileRole[]): Finding[] {
  const rank = ({ file }: Finding) => (file === undefined ? -1 : files.indexOf(file));
  return [...findings].sort(
    (a, b) => rank(a) - rank(b) || (a.at?.line ?? 0) - (b.at?.line ?? 0) || (a.at?.column ?? 0) - (b.at?.column ?? 0),
  );
}

/** Names near a mistyped one among the keys that a release knows at a table. */
export function nearKeys(shape: Shape, path: KeyPath, version: string): string[] {
  return nearestNames(String(path.at(-1)), knownKeys(shape, path.slice(0, -1), version));
}
