/**
 * One writer at a time on one home, across processes and containers. The record is complete before the lock exists
 * (write, then link), and a lock is broken only when its owner is provably dead; what cannot be told counts as alive.
 */
import { join } from "node:path";
import type { Host, ProcessIdentity } from "../host/host.ts";
import { CfgError, isErrno } from "../model/error.ts";
import { word } from "../text/shell-quote.ts";
import { hasNoLinks, quietly } from "./faults.ts";
import { decode, digestOf, encode } from "./safe-read.ts";
import { type Site, writeNew } from "./site.ts";

export type Lock = {
  /** False when somebody broke it meanwhile: then nothing may be written any more. */
  held(): boolean;
  release(): void;
};

const WAIT_MS = 5000;
/** Without links a record is unfinished for a moment; after a power loss it may be so for ever. */
const UNFINISHED_MS = 2000;
const MAX_RECORD = 64 * 1024;

/** Waits for the lock, breaks a dead one, or says who holds it. */
export function takeLock(site: Site, command: string): Lock {
  const { host, lock } = site;
  const nonce = host.randomHex(16);
  const claim = `${lock}.${nonce}`;
  const text = `${JSON.stringify({ v: 1, ...host.self, nonce, command, since: host.now() } satisfies Holder)}\n`;
  try {
    writeNew(site, claim, encode(text), undefined, false);
    for (let waited = 0; !claimName(site, claim, lock, text); ) {
      if (breakDead(site, claim, text)) continue;
      if (waited >= WAIT_MS) throw lockedBy(site);
      const pause = 1 + (Number.parseInt(host.randomHex(4), 16) % 50);
      host.sleep(pause);
      waited += pause;
    }
  } finally {
    quietly(() => host.disk.remove(claim));
  }
  const held = (): boolean => textAt(host, lock) === text;
  return {
    held,
    // A lock that cannot be removed is broken by the next command, once this process is gone.
    release: () => quietly(() => held() && host.disk.remove(lock)),
  };
}

/** True when somebody who may be alive is writing now. */
export function isLocked(site: Site): boolean {
  return verdict(site.host, site.lock) === "alive";
}

/** Removes lock files that a dead process left beside the lock; one that will not go does not keep the others. */
export function sweepClaims({ dir, host }: Site): void {
  for (const name of host.disk.list(dir)) {
    const path = join(dir, name);
    if (/^lock\.(breaker\.)?[0-9a-f]{16}$/.test(name) && verdict(host, path) === "dead")
      quietly(() => host.disk.remove(path));
  }
}

/** What a lock file says about who made it. */
type Holder = ProcessIdentity & {
  readonly v: 1;
  readonly nonce: string;
  readonly command: string;
  readonly since: number;
};

/** Gives our record this name; false when the name is taken. */
function claimName(site: Site, claim: string, name: string, text: string): boolean {
  try {
    site.host.disk.link(claim, name);
    return true;
  } catch (error) {
    if (isErrno(error, "EEXIST")) return false;
    if (!hasNoLinks(error)) throw error;
  }
  try {
    writeNew(site, name, encode(text), undefined, false);
    return true;
  } catch (error) {
    if (error instanceof CfgError && isErrno(error.cause, "EEXIST")) return false;
    throw error;
  }
}

/**
 * Two waiters may find the same corpse: only the one whose breaker is named after it may remove it, after a second look.
 * A waiter that died doing so is a corpse, too, with a breaker of its own; a name that has been used never means another.
 */
function breakDead(site: Site, claim: string, text: string): boolean {
  const { host, lock } = site;
  const dead = corpseAt(host, lock);
  const breakers: string[] = [];
  for (let [path, corpse] = [lock, dead]; corpse !== null; corpse = corpseAt(host, path)) {
    path = `${lock}.breaker.${digestOf(encode(path + corpse)).slice(0, 16)}`;
    breakers.push(path);
    if (!claimName(site, claim, path, text)) continue;
    try {
      if (corpseAt(host, lock) === dead) host.disk.remove(lock);
    } finally {
      for (const breaker of breakers) quietly(() => host.disk.remove(breaker));
    }
    return true;
  }
  return false;
}

/** What a dead process wrote into a lock file; null when it is nothing of that kind. */
function corpseAt(host: Host, path: string): string | null {
  return verdict(host, path) === "dead" ? (textAt(host, path) ?? null) : null;
}

function verdict(host: Host, path: string): "free" | "alive" | "dead" {
  const text = textAt(host, path);
  if (text === null) return "free";
  if (text !== undefined && isUnfinished(text)) {
    const stat = host.disk.stat(path);
    return stat !== null && host.now() - Number(stat.mtimeNs / 1_000_000n) > UNFINISHED_MS ? "dead" : "alive";
  }
  const holder = text === undefined ? null : parseHolder(text);
  return holder !== null && isDead(host, holder) ? "dead" : "alive";
}

/** Nothing, zeros or the beginning of a record, whose last character is its only line end. */
function isUnfinished(text: string): boolean {
  const written = text.replaceAll("\0", "");
  return written === "" || (written.startsWith("{") && !text.endsWith("\n"));
}

function isDead(host: Host, holder: Holder): boolean {
  const { self } = host;
  const sameName = holder.host === self.host && holder.machineId === self.machineId;
  if (holder.bootId !== self.bootId || self.bootId === null) {
    // Containers made from one image share a machine id, hence the host's name, too.
    if (!sameName) return false;
    if (holder.bootId !== self.bootId) return holder.bootId !== null && self.bootId !== null && self.machineId !== null;
  }
  if (holder.pidNamespace !== self.pidNamespace) return false;
  const start = host.startOf(holder.pid);
  return start === null || (start !== undefined && holder.start !== null && start !== holder.start);
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
  const optional = (value: unknown) => value === null || typeof value === "string";
  try {
    const holder = JSON.parse(text) as Partial<Holder> | null;
    const sound =
      holder?.v === 1 &&
      Number.isInteger(holder.pid) &&
      Number(holder.pid) > 0 &&
      typeof holder.host === "string" &&
      typeof holder.command === "string" &&
      [holder.start, holder.machineId, holder.bootId, holder.pidNamespace].every(optional);
    return sound ? (holder as Holder) : null;
  } catch {
    return null;
  }
}

function lockedBy(site: Site): CfgError {
  const text = textAt(site.host, site.lock);
  const holder = text ? parseHolder(text) : null;
  const who = holder === null ? "somebody unknown" : `process ${holder.pid} on ${holder.host}, '${holder.command}'`;
  return new CfgError("locked", `another codex-cfg command holds the lock: ${who}`, {
    path: site.lock,
    hints: [
      "Let it finish and run the same command again.",
      { note: "If it is gone for good, remove its lock", shell: `rm ${word(site.lock)}` },
    ],
  });
}
