/** `codex-cfg set KEY VALUE` and `unset KEY`: one setting, checked against what this Codex takes. */
import type { Command } from "commander";
import { type SettingsWish, setSettings } from "../../actions/set-settings.ts";
import { commitPlan } from "../commit-plan.ts";
import type { Run } from "../context.ts";
import { givenValue, itemOf } from "../value.ts";

type Options = Omit<SettingsWish, "settings" | "literal"> & { readonly add?: string; readonly remove?: string };

const PROFILE = ["-p, --profile <profile>", "change this profile only"] as const;
const FORCE = "write it although Codex would not load it";

export function register(program: Command, run: Run): void {
  program
    .command("set")
    .description(
      "Changes one setting where it stands, in its own style. The value is TOML; what this Codex does not take is refused.\n" +
        "Who runs a command can be seen doing so: give a secret by --stdin, or leave the value out and be asked for it.",
    )
    .argument("<key>", "dotted, as in mcp_servers.docs.enabled")
    .argument("[value]", "a TOML value; a bare word where a string is wanted")
    .option("--add <item>", "add one item to a list, and leave the others as they are written")
    .option("--remove <item>", "take one item out of a list")
    .option(...PROFILE)
    .option("--stdin", "read the value from standard input; where a string is wanted, as it is", false)
    .option("--string", "take the value as a string, whatever it looks like", false)
    .option("--allow-unknown", "set a key that this Codex does not know", false)
    .option("--force", FORCE, false)
    .addHelpText(
      "after",
      "\nExamples:\n  codex-cfg set model gpt-5.5\n  codex-cfg set mcp_servers.docs.enabled false -p lean\n" +
        "  codex-cfg set mcp_servers.docs.args --add --verbose\n  codex-cfg set 'skills.config[path=/a].enabled' false\n" +
        "  pass show docs | codex-cfg set mcp_servers.docs.env.API_KEY --stdin\n",
    )
    .action(
      (
        key: string,
        typed: string | undefined,
        { add, remove, stdin, ...options }: Options & { readonly stdin: boolean },
      ) =>
        run.edit(async (context) => {
          const { item, text } = itemOf({ value: typed, add, remove });
          const { literal, value } = await givenValue(context, key, text, stdin);
          return commitPlan(
            context,
            await setSettings(context.home, { settings: [{ key, value, item }], ...options, literal }),
          );
        }),
    );
  program
    .command("unset")
    .description("Removes one setting, or a table with everything in it. Comment lines above it stay.")
    .argument("<key>", "dotted, as in mcp_servers.docs")
    .option(...PROFILE)
    .option("--force", FORCE, false)
    .addHelpText("after", "\nExample:\n  codex-cfg unset model_reasoning_effort\n")
    .action((key: string, options: Options) =>
      run.edit(async (context) =>
        commitPlan(context, await setSettings(context.home, { settings: [{ key, value: null }], ...options })),
      ),
    );
}
