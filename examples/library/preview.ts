/**
 * Shows what switching off an MCP server would change in a Codex home, and writes nothing. Run it with a Node that reads
 * TypeScript (22.18 or newer): node preview.ts DIR SERVER
 */
import { fileURLToPath } from "node:url";
// In a program of your own: from "codex-cfg".
import { diffOf, type Host, openHome, realHost } from "../../src/index.ts";

/** The change as a unified diff with secrets masked; empty when the server is off already. */
export function preview(host: Host, dir: string, server: string): string {
  const home = openHome({ host, dir });
  const plan = home.plan([{ op: "set", file: "config", path: ["mcp_servers", server, "enabled"], value: false }]);
  return diffOf(plan.changes)
    .map(({ text }) => text)
    .join("");
}

const [, script, dir, server] = process.argv;
if (script === fileURLToPath(import.meta.url) && dir !== undefined && server !== undefined)
  process.stdout.write(preview(realHost(), dir, server));
