/** `codex-cfg auth-store`: where credentials live, and the change of it without locking anybody out. */
import type { Command } from "commander";
import { type AuthStoreWish, authStore, setAuthStore } from "../../actions/auth-store.ts";
import { commitPlan } from "../commit-plan.ts";
import type { Context, Run } from "../context.ts";

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
    .action((store: string | undefined, options: Omit<AuthStoreWish, "store">) =>
      run.edit(async (context) => commitPlan(context, await setAuthStore(context.home, { store, ...options }))),
    );
}

async function show({ home, output }: Context): Promise<number> {
  const state = await authStore(home);
  const { authMode: mode, keyring, stores, variables } = state;
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
  output.document("auth-store", { codexHome: home.dir, ...state });
  return 0;
}

const KEYRING = {
  reachable: "answers here",
  unreachable: "does not answer here",
  unknown: "cannot be told here",
} as const;
