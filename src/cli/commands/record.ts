/** `codex-cfg record`: keeps the state of now, for a shell hook, cron, or a hook of Codex itself. */
import type { Command } from "commander";
import type { Run } from "../context.ts";
import { entryJson } from "../json.ts";

export function register(program: Command, run: Run): void {
  program
    .command("record")
    .description(
      "Keeps what others did to config.toml and the profile files since somebody last looked, so that `history` shows it and\n" +
        "`restore` brings back what was lost. Says nothing; writes nothing where nothing has changed.",
    )
    .addHelpText("after", "\nExample:\n  codex-cfg record\n")
    .action(() =>
      run(async ({ globals, home, output }) => {
        if (!globals.dryRun) home.recover();
        const entry = home.record();
        output.document("record", { codexHome: home.dir, entry: entry && entryJson(entry, home.history) });
        return 0;
      }),
    );
}
