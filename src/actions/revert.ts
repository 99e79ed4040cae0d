/**
 * Takes changes back: byte for byte where nobody else has written since, else value by value. Decides what can be taken
 * back and what is a conflict; does not know how a change is inverted.
 */
import { fileName } from "../codex/file-role.ts";
import type { Finding } from "../findings/finding.ts";
import type { Home } from "../home.ts";
import { countChats } from "../machine/chats.ts";
import { type Change, type Entry, isRevert } from "../model/change.ts";
import { CfgError } from "../model/error.ts";
import { type Again, argvOf } from "../model/hint.ts";
import type { Op } from "../model/op.ts";
import { checkCall, type Kinds } from "../model/wish.ts";
import { invert, type KeyPlace } from "../plan/invert.ts";
import { applySteps, type Plan, type Purpose } from "../plan/plan.ts";
import { renderKey } from "../toml/value.ts";
import { findEntry, isNamed } from "./find-entry.ts";

/** How changes are to be taken back. */
export type RevertOptions = {
  /** Bring the old values back over whatever is there now. */
  readonly force?: boolean | undefined;
  /** Leave alone what somebody else has changed since. */
  readonly skipConflicts?: boolean | undefined;
  /** Remove a provider table even if chats need it to be resumed. */
  readonly purge?: boolean | undefined;
};

/** What to take back: one change by id, the start of an id or a preset's name, all of them, or the newest. */
export type RevertWish = RevertOptions & {
  readonly change?: string | undefined;
  readonly all?: boolean | undefined;
};

const WISH: Kinds<RevertWish> = {
  change: "text?",
  all: "flag?",
  force: "flag?",
  skipConflicts: "flag?",
  purge: "flag?",
};

/**
 * The plan that takes one change back, or all; null when there is nothing to take back. A plan without changes has to be
 * committed, too: the entry then counts as taken back. Throws `unknown-name`, `newer-state` when the name may fit a
 * change that a newer codex-cfg made, and `conflict` when somebody else has changed something since, unless that is skipped
 * or forced.
 */
export async function revert(home: Home, wish: RevertWish = {}): Promise<Plan | null> {
  checkCall("revert", home, wish, WISH);
  const { all = false, change, ...options } = wish;
  if (change !== undefined && all) throw new CfgError("usage", "name one change or say --all, not both");
  const again: Again = (...more) =>
    argvOf("revert", change === undefined ? [] : [change], all ? ["--all", ...more] : more);
  const undo = all ? undoAll(home, options) : undoOne(home, change, options);
  return undo && planUndo(home, undo, { ...options, again });
}

/**
 * The revert that recovery has just completed, where a wish asks for it again: taking back the next change, too, would be
 * one too many.
 */
export function revertJustMade({ completed, history }: Home, { all = false, change }: RevertWish): Entry | null {
  const made = completed.findLast(isRevert);
  if (made === undefined || all) return null;
  const isMeant = ({ id, preset }: Entry) => change === undefined || preset === change || isNamed(id, change);
  return history.entries.some((entry) => made.reverts?.includes(entry.id) && isMeant(entry)) ? made : null;
}

/** The plan that takes all of these entries back as one, for a command that made them. Throws `conflict`. */
export async function revertEntries(
  home: Home,
  entries: readonly Entry[],
  { again, command, ...options }: RevertOptions & { readonly again: Again; readonly command: string },
  findings: readonly Finding[] = [],
): Promise<Plan> {
  return planUndo(home, undoEntries(home, entries, options), { ...options, again, command }, findings);
}

/** The ops that take entries back, and what is in their way. */
type Undo = {
  readonly entries: readonly Entry[];
  /** Newest entry first; each step counts from what the one before leaves. */
  readonly steps: readonly (readonly Op[])[];
  /** Conflicts; `by` is the later entry that touched the same path, null when another program did. */
  readonly conflicts: readonly (KeyPlace & { readonly by: string | null })[];
  readonly kept: readonly KeyPlace[];
  readonly findings: readonly Finding[];
};

function undoAll(home: Home, options: RevertOptions): Undo | null {
  home.history.refuseNewer(() => true);
  const changes = home.history.activeChanges;
  // A profile in use took the place of others: without any of them config.toml is as before the first.
  const uses = new Set(changes.flatMap(({ reverts = [] }) => reverts));
  const entries = home.history.entries.filter((entry) => changes.includes(entry) || (uses.has(entry.id) && entry.use));
  return entries.length === 0 ? null : undoEntries(home, entries, options);
}

function undoOne(home: Home, name: string | undefined, options: RevertOptions): Undo | null {
  const { history } = home;
  if (name !== undefined) {
    const entry = findEntry(history, name);
    return entry && isOpen(home, entry, options) ? undoEntries(home, [entry], options) : null;
  }
  for (const entry of [...history.entries].reverse()) {
    if (isRevert(entry) || !isOpen(home, entry, options)) continue;
    const undo = undoEntries(home, [entry], options);
    const { changes } = applySteps(undo.steps, home.snapshot);
    if (changes.length === 0 && undo.conflicts.length === 0) continue;
    history.refuseNewer((id) => id > entry.id);
    return undo;
  }
  history.refuseNewer(() => true);
  return null;
}

