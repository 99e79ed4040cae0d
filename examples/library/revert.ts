/** Takes a change back, the newest or the one named. Shows it; --write makes it: node revert.ts DIR [CHANGE] [--write] */
import { parseArgs } from "node:util";
import { diffOf, openHome, revert } from "codex-cfg";

const { positionals, values } = parseArgs({ allowPositionals: true, options: { write: { type: "boolean" } } });
const [dir, change] = positionals;
const home = openHome({ dir });
const plan = await revert(home, { change });
if (plan === null) {
  console.error("nothing to take back");
} else {
  for (const { text } of diffOf(plan.changes)) process.stdout.write(text);
  if (values.write) home.commit(plan);
}
