/** A search for a failing server that a person carries on, one answer at a time. */
import { type Bisect, type BisectWish, bisect, currentBisect, findingFor, stepJustMade } from "../../actions/bisect.ts";
import { commitPlan, showMade } from "../commit-plan.ts";
import type { Context, EditContext } from "../context.ts";
import { bisectJson } from "./bisect-json.ts";

/** The change for the next look, for the end of the search, or for the way back. */
export async function advance(context: EditContext, wish: BisectWish): Promise<number> {
  const made = stepJustMade(context.home, wish);
  if (made !== null) {
    showMade(context, made.entry, [findingFor(made.state, made.step)]);
    return isInVain(made.step) ? 1 : 0;
  }
  const next = await bisect(context.home, wish);
  if (next === null) return status(context);
  const exit = await commitPlan(context, next.plan);
  return exit === 0 && wish.answer !== "reset" && isInVain(next.step) ? 1 : exit;
}

/** Whether a search is over and no server was found. */
function isInVain({ kind }: Bisect["step"]): boolean {
  return kind !== "test" && kind !== "found";
}

export function status({ home, output }: Context): number {
  const current = currentBisect(home);
  if (current === null) output.say("no bisect is under way");
  else output.data(output.text(findingFor(current.state, current.step)));
  output.document("mcp-bisect", bisectJson(home.dir, current?.state ?? null, current?.step ?? null, null));
  return 0;
}
