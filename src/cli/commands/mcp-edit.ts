/** `codex-cfg mcp add` and `mcp remove`: one server, every other one as it is written. */
import type { Command } from "commander";
import { addServer, removeServer } from "../../actions/define-server.ts";
import { namedTexts } from "../assignments.ts";
import { commitPlan } from "../commit-plan.ts";
import type { Run } from "../context.ts";

type AddOptions = {
  readonly url?: string;
  readonly env: readonly string[];
  readonly envVar: readonly string[];
  readonly bearerTokenEnvVar?: string;
  readonly header: readonly string[];
  readonly profile?: string;
};

const PROFILE = ["-p, --profile <profile>", "in this profile's file only"] as const;

export function registerServerEdits(mcp: Command, run: Run): void {
  mcp
    .command("add")
    .summary("add a server")
    .description("Adds a server: a program behind --, or an address. What is written of the others stays as it is.")
    .argument("<name>", "its name")
    .argument("[command...]", "the program and its arguments, behind --")
    .option("--url <url>", "where it answers, instead of a program")
    .option("--env <name=value>", "what the program finds in its environment; can be repeated", collect, [])
    .option("--env-var <variable>", "a variable of yours that the program gets; can be repeated", collect, [])
    .option("--bearer-token-env-var <variable>", "the variable that holds the token for the address")
    .option("--header <name=value>", "a header for the address; can be repeated", collect, [])
    .option(...PROFILE)
    .addHelpText(
      "after",
      "\nExamples:\n  codex-cfg mcp add notes -- npx -y notes-server\n  codex-cfg mcp add wiki --url https://wiki.example/mcp\n",
    )
    .action((name: string, command: readonly string[], { env, envVar, header, ...options }: AddOptions) =>
      run.edit(async (context) => {
        const plan = await addServer(context.home, {
          ...{ name, ...options },
          command: command.length === 0 ? undefined : command,
          env: namedTexts("--env", env),
          envVars: envVar,
          headers: namedTexts("--header", header),
        });
        return commitPlan(context, plan);
      }),
    );
  mcp
    .command("remove")
    .summary("take a server out")
    .description(
      "Takes a server out, and the switches that profiles have for it. Everything else stays as it is written.",
    )
    .argument("<servers>", "its name")
    .option(...PROFILE)
    .addHelpText("after", "\nExample:\n  codex-cfg mcp remove docs\n")
    .action((name: string, { profile }: { readonly profile?: string }) =>
      run.edit(async (context) => commitPlan(context, await removeServer(context.home, { name, profile }))),
    );
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}
