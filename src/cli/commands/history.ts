/** `codex-cfg history`: what was done to this home, newest first. */
import type { Command } from "commander";
import { damagedWords } from "../../actions/revert.ts";
import { fileName } from "../../codex/layout.ts";
import type { Run } from "../context.ts";
import { entryJson } from "../json.ts";

export function register(program: Command, run: Run): void {
  program
    .command("history")
    .description(
      "Lists the changes that codex-cfg made to this home, newest first. The ids are for `show`, `diff` and `revert`.",
    )
    .addHelpText("after", "\nExample:\n  codex-cfg history\n")
    .action(() =>
      run(async ({ home, output }) => {
        const entries = [...home.entries()].reverse();
        for (const entry of entries) {
          const state = home.isLive(entry) ? "" : "   (taken back)";
          output.data(
            `${entry.id}  ${entry.time.slice(0, 19)}Z  ${entry.command}  ${entry.files.map(({ file }) => fileName(file)).join(" ")}${state}`,
          );
        }
        if (home.damaged.length > 0) output.say(damagedWords(home));
        else if (entries.length === 0) output.say("no changes yet");
        output.document("history", {
          codexHome: home.dir,
          entries: entries.map((entry) => entryJson(entry, home.isLive(entry))),
        });
        return 0;
      }),
    );
}
