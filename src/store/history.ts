/**
 * What was done, newest last, with the images to take it back. Reads strictly and only what is asked for; keeps itself
 * small. Never writes a record: that is the journal's move.
 */
import { join } from "node:path";
import { activeOf, type Change, type Entry, inForceOf } from "../model/change.ts";
import { CfgError } from "../model/error.ts";
import type { FileRole } from "../model/op.ts";
import { decodeAny } from "./any-bytes.ts";
import { doubtOf } from "./doubt.ts";
import { newerState } from "./format.ts";
import { bestEffort } from "./io-errors.ts";
import { idsIn, isNewer, readImage, readRecord } from "./journal.ts";
import { outsideEntries, outsideImages, readLog } from "./keep.ts";
import { mergeOldest, removeEntry } from "./merge.ts";
import type { OutsideLog } from "./outside-log.ts";
import { hasState, type StorePaths } from "./paths.ts";
import { noteAsPruned } from "./pruned.ts";
import { ID, type Step, type TxRecord, timeOf, toEntry } from "./record.ts";
import type { Known } from "./stable-read.ts";

/** What was done, oldest first, and the ids of entries that say nothing here. */
export type History = {
  readonly entries: readonly Entry[];
  /** Their record cannot be read. */
  readonly damaged: readonly string[];
  /** A newer codex-cfg wrote them, in a format that only such a one understands. */
  readonly newer: readonly string[];
  /** What others did, oldest first. */
  readonly outside: readonly Entry[];
  /** How much of that cannot be read. */
  readonly outsideDamaged: number;
};

export function readHistory(paths: StorePaths): History {
  const { disk } = paths.host;
  const entries: Entry[] = [];
  const damaged: string[] = [];
  const newer: string[] = [];
  for (const id of idsIn(disk, paths.history)) {
    const record = recordOf(paths, id);
    if (record !== null) entries.push(toEntry(record));
    else (isNewer(disk, join(paths.history, id)) ? newer : damaged).push(id);
  }
  // A crash may have left some that are merged into another one already.
  const merged = new Set(entries.flatMap((entry) => entry.merged ?? []));
  const others = outsideEntries(paths);
  const kept = entries.filter(({ id }) => !merged.has(id));
  return { entries: kept, damaged, newer, outside: others.entries, outsideDamaged: others.damaged };
}

/** The texts of an entry, each proved by its digest. */
export function readImages(paths: StorePaths, id: string, log?: OutsideLog): readonly Change[] {
  const others = ID.test(id) ? outsideImages(paths, id, log) : null;
  if (others !== null) return others;
  if (!ID.test(id) || !idsIn(paths.host.disk, paths.history).includes(id))
    throw new CfgError("unknown-name", `there is no entry ${JSON.stringify(id)} in the history`, {
      hints: [
        `Changes in force are kept; of all others the newest ${KEEP} of the last ${DAYS} days, up to ${MAX_BYTES / MIB} MiB.`,
        { note: "See them", argv: ["history"] },
      ],
    });
  const record = recordOf(paths, id);
  const dir = join(paths.history, id);
  if (record === null && isNewer(paths.host.disk, dir)) throw newerState(`the entry ${id}`, dir);
  if (record === null) throw new CfgError("damaged-journal", "this entry's record cannot be read", { path: dir });
  return record.files.map((step, i) => ({
    file: step.file,
    before: imageText(paths, dir, step, i, "before"),
    after: imageText(paths, dir, step, i, "after"),
  }));
}

/** True when one of the newest entries left this file with exactly these bytes. */
function isOurs(paths: StorePaths, file: FileRole, digest: string): boolean {
  const newest = idsIn(paths.host.disk, paths.history).slice(-3).reverse();
  return newest.some((id) => recordOf(paths, id)?.files.some((step) => step.file === file && step.after === digest));
}

/** What history knows of a file, for whoever reads it. */
export function knownOf(paths: StorePaths, file: FileRole): Known {
  return {
    ours: (digest) => hasState(paths) && isOurs(paths, file, digest),
    doubt: (bytes) => (hasState(paths) ? doubtOf(paths, readLog(paths), file, bytes) : null),
  };
}

/**
 * Forgets what is beyond 50 entries, 90 days or 20 MiB, but never the newest 5, a change in force, the newest of a preset, a
 * search that is under way, what a profile in use needs for the way back, what takes one of these back, or what a newer
 * codex-cfg wrote. Returns how many changes in force it had to merge, because there are too many of them.
 */
export function prune(paths: StorePaths): number {
  const { disk } = paths.host;
  const names = disk.list(paths.history).filter((name) => ID.test(name.replace(/\.conflict$/, "")));
  // Days count from entries, too, because a clock may be wrong for once.
  const known = names.map(timeOf).sort((a, b) => b - a)[KEEP_ALWAYS] ?? 0;
  const oldest = Math.min(paths.host.now(), known) - DAYS * 86_400_000;
  let bytes = 0;
  const beyond = names.reverse().filter((name, age) => {
    const dir = join(paths.history, name);
    bytes += disk.list(dir).reduce((sum, file) => sum + (disk.stat(join(dir, file))?.size ?? 0), 0);
    const tooOld = timeOf(name) < oldest;
    return age >= KEEP_ALWAYS && (age >= KEEP || tooOld || bytes > MAX_BYTES);
  });
  if (beyond.length === 0) return 0;
  const { entries } = readHistory(paths);
  const kept = neverPruned(entries);
  // The oldest first: an entry that outlives the one that takes it back would count again.
  for (const name of beyond.reverse()) {
    if (kept.has(name)) continue;
    bestEffort(() => {
      if (isNewer(disk, join(paths.history, name))) return;
      const entry = entries.find(({ id }) => id === name);
      if (entry) noteAsPruned(paths, entry);
      removeEntry(paths, name);
    });
  }
  return mergeOldest(paths, entries);
}

const KEEP = 50;
const KEEP_ALWAYS = 5;
const DAYS = 90;
const MIB = 1024 * 1024;
const MAX_BYTES = 20 * MIB;

/** The ids of the entries that stay, however old they are. */
function neverPruned(entries: readonly Entry[]): ReadonlySet<string> {
  const kept = new Set(inForceOf(entries).map(({ id }) => id));
  for (const { bisect, id, use } of activeOf(entries)) {
    if (bisect) kept.add(id);
    // What a profile in use was laid over is in the entries that laid it.
    for (const { from } of use?.laid ?? []) kept.add(from ?? id);
  }
  for (const { id } of newestOfPresets(entries)) kept.add(id);
  // What takes back an entry that stays has to stay, or the entry would count again.
  const live = new Set(activeOf(entries).map(({ id }) => id));
  for (const { id, reverts } of entries) if (live.has(id) && reverts?.some((other) => kept.has(other))) kept.add(id);
  return kept;
}

function newestOfPresets(entries: readonly Entry[]): Iterable<Entry> {
  return new Map(entries.flatMap((entry): [string, Entry][] => (entry.preset ? [[entry.preset, entry]] : []))).values();
}

function recordOf(paths: StorePaths, id: string): TxRecord | null {
  return readRecord(paths.host.disk, join(paths.history, id, "record.json"), id);
}

function imageText(paths: StorePaths, dir: string, step: Step, i: number, side: "before" | "after"): string | null {
  if (step[side] === null) return null;
  const bytes = readImage(paths.host.disk, dir, side, step, i);
  if (bytes === null) throw new CfgError("damaged-journal", "the images of this entry are gone", { path: dir });
  return decodeAny(bytes);
}
