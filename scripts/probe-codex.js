/**
 * Measures which configuration keys one Codex release reads, their types, and what it does with unknown ones, and
 * writes the result to scripts/measured/VERSION.json: `node scripts/probe-codex.js VERSION|PATH`. Root keys after it
 * are measured again alone. A version is installed from npm below .cache/codex. It needs Linux, and a few minutes.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "./probe/client.js";
import { candidates, readNames } from "./probe/elf.js";
import { readHints } from "./probe/hints.js";
import { Measurement } from "./probe/measure.js";
import { Place } from "./probe/place.js";
import { measureObject } from "./probe/struct.js";
import { everyFlag, moreNames } from "./probe/words.js";
import { writeShape } from "./probe/write.js";

const CACHE = fileURLToPath(new URL("../.cache/codex", import.meta.url));
const MEASURED = new URL("measured/", import.meta.url);
const LISTS = new URL("releases.json", MEASURED);

const [asked, ...only] = process.argv.slice(2);
if (asked === undefined) throw new Error("usage: node scripts/probe-codex.js VERSION|PATH [ROOT_KEY…]");
const binary = asked.includes("/") ? asked : install(asked);
if (process.env.CODEX_PROBE_OFFLINE === undefined) process.exit(runOffline(binary));
await probe(binary);

/** @param {string} binary */
async function probe(binary) {
  const version = /codex-cli (\S+)/.exec(spawnSync(binary, ["--version"], { encoding: "utf8" }).stdout)?.[1];
  if (version === undefined) throw new Error(`${binary} does not say its version`);
  const client = new Client(binary, version);
  const ticking = setInterval(() => console.error(`${client.runs} runs`), 30_000);
  try {
    const features = await client.flags();
    const measurement = await prepare(client, Object.keys(features));
    console.error(`${version}: ${measurement.names.length} names to try, ${measurement.flags.length} features`);
    const root = await measureRoot(measurement, version);
    const rules = [...measurement.rules.values()].sort((a, b) => compare(a.path + a.message, b.path + b.message));
    const notes = [...measurement.notes].sort(compare);
    mkdirSync(MEASURED, { recursive: true });
    writeFileSync(fileOf(version), writeShape({ version, features, root, rules, notes }));
    console.error([...notes, `${client.runs} runs`, `left behind: ${client.leftovers().join(" ")}`].join("\n"));
  } finally {
    clearInterval(ticking);
    client.close();
  }
}

/**
 * @param {Client} client
 * @param {string[]} flags
 */
async function prepare(client, flags) {
  const { runs, counts } = readNames(client.binary);
  const hints = readHints(MEASURED);
  const known = new Set([...hints.values()].flatMap((words) => [...words]));
  const more = await moreNames(client.binary, join(client.room, "asked"), LISTS, client.quickStrict);
  // What an older release has beside the newer ones lies among what they share.
  const shared = runs.filter((run) => client.quickStrict || run.filter((name) => known.has(name)).length > 2);
  const names = [...new Set([...candidates(shared), ...more, ...known])].filter((name) => /^[\w.-]+$/.test(name));
  // What was searched for once is not searched for again.
  const thorough = client.quickStrict && !existsSync(fileOf(client.version));
  const oldFlags = everyFlag(LISTS).filter((flag) => !flags.includes(flag));
  return new Measurement(client, { names, runs, counts, flags, oldFlags, hints, thorough });
}

/**
 * @param {Measurement} measurement
 * @param {string} version
 * @returns {Promise<import("./probe/measure.js").Shape>}
 */
async function measureRoot(measurement, version) {
  const root = Place.root();
  if (only.length === 0) return measureObject(measurement, root, { kind: "struct", name: "ConfigToml" });
  const before = JSON.parse(readFileSync(fileOf(version), "utf8"));
  const again = (/** @type {string} */ path) => only.includes(path.split(".")[0] ?? "");
  for (const rule of before.rules) if (!again(rule.path)) measurement.rules.set(`${rule.path}\n${rule.message}`, rule);
  for (const note of before.notes) if (!again(note.split(":")[0])) measurement.note(note);
  const shapes = await Promise.all(only.map((key) => measurement.value(root.child(key))));
  for (const [index, key] of only.entries()) before.root.fields[key] = shapes[index];
  return before.root;
}

/** @param {string} version */
function fileOf(version) {
  return new URL(`${version}.json`, MEASURED);
}

/**
 * @param {string} a
 * @param {string} b
 */
function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The same again in a namespace without a network, so that no release can reach anything.
 * @param {string} binary
 */
function runOffline(binary) {
  const env = { ...process.env, CODEX_PROBE_OFFLINE: "1" };
  const flags = process.getuid?.() === 0 ? ["-n"] : ["-rn"];
  const self = [process.execPath, fileURLToPath(import.meta.url), binary, ...only];
  return spawnSync("unshare", [...flags, ...self], { stdio: "inherit", env }).status ?? 1;
}

/** @param {string} version */
function install(version) {
  const folder = join(CACHE, version);
  const found = existsSync(folder) ? findBinary(folder) : undefined;
  if (found !== undefined) return found;
  mkdirSync(folder, { recursive: true });
  const flags = ["--no-audit", "--no-fund", "--no-save", "--no-package-lock", "--ignore-scripts", "--include=optional"];
  spawnSync("npm", ["install", "--prefix", folder, ...flags, `@openai/codex@${version}`], { stdio: "inherit" });
  const binary = findBinary(folder);
  if (binary === undefined) throw new Error(`cannot install @openai/codex@${version}`);
  return binary;
}

/**
 * The native program: the launcher beside it is a script.
 * @param {string} folder
 * @returns {string | undefined}
 */
function findBinary(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const found = findBinary(path);
      if (found !== undefined) return found;
    } else if (entry.name === "codex" && entry.isFile() && statSync(path).size > 1_000_000) return path;
  }
  return undefined;
}
