/** A search for a failing server that a person carries on, one answer at a time. */
import { type BisectWish, bisect, currentBisect, findingFor } from "../../actions/bisect.ts";
import { commitPlan } from "../commit-plan.ts";
import type { Context } from "../context.ts";
import { bisectJson } from "./bisect-json.ts";

/** The change for the next look, for the end of the search, or for the way back. */
export async function advance(context: Context, wish: BisectWish): Promise<number> {
  const next = await bisect(context.home, wish);
  if (next === null) return status(context);
  const exit = await commitPlan(context, next.plan);
  const isOver = wish.answer !== "reset" && next.step.kind !== "test" && next.step.kind !== "found";
  return exit === 0 && isOver ? 1 : exit;
}

export function status({ home, output }: Context): number {
  const current = currentBisect(home);
  if (current === null) output.say("no bisect is under way");
  else output.data(output.text(findingFor(current.state, current.step)));
  output.document("mcp-bisect", bisectJson(home.dir, current?.state ?? null, current?.step ?? null, null));
  return 0;
}
