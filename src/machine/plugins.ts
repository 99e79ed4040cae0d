/** The MCP servers that plugins bring, by the plugins that are on. Reads their manifests, starts nothing. */
import { join } from "node:path";
import type { Finding } from "../findings/finding.ts";
import type { Host } from "../host/host.ts";
import { orNull } from "../model/error.ts";
import type { Document } from "../toml/document.ts";
import { isTable } from "../toml/value.ts";
import { namesIn, textAt } from "./try-read.ts";

/** A plugin as `[plugins]` names it, and its servers by name, with what switches each off. */
export type PluginServers = {
  readonly plugin: string;
  readonly servers: readonly { readonly name: string; readonly enabled: boolean }[];
};

/** The plugins that are on and bring servers; of several releases the newest counts. */
export function pluginServers(host: Host, home: string, config: Document): PluginServers[] {
  return Object.entries(config.table(["plugins"]) ?? {}).flatMap(([plugin, table]) => {
    const [, name, market] = /^([\w.-]+)@([\w.-]+)$/.exec(plugin) ?? [];
    if (!isTable(table) || table.enabled === false || name === undefined || market === undefined) return [];
    const folder = join(home, "plugins", "cache", market, name);
    const release = namesIn(host, folder).at(-1);
    if (release === undefined) return [];
    const names = serverNames(host, join(folder, release));
    const isOn = (server: string) => config.get(["plugins", plugin, "mcp_servers", server, "enabled"]) !== false;
    return names.length === 0 ? [] : [{ plugin, servers: names.map((one) => ({ name: one, enabled: isOn(one) })) }];
  });
}

/** One note for each of them. */
export function pluginFindings(host: Host, home: string, config: Document): Finding[] {
  return pluginServers(host, home, config).map(({ plugin, servers }) => ({
    code: "plugin-servers",
    severity: "info",
    args: { plugin, servers: servers.map(({ name }) => name) },
  }));
}

/** The servers of a plugin's folder: in `.mcp.json`, or where its manifest says. */
function serverNames(host: Host, folder: string): string[] {
  const manifest = jsonAt(host, join(folder, ".codex-plugin", "plugin.json"));
  const named = manifest?.mcpServers;
  if (typeof named === "object" && named !== null) return Object.keys(named);
  const inside = typeof named === "string" && !named.includes("..") ? named : ".mcp.json";
  const listed = jsonAt(host, join(folder, inside));
  const servers = listed?.mcpServers ?? listed;
  return typeof servers === "object" && servers !== null ? Object.keys(servers) : [];
}

function jsonAt(host: Host, path: string): Readonly<Record<string, unknown>> | null {
  const text = textAt(host, path);
  const value = text === null ? null : orNull(() => JSON.parse(text) as unknown);
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
}
