/** `codex-cfg status`: the home at one glance. */
import type { Command } from "commander";
import { status as statusOf } from "../../actions/status.ts";
import { fileName } from "../../codex/file-role.ts";
import type { Context, Run } from "../context.ts";
import { codexJson, entryJson } from "../json.ts";
import { showStatus } from "../status-rows.ts";

export function register(program: Command, run: Run): void {
  program
    .command("status")
    .description(
      "Shows the home, the Codex it is edited for, the provider in use, profiles, MCP servers, where credentials live, the\n" +
        "changes in force and whether anybody has touched them since. Exit code 1 when config.toml cannot be read.",
    )
    .addHelpText("after", "\nExample:\n  codex-cfg status --json\n")
    .action(() => run(async (context) => status(context)));
}

function status({ home, output }: Context): number {
  const seen = statusOf(home);
  const { bisect, changes, chats, config, pending } = seen;
  showStatus(output, home, seen);
  output.document("status", {
    codexHome: home.dir,
    codex: codexJson(home.codex),
    ...config,
    chats,
    changes: changes.map(({ entry, drift }) => ({ ...entryJson(entry, true), drift })),
    bisect,
    pending: pending.map(({ id, committed, damaged, newer, running, files }) => ({
      id,
      committed,
      damaged,
      newer,
      running,
      files: files.map(fileName),
    })),
  });
  return config.problem === null ? 0 : 1;
}
