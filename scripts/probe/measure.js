/**
 * Measures the shape of one place: asks the client with a boolean first, whose refusal names the type it expected,
 * then with whatever else tells the rest. Structs are in struct.js, and numbers and enums in scalar.js.
 */
import { SAMPLE } from "./place.js";
import { measureEnum, measureNumber, measureRange } from "./scalar.js";
import { measureObject, measureStruct } from "./struct.js";
import { spelled } from "./toml.js";
import { COMMON_KEYS, COMMON_WORDS } from "./words.js";

/**
 * @typedef {{ kind: string, [more: string]: any }} Shape
 * @typedef {import("./place.js").Place} Place
 * @typedef {import("./client.js").Verdict} Verdict
 * @typedef {{ load(document: Record<string, unknown>): Promise<Verdict>, strict(document: Record<string, unknown>): Promise<Verdict>, hasStrict: boolean, quickStrict: boolean }} Asked
 * @typedef {{ path: string, given: string, message: string }} Rule
 */

const REACH = 30;
/** Deeper than any table of Codex: what goes on beyond it is a value that takes everything. */
const DEPTH = 12;
/** Names so common that what lies near them says nothing. */
const COMMON = new Set(["enabled", "mode", "type", "name", "path", "url", "config"]);
/** The structs of features that take a table lie together, far from the names of the features. */
const FEATURE_SEEDS = ["max_concurrent_threads_per_session", "enable_socks5_udp", "reminder_interval_seconds"];

/** What one measurement of one binary carries along. */
export class Measurement {
  /**
   * @param {Asked} client
   * @param {{ names: string[], runs: string[][], counts: Map<string, number>, flags: string[], oldFlags: string[], hints: Map<string, Set<string>>, thorough: boolean }} binary every name it
   * could mean as a key, the same as they lie in it, how many fields its structs have, and the features it lists
   */
  constructor(client, binary) {
    this.client = client;
    this.names = binary.names;
    this.runs = binary.runs;
    this.counts = binary.counts;
    this.flags = binary.flags;
    this.oldFlags = binary.oldFlags;
    this.hints = binary.hints;
    /** The newest release is searched for everything; an older one has little that newer ones do not. */
    this.thorough = binary.thorough;
    /** @type {Map<string, Rule>} */
    this.rules = new Map();
    /** @type {Set<string>} */
    this.notes = new Set();
    /** @type {Map<string, Promise<Shape>>} */
    this.structs = new Map();
    /** @type {Promise<Shape> | undefined} */
    this.binding = undefined;
  }

  /**
   * @param {Place} place
   * @param {unknown} value
   */
  async ask(place, value) {
    return this.client.load(place.build(value));
  }

  /**
   * Whether the value is of a type the client takes here; a refusal for what it means is kept as a rule.
   * @param {Place} place
   * @param {unknown} value
   */
  async takes(place, value) {
    return this.judged(place, value, await this.ask(place, value));
  }

  /**
   * @param {Place} place
   * @param {unknown} value
   * @param {Verdict} verdict
   */
  judged(place, value, verdict) {
    if (!verdict.ok && !verdict.type) this.rule(place, value, verdict.message);
    return verdict.ok || !verdict.type;
  }

  /**
   * @param {Place} place
   * @param {unknown} value
   * @param {string} message
   */
  rule(place, value, message) {
    const given = JSON.stringify(value) ?? String(value);
    const short = given.length > 120 ? `${given.slice(0, 117)}...` : given;
    const key = `${place.label}\n${message}`;
    if (!this.rules.has(key)) this.rules.set(key, { path: place.label, given: short, message });
  }

  /** @param {string} text */
  note(text) {
    // The tag of a variant is looked at like any key, and is none.
    if (text.includes("variant identifier")) return;
    this.notes.add(text);
  }

