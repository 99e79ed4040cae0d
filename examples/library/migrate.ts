/** Moves legacy profiles to where this Codex reads them. Shows it; --write makes it: node migrate.ts [DIR] [--write] */
import { parseArgs } from "node:util";
import { diffOf, migrate, openHome, textOf } from "codex-cfg";

const { positionals, values } = parseArgs({ allowPositionals: true, options: { write: { type: "boolean" } } });
const home = openHome({ dir: positionals[0] });
const { moves, plan } = await migrate(home);
for (const { from, to } of moves) console.error(`${from} -> ${to}`);
for (const { text } of diffOf(plan.changes)) process.stdout.write(text);
for (const finding of plan.findings) console.error(textOf(finding, { codexHome: home.dir }));
if (values.write) home.commit(plan);
