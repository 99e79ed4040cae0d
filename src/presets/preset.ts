/**
 * A user's preset: a provider, a profile, switches of MCP servers and any settings, as data. Knows its form and turns it
 * into ops, not where presets come from. Nothing in a preset is ever executed.
 */

import { NEWEST } from "../codex/facts.ts";
import { checkProfileName } from "../codex/file-role.ts";
import { upsertProviderTable, upsertTable } from "../codex/provider-tables.ts";
import { guardProviderId } from "../codex/providers.ts";
import type { Codex } from "../codex/release.ts";
import { mismatches, type Schema } from "../codex/schema.ts";
import { checkSwitches, matching, namesIn, type ServerSource, type Switch, switchesFor } from "../codex/servers.ts";
import { CfgError } from "../model/error.ts";
import type { Again, Hint } from "../model/hint.ts";
import type { FileRole, KeyPath, Op, TomlTable, TomlValue } from "../model/op.ts";
import type { Document } from "../toml/document.ts";
import { isTable, leavesOf, renderKey, sameValue, tablesIn, valueAt } from "../toml/value.ts";

/** A preset as its file has it; `schemas/preset.schema.json` describes the same for editors. */
export type Preset = { readonly name: string; readonly origin: string; readonly body: TomlTable };

const STRING: Schema = { kind: "string" };
const NAMES: Schema = { kind: "array", items: STRING };
const SETTINGS: Schema = { kind: "map", values: { kind: "any" } };
const SCHEMA: Schema = {
  kind: "struct",
  unknownKeys: "refused",
  fields: {
    description: STRING,
    parameters: {
      kind: "map",
      values: { kind: "struct", unknownKeys: "refused", fields: { description: STRING, default: STRING } },
    },
    provider: { kind: "struct", fields: { id: { ...STRING, required: true } }, rest: { kind: "any" } },
    profile: {
      kind: "struct",
      unknownKeys: "refused",
      fields: { name: { ...STRING, required: true }, settings: SETTINGS },
    },
    servers: { kind: "struct", unknownKeys: "refused", fields: { disable: NAMES, enable: NAMES } },
    settings: SETTINGS,
  },
};

/** The hint that leads to the form of a preset; it works where no documentation is installed. */
export const PRESET_FORM: Hint = { note: "how presets are written", argv: ["presets", "--help"] };

/** The `description` of a preset; empty without one. */
export function descriptionOf({ body }: Preset): string {
  const description = valueAt(body, ["description"]);
  return typeof description === "string" ? description : "";
}

/** The presets of one file's data: a table for each. Throws `invalid-config` that names the place. */
export function presetsIn(data: TomlTable, origin: string): Preset[] {
  return Object.entries(data)
    .filter(([key]) => key !== "$schema")
    .map(([name, body]) => {
      const [wrong] = mismatches(body, SCHEMA, NEWEST, [name]);
      if (wrong) {
        const place = renderKey(wrong.path);
        const what =
          wrong.kind === "type"
            ? `takes ${wrong.expected}`
            : wrong.kind === "missing"
              ? "is missing"
              : "is nothing that a preset has";
        throw new CfgError("invalid-config", `${place} ${what}`, {
          path: origin,
          hints: [PRESET_FORM],
        });
      }
      return { name, origin, body: body as TomlTable };
    });
}

export type PresetContext = {
  readonly codex: Codex;
  readonly document: (role: FileRole) => Document;
  readonly overwrite: boolean;
  /** The command that asked for the preset, for hints. */
  readonly command: Again;
};

/** One setting that a preset brings, for the caller to check against what this Codex takes. */
export type PresetSetting = { readonly path: KeyPath; readonly value: TomlValue };
export type PresetOps = {
  readonly ops: readonly Op[];
  readonly settings: readonly PresetSetting[];
  /** Names in `servers` that no server has. */
  readonly unknownServers: readonly string[];
};

/**
 * A preset with its parameters filled in, as ops. Throws `usage`, `reserved-provider`, `would-overwrite`, or
 * `invalid-config` where this Codex would ignore the switches of its servers.
 */