  /**
   * @param {Place} place
   * @returns {Promise<Shape>}
   */
  async value(place) {
    const first = await this.ask(place, true);
    if (place.path.length > DEPTH) return { kind: "any", unknown: "too deep" };
    if (first.ok) return this.afterTrue(place);
    if (/keybinding/i.test(first.message) && place.path.at(-1) !== "[]") return this.keybinding(place);
    const wanted = first.type ? expected(first.message) : undefined;
    if (wanted === undefined) return this.everything(place);
    if (/^(a string|path string|string|a borrowed string|an? \w+ string)$/.test(wanted)) return this.text(place);
    if (/^(a )?(nonzero |non-zero )?[iu](8|16|32|64|128|size)$/.test(wanted)) return measureRange(this, place, wanted);
    if (/^f(32|64)$/.test(wanted)) return measureNumber(this, place);
    if (wanted === "a map") return measureObject(this, place, { kind: "map" });
    if (wanted === "a sequence") return this.array(place);
    const struct = /^struct (\w+)$/.exec(wanted)?.[1];
    if (struct !== undefined) return measureStruct(this, place, struct);
    const tagged = /^internally tagged enum (\w+)$/.exec(wanted)?.[1];
    if (tagged !== undefined) return measureStruct(this, place, tagged);
    if (wanted === "string only") return this.text(place);
    return this.everything(place);
  }

  /**
   * There are hundreds of these, and one says all about them.
   * @param {Place} place
   * @returns {Promise<Shape>}
   */
  async keybinding(place) {
    this.binding ??= this.everything(place);
    return structuredClone(await this.binding);
  }

  /** @param {Place} place */
  async afterTrue(place) {
    const text = await this.ask(place, "zz-probe");
    if (!text.ok && text.type && expected(text.message) === "a boolean") return { kind: "boolean" };
    return this.everything(place);
  }

  /**
   * @param {Place} place
   * @returns {Promise<Shape>}
   */
  async text(place) {
    const [verdict, table] = await Promise.all([this.ask(place, "zz-probe"), this.ask(place, {})]);
    if (table.ok || table.masked || /^missing field/.test(table.message)) return this.everything(place);
    if (verdict.type && /^unknown variant/.test(verdict.message)) return measureEnum(this, place, verdict.message);
    this.judged(place, "zz-probe", verdict);
    if (!(await this.takes(place, ""))) this.rule(place, "", "the empty string is refused");
    return { kind: "string" };
  }

  /**
   * @param {Place} place
   * @returns {Promise<Shape>}
   */
  async array(place) {
    return { kind: "array", items: await this.value(place.item()) };
  }

  /**
   * Where the client does not say what it wants, a value of every kind shows it.
   * @param {Place} place
   * @returns {Promise<Shape>}
   */
  async everything(place) {
    const samples = {
      boolean: true,
      string: "zz-probe",
      zero: 0,
      one: 1,
      float: spelled("1.5"),
      none: [],
      strings: ["zz-probe"],
      integers: [1],
      booleans: [true],
      tables: [{}],
      table: {},
      filled: { zz_probe: spelled("[[[]]]") },
    };
    /** @type {Record<string, Verdict>} */
    const verdicts = {};
    /** @type {Record<string, boolean>} */
    const takes = {};
    await Promise.all(
      Object.entries(samples).map(async ([name, sample]) => {
        const verdict = await this.ask(place, sample);
        verdicts[name] = verdict;
        takes[name] = this.judged(place, sample, verdict);
      }),
    );
    if (Object.values(verdicts).every(({ ok }) => ok)) return { kind: "any" };
    if (Object.values(verdicts).every(({ type, message }) => !type && message === verdicts.boolean?.message)) {
      if (Object.keys(place.needed()).length > 0) return measureObject(this, place, {});
      this.note(`${place.label}: every value is refused: ${verdicts.boolean?.message}`);
      return { kind: "any", refused: verdicts.boolean?.message };
    }
    /** @type {Shape[]} */
    const options = [];
    if (takes.boolean) options.push({ kind: "boolean" });
    const others = Object.keys(samples).some((name) => takes[name] && name !== "string");
    const text = await this.textOption(place, takes.string, verdicts.string, others);
    if (text) options.push(text);
    if (takes.float) options.push(await measureNumber(this, place));
    else if (takes.zero || takes.one) options.push(await measureRange(this, place, undefined));
    // A struct also takes its fields in order as a list, which nobody writes.
    const positional = !(await this.takesMany(place, takes));
    if (positional) takes.none = takes.strings = takes.integers = takes.booleans = takes.tables = false;
    if (takes.none || takes.strings || takes.integers || takes.booleans || takes.tables)
      options.push(await this.arrayOption(place, takes));
    if (takes.table || takes.filled || /^missing field/.test(verdicts.table?.message ?? ""))
      options.push(await measureObject(this, place, {}));
    else if (verdicts.table?.masked) options.push(...(await this.hiddenTable(place)));
    for (const base of place.forms()) options.push(await measureObject(this, place, { base }));
    if (options.length === 0 && Object.keys(place.needed()).length > 0) return measureObject(this, place, {});
    if (options.length === 0) this.note(`${place.label}: no sample value loads: ${verdicts.boolean?.message}`);
    if (options.length === 1 && options[0]) return options[0];
    return options.length === 0 ? { kind: "any", unknown: verdicts.boolean?.message } : { kind: "oneOf", options };
  }

