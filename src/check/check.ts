/**
 * Checks the layers of a config for one release of Codex: everything that keeps it from loading, everything that only
 * `--strict-config` refuses, and everything that loads and still goes wrong. Pure; all findings at once, each with its
 * place and, where there is one, its fix.
 */
import { mergeTables } from "../codex/merge.ts";
import { nearKeys } from "../codex/near-names.ts";
import type { Selectors } from "../codex/rules/providers.ts";
import { tablesByKey } from "../codex/schema.ts";
import type { Finding, Violation } from "../findings/finding.ts";
import type { KeyPath, TomlTable } from "../model/op.ts";
import { nearestNames } from "../text/closest-match.ts";
import { renderKey, valueAt } from "../toml/value.ts";
import type { CheckContext, Checking, Layer } from "./context.ts";
import { codeAt, inOrder } from "./identity.ts";
import { fileViolations, mergedViolations, pitfalls, repeatedViolations, strictViolations } from "./rules.ts";
import { schemaViolations } from "./schema-violations.ts";

export type CheckResult = {
  /** Codex starts with these layers. */
  readonly loads: boolean;
  /** Codex starts with `--strict-config`, which checks each layer by itself as well. */
  readonly strict: boolean;
  /** In the order of files and lines. */
  readonly findings: readonly Finding[];
};

/** Checks layers that parse; of the root keys that the context names, where it names any. */
export function check(layers: readonly Layer[], given: CheckContext): CheckResult {
  const { below = {} } = given;
  const base = layers.find(({ file }) => file === "config")?.document.data ?? {};
  let tables: ReturnType<typeof tablesByKey> | undefined;
  const tablesWith = (name: string) => {
    tables ??= tablesByKey(given.schema, given.version);
    return tables.get(name) ?? [];
  };
  const selectors = selectorsIn(layers);
  const context: Checking = { selectors, ...given, base, nearest: nearestOf(MANY), tablesWith };
  // Nothing is merged where one file is all there is, and then its views are one.
  const [single] = layers.length === 1 && Object.keys(below).length === 0 ? layers : [];
  const merged =
    single?.document.data ?? layers.reduce<TomlTable>((all, { document }) => mergeTables(all, document.data), below);
  const ofSingle = single && schemaViolations(merged, context);
  const found = new Map<string, Finding>();
  const add = (violation: Violation, layer?: Layer) => {
    const key = `${codeAt(violation)} ${layer?.file ?? ""}`;
    const owner = layer ?? layerOf(layers, violation.path, below);
    if (owner && !found.has(key)) found.set(key, place(violation, owner));
  };
  for (const violation of [...(ofSingle ?? refusedTypes(merged, context)), ...mergedViolations(merged, context)]) {
    if (violation.stops === "load") add(violation);
  }
  const known = new Set([...found.values()].map(codeAt));
  for (const layer of layers) {
    for (const violation of fileViolations(layer, context)) add(violation, layer);
    const ofTypes = ofSingle ?? schemaViolations(layer.document.data, context);
    const again = single ? [] : repeatedViolations(layer, context);
    for (const violation of [...ofTypes, ...strictViolations(layer, context), ...again]) {
      // The merged config is fine here, so another layer overrides the fault: only the strict view refuses it.
      if (known.has(codeAt(violation))) continue;
      add(violation.stops === "load" ? { ...violation, stops: "strict" } : violation, layer);
    }
  }
  for (const violation of pitfalls(merged, context)) add(violation);
  const findings = inOrder(
    withoutGeneral([...found.values()]),
    layers.map(({ file }) => file),
  );
  const loads = findings.every(({ stops }) => stops !== "load");
  return { loads, strict: loads && findings.every(({ stops }) => stops === undefined), findings };
}

/**
 * Types that keep the merge from loading. Unknown keys are reported by the check of their own file, with the nearest
 * name.
 */
function refusedTypes(merged: TomlTable, context: Checking): Violation[] {
  return schemaViolations(merged, context, (mismatch) => mismatch.kind !== "unknown" || mismatch.stops === "load");
}

/** Of the schema's and a rule's finding at one path keeps the rule's, or the schema's where the rule is about a limit. */
function withoutGeneral(findings: readonly Finding[]): Finding[] {
  const placeOf = ({ file, path, stops }: Finding) => `${file} ${renderKey(path ?? [])} ${stops}`;
  const general = (code: Finding["code"]) => code === "wrong-type" || code === "unknown-key";
  const typed = new Set(findings.filter(({ code }) => code === "wrong-type").map(placeOf));
  const ruled = new Set(findings.filter(({ code }) => !general(code) && !LIMITS.has(code)).map(placeOf));
  return findings.filter((finding) =>
    general(finding.code) ? !ruled.has(placeOf(finding)) : !LIMITS.has(finding.code) || !typed.has(placeOf(finding)),
  );
}

const LIMITS: ReadonlySet<Finding["code"]> = new Set(["too-small", "empty-value", "wait-order"]);

/** With more unknown keys than this a text is no Codex config at all, and no mistyped one. */
const MANY = 500;

/** Where files choose a provider, at the top and in legacy profiles. */
export function selectorsIn(files: readonly Layer[]): Selectors {
  return (id) =>
    files.flatMap(({ document, file }) => {
      const profiles = Object.keys(document.table(["profiles"]) ?? {}).map((name) => ["profiles", name]);
      const paths = [[], ...profiles].map((table) => [...table, "model_provider"]);
      return paths.filter((path) => document.get(path) === id).map((path) => ({ file, path }));
    });
}

/** The search for the nearest name, or none with too many unknown keys: ten thousand searches take seconds. */
function nearestOf(many: number): Checking["nearest"] {
  let left = many;
  return (name, known, table) => {
    if (left-- <= 0) return null;
    return (table ? nearKeys(table, name, known) : nearestNames(name, known))[0] ?? null;
  };
}

/** The topmost layer that sets a path, else the nearest table above it; none where only `below` sets it. */
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

/** A violation as a finding of its layer. */
export function place({ code, args, path, stops, fix }: Violation, { file, document }: Layer): Finding {
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
