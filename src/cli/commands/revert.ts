/** `codex-cfg revert [ID|preset]`: takes a change back, byte for byte or value by value. */
import type { Command } from "commander";
import { type RevertOptions, revert, revertJustMade } from "../../actions/revert.ts";
import { commitPlan, showMade } from "../commit-plan.ts";
import type { Run } from "../context.ts";
import { nothingToDo } from "../nothing-to-do.ts";
import { pickChange } from "../pick.ts";

export function register(program: Command, run: Run): void {
  program
    .command("revert")
    .description(
      "Takes back the newest change, or the one named by id or preset. Files nobody has touched since get their exact bytes\n" +
        "back; in others only the values that codex-cfg set go back. Reverting a revert does the change again.",
    )
    .argument("[change]", "id from `codex-cfg history`, or the name of a preset")
    .option("--all", "take every change back, newest first, as one", false)
    .option("--skip-conflicts", "leave alone what somebody else has changed since", false)
    .option("--force", "bring the old values back over whatever is there now", false)
    .option("--purge", "remove a provider table even if chats need it to be resumed", false)
    .addHelpText("after", "\nExamples:\n  codex-cfg revert\n  codex-cfg revert http-sse --dry-run\n")
    .action((typed: string | undefined, options: RevertOptions & { readonly all: boolean }) =>
      run.edit(async (context) => {
        const { home } = context;
        const made = revertJustMade(home, { change: typed, ...options });
        if (made !== null) {
          showMade(context, made);
          return 0;
        }
        const change = typed === undefined && !options.all ? await pickChange(context) : typed;
        if (change === null) return 1;
        const plan = await revert(home, { change, ...options });
        return plan === null ? nothingToDo(context, "revert", "nothing to revert") : commitPlan(context, plan);
      }),
    );
}
