/** `codex-cfg history`: what was done to this home, newest first. */
import type { Command } from "commander";
import { fileName } from "../../codex/file-role.ts";
import type { Run } from "../context.ts";
import { entryJson, pendingJson, stateWords } from "../json.ts";
import { damagedWords, newerWords } from "../output.ts";

export function register(program: Command, run: Run): void {
  program
    .command("history")
    .description(
      "Lists the changes that codex-cfg made to this home, newest first. The ids are for `show`, `diff` and `revert`.",
    )
    .addHelpText("after", "\nExample:\n  codex-cfg history\n")
    .action(() =>
      run(async ({ home, output }) => {
        const { damaged, newer } = home.history;
        const entries = [...home.history.entries].reverse();
        for (const entry of entries) {
          output.data(
            `${entry.id}  ${entry.time.slice(0, 19)}Z  ${entry.command}  ${[...new Set(entry.files.map(({ file }) => fileName(file)))].join(" ")}${stateWords(entry, home.history)}`,
          );
        }
        if (damaged.length > 0) output.say(damagedWords(damaged));
        if (newer.length > 0) output.say(newerWords(newer));
        if (entries.length + damaged.length + newer.length === 0) output.say("no changes yet");
        output.document("history", {
          codexHome: home.dir,
          entries: entries.map((entry) => entryJson(entry, home.history)),
          pending: pendingJson(home.pending()),
        });
        return 0;
      }),
    );
}
