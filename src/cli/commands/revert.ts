/** `codex-cfg revert [ID|preset]`: takes a change back, byte for byte or value by value. */
import type { Command } from "commander";
import { askChange, planUndo, undoAll, undoOne } from "../../actions/revert.ts";
import { CfgError } from "../../model/error.ts";
import { type Again, argvOf } from "../../model/hint.ts";
import type { Run } from "../context.ts";
import { settle } from "../settle.ts";

type Options = {
  readonly all: boolean;
  readonly force: boolean;
  readonly skipConflicts: boolean;
  readonly purge: boolean;
};

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
    .action((typed: string | undefined, options: Options) =>
      run(async (context) => {
        const { home, output } = context;
        if (typed !== undefined && options.all) throw new CfgError("usage", "name one change or say --all, not both");
        // A change that was interrupted is the newest one, but history does not know it yet.
        if (!context.globals.dryRun && home.pending().length > 0) home.recover();
        const name = typed === undefined && !options.all ? await askChange(context) : typed;
        if (name === null) return 1;
        const undo = options.all ? undoAll(home, options) : undoOne(home, name, options);
        if (undo === null) {
          output.say("nothing to revert");
          output.document("change", {
            command: "revert",
            codexHome: home.dir,
            codex: null,
            dryRun: context.globals.dryRun ?? false,
            changed: false,
            files: [],
            findings: [],
            entry: null,
          });
          return 0;
        }
        const again: Again = (...more) =>
          argvOf("revert", name === undefined ? [] : [name], [...(options.all ? ["--all"] : []), ...more]);
        const { plan, label } = planUndo(undo, again, options.skipConflicts);
        return settle(context, plan, { command: `revert ${label.reverts.join(" ")}`, ...label });
      }),
    );
}
