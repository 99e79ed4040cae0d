/** `codex-cfg status`: the home at one glance. */
import type { Command } from "commander";
import { status as statusOf } from "../../actions/status.ts";
import { interruptedChanges } from "../../check/interrupted.ts";
import { lossFinding } from "../../check/losses.ts";
import type { Context, Run } from "../context.ts";
import { codexJson, entryJson, findingsJson, pendingJson } from "../json.ts";
import { showStatus } from "../status-rows.ts";

export function register(program: Command, run: Run): void {
  program
    .command("status")
    .description(
      "Shows the home, the Codex it is edited for, the provider in use, profiles, MCP servers, where credentials live, the\n" +
        "changes in force and whether anybody has touched them since. Exit code 1 when config.toml cannot be read, or a change\n" +
        "was interrupted midway.",
    )
    .addHelpText("after", "\nExample:\n  codex-cfg status --json\n")
    .action(() => run.look(async (context) => status(context)));
}

function status({ home, output }: Context): number {
  const seen = statusOf(home);
  const { bisect, changes, chats, config, findings, lost, pending } = seen;
  showStatus(output, home, seen);
  output.findings(findings);
  output.document("status", {
    codexHome: home.dir,
    codex: codexJson(home.codex),
    ...config,
    chats,
    changes: changes.map(({ entry, drift }) => ({ ...entryJson(entry, true), drift })),
    bisect,
    lost: findingsJson(
      lost.map((loss) => lossFinding(loss, "warning")),
      output,
    ),
    pending: pendingJson(pending),
    findings: findingsJson(findings, output),
  });
  return config.problem === null && interruptedChanges(home, "warning").length === 0 ? 0 : 1;
}
