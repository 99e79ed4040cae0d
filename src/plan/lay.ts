/**
 * Lays one set of settings over a config, and works out what brings back what was there before: key by key, whoever has
 * written beside them since. Pure; knows images of entries, not what a profile is.
 */
import { mergeTables } from "../codex/merge.ts";
import type { Change, Laid } from "../model/change.ts";
import type { KeyPath, Op, TomlTable, TomlValue } from "../model/op.ts";
import { type Document, documentOf } from "../toml/document.ts";
import { isTable, leavesOf, sameValue, valueAt } from "../toml/value.ts";

/** The ops that lay settings over config.toml: tables merge, everything else is replaced, as a profile's file does it. */
export function layOps(config: Document, settings: TomlTable): Op[] {
  return pieces(config.data, settings).flatMap((path): Op[] => {
    const value = valueAt(settings, path) ?? {};
    const set: Op = { op: "set", file: "config", path, value };
    // `set` never puts a table in the place of a value, nor a value in the place of a table.
    const there = config.get(path);
    return there !== undefined && (hasTables(there) || hasTables(value))
      ? [{ op: "unset", file: "config", path }, set]
      : [set];
  });
}

/** The paths of the values that settings change, one for a table that comes new with all it holds. */
function pieces(base: TomlTable, over: TomlTable, above: KeyPath = []): KeyPath[] {
  return Object.entries(over).flatMap(([name, value]): KeyPath[] => {
    const old = valueAt(base, [name]);
    const path = [...above, name];
    if (!isTable(value)) return sameValue(old, value) ? [] : [path];
    const isGroup = Object.keys(value).length > 0 && Object.values(value).every(isTable);
    if (isTable(old) || (old === undefined && isGroup)) return pieces(isTable(old) ? old : {}, value, path);
    return [path];
  });
}

function hasTables(value: TomlValue): boolean {
  return isTable(value) || (Array.isArray(value) && value.some(isTable));
}

/** The keys of settings that a config does not hold already. */
export function keysLaid(config: Document, settings: TomlTable): KeyPath[] {
  const merged = mergeTables(config.data, settings);
  return leavesOf(settings).flatMap(([path]): KeyPath[] =>
    path.length === 0 || sameValue(config.get(path), valueAt(merged, path)) ? [] : [path],
  );
}

/**
 * What an inversion takes for images: config.toml as it was without the keys that were laid, and with them. One pair for each
 * entry whose image knows what comes back. `value` is what was laid at a path.
 */
export function laidImages(
  laid: readonly Laid[],
  textBefore: (from: string | undefined) => string | null,
  value: (path: KeyPath) => TomlValue | undefined,
): Change[] {
  return [...new Set(laid.map(({ from }) => from))].flatMap((from): Change[] => {
    const before = textBefore(from);
    const document = documentOf(before ?? "");
    if (document === null) return [];
    const keys = laid.filter((one) => one.from === from).map(({ path }) => path);
    const own = keys.reduce<TomlTable>((all, path) => mergeTables(all, nested(path, value(path))), {});
    const gone = keys.filter((path) => value(path) === undefined);
    const edits = [...layOps(document, own), ...gone.map((path) => ({ op: "unset", file: "config", path }) as const)];
    return [{ file: "config", before, after: document.edit(edits.flatMap((op) => (isEdit(op) ? [op] : []))).text }];
  });
}

type SetOrUnset = Extract<Op, { op: "set" | "unset" }>;
const isEdit = (op: Op): op is SetOrUnset => op.op === "set" || op.op === "unset";

function nested(path: KeyPath, value: TomlValue | undefined): TomlTable {
  if (value === undefined) return {};
  return path.reduceRight<TomlValue>((inner, part) => ({ [String(part)]: inner }), value) as TomlTable;
}
