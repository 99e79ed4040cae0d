/** Every safe fix of what doctor found, as one plan, and the choices that are left for a person. */
import { checkHome } from "../check/check-home.ts";
import { choiceIdOf, identityOf } from "../check/identity.ts";
import { loadSchema } from "../codex/load-schema.ts";
import { type DiagnoseOptions, diagnosesOf } from "../doctor/diagnose.ts";
import { gatherEvidence } from "../doctor/gather.ts";
import type { Finding, FixOption } from "../findings/finding.ts";
import type { Home } from "../home.ts";
import type { CfgError } from "../model/error.ts";
import { checkCall } from "../model/wish.ts";
import { applySteps, type Plan } from "../plan/plan.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import { fixRounds, optionsOf } from "./fix-findings.ts";
import { planMoves } from "./migrate/to-files.ts";

/**
 * One symptom to fix instead of all, whether the network may be tried to find out what is wrong, and the options picked:
 * the number of one, from 1, by the id of its choice.
 */
export type FixWish = Omit<DiagnoseOptions, "log" | "watch"> & {
  readonly choose?: Readonly<Record<string, number>> | undefined;
};

/** A finding that only a person can fix, by taking one of several options. */
export type OpenChoice = {
  /** Names it, as in `--choose ID=2`. */
  readonly id: string;
  readonly finding: Finding;
  /** Why nobody else may take one. */
  readonly reason: string;
  readonly options: readonly FixOption[];
};

/** The fixes as a plan, and what they leave. */
export type FixPlan = {
  readonly plan: Plan;
  /** How many findings the plan makes go away, and how many there are. */
  readonly fixed: number;
  readonly total: number;
  /** What is left and can be fixed by one of several options. */
  readonly choices: readonly OpenChoice[];
  /** What is left and has no fix. */
  readonly left: readonly Finding[];
  /** Why legacy profiles stay where they are; null when they do not, or there are none. */
  readonly refusal: CfgError | null;
};

/**
 * The plan that makes every safe fix, those of one symptom alone where one is named, and the options picked; without
 * changes when there is nothing to fix. Looks at this machine's logs and processes as `diagnose` does. Throws what reading
 * the home throws, `unknown-name` for a pick of no choice, `usage` for one of no option.
 */
export async function fix(home: Home, wish: FixWish = {}): Promise<FixPlan> {
  checkCall("fix", home, wish, { choose: "object?", network: "flag?", symptom: "text?" });
  const { choose = {}, network = false, symptom } = wish;
  const { codex, profileFiles: files } = home;
  const evidence = await gatherEvidence(home, { network });
  const schema = await loadSchema();
  const find = async (now: Snapshot) => {
    // The home as it is has been checked already.
    const config = now === home.snapshot ? evidence.config : (await checkHome(home, now)).findings;
    const rows = diagnosesOf({ ...evidence, config }, symptom).flatMap((one) => one.evidence);
    const ofChecks = new Set(config);
    // What was seen on the machine is not looked at again after a fix.
    const open = rows.filter((row) => ofChecks.has(row) || !isDone(row, now));
    const all = [...open, ...(symptom === undefined ? config.filter((finding) => finding.fix) : [])];
    const counted = all.filter(
      ({ file, fix, severity, stops }) => severity !== "info" && (file !== undefined || fix || stops === "load"),
    );
    return [...new Map(counted.map((finding) => [identityOf(finding), finding])).values()];
  };
  const picks = new Map(Object.entries(choose));
  const { fixed, left, notes, refusal, steps } = await fixRounds(home.snapshot, picks, find, (snapshot) =>
    planMoves({ rename: new Map(), asDefault: false }, { codex, files, schema, snapshot }),
  );
  const command = symptom === undefined ? "doctor --fix" : `doctor --fix ${symptom}`;
  // A file that loads only in part once it parses is better off than before.
  const plan = await home.plan({ command, findings: notes, mayBreak: "any-start" }, ...steps);
  const choices = left.flatMap((finding): OpenChoice[] => {
    const options = optionsOf(finding);
    const { fix } = finding;
    return fix && options.length > 0 ? [{ id: choiceIdOf(finding), finding, reason: fix.reason, options }] : [];
  });
  return {
    plan,
    fixed,
    total: fixed + left.length,
    choices,
    left: left.filter((finding) => optionsOf(finding).length === 0),
    refusal,
  };
}

/** Whether a way to fix a finding has nothing left to do. */
function isDone(finding: Finding, now: Snapshot): boolean {
  const { fix } = finding;
  const ways = fix === undefined ? [] : fix.kind === "safe" ? [fix.ops] : fix.options.map(({ ops }) => ops);
  return ways.some((ops) => applySteps([ops], now).changes.length === 0);
}
