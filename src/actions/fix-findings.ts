/**
 * Turns the fixes of findings into the ops of one plan. A fix may bring another fault to light, as in a file that did
 * not even parse, so it looks again until there is nothing left to mend. Pure but for the judge it is given.
 */

import { identityOf } from "../check/identity.ts";
import type { Finding } from "../findings/finding.ts";
import { CfgError } from "../model/error.ts";
import type { Op } from "../model/op.ts";
import { applySteps } from "../plan/plan.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import type { Migration } from "./migrate/migration.ts";

export type Repair = {
  readonly steps: readonly (readonly Op[])[];
  /** What is fixed, as notes, and what there is to say of profiles that moved. */
  readonly findings: readonly Finding[];
  /** Why legacy profiles stay where they are; null when they do not, or there are none. */
  readonly refusal: CfgError | null;
};

/** Each round mends everything that is seen in it, so a handful is many. */
const ROUNDS = 20;

/**
 * The ops that make every finding with a fix go away, as far as they go together. Legacy profiles move all at once, as
 * `migrate` has it, or not at all. Throws what `findingsOf` throws.
 */
export async function repair(
  start: Snapshot,
  findingsOf: (now: Snapshot) => Promise<readonly Finding[]>,
  migrate: (now: Snapshot) => Migration,
): Promise<Repair> {
  let now = start;
  let refusal: CfgError | null = null;
  const rounds: (readonly Op[])[] = [];
  const findings: Finding[] = [];
  const tried = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const found = await findingsOf(now);
    const fresh = found.filter(
      (finding) => finding.fix && !isOfLegacyProfile(finding) && !tried.has(identityOf(finding)),
    );
    for (const finding of fresh) tried.add(identityOf(finding));
    const moved = found.some(isOfLegacyProfile) ? attempt(() => migrate(now)) : null;
    refusal = moved instanceof CfgError ? moved : null;
    const fixes: Fix[] = fresh.map((finding) => ({ ops: finding.fix ?? [], says: [{ ...finding, severity: "info" }] }));
    if (moved && !(moved instanceof CfgError)) fixes.unshift({ ops: moved.ops, says: moved.findings });
    const taken = together(fixes, now);
    const ops = taken.flatMap((fix) => fix.ops);
    const { after, changes } = applySteps([ops], now);
    if (changes.length === 0) break;
    rounds.push(ops);
    findings.push(...taken.flatMap(({ says }) => says));
    now = after;
  }
  return { steps: rounds, findings, refusal };
}

/** Whether a finding still wants something done about it, in a home where fixes have been made. */
export function isOpen({ fix, severity }: Finding, now: Snapshot): boolean {
  if (severity === "info") return false;
  const plan = fix && attempt(() => applySteps([fix], now));
  return !plan || plan instanceof CfgError || plan.changes.length > 0;
}

type Fix = { readonly ops: readonly Op[]; readonly says: readonly Finding[] };

function isOfLegacyProfile({ code }: Finding): boolean {
  return code === "legacy-selector" || code === "legacy-table";
}

/** All of the fixes, or those that do not stand in each other's way, in the order given. */
function together(fixes: readonly Fix[], now: Snapshot): readonly Fix[] {
  const goes = (some: readonly Fix[]) => {
    const ops = some.flatMap((fix) => fix.ops);
    return !(attempt(() => applySteps([ops], now)) instanceof CfgError);
  };
  if (goes(fixes)) return fixes;
  const taken: Fix[] = [];
  for (const fix of fixes) if (goes([...taken, fix])) taken.push(fix);
  return taken;
}

function attempt<T>(act: () => T): T | CfgError {
  try {
    return act();
  } catch (error) {
    if (error instanceof CfgError) return error;
    throw error;
  }
}
