/**
 * Turns the fixes of findings into the ops of one plan. A fix may bring another fault to light, as in a file that did
 * not even parse, so it looks again until there is nothing left to mend. Pure but for the judge it is given.
 */
import { CfgError } from "../../errors.ts";
import type { Finding } from "../../finding.ts";
import type { FileRole, Op } from "../../op.ts";
import { identityOf } from "../check.ts";
import { planOps } from "../plan.ts";
import type { Snapshot } from "../snapshot.ts";

/** Each round mends everything that is seen in it, so a handful is many. */
const ROUNDS = 20;

/** The ops that make every finding with a fix go away, as far as they go together. Throws what `findingsOf` throws. */
export async function repairOps(
  start: Snapshot,
  findingsOf: (now: Snapshot) => Promise<readonly Finding[]>,
): Promise<readonly Op[]> {
  let now = start;
  const rounds: (readonly Op[])[] = [];
  const files = new Set<FileRole>();
  const tried = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const fresh = (await findingsOf(now)).filter((finding) => finding.fix && !tried.has(identityOf(finding)));
    for (const finding of fresh) tried.add(identityOf(finding));
    const ops = together(
      fresh.map(({ fix }) => fix ?? []),
      now,
    );
    const { changes } = planOps(ops, now);
    if (changes.length === 0) break;
    rounds.push(ops);
    for (const { file } of changes) files.add(file);
    now = now.after(changes);
  }
  // Later rounds speak of texts that no file holds yet.
  if (rounds.length > 1) return [...files].map((file) => ({ op: "write", file, text: now.text(file) }));
  return rounds[0] ?? [];
}

/** All of the fixes, or those that do not stand in each other's way, in the order given. */
function together(fixes: readonly (readonly Op[])[], now: Snapshot): readonly Op[] {
  const goes = (ops: readonly Op[]) => {
    try {
      planOps(ops, now);
      return true;
    } catch (error) {
      if (error instanceof CfgError) return false;
      throw error;
    }
  };
  const all = fixes.flat();
  if (goes(all)) return all;
  const taken: Op[] = [];
  for (const fix of fixes) if (goes([...taken, ...fix])) taken.push(...fix);
  return taken;
}
