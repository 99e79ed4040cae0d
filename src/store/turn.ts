/**
 * Waiting for one's turn at the lock: as long as others get theirs, but not for a holder that does not move on. Who came
 * first looks most often, so that turns go by arrival without a queue that a dead process could block.
 */
import { isTakenLongAgo, isUnseen, lockedBy, textAt, whoHolds } from "./holder.ts";
import type { StorePaths } from "./paths.ts";

/** How long one holder is waited for. Only the pauses count, so that a busy machine has more time. */
const PATIENCE_MS = 5000;
/** A lock of a process that nobody here can see is waited for at least so long, however old it seems. */
const MOMENT_MS = 500;
/** When the first word is said of a wait, and the next ones. */
const SAY_AFTER_MS = 1000;
const SAY_AGAIN_MS = 10_000;
/** The longest pause; one place in the queue adds 20. */
const PAUSE_MS = 250;

/** Pauses once for whoever holds the lock, with so many waiting before this one. Throws `locked` when that is no use any more. */
export type Wait = (ahead: number) => void;

export function waitFor(paths: StorePaths): Wait {
  const { host, lock, onWait } = paths;
  let holder: string | null | undefined = null;
  let stood = 0;
  let waited = 0;
  let sayAt = SAY_AFTER_MS;
  return (ahead) => {
    const text = textAt(host, lock);
    if (text !== holder) stood = 0;
    holder = text;
    const unseen = typeof text === "string" && isUnseen(host, text);
    if (stood >= PATIENCE_MS || (unseen && stood >= MOMENT_MS && isTakenLongAgo(paths))) throw lockedBy(paths);
    if (text !== null && (waited >= sayAt || (unseen && waited === 0))) {
      onWait?.(`${whoHolds(paths)}${ahead > 0 ? `; ${ahead} more before this one` : ""}`);
      sayAt = waited + SAY_AGAIN_MS;
    }
    const pause = 1 + (Number.parseInt(host.randomHex(4), 16) % Math.min(PAUSE_MS, 20 * (ahead + 1)));
    host.sleep(pause);
    stood += pause;
    waited += pause;
  };
}
