/** Every profile into the layout that the installed Codex reads, with what Codex will say of each in its new place. */

import { identityOf } from "../../check/check.ts";
import { checkStart } from "../../check/check-home.ts";
import { loadShape } from "../../codex/load-schema.ts";
import type { Finding } from "../../findings/finding.ts";
import { sentence } from "../../findings/messages.ts";
import type { Home } from "../../home.ts";
import type { Plan } from "../../plan/plan.ts";
import { refuseBroken } from "../check-settings.ts";
import type { MigrateOptions, Step } from "./migration.ts";
import { planMoves } from "./to-files.ts";

/** New names for profiles, by old ones, and whether the profile that `profile = "x"` chooses goes to the root. */
export type MigrateWish = Partial<MigrateOptions>;

/** The plan, and each profile's move for people. */
export type MigrationPlan = { readonly plan: Plan; readonly moves: readonly Step[] };

/**
 * Throws `would-overwrite`, `unknown-name` or `usage` for profiles that cannot move, and `invalid-config` for a home that
 * Codex would no longer load at all.
 */
export async function migrate(home: Home, wish: MigrateWish = {}): Promise<MigrationPlan> {
  const { codex, profileFiles: files, snapshot } = home;
  const options = { rename: wish.rename ?? new Map(), asDefault: wish.asDefault ?? false };
  const { findings, ops, profiles, steps } = planMoves(options, { codex, files, shape: await loadShape(), snapshot });
  const plan = await home.plan({ command: "migrate", findings }, ops);
  if (plan.changes.length === 0) return { plan, moves: steps };
  await refuseBroken(home, plan, undefined);
  const problems = await profileProblems(home, plan, profiles);
  return { plan: { ...plan, findings: [...plan.findings, ...problems] }, moves: steps };
}

/** What a profile brings of its own that keeps Codex from starting with it; it was no better before. */
async function profileProblems(home: Home, { after }: Plan, profiles: readonly string[]): Promise<Finding[]> {
  const known = new Set((await checkStart(home, null, after)).findings.map(identityOf));
  const found: Finding[] = [];
  for (const profile of profiles) {
    for (const finding of (await checkStart(home, profile, after)).findings) {
      const { file, path, stops } = finding;
      // What only the strict view refuses is of no interest where there is none.
      if (stops === undefined || (stops === "strict" && !home.codex.layout.ownFiles)) continue;
      if (known.has(identityOf(finding))) continue;
      const args = { profile, stops, words: sentence(finding) };
      found.push({
        code: "profile-problem",
        severity: "warning",
        ...(file ? { file } : {}),
        ...(path ? { path } : {}),
        args,
      });
    }
  }
  return found;
}