export function presetOps(preset: Preset, given: Readonly<Record<string, string>>, context: PresetContext): PresetOps {
  const { codex, document } = context;
  const { name } = preset;
  const filled = filledBody(preset, parametersOf(preset, given, context.command));
  const ops: Op[] = [];
  const settings: PresetSetting[] = [];
  const provider = valueAt(filled, ["provider"]);
  if (isTable(provider)) {
    const { id, ...table } = provider as { readonly id: string } & TomlTable;
    try {
      guardProviderId(id, codex.version, `choose another id: as provider.id of ${name}`);
    } catch (error) {
      throw inPreset(error, preset, (own) => [...own, fixInPresetFile(context.command)]);
    }
    const argv = context.command("--overwrite");
    const hints = [{ note: "replace it, the old table comes back with revert", argv }];
    ops.push(...upsertProviderTable(document("config"), id, table, { replaces: () => context.overwrite, hints }).ops);
    settings.push({ path: ["model_providers", id], value: table });
  }
  const bring = (table: TomlValue | undefined, file: FileRole, prefix: KeyPath) => {
    const own = isTable(table) ? tablesIn(table, ["mcp_servers"]) : [];
    const isOther = ([server, wanted]: readonly [string, TomlTable]) => {
      const there = document(file).table([...prefix, "mcp_servers", server]);
      const reach = ["command", "url"].filter((key) => wanted[key] !== undefined);
      if (there === undefined || reach.length === 0) return reach.length > 0;
      const differs = leavesOf(wanted).some(([path, value]) => {
        const old = valueAt(there, path);
        return old !== undefined && !sameValue(old, value);
      });
      return differs || (reach[0] === "command" ? there.url : there.command) !== undefined;
    };
    const defined = own.filter(isOther);
    for (const [server, wanted] of defined) {
      const path = ["mcp_servers", server];
      // Half of one server and half of another is one that Codex does not load.
      const hints = [{ note: "replace it, the old one comes back with revert", argv: context.command("--overwrite") }];
      const replacing = { replaces: () => context.overwrite, hints };
      ops.push(...upsertTable(document(file), { file, path: [...prefix, ...path] }, wanted, replacing).ops);
      settings.push(...leavesOf(wanted, path).map(([key, value]) => ({ path: key, value })));
    }
    for (const [path, value] of isTable(table) ? leavesOf(table) : []) {
      if (defined.some(([server]) => path[0] === "mcp_servers" && path[1] === server)) continue;
      settings.push({ path, value });
      ops.push({ op: "set", file, path: [...prefix, ...path], value });
    }
  };
  bring(valueAt(filled, ["settings"]), "config", []);
  const named = valueAt(filled, ["profile", "name"]);
  const profile = typeof named === "string" ? named : undefined;
  if (profile !== undefined) checkName(preset, profile, context.command);
  const { file: role, root } =
    profile === undefined ? { file: "config" as const, root: [] } : codex.layout.place(profile);
  if (profile !== undefined) bring(valueAt(filled, ["profile", "settings"]), role, root);
  const sources = [...new Set<FileRole>(["config", role])].map((file) => ({ file, document: document(file) }));
  const brought = settings.flatMap(({ path: [group, server] }) => (group === "mcp_servers" ? String(server) : []));
  const { unknownServers, switches } = switchesIn(valueAt(filled, ["servers"]), sources, brought);
  for (const { path, value } of switches) {
    checkSwitches(codex, String(path[1]), profile);
    ops.push({ op: "set", file: role, path, value });
  }
  return { ops, settings, unknownServers };
}

/**
 * The same error with the preset named, in whose file it has to be fixed; `hints` makes the hints out of the error's
 * own.
 */
export function inPreset(
  error: unknown,
  { name, origin }: Preset,
  hints: (own: readonly Hint[]) => readonly Hint[],
): unknown {
  if (!(error instanceof CfgError)) return error;
  return new CfgError(error.code, `preset ${name}: ${error.message}`, { path: origin, hints: hints(error.hints) });
}

/** The hint of every error that has to be fixed in the preset's file. */
export function fixInPresetFile(command: Again): Hint {
  return { note: "correct it in that file, then see", argv: command("--dry-run") };
}

