/** `codex-cfg run -- codex …`: one start with another set-up through Codex's own flags, nothing written. */
import type { Command } from "commander";
import { codexCommand } from "../../actions/run.ts";
import { CfgError } from "../../model/error.ts";
import { word } from "../../text/shell-quote.ts";
import { assignments } from "../assignments.ts";
import type { Context, Run } from "../context.ts";
import { codexJson } from "../json.ts";

type Options = { readonly profile?: string; readonly set: readonly string[]; readonly servers?: string | false };

export function register(program: Command, run: Run): void {
  program
    .command("run")
    .description(
      "Starts Codex once with another set-up, through flags of its own; nothing is written. Refuses what would not load.\n" +
        "Signals and the exit code are passed on.",
    )
    .argument("[command...]", "what to start, behind --; codex without")
    .option("-p, --profile <profile>", "with this profile")
    .option("--set <key=value>", "with this setting, as `set` takes it; can be repeated", collect, [])
    .option("--servers <servers>", "with these MCP servers only, parted by commas")
    .option("--no-servers", "without any MCP server")
    .addHelpText(
      "after",
      "\nExamples:\n  codex-cfg run -p work -- codex exec 'say hello'\n  codex-cfg run --no-servers -- codex\n",
    )
    .action((command: readonly string[], options: Options) => run(async (context) => start(context, command, options)));
}

async function start(context: Context, words: readonly string[], { profile, servers, set }: Options): Promise<number> {
  const { globals, home, host, output } = context;
  if (output.json && !globals.dryRun)
    throw new CfgError("usage", "what Codex prints is no document", {
      hints: ["add -n, to see what would be started"],
    });
  const { command, shown } = await codexCommand(home, {
    command: words.length === 0 ? undefined : words,
    profile,
    settings: assignments(set),
    servers: servers === false ? [] : servers?.split(",").filter((name) => name !== ""),
  });
  if (globals.dryRun) {
    output.data(shown.map(word).join(" "));
    output.document("run", {
      codexHome: home.dir,
      codex: codexJson(home.codex),
      profile: profile ?? null,
      command: shown,
    });
    return 0;
  }
  const [file = "", ...args] = command;
  const status = await host.runInPlace(file, args, { cwd: host.cwd, env: { ...host.env, CODEX_HOME: home.dir } });
  if (status === null)
    throw new CfgError("usage", `${file} cannot be started`, {
      hints: [{ note: "write the command behind two dashes", argv: ["run", "--", "codex"] }],
    });
  return status;
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}
