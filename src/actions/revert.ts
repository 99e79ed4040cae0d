/**
 * Takes changes back: byte for byte where nobody else has written since, else value by value. Decides what can be taken
 * back and what is a conflict; does not know how a change is inverted.
 */
import { repairs, restoredFinding } from "../check/losses.ts";
import { fileName } from "../codex/file-role.ts";
import type { Finding } from "../findings/finding.ts";
import type { Home } from "../home.ts";
import { countChats } from "../machine/chats.ts";
import {
  type Change,
  type Entry,
  isRelated,
  isRevert,
  type KeyPlace,
  type Touch,
  touchesPlace,
} from "../model/change.ts";
import { CfgError } from "../model/error.ts";
import { type Again, argvOf } from "../model/hint.ts";
import type { FileRole, Op } from "../model/op.ts";
import { checkCall, type Kinds } from "../model/wish.ts";
import { type Conflict, invert } from "../plan/invert.ts";
import { applySteps, type Plan, type Purpose } from "../plan/plan.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import { documentOf } from "../toml/document.ts";
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
 * committed, too: the entry then counts as taken back. An entry counts as taken back only as far as it is: what is skipped
 * can be taken back later. Throws `unknown-name`, `newer-state` when the name may fit a
 * change that a newer codex-cfg made, and `conflict` when somebody else has changed something since, unless that is skipped
 * or forced.
 */
export async function revert(home: Home, wish: RevertWish = {}): Promise<Plan | null> {
  checkCall("revert", home, wish, WISH);
  home.readAnyBytes();
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
  { again, command, ...options }: RevertOptions & Command & { readonly command: string },
  findings: readonly Finding[] = [],
): Promise<Plan> {
  return planUndo(home, undoEntries(home, entries, options), { ...options, again, command }, findings);
}

/** What a plan is made for. */
type Command = {
  /** The command that was given, for hints that repeat it with one more option. */
  readonly again: Again;
  readonly command?: string;
  /** The entries count as taken back as a whole, whatever of them is left in place. */
  readonly isOver?: boolean;
};

/** The ops that take entries back, and what is in their way. */
type Undo = {
  readonly entries: readonly Entry[];
  /** Those of which something is as it was before by now. */
  readonly reverts: readonly string[];
  /** Newest entry first; each step counts from what the one before leaves. */
  readonly steps: readonly (readonly Op[])[];
  /** Conflicts; `by` is the later entry that touched the same path, null when another program did. */
  readonly conflicts: readonly (Conflict & { readonly by: string | null })[];
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
    return entry && history.isActive(entry) ? undoEntries(home, [entry], options) : null;
  }
  for (const entry of [...history.entries].reverse()) {
    if (isRevert(entry) || !history.isActive(entry)) continue;
    const undo = undoEntries(home, [entry], options);
    const { changes } = applySteps(undo.steps, home.snapshot);
    // What was left in place once, and is still in the way, is to be named to be taken back.
    if (changes.length === 0 && (undo.conflicts.length === 0 || history.left(entry))) continue;
    history.refuseNewer((id) => id > entry.id);
    return undo;
  }
  history.refuseNewer(() => true);
  return null;
}

function undoEntries(home: Home, entries: readonly Entry[], { force = false, purge = false }: RevertOptions): Undo {
  const { history } = home;
  const repaired = repairs(home, filesAmiss(home, entries));
  const steps: (readonly Op[])[] = repaired.flatMap(({ recovered }) => recovered.steps);
  const findings: Finding[] = repaired.map(restoredFinding);
  const conflicts = new Map<string, Undo["conflicts"][number]>();
  const kept: KeyPlace[] = [];
  const reverts: string[] = [];
  const going = new Set(entries.map(({ id }) => id));
  let files = applySteps(steps, home.snapshot).after;
  for (const entry of [...entries].sort((a, b) => (a.id < b.id ? 1 : -1))) {
    const needed = purge ? [] : neededByChats(home, entry);
    findings.push(...needed.filter(({ args: { id } }) => !findings.some((one) => isAbout(one, id))));
    const options = {
      force,
      only: history.left(entry) ?? undefined,
      keep: needed.map(({ args: { id } }) => ({ file: "config", path: ["model_providers", id] }) as const),
      later: imagesOf(home, (one) => one.id > entry.id && history.isActive(one) && !going.has(one.id)),
    };
    for (const images of layersOf(home, entry)) {
      const step = invert(images, files, options);
      steps.push(step.ops);
      if (step.isBack && !reverts.includes(entry.id)) reverts.push(entry.id);
      files = applySteps([step.ops], files).after;
      for (const conflict of step.conflicts) {
        const place = `${conflict.file} ${renderKey(conflict.path)}`;
        // Where several entries touched a path, the newest one decides which later entry changed it.
        if (!conflicts.has(place)) conflicts.set(place, { ...conflict, by: laterEntry(home, entry, conflict) });
      }
      kept.push(...step.kept);
    }
  }
  if (conflicts.size + kept.length === 0) steps.push(exactBytes(home, reverts, files));
  return { entries, reverts: reverts.reverse(), steps, conflicts: [...conflicts.values()], kept, findings };
}

/** What to take back of an entry, one after the other: of merged changes each by itself, the newest first. */
function layersOf(home: Home, entry: Entry): readonly (readonly Change[])[] {
  if (!entry.merged) return [imagesToday(home, entry)];
  return [...home.history.images(entry)].reverse().map((image) => [image]);
}

/**
 * The images of an entry as they would be had nobody ever made what was taken back after it: what an older change had
 * brought does not come back with a newer one.
 */
