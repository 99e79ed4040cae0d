/**
 * Narrows a shape by what older releases answered when asked for its keys and values one by one: a key is known since
 * the first release after those that did not know it, an enum had fewer values up to them.
 */

/**
 * @typedef {import("./merge.js").Shape} Shape
 * @typedef {Record<string, { absent: string[], values: Record<string, string[]> }>} Presence by release, oldest first
 */

/**
 * @param {Shape} root
 * @param {Presence} presence
 */
export function withPresence(root, presence) {
  const releases = Object.keys(presence);
  visit(root, [], (field, place) => {
    // A profile takes what the root takes.
    const path = place.replace(/^profiles\.\*\./, "");
    const lacking = releases.filter((release) => presence[release]?.absent.includes(path));
    const last = lacking.at(-1);
    // What the newest of them lacked came after it, in the next one that was asked or measured.
    if (last !== undefined && field.since === undefined) field.since = releases[releases.indexOf(last) + 1] ?? NEXT;
    const variants = releases.flatMap((release) => {
      const refused = presence[release]?.values[path];
      if (refused === undefined || field.kind !== "enum") return [];
      const values = field.values.filter((/** @type {string} */ value) => !refused.includes(value));
      return [{ until: release, schema: { ...plain(field), values } }];
    });
    if (variants.length > 0) field.variants ??= variants;
  });
}

/** The release that everything is measured on. */
const NEXT = "0.169.0";

/** @param {Shape} field */
function plain({ since, until, variants, ...shape }) {
  return shape;
}

/**
 * @param {Shape} shape
 * @param {string[]} path
 * @param {(field: Shape, path: string) => void} meet
 */
function visit(shape, path, meet) {
  for (const [name, field] of Object.entries(shape.fields ?? {})) {
    meet(field, [...path, name].join("."));
    visit(field, [...path, name], meet);
  }
  if (shape.rest) visit(shape.rest, [...path, "*"], meet);
  if (shape.kind === "map") visit(shape.values, [...path, "*"], meet);
  if (shape.kind === "array") visit(shape.items, [...path, "[]"], meet);
  for (const option of shape.options ?? []) visit(option, path, meet);
}
