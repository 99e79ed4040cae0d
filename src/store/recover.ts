/**
 * What to do with a transaction that did not reach its end. Every step compares before it renames, so doing it twice, or
 * dying in the middle and doing it again, ends in the same place: all before or all after.
 */
import { dirname, join } from "node:path";
import { CfgError, ioError, isErrno } from "../model/error.ts";
import type { FileRole } from "../model/op.ts";
import { word } from "../text/shell-quote.ts";
import { newerState } from "./format.ts";
import { bestEffort } from "./io-errors.ts";
import {
  archive,
  discard,
  find,
  idsIn,
  isCommitted,
  isNewer,
  mark,
  publishingOrder,
  readImage,
  type Tx,
} from "./journal.ts";
import { sweepClaims } from "./lock.ts";
import { leavesHome, type StorePaths } from "./paths.ts";
import type { Step } from "./record.ts";
import type { FileRead } from "./safe-read.ts";
import { readStable } from "./stable-read.ts";
import { dropStage, publish, stagedDigest, stagePath, strayStages, writeStage } from "./stage.ts";

/** What became of a transaction. `files` are those that somebody else has changed since; they were left alone. */
export type Recovery = {
  readonly id: string;
  readonly outcome: "discarded" | "completed" | "conflict" | "damaged";
  readonly files?: readonly FileRole[];
};

/** Throws `newer-state` when a newer codex-cfg left a change unfinished: what its journal means is not known here. */
export function refuseNewer(paths: StorePaths): void {
  const { disk } = paths.host;
  const newer = idsIn(disk, paths.tx).find((id) => isNewer(disk, join(paths.tx, id)));
  if (newer !== undefined) throw newerState(`the unfinished change ${newer}`, join(paths.tx, newer));
}

/** Throws `damaged-journal` when one of these was: what it was about to do to the files is not known. */
export function refuseDamaged(paths: StorePaths, done: readonly Recovery[]): void {
  const damaged = done.find((recovery) => recovery.outcome === "damaged");
  if (damaged === undefined) return;
  const path = join(paths.tx, damaged.id);
  throw new CfgError("damaged-journal", "an unfinished transaction cannot be read, so nothing was touched", {
    path,
    hints: [
      {
        note: "Compare your config files with the images in it, then move it away",
        shell: `mv ${word(path)} ${word(join(paths.dir, `damaged-${damaged.id}`))}`,
      },
    ],
  });
}

/** Under the lock: finishes or takes back everything that a dead process left, and removes its temporary files. */
export function recoverAll(paths: StorePaths): readonly Recovery[] {
  const done = idsIn(paths.host.disk, paths.tx).flatMap((id) => {
    try {
      return recoverOne(paths, id) ?? [];
    } catch (error) {
      throw notRecovered(paths, id, error);
    }
  });
  bestEffort(() => sweepClaims(paths));
  bestEffort(() => {
    for (const name of strayStages(paths)) paths.host.disk.remove(join(paths.home, name));
  });
  return done;
}

/**
 * What is done, by the journal's state and what the files hold now:
 *
 *     draft                                        nothing was published: delete it
 *     commit, all as before or after               go forward
 *     commit, somebody wrote before we could       go back, and keep the images
 *     commit, somebody wrote on top of ours        go forward: that file did hold our text
 *     undo                                         go back, and keep the images if somebody else has written
 *     record                                       move it to history, nothing else is missing
 *     damaged                                      touch nothing
 */
export function recoverOne(paths: StorePaths, id: string): Recovery | null {
  const dir = join(paths.tx, id);
  const found = find(paths.host, dir, id);
  if (found.state === "gone") return null;
  if (found.state === "damaged") return { id, outcome: "damaged" };
  if (found.state === "draft") {
    discard(paths, dir, id, found.record);
    return { id, outcome: "discarded" };
  }
  const tx = { id, dir, record: found.record };
  // The last process may have died before this state was flushed.
  paths.host.disk.syncDir(dir);
  try {
    if (found.state === "record") archive(paths, tx, id);
    else if (found.state === "undo" || !forward(paths, tx)) return back(paths, tx, found.state);
    return { id, outcome: "completed" };
  } catch (error) {
    if (error instanceof CfgError && error.code === "damaged-journal") return { id, outcome: "damaged" };
    throw error;
  }
}

