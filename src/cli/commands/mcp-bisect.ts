/** `codex-cfg mcp bisect`: finds the MCP server that makes something fail, by halving. */
import type { Command } from "commander";
import {
  type Bisect,
  type BisectWish,
  bisect as bisectServers,
  currentBisect,
  findingFor,
  stepJustMade,
} from "../../actions/bisect.ts";
import { CfgError } from "../../model/error.ts";
import { commitPlan, showMade } from "../commit-plan.ts";
import type { Context, EditContext, Run } from "../context.ts";
import { bisectJson } from "../mcp/bisect-json.ts";
import { runBisect } from "../mcp/bisect-run.ts";

export function registerBisect(mcp: Command, run: Run): void {
  const bisect = mcp
    .command("bisect")
    .summary("find the server that makes something fail, by halving")
    .description(
      "Finds the MCP server that makes something fail: turns half of them off, you say whether it still fails, and so on.\n" +
        "Every step is a change of its own, so nothing is lost when it is interrupted, and reset brings every byte back.",
    )
    .addHelpText(
      "after",
      "\nExamples:\n  codex-cfg mcp bisect start\n  codex-cfg mcp bisect run -- codex exec 'say hello'\n  codex-cfg mcp bisect reset\n",
    );
  bisect
    .command("start")
    .description("Begins a search: something fails with the servers that are on now.")
    .addHelpText("after", example("start"))
    .action(() => run.edit(async (context) => advance(context, { answer: "start" })));
  for (const fails of [false, true]) {
    const verb = fails ? "bad" : "good";
    bisect
      .command(verb)
      .description(`Says that it ${fails ? "fails" : "works"} with the servers that are on now.`)
      .addHelpText("after", example(verb))
      .action(() => run.edit(async (context) => advance(context, { answer: verb })));
  }
  bisect
    .command("run")
    .description(
      "Lets a command give the answers: exit code 0 is good, 125 stops because it cannot tell, anything else is bad.\n" +
        "Write it behind two dashes. It runs with the Codex home that is searched; what it prints goes to standard error.",
    )
    .argument("<command...>", "the command and its arguments")
    .option("--timeout <seconds>", "a command that takes longer is ended, and that is bad", "0")
    .addHelpText("after", example("run --timeout 60 -- codex exec 'say hello'"))
    .action((command: string[], { timeout }: { readonly timeout: string }) =>
      run.edit(async (context) => {
        if (!/^\d{1,6}$/.test(timeout)) throw new CfgError("usage", `not a number of seconds: ${timeout}`);
        return runBisect(context, command, Number(timeout) * 1000);
      }),
    );
  bisect
    .command("status")
    .description("Says where the search stands.")
    .addHelpText("after", example("status"))
    .action(() => run(async (context) => status(context)));
  bisect
    .command("reset")
    .description("Ends the search and brings everything back as it was when it began.")
    .option("--skip-conflicts", "leave alone what somebody else has changed since", false)
    .option("--force", "bring the old values back over whatever is there now", false)
    .addHelpText("after", example("reset"))
    .action((options: { readonly skipConflicts: boolean; readonly force: boolean }) =>
      run.edit(async (context) => advance(context, { answer: "reset", ...options })),
    );
}

const example = (words: string) => `\nExample:\n  codex-cfg mcp bisect ${words}\n`;

/** The change for the next look, for the end of the search, or for the way back. */
async function advance(context: EditContext, wish: BisectWish): Promise<number> {
  const made = stepJustMade(context.home, wish);
  if (made !== null) {
    showMade(context, made.entry, [findingFor(made.state, made.step)]);
    return isInVain(made.step) ? 1 : 0;
  }
  const next = await bisectServers(context.home, wish);
  if (next === null) return status(context);
  const exit = await commitPlan(context, next.plan);
  return exit === 0 && wish.answer !== "reset" && isInVain(next.step) ? 1 : exit;
}

/** Whether a search is over and no server was found. */
function isInVain({ kind }: Bisect["step"]): boolean {
  return kind !== "test" && kind !== "found";
}

function status({ home, output }: Context): number {
  const current = currentBisect(home);
  if (current === null) output.say("no bisect is under way");
  else output.data(output.text(findingFor(current.state, current.step)));
  output.document("mcp-bisect", bisectJson(home.dir, current?.state ?? null, current?.step ?? null, null));
  return 0;
}
