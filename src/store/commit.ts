/**
 * The one road on which bytes reach a config file: the numbered steps of a transaction, from the lock to the history.
 * Before the commit marker a failure leaves everything as it was; after it, recovery carries on at once.
 */
import { basename, dirname, join } from "node:path";
import type { Change, Entry, Label } from "../model/change.ts";
import { CfgError, isErrno } from "../model/error.ts";
import type { FileRole } from "../model/op.ts";
import { prune } from "./history.ts";
import { bestEffort } from "./io-errors.ts";
import { begin, discard, mark, newId, publishingOrder, type Tx } from "./journal.ts";
import { type KeepOptions, keepLocked } from "./keep.ts";
import { type Lock, takeLock } from "./lock.ts";
import { ensureFolders, ensureHome, ensureState, type StorePaths } from "./paths.ts";
import { commandOf, makeRecord, toEntry } from "./record.ts";
import { finish, type Recovery, recoverAll, recoverOne, refuseDamaged, refuseNewer, rollBack } from "./recover.ts";
import { publish, readRole, removeStage, stagedDigest, stagePath, writeStage } from "./stage.ts";
import { isLost, isNothing, type Rebase, type Target, targetsNow } from "./targets.ts";

/** What somebody wants done, and how to plan it again. */
export type Request = {
  readonly changes: readonly Change[];
  readonly label: Label;
  readonly rebase: Rebase;
  /** To enter first what others have done since somebody last looked. */
  readonly keeping?: KeepOptions | undefined;
};

/** How often another program may write first before it is a conflict. */
const TRIES = 4;
/** Codex takes 0.5 to 6.6 ms from reading its config to replacing it, and does not see what changed meanwhile. */
const VERIFY_DELAY_MS = 25;

/** What became of a request: its entry, and how many older changes had to be merged. */
type Done = { readonly entry: Entry | null; readonly merged: number };
const NOTHING: Done = { entry: null, merged: 0 };

/** Without an entry when nothing is left to change. A label that takes entries back is recorded even then. */
export function commit(paths: StorePaths, request: Request, recovered: (done: readonly Recovery[]) => void): Done {
  const remembers = (request.label.reverts ?? []).length > 0;
  if (request.changes.every(isNothing) && !remembers) return NOTHING;
  ensureHome(paths);
  ensureState(paths);
  // 2 lock, then recover
  const lock = takeLock(paths, commandOf(request.label));
  paths.host.holdSignals();
  try {
    refuseNewer(paths);
    ensureFolders(paths);
    const done = recoverAll(paths);
    recovered(done);
    refuseDamaged(paths, done);
    const { keeping } = request;
    // What others did is worth keeping, and no reason to refuse a change.
    if (keeping) bestEffort(() => keepLocked(paths, keeping));
    for (let tries = 0; tries < TRIES; tries++) {
      // 3 re-read
      const targets = targetsNow(paths, request.changes, request.rebase);
      if (targets.length === 0 && !remembers) return NOTHING;
      const entry = tryCommit(paths, lock, targets, request);
      if (entry === null) continue;
      let merged = 0;
      bestEffort(() => {
        merged = prune(paths);
      });
      return { entry, merged };
    }
  } finally {
    lock.release();
  }
  throw new CfgError("conflict", "another program kept changing a file at the same moment", {
    path: paths.home,
    hints: ["Nothing was written. Close the program that writes it, then run the same command again."],
  });
}

/** Steps 4 to 10 on files just read. Null, and nothing published, when another program wrote one in between. */
function tryCommit(paths: StorePaths, lock: Lock, targets: readonly Target[], request: Request): Entry | null {
  const { disk } = paths.host;
  const id = newId(paths);
  const record = makeRecord(
    id,
    paths.host.timestamp(),
    request.label,
    targets.map((target) => target.step),
  );
  const tx: Tx = { id, dir: join(paths.tx, id), record };
  const folders = new Set(targets.map((target) => dirname(target.realPath)));
  let committing = false;
  try {
    // 4 images
    begin(paths, record, targets);
    // 5 stage
    for (const { step, realPath, after } of targets)
      if (after !== null) writeStage(paths, stagePath(realPath, id), after, step.attributes);
    // 6 check
    refuseUnwritten(paths, tx, targets);
    refuseUnlocked(paths, lock);
    if (!targets.every((target) => isUnmoved(paths, target))) return giveUp(paths, tx, targets);
    for (const folder of folders) disk.syncDir(folder);
    const ordered = publishingOrder(disk, tx).flatMap((i) => targets[i] ?? []);
    // 7 commit: the point of no return
    committing = true;
    mark(paths, tx, "draft", "commit");
    // 8 publish
    for (const { step, realPath } of ordered)
      if (!publish(paths, id, step.file, realPath, step.before, step.after)) return takeBack(paths, tx, targets);
    for (const folder of folders) disk.syncDir(folder);
    // 9 verify, once a program that had read the old file has had time to write it back
    paths.host.sleep(VERIFY_DELAY_MS);
    const stands = targets.every(({ step }) => readRole(paths, step.file)?.digest === step.after);
    if (!stands && isLost(paths, request.changes, request.rebase)) return takeBack(paths, tx, targets);
    // 10 record
    finish(paths, tx);
    return toEntry(record);
  } catch (error) {
    return afterFailure(paths, tx, targets, committing, error);
  }
}

