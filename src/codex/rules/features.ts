/** The rules for `[features]`, whose names come and go with every release. */
import type { Violation } from "../../findings/finding.ts";
import type { KeyPath, TomlTable } from "../../model/op.ts";
import { isTable, renderKey, valueAt } from "../../toml/value.ts";
import { forVersion } from "../facts.ts";
import { fieldIn, liveFields, type Schema, type Struct, schemaAt } from "../schema.ts";
import { choice, move, safe, set, unset } from "./fixes.ts";

/** Features that a release does not know: it ignores one that is true or false, and only the strict view refuses it. */
export function featureRules(
  config: TomlTable,
  schema: Schema,
  version: string,
  nearest: (name: string, known: readonly string[], table: KeyPath) => string | null,
): Violation[] {
  return featureTables(config).flatMap((table) => {
    const struct = structAt(schema, table, version);
    const features = valueAt(config, table);
    if (!struct || !isTable(features)) return [];
    const known = liveFields(struct, version).filter((name) => fieldIn(struct, name, version)?.stage !== "removed");
    return Object.entries(features).flatMap(([name, value]): Violation[] => {
      if (typeof value !== "boolean" || fieldIn(struct, name, version)) return [];
      if (forVersion("featureAliases", version).includes(name)) return [];
      const path = [...table, name];
      // A setting of every start that slipped below the header.
      const top = table.length === 1 ? schemaAt(schema, [name], version) : null;
      if (top?.kind === "boolean") return [strayed(path, config)];
      const near = nearest(name, known, table);
      const found = { code: "unknown-key", args: { key: renderKey(path), near }, path, stops: "strict" } as const;
      if (near === null || Object.hasOwn(features, near)) return [found];
      const right = [...table, near];
      const fix = choice("under its right name the feature counts", [
        `rename it to ${near}`,
        set(right, value),
        unset(path),
      ]);
      return [{ ...found, fix }];
    });
  });
}

function strayed(path: KeyPath, config: TomlTable): Violation {
  const name = String(path.at(-1));
  const found = {
    code: "misplaced-key",
    args: { key: name, table: "features", to: "" },
    path,
    stops: "strict",
  } as const;
  if (valueAt(config, [name]) !== undefined) return found;
  return { ...found, fix: choice("at the top it counts", ["move it to the top", move(path, [])]) };
}

/** Features that are still accepted and have no effect any more. */
export function featurePitfalls(config: TomlTable, schema: Schema, version: string): Violation[] {
  const struct = structAt(schema, ["features"], version);
  const features = valueAt(config, ["features"]);
  if (!struct || !isTable(features)) return [];
  const gone = Object.keys(features).filter((name) => fieldIn(struct, name, version)?.stage === "removed");
  const [first] = gone;
  if (first === undefined) return [];
  const paths = gone.map((name) => ["features", name]);
  // One line for all of them: nobody decides about one and not about the others.
  const fix = safe("Codex reads the lines and does nothing with them", ...paths.map(unset));
  return [
    { code: "ineffective-key", args: { keys: paths.map(renderKey) }, path: ["features", first], stops: null, fix },
  ];
}

function featureTables(config: TomlTable): KeyPath[] {
  const profiles = valueAt(config, ["profiles"]);
  const names = isTable(profiles) ? Object.keys(profiles) : [];
  return [["features"], ...names.map((name) => ["profiles", name, "features"])];
}

function structAt(schema: Schema, path: KeyPath, version: string): Struct | null {
  const found = schemaAt(schema, path, version);
  return found?.kind === "struct" ? found : null;
}
