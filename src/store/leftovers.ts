/**
 * What dead processes left in a home, before anybody takes the lock to finish it: whether there is anything, and which
 * changes they had made to the end. Writes nothing.
 */
import { join } from "node:path";
import { isLocked } from "./holder.ts";
import { idsIn, isCommitted, readRecord } from "./journal.ts";
import { type StaleLock, staleLocks } from "./lock.ts";
import { hasState, type StorePaths } from "./paths.ts";
import { timeOf } from "./record.ts";
import { strayStages } from "./stage.ts";
import { waitFor } from "./turn.ts";

/**
 * Whether there is something to recover. While a live process publishes its files this waits, because between two of them
 * a home is neither what it was nor what it will be. Throws `locked` when that takes too long.
 */
export function hasLeftovers(paths: StorePaths): boolean {
  const { disk } = paths.host;
  if (!hasState(paths)) return strayStages(paths).length > 0;
  const underWay = idsIn(disk, paths.tx).filter((id) => isCommitted(paths, id));
  const wait = waitFor(paths);
  while (isLocked(paths)) {
    if (!underWay.some((id) => isCommitted(paths, id))) return false;
    wait(0);
  }
  return idsIn(disk, paths.tx).length > 0 || staleLocks(paths).length > 0 || strayStages(paths).length > 0;
}

/** The command of a process that recovers. It names what it may complete, for those who come after its own death. */
export function recoverCommand(paths: StorePaths, made: readonly string[]): string {
  return [RECOVER, ...idsIn(paths.host.disk, paths.tx), ...made].join(" ");
}

/**
 * Changes that were complete when their process died, before it gave the lock back: its user cannot know that they were
 * made. Either the newest entry is of the command that held the lock, and no older than the lock, or a dead recovery
 * names it.
 */
export function madeByDead(paths: StorePaths): readonly string[] {
  const { disk } = paths.host;
  const stale = staleLocks(paths);
  const entries = stale.length === 0 ? [] : idsIn(disk, paths.history);
  // A commit is of one change: of a process that left a journal that is the one.
  const newest = idsIn(disk, paths.tx).length === 0 ? entries.at(-1) : undefined;
  return entries.filter((id) => stale.some((lock) => isMadeUnder(paths, lock, id, id === newest)));
}

const RECOVER = "recover";

function isMadeUnder(paths: StorePaths, { command, held, since }: StaleLock, id: string, isNewest: boolean): boolean {
  const [verb, ...ids] = command?.split(" ") ?? [];
  if (verb === RECOVER) return ids.includes(id);
  if (!held || !isNewest || timeOf(id) < since) return false;
  return readRecord(paths.host.disk, join(paths.history, id, "record.json"), id)?.command === command;
}
