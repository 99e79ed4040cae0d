/**
 * The rules for a provider's `gateway_oauth`: where the gateway's credential comes from, over which addresses, and that no
 * other credential goes into the same header. Measured with 0.169.0.
 */
import type { Violation } from "../../findings/finding.ts";
import type { KeyPath, TomlTable } from "../../model/op.ts";
import { isTable, valueAt } from "../../toml/value.ts";
import { always } from "../facts.ts";
import { isLoopback } from "../providers.ts";

type Reason = Extract<Violation, { code: "provider-gateway" }>["args"]["reason"];

export function gatewayRules(id: string, provider: TomlTable, path: KeyPath): Violation[] {
  const settings = valueAt(provider, ["gateway_oauth"]);
  if (settings === undefined) return [];
  const reason = isTable(settings)
    ? (sourceOf(settings) ?? addressOf(provider, settings) ?? headerOf(provider, settings))
    : "source";
  if (reason === null) return [];
  return [{ code: "provider-gateway", args: { id, reason }, path: [...path, "gateway_oauth"], stops: "load" }];
}

/** Either a command that prints the credential, or three settings of OAuth. */
function sourceOf(settings: TomlTable): Reason | null {
  const keys = Object.keys(settings);
  const exported = valueAt(settings, ["credential_export"]);
  if (exported !== undefined) {
    const command = Array.isArray(exported) ? exported[0] : valueAt(exported, ["command"]);
    if (typeof command !== "string" || keys.some((key) => key !== "credential_export" && key !== "delivery"))
      return "source";
    return command.trim() === "" ? "command" : null;
  }
  const given = always("gatewayNeeds").every((key) => typeof valueAt(settings, [key]) === "string");
  if (!given || !keys.every((key) => always("gatewaySettings").includes(key))) return "source";
  const empty = String(valueAt(settings, ["client_id"])).trim() === "" || valueAt(settings, ["redirect_port"]) === 0n;
  return empty ? "client" : null;
}

function addressOf(provider: TomlTable, settings: TomlTable): Reason | null {
  const base = valueAt(provider, ["base_url"]);
  if (typeof base !== "string" || !isSafe(base)) return "base-url";
  const urls = always("gatewayAddresses").map((key) => valueAt(settings, [key]));
  return urls.every((url) => typeof url !== "string" || isSafe(url)) ? null : "url";
}

/** Whether an address is HTTPS, or plain HTTP to this machine, without a login in it. */
function isSafe(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { hash, hostname, password, protocol, username } = new URL(address);
  return (
    (protocol === "https:" || (protocol === "http:" && isLoopback(hostname))) && `${username}${password}${hash}` === ""
  );
}

/** Both credentials would go into `Authorization`, unless `delivery` names another header. */
function headerOf(provider: TomlTable, settings: TomlTable): Reason | null {
  if (valueAt(settings, ["delivery"]) !== undefined) return null;
  const headers = ["http_headers", "env_http_headers"].flatMap((key) => {
    const table = valueAt(provider, [key]);
    return isTable(table) ? Object.keys(table) : [];
  });
  const own = ["env_key", "experimental_bearer_token", "auth"].some((key) => valueAt(provider, [key]) !== undefined);
  const taken = own || valueAt(provider, ["requires_openai_auth"]) === true;
  return taken || headers.some((name) => name.toLowerCase() === "authorization") ? "header" : null;
}
