/**
 * Reading until what was read can be trusted: not while somebody writes, nor in a pause of a writer that has written half.
 * A file that has rested for a second is what it is, and costs nothing. Knows what a doubt costs, not what raises one.
 */
import type { Host } from "../host/host.ts";
import { CfgError } from "../model/error.ts";
import { type FileRead, readOnce, sameFile } from "./safe-read.ts";

/** What is known of a file beside its bytes. */
export type Known = {
  /** Whether this tool wrote these bytes itself. */
  readonly ours: (digest: string) => boolean;
  /** Why a young file may be half of one; null for one that looks whole. */
  readonly doubt?: (bytes: Uint8Array) => Doubt | null;
};

/** `shrankFrom`: how long it was when it was last known, where it is shorter now. */
export type Doubt = { readonly shrankFrom?: number };

/** A reading to trust, and how long the file was before it shrank, where that happened within the last second. */
export type Settled = FileRead & Doubt;

/** A file younger than this may still be half written: Codex has a writer that truncates in place. */
const STABLE_AGE_MS = 50;
/** The longest pause in the middle of a file that is noticed. */
const PAUSE_MS = 1000;
const PATIENCE_MS = 3000;

/** Throws `file-busy` for a file that does not come to rest, or stays open for writing. */
export function readStable(host: Host, path: string, { doubt, ours }: Known): Settled {
  let last: FileRead | null = null;
  let pause = 0;
  let unchangedFor = 0;
  let isDoubted = false;
  for (let waited = 0; waited <= PATIENCE_MS; waited += pause) {
    const read = readOnce(host.disk, path);
    if (read !== null) {
      if (read.stat === null || read.bytes === null) return read;
      const age = host.now() - Number(read.stat.mtimeNs / 1_000_000n);
      const isEmpty = read.stat.size === 0;
      if (!isEmpty && (isDoubted || age < PAUSE_MS) && ours(read.digest ?? "")) return read;
      // By a clock that stands still or is behind the disk's, the file would be young for ever.
      unchangedFor = last?.stat && sameFile(last.stat, read.stat) ? unchangedFor + pause : 0;
      // A file that is being truncated has its new size before its new time, so an empty one is never believed at once.
      if (unchangedFor >= STABLE_AGE_MS || (!isEmpty && age >= STABLE_AGE_MS)) {
        if (doubt === undefined || (age >= PAUSE_MS && !isDoubted)) return read;
        const doubted = doubt(read.bytes);
        // What was closed while one looked may have been half of what it is now.
        const isBusy = host.isOpenForWriting(read.realPath) || !isUnchanged(host, read);
        if (doubted === null && !isBusy) return read;
        if (!isBusy && unchangedFor > 0 && Math.max(age, unchangedFor) >= PAUSE_MS) return { ...read, ...doubted };
        isDoubted = true;
      }
      pause = Math.min(STABLE_AGE_MS, Math.max(1, STABLE_AGE_MS - age));
      if (isDoubted) pause = STABLE_AGE_MS;
    } else {
      pause = 5;
    }
    last = read;
    host.sleep(pause);
  }
  throw new CfgError("file-busy", "another program is writing this file", {
    path,
    hints: ["Let it finish, or close it, then run the same command again."],
  });
}

function isUnchanged({ disk }: Host, { realPath, stat }: FileRead): boolean {
  const now = disk.stat(realPath);
  return stat !== null && now !== null && sameFile(stat, now);
}