/**
 * Whether there is something to take back: the entry is active, or left something that `purge` or `force` removes now.
 */
function isOpen({ history }: Home, entry: Entry, { force = false, purge = false }: RevertOptions): boolean {
  return history.isActive(entry) || ((purge || force) && history.hasKept(entry));
}

function undoEntries(home: Home, entries: readonly Entry[], { force = false, purge = false }: RevertOptions): Undo {
  const { history } = home;
  const steps: (readonly Op[])[] = [];
  const findings: Finding[] = [];
  const conflicts = new Map<string, Undo["conflicts"][number]>();
  const kept: KeyPlace[] = [];
  let files = home.snapshot;
  for (const entry of [...entries].sort((a, b) => (a.id < b.id ? 1 : -1))) {
    const needed = purge ? [] : neededByChats(home, entry);
    findings.push(...needed.filter(({ args: { id } }) => !findings.some((one) => isAbout(one, id))));
    const step = invert(history.images(entry), files, {
      force,
      keep: needed.map(({ args: { id } }) => ({ file: "config", path: ["model_providers", id] })),
      later: imagesAfter(home, entry, entries),
    });
    steps.push(step.ops);
    files = applySteps([step.ops], files).after;
    for (const conflict of step.conflicts) {
      const place = `${conflict.file} ${renderKey(conflict.path)}`;
      // Where several entries touched a path, the newest one decides which later entry changed it.
      if (!conflicts.has(place)) conflicts.set(place, { ...conflict, by: laterEntry(home, entry, conflict) });
    }
    kept.push(...step.kept);
  }
  return { entries, steps, conflicts: [...conflicts.values()], kept, findings };
}

/** The images of the active entries that came after one and stay, read only when asked for. */
function imagesAfter({ history }: Home, { id }: Entry, leaving: readonly Entry[]): Iterable<readonly Change[]> {
  const later = history.active.filter((one) => one.id > id && !leaving.some((other) => other.id === one.id));
  return {
    *[Symbol.iterator]() {
      for (const entry of later) yield history.imagesLeft(entry);
    },
  };
}

/** The newest entry after this one that touched a path, by id; null when no entry did. */
function laterEntry({ history }: Home, { id }: Entry, { file, path }: KeyPlace): string | null {
  const name = renderKey(path);
  const related = (other: string) => other === name || other.startsWith(`${name}.`) || name.startsWith(`${other}.`);
  const later = history.entries.filter((entry) => entry.id > id);
  const found = later.findLast(({ touched }) =>
    touched.some((touch) => touch.file === file && (path.length === 0 || related(renderKey(touch.path)))),
  );
  return found?.id ?? null;
}

type Kept = Extract<Finding, { code: "provider-kept" }>;

/** How many chats are counted; the exact number beyond that decides nothing. */
const MOST_CHATS = 100;

/** The provider tables that an entry added and that chats need to be resumed. */
function neededByChats({ dir, host, snapshot }: Home, entry: Entry): Kept[] {
  return entry.touched.flatMap(({ file, kind, path }): Kept[] => {
    const [group, id, ...rest] = path;
    if (kind !== "added" || file !== "config" || group !== "model_providers" || typeof id !== "string") return [];
    if (rest.length > 0 || snapshot.readable("config")?.get(path) === undefined) return [];
    const chats = countChats(host, dir, id, MOST_CHATS);
    const args = { id, chats, more: chats === MOST_CHATS, entry: entry.id };
    return chats === 0 ? [] : [{ code: "provider-kept", severity: "warning", file, path, args }];
  });
}

function isAbout({ args, code }: Finding, id: string): boolean {
  return code === "provider-kept" && args.id === id;
}

/** `again` is the command that was given, for hints that repeat it with one more option. */
async function planUndo(
  home: Home,
  undo: Undo,
  { again, command, skipConflicts = false }: RevertOptions & { readonly again: Again; readonly command?: string },
  more: readonly Finding[] = [],
): Promise<Plan> {
  const { conflicts, entries, steps } = undo;
  if (conflicts.length > 0 && !skipConflicts) throw conflictError(undo, again);
  const skipped: Finding[] =
    conflicts.length === 0
      ? []
      : [{ code: "conflicts-skipped", severity: "warning", args: { count: conflicts.length } }];
  const kept = [...undo.kept, ...conflicts].map(({ file, path }) => ({ file, path }));
  const reverts = entries.map(({ id }) => id);
  const purpose: Purpose = {
    command: command ?? `revert ${reverts.join(" ")}`,
    reverts,
    ...(kept.length > 0 ? { kept } : {}),
  };
  // A revert may bring back a config that Codex refuses: it was there before.
  const findings = [...undo.findings, ...skipped, ...more];
  return home.plan({ ...purpose, findings, mayBreak: "any-start" }, ...steps);
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
