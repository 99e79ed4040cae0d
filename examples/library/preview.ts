/**
 * Shows what switching off an MCP server would change in a Codex home, and writes nothing. Run it with a Node that reads
 * TypeScript (22.18 or newer): node preview.ts DIR SERVER
 */
import { fileURLToPath } from "node:url";
// In a program of your own: from "codex-cfg".
import { diffOf, type Host, openHome, realHost, toggleServers } from "../../src/index.ts";

/** The change as a unified diff with secrets masked; empty when the server is off already. */
export async function preview(host: Host, dir: string, server: string): Promise<string> {
  const plan = await toggleServers(openHome({ host, dir }), { servers: [server], enabled: false });
  return diffOf(plan.changes)
    .map(({ text }) => text)
    .join("");
}

const [, script, dir, server] = process.argv;
if (script === fileURLToPath(import.meta.url) && dir !== undefined && server !== undefined)
  process.stdout.write(await preview(realHost(), dir, server));
