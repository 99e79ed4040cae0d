/**
 * Provider tables that load and fail later: their token is missing, goes to the wrong service, or travels unencrypted.
 * Pure: a config and what is known of the login and the environment in, violations out.
 */
import type { Violation } from "../../findings/finding.ts";
import type { KeyPath, TomlTable } from "../../model/op.ts";
import { tablesIn, valueAt } from "../../toml/value.ts";
import { VARIABLE_NAME } from "../environment.ts";
import { forVersion } from "../facts.ts";
import type { Login } from "../login.ts";
import { hasKeyHeader, hasOwnToken, sendsLogin } from "../provider-tables.ts";
import { caseVariantOf, hostOf, isPlainHttp, isPrivateHost, serviceAt } from "../providers.ts";
import { choice, set, unset } from "./fixes.ts";

export type PitfallContext = {
  readonly version: string;
  readonly login: () => Login;
  /** Whether a variable of the environment is set; without it, no rule looks at variables. */
  readonly isSet?: ((name: string) => boolean) | undefined;
};

export function providerPitfalls(config: TomlTable, context: PitfallContext): Violation[] {
  const { version } = context;
  const builtIn = forVersion("openaiBaseUrl", version) ? valueAt(config, ["openai_base_url"]) : undefined;
  const goesThere = typeof builtIn === "string" ? hostOf(builtIn) : null;
  return tablesIn(config, ["model_providers"]).flatMap(([id, table]): Violation[] => {
    if (forVersion("builtInProviders", version).includes(id)) return [];
    const one: Provider = { id, table, path: ["model_providers", id], address: addressOf(table) };
    return [
      ...caseRule(one, version),
      ...tokenRules(one, context, goesThere),
      ...clearRule(one, context),
      ...variableRule(one, context),
    ];
  });
}

type Provider = {
  readonly id: string;
  readonly table: TomlTable;
  readonly path: KeyPath;
  /** Null where Codex picks the address by the login. */
  readonly address: {
    readonly host: string;
    readonly service: ReturnType<typeof serviceAt>;
    readonly isPlain: boolean;
  } | null;
};

function addressOf(table: TomlTable): Provider["address"] {
  const address = valueAt(table, ["base_url"]);
  if (address === undefined) return null;
  if (typeof address !== "string") return { host: "", service: null, isPlain: false };
  return { host: hostOf(address), service: serviceAt(address), isPlain: isPlainHttp(address) };
}

function caseRule({ id, path }: Provider, version: string): Violation[] {
  const builtIn = caseVariantOf(id, version);
  return builtIn === null ? [] : [{ code: "provider-case", args: { id, builtIn }, path, stops: null }];
}

/**
 * Which token a provider gets, if any, and whether its address takes that kind. `goesThere` is the host that the user has
 * set for the built-in provider, which gets the login already.
 */
function tokenRules(
  { address, id, path, table }: Provider,
  { login: look, version }: PitfallContext,
  goesThere: string | null,
): Violation[] {
  const { host, service } = address ?? { host: "", service: "login" as const };
  if (!sendsLogin(table, version)) {
    const isOpenAi = service === "login" || service === "api" || service === "chatgpt";
    if (hasOwnToken(table) || hasKeyHeader(table)) return [];
    if (!isOpenAi)
      return service === "other" && !isPrivateHost(host) && look().mode === "apikey" ? [noKey(id, host, path)] : [];
    const fix = choice("with it OpenAI gets the stored login", [
      "send it the stored login",
      set([...path, "requires_openai_auth"], true),
    ]);
    return [{ code: "provider-no-token", args: { id }, path, stops: null, fix }];
  }
  const login = look();
  const isMeant = valueAt(table, ["requires_openai_auth"]) === true;
  if (!isMeant) {
    if (service !== "other" || login.mode === "none") return [];
    return [{ code: "provider-leaks-key", args: { id, host, login: login.mode }, path, stops: null }];
  }
  const found: Violation[] = [];
  const wrongFor = service === "api" ? "chatgpt" : service === "chatgpt" ? "apikey" : null;
  if (wrongFor !== null && login.mode === wrongFor) {
    const fix = choice("Codex then sends the login to the service that it is for", [
      "let Codex pick the address",
      unset([...path, "base_url"]),
    ]);
    found.push({ code: "provider-wrong-service", args: { id, host, login: wrongFor }, path, stops: null, fix });
  }
  if (service === "other" && host !== goesThere)
    found.push({ code: "login-to-other-host", args: { host }, path: [...path, "base_url"], stops: null });
  if (login.mode === "chatgpt" && login.apiKeyInEnvironment)
    found.push({ code: "api-key-beside-chatgpt", args: {}, path: [...path, "requires_openai_auth"], stops: null });
  return found;
}

/** A gateway that got the stored key of older releases; one without a stored key may want none. */
function noKey(id: string, host: string, path: KeyPath): Violation {
  const fix = choice(`the stored key then goes to ${host}, which is not OpenAI's`, [
    "send it the stored key",
    set([...path, "requires_openai_auth"], true),
  ]);
  return { code: "provider-gets-no-key", args: { id, host }, path, stops: null, fix };
}

/** Credentials that travel unencrypted. */
function clearRule({ address, path, table }: Provider, { login, version }: PitfallContext): Violation[] {
  if (address === null || !address.isPlain || address.service !== "other") return [];
  const isMeant = valueAt(table, ["requires_openai_auth"]) === true;
  const sendsOwn = hasOwnToken(table) || hasKeyHeader(table);
  if (!sendsOwn && !(sendsLogin(table, version) && (isMeant || login().mode !== "none"))) return [];
  return [{ code: "plain-http", args: { host: address.host }, path: [...path, "base_url"], stops: null }];
}

function variableRule({ id, path, table }: Provider, { isSet }: PitfallContext): Violation[] {
  const name = valueAt(table, ["env_key"]);
  if (typeof name !== "string" || name.trim() === "") return [];
  if (!VARIABLE_NAME.test(name))
    return [{ code: "environment-key-no-name", args: { id }, path: [...path, "env_key"], stops: null }];
  if (!isSet || isSet(name)) return [];
  return [{ code: "environment-key-unset", args: { name }, path: [...path, "env_key"], stops: null }];
}
