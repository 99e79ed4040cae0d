/** `codex-cfg auth-store`: where credentials live, and the change of it without locking anybody out. */
import type { Command } from "commander";
import type { Finding } from "../../findings/finding.ts";
import {
  CLI_STORE,
  checkStore,
  keyringState,
  loginVariables,
  MCP_STORE,
  storeState,
} from "../../machine/auth-store.ts";
import { readLogin } from "../../machine/login.ts";
import { CfgError } from "../../model/error.ts";
import type { Op } from "../../model/op.ts";
import type { Context, Run } from "../context.ts";
import { settle } from "../settle.ts";

type SetOptions = { readonly mcp?: string; readonly force: boolean };

export function register(program: Command, run: Run): void {
  const command = program
    .command("auth-store")
    .description(
      "Shows where Codex keeps its login and the logins of MCP servers, or changes it. Never reads a credential.",
    )
    .addHelpText("after", "\nExamples:\n  codex-cfg auth-store\n  codex-cfg auth-store set file\n");
  command
    .command("show", { isDefault: true })
    .description("Shows both settings, the kind of the stored login, and whether a keyring answers here.")
    .addHelpText("after", "\nExample:\n  codex-cfg auth-store\n")
    .action(() => run(async (context) => show(context)));
  command
    .command("set")
    .description("Changes where credentials live. They do not move: sign in again afterwards.")
    .argument("[store]", "file, keyring, auto or ephemeral")
    .option("--mcp <mcp-store>", "the same for the logins of MCP servers: auto, file or keyring")
    .option("--force", "choose the keyring although none answers here", false)
    .addHelpText("after", "\nExamples:\n  codex-cfg auth-store set file\n  codex-cfg auth-store set --mcp file\n")
    .action((store: string | undefined, options: SetOptions) =>
      run(async (context) => change(context, store, options)),
    );
}

function show({ home, host, output }: Context): number {
  const config = home.snapshot.document("config");
  const stores = [CLI_STORE, MCP_STORE].map((setting) => storeState(setting, config, home.codex.version));
  const { mode } = readLogin(host, home.dir);
  const variables = loginVariables(host);
  const keyring = keyringState(host, home.codex);
  for (const { key, set, since, value, values } of stores) {
    const origin = set ? "config.toml" : "default";
    const takes =
      values.length === 0 ? `not known before ${since}` : `takes ${values.join(", ")}; known since ${since}`;
    output.data(`${key.padEnd(27)}  ${value}  (${origin}; ${takes})`);
  }
  output.data(`${"auth.json".padEnd(27)}  ${mode === "none" ? "not there" : `there, auth_mode ${mode}`}`);
  output.data(
    `${"environment".padEnd(27)}  ${variables.length === 0 ? "none of its variables set" : `${variables.join(", ")} set`}`,
  );
  output.data(`${"keyring".padEnd(27)}  ${KEYRING[keyring]}`);
  output.document("auth-store", { codexHome: home.dir, stores, authMode: mode, variables, keyring });
  return 0;
}

const KEYRING = {
  reachable: "answers here",
  unreachable: "does not answer here",
  unknown: "cannot be told here",
} as const;

async function change(context: Context, store: string | undefined, { force, mcp }: SetOptions): Promise<number> {
  const { home, host } = context;
  if (store === undefined && mcp === undefined) {
    throw new CfgError("usage", "name a store, or --mcp and a store", {
      hints: [{ note: "as in", argv: ["auth-store", "set", "file"] }],
    });
  }
  const wanted = [
    ...checkStore(CLI_STORE, store, home.codex.version),
    ...checkStore(MCP_STORE, mcp, home.codex.version),
  ];
  const config = home.snapshot.document("config");
  const ops = wanted.flatMap(([setting, value]): Op[] =>
    storeState(setting, config, home.codex.version).value === value
      ? []
      : [{ op: "set", file: "config", path: [setting.key], value }],
  );
  if (
    ops.some((op) => op.op === "set" && op.value === "keyring") &&
    keyringState(host, home.codex) === "unreachable" &&
    !force
  ) {
    throw new CfgError(
      "invalid-config",
      "no keyring answers here, so Codex could neither store nor find a login; nothing was written",
      {
        hints: [
          { note: "let Codex fall back to the file", argv: ["auth-store", "set", "auto"] },
          "or choose it all the same with --force",
        ],
      },
    );
  }
  const next: Finding[] = ops.map((op) => ({
    code: "credentials-stay",
    severity: "info",
    args: { next: op.op === "set" && op.path[0] === MCP_STORE.key ? "codex mcp login NAME" : "codex login" },
  }));
  const words = [store, ...(mcp === undefined ? [] : ["--mcp", mcp])].filter((word) => word !== undefined);
  return settle(context, home.plan(ops, next), { command: `auth-store set ${words.join(" ")}` });
}
