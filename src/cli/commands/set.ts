/** `codex-cfg set KEY VALUE` and `unset KEY`: one setting, checked against what this Codex takes. */
import type { Command } from "commander";
import { refuseBroken, valueFor } from "../../actions/check-settings.ts";
import { type Setting, settingOf } from "../../actions/setting.ts";
import type { Op } from "../../model/op.ts";
import { renderKey } from "../../toml/value.ts";
import type { Context, Run } from "../context.ts";
import { settle } from "../settle.ts";

type Options = { readonly profile?: string; readonly force: boolean };
type SetOptions = Options & { readonly string: boolean; readonly allowUnknown: boolean };

const PROFILE = ["-p, --profile <profile>", "change this profile only"] as const;
const FORCE = "write it although Codex would not load it";
const FORCE_HINT = "nothing was written; to write it all the same, add --force --no-preflight";

export function register(program: Command, run: Run): void {
  program
    .command("set")
    .description(
      "Changes one setting where it stands, in its own style. The value is TOML; what this Codex does not take is refused.",
    )
    .argument("<key>", "dotted, as in mcp_servers.docs.enabled")
    .argument("<value>", "a TOML value; a bare word where a string is wanted")
    .option(...PROFILE)
    .option("--string", "take the value as a string, whatever it looks like", false)
    .option("--allow-unknown", "set a key that this Codex does not know", false)
    .option("--force", FORCE, false)
    .addHelpText(
      "after",
      "\nExamples:\n  codex-cfg set model gpt-5.5\n  codex-cfg set mcp_servers.docs.enabled false -p lean\n",
    )
    .action((key: string, text: string, options: SetOptions) =>
      run(async (context) => {
        const setting = settingOf(context.home, key, options.profile);
        const value = await valueFor(context.home, setting, text, options);
        return change(context, setting, { op: "set", file: setting.file, path: setting.stored, value }, options);
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
      run(async (context) => {
        const setting = settingOf(context.home, key, options.profile);
        return change(context, setting, { op: "unset", file: setting.file, path: setting.stored }, options);
      }),
    );
}

async function change(context: Context, { path }: Setting, op: Op, { force, profile }: Options): Promise<number> {
  const { home } = context;
  const plan = home.plan([op]);
  if (!force && plan.changes.length > 0) await refuseBroken(home, plan, profile, FORCE_HINT);
  const where = profile === undefined ? "" : ` -p ${profile}`;
  return settle(context, plan, { command: `${op.op} ${renderKey(path)}${where}` });
}