/** Takes back what was published of a transaction, keeping what others wrote; returns the files it left alone. */
export function rollBack(paths: StorePaths, tx: Tx): readonly FileRole[] {
  return bringAllTo(paths, tx, "before");
}

/** Everything published is on the disk: the record is final and goes into history. */
export function finish(paths: StorePaths, tx: Tx): void {
  mark(paths, tx, "commit", "record");
  archive(paths, tx, tx.id);
}

function forward(paths: StorePaths, tx: Tx): boolean {
  const left = new Set(bringAllTo(paths, tx, "after"));
  if (tx.record.files.some((step) => left.has(step.file) && isBlocked(paths, tx, step))) return false;
  finish(paths, tx);
  return true;
}

function back(paths: StorePaths, tx: Tx, phase: "commit" | "undo"): Recovery {
  if (phase === "commit") mark(paths, tx, "commit", "undo");
  const files = rollBack(paths, tx);
  if (files.length === 0) {
    mark(paths, tx, "undo", "draft");
    discard(paths, tx.dir, tx.id, tx.record);
    return { id: tx.id, outcome: "discarded" };
  }
  archive(paths, tx, `${tx.id}.conflict`);
  return { id: tx.id, outcome: "conflict", files };
}

/** Whether somebody else wrote the file before our text got there: then its stage is still there, never renamed. */
function isBlocked(paths: StorePaths, tx: Tx, step: Step): boolean {
  const read = readStep(paths, step);
  if (read === null) return true;
  if (read.digest === step.before || read.digest === step.after) return false;
  return step.after === null || paths.host.disk.stat(stagePath(read.realPath, tx.id)) !== null;
}

/** Returns the files that hold neither text and were left alone. */
function bringAllTo(paths: StorePaths, tx: Tx, side: "before" | "after"): readonly FileRole[] {
  const order = publishingOrder(paths.host.disk, tx);
  const left = (side === "after" ? order : [...order].reverse()).flatMap((i) => {
    const step = tx.record.files[i];
    return step === undefined || bringTo(paths, tx, step, i, side) ? [] : [step];
  });
  if (side === "before") for (const step of left) dropStage(paths, tx.id, step.file);
  return left.map((step) => step.file);
}

/** Makes one file hold its text from before or from after the transaction; false when it holds neither. */
function bringTo(paths: StorePaths, tx: Tx, step: Step, i: number, side: "before" | "after"): boolean {
  const { disk } = paths.host;
  const [have, want] = side === "after" ? [step.before, step.after] : [step.after, step.before];
  const read = readStep(paths, step);
  if (read === null) return false;
  const staged = stagePath(read.realPath, tx.id);
  if (read.digest === have) {
    if (want !== null && stagedDigest(disk, staged) !== want) {
      const bytes = readImage(disk, tx.dir, side, step, i);
      if (bytes === null) throw new CfgError("damaged-journal", "an image is missing", { path: tx.dir });
      if (disk.stat(staged) !== null) disk.remove(staged);
      writeStage(paths, staged, bytes, step.attributes);
    }
    if (!publish(paths, tx.id, step.file, read.realPath, have, want)) return false;
  } else if (read.digest !== want) {
    return false;
  }
  if (disk.stat(staged) !== null) disk.remove(staged);
  disk.syncDir(dirname(read.realPath));
  return true;
}

/** What a file of the transaction holds now; null when its name leads to something that must not be touched. */
function readStep(paths: StorePaths, step: Step): FileRead | null {
  try {
    const ours = (digest: string) => digest === step.before || digest === step.after;
    const read = readStable(paths.host, paths.pathOf(step.file), { ours });
    return leavesHome(paths, read) ? null : read;
  } catch (error) {
    if (error instanceof CfgError && error.code === "unsafe-file") return null;
    throw error;
  }
}

/** What to throw when the disk fails in a recovery: of a change past the point of no return, some files may have moved. */
function notRecovered(paths: StorePaths, id: string, error: unknown): unknown {
  const failure = ioError(error, paths.home);
  if (!(failure instanceof CfgError) || failure.code !== "io") return error;
  try {
    if (!isCommitted(paths, id)) return failure;
  } catch (again) {
    if (!isErrno(again)) return again;
  }
  return new CfgError("unconfirmed", `an interrupted change (${id}) could not be finished: ${failure.message}`, {
    path: failure.path,
    cause: error,
    hints: [{ note: "The next command tries again. See where it stands", argv: ["status"] }],
  });
}
