/** `codex-cfg history`: what was done to this home, newest first. */
import type { Command } from "commander";
import { fileName } from "../../codex/file-role.ts";
import type { Run } from "../context.ts";
import { entryWords } from "../entry-words.ts";
import { entryJson, pendingJson } from "../json.ts";
import { damagedWords, newerWords } from "../output.ts";

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
        const { damaged, newer } = home.history;
        const entries = [...home.history.all].reverse();
        for (const entry of entries) {
          const state = home.history.isActive(entry) ? "" : "   (taken back)";
          const files = entry.files.map(({ file }) => fileName(file)).join(" ");
          output.data(`${entry.id}  ${entry.time.slice(0, 19)}Z  ${entryWords(entry)}  ${files}${state}`);
        }
        if (damaged.length > 0) output.say(damagedWords(damaged));
        if (newer.length > 0) output.say(newerWords(newer));
        if (entries.length + damaged.length + newer.length === 0) output.say("no changes yet");
        output.document("history", {
          codexHome: home.dir,
          entries: entries.map((entry) => entryJson(entry, home.history.isActive(entry))),
          pending: pendingJson(home.pending()),
        });
        return 0;
      }),
    );
}
