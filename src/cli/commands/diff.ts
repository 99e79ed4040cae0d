/** `codex-cfg diff [ID]`: what others have changed since a change was made. */
import type { Command } from "commander";
import { findEntry } from "../../actions/find-entry.ts";
import { diffOf } from "../../plan/diff.ts";
import type { Run } from "../context.ts";
import { entryWords } from "../entry-words.ts";

export function register(program: Command, run: Run): void {
  program
    .command("diff")
    .description(
      "Compares the files as a change left them with what they are now: what Codex, an editor or another tool has done since.",
    )
    .argument("[change]", "id from `codex-cfg history`, or the name of a preset; the newest one without")
    .option("--exit-code", "exit 1 when there are differences", false)
    .addHelpText("after", "\nExample:\n  codex-cfg diff http-sse --exit-code\n")
    .action((name: string | undefined, options: { readonly exitCode: boolean }) =>
      run.look(async ({ home, output }) => {
        const entry = findEntry(home.history, name);
        const changes = (entry ? home.history.images(entry) : []).flatMap(({ file, after }) => {
          const now = home.snapshot.text(file);
          return now === after ? [] : [{ file, before: after, after: now }];
        });
        const diffs = diffOf(changes, undefined, output.reveals);
        output.diffs(diffs);
        if (entry === null) output.say("no changes yet");
        else if (diffs.length === 0) output.say(`nothing has changed since ${entry.id} (${entryWords(entry)})`);
        output.document("diff", {
          codexHome: home.dir,
          since: entry?.id ?? null,
          changed: diffs.length > 0,
          files: diffs.map(({ file, action, text }) => ({ file, action, diff: text })),
        });
        return options.exitCode && diffs.length > 0 ? 1 : 0;
      }),
    );
}
