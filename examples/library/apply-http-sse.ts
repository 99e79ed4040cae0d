/** Lets Codex answer over HTTP at once. Shows the change; --write makes it: node apply-http-sse.ts [DIR] [--write] */
import { parseArgs } from "node:util";
import { applyPreset, diffOf, openHome, preflight, textOf } from "codex-cfg";

const { positionals, values } = parseArgs({ allowPositionals: true, options: { write: { type: "boolean" } } });
const home = openHome({ dir: positionals[0] });
const plan = await applyPreset(home, { preset: "http-sse" });
for (const { text } of diffOf(plan.changes)) process.stdout.write(text);

// Throws `codex-refuses` when the installed Codex would not load the result.
const findings = [...plan.findings, ...(await preflight(home, plan))];
for (const finding of findings) console.error(textOf(finding, { codexHome: home.dir }));

if (values.write) {
  const entry = home.commit(plan);
  console.error(entry === null ? "nothing to do" : `done, as ${entry.id}`);
}
