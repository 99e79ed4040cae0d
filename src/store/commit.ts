/**
 * The one road on which bytes reach a config file: the numbered steps of a transaction, from the lock to the history.
 * Before the commit marker a failure leaves everything as it was; after it, recovery carries on at once.
 */
import { dirname, join } from "node:path";
import type { Change, Entry, Label } from "../model/change.ts";
import { CfgError, isErrno } from "../model/error.ts";
import { word } from "../text/shell-quote.ts";
import { quietly } from "./faults.ts";
import { prune } from "./history.ts";
import { begin, discard, mark, newId, type Tx } from "./journal.ts";
import { type Lock, takeLock } from "./lock.ts";
import { makeRecord, toEntry } from "./record.ts";
import { finish, type Recovery, recoverAll, recoverOne, rollBack } from "./recover.ts";
import { ensureFolders, ensureHome, ensureState, type Site } from "./site.ts";
import { publish, removeStage, sightOf, stagedDigest, stagePath, writeStage } from "./stage.ts";
import { isLost, isNothing, type Rebase, type Target, targetsNow } from "./targets.ts";

/** What somebody wants done, and how to plan it again. */
export type Request = { readonly changes: readonly Change[]; readonly label: Label; readonly rebase: Rebase };

/** How often a foreign writer may win before it is a conflict. */
const TRIES = 4;
/** Codex takes 0.5 to 6.6 ms from reading its config to replacing it, and looks at nothing in between. */
const SETTLE_MS = 25;

/** Null when nothing is left to change; but what takes entries back is remembered all the same. */
export function commit(site: Site, request: Request, recovered: (done: readonly Recovery[]) => void): Entry | null {
  const remembers = (request.label.reverts ?? []).length > 0;
  if (request.changes.every(isNothing) && !remembers) return null;
  ensureHome(site);
  ensureState(site);
  // 2 lock, then recover
  const lock = takeLock(site, request.label.command);
  try {
    ensureFolders(site);
    const done = recoverAll(site);
    recovered(done);
    refuseDamaged(site, done);
    for (let tries = 0; tries < TRIES; tries++) {
      // 3 re-read
      const targets = targetsNow(site, request.changes, request.rebase);
      if (targets.length === 0 && !remembers) return null;
      const entry = attempt(site, lock, targets, request);
      if (entry === null) continue;
      quietly(() => prune(site));
      return entry;
    }
  } finally {
    lock.release();
  }
  throw new CfgError("conflict", "another program kept changing a file at the same moment", {
    path: site.home,
    hints: ["Nothing was written. Close the program that writes it, then run the same command again."],
  });
}

/** Steps 4 to 10 on files just read. Null when a foreign writer came in between: nothing of ours is left then. */
function attempt(site: Site, lock: Lock, targets: readonly Target[], request: Request): Entry | null {
  const { disk } = site.host;
  const id = newId(site);
  const record = makeRecord(
    id,
    site.host.timestamp(),
    request.label,
    targets.map((target) => target.step),
  );
  const tx: Tx = { id, dir: join(site.tx, id), record };
  const folders = new Set(targets.map((target) => dirname(target.realPath)));
  let committing = false;
  try {
    // 4 images
    begin(site, record, targets);
    // 5 stage
    for (const { step, realPath, after } of targets)
      if (after !== null) writeStage(site, stagePath(realPath, id), after, step.attributes);
    // 6 check
    refuseUnwritten(site, tx, targets);
    refuseUnlocked(site, lock);
    if (!targets.every((target) => isUnmoved(site, target))) return giveUp(site, tx, targets);
    for (const folder of folders) disk.syncDir(folder);
    // 7 commit: the point of no return
    committing = true;
    mark(site, tx, "draft", "commit");
    // 8 publish
    for (const { step, realPath } of targets)
      if (!publish(site, id, step.file, realPath, step.before, step.after)) return takeBack(site, tx, targets);
    for (const folder of folders) disk.syncDir(folder);
    // 9 verify, once whoever had read the old file before it was replaced has written
    site.host.sleep(SETTLE_MS);
    const stands = targets.every(({ step }) => sightOf(site, step.file)?.digest === step.after);
    if (!stands && isLost(site, request.changes, request.rebase)) return takeBack(site, tx, targets);
    // 10 record
    finish(site, tx);
    return toEntry(record);
  } catch (error) {
    return afterFailure(site, tx, targets, committing, error);
  }
}

