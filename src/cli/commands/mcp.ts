/** `codex-cfg mcp list|enable|disable|isolate`: turns MCP servers on and off and touches nothing else of them. */
import type { Command } from "commander";
import { listServers } from "../../actions/servers.ts";
import { isolateServers, toggleServers } from "../../actions/toggle-servers.ts";
import { commitPlan } from "../commit-plan.ts";
import type { Context, Run } from "../context.ts";
import { listed } from "../mcp/server-list.ts";
import { pickExceptions, pickServers } from "../pick.ts";

type Profile = { readonly profile?: string };
type Options = Profile & { readonly all: boolean; readonly except?: readonly string[] };

const PROFILE = ["-p, --profile <profile>", "in this profile's file only"] as const;
const TOGGLES = ["list", "enable", "disable", "isolate"];

export async function register(program: Command, run: Run, argv: readonly string[]): Promise<void> {
  const mcp = program
    .command("mcp")
    .description("MCP servers: what is configured where, turned on and off without losing a setting.")
    .addHelpText("after", "\nExamples:\n  codex-cfg mcp list\n  codex-cfg mcp disable docs\n");
  mcp
    .command("list")
    .summary("list the servers")
    .description("Lists the servers that Codex would see when started here. Starts none and asks no network.")
    .option("-p, --profile <profile>", "as `codex --profile NAME` sees them")
    .addHelpText("after", "\nExample:\n  codex-cfg mcp list --json\n")
    .action(({ profile }: Profile) => run(async (context) => listed(context, profile)));
  for (const enabled of [true, false]) {
    const verb = enabled ? "enable" : "disable";
    mcp
      .command(verb)
      .summary(`turn servers ${enabled ? "on" : "off"}`)
      .description(
        `Turns servers ${enabled ? "on" : "off"}, all of them as one change, whatever form they are written in. Everything else of them stays.`,
      )
      .argument("[servers...]", "names of servers; * and ? stand for any characters")
      .option("--all", "every server", false)
      .option("--except <servers...>", "with --all: leave these as they are")
      .option(...PROFILE)
      .addHelpText(
        "after",
        `\nExamples:\n  codex-cfg mcp ${verb} docs 'git*'\n  codex-cfg mcp ${verb} --all --except docs\n`,
      )
      .action((servers: string[], { all, except = [], profile }: Options) =>
        run.edit(async (context) => {
          const names =
            servers.length > 0 || all || except.length > 0 ? servers : await pickServers(context, enabled, profile);
          if (names === null) return 1;
          const plan = await toggleServers(context.home, { enabled, servers: names ?? [], all, except, profile });
          if (all) sayWhenNone(context, profile);
          return commitPlan(context, plan);
        }),
      );
  }
  mcp
    .command("isolate")
    .summary("turn every server off, to see whether Codex works without them")
    .description("Turns every server off as one change; `codex-cfg revert` brings back exactly those that were on.")
    .argument("[servers...]", "names of servers that are left as they are; * and ? stand for any characters")
    .option(...PROFILE)
    .addHelpText("after", "\nExample:\n  codex-cfg mcp isolate && codex exec 'say hello'; codex-cfg revert\n")
    .action((names: string[], { profile }: Profile) =>
      run.edit(async (context) => {
        const except = names.length > 0 ? names : await pickExceptions(context, profile);
        if (except === null) return 1;
        const plan = await isolateServers(context.home, { except, profile });
        if (plan.changes.length === 0) sayWhenNone(context, profile);
        return commitPlan(context, plan);
      }),
    );
  // Loaded only where needed: six more commands would slow down every toggle.
  if (argv.includes("bisect") || !TOGGLES.some((name) => argv.includes(name))) {
    const { registerBisect } = await import("./mcp-bisect.ts");
    registerBisect(mcp, run);
  }
}

function sayWhenNone({ home, output }: Context, profile: string | undefined): void {
  if (listServers(home, { profile }).length === 0) output.say("no MCP servers are configured");
}
