/** `codex-cfg mcp bisect`: finds the MCP server that makes something fail, by halving. */
import type { Command } from "commander";
import { CfgError } from "../../model/error.ts";
import type { Run } from "../context.ts";
import { advance, status } from "../mcp/bisect-by-hand.ts";
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
      .description(`Answers that it ${fails ? "fails" : "works"} with the servers that are on now.`)
      .addHelpText("after", example(verb))
      // The answer itself was the consent.
      .action(() => run.edit(async (context) => advance(context, { answer: verb }), { yes: true }));
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
    .description("Shows where the search stands.")
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
