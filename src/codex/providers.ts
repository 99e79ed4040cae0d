/**
 * Model providers: which ids belong to Codex itself, and which addresses are OpenAI's own. Knows ids and addresses,
 * not tables.
 */
import { CfgError } from "../model/error.ts";
import type { Hint } from "../model/hint.ts";
import { always, forVersion } from "./facts.ts";

/**
 * Throws `reserved-provider` when a table of that id would be refused, or ignored, by this Codex; `instead` is
 * the hint how to choose another id. Throws `usage` for an empty one.
 */
export function guardProviderId(id: string, version: string, instead: Hint): void {
  if (id === "") throw new CfgError("usage", "a provider id must not be empty");
  if (!forVersion("builtInProviders", version).includes(id)) return;
  const reserved = forVersion("reservedProviders", version).includes(id);
  const effect = reserved
    ? "refuses to start with a table of that id"
    : forVersion("builtInTableIgnored", version)
      ? "ignores a table of that id"
      : "lets a table of that id change a few fields only";
  throw new CfgError("reserved-provider", `${id} is a provider built into Codex ${version}, which ${effect}`, {
    hints: [instead],
  });
}

/** The built-in id that differs from this one only by case, or null: to Codex such an id is a different provider. */
export function caseVariantOf(id: string, version: string): string | null {
  return (
    forVersion("builtInProviders", version).find((known) => known !== id && known.toLowerCase() === id.toLowerCase()) ??
    null
  );
}

/** What answers at an address: the API (takes API keys), the ChatGPT plan's service (takes its logins), or another. */
export type Service = "api" | "chatgpt" | "loopback" | "other";

const API = new RegExp(always("openaiHosts").api);
const CHATGPT = new RegExp(always("openaiHosts").chatgpt);

/** Null when the text is no http(s) address. */
export function serviceAt(address: string): Service | null {
  const url = parseUrl(address);
  if (!url) return null;
  const { hostname } = url;
  if (API.test(hostname)) return "api";
  if (CHATGPT.test(hostname)) return "chatgpt";
  return isLoopback(hostname) ? "loopback" : "other";
}

/** Whether a URL's host is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d+){3}$/.test(hostname);
}

/** Whether a host, perhaps with a port, is in a network of one's own, where servers often want no key. */
export function isPrivateHost(host: string): boolean {
  const name = host.replace(/:\d+$/, "");
  return !name.includes(".") || /^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.|\.(?:local|lan|internal)$/.test(name);
}

/** OpenAI's own addresses as published recipes write them. */
export function isOpenAiAddress(address: string): boolean {
  return always("openaiAddresses").includes(address.slice(0, 200).replace(/\/{1,9}$/, ""));
}

/** Host name of an address, for messages: never its path, query or credentials. */
export function hostOf(address: string): string {
  return parseUrl(address)?.host ?? "?";
}

export function isPlainHttp(address: string): boolean {
  return parseUrl(address)?.protocol === "http:";
}

function parseUrl(address: string): URL | null {
  try {
    const url = new URL(address);
    return url.protocol === "https:" || url.protocol === "http:" ? url : null;
  } catch {
    return null;
  }
}
