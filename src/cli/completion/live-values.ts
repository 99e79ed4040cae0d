/**
 * The values that a word being typed may take in this home: names of servers, profiles, presets and providers, ids of
 * changes, keys and what they take. Names only, never the value of a setting.
 */

import { storeStates } from "../../actions/auth-store.ts";
import { listProviders } from "../../actions/provider.ts";
import { homeSources } from "../../actions/servers.ts";
import { settingOf } from "../../actions/setting.ts";
import { loadSchema } from "../../codex/load-schema.ts";
import { knownKeys, type Schema, schemaAt } from "../../codex/schema.ts";
import { listServers } from "../../codex/servers.ts";
import type { Home } from "../../home.ts";
import { BUILT_IN_DATA, BUILT_IN_PRESETS, builtInWord } from "../../presets/built-in.ts";
import { parameterNames } from "../../presets/preset.ts";
import { userPresets } from "../../presets/preset-files.ts";
import { referenceTo } from "../../presets/reference.ts";
import { shownKeys } from "../../redact/shown.ts";
import type { Context } from "../context.ts";
import type { Candidate, Line, Offer } from "./complete.ts";

/** The completions for a value that its definition calls `<placeholder>`; none for free text. */
export async function liveValues(context: Context, placeholder: string, line: Line, current: string): Promise<Offer> {
  const source = Object.hasOwn(SOURCES, placeholder) ? SOURCES[placeholder] : undefined;
  return {
    candidates: source ? await source(context, line, current) : [],
    ...(FILES.includes(placeholder) ? { paths: "files" } : placeholder === "dir" ? { paths: "folders" } : {}),
  };
}

type Source = (context: Context, line: Line, current: string) => Candidate[] | Promise<Candidate[]>;

const FILES = ["file", "preset", "command"];

/** By the words that stand between the brackets of options and arguments. */
const SOURCES: Readonly<Record<string, Source>> = {
  servers: ({ home }, { options }) =>
    listServers(homeSources(home, options.profile)).map(({ enabled, name }) => named(name, enabled ? "on" : "off")),
  profile: ({ home }) =>
    home.codex.layout
      .names(
        () => home.profileFiles,
        () => home.snapshot.document("config"),
      )
      .map((name) => named(name)),
  preset: presets,
  change: ({ home }) => {
    const entries = [...home.history.entries].reverse();
    const names = new Set(entries.flatMap(({ preset }) => preset ?? []));
    return [
      ...[...names].map((name) => named(name, "preset")),
      ...entries.map(({ command, id, time }) => named(id, `${time.slice(0, 16)}Z ${command}`)),
    ];
  },
  provider: ({ home }) => listProviders(home).flatMap(({ builtIn, id }) => (builtIn ? [] : [named(id)])),
  store: ({ home }) => storesOf(home, "cli_auth_credentials_store"),
  "mcp-store": ({ home }) => storesOf(home, "mcp_oauth_credentials_store"),
  "name=value": async (context, { given }) =>
    [...(await userPresets(context.host, context.home.dir)), ...BUILT_IN_DATA]
      .filter(({ name }) => name === given[0])
      .flatMap(parameterNames)
      .map((name) => named(`${name}=`)),
  key: keys,
  value: valuesOfKey,
};

function storesOf(home: Home, key: string): Candidate[] {
  const values = storeStates(home).find((state) => state.key === key)?.values ?? [];
  return values.map((value) => named(value));
}

function named(value: string, about = ""): Candidate {
  return { value, about };
}

async function presets({ home, host }: Context): Promise<Candidate[]> {
  const own = await userPresets(host, home.dir).catch(() => []);
  return [
    ...Object.entries(BUILT_IN_PRESETS).map(([name, about]) => named(builtInWord(name, own), about)),
    ...own.map((preset) => named(referenceTo(preset), "yours")),
  ];
}

/** The keys one level below what is typed: those of the file, and for `set` those that this Codex knows as well. */
async function keys({ home }: Context, { command, options }: Line, current: string): Promise<Candidate[]> {
  const head = /^(?:(?:"[^"]*"|'[^']*'|[\w-]+)\.)*/.exec(current)?.[0] ?? "";
  const { file, path, stored } = settingOf(home, `${head}x`, options.profile);
  const above = path.slice(0, -1);
  const there = home.snapshot.document(file).table(stored.slice(0, -1)) ?? {};
  const isSet = command.name() === "set";
  const found = shownKeys(there).flatMap(({ isTable, key }) =>
    !isTable ? [key] : isSet ? [`${key}.`] : [key, `${key}.`],
  );
  const { version } = home.codex;
  const schema = isSet ? await loadSchema() : null;
  const known = schema === null ? [] : knownKeys(schema, above, version);
  const spelled = known.map((name) => {
    const takes = schema && schemaAt(schema, [...above, name], version);
    return takes && isTableSchema(takes) ? `${name}.` : name;
  });
  return [...new Set([...found, ...spelled])].map((name) => named(`${head}${name}`));
}

function isTableSchema(schema: Schema): boolean {
  return (
    schema.kind === "map" ||
    schema.kind === "struct" ||
    (schema.kind === "oneOf" && schema.options.every(isTableSchema))
  );
}

/** The values that the key takes, where its schema lists them. */
async function valuesOfKey({ home }: Context, { given, options }: Line): Promise<Candidate[]> {
  const { path } = settingOf(home, given[0] ?? "", options.profile);
  if (path.join(".") === "model_provider") return listProviders(home).map(({ id }) => named(id));
  const schema = schemaAt(await loadSchema(), path, home.codex.version);
  const schemas = schema?.kind === "oneOf" ? schema.options : schema ? [schema] : [];
  return schemas.flatMap((one) =>
    one.kind === "enum" ? one.values.map((value) => named(value)) : one.kind === "boolean" ? BOOLEANS : [],
  );
}

const BOOLEANS = [named("true"), named("false")];
