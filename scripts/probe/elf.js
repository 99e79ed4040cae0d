/**
 * Reads the string tables of a Codex binary. Rust keeps the field names of every struct and the variants of every
 * enum as arrays of (address, length) pairs, so a name found here is exact, where `strings` would run them together.
 * Knows the 64-bit little-endian ELF that Codex ships for Linux, and nothing of what the names mean.
 */
import { readFileSync } from "node:fs";

/** @typedef {{ name: string, address: number, offset: number, size: number }} Section */

const NAME = /^[A-Za-z_$][\w.:/-]*$/;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_-]{0,60}$/;
const RELATIVE = 8;

/**
 * @param {string} file
 * @returns {{ runs: string[][], counts: Map<string, number> }} neighbouring names as they lie in the binary, and
 * how many fields each "struct X with N elements" says there are.
 */
export function readNames(file) {
  const bytes = readFileSync(file);
  const sections = readSections(bytes);
  const section = (/** @type {string} */ name) => sections.find((one) => one.name === name);
  const text = section(".rodata");
  const data = section(".data.rel.ro");
  if (!text || !data) throw new Error("the binary has no .rodata or .data.rel.ro");
  const relocations = section(".rela.dyn");
  if (relocations) applyRelocations(bytes, relocations, data);
  return { runs: readRuns(bytes, text, data), counts: readCounts(bytes, text) };
}

/**
 * @param {Buffer} bytes
 * @returns {Section[]}
 */
function readSections(bytes) {
  const start = Number(bytes.readBigUInt64LE(40));
  const [size, count, names] = [bytes.readUInt16LE(58), bytes.readUInt16LE(60), bytes.readUInt16LE(62)];
  const raw = Array.from({ length: count }, (_, index) => {
    const at = start + index * size;
    return {
      nameAt: bytes.readUInt32LE(at),
      address: Number(bytes.readBigUInt64LE(at + 16)),
      offset: Number(bytes.readBigUInt64LE(at + 24)),
      size: Number(bytes.readBigUInt64LE(at + 32)),
    };
  });
  const table = raw[names]?.offset ?? 0;
  return raw.map(({ nameAt, ...rest }) => {
    const from = table + nameAt;
    return { name: bytes.toString("latin1", from, bytes.indexOf(0, from)), ...rest };
  });
}

/**
 * Older releases keep the addresses in the relocation entries and zeros where they belong.
 * @param {Buffer} bytes
 * @param {Section} relocations
 * @param {Section} data
 */
function applyRelocations(bytes, relocations, data) {
  for (let at = relocations.offset; at < relocations.offset + relocations.size; at += 24) {
    const address = Number(bytes.readBigUInt64LE(at)) - data.address;
    if (bytes.readUInt32LE(at + 8) !== RELATIVE || address < 0 || address >= data.size) continue;
    bytes.writeBigInt64LE(bytes.readBigInt64LE(at + 16), data.offset + address);
  }
}

/**
 * @param {Buffer} bytes
 * @param {Section} text
 * @param {Section} data
 */
function readRuns(bytes, text, data) {
  /** @type {string[][]} */
  const runs = [];
  /** @type {string[]} */
  let run = [];
  const end = data.offset + data.size;
  for (let at = data.offset; at + 16 <= end; ) {
    const name = readName(bytes, at, text);
    if (name !== undefined) run.push(name);
    else if (run.length > 0) {
      runs.push(run);
      run = [];
    }
    at += name === undefined ? 8 : 16;
  }
  if (run.length > 0) runs.push(run);
  return runs;
}

/**
 * @param {Buffer} bytes
 * @param {number} at
 * @param {Section} text
 */
function readName(bytes, at, text) {
  const address = bytes.readUInt32LE(at) - text.address;
  const length = bytes.readUInt32LE(at + 8);
  if (bytes.readUInt32LE(at + 4) !== 0 || bytes.readUInt32LE(at + 12) !== 0) return undefined;
  if (length === 0 || length > 80 || address < 0 || address + length > text.size) return undefined;
  const name = bytes.toString("latin1", text.offset + address, text.offset + address + length);
  return NAME.test(name) ? name : undefined;
}

/**
 * @param {Buffer} bytes
 * @param {Section} text
 */
function readCounts(bytes, text) {
  const all = bytes.toString("latin1", text.offset, text.offset + text.size);
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const [, name, count] of all.matchAll(/struct ([A-Z]\w+) with (\d+) elements?/g))
    counts.set(name, Number(count));
  return counts;
}

/**
 * Every name that could be a key, near ones near each other, which makes halving a list of them cheap.
 * @param {string[][]} runs
 * @returns {string[]}
 */
export function candidates(runs) {
  return [...new Set(runs.flat())].filter((name) => IDENTIFIER.test(name));
}
