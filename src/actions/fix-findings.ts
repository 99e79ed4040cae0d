/**
 * Turns the fixes of findings into the steps of one plan: the safe ones, and of choices the options that a person has
 * picked. A fix may reveal another fault, as in a file that did not parse before, so it looks again until nothing is left
 * to fix. Pure but for the search for findings that it is given.
 */

import { choiceIdOf, identityOf } from "../check/identity.ts";
import type { Finding, FixOption } from "../findings/finding.ts";
import { CfgError } from "../model/error.ts";
import type { FileRole, Op } from "../model/op.ts";
import { applySteps } from "../plan/plan.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import type { Migration } from "./migrate/migration.ts";

/** Which option is picked of which choice: ids to numbers, from 1. */
export type Picks = ReadonlyMap<string, number>;

export type Fixes = {
  /** What each round fixes, on what the one before leaves. */
  readonly steps: readonly (readonly Op[])[];
  /** What is fixed, as notes, and the findings about profiles that moved. */
  readonly notes: readonly Finding[];
  /** How many findings are gone at the end. */
  readonly fixed: number;
  /** The findings that remain: choices that nobody has made, and what has no fix. */
  readonly left: readonly Finding[];
  /** Why legacy profiles stay where they are; null when they do not, or there are none. */
  readonly refusal: CfgError | null;
};

/** A limit against loops: each round fixes all that it finds, so a few rounds are enough for any real home. */
const ROUNDS = 20;

/**
 * The steps that make every safe fix and every option picked, less those that conflict with an earlier one. Legacy
 * profiles move all at once, as `migrate` moves them, or not at all. Throws what `find` throws, `unknown-name` for a pick
 * of no choice, and `usage` for one of an option that is not there.
 */
export async function fixRounds(
  start: Snapshot,
  picks: Picks,
  find: (now: Snapshot) => Promise<readonly Finding[]>,
  migrate: (now: Snapshot) => Migration,
): Promise<Fixes> {
  let now = start;
  let left = await find(now);
  let refusal: CfgError | null = null;
  const steps: (readonly Op[])[] = [];
  const notes: Finding[] = [];
  const seen = new Map(left.map((finding) => [identityOf(finding), finding]));
  const tried = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const fresh = left.filter((finding) => !isOfLegacyProfile(finding) && !tried.has(identityOf(finding)));
    const all = fresh.flatMap((finding): Made[] => {
      const ops = opsOf(finding, picks);
      return ops === null ? [] : [{ ops, notes: [{ ...finding, severity: "info" }] }];
    });
    // What a text says can be edited once it parses, so the rest of such a file waits for the next round.
    const spliced = all.flatMap((one) => splicedFile(one) ?? []);
    const made = all.filter(
      (one) => splicedFile(one) !== undefined || !one.ops.some(({ file }) => spliced.includes(file)),
    );
    for (const { notes } of made) for (const note of notes) tried.add(identityOf(note));
    const moved = left.some(isOfLegacyProfile) ? resultOf(() => migrate(now)) : null;
    refusal = moved instanceof CfgError ? moved : null;
    const units = bySplicedFile(made);
    if (moved && !(moved instanceof CfgError)) units.unshift({ ops: moved.ops, notes: moved.findings });
    const taken = compatible(units, now);
    const ops = taken.flatMap((one) => one.ops);
    const { after, changes } = applySteps([ops], now);
    if (changes.length === 0) break;
    steps.push(ops);
    notes.push(...taken.flatMap((one) => one.notes));
    now = after;
    left = await find(now);
    for (const finding of left) seen.set(identityOf(finding), finding);
  }
  checkPicks(picks, [...seen.values()]);
  return { steps, notes, fixed: seen.size - new Set(left.map(identityOf)).size, left, refusal };
}

/** The options that a person has of a finding; none where it has no choice. */
export function optionsOf({ fix }: Finding): readonly FixOption[] {
  return fix?.kind === "choice" ? fix.options : [];
}

/** The ops to make for a finding; null where it has no fix, or a choice that nobody has made. */
function opsOf(finding: Finding, picks: Picks): readonly Op[] | null {
  const { fix } = finding;
  if (fix?.kind === "safe") return fix.ops;
  const pick = fix && picks.get(choiceIdOf(finding));
  return pick === undefined ? null : (optionsOf(finding)[pick - 1]?.ops ?? null);
}

function checkPicks(picks: Picks, seen: readonly Finding[]): void {
  const choices = seen.filter((finding) => optionsOf(finding).length > 0);
  for (const [id, pick] of picks) {
    const finding = choices.find((one) => choiceIdOf(one) === id);
    const options = finding ? optionsOf(finding) : [];
    if (options[pick - 1] !== undefined) continue;
    throw finding
      ? new CfgError("usage", `${id} has the options 1 to ${options.length}, not ${pick}`, {
          hints: [{ note: "see them", argv: ["doctor", "--fix", "--dry-run"] }],
        })
      : new CfgError("unknown-name", `there is no choice ${id}`, {
          hints: [{ note: "see those that there are", argv: ["doctor", "--fix", "--dry-run"] }],
        });
  }
}

type Made = { readonly ops: readonly Op[]; readonly notes: readonly Finding[] };

/** The splices of one file go in together or not at all, because only together do they make its text parse. */
function bySplicedFile(all: readonly Made[]): Made[] {
  const files = new Map<FileRole, Made[]>();
  for (const one of all) {
    const file = splicedFile(one);
    if (file !== undefined) files.set(file, [...(files.get(file) ?? []), one]);
  }
  const joined = [...files.values()].map((some) => ({
    ops: some.flatMap(({ ops }) => ops),
    notes: some.flatMap(({ notes }) => notes),
  }));
  return [...joined, ...all.filter((one) => splicedFile(one) === undefined)];
}

function splicedFile({ ops }: Made): FileRole | undefined {
  return ops.find((op) => op.op === "splice")?.file;
}

function isOfLegacyProfile({ code }: Finding): boolean {
  return code === "legacy-selector" || code === "legacy-table";
}

/** The fixes that can be applied together, in the order given: one that conflicts with an earlier one is left out. */
function compatible(fixes: readonly Made[], now: Snapshot): readonly Made[] {
  const goes = (some: readonly Made[]) => {
    const ops = some.flatMap((fix) => fix.ops);
    return !(resultOf(() => applySteps([ops], now)) instanceof CfgError);
  };
  if (goes(fixes)) return fixes;
  const taken: Made[] = [];
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
