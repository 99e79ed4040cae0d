/**
 * Turns the fixes of findings into the ops of one plan. A fix may reveal another fault, as in a file that did not parse
 * before, so it checks again until nothing is left to fix. Pure but for the check it is given.
 */

import { identityOf } from "../check/identity.ts";
import type { Diagnosis } from "../doctor/diagnose.ts";
import type { Finding } from "../findings/finding.ts";
import { CfgError } from "../model/error.ts";
import type { Op } from "../model/op.ts";
import { applySteps } from "../plan/plan.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import type { Migration } from "./migrate/migration.ts";

export type Fixes = {
  /** What each round fixes, on what the one before leaves. */
  readonly steps: readonly (readonly Op[])[];
  /** What is fixed, as notes, and the findings about profiles that moved. */
  readonly findings: readonly Finding[];
  /** The diagnoses that remain. */
  readonly left: readonly Diagnosis[];
  /** Why legacy profiles stay where they are; null when they do not, or there are none. */
  readonly refusal: CfgError | null;
};

/** A limit against loops: each round fixes all that it finds, so a few rounds are enough for any real home. */
const ROUNDS = 20;

/**
 * The ops that fix every finding that has a fix, less those that conflict with an earlier one. Legacy profiles move all
 * at once, as `migrate` moves them, or not at all. Throws what `diagnose` throws.
 */
export async function fixRounds(
  start: Snapshot,
  diagnose: (now: Snapshot) => Promise<readonly Diagnosis[]>,
  migrate: (now: Snapshot) => Migration,
): Promise<Fixes> {
  let now = start;
  let left = await diagnose(now);
  let refusal: CfgError | null = null;
  const steps: (readonly Op[])[] = [];
  const findings: Finding[] = [];
  const tried = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const found = left.flatMap(({ evidence }) => evidence);
    const fresh = found.filter(
      (finding) => finding.fix && !isOfLegacyProfile(finding) && !tried.has(identityOf(finding)),
    );
    for (const finding of fresh) tried.add(identityOf(finding));
    const moved = found.some(isOfLegacyProfile) ? resultOf(() => migrate(now)) : null;
    refusal = moved instanceof CfgError ? moved : null;
    const fixes: Fix[] = fresh.map((finding) => ({
      ops: finding.fix ?? [],
      notes: [{ ...finding, severity: "info" }],
    }));
    if (moved && !(moved instanceof CfgError)) fixes.unshift({ ops: moved.ops, notes: moved.findings });
    const taken = compatible(fixes, now);
    const ops = taken.flatMap((fix) => fix.ops);
    const { after, changes } = applySteps([ops], now);
    if (changes.length === 0) break;
    steps.push(ops);
    findings.push(...taken.flatMap(({ notes }) => notes));
    now = after;
    left = await diagnose(now);
  }
  return { steps, findings, left, refusal };
}

/** Whether a finding still needs an action after fixes have been made. */
export function isOpen({ fix, severity }: Finding, now: Snapshot): boolean {
  if (severity === "info") return false;
  const plan = fix && resultOf(() => applySteps([fix], now));
  return !plan || plan instanceof CfgError || plan.changes.length > 0;
}

type Fix = { readonly ops: readonly Op[]; readonly notes: readonly Finding[] };

function isOfLegacyProfile({ code }: Finding): boolean {
  return code === "legacy-selector" || code === "legacy-table";
}

/** The fixes that can be applied together, in the order given: one that conflicts with an earlier one is left out. */
function compatible(fixes: readonly Fix[], now: Snapshot): readonly Fix[] {
  const goes = (some: readonly Fix[]) => {
    const ops = some.flatMap((fix) => fix.ops);
    return !(resultOf(() => applySteps([ops], now)) instanceof CfgError);
  };
  if (goes(fixes)) return fixes;
  const taken: Fix[] = [];
  for (const fix of fixes) if (goes([...taken, fix])) taken.push(fix);
  return taken;
}

function resultOf<T>(act: () => T): T | CfgError {
  try {
    return act();
  } catch (error) {
    if (error instanceof CfgError) return error;
    throw error;
  }
}
