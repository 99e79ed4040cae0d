/**
 * The real disk, one system call at a time: never follows a link where it must not, never blocks on a pipe, and says with
 * Node's own errors what went wrong.
 */
import {
  accessSync,
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { isErrno, orNull } from "../../model/error.ts";
import type { Attributes, Disk, Stat, Writer } from "../host.ts";
import { sleep } from "./process.ts";

/** Zero where the system has no such flag. */
const NOFOLLOW = constants.O_NOFOLLOW ?? 0;
const NONBLOCK = constants.O_NONBLOCK ?? 0;

export function realDisk(): Disk {
  return {
    stat(path) {
      try {
        const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
        if (stat === undefined) return null;
        return stat.isSymbolicLink() ? { ...toStat(stat), target: readlinkSync(path) } : toStat(stat);
      } catch (error) {
        if (isErrno(error, "ENOENT", "ENOTDIR")) return null;
        throw error;
      }
    },
    read: readOnce,
    list: (path) => readdirSync(path).sort(),
    mayWrite: (path) => orNull(() => accessSync(path, constants.W_OK)) !== null,
    create(path, mode) {
      const { O_WRONLY, O_CREAT, O_EXCL } = constants;
      return writerOn(openSync(path, O_WRONLY | O_CREAT | O_EXCL | NOFOLLOW, mode));
    },
    rename: process.platform === "win32" ? withRetries(renameSync, sleep) : renameSync,
    link: linkSync,
    remove(path) {
      if (lstatSync(path).isDirectory()) rmdirSync(path);
      else unlinkSync(path);
    },
    mkdir(path, mode, owner) {
      mkdirSync(path, { mode });
      // Not chown: the folder's name could have been swapped for a link by whoever owns its parent.
      if (owner !== undefined) lchownSync(path, owner.uid, owner.gid);
    },
    syncDir,
  };
}

/** On Windows a reader or a virus scanner that has the file open makes rename fail for a moment. */
export function withRetries(rename: Disk["rename"], wait: (milliseconds: number) => void): Disk["rename"] {
  return (from, to) => {
    for (let waited = 0, pause = 5; ; waited += pause, pause = Math.min(pause * 2, 200)) {
      try {
        rename(from, to);
        return;
      } catch (error) {
        if (waited >= 2000 || !isErrno(error, "EPERM", "EACCES", "EBUSY")) throw error;
      }
      wait(pause);
    }
  };
}

function toStat(stat: BigIntStats): Stat {
  return {
    kind: stat.isFile() ? "file" : stat.isDirectory() ? "dir" : stat.isSymbolicLink() ? "link" : "other",
    size: Number(stat.size),
    mode: Number(stat.mode & 0o7777n),
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    nlink: Number(stat.nlink),
    dev: stat.dev,
    ino: stat.ino,
    mtimeNs: stat.mtimeNs,
    ctimeNs: stat.ctimeNs,
  };
}

function readOnce(path: string, limit: number, part: "head" | "tail" = "head"): ReturnType<Disk["read"]> {
  const fd = openSync(path, constants.O_RDONLY | NOFOLLOW | NONBLOCK);
  try {
    const stat = toStat(fstatSync(fd, { bigint: true }));
    if (stat.kind !== "file") return { bytes: new Uint8Array(0), stat, after: stat };
    // One byte more than expected, so that a file that grew meanwhile is noticed.
    const buffer = new Uint8Array(Math.min(limit, stat.size + 1));
    const from = part === "tail" ? Math.max(0, stat.size - limit) : 0;
    let length = 0;
    while (length < buffer.length) {
      const read = readSync(fd, buffer, length, buffer.length - length, from + length);
      if (read === 0) break;
      length += read;
    }
    return { bytes: buffer.subarray(0, length), stat, after: toStat(fstatSync(fd, { bigint: true })) };
  } finally {
    closeSync(fd);
  }
}

function writerOn(descriptor: number): Writer {
  let fd: number | null = descriptor;
  const open = (): number => {
    if (fd === null) throw new Error("written after it was closed");
    return fd;
  };
  const close = (): void => {
    if (fd === null) return;
    const closing = fd;
    fd = null;
    // The caller gives the file up; there is nobody to tell.
    orNull(() => closeSync(closing));
  };
  return {
    write: (bytes) => writeSync(open(), bytes),
    finish(attributes) {
      try {
        if (attributes !== undefined) setAttributes(open(), attributes);
        fsyncSync(open());
      } catch (error) {
        close();
        throw error;
      }
      const closing = open();
      fd = null;
      closeSync(closing);
    },
    close,
  };
}

/** Owner first: changing it may clear mode bits, and a wide mode must not meet the wrong owner. */
function setAttributes(fd: number, wanted: Attributes): void {
  const has = fstatSync(fd);
  if (has.uid !== wanted.uid || has.gid !== wanted.gid) fchownSync(fd, wanted.uid, wanted.gid);
  fchmodSync(fd, wanted.mode);
}

function syncDir(path: string): void {
  const unsupported = (error: unknown) => isErrno(error, "EINVAL", "EISDIR", "EPERM", "ENOTSUP");
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY);
  } catch (error) {
    if (unsupported(error)) return;
    throw error;
  }
  try {
    fsyncSync(fd);
  } catch (error) {
    if (!unsupported(error)) throw error;
  } finally {
    closeSync(fd);
  }
}
