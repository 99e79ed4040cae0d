/** Settings as people and programs see them: keys and values in TOML's spelling or as JSON, secrets redacted. */
import type { KeyPath, TomlTable, TomlValue } from "../model/op.ts";
import { type Document, documentOf } from "../toml/document.ts";
import { renderTable } from "../toml/fragment.ts";
import { isTable, renderKey, renderValue, valueAt } from "../toml/value.ts";
import { Redactor, redactedValue, SECRET } from "./redactor.ts";

/** A dotted key. Names are no values: what looks like a token in one is caught where it is printed. */
export function shownKey(path: KeyPath): string {
  return renderKey(path);
}

/** A value in one line of TOML; `path` says what it is. */
export function shownValue(value: TomlValue, path: KeyPath): string {
  return new Redactor().spelling(renderValue(value), path);
}

/** What a document says at a path; undefined where that is nothing. `reveals`: nothing is masked. */
export function shownAt(document: Document, path: KeyPath, reveals = false): TomlValue | undefined {
  const value = document.get(path);
  if (value === undefined || reveals) return value;
  // An argument does not tell that it is secret, the one before it in its list does.
  const depth = path.findIndex((part) => typeof part === "number");
  const list = depth < 0 ? undefined : document.get(path.slice(0, depth));
  if (list === undefined) return redactedValue(value, path);
  return valueAt(redactedValue(list, path.slice(0, depth)), path.slice(depth)) ?? SECRET;
}

/** The same as it is spelled there, a table without its own header; null where it stands in several pieces. */
export function shownSpelling(document: Document, path: KeyPath, reveals = false): string | null {
  const spelling = document.spelling(path);
  if (spelling !== undefined) return new Redactor(reveals).spelling(spelling, path);
  if (!isTable(document.get(path))) return null;
  const shown = documentOf(new Redactor(reveals).document(document).text);
  // A name that is a secret elsewhere is masked here, too, and then nobody can say where its table stands.
  return shown?.get(path) === undefined ? null : shown.fragment(path).trimEnd();
}

/** A redacted value for people: a string as it is, a table over lines. */
export function asText(value: TomlValue): string {
  if (isTable(value)) return renderTable(value).trimEnd();
  return typeof value === "string" ? value : renderValue(value);
}

/** What a document says at a path, in one line of TOML; of a table its keys. */
export function shownLine(document: Document, path: KeyPath, reveals = false): string {
  const value = shownAt(document, path, reveals) ?? SECRET;
  return isTable(value) ? `a table with ${Object.keys(value).join(", ") || "nothing"}` : renderValue(value);
}

/** A redacted value as JSON has it: integers that a double cannot hold stay text. */
export function asJson(value: TomlValue): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : renderValue(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(asJson);
  return isTable(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asJson(item)])) : value;
}

/** The keys of a table as they are spelled, and whether there is a table behind each. */
export function shownKeys(table: TomlTable): { readonly key: string; readonly isTable: boolean }[] {
  return Object.entries(table).map(([name, value]) => ({ key: renderKey([name]), isTable: isTable(value) }));
}
