/**
 * Which proxy a request of Codex takes, by the variables that name one. Pure: variables and an address in, the name of the
 * variable out.
 */

type Variables = Readonly<Record<string, string | undefined>>;

/** The variables that name a proxy, in the order that they are asked in; the upper-case name wins (0.134.0, 0.171.0). */
const FOR_SCHEME = {
  "https:": ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"],
  "http:": ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"],
} as const;

export const PROXY_VARIABLES = [...FOR_SCHEME["https:"].slice(0, 2), ...FOR_SCHEME["http:"]];

/** Addresses without a proxy; Codex's requests heed nothing else of the kind. */
export const NO_PROXY = ["NO_PROXY", "no_proxy"];

/**
 * The variable whose proxy a request to this address takes; null for none. An address of this machine takes it, too, unless
 * NO_PROXY names it: by name, by a domain above it, or by a range of IPv4; `*` counts for WebSockets alone (measured with
 * 0.134.0 and 0.171.0).
 */
export function proxyFor(variables: Variables, address: string): string | null {
  const url = urlOf(address);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return null;
  const name = FOR_SCHEME[url.protocol].find((one) => isFilled(variables[one]));
  return name === undefined || isExempt(variables, url.hostname) ? null : name;
}

export function urlOf(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

function isExempt(variables: Variables, hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const list = NO_PROXY.map((name) => variables[name]).find(isFilled) ?? "";
  return list.split(",").some((item) => {
    const entry = item
      .trim()
      .toLowerCase()
      .replace(/^\./, "")
      .replace(/^\[|\]$/g, "");
    if (entry === "") return false;
    return host === entry || host.endsWith(`.${entry}`) || isInRange(host, entry);
  });
}

function isInRange(host: string, range: string): boolean {
  const [net = "", bits = ""] = range.split("/");
  const [left, right] = [ipv4(host), ipv4(net)];
  if (left === null || right === null || !/^\d{1,2}$/.test(bits)) return false;
  const shift = 2 ** (32 - Number(bits));
  return Math.floor(left / shift) === Math.floor(right / shift);
}

function ipv4(text: string): number | null {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) return null;
  return text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function isFilled(value: string | undefined): boolean {
  return (value ?? "").trim() !== "";
}