function refuseDamaged(site: Site, done: readonly Recovery[]): void {
  const damaged = done.find((recovery) => recovery.outcome === "damaged");
  if (damaged === undefined) return;
  const path = join(site.tx, damaged.id);
  throw new CfgError("damaged-journal", "an unfinished transaction cannot be read, so nothing was touched", {
    path,
    hints: [
      {
        note: "Compare your config files with the images in it, then move it away",
        shell: `mv ${word(path)} ${word(join(site.dir, `damaged-${damaged.id}`))}`,
      },
    ],
  });
}

/** A full disk or a broken one may have swallowed bytes without a word. */
function refuseUnwritten(site: Site, tx: Tx, targets: readonly Target[]): void {
  for (const { step, realPath } of targets) {
    const path = stagePath(realPath, tx.id);
    if (step.after !== null && stagedDigest(site.host.disk, path) !== step.after)
      throw new CfgError("io", "the disk does not hold what was just written to it", { path });
  }
}

function refuseUnlocked(site: Site, lock: Lock): void {
  if (lock.held()) return;
  throw new CfgError("locked", "somebody removed the lock of this command while it was at work", {
    path: site.lock,
    hints: ["Nothing was written. Run the same command again."],
  });
}

function isUnmoved(site: Site, { step, realPath }: Target): boolean {
  const sight = sightOf(site, step.file);
  return sight !== null && sight.digest === step.before && sight.realPath === realPath;
}

function giveUp(site: Site, tx: Tx, targets: readonly Target[]): null {
  // Where they were written: the journal knows roles only, and a link may lead elsewhere by now.
  for (const { realPath } of targets) removeStage(site.host.disk, stagePath(realPath, tx.id));
  discard(site, tx.dir, tx.id, tx.record);
  return null;
}

/** Undoes what was published, so that the next try starts from before plus their edit. */
function takeBack(site: Site, tx: Tx, targets: readonly Target[]): null {
  mark(site, tx, "commit", "undo");
  rollBack(site, tx);
  mark(site, tx, "undo", "draft");
  return giveUp(site, tx, targets);
}

/**
 * Lets recovery decide at once: it deletes what was not committed and finishes what was. What it cannot finish, because
 * one of the files will not be replaced, is taken back.
 */
function afterFailure(site: Site, tx: Tx, targets: readonly Target[], committing: boolean, error: unknown): Entry {
  const expected = (thrown: unknown): boolean => isErrno(thrown) || thrown instanceof CfgError;
  if (!expected(error)) throw error;
  let outcome: Recovery["outcome"] | "failed" | undefined;
  try {
    outcome = recoverOne(site, tx.id)?.outcome;
    // It may have failed on the very last step.
    if (outcome === undefined && site.host.disk.stat(join(site.history, tx.id)) !== null) outcome = "completed";
  } catch (again) {
    if (!expected(again)) throw again;
    outcome = "failed";
    quietly(() => {
      takeBack(site, tx, targets);
      outcome = "discarded";
    });
  }
  if (outcome === "completed") return toEntry(tx.record);
  if (!committing || (outcome !== "failed" && outcome !== "damaged")) throw error;
  throw new CfgError("unconfirmed", "the change was begun, but the disk failed before it could be confirmed", {
    path: site.home,
    cause: error,
    hints: [{ note: "The next command finishes it. See where it stands", argv: ["status"] }],
  });
}
