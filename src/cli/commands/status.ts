/** `codex-cfg status`: the home at one glance. */
import type { Command } from "commander";
import { health } from "../../actions/health.ts";
import { status as statusOf } from "../../actions/status.ts";
import { interruptedChanges } from "../../check/interrupted.ts";
import { lossFinding } from "../../check/losses.ts";
import type { Context, Run } from "../context.ts";
import { codexJson, entryJson, findingsJson, pendingJson } from "../json.ts";
import { showHealth, showStatus } from "../status-rows.ts";

export function register(program: Command, run: Run): void {
  program
    .command("status")
    .description(
      "Shows first whether Codex starts with the home; then the Codex it is edited for, the provider in use, profiles, MCP\n" +
        "servers, where credentials live, the changes in force and whether anybody has touched them since. Exit code 1 when\n" +
        "config.toml cannot be read, or a change was interrupted midway.",
    )
    .option("--exit-code", "exit code 1 as well when Codex does not start with the home", false)
    .addHelpText("after", "\nExample:\n  codex-cfg status --json\n")
    .action((options: { readonly exitCode: boolean }) => run.look(async (context) => status(context, options)));
}

async function status({ home, output }: Context, { exitCode }: { readonly exitCode: boolean }): Promise<number> {
  const fit = await health(home);
  const seen = statusOf(home);
  const { bisect, changes, chats, config, findings, lost, pending } = seen;
  showHealth(output, fit, seen);
  showStatus(output, home, seen);
  output.findings(findings);
  output.document("status", {
    codexHome: home.dir,
    codex: codexJson(home.codex),
    health: fit,
    ...config,
    chats,
    changes: changes.map(({ entry, drift }) => ({ ...entryJson(entry, home.history), drift })),
    bisect,
    lost: findingsJson(
      lost.map((loss) => lossFinding(loss, "warning")),
      output,
    ),
    pending: pendingJson(pending),
    findings: findingsJson(findings, output),
  });
  if (exitCode && !fit.loads) return 1;
  return config.problem === null && interruptedChanges(home, "warning").length === 0 ? 0 : 1;
}
