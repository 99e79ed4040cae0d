/**
 * TOML values as data: equality, spelling, and a copy-on-write model of a document's data for the proof. Own
 * properties only, so that keys like `__proto__` are names like any other.
 */
import type { KeyPath, TomlTable, TomlValue } from "../model/op.ts";

export function isTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof Date);
}

/** The value at a path, or undefined when nothing is there. */
export function valueAt(root: TomlValue, path: KeyPath): TomlValue | undefined {
  let value: TomlValue | undefined = root;
  for (const part of path) {
    value = memberOf(value, part);
    if (value === undefined) return undefined;
  }
  return value;
}

function memberOf(value: TomlValue, part: string | number): TomlValue | undefined {
  if (typeof part === "number") return Array.isArray(value) ? value[part] : undefined;
  return isTable(value) && Object.hasOwn(value, part) ? value[part] : undefined;
}

/** The tables directly below a path, by name; what is no table is passed over. */
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

/** The data a document should hold after some edits. Never alters the data it started from. */
export class Model {
  /** Tables made or copied here, hence free to be altered. */
  readonly #own = new Set<object>();
  /** Tables that vanish from the text when the header that implied them goes, and where they were. */
  readonly #fading = new Map<object, KeyPath>();
  #root: TomlTable;

  constructor(root: TomlTable) {
    this.#root = root;
  }

  get root(): TomlTable {
    return this.#root;
  }

  set(path: KeyPath, value: TomlValue): void {
    const name = path.at(-1);
    if (name === undefined) this.#root = value as TomlTable;
    else this.#owned(path.slice(0, -1))[name as number] = value;
  }

  /** Adds every key of `value` that is not there yet, tables into tables. */
  merge(path: KeyPath, value: TomlTable): void {
    this.#owned(path);
    for (const [key, item] of Object.entries(value)) {
      const inner = [...path, key];
      const old = valueAt(this.#root, inner);
      if (isTable(item) && (old === undefined || isTable(old))) this.merge(inner, item);
      else this.set(inner, item);
    }
  }

  unset(path: KeyPath): void {
    const name = path.at(-1);
    if (name === undefined || valueAt(this.#root, path) === undefined) return;
    const parent = this.#owned(path.slice(0, -1));
    if (Array.isArray(parent)) parent.splice(name as number, 1);
    else Reflect.deleteProperty(parent, name);
    for (let depth = path.length - 1; depth > 0; depth--) {
      const above = this.#owned(path.slice(0, depth));
      if (Object.keys(above).length > 0) break;
      this.#fading.set(above, path.slice(0, depth));
    }
  }

  /** Lets the tables on the way to `path`, or below it, that may have vanished be gone or stay, as the text has it. */
  settle(path: KeyPath, isThere: (path: KeyPath) => boolean): void {
    for (const [table, at] of this.#fading) {
      if (!path.every((part, i) => i >= at.length || part === at[i])) continue;
      if (valueAt(this.#root, at) !== table) continue;
      if (Object.keys(table).length === 0 && !isThere(at)) this.unset(at);
      this.#fading.delete(table);
    }
  }

  /** Whether parsed data is exactly this model; tables that lost their last key may be gone with it. */
  matches(actual: TomlValue): boolean {
    return this.#matches(this.#root, actual);
  }

  #matches(expected: TomlValue, actual: TomlValue | undefined): boolean {
    if (!isTable(expected) || !isTable(actual)) {
      if (Array.isArray(expected) && Array.isArray(actual) && this.#own.has(expected)) {
        return expected.length === actual.length && expected.every((item, i) => this.#matches(item, actual[i]));
      }
      return actual === undefined ? this.#gone(expected) : sameValue(expected, actual);
    }
    if (!this.#own.has(expected)) return sameValue(expected, actual);
    let absent = 0;
    const keys = Object.keys(expected);
    for (const key of keys) {
      const found = memberOf(actual, key);
      if (found === undefined) absent++;
      if (!this.#matches(expected[key] as TomlValue, found)) return false;
    }
    return Object.keys(actual).length === keys.length - absent;
  }

  /** A table that may have faded: empty, or holding nothing but tables that may have. */
  #gone(expected: TomlValue): boolean {
    if (Array.isArray(expected)) return expected.length === 0 && this.#own.has(expected);
    if (!isTable(expected)) return false;
    const items = Object.values(expected);
    return items.length === 0 ? this.#fading.has(expected) : items.every((item) => this.#gone(item));
  }

  /** The table (or array of tables) at a path, copied once on the way so that it may be altered. */
  #owned(path: KeyPath): Record<string | number, TomlValue> | TomlValue[] {
    let parent: object | null = null;
    let part: string | number = "";
    let value: TomlValue | undefined = this.#root;
    for (let depth = 0; ; depth++) {
      if (value === undefined || typeof value !== "object") value = {};
      if (!this.#own.has(value)) {
        // Without a prototype every name is a key like any other, and a copy of hundreds of keys takes no time.
        value = Array.isArray(value) ? [...value] : (Object.assign(Object.create(null), value) as TomlTable);
        this.#own.add(value);
        if (parent === null) this.#root = value as TomlTable;
        else (parent as Record<string | number, TomlValue>)[part] = value;
      }
      if (depth === path.length) return value as TomlValue[];
      parent = value;
      part = path[depth] as string | number;
      value = memberOf(value, part);
    }
  }
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

/** Spells what nobody can read as it is: controls, bidi and zero-width marks, line separators, lone surrogates. */
export function spellOut(text: string, spell: (character: string) => string): string {
  // Nearly every text.
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
