/** `codex-cfg profile new|copy|rename|delete`: each one change that revert takes back. */
import type { Command } from "commander";
import { newProfile } from "../../actions/profile/create.ts";
import { deleteProfile } from "../../actions/profile/delete.ts";
import { renameProfile } from "../../actions/profile/rename.ts";
import { saveProfile } from "../../actions/profile/save.ts";
import { assignments } from "../assignments.ts";
import { commitPlan } from "../commit-plan.ts";
import type { Run } from "../context.ts";

type NewOptions = {
  readonly from?: string;
  readonly set: readonly string[];
  readonly string: boolean;
  readonly allowUnknown: boolean;
};

export function registerEdits(profile: Command, run: Run): void {
  profile
    .command("new")
    .summary("make a profile")
    .description("Makes a profile: empty, out of settings, or out of another one with some settings changed.")
    .argument("<name>", "letters, digits, - and _")
    .option("--from <profile>", "begin with what this one has")
    .option("--set <key=value>", "a setting, as `set` takes it; can be repeated", collect, [])
    .option("--string", "take every value as a string, whatever it looks like", false)
    .option("--allow-unknown", "set keys that this Codex does not know", false)
    .addHelpText("after", "\nExample:\n  codex-cfg profile new work --set model=gpt-5.5 --set tui.theme=dark\n")
    .action((name: string, { set, ...options }: NewOptions) =>
      run.edit(async (context) =>
        commitPlan(context, await newProfile(context.home, { profile: name, settings: assignments(set), ...options })),
      ),
    );
  profile
    .command("save")
    .summary("take into the profile in use what has changed since")
    .description(
      "Takes into the profile in use what config.toml holds by now in the keys that `codex-cfg use` laid there.",
    )
    .argument("<profile>", "its name")
    .argument("[keys...]", "further keys of config.toml to take along")
    .addHelpText("after", "\nExample:\n  codex-cfg profile save work\n")
    .action((name: string, keys: readonly string[]) =>
      run.edit(async (context) => commitPlan(context, await saveProfile(context.home, { profile: name, keys }))),
    );
  profile
    .command("copy")
    .summary("copy a profile, comments included")
    .description("Copies a profile under another name, comments included.")
    .argument("<profile>", "its name")
    .argument("<name>", "the name of the copy")
    .addHelpText("after", "\nExample:\n  codex-cfg profile copy work work-offline\n")
    .action((from: string, name: string) =>
      run.edit(async (context) => commitPlan(context, await newProfile(context.home, { profile: name, from }))),
    );
  profile
    .command("rename")
    .summary("give a profile another name")
    .description("Gives a profile another name; what selects it in config.toml, and its use, follow.")
    .argument("<profile>", "its name")
    .argument("<name>", "its new name")
    .addHelpText("after", "\nExample:\n  codex-cfg profile rename work office\n")
    .action((from: string, name: string) =>
      run.edit(async (context) => commitPlan(context, await renameProfile(context.home, { profile: from, name }))),
    );
  profile
    .command("delete")
    .summary("delete a profile, unless it is in use or chats need it")
    .description("Deletes a profile, unless it is in use or chats need a provider that only it brings.")
    .argument("<profile>", "its name")
    .option("--force", "delete it although something needs it", false)
    .addHelpText("after", "\nExample:\n  codex-cfg profile delete work\n")
    .action((name: string, { force }: { readonly force: boolean }) =>
      run.edit(async (context) => commitPlan(context, await deleteProfile(context.home, { profile: name, force }))),
    );
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}
