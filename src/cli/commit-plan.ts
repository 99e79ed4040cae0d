/**
 * The end of every command that changes something: preview, ask, commit, say how to take it back. No command has
 * another way to the disk.
 */
import { preflight } from "../actions/preflight.ts";
import { identityOf } from "../check/identity.ts";
import { recheckPlan } from "../check/plan-warnings.ts";
import type { Finding, FindingCode } from "../findings/finding.ts";
import type { Entry } from "../model/change.ts";
import { isInterrupted } from "../model/error.ts";
import { diffOf, type FileDiff } from "../plan/diff.ts";
import { type Plan, touchesOf } from "../plan/plan.ts";
import { plural } from "../text/plural.ts";
import type { EditContext } from "./context.ts";
import { codexJson, findingsJson } from "./json.ts";

/**
 * Exit code 0 when done or nothing was to do, 1 when the person said no. `left` is what the plan leaves for a person: the
 * caller tells it, and here it is for the document of `--json`.
 */
export async function commitPlan(context: EditContext, plan: Plan, left: readonly Finding[] = []): Promise<number> {
  const { home, output } = context;
  const known = new Set(left.map(identityOf));
  const findings = [...plan.findings.filter((one) => !known.has(identityOf(one))), ...(await asked(context, plan))];
  const diffs = diffOf(plan.changes, plan, output.reveals);
  output.diffs(diffs);
  output.findings(findings.filter(({ code }) => !NEXT_STEPS.includes(code)));
  home.refuseUnpublishable(plan);
  const { exit, entry, words } = await carryOut(context, plan);
  output.say(words, entry === null ? undefined : "green");
  if (exit === 0) output.findings(findings.filter(({ code }) => NEXT_STEPS.includes(code)));
  if (output.json) document(context, plan.purpose.command, diffs, [...findings, ...left, ...context.recovered], entry);
  return exit;
}

/**
 * The same end for a change that an earlier run of the command began and recovery has just completed: it is shown as it
 * was made, and nothing is done a second time.
 */
export function showMade(context: EditContext, entry: Entry, findings: readonly Finding[] = []): void {
  const { home, output } = context;
  const diffs = diffOf(home.history.imagesLeft(entry), undefined, output.reveals);
  output.diffs(diffs);
  output.say(doneWords(context, entry), "green");
  output.findings(findings);
  if (output.json) document(context, entry.command, diffs, [...findings, ...context.recovered], entry);
}

/** What a person does afterwards, said at the very end. */
const NEXT_STEPS: readonly FindingCode[] = [
  "start-with-profile",
  "start-plainly",
  "apps-need-default",
  "bisect-step",
  "bisect-found",
  "bisect-no-server",
  "bisect-no-failure",
];

/** What the installed Codex says of it. Throws `codex-refuses`, and the change that is refused is shown all the same. */
async function asked({ globals, home, output }: EditContext, plan: Plan): Promise<Finding[]> {
  if (!globals.preflight)
    return plan.changes.length === 0 ? [] : [{ code: "not-asked", severity: "info", args: { reason: "disabled" } }];
  try {
    return await preflight(home, plan);
  } catch (error) {
    if (!isInterrupted(error)) output.diffs(diffOf(plan.changes, plan, output.reveals));
    throw error;
  }
}

const TAKEN_BACK = "no file had to change; it counts as taken back now";

type Outcome = { readonly exit: number; readonly entry: Entry | null; readonly words: string };

async function carryOut(context: EditContext, plan: Plan): Promise<Outcome> {
  const { globals } = context;
  const ended = (words: string, exit = 0): Outcome => ({ exit, entry: null, words });
  if (plan.changes.length === 0) {
    const entry = globals.dryRun ? null : context.commit(plan);
    return { exit: 0, entry, words: entry === null ? "nothing to do" : TAKEN_BACK };
  }
  if (globals.dryRun) return ended("dry run: nothing was written");
  if (context.asks && !(await context.agrees(`${summary(plan)}. Make this change?`)))
    return ended("nothing was written", 1);
  await recheckPlan(context.home, plan);
  // A signal that came while something had to wait for an answer ends it here; the commit goes through.
  await context.host.guarded(async () => {});
  const entry = context.commit(plan);
  if (context.home.merged > 0)
    context.output.findings([{ code: "changes-merged", severity: "info", args: { count: context.home.merged } }]);
  if (entry === null) return ended("nothing to do: somebody else has made this change in the meantime");
  return { exit: 0, entry, words: doneWords(context, entry) };
}

/** How much it is, beside the question: a long diff has scrolled away by then. */
function summary(plan: Plan): string {
  const without = (image: "before" | "after") => plan.changes.filter((change) => change[image] === null).length;
  const [made, gone] = [without("before"), without("after")];
  const parts = [
    `${plural(touchesOf(plan).length, "setting")} changed`,
    ...(made > 0 ? [`${plural(made, "file")} made`] : []),
    ...(gone > 0 ? [`${plural(gone, "file")} removed`] : []),
  ];
  return `${plural(plan.changes.length, "file")}: ${parts.join(", ")}`;
}

function doneWords({ output }: EditContext, { id, reverts }: Entry): string {
  return `done (${id}), take it back with: ${output.command(["revert", ...(reverts ? [id] : [])])}`;
}

function document(
  { globals, home, output }: EditContext,
  command: string,
  diffs: readonly FileDiff[],
  findings: readonly Finding[],
  entry: Entry | null,
): void {
  output.document("change", {
    command,
    codexHome: home.dir,
    codex: codexJson(home.codex),
    dryRun: globals.dryRun ?? false,
    changed: diffs.length > 0,
    files: diffs.map(({ file, action, text }) => ({ file, action, diff: text })),
    findings: findingsJson(findings, output),
    entry: entry && { id: entry.id, time: entry.time, reverts: entry.reverts ?? [] },
  });
}
