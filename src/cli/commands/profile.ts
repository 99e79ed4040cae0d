/** `codex-cfg profile`: profiles listed, shown and compared; those verbs that write are in a file of their own. */
import type { Command } from "commander";
import type { Run } from "../context.ts";

const READING = ["list", "show", "diff"];

export async function register(program: Command, run: Run, argv: readonly string[]): Promise<void> {
  const profile = program
    .command("profile")
    .description("Profiles: named sets of settings that `codex --profile NAME` starts with, in either layout.")
    .addHelpText("after", "\nExamples:\n  codex-cfg profile list\n  codex-cfg profile new work --set model=gpt-5.5\n");
  profile
    .command("list", { isDefault: true })
    .summary("list the profiles")
    .description("Lists the profiles: where each lives, its model and provider, whether it loads and is in use.")
    .addHelpText("after", "\nExample:\n  codex-cfg profile list --json\n")
    .action(() => run(async (context) => (await import("../profile/list.ts")).list(context)));
  profile
    .command("show")
    .summary("show what a start gets, and which file each setting is from")
    .description(
      "Shows what a start with a profile gets and which file each setting is from. Without a name: every layer of a plain " +
        "start in this folder, with a * at the last word; of variables in .env only the names.",
    )
    .argument("[profile]", "its name")
    .option("--own", "its own settings only", false)
    .addHelpText("after", "\nExamples:\n  codex-cfg profile show work\n  codex-cfg profile show\n")
    .action((name: string | undefined, { own }: { readonly own: boolean }) =>
      run(async (context) => (await import("../profile/show.ts")).show(context, name, own)),
    );
  profile
    .command("diff")
    .summary("compare two profiles, or one with the start without it")
    .description("Compares the settings of two starts, not the lines of two files: of one profile, what it changes.")
    .argument("<profile>", "its name")
    .argument("[profile]", "the one to compare it with")
    .option("--exit-code", "exit 1 when there are differences", false)
    .addHelpText("after", "\nExamples:\n  codex-cfg profile diff work\n  codex-cfg profile diff work home\n")
    .action((name: string, other: string | undefined, options: { readonly exitCode: boolean }) =>
      run(async (context) => (await import("../profile/diff.ts")).diff(context, name, other, options.exitCode)),
    );
  // Loaded only where needed, as help needs all of them.
  if (!READING.some((name) => argv.includes(name))) {
    const { registerEdits } = await import("./profile-edit.ts");
    registerEdits(profile, run);
  }
}
