/**
 * What Codex's config may look like, as measured: which keys there are, since and until when, and what each takes. The
 * data is in schema/, which `scripts/build-schema.js` writes; this file only reads it for one version.
 */
import type { KeyPath, TomlTable, TomlValue } from "../model/op.ts";
import { isTable, valueAt } from "../toml/value.ts";
import { always, compareVersions, forVersion, type Manner } from "./facts.ts";

export type Shape =
  | { readonly kind: "boolean" | "string" | "any" }
  | { readonly kind: "integer"; readonly min?: number | string; readonly max?: number | string }
  /** `integers`: a TOML integer is taken for the float it equals. */
  | { readonly kind: "number"; readonly integers: boolean }
  | { readonly kind: "enum"; readonly values: readonly string[]; readonly aliases?: readonly string[] }
  | { readonly kind: "array"; readonly items: Shape }
  | { readonly kind: "map"; readonly values: Shape }
  | Struct
  /** The first option that fits counts. */
  | { readonly kind: "oneOf"; readonly options: readonly Shape[] };

export type Struct = {
  readonly kind: "struct";
  /** Codex's own name of it. */
  readonly name?: string;
  readonly fields: { readonly [key: string]: Field };
  /** What every key beside the fields takes. */
  readonly rest?: Shape;
  /** A key beside the fields is taken without being known. */
  readonly restUnknown?: boolean;
  /** An unknown key keeps the config from loading. */
  readonly closed?: boolean;
  /** `--strict-config` does not see unknown keys here. */
  readonly blind?: boolean;
};

export type Field = Shape & {
  readonly required?: boolean;
  /** The first and the last release seen with the key. */
  readonly since?: string;
  readonly until?: string;
  /** What older releases took: the first row whose `until` is not older than the release counts. */
  readonly variants?: readonly { readonly until: string; readonly shape: Shape }[];
  /** The newer name of the same setting; both in one table are refused. */
  readonly aliasOf?: string;
  /** Of a feature: how far it is. */
  readonly stage?: string;
};

/** One place where a value is not what the shape asks for. */
export type Mismatch =
  | { readonly kind: "type"; readonly path: KeyPath; readonly expected: string }
  | { readonly kind: "missing"; readonly path: KeyPath }
  | { readonly kind: "twice"; readonly path: KeyPath; readonly other: KeyPath }
  /** `stops`: what does not accept it. */
  | {
      readonly kind: "unknown";
      readonly path: KeyPath;
      readonly known: readonly string[];
      readonly stops: "load" | "strict" | null;
    };

/** Everything in `value` that a release of Codex would not take, or not know. */
export function mismatches(value: TomlValue, shape: Shape, version: string, path: KeyPath = []): Mismatch[] {
  const wrong = (): Mismatch[] => [{ kind: "type", path, expected: describe(shape, version) }];
  switch (shape.kind) {
    case "any":
      return [];
    case "array":
      return Array.isArray(value)
        ? value.flatMap((item, i) => mismatches(item, shape.items, version, [...path, i]))
        : wrong();
    case "map":
      return isTable(value)
        ? Object.entries(value).flatMap(([key, item]) => mismatches(item, shape.values, version, [...path, key]))
        : wrong();
    case "struct":
      if (isTable(value)) return structMismatches(value, shape, version, path);
      return (Array.isArray(value) ? inOrder(value, shape, version, path) : null) ?? wrong();
    case "oneOf":
      return bestOption(value, shape.options, version, path) ?? wrong();
    default:
      return takes(value, shape) ? [] : wrong();
  }
}

/** The shape of a path in a release; null when that release knows no such key. */
export function shapeAt(root: Shape, path: KeyPath, version: string): Shape | null {
  let options: readonly Shape[] = [root];
  for (const part of path) {
    options = options.flatMap((shape) => below(shape, part, version));
    if (options.length === 0) return null;
  }
  const [only] = options;
  return options.length === 1 && only ? only : { kind: "oneOf", options };
}

/** The same, and null too for a name that a release takes without knowing it, as any feature. */
export function knownShapeAt(root: Shape, path: KeyPath, version: string): Shape | null {
  const table = shapeAt(root, path.slice(0, -1), version);
  const name = path.at(-1);
  const unknown =
    table?.kind === "struct" && table.restUnknown && typeof name === "string" && !fieldIn(table, name, version);
  return unknown ? null : shapeAt(root, path, version);
}

/** The names that a release knows at a table; empty for free maps. */
export function knownKeys(root: Shape, path: KeyPath, version: string): string[] {
  const shape = shapeAt(root, path, version);
  const structs = shape === null ? [] : shape.kind === "oneOf" ? shape.options : [shape];
  return structs.flatMap((struct) => (struct.kind === "struct" ? liveFields(struct, version) : []));
}

/** The field as a release has it; null when it has none of that name. */
export function fieldIn(struct: Struct, name: string, version: string): Field | null {
  const field = Object.hasOwn(struct.fields, name) ? struct.fields[name] : undefined;
  return field === undefined ? null : inRelease(field, version);
}

/** The names that a release has. */
export function liveFields(struct: Struct, version: string): readonly string[] {
  return Object.keys(struct.fields).filter((name) => fieldIn(struct, name, version) !== null);
}

