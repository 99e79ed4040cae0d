/**
 * Finds the sentence that says what a key is for: the one written for its place, else one made from its name, for the
 * hundreds of switches and key bindings whose name says all there is.
 */

/** @typedef {import("./merge.js").Shape} Shape */

/**
 * @param {Record<string, string>} sentences by dotted place without sample entries
 * @param {string[]} path
 * @param {Shape} shape
 * @returns {string}
 */
export function describe(sentences, path, shape) {
  const base = written(sentences, path) ?? made(path, shape);
  const last = shape.until === undefined ? "" : ` Not read any more; ${shape.until} was the last release seen with it.`;
  const stage = shape.stage === undefined ? "" : ` Stage: ${shape.stage}.`;
  const alias = shape.aliasOf === undefined ? "" : ` Another name of \`${shape.aliasOf}\`.`;
  return `${base}${alias}${stage}${last}`;
}

/**
 * The sentence for the whole place, else the one for the longest end of it, which is written with `*.` in front.
 * @param {Record<string, string>} sentences
 * @param {string[]} path
 */
function written(sentences, path) {
  const all = path.filter((key) => key !== "*" && key !== "[]");
  const parts = all[0] === "profiles" && all.length > 1 ? all.slice(1) : all;
  const whole = sentences[parts.join(".")];
  if (whole !== undefined || isMade(path)) return whole;
  const ends = parts.map((_, index) => sentences[`*.${parts.slice(index).join(".")}`]);
  return ends.find((sentence) => sentence !== undefined);
}

/** @param {string[]} path */
function isMade(path) {
  return path.at(-2) === "features" || path.includes("keymap");
}

/**
 * @param {string[]} path
 * @param {Shape} shape
 */
function made(path, shape) {
  const key = path.at(-1) ?? "";
  const words = key.replaceAll(/[_-]/g, " ").replace(/([a-z])([A-Z])/g, (_, a, b) => `${a} ${b.toLowerCase()}`);
  if (path.at(-2) === "features")
    return `Feature switch for ${words}${shape.kind === "boolean" ? "" : ", or a table with its settings"}.`;
  if (path.includes("keymap"))
    return shape.kind === "struct"
      ? `Keys for ${words}, by action.`
      : `Keys that do "${words}" in the ${path.at(-2)} part; an empty list unbinds it.`;
  const parent = path.filter((part) => part !== "*" && part !== "[]").at(-2);
  return `Setting "${words}"${parent === undefined ? "" : ` of ${parent.replaceAll("_", " ")}`}.`;
}
