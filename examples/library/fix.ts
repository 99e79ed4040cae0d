/** Makes every fix that takes no choice of a person, as one change. Shows it; --write makes it: node fix.ts [DIR] [--write] */
import { parseArgs } from "node:util";
import { diffOf, fix, openHome, sentence } from "codex-cfg";

const { positionals, values } = parseArgs({ allowPositionals: true, options: { write: { type: "boolean" } } });
const home = openHome({ dir: positionals[0] });
const { choices, left, plan, refusal } = await fix(home);
for (const { text } of diffOf(plan.changes)) process.stdout.write(text);
if (refusal !== null) console.error(`profiles stay where they are: ${refusal.message}`);
for (const finding of left) console.error(`left for you: ${sentence(finding)}`);
for (const { id, options } of choices)
  console.error(`choose: ${id}: ${options.map(({ label }) => label).join(", or ")}`);
if (values.write) {
  const entry = home.commit(plan);
  console.error(entry === null ? "nothing to fix" : `done, as ${entry.id}`);
}
