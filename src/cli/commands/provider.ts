/** `codex-cfg provider`: model providers, added and removed without breaking a start or a chat. */
import { type Command, Option } from "commander";
import { addProvider, listProviders, type ProviderWish, removeProvider } from "../../actions/provider.ts";
import { commitPlan } from "../commit-plan.ts";
import type { Context, Run } from "../context.ts";

export function register(program: Command, run: Run): void {
  const command = program
    .command("provider")
    .description("Model providers: the tables under [model_providers].")
    .addHelpText("after", "\nExample:\n  codex-cfg provider list\n");
  command
    .command("list", { isDefault: true })
    .description("Lists the providers of this home and of Codex itself, where each has its key from and who uses it.")
    .addHelpText("after", "\nExample:\n  codex-cfg provider list\n")
    .action(() => run(async (context) => list(context)));
  command
    .command("add")
    .description("Adds a provider. Choose it afterwards: codex-cfg set model_provider ID")
    .argument("<id>", "not one of Codex's own")
    .option("--base-url <url>", "where it answers")
    .option("--env-key <variable>", "the environment variable that holds its key")
    .option("--login", "send the stored login instead of a key", false)
    .option("--name <name>", "its display name; the id without")
    .addOption(new Option("--wire-api <api>", "the protocol it speaks").default("responses"))
    .option("--websockets", "it answers WebSockets, too", false)
    .option("--overwrite", "replace a different table of that id", false)
    .addHelpText(
      "after",
      "\nExample:\n  codex-cfg provider add gateway --base-url https://gateway.example/v1 --env-key GATEWAY_KEY\n",
    )
    .action((id: string, options: Omit<ProviderWish, "id">) =>
      run.edit(async (context) => commitPlan(context, await addProvider(context.home, { id, ...options }))),
    );
  command
    .command("remove")
    .description("Removes a provider, unless a profile, the default or a chat needs it.")
    .argument("<provider>", "its id")
    .option("--force", "remove it although something needs it", false)
    .addHelpText("after", "\nExample:\n  codex-cfg provider remove gateway\n")
    .action((id: string, options: { readonly force: boolean }) =>
      run.edit(async (context) => commitPlan(context, await removeProvider(context.home, { id, ...options }))),
    );
}

function list({ home, output }: Context): number {
  const providers = listProviders(home);
  const width = Math.max(...providers.map(({ id }) => id.length));
  for (const { builtIn, host, id, key, usedBy } of providers) {
    const origin = builtIn ? "built in" : `${host ?? "address by login"}, key: ${key ?? "none"}`;
    output.data(`${id.padEnd(width)}  ${origin}${usedBy.length === 0 ? "" : `  used by ${usedBy.join(", ")}`}`);
  }
  output.document("provider-list", { codexHome: home.dir, providers });
  return 0;
}
