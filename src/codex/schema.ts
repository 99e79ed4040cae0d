/**
 * The measured schema of Codex's config: which keys there are, since and until when, and what each takes. The data is in
 * schema/, which `scripts/build-schema.js` writes; this file reads it for one release and knows no rule that involves
 * several keys.
 */
import type { KeyPath, TomlTable, TomlValue } from "../model/op.ts";
import { isTable, valueAt } from "../toml/value.ts";
import { always, compareVersions, forVersion } from "./facts.ts";
import type { UnknownKeys } from "./unknown-keys.ts";

export type Schema =
  | { readonly kind: "boolean" | "string" | "any" }
  | { readonly kind: "integer"; readonly min?: number | string; readonly max?: number | string }
  /** `integers`: a TOML integer is taken for the float it equals. */
  | { readonly kind: "number"; readonly integers: boolean }
  | { readonly kind: "enum"; readonly values: readonly string[]; readonly aliases?: readonly string[] }
  | { readonly kind: "array"; readonly items: Schema }
  | { readonly kind: "map"; readonly values: Schema }
  | Struct
  /** The first option that fits counts. */
  | { readonly kind: "oneOf"; readonly options: readonly Schema[] };

export type Struct = {
  readonly kind: "struct";
  /** Codex's own name of it. */
  readonly name?: string;
  readonly fields: { readonly [key: string]: Field };
  /** What every key beside the fields takes. */
  readonly rest?: Schema;
  /** A key beside the fields is taken without being known. */
  readonly restUnknown?: boolean;
  /** What Codex does with an unknown key here; without it, `--strict-config` alone refuses one. */
  readonly unknownKeys?: UnknownKeys;
};

export type Field = Schema & {
  readonly required?: boolean;
  /** The first and the last release seen with the key. */
  readonly since?: string;
  readonly until?: string;
  /** What older releases took: the first row whose `until` is not older than the release counts. */
  readonly variants?: readonly { readonly until: string; readonly schema: Schema }[];
  /** The newer name of the same setting; both in one table are refused. */
  readonly aliasOf?: string;
  /** Of a feature: how far it is. */
  readonly stage?: string;
};

/** One place where a value is not what the schema asks for. */
export type Mismatch =
  | { readonly kind: "type"; readonly path: KeyPath; readonly expected: string }
  | { readonly kind: "missing"; readonly path: KeyPath }
  | { readonly kind: "twice"; readonly path: KeyPath; readonly other: KeyPath }
  /** `stops`: what refuses it. */
  | {
      readonly kind: "unknown";
      readonly path: KeyPath;
      readonly known: readonly string[];
      readonly stops: "load" | "strict" | null;
    };

/** Everything in `value` that a release of Codex would not take, or not know. */
export function mismatches(value: TomlValue, schema: Schema, version: string, path: KeyPath = []): Mismatch[] {
  const wrong = (): Mismatch[] => [{ kind: "type", path, expected: expectedAt(path, schema, version) }];
  switch (schema.kind) {
    case "any":
      return [];
    case "array":
      return Array.isArray(value)
        ? value.flatMap((item, i) => mismatches(item, schema.items, version, [...path, i]))
        : wrong();
    case "map":
      return isTable(value)
        ? Object.entries(value).flatMap(([key, item]) => mismatches(item, schema.values, version, [...path, key]))
        : wrong();
    case "struct":
      if (isTable(value)) return structMismatches(value, schema, version, path);
      return (Array.isArray(value) ? inOrder(value, schema, version, path) : null) ?? wrong();
    case "oneOf":
      return bestOption(value, schema.options, version, path) ?? wrong();
    default:
      return takes(value, schema) ? [] : wrong();
  }
}

/** The schema of a path in a release; null when that release knows no such key. */
export function schemaAt(root: Schema, path: KeyPath, version: string): Schema | null {
  let options: readonly Schema[] = [root];
  for (const part of path) {
    options = options.flatMap((schema) => below(schema, part, version));
    if (options.length === 0) return null;
  }
  const [only] = options;
  return options.length === 1 && only ? only : { kind: "oneOf", options };
}

/** The same, and null also for a name that a release takes without knowing it, such as any name under `[features]`. */
export function knownSchemaAt(root: Schema, path: KeyPath, version: string): Schema | null {
  const table = schemaAt(root, path.slice(0, -1), version);
  const name = path.at(-1);
  const unknown =
    table?.kind === "struct" && table.restUnknown && typeof name === "string" && !fieldIn(table, name, version);
  return unknown ? null : schemaAt(root, path, version);
}

/** The keys that a release knows in a table; none for a table that takes any key. */
export function knownKeys(root: Schema, path: KeyPath, version: string): string[] {
  const schema = schemaAt(root, path, version);
  const structs = schema === null ? [] : schema.kind === "oneOf" ? schema.options : [schema];
  return structs.flatMap((struct) => (struct.kind === "struct" ? liveFields(struct, version) : []));
}

/**
 * The tables with a fixed path, by the names of their keys: not those below tables that take any name, such as servers, and
 * not legacy profiles, which repeat the root.
 */
export function tablesByKey(root: Schema, version: string): ReadonlyMap<string, readonly KeyPath[]> {
  const found = new Map<string, KeyPath[]>();
  const look = (schema: Schema, path: KeyPath): void => {
    if (schema.kind === "oneOf") for (const option of schema.options) look(option, path);
    if (schema.kind !== "struct") return;
    for (const key of liveFields(schema, version)) {
      if (path.length > 0) found.set(key, [...(found.get(key) ?? []), path]);
      const field = path.length > 1 || key === "profiles" ? null : fieldIn(schema, key, version);
      if (field) look(field, [...path, key]);
    }
  };
  look(root, []);
  return found;
}

