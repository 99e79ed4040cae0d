/**
 * The provider tables of a home: which there are, where each gets its key, which files choose it, and the table
 * that `provider add` writes. Pure; addresses are cut to their host, keys are never read.
 */

import type { KeyPlace } from "../model/change.ts";
import { CfgError } from "../model/error.ts";
import type { Hint } from "../model/hint.ts";
import type { Op, TomlTable } from "../model/op.ts";
import type { Document } from "../toml/document.ts";
import { isTable, renderKey, sameValue, valueAt } from "../toml/value.ts";
import { VARIABLE_NAME } from "./environment.ts";
import { always, forVersion } from "./facts.ts";
import { fileName } from "./file-role.ts";
import { hostOf } from "./providers.ts";

/** A provider that a config can choose. */
export type Provider = {
  readonly id: string;
  /** One of Codex's own, which needs no table. */
  readonly builtIn: boolean;
  readonly name: string | null;
  /** Host of the address; null when Codex picks it. */
  readonly host: string | null;
  /** Where the key comes from; null for none. */
  readonly key: string | null;
  /** Files and profiles that choose it, by name. */
  readonly usedBy: readonly string[];
};

/** One file that may choose a provider: config.toml or a profile's. */
export type ProviderUser = { readonly name: string; readonly document: Document };

/** Every provider that a home can choose: the release's own first. */
export function listProviders(config: Document, users: readonly ProviderUser[], version: string): Provider[] {
  const tables = config.table(["model_providers"]) ?? {};
  const own = Object.keys(tables);
  const builtIns = forVersion("builtInProviders", version).filter((id) => !own.includes(id));
  return [...builtIns, ...own].map((id) => {
    const table = valueAt(tables, [id]);
    const value = (key: string) => (isTable(table) ? valueAt(table, [key]) : undefined);
    const address = value("base_url");
    const builtIn = forVersion("builtInProviders", version).includes(id);
    return {
      id,
      builtIn,
      name: textOf(value("name")),
      host: typeof address === "string" ? hostOf(address) : null,
      key: isTable(table) && (!builtIn || hasOwnToken(table)) ? keySource(table, version) : null,
      usedBy: usersOf(id, users),
    };
  });
}

/** Whether Codex sends the stored login to a provider, wanted or not. No header prevents it (0.98.0 to 0.169.0). */
export function sendsLogin(table: TomlTable, version: string): boolean {
  return (
    !hasOwnToken(table) && (valueAt(table, ["requires_openai_auth"]) === true || forVersion("loginLeaks", version))
  );
}

/** Whether a provider has a token of its own, which Codex uses instead of the stored login. */
export function hasOwnToken(table: TomlTable): boolean {
  return always("tokenFields").some((key) => valueAt(table, [key]) !== undefined);
}

/** Whether a header holds a key, by its name. */
export function hasKeyHeader(table: TomlTable): boolean {
  return ["http_headers", "env_http_headers"].some((key) => {
    const headers = valueAt(table, [key]);
    return isTable(headers) && Object.keys(headers).some((name) => /authorization|api-?key/i.test(name));
  });
}

/** The files and legacy profiles that choose a provider. */
export function usersOf(id: string, users: readonly ProviderUser[]): string[] {
  return users.flatMap(({ name, document }) => {
    const profiles = Object.keys(document.table(["profiles"]) ?? {}).filter(
      (profile) => document.get(["profiles", profile, "model_provider"]) === id,
    );
    const chosen = document.get(["model_provider"]) === id ? [name] : [];
    return [...chosen, ...profiles.map((profile) => `[profiles.${profile}]`)];
  });
}

/** The settings of a provider's table. */
export type ProviderOptions = {
  /** An http or https address; without one Codex picks OpenAI's own. */
  readonly baseUrl?: string | undefined;
  /** The environment variable that holds the key, by name. */
  readonly envKey?: string | undefined;
  /** What Codex calls it; its id unless given. */
  readonly name?: string | undefined;
  /** `responses` unless given. */
  readonly wireApi: string;
  /** Send the stored login. */
  readonly login: boolean;
  readonly websockets: boolean;
};

/** The table with these options. */
export function tableFor(
  id: string,
  { baseUrl, envKey, login, name, websockets, wireApi }: ProviderOptions,
): TomlTable {
  return {
    name: name ?? id,
    ...(baseUrl === undefined ? {} : { base_url: baseUrl }),
    ...(envKey === undefined ? {} : { env_key: envKey }),
    wire_api: wireApi,
    ...(login ? { requires_openai_auth: true } : {}),
    ...(websockets ? { supports_websockets: true } : {}),
  };
}

/** Whether a different table that is there already may be replaced, and the hints of the refusal. */
export type Replacing = { readonly replaces: (there: TomlTable) => boolean; readonly hints: readonly Hint[] };

/**
 * The ops that make a provider table hold exactly this, and the keys of a table that was there and differs. Throws
 * `would-overwrite` where that table may not be replaced.
 */
export function upsertProviderTable(
  config: Document,
  id: string,
  wanted: TomlTable,
  { hints, replaces }: Replacing,
): { readonly ops: readonly Op[]; readonly keys: readonly string[] } {
  return upsertTable(config, { file: "config", path: ["model_providers", id] }, wanted, { hints, replaces });
}

/** The same for any table that has a name. */
export function upsertTable(
  document: Document,
  { file, path }: KeyPlace,
  wanted: TomlTable,
  { hints, replaces }: Replacing,
): { readonly ops: readonly Op[]; readonly keys: readonly string[] } {
  const found = document.get(path);
  if (found === undefined) return { ops: [{ op: "set", file, path, value: wanted }], keys: [] };
  const there = isTable(found) ? found : {};
  const names = [...new Set([...Object.keys(there), ...Object.keys(wanted)])];
  const keys = names.filter((key) => !sameValue(valueAt(there, [key]), valueAt(wanted, [key])));
  if (isTable(found) && keys.length === 0) return { ops: [], keys };
  if (!isTable(found) || !replaces(there)) {
    const what = `[${renderKey(path)}] is there already and differs in: ${keys.join(", ")}`;
    throw new CfgError("would-overwrite", what, { path: fileName(file), hints });
  }
  const ops = keys.flatMap((key): Op[] => {
    const inner = [...path, key];
    const value = valueAt(wanted, [key]);
    if (value === undefined) return [{ op: "unset", file, path: inner }];
    // `set` never replaces a value by a table, so another value at the path is removed first.
    const set: Op = { op: "set", file, path: inner, value };
    return isTable(value) && valueAt(there, [key]) !== undefined ? [{ op: "unset", file, path: inner }, set] : [set];
  });
  return { ops, keys };
}

function keySource(table: TomlTable, version: string): string | null {
  const value = (key: string) => valueAt(table, [key]);
  const variable = value("env_key");
  if (typeof variable === "string")
    return VARIABLE_NAME.test(variable) ? `$${variable}` : "no variable: env_key holds no name of one";
  if (value("experimental_bearer_token") !== undefined) return "a token in the file";
  if (value("auth") !== undefined) return "a command";
  if (sendsLogin(table, version)) return "the login";
  return hasKeyHeader(table) ? "a header" : null;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
