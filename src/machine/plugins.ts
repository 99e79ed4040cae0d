/** The MCP servers that plugins bring, by the plugins that are on. Reads their manifests, starts nothing. */
import { join } from "node:path";
import type { Finding } from "../findings/finding.ts";
import type { Host } from "../host/host.ts";
import { orNull } from "../model/error.ts";
import type { KeyPath } from "../model/op.ts";
import type { Document } from "../toml/document.ts";
import { isTable } from "../toml/value.ts";
import { namesIn, textAt } from "./try-read.ts";

/** A server that a plugin brings, as `[plugins]` names the plugin. */
export type PluginServer = {
  readonly plugin: string;
  readonly name: string;
  readonly enabled: boolean;
  /** The key that turns it on and off. */
  readonly path: KeyPath;
  /** How it is reached, as written; it may hold secrets. */
  readonly launch: { readonly command?: string; readonly args?: readonly string[]; readonly url?: string };
};

/** The servers of the plugins that are on; of several releases of a plugin the newest counts. */
export function pluginServers(host: Host, home: string, config: Document): PluginServer[] {
  return Object.entries(config.table(["plugins"]) ?? {}).flatMap(([plugin, table]) => {
    const [, name, market] = /^([\w.-]+)@([\w.-]+)$/.exec(plugin) ?? [];
    if (!isTable(table) || table.enabled === false || name === undefined || market === undefined) return [];
    const folder = join(home, "plugins", "cache", market, name);
    const release = namesIn(host, folder).at(-1);
    if (release === undefined) return [];
    return Object.entries(serversIn(host, join(folder, release))).map(([server, launch]) => {
      const path = ["plugins", plugin, "mcp_servers", server, "enabled"];
      return { plugin, name: server, path, launch: launchOf(launch), enabled: config.get(path) !== false };
    });
  });
}

/** One note for each plugin that brings some. */
export function pluginFindings(host: Host, home: string, config: Document): Finding[] {
  const all = pluginServers(host, home, config);
  return [...new Set(all.map(({ plugin }) => plugin))].map((plugin) => ({
    code: "plugin-servers",
    severity: "info",
    args: { plugin, servers: all.filter((one) => one.plugin === plugin).map(({ name }) => name) },
  }));
}

/** The servers of a plugin's folder: in `.mcp.json`, or where its manifest says. */
function serversIn(host: Host, folder: string): object {
  const named = jsonAt(host, join(folder, ".codex-plugin", "plugin.json"))?.mcpServers;
  if (typeof named === "object" && named !== null) return named;
  const inside = typeof named === "string" && !named.includes("..") ? named : ".mcp.json";
  const listed = jsonAt(host, join(folder, inside));
  const servers = listed?.mcpServers ?? listed;
  return typeof servers === "object" && servers !== null ? servers : {};
}

function launchOf(server: unknown): PluginServer["launch"] {
  const { args, command, url } = (typeof server === "object" && server !== null ? server : {}) as Record<
    string,
    unknown
  >;
  return {
    ...(typeof command === "string" ? { command } : {}),
    ...(Array.isArray(args) ? { args: args.filter((one) => typeof one === "string") } : {}),
    ...(typeof url === "string" ? { url } : {}),
  };
}

function jsonAt(host: Host, path: string): Readonly<Record<string, unknown>> | null {
  const text = textAt(host, path);
  const value = text === null ? null : orNull(() => JSON.parse(text) as unknown);
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
}