/** Whether a table has a key of that name, rather than any name. */
export function hasKey(root: Schema, table: KeyPath, name: string, version: string): boolean {
  const has = (schema: Schema | null): boolean =>
    schema?.kind === "oneOf"
      ? schema.options.some(has)
      : schema?.kind === "struct" && fieldIn(schema, name, version) !== null;
  return has(schemaAt(root, table, version));
}

/** The words that a setting takes in a release, where it takes words of a closed list. */
export function allowedIn(schema: Schema, path: KeyPath, version: string): readonly string[] {
  if (schema.kind === "oneOf") return schema.options.flatMap((option) => allowedIn(option, path, version));
  if (schema.kind !== "enum") return [];
  return schema.values.filter((word) => word !== "untrusted" || !isUntrustedGone(path, version));
}

/** The field as a release has it; null when it has none of that name. */
export function fieldIn(struct: Struct, name: string, version: string): Field | null {
  const field = Object.hasOwn(struct.fields, name) ? struct.fields[name] : undefined;
  return field === undefined ? null : inRelease(field, version);
}

/** The names of the fields that a release has. */
export function liveFields(struct: Struct, version: string): readonly string[] {
  return Object.keys(struct.fields).filter((name) => fieldIn(struct, name, version) !== null);
}

function inRelease(field: Field, version: string): Field | null {
  if (field.since !== undefined && compareVersions(version, field.since) < 0) return null;
  if (field.until !== undefined && compareVersions(version, field.until) > 0) return null;
  const older = field.variants?.find(({ until }) => compareVersions(version, until) <= 0);
  return older ? ({ ...older.schema, ...(field.required ? { required: true } : {}) } as Field) : field;
}

function expectedAt(path: KeyPath, schema: Schema, version: string): string {
  const words = describe(schema, version);
  // A word that the type still has, and that a rule of its own refuses.
  return allowedIn(schema, path, version).includes("on-request") && isUntrustedGone(path, version)
    ? words.replace('"untrusted", ', "")
    : words;
}

function isUntrustedGone(path: KeyPath, version: string): boolean {
  return path.at(-1) === "approval_policy" && forVersion("approvalUntrustedRemoved", version);
}

/** What a schema takes, in words for people. */
export function describe(schema: Schema, version: string): string {
  switch (schema.kind) {
    case "boolean":
      return "true or false";
    case "string":
      return "a string";
    case "any":
      return "any value";
    case "integer":
      return schema.min === undefined
        ? "an integer"
        : schema.max === undefined
          ? `an integer from ${schema.min}`
          : `an integer from ${schema.min} to ${schema.max}`;
    case "number":
      return "a number";
    case "enum":
      return `one of ${schema.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "array": {
      const items = describe(schema.items, version);
      return `an array of ${items.replace(/^an? /, "")}${/^an? /.test(items) ? "s" : ""}`;
    }
    case "map":
    case "struct":
      return "a table";
    case "oneOf":
      return [...new Set(schema.options.map((option) => describe(option, version)))].join(" or ");
  }
}

/**
 * Codex reads some arrays as a table, one element for each field in order: their mismatches; null for any other array.
 */
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
      unknown ??= { known: liveFields(struct, version), stops: STOPS[unknownKeysIn(struct, version)] };
      found.push({ kind: "unknown", path: [...path, key], ...unknown });
    }
  }
  for (const key in struct.fields) {
    // Only these two kinds of fields matter when they are absent or beside another one; the others are skipped for speed.
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

const STOPS = { refused: "load", "strict-only": "strict", ignored: null } as const;

function unknownKeysIn({ name, unknownKeys = "strict-only" }: Struct, version: string): UnknownKeys {
  const older = forVersion("olderUnknownKeys", version);
  return (name !== undefined && Object.hasOwn(older, name) ? older[name] : undefined) ?? unknownKeys;
}

/** The mismatches of the option that fits; else of the only one whose outer type is right; null when there is none. */
function bestOption(value: TomlValue, options: readonly Schema[], version: string, path: KeyPath): Mismatch[] | null {
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

function takes(value: TomlValue, schema: Schema): boolean {
  switch (schema.kind) {
    case "boolean":
      return typeof value === "boolean";
    case "string":
      // Codex reads a TOML date as its text.
      return typeof value === "string" || value instanceof Date;
    case "integer":
      return (
        typeof value === "bigint" &&
        (schema.min === undefined || value >= BigInt(schema.min)) &&
        (schema.max === undefined || value <= BigInt(schema.max))
      );
    case "number":
      return typeof value === "number" || (schema.integers && typeof value === "bigint");
    case "enum":
      return typeof value === "string" && (schema.values.includes(value) || (schema.aliases ?? []).includes(value));
    default:
      return false;
  }
}

function below(schema: Schema, part: string | number, version: string): readonly Schema[] {
  if (schema.kind === "oneOf") return schema.options.flatMap((option) => below(option, part, version));
  if (schema.kind === "any") return [schema];
  if (typeof part === "number") return schema.kind === "array" ? [schema.items] : [];
  if (schema.kind === "map") return [schema.values];
  if (schema.kind !== "struct") return [];
  const field = fieldIn(schema, part, version) ?? schema.rest;
  return field ? [field] : [];
}
