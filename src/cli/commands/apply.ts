/** `codex-cfg apply <preset>`: brings a preset into the home, built in or the user's own. */
import { type Command, Option } from "commander";
import { readLogin } from "../../machine/login.ts";
import { projectsThatWin } from "../../machine/projects.ts";
import { CfgError } from "../../model/error.ts";
import type { Hint } from "../../model/hint.ts";
import { BUILT_IN_PRESETS } from "../../presets/built-in.ts";
import { HTTP_SSE, type HttpSseOptions, httpSse } from "../../presets/http-sse.ts";
import type { Context, Run } from "../context.ts";
import { settle } from "../settle.ts";

type Options = HttpSseOptions & { readonly set: Readonly<Record<string, string>>; readonly allowUnknown: boolean };

/** Flags that only the built-in preset has. */
const HTTP_SSE_FLAGS = ["scope", "profile", "providerId", "name", "baseUrl", "envKey"];
/** And those that only presets of one's own have. */
const OWN_FLAGS = ["set", "allowUnknown"];

export function register(program: Command, run: Run): void {
  const command = program
    .command("apply")
    .description(
      "Brings a preset into the Codex home: previews it, makes it entirely or not at all, and can take it back.\n\n" +
        `  http-sse   ${BUILT_IN_PRESETS["http-sse"]}\n\n` +
        "Your own presets: codex-cfg presets. A file's: codex-cfg apply ./file.toml#NAME",
    )
    .argument("<preset>", "http-sse, the name of a preset of yours, or FILE#NAME")
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
    .option("--overwrite", "replace a different table of that id; revert brings it back", false)
    .option("--set <name=value>", "a parameter of a preset of yours; can be repeated", parameter, {})
    .option("--allow-unknown", "write settings of a preset that this Codex does not know", false)
    .addHelpText(
      "after",
      "\nExamples:\n  codex-cfg apply http-sse --dry-run\n  codex-cfg apply litellm --set model=gpt-5.5 --dry-run\n",
    )
    .action((name: string, options: Options) =>
      run(async (context) => {
        const given = (flags: readonly string[]) => flags.find((flag) => command.getOptionValueSource(flag) === "cli");
        if (name === "http-sse") {
          refuse(given(OWN_FLAGS), "presets of your own", { note: "what http-sse takes", argv: ["apply", "--help"] });
          return applyHttpSse(context, options, given(HTTP_SSE_FLAGS) !== undefined);
        }
        refuse(given(HTTP_SSE_FLAGS), "http-sse", "presets of your own take: --set NAME=VALUE");
        const { applyUserPreset } = await import("../../actions/apply-preset.ts");
        return applyUserPreset(context, name, options);
      }),
    );
}

function refuse(flag: string | undefined, whose: string, hint: Hint): void {
  if (flag !== undefined) throw new CfgError("usage", `--${dashed(flag)} is for ${whose} alone`, { hints: [hint] });
}

/** `bringsOwn`: something in it is the user's, and not the measured recipe. */
async function applyHttpSse(context: Context, options: Options, bringsOwn: boolean): Promise<number> {
  const { home, host } = context;
  const { snapshot, codex } = home;
  const { ops, findings } = httpSse(options, {
    codex,
    login: readLogin(host, home.dir, snapshot.document("config")),
    env: host.env,
    document: (role) => snapshot.document(role),
    exists: (role) => snapshot.exists(role),
  });
  const rivals =
    options.scope === "profile"
      ? projectsThatWin(host, home.dir, snapshot.document("config"), ["model", "model_provider"], codex.version)
      : [];
  const plan = home.plan(ops, [...findings, ...rivals]);
  if (plan.changes.length > 0 && (bringsOwn || ops.some(({ op }) => op === "move"))) {
    // The judgement takes longer than all the rest.
    const { refuseBroken } = await import("../../actions/check-settings.ts");
    await refuseBroken(home, plan, options.scope === "profile" ? options.profile : undefined);
  }
  return settle(context, plan, { command: "apply http-sse", preset: "http-sse" });
}

function parameter(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1)
    throw new CfgError("usage", `not a parameter: ${JSON.stringify(text)}`, {
      hints: ["write it like this: --set url=http://127.0.0.1:4000"],
    });
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

function dashed(flag: string): string {
  return flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
