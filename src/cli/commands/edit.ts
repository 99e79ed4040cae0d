/** `codex-cfg edit [-p NAME]`: a file in the editor, checked before it lands. */
import type { Command } from "commander";
import { edit, editByHand, textToEdit } from "../../actions/edit.ts";
import { CfgError } from "../../model/error.ts";
import { commitPlan } from "../commit-plan.ts";
import type { EditContext, Run } from "../context.ts";
import { nothingToDo } from "../nothing-to-do.ts";

type Options = { readonly profile?: string; readonly force: boolean };

export function register(program: Command, run: Run): void {
  program
    .command("edit")
    .description(
      "Opens config.toml in $VISUAL, else $EDITOR, as a copy. What comes back is checked first: where Codex would not load it\n" +
        "you edit again, discard it, or go on. What others change meanwhile is merged by key.",
    )
    .option("-p, --profile <profile>", "edit the file of this profile")
    .option("--force", "take it although Codex does not load it", false)
    .addHelpText("after", "\nExamples:\n  codex-cfg edit\n  EDITOR=nano codex-cfg edit -p work\n")
    .action((options: Options) => run.edit(async (context) => editing(context, options)));
}

async function editing(context: EditContext, { profile, ...options }: Options): Promise<number> {
  const { home, output } = context;
  const before = textToEdit(home, profile);
  let [text, force] = [before, options.force];
  for (let isOpen = true; ; ) {
    if (isOpen) {
      const edited = await editByHand(home, profile, text);
      if (edited === null) {
        output.say("the editor ended with an error; nothing was written");
        return 1;
      }
      text = edited;
    }
    if (text === before) return nothingToDo(context, "edit", "nothing was changed");
    try {
      return await commitPlan(context, await edit(home, { profile, text, force }));
    } catch (error) {
      if (!context.asks || !(error instanceof CfgError) || !AGAIN.includes(error.code)) throw error;
      output.error(error);
      const mayGoOn = error.code === "invalid-config" || error.code === "reserved-provider";
      const question = mayGoOn ? "Edit again, discard it, or go on? [e/d/g] " : "Edit again, or discard it? [e/d] ";
      const answer = ((await context.host.terminal.ask(question)) ?? "d").trim().toLowerCase();
      force = mayGoOn && answer.startsWith("g");
      isOpen = !force;
      if (isOpen && !/^(e|$)/.test(answer)) {
        output.say("nothing was written");
        return 1;
      }
    }
  }
}

/** What somebody can put right in the editor. */
const AGAIN: readonly string[] = ["invalid-toml", "invalid-config", "reserved-provider", "codex-refuses", "stale-plan"];
