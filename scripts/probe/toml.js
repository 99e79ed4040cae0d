/** Writes plain values as TOML. Knows only what a probe needs: inline values, bare or quoted keys, text as it is. */

/** A value already spelled in TOML: a date, a float, an integer beyond what a JavaScript number holds. */
export class Spelled {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
}

/** @param {string} text */
export const spelled = (text) => new Spelled(text);

/** @param {Record<string, unknown>} document */
export function writeToml(document) {
  return Object.entries(document)
    .map(([key, value]) => `${writeKey(key)} = ${writeValue(value)}\n`)
    .join("");
}

/**
 * @param {unknown} value
 * @returns {string}
 */
export function writeValue(value) {
  if (value instanceof Spelled) return value.text;
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(writeValue).join(", ")}]`;
  const pairs = Object.entries(value).map(([key, inner]) => `${writeKey(key)} = ${writeValue(inner)}`);
  return `{${pairs.join(", ")}}`;
}

/** @param {string} key */
function writeKey(key) {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
}
