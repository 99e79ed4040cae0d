/**
 * Repairs a Codex home as far as fixes are known, as one change that can be taken back, and hands out what it did:
 * node repair.ts DIR
 */
import { fileURLToPath } from "node:url";
// In a program of your own: from "codex-cfg".
import { diffOf, type Host, openHome, realHost } from "../../src/index.ts";

/** The diff of the repair and the way to take it back; null when there was nothing to repair. */
export async function repair(host: Host, dir: string): Promise<{ diff: string; undo: () => void } | null> {
  const home = openHome({ host, dir });
  const { findings } = await home.judge();
  const plan = home.plan(findings.flatMap(({ fix, stops }) => (stops === "load" ? (fix ?? []) : [])));
  const entry = home.commit(plan, { command: "repair" });
  if (entry === null) return null;
  const undo = () => home.commit(home.undo([entry]).plan, { command: "undo the repair", reverts: [entry.id] });
  return {
    diff: diffOf(plan.changes)
      .map(({ text }) => text)
      .join(""),
    undo,
  };
}

const [, script, dir] = process.argv;
if (script === fileURLToPath(import.meta.url) && dir !== undefined)
  process.stdout.write((await repair(realHost(), dir))?.diff ?? "nothing to repair\n");
