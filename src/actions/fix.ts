/** Every fix of what doctor found, as one plan. Decides which go together, and names what is left for a person. */
import { checkHome } from "../check/check-home.ts";
import { loadSchema } from "../codex/load-schema.ts";
import { type DiagnoseOptions, diagnosesOf, isFound } from "../doctor/diagnose.ts";
import type { Symptom } from "../doctor/evidence.ts";
import { gatherEvidence } from "../doctor/gather.ts";
import type { Home } from "../home.ts";
import type { CfgError } from "../model/error.ts";
import { checkCall } from "../model/wish.ts";
import type { Plan } from "../plan/plan.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import { fixRounds, isOpen } from "./fix-findings.ts";
import { planMoves } from "./migrate/to-files.ts";

/** One symptom to fix instead of all, and whether the network may be tried to find out what is wrong. */
export type FixWish = Omit<DiagnoseOptions, "log">;

/** The fixes as a plan, and what they leave. */
export type FixPlan = {
  readonly plan: Plan;
  /** Symptoms that are still there afterwards. */
  readonly left: readonly Symptom[];
  /** Why legacy profiles stay where they are; null when they do not, or there are none. */
  readonly refusal: CfgError | null;
};

/**
 * The plan that makes every known fix, those of one symptom alone where one is named; without changes when there is
 * nothing to fix. Looks at this machine's logs and processes as `diagnose` does. Throws what reading the home throws.
 */
export async function fix(home: Home, wish: FixWish = {}): Promise<FixPlan> {
  checkCall("fix", home, wish, { network: "flag?", symptom: "text?" });
  const { network = false, symptom } = wish;
  const { codex, profileFiles: files } = home;
  const evidence = await gatherEvidence(home, { network });
  const schema = await loadSchema();
  const diagnose = async (now: Snapshot) => {
    // The home as it is has been checked already.
    const config = now === home.snapshot ? evidence.config : (await checkHome(home, now)).findings;
    return diagnosesOf({ ...evidence, config }, symptom);
  };
  const { findings, left, refusal, steps } = await fixRounds(home.snapshot, diagnose, (snapshot) =>
    planMoves({ rename: new Map(), asDefault: false }, { codex, files, schema, snapshot }),
  );
  const command = symptom === undefined ? "doctor --fix" : `doctor --fix ${symptom}`;
  // A file that loads only in part once it parses is better off than before.
  const plan = await home.plan({ command, findings, mayBreak: "any-start" }, ...steps);
  const open = left
    .filter(({ evidence: rows }) => isFound(rows.filter(({ file }) => file !== undefined)))
    .filter(({ evidence: rows }) => rows.some((row) => isOpen(row, plan.after)));
  return { plan, left: open.map((one) => one.symptom), refusal };
}
