/**
 * One writer at a time on one home, across processes and containers. The record is complete before the lock exists
 * (write, then link), and a lock is broken only when its owner is provably dead; what cannot be told counts as alive.
 */
import { join } from "node:path";
import type { Host, ProcessIdentity } from "../host/host.ts";
import { CfgError, isErrno } from "../model/error.ts";
import type { Hint } from "../model/hint.ts";
import { word } from "../text/shell-quote.ts";
import { identityIn, isDead } from "./alive.ts";
import { isNewerFormat, newerState } from "./format.ts";
import { bestEffort, hasNoLinks } from "./io-errors.ts";
import { type StorePaths, writeNew } from "./paths.ts";
import { decode, digestOf, encode } from "./safe-read.ts";

export type Lock = {
  /** False when somebody broke it meanwhile: then nothing may be written any more. */
  held(): boolean;
  release(): void;
};

export const WAIT_MS = 5000;
/** How long an incomplete lock file may be one that is being written. After a power loss it stays incomplete. */
const UNFINISHED_MS = 2000;
const MAX_RECORD = 64 * 1024;
const CLAIM = /^lock\.(breaker\.)?[0-9a-f]{16}$/;
/** Goes up when an older build would misread a lock. */
const FORMAT = 1;

/** Waits for the lock and breaks a stale one. Throws `locked`, which says who holds it. */
export function takeLock(paths: StorePaths, command: string, patience = WAIT_MS): Lock {
  const { host, lock } = paths;
  const nonce = host.randomHex(16);
  const claim = `${lock}.${nonce}`;
  const text = `${JSON.stringify({ v: FORMAT, ...host.self, nonce, command, since: host.now() } satisfies Holder)}\n`;
  try {
    writeNew(paths, claim, encode(text), undefined, false);
    for (let waited = 0; !claimName(paths, claim, lock, text); ) {
      if (breakStaleLock(paths, claim, text)) continue;
      if (waited >= patience) throw lockedBy(paths);
      const pause = 1 + (Number.parseInt(host.randomHex(4), 16) % 50);
      host.sleep(pause);
      waited += pause;
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

/** True when somebody who may be alive is writing now. */
export function isLocked({ host, lock }: StorePaths): boolean {
  return ["alive", "unfinished"].includes(verdict(host, lock));
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
    return [{ command: holder?.command ?? null, since: holder?.since ?? Number.POSITIVE_INFINITY, held }];
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

/** What a lock file says about who made it. */
type Holder = ProcessIdentity & {
  readonly v: typeof FORMAT;
  readonly nonce: string;
  readonly command: string;
  readonly since: number;
};

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

function verdict(host: Host, path: string): "free" | "alive" | "unfinished" | "dead" {
  const text = textAt(host, path);
  if (text === null) return "free";
  if (text !== undefined && isUnfinished(text)) {
    const stat = host.disk.stat(path);
    return stat !== null && host.now() - Number(stat.mtimeNs / 1_000_000n) > UNFINISHED_MS ? "dead" : "unfinished";
  }
  const holder = text === undefined ? null : parseHolder(text);
  return holder !== null && isDead(host, holder) ? "dead" : "alive";
}

/** Empty, zeros, or the beginning of a record: a complete one ends in a line break. */
function isUnfinished(text: string): boolean {
  const written = text.replaceAll("\0", "");
  return written === "" || (written.startsWith("{") && !text.endsWith("\n"));
}

/** The file's text; null when there is none, undefined when it cannot be read as text. */
function textAt(host: Host, path: string): string | null | undefined {
  try {
    const { bytes, stat } = host.disk.read(path, MAX_RECORD + 1);
    return stat.kind === "file" && bytes.length <= MAX_RECORD ? decode(bytes, path) : undefined;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return null;
    if (error instanceof CfgError || isErrno(error)) return undefined;
    throw error;
  }
}

function parseHolder(text: string): Holder | null {
  const holder = parseJson(text) as Partial<Holder> | null;
  const sound = holder?.v === FORMAT && typeof holder.command === "string" && identityIn(holder) !== null;
  return sound ? (holder as Holder) : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The refusal, which says who holds the lock. */
export function lockedBy(paths: StorePaths): CfgError {
  const text = textAt(paths.host, paths.lock);
  const gone: Hint = { note: "If it is gone for good, remove its lock", shell: `rm ${word(paths.lock)}` };
  if (text && isNewerFormat(parseJson(text), FORMAT)) return newerState("the lock", paths.lock, gone);
  const holder = text ? parseHolder(text) : null;
  const who = holder === null ? "somebody unknown" : `process ${holder.pid} on ${holder.host}, '${holder.command}'`;
  return new CfgError("locked", `another codex-cfg command holds the lock: ${who}`, {
    path: paths.lock,
    hints: ["Let it finish and run the same command again.", gone],
  });
}