function checkName(preset: Preset, profile: string, command: Again): void {
  try {
    checkProfileName(profile);
  } catch (error) {
    throw inPreset(error, preset, () => [fixInPresetFile(command)]);
  }
}

/** Names of the parameters that a preset has. */
export function parameterNames({ body }: Preset): string[] {
  const parameters = valueAt(body, ["parameters"]);
  return isTable(parameters) ? Object.keys(parameters) : [];
}

function parametersOf(
  preset: Preset,
  given: Readonly<Record<string, string>>,
  command: Again,
): ReadonlyMap<string, string> {
  const names = parameterNames(preset);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    throw new CfgError("usage", `the preset ${preset.name} has no parameter ${name}`, {
      hints: [names.length === 0 ? "it has none" : `it has: ${names.join(", ")}`],
    });
  }
  return new Map(
    names.map((name) => {
      const value = Object.hasOwn(given, name) ? given[name] : valueAt(preset.body, ["parameters", name, "default"]);
      if (typeof value === "string") return [name, value];
      throw new CfgError("usage", `the preset ${preset.name} needs a value for ${name}`, {
        hints: [{ note: "give it one", argv: command("--set", `${name}=VALUE`) }],
      });
    }),
  );
}

/**
 * The settings of a preset with its parameters filled in; `parameters` and `description` are left out, as they set
 * nothing.
 */
function filledBody(preset: Preset, parameters: ReadonlyMap<string, string>): TomlTable {
  const brought = Object.entries(preset.body).filter(([key]) => key !== "parameters" && key !== "description");
  return fill(Object.fromEntries(brought), parameters, preset, [preset.name]) as TomlTable;
}

/** `${name}` in any string becomes the parameter's value, and `$${name}` becomes `${name}`; all else stays as it is. */
function fill(value: TomlValue, parameters: ReadonlyMap<string, string>, preset: Preset, place: KeyPath): TomlValue {
  if (typeof value === "string") {
    return value.replace(/\$(\$?)\{([^}]*)\}/g, (_, dollar: string, name: string) => {
      const found = dollar === "" ? parameters.get(name) : `\${${name}}`;
      if (found !== undefined) return found;
      throw new CfgError("invalid-config", `${renderKey(place)}: \${${name}} is no parameter of the preset`, {
        path: preset.origin,
        hints: [
          `its parameters: ${[...parameters.keys()].join(", ") || "none"}; to write it as it stands: $\${${name}}`,
          PRESET_FORM,
        ],
      });
    });
  }
  if (Array.isArray(value)) return value.map((item, i) => fill(item, parameters, preset, [...place, i]));
  if (!isTable(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, fill(item, parameters, preset, [...place, key])]),
  );
}

/**
 * The switches of all servers that match a preset's names and patterns, and the names that match none; a server in both
 * lists is turned on. `brought` are servers that the preset itself defines.
 */
function switchesIn(
  wanted: TomlValue | undefined,
  sources: readonly ServerSource[],
  brought: readonly string[],
): { readonly switches: readonly Switch[]; readonly unknownServers: readonly string[] } {
  if (!isTable(wanted)) return { switches: [], unknownServers: [] };
  const known = [...new Set([...namesIn(sources), ...brought])];
  const patternsOf = (key: string) => {
    const patterns = valueAt(wanted, [key]);
    return Array.isArray(patterns) ? patterns.map(String) : [];
  };
  const matched = (key: string) => patternsOf(key).flatMap((pattern) => matching(pattern, known));
  const [on, off] = [matched("enable"), matched("disable")];
  const touched = known.filter((name) => on.includes(name) || off.includes(name));
  const switches = switchesFor(sources, new Map(touched.map((name) => [name, on.includes(name)])));
  // A pattern may match nothing, because a preset is for homes with and without servers; a plain name has to match.
  const plain = [...patternsOf("disable"), ...patternsOf("enable")].filter((name) => !/[*?]/.test(name));
  return { switches, unknownServers: [...new Set(plain)].filter((name) => !known.includes(name)) };
}
