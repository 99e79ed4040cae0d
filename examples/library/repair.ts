/**
 * Makes every fix that is known of a Codex home, as one change that can be taken back, and hands out what it did:
 * node repair.ts DIR
 */
import { fileURLToPath } from "node:url";
// In a program of your own: from "codex-cfg".
import { diffOf, fix, type Host, openHome, realHost, revert } from "../../src/index.ts";

/** The diff of the repair and the way to take it back; null when there was nothing to repair. */
export async function repair(host: Host, dir: string): Promise<{ diff: string; undo: () => Promise<void> } | null> {
  const home = openHome({ host, dir });
  const { plan } = await fix(home);
  const entry = home.commit(plan);
  if (entry === null) return null;
  const undo = async () => {
    const back = await revert(home, { change: entry.id });
    if (back) home.commit(back);
  };
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
