/**
 * What to do with a transaction that did not reach its end. Every step compares before it renames, so doing it twice, or
 * dying in the middle and doing it again, ends in the same place: all before or all after.
 */
import { dirname, join } from "node:path";
import { CfgError } from "../model/error.ts";
import type { FileRole } from "../model/op.ts";
import { quietly } from "./faults.ts";
import { archive, discard, find, idsIn, mark, readImage, type Tx } from "./journal.ts";
import { sweepClaims } from "./lock.ts";
import type { Step } from "./record.ts";
import { readStable, type Sight } from "./safe-read.ts";
import { leadsAway, type Site } from "./site.ts";
import { dropStage, publish, STAGE, stagedDigest, stagePath, writeStage } from "./stage.ts";

/** What became of one. `files` are those that somebody else has changed since; they were left alone. */
export type Recovery = {
  readonly id: string;
  readonly outcome: "discarded" | "completed" | "conflict" | "damaged";
  readonly files?: readonly FileRole[];
};

/** Under the lock: finishes or takes back everything that a dead process left, and sweeps its litter. */
export function recoverAll(site: Site): readonly Recovery[] {
  const done = idsIn(site.host.disk, site.tx).flatMap((id) => recoverOne(site, id) ?? []);
  quietly(() => sweepClaims(site));
  quietly(() => sweepStages(site));
  return done;
}

/**
 *     draft                                        nothing was published: delete it
 *     commit, all as before or after               forward
 *     commit, somebody wrote before we could       back, and keep the images
 *     commit, somebody wrote on top of ours        forward: that file has been through our state
 *     undo                                         back, and keep the images if somebody else has written
 *     record                                       only the move to history is missing
 *     anything odd                                 touch nothing
 */
export function recoverOne(site: Site, id: string): Recovery | null {
  const dir = join(site.tx, id);
  const found = find(site.host, dir, id);
  if (found.state === "gone") return null;
  if (found.state === "damaged") return { id, outcome: "damaged" };
  if (found.state === "draft") {
    discard(site, dir, id, found.record);
    return { id, outcome: "discarded" };
  }
  const tx = { id, dir, record: found.record };
  // The flush of this very state may be what failed.
  site.host.disk.syncDir(dir);
  try {
    if (found.state === "record") archive(site, tx, id);
    else if (found.state === "undo" || !forward(site, tx)) return back(site, tx, found.state);
    return { id, outcome: "completed" };
  } catch (error) {
    if (error instanceof CfgError && error.code === "damaged-journal") return { id, outcome: "damaged" };
    throw error;
  }
}

/** Takes back what was published of a transaction, keeping what others wrote; returns the files it left alone. */
export function rollBack(site: Site, tx: Tx): readonly FileRole[] {
  return roll(site, tx, "before");
}

/** Everything published is on the disk: the record is final and goes into history. */
export function finish(site: Site, tx: Tx): void {
  mark(site, tx, "commit", "record");
  archive(site, tx, tx.id);
}

function forward(site: Site, tx: Tx): boolean {
  const left = new Set(roll(site, tx, "after"));
  if (tx.record.files.some((step) => left.has(step.file) && isBlocked(site, tx, step))) return false;
  finish(site, tx);
  return true;
}

function back(site: Site, tx: Tx, phase: "commit" | "undo"): Recovery {
  if (phase === "commit") mark(site, tx, "commit", "undo");
  const files = rollBack(site, tx);
  if (files.length === 0) {
    mark(site, tx, "undo", "draft");
    discard(site, tx.dir, tx.id, tx.record);
    return { id: tx.id, outcome: "discarded" };
  }
  archive(site, tx, `${tx.id}.conflict`);
  return { id: tx.id, outcome: "conflict", files };
}

/** Somebody wrote the file before we published it: a stage that is still there was never renamed. */
function isBlocked(site: Site, tx: Tx, step: Step): boolean {
  const sight = look(site, step);
  if (sight === null) return true;
  if (sight.digest === step.before || sight.digest === step.after) return false;
  return step.after === null || site.host.disk.stat(stagePath(sight.realPath, tx.id)) !== null;
}

function roll(site: Site, tx: Tx, side: "before" | "after"): readonly FileRole[] {
  const left = tx.record.files.filter((step, i) => !settle(site, tx, step, i, side));
  if (side === "before") for (const step of left) dropStage(site, tx.id, step.file);
  return left.map((step) => step.file);
}

/** Brings one file to a side of the transaction; false when it holds something else. */
function settle(site: Site, tx: Tx, step: Step, i: number, side: "before" | "after"): boolean {
  const { disk } = site.host;
  const [have, want] = side === "after" ? [step.before, step.after] : [step.after, step.before];
  const sight = look(site, step);
  if (sight === null) return false;
  const staged = stagePath(sight.realPath, tx.id);
  if (sight.digest === have) {
    if (want !== null && stagedDigest(disk, staged) !== want) {
      const bytes = readImage(disk, tx.dir, side, step, i);
      if (bytes === null) throw new CfgError("damaged-journal", "an image is missing", { path: tx.dir });
      if (disk.stat(staged) !== null) disk.remove(staged);
      writeStage(site, staged, bytes, step.attributes);
    }
    if (!publish(site, tx.id, step.file, sight.realPath, have, want)) return false;
  } else if (sight.digest !== want) {
    return false;
  }
  if (disk.stat(staged) !== null) disk.remove(staged);
  disk.syncDir(dirname(sight.realPath));
  return true;
}

/** Null when the name leads to something that this tool does not touch. */
function look(site: Site, step: Step): Sight | null {
  try {
    const ours = (digest: string) => digest === step.before || digest === step.after;
    const sight = readStable(site.host, site.pathOf(step.file), ours);
    return leadsAway(site, sight) ? null : sight;
  } catch (error) {
    if (error instanceof CfgError && error.code === "unsafe-file") return null;
    throw error;
  }
}

function sweepStages(site: Site): void {
  const { disk } = site.host;
  for (const name of disk.list(site.home)) {
    const id = STAGE.exec(name)?.[1];
    if (id !== undefined && disk.stat(join(site.tx, id)) === null) disk.remove(join(site.home, name));
  }
}