function imagesToday({ history, snapshot }: Home, entry: Entry): readonly Change[] {
  const images = history.images(entry);
  const gone = history.takenBackSince(entry);
  if (gone.length === 0) return images;
  const today = (side: Snapshot) =>
    gone.reduce((files, other) => {
      const left = history.left(other);
      const only = left ? other.touched.filter((place) => !touchesPlace(left, place)) : undefined;
      const about = history.imagesLeft(other).filter(({ file }) => images.some((image) => image.file === file));
      return applySteps([invert(about, files, { only }).ops], files).after;
    }, side);
  const [before, after] = [today(snapshot.before(images)), today(snapshot.after(images))];
  return images.map(({ file }) => ({ file, before: before.text(file), after: after.text(file) }));
}

/**
 * Gives each file the very bytes it had, where all that was done to it since then is taken back and nobody else has written
 * it: so blank lines, which belong to nobody, come back as well.
 */
function exactBytes({ history, snapshot }: Home, reverts: readonly string[], after: Snapshot): readonly Op[] {
  const touched = history.entries.filter(({ id }) => reverts.includes(id)).flatMap(({ files }) => files);
  return [...new Set(touched.map(({ file }) => file))].flatMap((file): Op[] => {
    const first = history.sameAs(file, reverts);
    const [old, newest] = [first, history.entries.findLast(({ files }) => files.some((one) => one.file === file))].map(
      (entry) => entry && history.imagesLeft(entry).find((image) => image.file === file),
    );
    if (!old || newest?.after !== snapshot.text(file) || old.before === after.text(file)) return [];
    return [{ op: "write", file, text: old.before, image: true }];
  });
}

/** The files of entries that hold what none of these left there; they may be broken since. */
function filesAmiss({ history, snapshot }: Home, entries: readonly Entry[]): readonly FileRole[] {
  return entries.flatMap((entry) =>
    history.imagesLeft(entry).flatMap(({ after, before, file }) => {
      const now = snapshot.text(file);
      return now === after || now === before ? [] : [file];
    }),
  );
}

/** The images of some entries, read only when asked for. */
function imagesOf({ history }: Home, isWanted: (entry: Entry) => boolean): Iterable<readonly Change[]> {
  return {
    *[Symbol.iterator]() {
      for (const entry of history.entries.filter(isWanted)) yield history.imagesLeft(entry);
    },
  };
}

/** The newest entry after this one that touched a path, by id; null when no entry did. */
function laterEntry({ history }: Home, { id }: Entry, { file, path }: KeyPlace): string | null {
  const later = history.entries.filter((entry) => entry.id > id);
  const found = later.findLast(({ touched }) =>
    touched.some((touch) => touch.file === file && isRelated(touch.path, path)),
  );
  return found?.id ?? null;
}

type Kept = Extract<Finding, { code: "provider-kept" }>;

/** How many chats are counted; the exact number beyond that decides nothing. */
const MOST_CHATS = 100;

/** The provider tables that an entry added and that chats need to be resumed. */
function neededByChats({ dir, history, host, snapshot }: Home, entry: Entry): Kept[] {
  const isOfProvider = ({ file, kind, path }: Touch) =>
    kind === "added" && file === "config" && path[0] === "model_providers" && path.length > 1;
  const ids = [...new Set(entry.touched.filter(isOfProvider).map(({ path }) => String(path[1])))];
  const before = ids.length > 0 ? history.images(entry).find(({ file }) => file === "config")?.before : null;
  return ids.flatMap((id): Kept[] => {
    const path = ["model_providers", id];
    if (snapshot.readable("config")?.get(path) === undefined || documentOf(before ?? "")?.get(path) !== undefined)
      return [];
    const chats = countChats(host, dir, id, MOST_CHATS);
    const args = { id, chats, more: chats === MOST_CHATS, entry: entry.id };
    return chats === 0 ? [] : [{ code: "provider-kept", severity: "warning", file: "config", path, args }];
  });
}

function isAbout({ args, code }: Finding, id: string): boolean {
  return code === "provider-kept" && args.id === id;
}

async function planUndo(
  home: Home,
  undo: Undo,
  { again, command, isOver = false, skipConflicts = false }: RevertOptions & Command,
  more: readonly Finding[] = [],
): Promise<Plan> {
  const { conflicts, entries, reverts, steps } = undo;
  if (conflicts.length > 0 && !skipConflicts) throw conflictError(undo, again);
  const skipped: Finding[] =
    conflicts.length === 0
      ? []
      : [{ code: "conflicts-skipped", severity: "warning", args: { count: conflicts.length } }];
  const kept = isOver ? [] : [...undo.kept, ...conflicts].map(({ file, path }) => ({ file, path }));
  const back = isOver ? entries.map(({ id }) => id) : reverts;
  const purpose: Purpose = {
    command: command ?? `revert ${entries.map(({ id }) => id).join(" ")}`,
    ...(back.length > 0 ? { reverts: back } : {}),
    ...(kept.length > 0 ? { kept } : {}),
  };
  // A revert may bring back a config that Codex refuses: it was there before.
  const findings = [...undo.findings, ...skipped, ...more];
  return home.plan({ ...purpose, findings, mayBreak: "any-start" }, ...steps);
}

function conflictError({ conflicts, entries }: Undo, again: Again): CfgError {
  const later = conflicts.find(({ by }) => by !== null && !entries.some(({ id }) => id === by))?.by;
  const names = conflicts.map(({ by, file, loners, path }) => {
    const key = renderKey(loners?.needed ?? path) || "(the whole file)";
    const beside = loners ? ` (${loners.beside.map(renderKey).join(", ")} cannot stand without it)` : "";
    return `${fileName(file)} ${key}${beside}${by ? ` (by ${by})` : ""}`;
  });
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
