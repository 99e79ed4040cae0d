/**
 * Measures tables: which keys the client reads there, found by giving every candidate a value nothing accepts and
 * reading which key it complains about, and what it does with keys it does not know. Each named struct is measured
 * once; at its other places only what may differ there is asked again.
 */

import { fewKeys } from "./closed.js";
import { SAMPLE } from "./place.js";
import { listedNames } from "./scalar.js";
import { findRefused } from "./search.js";
import { spelled } from "./toml.js";

/**
 * @typedef {import("./measure.js").Measurement} Measurement
 * @typedef {import("./measure.js").Shape} Shape
 * @typedef {import("./place.js").Place} Place
 */

const BAD = spelled("[[[]]]");
const NONSENSE = "zz_probe_unknown";

/**
 * @param {Measurement} measurement
 * @param {Place} place
 * @param {string} name what the client calls the struct
 * @returns {Promise<Shape>}
 */
export async function measureStruct(measurement, place, name) {
  const known = measurement.structs.get(name);
  if (known === undefined || place.path.length === 0) {
    const shape = measureObject(measurement, place, { kind: "struct", name });
    measurement.structs.set(name, shape);
    return shape;
  }
  const shape = structuredClone(await known);
  const beside = await complete(measurement, place);
  const ignored = await strictMisses(measurement, place, beside.base);
  // A place strict does not look into hides everything below it; one it sees says nothing about a first one that it did not.
  if (shape.kind === "struct" && ignored !== undefined && ignored !== (shape.unknownKeys === "ignored")) {
    if (ignored) return withIgnored(shape);
    return measureObject(measurement, place, { kind: "struct", name });
  }
  return shape;
}

/**
 * @param {Shape} shape
 * @returns {Shape}
 */
function withIgnored(shape) {
  const marked = { ...shape };
  if (shape.kind === "struct" && shape.unknownKeys !== "refused" && !shape.rest) marked.unknownKeys = "ignored";
  if (marked.fields)
    marked.fields = Object.fromEntries(
      Object.entries(marked.fields).map(([key, inner]) => [key, withIgnored(/** @type {Shape} */ (inner))]),
    );
  for (const part of ["values", "items", "rest"])
    if (marked[part] && !Array.isArray(marked[part])) marked[part] = withIgnored(marked[part]);
  if (marked.options) marked.options = marked.options.map(withIgnored);
  return marked;
}

/**
 * @param {Measurement} measurement
 * @param {Place} place
 * @param {{ kind?: string, name?: string, base?: Record<string, unknown> }} hint
 * @returns {Promise<Shape>}
 */
export async function measureObject(measurement, place, hint) {
  if (hint.base) return fieldsOf(measurement, place, hint, hint.base, Object.keys(hint.base));
  const { base, required, variants } = await complete(measurement, place);
  if (variants) return taggedStruct(measurement, place, hint, variants);
  return fieldsOf(measurement, place, hint, base, required);
}

/**
 * @param {Measurement} measurement
 * @param {Place} place
 * @param {{ kind?: string, name?: string }} hint
 * @param {Record<string, unknown>} base
 * @param {string[]} required
 * @returns {Promise<Shape>}
 */
async function fieldsOf(measurement, place, hint, base, required) {
  const named = hint.name === undefined ? {} : { name: hint.name };
  const stray = await measurement.ask(place, { ...base, [NONSENSE]: BAD });
  const before = await measurement.ask(place, base);
  if (/^unknown field/.test(stray.message)) {
    const fields = await measureFields(measurement, place, base, required, listedNames(stray.message));
    return { kind: "struct", ...named, fields, unknownKeys: "refused" };
  }
  if (/^unknown variant/.test(stray.message)) {
    // A map whose keys are an enum is to its user a table with fixed keys.
    const fields = await measureFields(measurement, place, base, required, listedNames(stray.message));
    return { kind: "struct", ...named, fields, unknownKeys: "refused" };
  }
  const strayRefused = !stray.ok && stray.message !== before.message;
  if (!strayRefused) {
    const names = await readKeys(measurement, place, base);
    const unseen = names.length === 0 && required.length === 0 && hint.kind !== "struct";
    const ignored = await strictMisses(measurement, place, base);
    if (unseen && (hint.kind === "map" || ignored !== false)) return { kind: "map", values: { kind: "any" } };
    const silent = ignored === false ? await silentKeys(measurement, place, base, names) : [];
    const fields = await measureFields(measurement, place, base, required, [...names, ...silent]);
    const aliases = await markAliases(measurement, place, base, fields);
    countFields(measurement, place, hint.name, Object.keys(fields).length - aliases);
    return { kind: "struct", ...named, fields, ...(ignored ? { unknownKeys: "ignored" } : {}) };
  }
  return withRest(measurement, place, hint, base, required);
}