function inRelease(field: Field, version: string): Field | null {
  if (field.since !== undefined && compareVersions(version, field.since) < 0) return null;
  if (field.until !== undefined && compareVersions(version, field.until) > 0) return null;
  const older = field.variants?.find(({ until }) => compareVersions(version, until) <= 0);
  return older ? ({ ...older.shape, ...(field.required ? { required: true } : {}) } as Field) : field;
}

/** What a shape takes, in words for people. */
export function describe(shape: Shape, version: string): string {
  switch (shape.kind) {
    case "boolean":
      return "true or false";
    case "string":
      return "a string";
    case "any":
      return "any value";
    case "integer":
      return shape.min === undefined
        ? "an integer"
        : shape.max === undefined
          ? `an integer from ${shape.min}`
          : `an integer from ${shape.min} to ${shape.max}`;
    case "number":
      return "a number";
    case "enum":
      return `one of ${shape.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "array": {
      const items = describe(shape.items, version);
      return `an array of ${items.replace(/^an? /, "")}${/^an? /.test(items) ? "s" : ""}`;
    }
    case "map":
    case "struct":
      return "a table";
    case "oneOf":
      return [...new Set(shape.options.map((option) => describe(option, version)))].join(" or ");
  }
}

/** What is wrong with an array that stands for a table, its elements in the order of the settings; null when it does not. */
function inOrder(value: readonly TomlValue[], struct: Struct, version: string, path: KeyPath): Mismatch[] | null {
  const names = always("structsFromArrays");
  const known = struct.name !== undefined && Object.hasOwn(names, struct.name) ? names[struct.name] : undefined;
  const [item, ...more] = value;
  if (!known || more.length > 0) return null;
  if (item === undefined) return known.empty ? [] : null;
  const first = known.first === undefined ? null : fieldIn(struct, known.first, version);
  const found = first === null ? null : mismatches(item, first, version, [...path, 0]);
  return found?.every(({ kind }) => kind === "unknown") ? found : null;
}

function structMismatches(value: TomlTable, struct: Struct, version: string, path: KeyPath): Mismatch[] {
  const found: Mismatch[] = [];
  let unknown: { readonly known: readonly string[]; readonly stops: "load" | "strict" | null } | undefined;
  for (const [key, item] of Object.entries(value)) {
    const field = fieldIn(struct, key, version) ?? struct.rest;
    if (field) found.push(...mismatches(item, field, version, [...path, key]));
    else {
      unknown ??= { known: liveFields(struct, version), stops: STOPS[mannerOf(struct, version)] };
      found.push({ kind: "unknown", path: [...path, key], ...unknown });
    }
  }
  for (const key in struct.fields) {
    // Few fields say something about a table by their absence, or beside another one.
    const { aliasOf, required } = struct.fields[key] ?? {};
    const field = required || aliasOf !== undefined ? fieldIn(struct, key, version) : null;
    if (field === null) continue;
    const { aliasOf: other } = field;
    if (other !== undefined && valueAt(value, [key]) !== undefined && valueAt(value, [other]) !== undefined)
      found.push({ kind: "twice", path: [...path, key], other: [...path, other] });
    if (required && valueAt(value, [key]) === undefined) found.push({ kind: "missing", path: [...path, key] });
  }
  return found;
}

const STOPS = { closed: "load", strict: "strict", blind: null } as const;

function mannerOf({ blind, closed, name }: Struct, version: string): Manner {
  const older = forVersion("olderManners", version);
  const named = name !== undefined && Object.hasOwn(older, name) ? older[name] : undefined;
  return named ?? (closed ? "closed" : blind ? "blind" : "strict");
}

/** No mismatch of type when an option fits; those of the option that the value's own form points to otherwise. */
function bestOption(value: TomlValue, options: readonly Shape[], version: string, path: KeyPath): Mismatch[] | null {
  const results = options.map((option) => mismatches(value, option, version, path));
  const fits = (result: readonly Mismatch[]) =>
    result.every((mismatch) => mismatch.kind === "unknown" && mismatch.stops !== "load");
  const fitting = results.find(fits);
  if (fitting) return fitting;
  const deeper = results.filter((result) =>
    result.every((mismatch) => mismatch.kind !== "type" || mismatch.path.length > path.length),
  );
  return deeper.length === 1 ? (deeper[0] ?? null) : null;
}

function takes(value: TomlValue, shape: Shape): boolean {
  switch (shape.kind) {
    case "boolean":
      return typeof value === "boolean";
    case "string":
      // A date without quotes is the text of itself to Codex.
      return typeof value === "string" || value instanceof Date;
    case "integer":
      return (
        typeof value === "bigint" &&
        (shape.min === undefined || value >= BigInt(shape.min)) &&
        (shape.max === undefined || value <= BigInt(shape.max))
      );
    case "number":
      return typeof value === "number" || (shape.integers && typeof value === "bigint");
    case "enum":
      return typeof value === "string" && (shape.values.includes(value) || (shape.aliases ?? []).includes(value));
    default:
      return false;
  }
}

function below(shape: Shape, part: string | number, version: string): readonly Shape[] {
  if (shape.kind === "oneOf") return shape.options.flatMap((option) => below(option, part, version));
  if (shape.kind === "any") return [shape];
  if (typeof part === "number") return shape.kind === "array" ? [shape.items] : [];
  if (shape.kind === "map") return [shape.values];
  if (shape.kind !== "struct") return [];
  const field = fieldIn(shape, part, version) ?? shape.rest;
  return field ? [field] : [];
}
