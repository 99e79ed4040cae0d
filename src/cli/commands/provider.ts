/** `codex-cfg provider`: model providers, added and removed without breaking a start or a chat. */
import { type Command, Option } from "commander";
import { refuseBroken } from "../../actions/check-settings.ts";
import { planRemoval, providerUsers } from "../../actions/provider.ts";
import { at, WIRE_APIS } from "../../codex/facts.ts";
import {
  bringTable,
  listProviders,
  type ProviderOptions,
  providerWarnings,
  tableFor,
} from "../../codex/provider-tables.ts";
import { guardProviderId, serviceAt } from "../../codex/providers.ts";
import { CfgError } from "../../model/error.ts";
import { argvOf } from "../../model/hint.ts";
import { renderKey } from "../../toml/value.ts";
import type { Context, Run } from "../context.ts";
import { settle } from "../settle.ts";

type AddOptions = ProviderOptions & { readonly overwrite: boolean };

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
    .action((id: string, options: AddOptions) => run(async (context) => add(context, id, options)));
  command
    .command("remove")
    .description("Removes a provider, unless a profile, the default or a chat needs it.")
    .argument("<provider>", "its id")
    .option("--force", "remove it although something needs it", false)
    .addHelpText("after", "\nExample:\n  codex-cfg provider remove gateway\n")
    .action((id: string, options: { readonly force: boolean }) =>
      run(async (context) =>
        settle(context, planRemoval(context, id, options.force), { command: `provider remove ${id}` }),
      ),
    );
}

function list({ home, output }: Context): number {
  const providers = listProviders(home.snapshot.document("config"), providerUsers(home), home.codex.version);
  const width = Math.max(...providers.map(({ id }) => id.length));
  for (const { builtIn, host, id, key, usedBy } of providers) {
    const origin = builtIn ? "built in" : `${host ?? "address by login"}, key: ${key ?? "none"}`;
    output.data(`${id.padEnd(width)}  ${origin}${usedBy.length === 0 ? "" : `  used by ${usedBy.join(", ")}`}`);
  }
  output.document("provider-list", { codexHome: home.dir, providers });
  return 0;
}

async function add(context: Context, id: string, options: AddOptions): Promise<number> {
  const { home, host } = context;
  const { version } = home.codex;
  guardProviderId(id, version, { note: "choose another id", argv: argvOf("provider add", [`${id}-custom`]) });
  if (options.baseUrl !== undefined && serviceAt(options.baseUrl) === null)
    throw new CfgError("usage", "--base-url is not an http or https address");
  if (options.envKey?.trim() === "")
    throw new CfgError("usage", "--env-key must not be empty", { hints: ["leave it out, or name a variable"] });
  if (options.envKey !== undefined && options.login)
    throw new CfgError("usage", "a key comes from --env-key or from --login, not from both");
  const apis = at(WIRE_APIS, version);
  if (!apis.includes(options.wireApi)) {
    throw new CfgError("usage", `--wire-api takes ${apis.join(", ")} in Codex ${version}`, {
      hints: ["as in: --wire-api responses"],
    });
  }
  const { ops } = bringTable(home.snapshot.document("config"), id, tableFor(id, options), {
    replaces: () => options.overwrite,
    hints: [
      { note: "look at it", argv: argvOf("get", [renderKey(["model_providers", id])]) },
      "or replace it (the old table comes back with revert): the same command with --overwrite",
    ],
  });
  const plan = home.plan(ops, providerWarnings(id, options, version, host.env));
  await refuseBroken(home, plan, undefined);
  return settle(context, plan, { command: `provider add ${id}` });
}
