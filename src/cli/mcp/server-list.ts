/** How `codex-cfg mcp list` shows the servers. */

import { listServers, missingProfile, pluginServersOf } from "../../actions/servers.ts";
import { serverCommand } from "../../redact/server-command.ts";
import type { Context } from "../context.ts";
import { codexJson } from "../json.ts";

export async function listed(context: Context, profile: string | undefined): Promise<number> {
  const { home, output } = context;
  const configured = listServers(home, { profile }).map(({ name, transport, launch, enabled, required, sources }) => ({
    name,
    transport,
    enabled,
    required,
    target: serverCommand({ name, launch }, output.reveals),
    definedIn: sources.map(({ place }) => place),
  }));
  const brought = (await pluginServersOf(home)).map(({ enabled, launch, name, plugin }) => ({
    name,
    transport: launch.command !== undefined ? ("stdio" as const) : launch.url !== undefined ? ("http" as const) : null,
    enabled,
    required: false,
    target: serverCommand({ name, launch }, output.reveals),
    definedIn: [`plugin ${plugin}`],
  }));
  const servers = [...configured, ...brought];
  const rows = servers.map(({ name, transport, enabled, target, definedIn }) => [
    name,
    transport ?? "none",
    enabled ? "on" : "off",
    definedIn.join(", "),
    target,
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows)
    output.data(
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    );
  output.findings(missingProfile(home, profile));
  if (rows.length === 0) output.say("no MCP servers are configured");
  output.document("mcp-list", {
    codexHome: home.dir,
    codex: codexJson(home.codex),
    profile: profile ?? null,
    servers,
  });
  return 0;
}
