/**
 * Finds the entry of history that a person means: an id or the start of one, a preset's name, or nothing for the newest;
 * and what taking it back comes to, or why it cannot be taken back.
 */

import type { Context } from "../cli/context.ts";
import { pick } from "../cli/pick.ts";
import { fileName } from "../codex/layout.ts";
import type { Finding } from "../findings/finding.ts";
import type { Home, Undo, UndoOptions } from "../home.ts";
import type { Entry } from "../model/change.ts";
import { CfgError } from "../model/error.ts";
import type { Again } from "../model/hint.ts";
import { plural } from "../text/plural.ts";
import { renderKey } from "../toml/value.ts";

/** The entry named, or the newest change that still counts; null when the history is empty. Throws `unknown-name`. */
export function findEntry(home: Home, name: string | undefined): Entry | null {
  const entries = home.entries();
  if (name === undefined) return home.inForce().at(-1) ?? entries.at(-1) ?? null;
  const byPreset = entries.filter(({ preset }) => preset === name);
  const byId = entries.filter(({ id }) => id === name || (name.length >= 4 && id.startsWith(name)));
  const found =
    byPreset.findLast((entry) => home.isLive(entry)) ?? byPreset.at(-1) ?? (byId.length === 1 ? byId[0] : undefined);
  if (found) return found;
  const reason =
    byId.length > 1 ? `${byId.length} entries begin with ${name}` : `no entry or applied preset is called ${name}`;
  throw new CfgError("unknown-name", reason, { hints: [{ note: "see them all", argv: ["history"] }] });
}

/** The change that a person picks where several are in force; undefined where nobody is asked, null for none. */
export async function askChange(context: Context): Promise<string | undefined | null> {
  const entries = context.asks ? context.home.inForce() : [];
  if (entries.length < 2) return undefined;
  const choices = [...entries].reverse().map(({ command, files, id, time }) => ({
    value: id,
    label: `${time.slice(0, 10)}  ${command}`,
    about: files.map(({ file }) => fileName(file)).join(" "),
  }));
  const picked = await pick(context, "Take which change back?", choices, { several: false });
  return picked === null ? null : picked?.[0];
}

/** What taking every change back would do; null when none is in force. */
export function undoAll(home: Home, options: UndoOptions): Undo | null {
  const entries = home.inForce();
  return entries.length === 0 ? null : home.undo(entries, options);
}

/**
 * What taking the entry back would do that is named, or the newest change that has something to take back; null when
 * there is none, or it is taken back already. Throws `unknown-name`.
 */
export function undoOne(home: Home, name: string | undefined, options: UndoOptions): Undo | null {
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

/**
 * An undo as a plan, and what history is to remember of it. Throws `conflict` when others have changed something since,
 * unless that is skipped; `again` is how to ask for it with an option more.
 */
export function planUndo(undo: Undo, again: Again, skipConflicts: boolean) {
  const { conflicts, entries, plan } = undo;
  if (conflicts.length > 0 && !skipConflicts) throw conflictError(undo, again);
  const skipped: Finding[] =
    conflicts.length === 0
      ? []
      : [{ code: "conflicts-skipped", severity: "warning", args: { count: conflicts.length } }];
  const kept = [...undo.kept, ...conflicts].map(({ file, path }) => ({ file, path }));
  const reverts = entries.map(({ id }) => id);
  return {
    plan: { ...plan, findings: [...plan.findings, ...skipped] },
    label: { reverts, ...(kept.length > 0 ? { kept } : {}) },
  };
}

/** Still in force, or taken back but for what `--purge` or `--force` is to remove now. */
function isOpen(home: Home, entry: Entry, { purge, force }: UndoOptions): boolean {
  return home.isLive(entry) || ((purge || force) === true && home.leftSomething(entry));
}

function conflictError({ conflicts, entries }: Undo, again: Again): CfgError {
  const later = conflicts.find(({ by }) => by !== null && !entries.some(({ id }) => id === by))?.by;
  const names = conflicts.map(
    ({ file, path, by }) =>
      `${fileName(file)} ${path.length === 0 ? "(the whole file)" : renderKey(path)}${by ? ` (by ${by})` : ""}`,
  );
  return new CfgError("conflict", `changed by somebody else since, so nothing was written: ${names.join(", ")}`, {
    hints: [
      ...(later
        ? [
            { note: "take the later change back first", argv: ["revert", later] },
            { note: "or all of them", argv: ["revert", "--all"] },
          ]
        : []),
      { note: "take the rest back and leave these", argv: again("--skip-conflicts") },
      { note: "bring the old values back over them", argv: again("--force") },
    ],
  });
}

/** What is left to say of entries that cannot be read. */
export function damagedWords({ damaged }: Home): string {
  return `${plural(damaged.length, "entry", "entries")} of the history cannot be read, and cannot be taken back: ${damaged.join(", ")}`;
}
