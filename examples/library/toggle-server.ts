/** Turns an MCP server on or off. Shows the change; --write makes it: node toggle-server.ts DIR SERVER on|off [--write] */
import { parseArgs } from "node:util";
import { CfgError, diffOf, hintText, openHome, toggleServers } from "codex-cfg";

const { positionals, values } = parseArgs({ allowPositionals: true, options: { write: { type: "boolean" } } });
const [dir, server = "", state] = positionals;
try {
  const home = openHome({ dir });
  const plan = await toggleServers(home, { servers: [server], enabled: state === "on" });
  for (const { text } of diffOf(plan.changes)) process.stdout.write(text);
  if (values.write) home.commit(plan);
} catch (error) {
  if (!(error instanceof CfgError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  for (const hint of error.hints) console.error(hintText(hint, { codexHome: dir }));
  process.exitCode = error.exitCode;
}
