/** Lists the MCP servers of a config and whether each is on, from plain typed data: node read.ts FILE */
import { readFileSync } from "node:fs";
import { parseConfig } from "codex-cfg";

const [, , file = "config.toml"] = process.argv;
const { config } = parseConfig(readFileSync(file, "utf8"));
for (const [name, server] of Object.entries(config.mcp_servers ?? {}))
  console.log(`${name}: ${server.enabled === false ? "off" : "on"}`);
