/** `codex-cfg apply <preset>`: brings a preset into the home, built in or the user's own. */
import { type Command, Option } from "commander";
import { applyPreset, type PresetWish } from "../../actions/apply-preset.ts";
import { CfgError } from "../../model/error.ts";
import { BUILT_IN_PRESETS } from "../../presets/built-in.ts";
import { HTTP_SSE } from "../../presets/http-sse.ts";
import { commitPlan } from "../commit-plan.ts";
import type { Run } from "../context.ts";

export function register(program: Command, run: Run): void {
  const command = program
    .command("apply")
    .description(
      "Brings a preset into the Codex home: previews it, makes it entirely or not at all, and can take it back.\n\n" +
        `  http-sse   ${BUILT_IN_PRESETS["http-sse"]}\n\n` +
        "The others, and your own: codex-cfg presets. A file's: codex-cfg apply ./file.toml#NAME",
    )
    .argument(
      "[preset]",
      "http-sse, another name from `codex-cfg presets`, or FILE#NAME; a list to choose from without",
    )
    .addOption(
      new Option("--scope <scope>", "for `codex --profile NAME`, or for every start (IDE and desktop app, too)")
        .choices(["profile", "default"])
        .default(HTTP_SSE.scope),
    )
    .option("--profile <profile>", "name of the profile", HTTP_SSE.profile)
    .option("--provider-id <id>", "id of the provider table", HTTP_SSE.providerId)
    .option("--name <name>", "the provider's name; Codex ties features to exactly OpenAI", HTTP_SSE.name)
    .option("--base-url <url>", "a fixed address; without it Codex picks the one that fits the login")
    .option("--env-key <variable>", "take the key from this environment variable instead of the login")
    .option("--overwrite", "replace a different provider or server of that name; revert brings it back", false)
    .option("--set <name=value>", "a parameter of the preset, no setting; can be repeated", parameter, {})
    .option("--allow-unknown", "write settings of a preset that this Codex does not know", false)
    .addHelpText(
      "after",
      "\nExamples:\n  codex-cfg apply http-sse --dry-run\n  codex-cfg apply litellm --set model=gpt-5.5 --dry-run\n",
    )
    .action((word: string | undefined) =>
      run.edit(async (context) => {
        const preset = word ?? (await (await import("../presets/pick.ts")).pickPreset(context));
        if (preset === null) return 1;
        const options = command.opts<Omit<PresetWish, "preset">>();
        const given = Object.entries(options).filter(([name]) => command.getOptionValueSource(name) === "cli");
        return commitPlan(context, await applyPreset(context.home, { preset, ...Object.fromEntries(given) }));
      }),
    );
}

function parameter(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1)
    throw new CfgError("usage", `not a parameter: ${JSON.stringify(text)}`, {
      hints: ["write it like this: --set url=http://127.0.0.1:4000"],
    });
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
