/**
 * The place a store works on: a home, its files by role, and the state folder `.codex-cfg` inside it. Decides whether
 * that folder may be trusted, who owns what is created, and how a new file is written. Never reads a config.
 */
import { dirname, join } from "node:path";
import type { Attributes, Host, Stat } from "../host/host.ts";
import { CfgError, ioError, isErrno } from "../model/error.ts";
import type { Hint } from "../model/hint.ts";
import type { FileRole } from "../model/op.ts";
import { word } from "../text/shell-quote.ts";
import { type ResolvedPath, resolveLinks } from "./safe-read.ts";

export type StorePaths = {
  readonly host: Host;
  readonly home: string;
  readonly pathOf: (role: FileRole) => string;
  /** The state folder and what lies in it. */
  readonly dir: string;
  readonly lock: string;
  readonly tx: string;
  readonly history: string;
  /** The states of files that others left, and the log of them. */
  readonly outside: string;
  /** Whom new files are given to when root works on somebody else's home: its owner, or that of the folder it comes into. */
  readonly owner: () => { readonly uid: number; readonly gid: number } | undefined;
  readonly onWait: ((holder: string) => void) | undefined;
  readonly parses: (text: string) => boolean;
};

/** What a store may be told of the world above it. */
export type StoreOptions = {
  /** Hears for whom this process waits, when that takes long. */
  readonly onWait?: ((holder: string) => void) | undefined;
  /** Whether a text is a whole one, as far as one can tell by itself. */
  readonly parses?: ((text: string) => boolean) | undefined;
};

/** The name of the state folder in a home. */
export const STATE = ".codex-cfg";

export function storePaths(
  host: Host,
  home: string,
  pathOf: (role: FileRole) => string,
  { onWait, parses = () => true }: StoreOptions = {},
): StorePaths {
  const dir = join(home, STATE);
  let owner: { uid: number; gid: number } | null | undefined = null;
  return {
    host,
    home,
    pathOf,
    onWait,
    parses,
    dir,
    lock: join(dir, "lock"),
    tx: join(dir, "tx"),
    history: join(dir, "history"),
    outside: join(dir, "outside"),
    owner() {
      if (owner === null) {
        const at = (path: string) => resolveLinks(host.disk, path).stat;
        const stat = host.uid === 0 ? (at(home) ?? at(dirname(home))) : null;
        owner = stat !== null && stat.uid !== 0 ? { uid: stat.uid, gid: stat.gid } : undefined;
      }
      return owner;
    },
  };
}

/** True when there is a state folder that can be trusted; throws when there is one that cannot. */
export function hasState(paths: StorePaths): boolean {
  const stat = paths.host.disk.stat(paths.dir);
  if (stat !== null) refuseHostile(paths, stat);
  return stat !== null;
}

/** Makes sure of the home itself: the first change may come before the first start of Codex. */
export function ensureHome({ host: { disk }, home, owner }: StorePaths): void {
  if (disk.stat(home) !== null) return;
  try {
    disk.mkdir(home, 0o700, owner());
  } catch (error) {
    if (!isErrno(error, "EEXIST")) throw ioError(error, home);
  }
  disk.syncDir(dirname(home));
}

/** Makes sure of the state folder, the one thing that must exist before the lock can. */
export function ensureState(paths: StorePaths): void {
  if (!hasState(paths)) ensureFolder(paths, paths.dir);
  hasState(paths);
}

/** Makes sure of the folders inside it. Under the lock. */
export function ensureFolders(paths: StorePaths): void {
  const { disk } = paths.host;
  ensureFolder(paths, paths.tx);
  ensureFolder(paths, paths.history);
  if (disk.stat(paths.tx)?.dev !== disk.stat(paths.history)?.dev)
    throw new CfgError("unsafe-file", "it is on another file system than the changes that are to be moved into it", {
      path: paths.history,
      hints: [{ note: "Keep it where its state folder is; see what is mounted", shell: `df ${word(paths.history)}` }],
    });
  // People keep this home in git, and the before-images hold secrets.
  const ignore = join(paths.dir, ".gitignore");
  const stat = disk.stat(ignore);
  if (stat !== null && stat.size > 0) return;
  if (stat !== null) disk.remove(ignore);
  writeNew(paths, ignore, new TextEncoder().encode("*\n"));
}

/**
 * Whether a link in another user's home leads to what is not that user's. Root must not follow it: the new file would be
 * given to that user, wherever it is. Of a link to nothing yet, the folder's owner counts.
 */
export function leavesHome(paths: StorePaths, { linked, realPath, stat }: ResolvedPath): boolean {
  const owner = paths.owner();
  if (owner === undefined || !linked) return false;
  return (stat ?? paths.host.disk.stat(dirname(realPath)))?.uid !== owner.uid;
}

export function ensureFolder(paths: StorePaths, path: string): void {
  const { disk } = paths.host;
  const stat = disk.stat(path);
  if (stat !== null && stat.kind !== "dir") throw new CfgError("unsafe-file", "it is not a folder", { path });
  if (stat !== null) return;
  try {
    disk.mkdir(path, 0o700, paths.owner());
  } catch (error) {
    if (!isErrno(error, "EEXIST")) throw ioError(error, path);
  }
}

/**
 * Writes a file that must not exist yet, to the last byte: a nearly full disk takes fewer bytes than it is given and
 * says nothing. Flushed unless `flush` is false.
 */
export function writeNew(
  paths: StorePaths,
  path: string,
  bytes: Uint8Array,
  attributes?: Attributes,
  flush = true,
): void {
  const owner = paths.owner();
  const wanted = attributes ?? (owner && { mode: 0o600, ...owner });
  let writer: ReturnType<Host["disk"]["create"]> | undefined;
  try {
    writer = paths.host.disk.create(path, 0o600);
    for (let done = 0; done < bytes.length; ) {
      const written = writer.write(bytes.subarray(done));
      if (written <= 0) throw new CfgError("io", "the device took no more bytes", { path });
      done += written;
    }
    if (flush || wanted !== undefined) writer.finish(wanted);
    else writer.close();
  } catch (error) {
    writer?.close();
    throw ioError(error, path);
  }
}

function refuseHostile(paths: StorePaths, stat: Stat): void {
  const { host, dir } = paths;
  const refuse = (message: string, hint: Hint): never => {
    throw new CfgError("unsafe-file", message, { path: dir, hints: [hint] });
  };
  const away = { note: "Look at what it is, then move it away", shell: `mv ${word(dir)} ${word(`${dir}.old`)}` };
  if (stat.kind !== "dir") refuse("the state folder is a link or no folder, so nothing in it can be trusted", away);
  // Windows has neither of the two.
  if (host.uid < 0) return;
  const home = () => resolveLinks(host.disk, paths.home).stat;
  if (stat.uid !== host.uid && stat.uid !== home()?.uid)
    refuse("the state folder belongs to somebody else, so nothing in it can be trusted", away);
  if ((stat.mode & 0o077) === 0) return;
  // Such as a Windows drive in WSL: everything in it looks open, and nothing can be closed.
  const isModeless = (stat.mode & (home()?.mode ?? 0) & 0o777) === 0o777;
  refuse(
    "the state folder is open to other users, and it holds secrets",
    isModeless
      ? { note: "Where nothing can be closed, a home elsewhere can", argv: ["--codex-home", "DIR", "status"] }
      : { note: "Close it", shell: `chmod 700 ${word(dir)}` },
  );
}
