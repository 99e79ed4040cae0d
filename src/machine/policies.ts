/**
 * What the administrator of this machine has laid down for Codex, and what of a home's config it overrules. Reads
 * /etc/codex, on Linux and macOS only.
 */
import { join } from "node:path";
import type { Finding } from "../findings/finding.ts";
import type { Host } from "../host/host.ts";
import type { Document } from "../toml/document.ts";
import { renderKey } from "../toml/value.ts";
import { documentAt, SYSTEM } from "./projects.ts";

/** The settings that requirements.toml limits, by the list that names what is allowed. */
const LIMITED: Readonly<Record<string, string>> = {
  allowed_approval_policies: "approval_policy",
  allowed_sandbox_modes: "sandbox_mode",
  allowed_web_search_modes: "web_search",
};

/** What requirements allow a setting to be, and the file that says so. */
export type Limit = { readonly key: string; readonly allowed: readonly string[]; readonly file: string };

export function limitsOf(host: Host): Limit[] {
  const file = join(SYSTEM, "requirements.toml");
  const document = host.platform === "win32" ? null : documentAt(host, file);
  return Object.entries(LIMITED).flatMap(([list, key]) => {
    const allowed = document?.get([list]);
    return Array.isArray(allowed) ? [{ key, file, allowed: allowed.filter((one) => typeof one === "string") }] : [];
  });
}

/** What is not allowed in these documents, the one that wins first, and which files have the last word. */
export function policyFindings(host: Host, config: Document): Finding[] {
  if (host.platform === "win32") return [];
  const limits = limitsOf(host);
  const refused = limits.flatMap(({ allowed, file, key }): Finding[] => {
    const value = config.get([key]);
    if (typeof value !== "string" || allowed.includes(value)) return [];
    const args = { key, value: value.slice(0, 40), allowed, file };
    const at = config.position(config.range([key])?.start ?? 0);
    return [{ code: "policy-refuses", severity: "warning", args, file: "config", path: [key], at }];
  });
  const there = ["requirements.toml", "managed_config.toml"].flatMap((name): Finding[] => {
    const file = join(SYSTEM, name);
    const keys = Object.keys(documentAt(host, file)?.data ?? {}).map((key) => renderKey([key]));
    return keys.length === 0 ? [] : [{ code: "policy-file", severity: "info", args: { file, keys } }];
  });
  return [...refused, ...there];
}
