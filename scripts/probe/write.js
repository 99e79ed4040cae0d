/** Writes JSON that a person can read and compare, as the formatter has it: what fits on its line stays on one. */

const WIDTH = 120;

/** @param {unknown} value */
export function writeShape(value) {
  return `${write(value, "", 0, true)}\n`;
}

/**
 * @param {unknown} value
 * @param {string} indent
 * @param {number} taken how much of the line is written already
 * @param {boolean} open whether it is opened even if it fits
 * @returns {string}
 */
function write(value, indent, taken, open) {
  const short = oneLine(value);
  if (!open && taken + short.length <= WIDTH) return short;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  const array = Array.isArray(value);
  const parts = array
    ? value.map((inner) => ["", inner])
    : entries(value).map(([key, inner]) => [`${JSON.stringify(key)}: `, inner]);
  const lines = parts.map(([name, inner], index) => {
    const comma = index < parts.length - 1 ? 1 : 0;
    return `${deeper}${name}${write(inner, deeper, deeper.length + name.length + comma, false)}`;
  });
  const [start, end] = array ? "[]" : "{}";
  return `${start}\n${lines.join(",\n")}\n${indent}${end}`;
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function oneLine(value) {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  const pairs = entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${oneLine(inner)}`);
  return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
}

/** @param {object} value */
function entries(value) {
  return Object.entries(value).filter(([, inner]) => inner !== undefined);
}
