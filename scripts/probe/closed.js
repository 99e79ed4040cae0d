/**
 * Finds the keys of a table that refuses unknown ones without ever naming its own, as inside an untagged enum: each
 * name that lies near it in the binary is tried alone, with a value of every kind.
 */
import { spelled } from "./toml.js";
import { CLOSED_KEYS, COMMON_WORDS } from "./words.js";

/**
 * @typedef {import("./measure.js").Measurement} Measurement
 * @typedef {import("./place.js").Place} Place
 */

const VALUES = [true, "zz-probe", 1, [], {}, spelled("0.5"), 100, 5000, 30_000];

/**
 * @param {Measurement} measurement
 * @param {Place} place
 * @param {Record<string, unknown>} base
 * @returns {Promise<string[]>}
 */
export async function fewKeys(measurement, place, base) {
  const hints = [...new Set([...(measurement.hints.get(place.label) ?? []), ...CLOSED_KEYS])];
  const near = measurement.near(place).filter((name) => !hints.includes(name));
  const expected = await taken(measurement, place, base, hints, VALUES);
  const measured = measurement.hints.get(place.label);
  const hinted = hints.filter(
    (name) => !expected.includes(name) && (measured?.has(name) || isBeside(measurement, name, expected)),
  );
  const words = (/** @type {string} */ name) => [
    ...new Set([...(measurement.hints.get(`${place.label}.${name}`) ?? []), ...COMMON_WORDS, ...near]),
  ];
  const worded = await Promise.all(hinted.map((name) => taken(measurement, place, base, [name], words(name))));
  const formed = await Promise.all(
    hints.map((name) => taken(measurement, place, base, [name], place.child(name).forms())),
  );
  const sure = [...new Set([...expected, ...worded.flat(), ...formed.flat()])];
  if (sure.length > 0 && !measurement.thorough) return sure;
  const found = [...sure, ...(await taken(measurement, place, base, near, VALUES))];
  const beside = near.filter((name) => !found.includes(name) && isBeside(measurement, name, found));
  // A key that holds an enum takes only its own variants, which lie near it too.
  const others = [...COMMON_WORDS, ...near.filter((name) => !found.includes(name))];
  return [...found, ...(await taken(measurement, place, base, beside, others))];
}

/**
 * @param {Measurement} measurement
 * @param {Place} place
 * @param {Record<string, unknown>} base
 * @param {string[]} names
 * @param {unknown[]} values
 */
async function taken(measurement, place, base, names, values) {
  const answers = await Promise.all(
    names.map(async (name) => {
      for (const value of values) {
        const verdict = await measurement.ask(place, { ...base, [name]: value });
        if (verdict.ok || !verdict.type) return true;
      }
      return false;
    }),
  );
  return names.filter((_, index) => answers[index]);
}

/**
 * Whether the name lies next to one that was found.
 * @param {Measurement} measurement
 * @param {string} name
 * @param {string[]} found
 */
function isBeside(measurement, name, found) {
  const known = (/** @type {string | undefined} */ one) => one !== undefined && found.includes(one);
  return measurement.runs.some((run) =>
    run.some((other, index) => other === name && (known(run[index - 1]) || known(run[index + 1]))),
  );
}
