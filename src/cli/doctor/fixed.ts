/** How `codex-cfg doctor --fix` ends: the change, and what is left. */
import { fix } from "../../actions/fix.ts";
import { commitPlan } from "../commit-plan.ts";
import type { EditContext } from "../context.ts";
import type { DoctorOptions } from "./options.ts";

/** Exit code as of every change; 1 when something is left that only a person can decide. */
export async function fixed(context: EditContext, { network, symptom }: DoctorOptions): Promise<number> {
  const { output } = context;
  const { left, plan, refusal } = await fix(context.home, { network, symptom });
  const exit = await commitPlan(context, plan);
  for (const one of left) output.say(`not fixed: ${one}; see: ${output.command(["doctor", "--symptom", one])}`);
  if (refusal)
    output.say(`profiles stay where they are: ${[refusal.message, ...output.hints(refusal.hints)].join("; ")}`);
  return exit === 0 && left.length > 0 ? 1 : exit;
}
