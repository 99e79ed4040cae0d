/** `codex-cfg revert [ID|preset]`: takes a change back, byte for byte or value by value. */
import type { Command } from "commander";
import type { Entry } from "../../change.ts";
import { fileName } from "../../codex/layout.ts";
import { CfgError } from "../../errors.ts";
import type { Home, Undo } from "../../home.ts";
import type { Context, Run } from "../context.ts";
import { conflictError, findEntry } from "../entries.ts";
import { pick } from "../pick.ts";
import { settle } from "../settle.ts";

type Options = {
  readonly all: boolean;
  readonly force: boolean;
  readonly skipConflicts: boolean;
  readonly purge: boolean;
};

export function register(program: Command, run: Run): void {
  program
    .command("revert")
    .summary("take a change back, even after others have written the file")
    .description(
      "Takes back the newest change, or the one named by id or preset. Files nobody has touched since get their exact bytes\n" +
        "back; in others only the values that codex-cfg set go back. Reverting a revert does the change again.",
    )
    .argument("[change]", "id from `codex-cfg history`, or the name of a preset")
    .option("--all", "take every change back, newest first, as one", false)
    .option("--skip-conflicts", "leave alone what somebody else has changed since", false)
    .option("--force", "bring the old values back over whatever is there now", false)
    .option("--purge", "remove a provider table even if chats need it to be resumed", false)
    .addHelpText("after", "\nExamples:\n  codex-cfg revert\n  codex-cfg revert http-sse --dry-run\n")
    .action((typed: string | undefined, options: Options) =>
      run(async (context) => {
        const { home, output } = context;
        if (typed !== undefined && options.all) throw new CfgError("usage", "name one change or say --all, not both");
        // A change that was interrupted is the newest one, but history does not know it yet.
        if (!context.globals.dryRun && home.pending().length > 0) home.recover();
        const name = typed === undefined && !options.all ? await askChange(context) : typed;
        if (name === null) return 1;
        const undo = options.all ? undoAll(home, options) : undoOne(home, name, options);
        if (undo === null) {
          output.say("nothing to revert");
          output.document("change", {
            command: "revert",
            codexHome: home.dir,
            codex: null,
            dryRun: context.globals.dryRun ?? false,
            changed: false,
            files: [],
            findings: [],
            entry: null,
          });
          return 0;
        }
        if (undo.conflicts.length > 0 && !options.skipConflicts)
          throw conflictError(undo, `codex-cfg revert${name === undefined ? "" : ` ${name}`}`);
        const skipped =
          undo.conflicts.length === 0
            ? []
            : [{ code: "conflicts-skipped", severity: "warning", args: { count: undo.conflicts.length } } as const];
        const plan = { ...undo.plan, findings: [...undo.plan.findings, ...skipped] };
        const kept = [...undo.kept, ...undo.conflicts].map(({ file, path }) => ({ file, path }));
        const ids = undo.entries.map(({ id }) => id);
        return settle(context, plan, {
          command: `revert ${ids.join(" ")}`,
          reverts: ids,
          ...(kept.length > 0 ? { kept } : {}),
        });
      }),
    );
}

/** The change that a person picks where several are in force; null when they would rather not. */
async function askChange(context: Context): Promise<string | undefined | null> {
  const { asks, home } = context;
  const entries = asks ? home.entries().filter((entry) => !entry.reverts && home.isLive(entry)) : [];
  if (entries.length < 2) return undefined;
  const choices = [...entries].reverse().map(({ command, files, id, time }) => ({
    value: id,
    label: `${time.slice(0, 10)}  ${command}`,
    about: files.map(({ file }) => fileName(file)).join(" "),
  }));
  const picked = await pick(context, "Take which change back?", choices, { several: false });
  return picked === null ? null : picked?.[0];
}

function undoAll(home: Home, options: Options): Undo | null {
  const entries = home.entries().filter((entry) => !entry.reverts && home.isLive(entry));
  return entries.length === 0 ? null : home.undo(entries, options);
}

/** Without a name: the newest change that still has something to take back. */
function undoOne(home: Home, name: string | undefined, options: Options): Undo | null {
  if (name !== undefined) {
    const entry = findEntry(home, name);
    return entry && isOpen(home, entry, options) ? home.undo([entry], options) : null;
  }
  for (const entry of [...home.entries()].reverse()) {
    if (entry.reverts || !isOpen(home, entry, options)) continue;
    const undo = home.undo([entry], options);
    if (undo.plan.changes.length > 0 || undo.conflicts.length > 0) return undo;
  }
  return null;
}

/** Still in force, or taken back but for what `--purge` is to remove now. */
function isOpen(home: Home, entry: Entry, { purge, force }: Options): boolean {
  return home.isLive(entry) || ((purge || force) && home.leftSomething(entry));
}
