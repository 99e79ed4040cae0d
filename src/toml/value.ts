/**
 * TOML values as data: what is at a path, equality, and how a value is spelled. Looks at own properties only, so that
 * keys like `__proto__` are names like any other.
 */
import type { KeyPath, TomlTable, TomlValue } from "../model/op.ts";

export function isTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof Date);
}

/** The value at a path, or undefined when nothing is there. */
export function valueAt(root: TomlValue, path: KeyPath): TomlValue | undefined {
  return path.reduce<TomlValue | undefined>(
    (value, part) => (value === undefined ? undefined : memberOf(value, part)),
    root,
  );
}

/** The member of a table or the item of an array; undefined where there is none. */
export function memberOf(value: TomlValue, part: string | number): TomlValue | undefined {
  if (typeof part === "number") return Array.isArray(value) ? value[part] : undefined;
  return isTable(value) && Object.hasOwn(value, part) ? value[part] : undefined;
}

/** The tables directly below a path, by name; other values are left out. */
export function tablesIn(root: TomlTable, path: KeyPath): [string, TomlTable][] {
  const table = valueAt(root, path);
  const entries = isTable(table) ? Object.entries(table) : [];
  return entries.flatMap(([name, value]): [string, TomlTable][] => (isTable(value) ? [[name, value]] : []));
}

/** Every value of a table and its path, however deep; an empty table counts as one. */
export function leavesOf(table: TomlTable, path: readonly string[] = []): [readonly string[], TomlValue][] {
  return Object.entries(table).flatMap(([key, value]): [readonly string[], TomlValue][] =>
    isTable(value) && Object.keys(value).length > 0 ? leavesOf(value, [...path, key]) : [[[...path, key], value]],
  );
}

/** Same type and meaning; the order of keys does not count. */
export function sameValue(a: TomlValue | undefined, b: TomlValue | undefined): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object") return false;
  if (a instanceof Date || b instanceof Date)
    return a instanceof Date && b instanceof Date && a.toISOString() === b.toISOString();
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
  }
  const left = a as TomlTable;
  const right = b as TomlTable;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  for (const key of keys) if (!Object.hasOwn(right, key) || !sameValue(left[key], right[key])) return false;
  return true;
}

/** A value on one line. `like` is the spelling it replaces: a literal string stays literal where it can. */
export function renderValue(value: TomlValue, like = ""): string {
  if (typeof value === "string") return like.startsWith("'") && isLiteral(value) ? `'${value}'` : renderString(value);
  if (typeof value === "number") return renderFloat(value);
  if (typeof value !== "object") return String(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `[${value.map((item) => renderValue(item)).join(", ")}]`;
  const entries = Object.entries(value).map(([key, item]) => `${renderKey([key])} = ${renderValue(item)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

/** A dotted key, each part bare where it can be. */
export function renderKey(path: readonly (string | number)[]): string {
  return path
    .map((part) => (/^[A-Za-z0-9_-]+$/.test(String(part)) ? String(part) : renderString(String(part))))
    .join(".");
}

function renderFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const text = Object.is(value, -0) ? "-0" : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/**
 * Replaces characters that are invisible or change the display: controls, bidi and zero-width marks, line separators,
 * lone surrogates.
 */
export function spellOut(text: string, spell: (character: string) => string): string {
  // Nearly every text is plain ASCII, and the second expression is much slower.
  return /^[\x20-\x7e]*$/.test(text) ? text : text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, spell);
}

const SHORT: Readonly<Record<string, string>> = { "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r" };

function renderString(value: string): string {
  const escaped = value.replace(/["\\]/g, "\\$&");
  return `"${spellOut(escaped, (c) => SHORT[c] ?? escapeCode(c.codePointAt(0) ?? 0))}"`;
}

function escapeCode(code: number): string {
  const hex = code.toString(16);
  return code > 0xffff ? `\\U${hex.padStart(8, "0")}` : `\\u${hex.padStart(4, "0")}`;
}

function isLiteral(value: string): boolean {
  return !value.includes("'") && spellOut(value, () => "") === value;
}