  /**
   * Whether a list may be longer than any struct has fields.
   * @param {Place} place
   * @param {Record<string, boolean>} takes
   */
  async takesMany(place, takes) {
    const items = { strings: "zz-probe", integers: 1, booleans: true, tables: {} };
    const taken = Object.entries(items).filter(([name]) => takes[name]);
    if (taken.length === 0) return !takes.table;
    const verdicts = await Promise.all(taken.map(([, item]) => this.ask(place, Array(60).fill(item))));
    return verdicts.some(({ ok, type }) => ok || !type);
  }

  /**
   * A table that is refused without a key it needs, behind a message that does not name the key.
   * @param {Place} place
   * @returns {Promise<Shape[]>}
   */
  async hiddenTable(place) {
    const keys = [...new Set([...(this.hints.get(place.label) ?? []), ...COMMON_KEYS])];
    const taken = await Promise.all(keys.map((key) => this.ask(place, { [key]: "zz-probe" })));
    const key = keys.find((_, index) => taken[index]?.ok);
    if (key === undefined) return [];
    return [await measureObject(this, place, { base: { [key]: "zz-probe" } })];
  }

  /**
   * @param {Place} place
   * @param {boolean | undefined} taken
   * @param {Verdict | undefined} verdict
   * @param {boolean} others whether values of another kind are taken
   * @returns {Promise<Shape | undefined>}
   */
  async textOption(place, taken, verdict, others) {
    if (taken) return { kind: "string" };
    if (verdict && /^unknown variant/.test(verdict.message)) return measureEnum(this, place, verdict.message);
    // The switches and limits of a feature's table are not words too, and there are many of them.
    if (!verdict?.masked || (others && place.path.includes("features"))) return undefined;
    const values = await this.nearbyWords(place);
    return values.length > 0 ? { kind: "enum", values } : undefined;
  }

  /**
   * The variants of an enum inside an untagged one are never listed; they are among the names that lie near the
   * place's own key in the binary.
   * @param {Place} place
   */
  async nearbyWords(place) {
    const hints = this.hints.get(place.label) ?? new Set();
    const words = [...new Set([...hints, ...COMMON_WORDS, ...this.near(place)])];
    const found = await Promise.all(words.map(async (word) => ((await this.ask(place, word)).ok ? word : "")));
    return found.filter((word) => word !== "");
  }

  /**
   * The words that lie in the binary around the last keys of a place: keys beside it, variants of its own.
   * @param {Place} place
   * @returns {string[]}
   */
  near(place) {
    const keys = place.path.filter((key) => key !== SAMPLE && key !== "[]");
    const last = keys.slice(-2).filter((key) => !COMMON.has(key));
    const seeds = place.path.includes("features") ? FEATURE_SEEDS : [];
    const seeded = this.runs.filter((run) => run.length < 500 && seeds.some((seed) => run.includes(seed)));
    const around = (/** @type {string[]} */ run) =>
      run.flatMap((name, at) => (last.includes(name) ? run.slice(Math.max(0, at - REACH), at + REACH) : []));
    const words = seeded.length > 0 ? seeded.flat() : this.runs.flatMap(around);
    return [...new Set(words)].filter((name) => /^[a-z][a-z0-9_-]*$/i.test(name)).slice(0, 300);
  }

  /**
   * @param {Place} place
   * @param {Record<string, boolean>} takes
   * @returns {Promise<Shape>}
   */
  async arrayOption(place, takes) {
    if (takes.strings && takes.integers && takes.booleans && takes.tables)
      return { kind: "array", items: { kind: "any" } };
    return { kind: "array", items: await this.value(place.item()) };
  }
}

/**
 * What a refusal says it wanted instead.
 * @param {string} message
 */
export function expected(message) {
  return /^invalid (?:type|value|length): .*?,? expected (.*)$/s.exec(message)?.[1]?.trim();
}
