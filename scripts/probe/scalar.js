/** Measures numbers and enums: the least and greatest integer that loads, the variants, and spellings beside them. */
import { spelled } from "./toml.js";

/**
 * @typedef {import("./measure.js").Measurement} Measurement
 * @typedef {import("./measure.js").Shape} Shape
 * @typedef {import("./place.js").Place} Place
 */

const LEAST = -(2n ** 63n);
const GREATEST = 2n ** 63n - 1n;
const STARTS = [0n, 1n, 5n, 10n, 25n, 50n, 100n, 1000n, 10_000n, 100_000n];
const USUAL_LEAST = [0n, 1n, LEAST, -(2n ** 31n), -(2n ** 15n), -(2n ** 7n), 10n, 100n, 1000n];
const USUAL_GREATEST = [GREATEST, 2n ** 32n - 1n, 2n ** 16n - 1n, 255n, 100n, 2n ** 31n - 1n, 1000n, 2n ** 15n - 1n];
const TYPES = /** @type {Record<string, [bigint, bigint]>} */ ({
  u8: [0n, 255n],
  u16: [0n, 65_535n],
  u32: [0n, 2n ** 32n - 1n],
  i8: [-128n, 127n],
  i16: [-32_768n, 32_767n],
  i32: [-(2n ** 31n), 2n ** 31n - 1n],
  u64: [0n, GREATEST],
  usize: [0n, GREATEST],
});

/**
 * @param {Measurement} measurement
 * @param {Place} place
 * @param {string | undefined} type what the client calls it
 * @returns {Promise<Shape>}
 */
export async function measureRange(measurement, place, type) {
  /** @type {Map<bigint, Promise<boolean>>} */
  const asked = new Map();
  const loads = (/** @type {bigint} */ number) => {
    const known = asked.get(number);
    if (known) return known;
    const answer = measurement.ask(place, spelled(String(number))).then((verdict) => {
      if (!verdict.ok && !verdict.type) measurement.rule(place, Number(number), verdict.message);
      return verdict.ok || (!verdict.type && blames(verdict.message, place));
    });
    asked.set(number, answer);
    return answer;
  };
  let start;
  for (const number of STARTS) if (start === undefined && (await loads(number))) start = number;
  // Where a neighbour makes every number fail, the type itself still says what it can hold.
  if (start === undefined) return bounds(...(TYPES[(type ?? "").replace(/^.* /, "")] ?? [LEAST, GREATEST]));
  return bounds(
    await edge(loads, start, USUAL_LEAST, LEAST, -1n),
    await edge(loads, start, USUAL_GREATEST, GREATEST, 1n),
  );
}

/**
 * Whether the message is about another key that this number does not go with, and not about the number itself.
 * @param {string} message
 * @param {Place} place
 */
function blames(message, place) {
  const subject = /\b(?:\w+\.)+(\w+)/.exec(message)?.[1];
  const key = place.path.at(-1) ?? "";
  return subject !== undefined && subject !== key && message.includes(key);
}

/**
 * The last number that loads on the way from one that does towards the end of the 64-bit range.
 * @param {(number: bigint) => Promise<boolean>} loads
 * @param {bigint} start
 * @param {bigint[]} usual
 * @param {bigint} end
 * @param {bigint} step
 */
async function edge(loads, start, usual, end, step) {
  for (const number of usual) {
    if ((number - start) * step < 0n || !(await loads(number))) continue;
    if (number === end || !(await loads(number + step))) return number;
  }
  let [good, bad] = [start, end];
  while ((bad - good) * step > 1n) {
    const middle = (good + bad) / 2n;
    if (await loads(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/**
 * @param {bigint} least
 * @param {bigint} greatest
 * @returns {Shape}
 */
function bounds(least, greatest) {
  return {
    kind: "integer",
    ...(least === LEAST ? {} : { min: written(least) }),
    // A limit near the end of the range is the clock's, and another one a second later.
    ...(greatest > GREATEST - 10n ** 9n ? {} : { max: written(greatest) }),
  };
}

/** @param {bigint} number */
function written(number) {
  const safe = number >= BigInt(Number.MIN_SAFE_INTEGER) && number <= BigInt(Number.MAX_SAFE_INTEGER);
  return safe ? Number(number) : String(number);
}

/**
 * @param {Measurement} measurement
 * @param {Place} place
 * @returns {Promise<Shape>}
 */
export async function measureNumber(measurement, place) {
  const takes = (/** @type {string} */ text) => measurement.takes(place, spelled(text));
  const [integers] = await Promise.all(["1", "-1.5", "0.0", "1e300", "nan", "inf", "-1"].map(takes));
  return { kind: "number", integers: integers === true };
}

/**
 * @param {Measurement} measurement
 * @param {Place} place
 * @param {string} message the refusal that lists the variants
 * @returns {Promise<Shape>}
 */
export async function measureEnum(measurement, place, message) {
  const listed = listedNames(message);
  /** @type {string[]} */
  const values = [];
  /** @type {Shape[]} */
  const tables = [];
  for (const name of listed) {
    const verdict = await measurement.ask(place, name);
    if (verdict.ok || !verdict.type) {
      measurement.judged(place, name, verdict);
      values.push(name);
    } else tables.push(await variantTable(measurement, place, name));
  }
  const aliases = await otherSpellings(measurement, place, values);
  /** @type {Shape} */
  const plain = { kind: "enum", values, ...(aliases.length > 0 ? { aliases } : {}) };
  if (tables.length === 0) return plain;
  const options = values.length === 0 ? tables : [plain, ...tables];
  return options.length === 1 && options[0] ? options[0] : { kind: "oneOf", options };
}

/**
 * The names between backticks after "expected".
 * @param {string} message
 * @returns {string[]}
 */
export function listedNames(message) {
  const list = /expected (?:one of )?(`.*)$/s.exec(message)?.[1] ?? "";
  return [...list.matchAll(/`([^`]*)`/g)].map(([, name]) => name ?? "");
}

/**
 * A variant that holds something is written as a table with the variant's name as its one key.
 * @param {Measurement} measurement
 * @param {Place} place
 * @param {string} name
 * @returns {Promise<Shape>}
 */
async function variantTable(measurement, place, name) {
  const inner = await measurement.value(place.child(name));
  return { kind: "struct", fields: { [name]: { ...inner, required: true } }, unknownKeys: "refused" };
}

/**
 * @param {Measurement} measurement
 * @param {Place} place
 * @param {string[]} values
 */
async function otherSpellings(measurement, place, values) {
  const spellings = values.flatMap((value) => [
    value.replaceAll("-", "_"),
    value.replaceAll("_", "-"),
    value.replaceAll(/[-_]/g, ""),
    value.toUpperCase(),
    value.replace(/^./, (letter) => letter.toUpperCase()),
  ]);
  const others = [...new Set(spellings)].filter((spelling) => !values.includes(spelling));
  const taken = await Promise.all(others.map(async (other) => (await measurement.ask(place, other)).ok));
  return others.filter((_, index) => taken[index]);
}
