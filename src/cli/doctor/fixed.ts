/** How `codex-cfg doctor --fix` asks and ends: the choices, the change, and what is left. */
import { type FixPlan, fix, type OpenChoice } from "../../actions/fix.ts";
import { CfgError } from "../../model/error.ts";
import { commitPlan } from "../commit-plan.ts";
import type { EditContext } from "../context.ts";
import { pick } from "../pick.ts";
import { placeOf } from "../place.ts";
import type { DoctorOptions } from "./options.ts";

/** Exit code as of every change; 1 when a choice or a finding without a fix is left. */
export async function fixed(context: EditContext, { choose, network, symptom }: DoctorOptions): Promise<number> {
  const { output } = context;
  const asked = await withAnswers(context, picksIn(choose), (picks) =>
    fix(context.home, { choose: Object.fromEntries(picks), network, symptom }),
  );
  if (asked === null) return 1;
  const { choices, fixed: count, left, plan, refusal, total } = asked;
  if (total > 0) output.say(`this fixes ${count} of ${total}`);
  const exit = await commitPlan(context, plan, {
    left: [...choices.map(({ finding }) => finding), ...left],
  });
  for (const finding of left) output.say(`left: ${placeOf(finding)}${output.text(finding)}`);
  for (const one of choices) tellChoice(context, one);
  if (refusal)
    output.say(`profiles stay where they are: ${[refusal.message, ...output.hints(refusal.hints)].join("; ")}`);
  return exit === 0 && left.length + choices.length > 0 ? 1 : exit;
}

/** The plan with every choice that a person takes; null when the person would rather not. Off a terminal nobody is asked. */
async function withAnswers(
  context: EditContext,
  given: ReadonlyMap<string, number>,
  planFor: (picks: ReadonlyMap<string, number>) => Promise<FixPlan>,
): Promise<FixPlan | null> {
  const picks = new Map(given);
  const asked = new Set<string>();
  for (;;) {
    const planned = await planFor(picks);
    // An answer may bring up a choice that was not to be seen before.
    const next = planned.choices.find(({ id }) => !asked.has(id));
    if (!context.asks || next === undefined) return planned;
    asked.add(next.id);
    const { finding, options, reason } = next;
    const answers = [{ value: "0", label: "leave it", about: reason }].concat(
      options.map(({ label }, i) => ({ value: `${i + 1}`, label, about: "" })),
    );
    const answer = await pick(context, `${placeOf(finding)}${context.output.text(finding)}`, answers, {
      several: false,
    });
    if (answer === null || answer === undefined) return null;
    if (answer[0] !== "0") picks.set(next.id, Number(answer[0]));
  }
}

/** A choice that nobody has made: what is wrong, and each way out as a command to paste. */
function tellChoice({ output }: EditContext, { finding, id, options, reason }: OpenChoice): void {
  output.say(`choose: ${placeOf(finding)}${output.text(finding)} (${reason})`);
  for (const [i, { label }] of options.entries())
    output.say(`  ${label}: ${output.command(["doctor", "--fix", "--choose", `${id}=${i + 1}`])}`);
}

/** What `--choose` names. Throws `usage` for what is no id and number. */
function picksIn(words: readonly string[] = []): Map<string, number> {
  return new Map(
    words.map((word) => {
      const [, id, number] = /^(.+)=(\d+)$/s.exec(word) ?? [];
      if (id === undefined)
        throw new CfgError("usage", `--choose takes ID=NUMBER, not ${JSON.stringify(word)}`, {
          hints: [{ note: "see the choices there are", argv: ["doctor", "--fix", "--dry-run"] }],
        });
      return [id, Number(number)];
    }),
  );
}
