/** `codex-cfg migrate`: every profile into the layout that the installed Codex reads, or that of another release. */
import type { Command } from "commander";
import { migrate } from "../../actions/migrate/migrate.ts";
import { CfgError } from "../../model/error.ts";
import { commitPlan } from "../commit-plan.ts";
import type { Context, Run } from "../context.ts";
import { codexJson, findingsJson } from "../json.ts";

type Options = {
  readonly to?: string;
  readonly rename: ReadonlyMap<string, string>;
  readonly asDefault: boolean;
  readonly check: boolean;
};

export function register(program: Command, run: Run): void {
  program
    .command("migrate")
    .description(
      "Moves [profiles.NAME] of config.toml into NAME.config.toml for Codex 0.134 and newer, or the files back into tables for\n" +
        "0.133 and older, comments included, all in one change. A line profile = NAME goes, and you are told what replaces it.",
    )
    .option("--to <version>", "for this release of Codex instead of the installed one, as in 0.130")
    .option("--rename <old=new>", "another name for a profile; can be repeated", rename, new Map())
    .option("--as-default", "what profile = NAME chose goes to the top of config.toml, for every start", false)
    .option("--check", "say what would move and write nothing; exit code 1 when there is something", false)
    .addHelpText(
      "after",
      "\nExamples:\n  codex-cfg migrate --dry-run\n  codex-cfg migrate --rename 'my profile=my-profile'\n  codex-cfg migrate --to 0.130\n",
    )
    .action((options: Options) => {
      const release = options.to ? { codexVersion: options.to } : {};
      if (options.check) return run(async (context) => check(context, options), release);
      return run.edit(async (context) => commitPlan(context, (await migrate(context.home, options)).plan), release);
    });
}

async function check(context: Context, options: Options): Promise<number> {
  const { home, output } = context;
  const { moves: steps, plan } = await migrate(home, options);
  const width = Math.max(0, ...steps.map(({ profile }) => profile.length));
  for (const { from, profile, to } of steps) output.data(`${profile.padEnd(width)}  ${from} → ${to}`);
  output.findings(plan.findings);
  output.say(
    steps.length === 0
      ? `nothing to migrate: all is as Codex ${home.codex.version} reads it`
      : "to do it: the same command without --check",
  );
  output.document("migrate", {
    codexHome: home.dir,
    codex: codexJson(home.codex),
    needed: steps.length > 0,
    steps,
    findings: findingsJson(plan.findings, output),
  });
  return steps.length === 0 ? 0 : 1;
}

/** Adds one `old=new` of the command line; the old name may have any character. */
function rename(text: string, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const at = text.lastIndexOf("=");
  if (at < 0 || before.has(text.slice(0, at)))
    throw new CfgError("usage", `not a new name: ${JSON.stringify(text)}`, {
      hints: [
        { note: "once for each profile, written like this", argv: ["migrate", "--rename", "my profile=my-profile"] },
      ],
    });
  return new Map([...before, [text.slice(0, at), text.slice(at + 1)]]);
}
