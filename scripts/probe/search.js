/**
 * Finds, among thousands of candidate keys, those the client refuses a value for: it names one key a run, and where
 * it does not, halving the list finds it.
 */

/**
 * @typedef {import("./measure.js").Measurement} Measurement
 * @typedef {import("./place.js").Place} Place
 */

const CHUNK = 1500;

/**
 * @param {Measurement} measurement
 * @param {Place} place
 * @param {string[]} names
 * @param {Record<string, unknown>} base what stands beside them
 * @param {unknown} value
 * @returns {Promise<string[]>}
 */
export async function findRefused(measurement, place, names, base, value) {
  // A refusal that any other name would meet too says nothing about a name.
  const plain = await Promise.all([base, { ...base, zz_probe_other: value }].map((one) => measurement.ask(place, one)));
  const usual = new Set(plain.map(({ message }) => nameless(message)));
  const others = names.filter((name) => !(name in base));
  const chunks = Array.from({ length: Math.ceil(others.length / CHUNK) }, (_, index) =>
    others.slice(index * CHUNK, (index + 1) * CHUNK),
  );
  const search = (/** @type {string[]} */ group) => among(measurement, place, group, base, value, usual);
  const found = (await Promise.all(chunks.map(search))).flat();
  // What must stand there anyway is known without being searched for.
  return [...Object.keys(base), ...found];
}

/**
 * @param {Measurement} measurement
 * @param {Place} place
 * @param {string[]} group
 * @param {Record<string, unknown>} base
 * @param {unknown} value
 * @param {Set<string>} usual what the client says without any of them
 * @returns {Promise<string[]>}
 */
async function among(measurement, place, group, base, value, usual) {
  /** @type {string[]} */
  const found = [];
  let left = group;
  while (left.length > 0) {
    const given = Object.fromEntries(left.map((name) => [name, value]));
    const verdict = await measurement.ask(place, { ...base, ...given });
    if (verdict.ok || usual.has(nameless(verdict.message))) return found;
    const key = named(verdict.at, place, left);
    if (key === undefined && left.length === 1) return [...found, ...left];
    if (key === undefined) {
      const middle = Math.ceil(left.length / 2);
      const halves = [left.slice(0, middle), left.slice(middle)];
      const parts = await Promise.all(halves.map((half) => among(measurement, place, half, base, value, usual)));
      return [...found, ...parts.flat()];
    }
    found.push(key);
    left = left.filter((name) => name !== key);
  }
  return found;
}

/** @param {string} message */
function nameless(message) {
  return message.replace(/`[^`]*`/g, "``");
}

/**
 * @param {string | undefined} at
 * @param {Place} place
 * @param {string[]} group
 */
function named(at, place, group) {
  if (at === undefined) return undefined;
  const parts = at.replace(/\[(\d+)\]/g, ".$1").split(".");
  const key = parts[place.path.length];
  return key !== undefined && group.includes(key) ? key : undefined;
}
