/**
 * A migration of the home's profiles as a plan, with what Codex will say of each of them in its new place.
 */

import { identityOf } from "../../check/check.ts";
import { loadShape } from "../../codex/load-schema.ts";
import type { Finding } from "../../findings/finding.ts";
import { sentence } from "../../findings/messages.ts";
import type { Home } from "../../home.ts";
import { CfgError } from "../../model/error.ts";
import type { Plan } from "../../plan/plan.ts";
import { refuseBroken } from "../check-settings.ts";
import type { MigrateOptions, Step } from "./migration.ts";
import { migrate } from "./to-files.ts";

/** Throws what `migrate` refuses, and `invalid-config` for a home that Codex would no longer load at all. */
export async function planMigration(
  home: Home,
  options: MigrateOptions,
): Promise<{ readonly plan: Plan; readonly steps: readonly Step[] }> {
  const { codex, profileFiles: files, snapshot } = home;
  const { findings, ops, profiles, steps } = migrate(options, { codex, files, shape: await loadShape(), snapshot });
  const plan = home.plan(ops, findings);
  if (plan.changes.length === 0) return { plan, steps };
  await refuseBroken(home, plan, undefined);
  return { plan: { ...plan, findings: [...plan.findings, ...(await minded(home, plan, profiles))] }, steps };
}

/** What a profile brings of its own that keeps Codex from starting with it; it was no better before. */
async function minded(home: Home, plan: Plan, profiles: readonly string[]): Promise<Finding[]> {
  const after = home.snapshot.after(plan.changes);
  const known = new Set((await home.judge(null, after)).findings.map(identityOf));
  const found: Finding[] = [];
  for (const profile of profiles) {
    for (const finding of (await home.judge(profile, after)).findings) {
      const { file, path, stops } = finding;
      // What only the strict view minds is of no interest where there is none.
      if (stops === undefined || (stops === "strict" && home.codex.layout === "table")) continue;
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

/** `old=new` of the command line; the old name may have any character. */
export function rename(text: string, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const at = text.lastIndexOf("=");
  if (at < 0 || before.has(text.slice(0, at)))
    throw new CfgError("usage", `not a new name: ${JSON.stringify(text)}`, {
      hints: [
        { note: "once for each profile, written like this", argv: ["migrate", "--rename", "my profile=my-profile"] },
      ],
    });
  return new Map([...before, [text.slice(0, at), text.slice(at + 1)]]);
}
