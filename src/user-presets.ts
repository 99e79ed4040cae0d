/**
 * Finds the user's own presets: in their configuration folder and in the Codex home, never in the working directory,
 * and only as data. A file named on the command line is read wherever it is.
 */
import { isAbsolute, join, resolve } from "node:path";
import { type Preset, presetsIn } from "./codex/presets.ts";
import { CfgError } from "./errors.ts";
import type { Host } from "./host.ts";
import type { KeyPath, TomlTable, TomlValue } from "./op.ts";
import { word } from "./sentences.ts";
import { readTextFile } from "./store/store.ts";
import { parseDocument } from "./toml/document.ts";
import { renderKey } from "./toml/value.ts";

/** File names looked for, in this order, in each folder. */
const NAMES = ["codex-cfg.presets.toml", "codex-cfg.presets.json", "codex-cfg.presets.yaml"];

/** All presets of the user; the configuration folder's come first and win over those of the Codex home. */
export async function userPresets(host: Host, home: string): Promise<Preset[]> {
  const found: Preset[] = [];
  for (const folder of [configFolder(host), home]) {
    for (const preset of await presetsOf(host, folder)) {
      if (!found.some(({ name }) => name === preset.name)) found.push(preset);
    }
  }
  return found;
}

/** The preset of a file named as `./file.toml#NAME`, or as `./file.toml` when it holds one. */
export async function presetFromFile(host: Host, reference: string): Promise<Preset> {
  const [name, wanted] = reference.split("#", 2) as [string, string | undefined];
  const path = resolve(host.cwd, name);
  const presets = await readPresets(host, path);
  if (presets === null) throw new CfgError("unsafe-file", "there is no such file", { path });
  const [first, ...others] = presets;
  if (first === undefined) {
    const hints = ["presets that there are: codex-cfg presets"];
    throw new CfgError("unknown-name", "the file holds no preset", { path, hints });
  }
  const preset = wanted === undefined && others.length === 0 ? first : presets.find((one) => one.name === wanted);
  if (preset) return preset;
  const hints = [
    `it has: ${presets.map((one) => one.name).join(", ")}`,
    `name one: codex-cfg apply ${word(`${name}#${first.name}`)}`,
  ];
  const what = wanted === undefined ? "the file holds several presets" : `the file has no preset ${wanted}`;
  throw new CfgError("unknown-name", what, { path, hints });
}

/** Where the user's own settings live: `$XDG_CONFIG_HOME/codex-cfg`, else `~/.config/codex-cfg`. */
export function configFolder({ env, userHome }: Host): string {
  const told = env.XDG_CONFIG_HOME ?? "";
  // Whoever made the convention has a relative path ignored: it would be a place in the working directory.
  return join(isAbsolute(told) ? told : join(userHome, ".config"), "codex-cfg");
}

/** The presets of the first file in a folder that has any. */
async function presetsOf(host: Host, folder: string): Promise<readonly Preset[]> {
  for (const name of NAMES) {
    const presets = await readPresets(host, join(folder, name));
    if (presets?.length) return presets;
  }
  return [];
}

/** The presets of one file; null when there is no such file. */
async function readPresets(host: Host, path: string): Promise<readonly Preset[] | null> {
  const text = readTextFile(host, path);
  if (text === null) return null;
  return text.trim() === "" ? [] : presetsIn(await parsed(path, text), path);
}

async function parsed(path: string, text: string): Promise<TomlTable> {
  if (path.endsWith(".toml")) return parseDocument(text, path).data;
  // Its loaders of data and nothing else: its search runs what a working directory has for settings of cosmiconfig.
  const { defaultLoaders } = await import("cosmiconfig");
  const load = path.endsWith(".json") ? defaultLoaders[".json"] : defaultLoaders[".yaml"];
  let data: unknown;
  try {
    data = await load(path, text);
  } catch (cause) {
    throw new CfgError("invalid-config", "not valid JSON or YAML", { path, cause });
  }
  return toToml(data ?? {}, [], path) as TomlTable;
}

/** JSON and YAML have one kind of number; what has no fraction is an integer, as people write it. */
function toToml(value: unknown, place: KeyPath, path: string): TomlValue {
  if (value === null) {
    throw new CfgError("invalid-config", `${renderKey(place)} is null, which is no value in TOML`, {
      path,
      hints: ["leave the key out, or give it a value; then look: codex-cfg presets"],
    });
  }
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map((item, i) => toToml(item, [...place, i], path));
  if (typeof value !== "object" || value instanceof Date) return value as TomlValue;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toToml(item, [...place, key], path)]));
}
