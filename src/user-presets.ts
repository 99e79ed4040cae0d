/**
 * Finds the user's own presets: in their configuration folder and in the Codex home, never in the working directory,
 * and only as data. A file named on the command line is read wherever it is.
 */
import { join, resolve } from "node:path";
import { type Preset, presetsIn } from "./codex/presets.ts";
import { CfgError } from "./errors.ts";
import type { Host } from "./host.ts";
import type { TomlTable } from "./op.ts";
import { readTextFile } from "./store/store.ts";
import { parseDocument } from "./toml/document.ts";

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
  const text = readTextFile(host, path);
  if (text === null) throw new CfgError("unsafe-file", "there is no such file", { path });
  const presets = presetsIn(await parsePresets(path, text), path);
  const preset =
    wanted === undefined
      ? presets.length === 1
        ? presets[0]
        : undefined
      : presets.find((candidate) => candidate.name === wanted);
  if (preset) return preset;
  const hints = [
    `it has: ${presets.map((candidate) => candidate.name).join(", ")}`,
    `name one: codex-cfg apply ${name}#NAME`,
  ];
  throw new CfgError(
    "unknown-name",
    wanted === undefined ? "the file holds several presets" : `the file has no preset ${wanted}`,
    { path, hints },
  );
}

/** Where the user's own settings live: `$XDG_CONFIG_HOME/codex-cfg`, else `~/.config/codex-cfg`. */
export function configFolder(host: Host): string {
  return join(host.env.XDG_CONFIG_HOME || join(host.userHome, ".config"), "codex-cfg");
}

async function presetsOf(host: Host, folder: string): Promise<Preset[]> {
  // Cosmiconfig knows the formats and where to look; it is given data loaders only, and one folder, never its parents.
  const { cosmiconfig } = await import("cosmiconfig");
  const loaders = Object.fromEntries(
    [".toml", ".json", ".yaml"].map((ending) => [
      ending,
      (path: string) => parsePresets(path, readTextFile(host, path) ?? ""),
    ]),
  );
  const explorer = cosmiconfig("codex-cfg", { searchPlaces: NAMES, searchStrategy: "none", loaders, cache: false });
  const result = await explorer.search(folder);
  return result && !result.isEmpty ? presetsIn(result.config as TomlTable, result.filepath) : [];
}

async function parsePresets(path: string, text: string): Promise<TomlTable> {
  if (path.endsWith(".toml")) return parseDocument(text, path).data;
  const { defaultLoaders } = await import("cosmiconfig");
  const load = path.endsWith(".json") ? defaultLoaders[".json"] : defaultLoaders[".yaml"];
  try {
    return toToml(await load(path, text)) as TomlTable;
  } catch (cause) {
    if (cause instanceof CfgError) throw cause;
    throw new CfgError("invalid-config", "not valid JSON or YAML", { path, cause });
  }
}

/** JSON and YAML have one kind of number; what has no fraction is an integer, as people write it. */
function toToml(value: unknown): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(toToml);
  if (value === null || value === undefined || typeof value !== "object" || value instanceof Date) return value ?? "";
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toToml(item)]));
}