/** A full disk or a broken one may have lost bytes without an error. */
function refuseUnwritten(paths: StorePaths, tx: Tx, targets: readonly Target[]): void {
  for (const { step, realPath } of targets) {
    const path = stagePath(realPath, tx.id);
    if (step.after !== null && stagedDigest(paths.host.disk, path) !== step.after)
      throw new CfgError("io", "the disk does not hold what was just written to it", { path });
  }
}

function refuseUnlocked(paths: StorePaths, lock: Lock): void {
  if (lock.held()) return;
  throw new CfgError("locked", "somebody removed the lock of this command while it was at work", {
    path: paths.lock,
    hints: ["Nothing was written. Run the same command again."],
  });
}

function isUnmoved(paths: StorePaths, { step, realPath }: Target): boolean {
  const read = readRole(paths, step.file);
  return read !== null && read.digest === step.before && read.realPath === realPath;
}

function giveUp(paths: StorePaths, tx: Tx, targets: readonly Target[]): null {
  // By the paths they were written to: the journal knows roles only, and a link may lead elsewhere by now.
  for (const { realPath } of targets) removeStage(paths.host.disk, stagePath(realPath, tx.id));
  discard(paths, tx.dir, tx.id, tx.record);
  return null;
}

/** Undoes what was published, so that the next try starts from the old text with the other program's edit. */
function takeBack(paths: StorePaths, tx: Tx, targets: readonly Target[]): null {
  mark(paths, tx, "commit", "undo");
  rollBack(paths, tx);
  mark(paths, tx, "undo", "draft");
  return giveUp(paths, tx, targets);
}

/**
 * Lets recovery decide at once: it deletes what was not committed and finishes what was. What it cannot finish, because
 * one of the files will not be replaced, is taken back.
 */
function afterFailure(
  paths: StorePaths,
  tx: Tx,
  targets: readonly Target[],
  committing: boolean,
  error: unknown,
): Entry {
  const expected = (thrown: unknown): boolean => isErrno(thrown) || thrown instanceof CfgError;
  if (!expected(error)) throw error;
  let outcome: Recovery["outcome"] | "failed" | undefined;
  try {
    outcome = recoverOne(paths, tx.id)?.outcome;
    // It may have failed after the move to history, the last step.
    if (outcome === undefined && paths.host.disk.stat(join(paths.history, tx.id)) !== null) outcome = "completed";
  } catch (again) {
    if (!expected(again)) throw again;
    outcome = "failed";
    bestEffort(() => {
      takeBack(paths, tx, targets);
      outcome = "discarded";
    });
  }
  if (outcome === "completed") return toEntry(tx.record);
  const isGone = outcome === undefined || outcome === "discarded";
  const changed = committing ? publishedOf(paths, tx, targets, isGone) : [];
  if (isGone)
    for (const { realPath } of targets) bestEffort(() => removeStage(paths.host.disk, stagePath(realPath, tx.id)));
  if (isGone ? changed.length === 0 : !committing || outcome === "conflict") throw error;
  throw unconfirmed(paths, isGone, changed, error);
}

/**
 * The files that hold the new text after a failure, as far as anybody can tell. Where somebody has removed the journal
 * between two of them, nothing else would ever finish the change: then the others follow.
 */
function publishedOf(paths: StorePaths, tx: Tx, targets: readonly Target[], isGone: boolean): readonly FileRole[] {
  const published = () =>
    targets.filter(({ step }) => {
      let isNew = true;
      bestEffort(() => {
        isNew = readRole(paths, step.file)?.digest === step.after;
      });
      return isNew;
    });
  if (isGone && published().length > 0)
    for (const { realPath, step } of targets)
      bestEffort(() => publish(paths, tx.id, step.file, realPath, step.before, step.after));
  return published().map(({ step }) => step.file);
}

function unconfirmed(paths: StorePaths, isGone: boolean, changed: readonly FileRole[], cause: unknown): CfgError {
  const names = changed.map((file) => basename(paths.pathOf(file))).join(", ");
  const message = isGone
    ? "somebody removed the journal of the change while it was made; changed, and not in the history"
    : "the change was begun, but the disk failed before it could be confirmed";
  const note = isGone ? "See what is there now" : "The next command finishes it. See where it stands";
  return new CfgError("unconfirmed", names === "" ? message : `${message}: ${names}`, {
    path: paths.home,
    cause,
    hints: [{ note, argv: ["status"] }],
  });
}
