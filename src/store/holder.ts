/**
 * The lock file as it is read: who holds the lock, whether that process is gone, and the refusal that names it. Writes
 * nothing.
 */
import type { Host, ProcessIdentity } from "../host/host.ts";
import { CfgError, isErrno } from "../model/error.ts";
import type { Hint } from "../model/hint.ts";
import { plural } from "../text/plural.ts";
import { word } from "../text/shell-quote.ts";
import { identityIn, isDead, lifeOf } from "./alive.ts";
import { isNewerFormat, newerState } from "./format.ts";
import type { StorePaths } from "./paths.ts";
import { decode } from "./safe-read.ts";

/** What a lock file says about who made it. */
export type Holder = ProcessIdentity & {
  readonly v: typeof FORMAT;
  readonly nonce: string;
  readonly command: string;
  readonly since: number;
};

/** How long an incomplete lock file may be one that is being written. After a power loss it stays incomplete. */
export const UNFINISHED_MS = 2000;
const MAX_RECORD = 64 * 1024;
/** Goes up when an older build would misread a lock. */
const FORMAT = 1;

/** The text of a lock file for this process. */
export function printHolder(host: Host, nonce: string, command: string): string {
  return `${JSON.stringify({ v: FORMAT, ...host.self, nonce, command, since: host.now() } satisfies Holder)}\n`;
}

/** Null for a text that is no complete record of today's format. */
export function parseHolder(text: string): Holder | null {
  const holder = parseJson(text) as Partial<Holder> | null;
  const sound = holder?.v === FORMAT && typeof holder.command === "string" && identityIn(holder) !== null;
  return sound ? (holder as Holder) : null;
}

/** The file's text; null when there is none, undefined when it cannot be read as text. */
export function textAt(host: Host, path: string): string | null | undefined {
  try {
    const { bytes, stat } = host.disk.read(path, MAX_RECORD + 1);
    return stat.kind === "file" && bytes.length <= MAX_RECORD ? decode(bytes, path) : undefined;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return null;
    if (error instanceof CfgError || isErrno(error)) return undefined;
    throw error;
  }
}

/** What is known of whoever made a lock file. */
export function verdict(host: Host, path: string): "free" | "alive" | "unfinished" | "dead" {
  const text = textAt(host, path);
  if (text === null) return "free";
  if (text !== undefined && isUnfinished(text)) {
    const stat = host.disk.stat(path);
    return stat !== null && host.now() - Number(stat.mtimeNs / 1_000_000n) > UNFINISHED_MS ? "dead" : "unfinished";
  }
  const holder = text === undefined ? null : parseHolder(text);
  return holder !== null && isDead(host, holder) ? "dead" : "alive";
}

/** When a file became the lock, 0 where there is none: its record may have been written long before, at the end of the queue. */
export function takenAt({ disk }: Host, path: string): number {
  return Number((disk.stat(path)?.ctimeNs ?? 0n) / 1_000_000n);
}

/** True when somebody who may be alive is writing now. */
export function isLocked({ host, lock }: StorePaths): boolean {
  return ["alive", "unfinished"].includes(verdict(host, lock));
}

/** The same, but for a holder that nobody here can see and that has had the lock for long: a change takes less. */
export function isAtWork(paths: StorePaths): boolean {
  const text = textAt(paths.host, paths.lock);
  return isLocked(paths) && !(text && isUnseen(paths.host, text) && isTakenLongAgo(paths));
}

/** A lock of a process that nobody here can see is waited for until it is so old. */
const UNSEEN_AGE_MS = 2000;

export function isTakenLongAgo({ host, lock }: StorePaths): boolean {
  return host.now() - takenAt(host, lock) >= UNSEEN_AGE_MS;
}

/** Whether a lock's holder is of another machine or container, so that nobody here can see it. */
export function isUnseen(host: Host, text: string): boolean {
  const holder = parseHolder(text);
  return holder !== null && lifeOf(host, holder) === "unseen";
}

/** The holder of a lock in words. Parts of them come out of a file and may be anything. */
export function whoHolds({ host, lock }: StorePaths): string {
  const text = textAt(host, lock);
  const holder = text ? parseHolder(text) : null;
  if (holder === null || !text) return "somebody unknown";
  const far = isUnseen(host, text) ? " (another container or machine, so nobody here can see whether it is alive)" : "";
  const time = timeSince(host.now() - takenAt(host, lock));
  return `process ${holder.pid} on ${holder.host}${far}, '${holder.command}', for ${time}`;
}

/** The refusal, which says who holds the lock. */
export function lockedBy(paths: StorePaths): CfgError {
  const text = textAt(paths.host, paths.lock);
  const gone: Hint = { note: "If it is gone for good, remove its lock", shell: `rm ${word(paths.lock)}` };
  if (text && isNewerFormat(parseJson(text), FORMAT)) return newerState("the lock", paths.lock, gone);
  return new CfgError("locked", `another codex-cfg command holds the lock: ${whoHolds(paths)}`, {
    path: paths.lock,
    hints: ["Let it finish and run the same command again.", gone],
  });
}

/** Empty, zeros, or the beginning of a record: a complete one ends in a line break. */
function isUnfinished(text: string): boolean {
  const written = text.replaceAll("\0", "");
  return written === "" || (written.startsWith("{") && !text.endsWith("\n"));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function timeSince(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return plural(seconds, "second");
  return seconds < 7200 ? plural(Math.round(seconds / 60), "minute") : plural(Math.round(seconds / 3600), "hour");
}