/**
 * @param {Measurement} measurement
 * @param {Place} place
 * @param {{ kind?: string, name?: string }} hint
 * @param {Record<string, unknown>} base
 * @param {string[]} required
 * @returns {Promise<Shape>}
 */
async function withRest(measurement, place, hint, base, required) {
  const entry = place.child(SAMPLE, base);
  const rest = await measurement.value(entry);
  if (rest.unknown !== undefined) {
    const names = await fewKeys(measurement, place, base);
    measurement.note(`${place.label}: refuses unknown keys without listing its own; found ${names.join(", ")}`);
    const without = (/** @type {string} */ key) =>
      Object.fromEntries(Object.entries(base).filter(([one]) => one !== key));
    const fails = await Promise.all(Object.keys(base).map((key) => measurement.ask(place, without(key))));
    const needed = Object.keys(base).filter((_, index) => fails[index]?.type);
    const fields = await measureFields(measurement, place, base, [...new Set([...required, ...needed])], names);
    return { kind: "struct", ...(hint.name ? { name: hint.name } : {}), fields, unknownKeys: "refused" };
  }
  if (hint.kind === "map") return { kind: "map", values: rest };
  const good = sample(rest);
  const odd = await findRefused(measurement, place, measurement.names, base, good);
  const named =
    place.path.at(-1) === "features"
      ? await namedFlags(measurement, place, base)
      : await underscored(measurement, place, base);
  const fields = await measureFields(measurement, place, base, required, [...new Set([...odd, ...named])]);
  if (Object.keys(fields).length === 0 && hint.name === undefined) return { kind: "map", values: rest };
  const strict = await strictMisses(measurement, place, base, good);
  const called = hint.name ? { name: hint.name } : {};
  return { kind: "struct", ...called, fields, rest, ...(strict === false ? { restUnknown: true } : {}) };
}

/**
 * Flags that are booleans like the unknown ones beside them: the client's own list and strict tell them apart.
 * @param {Measurement} measurement
 * @param {Place} place
 * @param {Record<string, unknown>} base
 */
async function namedFlags(measurement, place, base) {
  const { flags, oldFlags, client } = measurement;
  const known = async (/** @type {string} */ name) => {
    const { message } = await client.strict(place.build({ ...base, [name]: true }));
    return !message.startsWith("unknown configuration field");
  };
  if (!client.hasStrict) return flags;
  // A release goes on taking many a name that it does not list any more.
  const asked = client.quickStrict ? [...flags, ...oldFlags] : oldFlags;
  const answers = await Promise.all(asked.map(known));
  const taken = asked.filter((_, index) => answers[index]);
  for (const name of flags)
    if (client.quickStrict && !taken.includes(name)) measurement.note(`${place.label}.${name}: unknown to strict`);
  return client.quickStrict ? taken : [...flags, ...taken];
}

/**
 * Fixed keys that look like entries: by habit they start with an underscore.
 * @param {Measurement} measurement
 * @param {Place} place
 * @param {Record<string, unknown>} base
 */
async function underscored(measurement, place, base) {
  // A list would be taken for the fields in order, and the refusal would not name the table.
  const odd = spelled("-1.5");
  const names = measurement.names.filter((name) => /^_[a-z]{3,12}$/.test(name));
  const stray = await measurement.ask(place, { ...base, [NONSENSE]: odd });
  const verdicts = await Promise.all(names.map((name) => measurement.ask(place, { ...base, [name]: odd })));
  return names.filter((_, index) => verdicts[index]?.message !== stray.message);
}

/**
 * @param {Measurement} measurement
 * @param {Place} place
 * @param {Record<string, unknown>} base
 */
async function readKeys(measurement, place, base) {
  const refused = await findRefused(measurement, place, measurement.names, base, BAD);
  const left = measurement.names.filter((name) => !refused.includes(name));
  return [...refused, ...(await findRefused(measurement, place, left, base, spelled("-1.5")))];
}

