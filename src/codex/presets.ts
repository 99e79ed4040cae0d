/**
 * A user's preset: a provider, a profile, switches of MCP servers and any settings, as data. Knows its form and turns it
 * into ops; where presets come from is not its business. Nothing in a preset is ever executed.
 */
import { CfgError } from "../errors.ts";
import type { FileRole, KeyPath, Op, TomlTable, TomlValue } from "../op.ts";
import { word } from "../sentences.ts";
import type { Document } from "../toml/document.ts";
import { isTable, leavesOf, valueAt } from "../toml/value.ts";
import type { Codex } from "./detect.ts";
import { NEWEST } from "./facts.ts";
import { profileRole } from "./layout.ts";
import { bringTable } from "./provider-tables.ts";
import { guardProviderId } from "./providers.ts";
import { checkSwitches, matching, namesIn, type ServerSource, type Switch, switchesFor } from "./servers.ts";
import { mismatches, type Shape } from "./shape.ts";

/** A preset as its file has it; `schemas/preset.schema.json` describes the same for editors. */
export type Preset = { readonly name: string; readonly origin: string; readonly body: TomlTable };

const STRING: Shape = { kind: "string" };
const NAMES: Shape = { kind: "array", items: STRING };
const SETTINGS: Shape = { kind: "map", values: { kind: "any" } };
const SHAPE: Shape = {
  kind: "struct",
  closed: true,
  fields: {
    description: STRING,
    parameters: {
      kind: "map",
      values: { kind: "struct", closed: true, fields: { description: STRING, default: STRING } },
    },
    provider: { kind: "struct", fields: { id: { ...STRING, required: true } }, rest: { kind: "any" } },
    profile: {
      kind: "struct",
      closed: true,
      fields: { name: { ...STRING, required: true }, settings: SETTINGS },
    },
    servers: { kind: "struct", closed: true, fields: { disable: NAMES, enable: NAMES } },
    settings: SETTINGS,
  },
};

/** The presets of one file's data: a table for each. Throws `invalid-config` that names the place. */
export function presetsIn(data: TomlTable, origin: string): Preset[] {
  return Object.entries(data)
    .filter(([key]) => key !== "$schema")
    .map(([name, body]) => {
      const [wrong] = mismatches(body, SHAPE, NEWEST, [name]);
      if (wrong) {
        const place = wrong.path.join(".");
        const what =
          wrong.kind === "type"
            ? `takes ${wrong.expected}`
            : wrong.kind === "missing"
              ? "is missing"
              : "is nothing that a preset has";
        throw new CfgError("invalid-config", `${place} ${what}`, {
          path: origin,
          hints: ["its form is in schemas/preset.schema.json"],
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
  readonly command: string;
};

/** One setting that a preset brings, for the caller to check against what this Codex takes. */
export type PresetSetting = { readonly path: KeyPath; readonly value: TomlValue };
export type PresetOps = {
  readonly ops: readonly Op[];
  readonly settings: readonly PresetSetting[];
  readonly profile: string | null;
};

/**
 * A preset with its parameters filled in, as ops. Throws `usage`, `reserved-provider`, `would-overwrite`, or
 * `invalid-config` where this Codex would not heed the switches of its servers.
 */
export function presetOps(
  { body, name, origin }: Preset,
  given: Readonly<Record<string, string>>,
  context: PresetContext,
): PresetOps {
  const { codex, document } = context;
  const filled = fill(body, parametersOf({ body, name, origin }, given, context.command), origin) as TomlTable;
  const ops: Op[] = [];
  const settings: PresetSetting[] = [];
  const provider = valueAt(filled, ["provider"]);
  if (isTable(provider)) {
    const { id, ...table } = provider as { readonly id: string } & TomlTable;
    guardProviderId(id, codex.version, `in ${origin}, as provider.id of ${name}`);
    const hints = [`replace it, the old table comes back with revert: ${context.command} --overwrite`];
    ops.push(...bringTable(document("config"), id, table, { replaces: () => context.overwrite, hints }).ops);
    settings.push({ path: ["model_providers", id], value: table });
  }
  const bring = (table: TomlValue | undefined, file: FileRole, prefix: KeyPath) => {
    for (const [path, value] of isTable(table) ? leavesOf(table) : []) {
      settings.push({ path, value });
      ops.push({ op: "set", file, path: [...prefix, ...path], value });
    }
  };
  bring(valueAt(filled, ["settings"]), "config", []);
  const named = valueAt(filled, ["profile", "name"]);
  const profile = typeof named === "string" ? named : undefined;
  const own = profile === undefined ? null : profileRole(profile);
  const role: FileRole = own !== null && codex.layout === "file" ? own : "config";
  if (profile !== undefined)
    bring(valueAt(filled, ["profile", "settings"]), role, role === "config" ? ["profiles", profile] : []);
  const sources = [...new Set<FileRole>(["config", role])].map((file) => ({ file, document: document(file) }));
  for (const { path, value } of switchesIn(valueAt(filled, ["servers"]), sources)) {
    checkSwitches(codex, String(path[1]), profile);
    ops.push({ op: "set", file: role, path, value });
  }
  return { ops, settings, profile: profile ?? null };
}

/** Names of the parameters that a preset has. */
export function parameterNames({ body }: Preset): string[] {
  const parameters = valueAt(body, ["parameters"]);
  return isTable(parameters) ? Object.keys(parameters) : [];
}

function parametersOf(
  preset: Preset,
  given: Readonly<Record<string, string>>,
  command: string,
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
        hints: [`${command} --set ${word(name)}=VALUE`],
      });
    }),
  );
}

/** `${name}` in any string becomes the parameter's value; everything else stays as it is. */
function fill(value: TomlValue, parameters: ReadonlyMap<string, string>, origin: string): TomlValue {
  if (typeof value === "string") {
    return value.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
      const found = parameters.get(name);
      if (found === undefined)
        throw new CfgError("invalid-config", `\${${name}} is no parameter of the preset`, { path: origin });
      return found;
    });
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, parameters, origin));
  if (!isTable(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === "parameters" ? item : fill(item, parameters, origin)]),
  );
}

/** The switches that a preset's names and patterns mean; a server that is both is on. */
function switchesIn(wanted: TomlValue | undefined, sources: readonly ServerSource[]): Switch[] {
  if (!isTable(wanted)) return [];
  const known = namesIn(sources);
  const meant = (key: string) => {
    const patterns = valueAt(wanted, [key]);
    return Array.isArray(patterns) ? patterns.flatMap((pattern) => matching(String(pattern), known)) : [];
  };
  const [on, off] = [meant("enable"), meant("disable")];
  const touched = known.filter((name) => on.includes(name) || off.includes(name));
  return switchesFor(sources, new Map(touched.map((name) => [name, on.includes(name)])));
}
