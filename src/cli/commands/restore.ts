/** `codex-cfg restore [ID] [FILE|KEY…]`: brings back what others have taken away. */
import type { Command } from "commander";
import { namesEntry, restore } from "../../actions/restore.ts";
import type { Plan } from "../../plan/plan.ts";
import { commitPlan } from "../commit-plan.ts";
import type { Context, Run } from "../context.ts";
import { nothingToDo } from "../nothing-to-do.ts";

type Options = { readonly all: boolean; readonly except: readonly string[] };

export function register(program: Command, run: Run): void {
  program
    .command("restore")
    .description(
      "Brings back what others have taken from config.toml and the profile files since your last change: a file that is gone,\n" +
        "empty, cut or full of NUL bytes, and settings that are not there any more, each with its last value. What was added or\n" +
        "changed since stays. With an id from `codex-cfg history`: what the files had then.",
    )
    .argument("[what...]", "an id first, then names of files, or keys of config.toml; everything without")
    .option("--all", "take the files as they were, and drop what came since", false)
    .option("--except <what>", "leave out what you took away on purpose", (one, all: string[]) => [...all, one], [])
    .addHelpText(
      "after",
      "\nExamples:\n  codex-cfg restore\n  codex-cfg restore --except mcp_servers.old\n  codex-cfg restore work.config.toml -n\n",
    )
    .action((words: readonly string[], options: Options) =>
      run.edit(async (context) => {
        const { home } = context;
        const [first] = words;
        const from = first !== undefined && namesEntry(home, first) ? first : undefined;
        const what = from === undefined ? words : words.slice(1);
        const plan = await restore(home, { from, what, ...options });
        if (plan === null || plan.changes.length === 0) return nothingToDo(context, "restore", "nothing is lost");
        const exit = await commitPlan(context, plan);
        if (exit === 0 && !context.globals.dryRun) sayKept(context, plan);
        return exit;
      }),
    );
}

/** Where a file that could not be read lies now: somebody may want to look into it. */
function sayKept({ home, output }: Context, { before, changes }: Plan): void {
  const entry = home.history.entries.at(-1);
  for (const { before: text, file } of changes) {
    const path = text === null || before.readable(file) !== null || !entry ? null : home.keptAt(entry, file);
    if (path !== null) output.say(`what it held is kept in ${path}`);
  }
}
