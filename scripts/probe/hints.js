/**
 * What other releases were measured to have at each place. Where a release hides its own keys or variants, these are
 * tried first; elsewhere they are not needed.
 */
import { readdirSync, readFileSync } from "node:fs";

/**
 * @param {URL} folder where measurements are kept
 * @returns {Map<string, Set<string>>} keys and variants by place, as Place labels it
 */
export function readHints(folder) {
  /** @type {Map<string, Set<string>>} */
  const hints = new Map();
  for (const name of readdirSync(folder)) {
    if (!/^\d+\.\d+\.\d+\.json$/.test(name)) continue;
    collect(hints, JSON.parse(readFileSync(new URL(name, folder), "utf8")).root, []);
  }
  return hints;
}

/**
 * @param {Map<string, Set<string>>} hints
 * @param {{ kind: string, [more: string]: any }} shape
 * @param {string[]} path
 */
function collect(hints, shape, path) {
  const label = path.join(".");
  const words = [...Object.keys(shape.fields ?? {}), ...(shape.kind === "enum" ? shape.values : [])];
  const known = hints.get(label) ?? new Set();
  for (const word of words) known.add(word);
  hints.set(label, known);
  for (const [key, field] of Object.entries(shape.fields ?? {})) collect(hints, field, [...path, key]);
  if (shape.rest) collect(hints, shape.rest, [...path, "*"]);
  if (shape.kind === "map") collect(hints, shape.values, [...path, "*"]);
  if (shape.items) collect(hints, shape.items, [...path, "[]"]);
  for (const option of shape.options ?? []) collect(hints, option, path);
}