/**
 * @param {Measurement} measurement
 * @param {Place} place
 * @param {Record<string, unknown>} base
 * @param {string[]} required
 * @param {string[]} names
 * @returns {Promise<Record<string, Shape>>}
 */
async function measureFields(measurement, place, base, required, names) {
  const all = [...new Set([...required, ...names])].sort();
  const shapes = await Promise.all(all.map((key) => measurement.value(place.child(key, base))));
  return Object.fromEntries(
    all.map((key, index) => {
      const shape = /** @type {Shape} */ (shapes[index]);
      return [key, required.includes(key) ? { ...shape, required: true } : shape];
    }),
  );
}

/**
 * What has to be there before the client looks at anything else: it names one missing key at a time.
 * @param {Measurement} measurement
 * @param {Place} place
 * @returns {Promise<{ base: Record<string, unknown>, required: string[], variants?: { tag: string, names: string[] } }>}
 */
async function complete(measurement, place) {
  let base = place.needed();
  /** @type {string[]} */
  const required = [];
  for (let round = 0; round < 20; round++) {
    const verdict = await measurement.ask(place, base);
    const name = /^missing field `([^`]+)`/.exec(verdict.message)?.[1];
    if (name === undefined || required.includes(name)) break;
    const { value, names } = await fill(measurement, place, base, name);
    if (names && names.length > 0 && (name === "type" || name === "source"))
      return { base, required, variants: { tag: name, names } };
    required.push(name);
    base = { ...base, [name]: value };
  }
  return { base, required };
}

/**
 * @param {Measurement} measurement
 * @param {Place} place
 * @param {Record<string, unknown>} base
 * @param {string} name
 * @returns {Promise<{ value: unknown, names?: string[] }>}
 */
async function fill(measurement, place, base, name) {
  for (const value of ["zz-probe", true, 1, ["zz-probe"], [], {}, spelled("1.5")]) {
    const { ok, message } = await measurement.ask(place, { ...base, [name]: value });
    if (/^unknown variant/.test(message)) return variant(measurement, place, base, name, listedNames(message));
    if (ok || !/^(invalid (type|value)|data did not match)/.test(message)) {
      if (value instanceof Object && !Array.isArray(value) && message.startsWith("missing field"))
        return { value: (await complete(measurement, place.child(name, base))).base };
      return { value };
    }
  }
  measurement.note(`${place.label}.${name}: required, and no sample value fits`);
  return { value: true };
}

/**
 * The first variant as a word, or as a table where it holds something.
 * @param {Measurement} measurement
 * @param {Place} place
 * @param {Record<string, unknown>} base
 * @param {string} name
 * @param {string[]} names
 */
async function variant(measurement, place, base, name, names) {
  const [first = ""] = names;
  const { message } = await measurement.ask(place, { ...base, [name]: first });
  return /^invalid type: unit variant/.test(message)
    ? { value: { [first]: "zz-probe" }, names: [] }
    : { value: first, names };
}

/**
 * @param {Measurement} measurement
 * @param {Place} place
 * @param {{ kind?: string, name?: string }} hint
 * @param {{ tag: string, names: string[] }} variants
 * @returns {Promise<Shape>}
 */
async function taggedStruct(measurement, place, hint, variants) {
  const { tag, names } = variants;
  const options = await Promise.all(
    names.map(async (variant) => {
      const { base, required } = await completeFrom(measurement, place, { [tag]: variant });
      const shape = await fieldsOf(measurement, place, hint, base, required);
      const fields = { [tag]: { kind: "enum", values: [variant], required: true }, ...shape.fields };
      fields[tag] = { kind: "enum", values: [variant], required: true };
      return { ...shape, fields };
    }),
  );
  return options.length === 1 && options[0] ? options[0] : { kind: "oneOf", options };
}

/**
 * @param {Measurement} measurement
 * @param {Place} place
 * @param {Record<string, unknown>} start
 */
async function completeFrom(measurement, place, start) {
  let base = { ...place.needed(), ...start };
  /** @type {string[]} */
  const required = [];
  for (let round = 0; round < 20; round++) {
    const name = /^missing field `([^`]+)`/.exec((await measurement.ask(place, base)).message)?.[1];
    if (name === undefined || required.includes(name)) break;
    required.push(name);
    base = { ...base, [name]: (await fill(measurement, place, base, name)).value };
  }
  return { base, required };
}

