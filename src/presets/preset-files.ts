/**
 * Finds the user's own presets: in their configuration folder and in the Codex home, never in the working directory,
 * and only as data. A file named on the command line is read wherever it is.
 */
import { join, resolve } from "node:path";
import type { Host } from "../host/host.ts";
import { configFolder } from "../machine/settings.ts";
import { CfgError, type ErrorDetails } from "../model/error.ts";
import { argvOf, type Hint } from "../model/hint.ts";
import type { KeyPath, TomlTable, TomlValue } from "../model/op.ts";
import { readTextFile } from "../store/store.ts";
import { parseDocument } from "../toml/document.ts";
import { lineStartsOf, positionIn } from "../toml/read.ts";
import { MAX_DEPTH } from "../toml/scan.ts";
import { isTable, renderKey } from "../toml/value.ts";
import { PRESET_FORM, type Preset, presetsIn } from "./preset.ts";

export { configFolder };

/** File names looked for, in this order, in each folder. */
const NAMES = ["codex-cfg.presets.toml", "codex-cfg.presets.json", "codex-cfg.presets.yaml"];

/** All presets of the user, the first of each name; the configuration folder's win over those of the Codex home. */
export async function userPresets(host: Host, home: string): Promise<Preset[]> {
  const found = new Map<string, Preset>();
  const folders = [configFolder(host) ?? [], home].flat();
  for (const path of folders.flatMap((folder) => NAMES.map((name) => join(folder, name)))) {
    for (const preset of (await readPresets(host, path)) ?? []) {
      if (!found.has(preset.name)) found.set(preset.name, preset);
    }
  }
  return [...found.values()];
}

/** The preset of a file named as `./file.toml#NAME`, or as `./file.toml` when it holds one. */
export async function presetFromFile(host: Host, reference: string): Promise<Preset> {
  // Names of folders and presets may contain `#`, too: the longest part that names an existing file is the file.
  const marks = [...reference.matchAll(/(?<=.)#/g)].map(({ index }) => index).reverse();
  for (const end of [reference.length, ...marks]) {
    const file = reference.slice(0, end);
    const path = resolve(host.cwd, file);
    const presets = await readPresets(host, path);
    if (presets) return choose(presets, path, file, end < reference.length ? reference.slice(end + 1) : undefined);
  }
  const path = resolve(host.cwd, reference.slice(0, marks[0]));
  throw new CfgError("unsafe-file", "there is no such file", { path, hints: [OTHERS] });
}

const OTHERS: Hint = { note: "presets that there are", argv: ["presets"] };

/** `file` is how the user named the file. */
function choose(presets: readonly Preset[], path: string, file: string, wanted: string | undefined): Preset {
  const [first, ...others] = presets;
  if (first === undefined) throw new CfgError("unknown-name", "the file holds no preset", { path, hints: [OTHERS] });
  const preset = wanted === undefined && others.length === 0 ? first : presets.find((one) => one.name === wanted);
  if (preset) return preset;
  const hints = [
    `it has: ${presets.map((one) => one.name).join(", ")}`,
    { note: "name one", argv: argvOf("apply", [`${file}#${first.name}`]) },
  ];
  const what = wanted === undefined ? "the file holds several presets" : `the file has no preset ${wanted}`;
  throw new CfgError("unknown-name", what, { path, hints });
}

/** The presets of one file; null when there is no such file. */
async function readPresets(host: Host, path: string): Promise<readonly Preset[] | null> {
  const text = readTextFile(host, path);
  if (text === null) return null;
  return text.trim() === "" ? [] : presetsIn(await parsed(path, text), path);
}

/** The data of a file, read by its ending. An error names the place, never the text there. */
async function parsed(path: string, text: string): Promise<TomlTable> {
  if (path.endsWith(".toml")) return tomlIn(text, path);
  const body = text.replace(/^\ufeff/, "");
  const data = path.endsWith(".json") ? jsonIn(body, path) : await yamlIn(body, path);
  const table = toToml(data ?? {}, [], { path, size: 0, most: Math.max(LEAST_BOUND, 2 * text.length) });
  if (isTable(table)) return table;
  throw new CfgError("invalid-config", "holds no presets, which are a table each", { path, hints: [PRESET_FORM] });
}

function tomlIn(text: string, path: string): TomlTable {
  try {
    const { data } = parseDocument(text, path);
    refuseDates(data, [], path);
    return data;
  } catch (error) {
    if (!(error instanceof CfgError) || error.code !== "invalid-toml") throw error;
    // The hints of the error are left out: they are for a config, and doctor does not fix presets.
    throw unreadable("TOML", path, error);
  }
}

/** Throws for a date: TOML tells one from a string, and no setting of Codex takes one. */
function refuseDates(value: TomlValue, place: KeyPath, path: string): void {
  if (value instanceof Date)
    throw new CfgError("invalid-config", `${renderKey(place)} is a date or a time, and Codex takes strings only`, {
      path,
      hints: [{ note: "put it into quotes, then look", argv: ["presets"] }],
    });
  if (Array.isArray(value)) for (const [i, item] of value.entries()) refuseDates(item, [...place, i], path);
  else if (isTable(value)) for (const [key, item] of Object.entries(value)) refuseDates(item, [...place, key], path);
}

function jsonIn(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable("JSON", path, positionIn(lineStartsOf(text), jsonUntil(text)));
  }
}

/**
 * The length of the longest prefix that JSON could begin with: V8 gives no position for many errors, so this searches
 * for it.
 */
function jsonUntil(text: string): number {
  let [fine, wrong] = [0, text.length + 1];
  while (wrong - fine > 1) {
    const middle = Math.floor((fine + wrong) / 2);
    if (mayGoOn(text.slice(0, middle))) fine = middle;
    else wrong = middle;
  }
  return fine;
}

/** Whether a text is JSON or the beginning of some: V8 then complains about the end of the input. */
function mayGoOn(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const { message } = error as SyntaxError;
    const at = / at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(message)?.[1];
    return at === undefined ? message.endsWith("end of JSON input") : Number(at) === text.length;
  }
}

