/** The end of a command that changes something, where there is nothing to change and no plan to show. */
import { interruptedChanges } from "../check/interrupted.ts";
import type { Context } from "./context.ts";
import { findingsJson } from "./json.ts";

export function nothingToDo({ globals, home, output }: Context, command: string, words: string): number {
  output.say(words);
  output.document("change", {
    command,
    codexHome: home.dir,
    codex: null,
    dryRun: globals.dryRun ?? false,
    changed: false,
    files: [],
    findings: findingsJson(interruptedChanges(home, "warning"), output),
    entry: null,
  });
  return 0;
}
