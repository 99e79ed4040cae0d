/** `codex-cfg show ID`: what one change did, as it was made. */
import type { Command } from "commander";
import { findEntry } from "../../actions/find-entry.ts";
import { diffOf } from "../../plan/diff.ts";
import type { Run } from "../context.ts";
import { entryWords } from "../entry-words.ts";
import { entryJson, stateWords } from "../json.ts";

export function register(program: Command, run: Run): void {
  program
    .command("show")
    .description("Shows one change as it was made: when, by which command, and its diff with secrets masked.")
    .argument("[change]", "id from `codex-cfg history`, or the name of a preset; the newest one without")
    .addHelpText("after", "\nExample:\n  codex-cfg show http-sse\n")
    .action((name: string | undefined) =>
      run.look(async ({ home, output }) => {
        const entry = findEntry(home.history, name);
        if (entry === null) {
          output.say("no changes yet");
          output.document("show", { codexHome: home.dir, entry: null, files: [] });
          return 1;
        }
        const diffs = diffOf(home.history.images(entry), undefined, output.reveals);
        output.say(`${entry.id}  ${entry.time}  ${entryWords(entry)}${stateWords(entry, home.history)}`, "bold");
        output.diffs(diffs);
        output.document("show", {
          codexHome: home.dir,
          entry: entryJson(entry, home.history),
          files: diffs.map(({ file, action, text }) => ({ file, action, diff: text })),
        });
        return 0;
      }),
    );
}