/**
 * Inserted behind the year of everything that looks like a date while YAML is read, so that it stays a string: the loader
 * would make a Date of it and has no option against that. Unicode reserves this character, so no text contains it.
 */
const NO_DATE = "\ufdd0";

async function yamlIn(text: string, path: string): Promise<unknown> {
  // Only the data loaders of cosmiconfig are used: its search executes config files that it finds in the working
  // directory.
  const { defaultLoaders } = await import("cosmiconfig");
  const marked = text.replace(/\b\d{4}(?=-\d\d?-\d)/g, `$&${NO_DATE}`);
  try {
    return await defaultLoaders[".yaml"](path, marked);
  } catch (error) {
    const { mark } = error as { readonly mark?: { readonly position: number } };
    const before = mark && marked.slice(0, mark.position).replaceAll(NO_DATE, "");
    throw unreadable("YAML", path, before === undefined ? undefined : positionIn(lineStartsOf(text), before.length));
  }
}

/** Without `at` the error is about the whole file, as for a YAML file of several documents. */
function unreadable(kind: string, path: string, at?: Pick<ErrorDetails, "line" | "column">): CfgError {
  const what = at ? `not valid ${kind} at line ${at.line}, column ${at.column}` : `not one ${kind} document`;
  return new CfgError(kind === "TOML" ? "invalid-toml" : "invalid-config", what, {
    path,
    line: at?.line,
    column: at?.column,
    hints: ["correct it in an editor, then run the same command again; nothing was written", PRESET_FORM],
  });
}

/**
 * Values and their characters are no more than those of the text, unless YAML aliases repeat them: nine lines of those make
 * hundreds of millions.
 */
type Reading = { readonly path: string; size: number; readonly most: number };
const LEAST_BOUND = 10_000;

/** JSON and YAML have one kind of number; what has no fraction is an integer, as people write it. */
function toToml(value: unknown, place: KeyPath, reading: Reading): TomlValue {
  const { most, path } = reading;
  reading.size += typeof value === "string" ? 1 + value.length : 1;
  if (reading.size > most)
    throw new CfgError("invalid-config", "its aliases repeat more than a preset can hold", {
      path,
      hints: ["write out what they stand for, or leave it out", PRESET_FORM],
    });
  const refused = (what: string, hint: Hint) =>
    new CfgError("invalid-config", `${renderKey(place)} ${what}`, { path, hints: [hint] });
  if (value === null)
    throw refused("is null, which is no value in TOML", {
      note: "leave the key out, or give it a value; then look",
      argv: ["presets"],
    });
  // A YAML alias may refer to a node that contains it, without end.
  if (place.length > MAX_DEPTH) throw refused(`is nested deeper than ${MAX_DEPTH} levels`, PRESET_FORM);
  if (typeof value === "string") return value.replaceAll(NO_DATE, "");
  if (typeof value === "number" && Number.isInteger(value)) {
    if (Number.isSafeInteger(value)) return BigInt(value);
    throw refused(`is beyond ${Number.MAX_SAFE_INTEGER}, where JSON and YAML lose digits`, {
      note: `write that preset in ${NAMES[0]}; then look`,
      argv: ["presets"],
    });
  }
  if (Array.isArray(value)) return value.map((item, i) => toToml(item, [...place, i], reading));
  if (typeof value !== "object") return value as TomlValue;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const key = name.replaceAll(NO_DATE, "");
      return [key, toToml(item, [...place, key], reading)];
    }),
  );
}
