/**
 * Makes a preset out of a home, to share: what this machine or this person keeps to itself is left out, a secret or a path of
 * this machine becomes a parameter, and so is asked for where the preset is applied.
 */
import { basename, isAbsolute, resolve } from "node:path";
import { forVersion } from "../codex/facts.ts";
import type { Home } from "../home.ts";
import { CfgError } from "../model/error.ts";
import type { TomlTable, TomlValue } from "../model/op.ts";
import { checkCall, type Kinds } from "../model/wish.ts";
import { redactedValue } from "../redact/redactor.ts";
import { exportNew } from "../store/export.ts";
import { parseDocument } from "../toml/document.ts";
import { isTable, sameValue, valueAt } from "../toml/value.ts";
import { checkThere, ownSettings } from "./profile/names.ts";

/** What goes in: all of config.toml that is fit to be shared, or one profile; and servers by name. */
export type SavePresetWish = {
  readonly name: string;
  readonly profile?: string | undefined;
  readonly servers?: readonly string[] | undefined;
  /** `NAME.preset.toml` in the working directory unless given. */
  readonly file?: string | undefined;
};

/** A preset's file before it is written. */
export type SavedPreset = { readonly path: string; readonly text: string; readonly parameters: readonly string[] };

const SAVED: Kinds<SavedPreset> = { path: "text", text: "text", parameters: "texts" };
const WISH: Kinds<SavePresetWish> = { name: "text", profile: "text?", servers: "texts?", file: "text?" };

/** The preset as it would be written. Throws `unknown-name` for a profile or a server, `usage` for what is no name. */
export function presetOf(home: Home, wish: SavePresetWish): SavedPreset {
  checkCall("presetOf", home, wish, WISH);
  const { file, name, profile, servers = [] } = wish;
  if (!/^[\w-]+$/.test(name))
    throw new CfgError("usage", `not a name for a preset: ${JSON.stringify(name)}`, {
      hints: ["use letters, digits, - and _"],
    });
  if (profile !== undefined) checkThere(home, profile, "presets save NAME --profile");
  const config = home.snapshot.document("config");
  const own = shared(profile === undefined ? config.data : ownSettings(home, profile));
  const chosen = valueAt(own, ["model_provider"]) ?? config.get(["model_provider"]);
  const provider = typeof chosen === "string" ? providerOf(home, config.data, chosen) : {};
  const found = serversOf(config.data, servers);
  const settings = profile === undefined ? { ...own, ...found } : found;
  const body = {
    ...provider,
    ...(profile === undefined ? {} : { profile: { name: profile, settings: own } }),
    ...(Object.keys(settings).length === 0 ? {} : { settings }),
  };
  const parameters = new Map<string, string>();
  const filled = Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, withoutSecrets(value as TomlValue, [], parameters)]),
  );
  const { text } = parseDocument("", name).edit([
    {
      op: "set",
      path: [name],
      value: {
        description: `out of ${profile === undefined ? "config.toml" : `the profile ${profile}`}`,
        ...(parameters.size === 0
          ? {}
          : { parameters: Object.fromEntries([...parameters].map(([key, about]) => [key, { description: about }])) }),
        ...filled,
      },
    },
  ]);
  const path = resolve(home.host.cwd, file ?? `${basename(name)}.preset.toml`);
  return { path, text, parameters: [...parameters.keys()] };
}

/** Writes it as a new file. Throws `would-overwrite` where there is one. */
export function savePreset(home: Home, preset: SavedPreset): void {
  checkCall("savePreset", home, preset, SAVED);
  exportNew(home.host, preset.path, preset.text);
}

/** What only counts on one machine, for one person, or was noted by Codex itself. */
const PRIVATE = [
  "projects",
  "profiles",
  "profile",
  "notice",
  "model_providers",
  "mcp_servers",
  "marketplaces",
  "hooks",
];

function shared(settings: TomlTable): TomlTable {
  return Object.fromEntries(
    Object.entries(settings)
      .filter(([key]) => !PRIVATE.includes(key))
      .map(([key, value]) => {
        if (key !== "tui" || !isTable(value)) return [key, value];
        const { model_availability_nux: _, screen_reader_detection_done: __, ...rest } = value;
        return [key, rest];
      }),
  );
}

function providerOf(home: Home, config: TomlTable, id: string): TomlTable {
  const table = valueAt(config, ["model_providers", id]);
  const isBuiltIn = forVersion("builtInProviders", home.codex.version).includes(id);
  return isTable(table) && !isBuiltIn ? { provider: { id, ...table } } : {};
}

function serversOf(config: TomlTable, names: readonly string[]): TomlTable {
  if (names.length === 0) return {};
  const servers = names.map((name): [string, TomlValue] => {
    const table = valueAt(config, ["mcp_servers", name]);
    if (table !== undefined) return [name, table];
    throw new CfgError("unknown-name", `config.toml has no MCP server ${JSON.stringify(name)}`, {
      hints: [{ note: "see them all", argv: ["mcp", "list"] }],
    });
  });
  return { mcp_servers: Object.fromEntries(servers) };
}

/** The value with a parameter in the place of each text that is a secret, or a path of this machine. */
function withoutSecrets(value: TomlValue, path: readonly string[], parameters: Map<string, string>): TomlValue {
  if (Array.isArray(value)) {
    // An argument does not tell that it is secret, the one before it in its list does.
    const shown = redactedValue(value, path);
    const items = Array.isArray(shown) && shown.length === value.length ? shown : [];
    return value.map((item, at) =>
      typeof item === "string" && !sameValue(item, items[at] ?? null)
        ? parameter(path, "a secret", parameters)
        : withoutSecrets(item, path, parameters),
    );
  }
  if (isTable(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, withoutSecrets(item, [...path, key], parameters)]),
    );
  if (typeof value !== "string") return value;
  if (!sameValue(redactedValue(value, path), value)) return parameter(path, "a secret", parameters);
  if (isAbsolute(value) || /^(~[\\/]|[A-Za-z]:[\\/])/.test(value))
    return parameter(path, "a path of the machine", parameters);
  return value.replaceAll("${", "$${");
}

function parameter(path: readonly string[], what: string, parameters: Map<string, string>): string {
  const base = path.at(-1)?.toLowerCase().replace(/\W+/g, "_") ?? "value";
  let name = base;
  for (let n = 2; parameters.has(name); n++) name = `${base}_${n}`;
  parameters.set(name, `${what}: ${path.join(".")}`);
  return `\${${name}}`;
}