/**
 * Whether strict says nothing about an unknown key here; undefined where it cannot be told.
 * @param {Measurement} measurement
 * @param {Place} place
 * @param {Record<string, unknown>} base
 * @param {unknown} value what the unknown key is given
 */
async function strictMisses(measurement, place, base, value = 1) {
  if (!measurement.client.hasStrict) return undefined;
  const verdict = await measurement.client.strict(place.build({ ...base, [NONSENSE]: value }));
  if (verdict.ok) return true;
  if (verdict.message.includes(NONSENSE)) return false;
  measurement.note(`${place.label}: strict says ${verdict.message}`);
  return undefined;
}

/**
 * Keys that are read with any value or not at all and still known: strict, which only names the first unknown key,
 * is asked about each name that lies in the binary among the struct's own.
 * @param {Measurement} measurement
 * @param {Place} place
 * @param {Record<string, unknown>} base
 * @param {string[]} names
 */
async function silentKeys(measurement, place, base, names) {
  const set = new Set(names);
  const near = new Set();
  for (const run of measurement.runs) {
    const hits = run.flatMap((name, index) => (set.has(name) ? [index] : []));
    if (new Set(hits.map((index) => run[index])).size * 2 < set.size) continue;
    for (const hit of hits)
      for (const name of run.slice(Math.max(0, hit - 3), hit + 4))
        if (!set.has(name) && /^[\w-]+$/.test(name)) near.add(name);
  }
  const hints = measurement.hints.get(place.label);
  const list = [...near].filter((name) => measurement.client.quickStrict || hints?.has(name)).slice(0, 300);
  const known = await Promise.all(
    list.map(async (name) => {
      const verdict = await measurement.client.strict(place.build({ ...base, [name]: 1 }));
      return verdict.ok;
    }),
  );
  return list.filter((_, index) => known[index]);
}

/**
 * Two names of one field cannot stand together.
 * @param {Measurement} measurement
 * @param {Place} place
 * @param {Record<string, unknown>} base
 * @param {Record<string, Shape>} fields
 */
async function markAliases(measurement, place, base, fields) {
  const values = Object.fromEntries(Object.entries(fields).map(([key, shape]) => [key, sample(shape)]));
  let aliases = 0;
  for (let round = 0; round < 10; round++) {
    const present = Object.fromEntries(Object.entries(values).filter(([key]) => fields[key]?.aliasOf === undefined));
    const name = /^duplicate field `([^`]+)`/.exec(
      (await measurement.ask(place, { ...base, ...present })).message,
    )?.[1];
    const field = name === undefined ? undefined : fields[name];
    if (name === undefined || field === undefined) break;
    const others = Object.keys(present).filter((key) => key !== name);
    const clash = await Promise.all(
      others.map(async (key) => {
        const verdict = await measurement.ask(place, { ...base, [name]: values[name], [key]: values[key] });
        return verdict.message.startsWith(`duplicate field \`${name}\``);
      }),
    );
    const alias = others.find((_, index) => clash[index]);
    const shape = alias === undefined ? undefined : fields[alias];
    if (shape === undefined) break;
    shape.aliasOf = name;
    aliases++;
  }
  return aliases;
}

/**
 * @param {Measurement} measurement
 * @param {Place} place
 * @param {string | undefined} name
 * @param {number} found
 */
function countFields(measurement, place, name, found) {
  const count = name === undefined ? undefined : measurement.counts.get(name);
  if (count !== undefined && count !== found)
    measurement.note(`${place.label}: struct ${name} has ${count} fields in the binary, ${found} were found`);
}

/**
 * A value the shape takes.
 * @param {Shape} shape
 * @returns {unknown}
 */
export function sample(shape) {
  if (shape.kind === "boolean") return true;
  if (shape.kind === "string") return "zz-probe";
  if (shape.kind === "enum") return shape.values[0];
  if (shape.kind === "integer") return spelled(String(shape.min > 1 ? shape.min : 1));
  if (shape.kind === "number") return spelled("1.0");
  if (shape.kind === "array") return [];
  if (shape.kind === "oneOf") return sample(shape.options[0]);
  if (shape.kind === "any") return true;
  const needed = Object.entries(shape.fields ?? {}).filter(([, field]) => field.required);
  return Object.fromEntries(needed.map(([key, field]) => [key, sample(field)]));
}
