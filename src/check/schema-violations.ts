/** The mismatches of a config with the measured schema, as violations, each with a fix where there is one. Knows no rule. */
import { nearKeys } from "../codex/near-names.ts";
import { oneName } from "../codex/rules/fixes.ts";
import { knownKeys, type Mismatch, mismatches, type Schema } from "../codex/schema.ts";
import type { Violation } from "../findings/finding.ts";
import type { KeyPath, TomlTable } from "../model/op.ts";
import { renderKey, sameValue, valueAt } from "../toml/value.ts";
import { type Checking, only } from "./context.ts";
import { type RightPlace, rightName, rightPlace, rightValue } from "./near-miss.ts";

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
      // A key of another table has that table's type.
      const place = rightPlace(path, data, context, false);
      if (place) return misplaced(path, place, "load");
      const fix = rightValue(path, data, context);
      return {
        code: "wrong-type",
        args: { key, expected: mismatch.expected },
        path,
        stops: "load",
        ...(fix && { fix }),
      };
    });
}

/** The keys of a table, in one release, whose names are near a mistyped one. */
export function keysNear(schema: Schema, path: KeyPath, version: string): string[] {
  const table = path.slice(0, -1);
  return nearKeys(table, String(path.at(-1)), knownKeys(schema, table, version));
}

/** An unknown key: one of another table, a misspelt one, or simply an unknown one. */
function unknown({ known, path, stops }: Unknown, data: TomlTable, context: Checking): Violation {
  const name = String(path.at(-1));
  const table = path.slice(0, -1);
  const place = rightPlace(path, data, context, stops !== "load");
  const near = place ? null : context.nearest(name, known, table);
  if (place && near === null) return misplaced(path, place, stops);
  const found = { code: "unknown-key", args: { key: renderKey(path), near }, path, stops } as const;
  const fix = near === null ? undefined : rightName(path, near, data, context, stops === "load");
  return { ...found, ...(fix && { fix }) };
}

type Unknown = Extract<Mismatch, { kind: "unknown" }>;

function misplaced(path: KeyPath, { fix, to }: RightPlace, stops: Violation["stops"]): Violation {
  const args = { key: String(path.at(-1)), table: renderKey(path.slice(0, -1)), to: to && renderKey(to) };
  return { code: "misplaced-key", args, path, stops, ...(fix && { fix }) };
}
