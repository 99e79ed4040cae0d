/**
 * One writer at a time on one home, across processes and containers. The record is complete before the lock exists
 * (write, then link), and a lock is broken only when its owner is provably dead; what cannot be told counts as alive.
 */
import { basename, join } from "node:path";
import type { Host } from "../host/host.ts";
import { CfgError, isErrno } from "../model/error.ts";
import { lockedBy, parseHolder, printHolder, takenAt, textAt, UNFINISHED_MS, verdict } from "./holder.ts";
import { bestEffort, hasNoLinks } from "./io-errors.ts";
import { type StorePaths, writeNew } from "./paths.ts";
import { digestOf, encode } from "./safe-read.ts";
import { waitFor } from "./turn.ts";

export type Lock = {
  /** False when somebody broke it meanwhile: then nothing may be written any more. */
  held(): boolean;
  release(): void;
};

const CLAIM = /^lock\.(breaker\.)?[0-9a-f]{16}$/;

/** Waits for the lock, unless told not to, and breaks a stale one. Throws `locked`, which says who holds it. */
export function takeLock(paths: StorePaths, command: string, waits = true): Lock {
  const { host, lock } = paths;
  // The time comes first, so that the names of those who wait are in the order in which they came.
  const nonce = host.now().toString(16).padStart(11, "0").slice(-11) + host.randomHex(5);
  const claim = `${lock}.${nonce}`;
  const text = printHolder(host, nonce, command);
  const wait = waitFor(paths);
  try {
    writeNew(paths, claim, encode(text), undefined, false);
    while (!claimName(paths, claim, lock, text)) {
      if (breakStaleLock(paths, claim, text)) continue;
      if (!waits) throw lockedBy(paths);
      wait(waitingBefore(paths, claim));
    }
  } finally {
    bestEffort(() => host.disk.remove(claim));
  }
  const held = (): boolean => textAt(host, lock) === text;
  return {
    held,
    // A lock that cannot be removed is broken by the next command, once this process is gone.
    release: () => bestEffort(() => held() && host.disk.remove(lock)),
  };
}

/** What a dead process left of its lock: the command it ran, where that can be read, and whether it ever held the lock. */
export type StaleLock = { readonly command: string | null; readonly since: number; readonly held: boolean };

/** The lock and those that were to become it, as far as their processes are dead. */
export function staleLocks({ dir, host }: StorePaths): readonly StaleLock[] {
  return host.disk.list(dir).flatMap((name): StaleLock[] => {
    const path = join(dir, name);
    const held = name === "lock";
    if (!(held || CLAIM.test(name)) || !["dead", "unfinished"].includes(verdict(host, path))) return [];
    const holder = parseHolder(textAt(host, path) ?? "");
    if (holder === null) return [{ command: null, since: Number.POSITIVE_INFINITY, held }];
    // Whoever waited for its turn had written the record long before.
    return [{ command: holder.command, since: Math.max(holder.since, takenAt(host, path)), held }];
  });
}

/** Removes lock files that dead processes left beside the lock; a failure to remove one does not keep the others. */
export function sweepClaims({ dir, host }: StorePaths): void {
  for (const name of host.disk.list(dir)) {
    const path = join(dir, name);
    // A live process completes its file in a moment; whoever died before that leaves one that nobody can judge by its text.
    for (
      let waited = 0;
      CLAIM.test(name) && waited <= UNFINISHED_MS && verdict(host, path) === "unfinished";
      waited += 20
    )
      host.sleep(20);
    if (CLAIM.test(name) && verdict(host, path) === "dead") bestEffort(() => host.disk.remove(path));
  }
}

/** How many came before. Some may be dead by now: then this one looks less often than it might. */
function waitingBefore({ dir, host }: StorePaths, claim: string): number {
  const names = host.disk.list(dir).filter((name) => CLAIM.test(name) && !name.includes("breaker"));
  return Math.max(0, names.indexOf(basename(claim)));
}

/** Gives our record this name; false when the name is taken. */
function claimName(paths: StorePaths, claim: string, name: string, text: string): boolean {
  try {
    paths.host.disk.link(claim, name);
    return true;
  } catch (error) {
    if (isErrno(error, "EEXIST")) return false;
    if (!hasNoLinks(error)) throw error;
  }
  try {
    writeNew(paths, name, encode(text), undefined, false);
    return true;
  } catch (error) {
    if (error instanceof CfgError && isErrno(error.cause, "EEXIST")) return false;
    throw error;
  }
}

/**
 * Removes a lock whose owner is dead; false when there is none, or when another waiter is removing it. Two waiters may
 * read the same stale lock, so only the one that creates the breaker, a file named by a digest of it, may remove the
 * lock, after reading it again. The breaker of a waiter that died meanwhile is stale, too, and gets a breaker of its own.
 */
function breakStaleLock(paths: StorePaths, claim: string, text: string): boolean {
  const { host, lock } = paths;
  const stale = staleLockAt(host, lock);
  const breakers: string[] = [];
  for (let [path, content] = [lock, stale]; content !== null; content = staleLockAt(host, path)) {
    path = `${lock}.breaker.${digestOf(encode(path + content)).slice(0, 16)}`;
    breakers.push(path);
    if (!claimName(paths, claim, path, text)) continue;
    try {
      if (staleLockAt(host, lock) === stale) host.disk.remove(lock);
    } finally {
      for (const breaker of breakers) bestEffort(() => host.disk.remove(breaker));
    }
    return true;
  }
  return false;
}

/** The text of a lock file whose owner is dead; null for any other. */
function staleLockAt(host: Host, path: string): string | null {
  return verdict(host, path) === "dead" ? (textAt(host, path) ?? null) : null;
}
