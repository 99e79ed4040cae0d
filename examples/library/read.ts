/**
 * Lists the MCP servers of a config and whether each is on, from plain typed data: node read.ts FILE
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
// In a program of your own: from "codex-cfg".
import { parseConfig } from "../../src/index.ts";

/** `name: on` or `name: off`, a line each. */
export function servers(text: string): string {
  const { config } = parseConfig(text);
  const lines = Object.entries(config.mcp_servers ?? {}).map(
    ([name, server]) => `${name}: ${server.enabled === false ? "off" : "on"}\n`,
  );
  return lines.join("");
}

const [, script, file] = process.argv;
if (script === fileURLToPath(import.meta.url) && file !== undefined)
  process.stdout.write(servers(readFileSync(file, "utf8")));
