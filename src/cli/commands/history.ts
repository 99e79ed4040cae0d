/** `codex-cfg history`: what was done to this home, newest first. */
import type { Command } from "commander";
import { fileName } from "../../codex/file-role.ts";
import type { Run } from "../context.ts";
import { entryWords } from "../entry-words.ts";
import { entryJson, pendingJson, stateWords } from "../json.ts";
import { damagedWords, newerWords, outsideDamagedWords } from "../output.ts";

export function register(program: Command, run: Run): void {
  program
    .command("history")
    .description(
      "Lists what codex-cfg did to this home, and what others did (Codex, an editor, a crash), newest first. The ids are for\n" +
        "`show`, `diff`, `revert` and `restore`.",
    )
    .addHelpText("after", "\nExample:\n  codex-cfg history\n")
    .action(() =>
      run.look(async ({ home, output }) => {
        const { damaged, newer, outsideDamaged } = home.history;
        const entries = [...home.history.all].reverse();
        const lines = entries.map((entry) => {
          const files = [...new Set(entry.files.map(({ file }) => fileName(file)))].join(" ");
          const state = stateWords(entry, home.history);
          return `${entry.id}  ${entry.time.slice(0, 19)}Z  ${entryWords(entry)}  ${files}${state}`;
        });
        if (lines.length > 0) output.data(lines.join("\n"));
        if (damaged.length > 0) output.say(damagedWords(damaged));
        if (newer.length > 0) output.say(newerWords(newer));
        if (outsideDamaged > 0) output.say(outsideDamagedWords(outsideDamaged));
        if (entries.length + damaged.length + newer.length === 0) output.say("no changes yet");
        if (!output.json) return 0;
        output.document("history", {
          codexHome: home.dir,
          entries: entries.map((entry) => entryJson(entry, home.history)),
          pending: pendingJson(home.pending()),
        });
        return 0;
      }),
    );
}
