/**
 * Joins the shapes of several releases into one: the newest, with the releases each key was first and last seen in
 * where that is not all of them, and the older shapes of a key whose type changed.
 */

/**
 * @typedef {{ kind: string, [more: string]: any }} Shape
 * @typedef {{ version: string, shape: Shape }} Seen
 */

/**
 * @param {string} a
 * @param {string} b
 */
export function compareVersions(a, b) {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number));
  for (let index = 0; index < 3; index++) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * @param {Seen[]} seen the same place in releases that have it, oldest first
 * @returns {Shape}
 */
export function mergeShapes(seen) {
  const newest = /** @type {Seen} */ (seen.at(-1));
  const alike = seen.filter(({ shape }) => joins(shape, newest.shape));
  const merged = mergeAlike(alike, newest.shape);
  const older = seen.filter(({ shape }) => !joins(shape, newest.shape));
  return older.length === 0 ? merged : { ...merged, variants: variantsOf(older) };
}

/**
 * @param {Seen[]} seen
 * @param {Shape} newest
 * @returns {Shape}
 */
function mergeAlike(seen, newest) {
  if (newest.kind === "struct") {
    const fields = mergeFields(seen);
    if (!newest.rest) return { ...newest, fields };
    const rests = seen.flatMap(({ version, shape }) => (shape.rest ? [{ version, shape: shape.rest }] : []));
    return { ...newest, fields, rest: mergeShapes(rests) };
  }
  for (const part of ["values", "items"]) {
    if (newest.kind === "enum" || newest[part] === undefined) continue;
    return { ...newest, [part]: mergeShapes(seen.map(({ version, shape }) => ({ version, shape: shape[part] }))) };
  }
  if (newest.kind !== "oneOf") return newest;
  const options = newest.options.map((/** @type {Shape} */ _, /** @type {number} */ index) =>
    mergeShapes(seen.map(({ version, shape }) => ({ version, shape: shape.options[index] }))),
  );
  return { ...newest, options };
}

/**
 * @param {Seen[]} seen
 * @returns {Record<string, Shape>}
 */
function mergeFields(seen) {
  const [first, last] = [seen[0], seen.at(-1)];
  const keys = [...new Set(seen.flatMap(({ shape }) => Object.keys(shape.fields)))].sort();
  return Object.fromEntries(
    keys.map((key) => {
      const with_ = seen.flatMap(({ version, shape }) =>
        shape.fields[key] ? [{ version, shape: shape.fields[key] }] : [],
      );
      const [since, until] = [with_[0]?.version, with_.at(-1)?.version];
      const range = {
        ...(since === first?.version ? {} : { since }),
        ...(until === last?.version ? {} : { until }),
      };
      return [key, { ...mergeShapes(with_), ...range }];
    }),
  );
}

/**
 * Whether two shapes are one thing that grew, rather than two different things.
 * @param {Shape} a
 * @param {Shape} b
 * @returns {boolean}
 */
function joins(a, b) {
  if (a.kind !== b.kind || (a.required ?? false) !== (b.required ?? false)) return false;
  if (a.kind === "struct") return true;
  if (a.kind === "array") return joins(a.items, b.items);
  if (a.kind === "map") return joins(a.values, b.values);
  if (a.kind === "oneOf")
    return (
      a.options.length === b.options.length &&
      a.options.every((/** @type {Shape} */ option, /** @type {number} */ index) => joins(option, b.options[index]))
    );
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * @param {Seen[]} older
 * @returns {{ until: string, schema: Shape }[]}
 */
function variantsOf(older) {
  /** @type {{ until: string, schema: Shape }[]} */
  const variants = [];
  for (const { version, shape } of older) {
    const last = variants.at(-1);
    if (last && JSON.stringify(last.schema) === JSON.stringify(shape)) last.until = version;
    else variants.push({ until: version, schema: shape });
  }
  return variants;
}
