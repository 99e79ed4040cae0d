/**
 * Asks older releases, which were not measured in depth, which of the newest one's nested keys and enum values they
 * know, and writes scripts/measured/presence.json: `node scripts/probe-presence.js BINARY…`, oldest first, the newest
 * one's own last. An unknown key is ignored, or refused by name; a known one is refused for its type. Needs no network.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { mergedShape } from "./build-schema.js";
import { Client } from "./probe/client.js";
import { spelled } from "./probe/toml.js";

const OUTPUT = new URL("measured/presence.json", import.meta.url);
/** What a table needs beside the key that is asked for. */
const REQUIRED = { "mcp_servers.*": { command: "x" }, "model_providers.*": { name: "x" } };
/** No key is of this type. */
const ODD = spelled("1979-05-27T07:32:00Z");

const binaries = process.argv.slice(2).map((path) => resolve(path));
if (process.env.CODEX_PROBE_OFFLINE === undefined) {
  const env = { ...process.env, CODEX_PROBE_OFFLINE: "1" };
  const self = [process.execPath, fileURLToPath(import.meta.url), ...binaries];
  process.exit(
    spawnSync("unshare", [process.getuid?.() === 0 ? "-n" : "-rn", ...self], { stdio: "inherit", env }).status ?? 1,
  );
}

const { root, version: newest } = mergedShape(false);
const places = [...placesOf(root, [])].filter(([path]) => !path.startsWith("profiles.") && path.includes("."));
const answers = new Map();
for (const binary of binaries) {
  const version = /codex-cli (\S+)/.exec(spawnSync(binary, ["--version"], { encoding: "utf8" }).stdout)?.[1] ?? "";
  const client = new Client(binary, version);
  try {
    answers.set(version, await ask(client));
  } finally {
    client.close();
  }
}
// The newest release is the control: what it does not answer as it should, the question is to blame for.
const control = answers.get(newest);
const older = [...answers].filter(([version]) => version !== newest);
const presence = Object.fromEntries(
  older.map(([version, { lacks, refuses, values }]) => {
    const absent = [...lacks, ...refuses].filter((path) => !control.lacks.has(path) && !control.refuses.has(path));
    return [version, { absent: [...new Set(absent)].sort(), values }];
  }),
);
writeFileSync(OUTPUT, `${JSON.stringify(presence, null, 2)}\n`);

/**
 * @param {Client} client
 * @returns {Promise<{ lacks: Set<string>, refuses: Set<string>, values: Record<string, string[]> }>} lacks: keys that
 * are ignored or refused by name; refuses: keys whose right value is; values: what enums do not have
 */
async function ask(client) {
  const lacks = new Set();
  const refuses = new Set();
  /** @type {Record<string, string[]>} */
  const values = {};
  await Promise.all(
    places.map(async ([path, shape]) => {
      const name = path.split(".").at(-1) ?? "";
      const odd = await client.load(configWith(path, ODD));
      if (shape.kind !== "any" && (odd.ok || odd.message.includes(`unknown field \`${name}\``))) lacks.add(path);
      const right = await client.load(configWith(path, sampleOf(shape)));
      if (!right.ok && right.type) refuses.add(path);
    }),
  );
  const enums = [...placesOf(root, [])].filter(([path, shape]) => shape.kind === "enum" && !lacks.has(path));
  for (const [path, shape] of enums) {
    const verdicts = await Promise.all(
      shape.values.map((/** @type {string} */ value) => client.load(configWith(path, value))),
    );
    const refused = shape.values.filter((/** @type {string} */ _, /** @type {number} */ i) =>
      verdicts[i]?.message.startsWith("unknown variant"),
    );
    if (refused.length > 0) values[path] = refused;
  }
  return { lacks, refuses, values };
}

/**
 * A value that the newest release takes.
 * @param {any} shape
 * @returns {unknown}
 */
function sampleOf(shape) {
  switch (shape.kind) {
    case "boolean":
      return true;
    case "integer":
      return spelled(String(shape.min !== undefined && Number(shape.min) > 1 ? shape.min : 1));
    case "number":
      return spelled("0.5");
    case "enum":
      return shape.values[0];
    case "array":
      return [];
    case "oneOf":
      return sampleOf(shape.options[0]);
    case "map":
      return {};
    case "struct": {
      const required = Object.entries(shape.fields).filter(([, field]) => /** @type {any} */ (field).required);
      return Object.fromEntries(required.map(([name, field]) => [name, sampleOf(field)]));
    }
    default:
      return "x";
  }
}

/**
 * Every key of a shape by its dotted path, `*` for any name and `[]` for an element.
 * @param {import("./schema/merge.js").Shape} shape
 * @param {string[]} path
 * @returns {Map<string, import("./schema/merge.js").Shape>}
 */
function placesOf(shape, path) {
  const found = new Map();
  const add = (/** @type {any} */ below, /** @type {string[]} */ steps) => {
    for (const [name, field] of placesOf(below, steps)) found.set(name, found.get(name) ?? field);
  };
  for (const [name, field] of Object.entries(shape.fields ?? {})) {
    found.set([...path, name].join("."), field);
    add(field, [...path, name]);
  }
  if (shape.rest) add(shape.rest, [...path, "*"]);
  if (shape.kind === "map") add(shape.values, [...path, "*"]);
  if (shape.kind === "array") add(shape.items, [...path, "[]"]);
  for (const option of shape.options ?? []) add(option, path);
  return found;
}

/**
 * @param {string} path
 * @param {unknown} value
 * @returns {Record<string, unknown>}
 */
function configWith(path, value) {
  const steps = path.split(".");
  return /** @type {Record<string, unknown>} */ (
    steps.reduceRight((inner, step, i) => {
      if (step === "[]") return [inner];
      const required = REQUIRED[/** @type {keyof typeof REQUIRED} */ (steps.slice(0, i).join("."))] ?? {};
      return { ...required, [step === "*" ? "some_name" : step]: inner };
    }, value)
  );
}
