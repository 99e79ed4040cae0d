/**
 * The program's folder in the user's cache, for what may be lost at any time. Code in it is run, so it is one's own or it
 * is not used: no link, nobody else's, writable by nobody else. What cannot be read or written there is left undone.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { orNull } from "../../model/error.ts";

/** Made where it is missing; null where there is none that could be trusted. */
export function userCache(env: NodeJS.ProcessEnv = process.env): string | null {
  const base = cacheBase(env);
  if (base === null) return null;
  const folder = join(base, "codex-cfg");
  return isOwnFolder(folder) || (makeBase(base) && makeOwnFolder(folder)) ? folder : null;
}

/** Makes a folder for this user alone; false where there is something else of that name, or no permission. */
export function makeOwnFolder(folder: string): boolean {
  orNull(() => mkdirSync(folder, { mode: 0o700 }));
  return isOwnFolder(folder);
}

/** A file's bytes; null where there is none, and where somebody else could have written it. */
export function readOwn(file: string): Buffer | null {
  return orNull(() => {
    const fd = openSync(file, constants.O_RDONLY | NOFOLLOW);
    try {
      return isOwn(fstatSync(fd)) ? readFileSync(fd) : null;
    } finally {
      closeSync(fd);
    }
  });
}

/** Written aside, flushed and renamed: half a file of compiled code could end the process that reads it. */
export function writeOwn(file: string, content: Uint8Array | string): void {
  const part = `${file}.${process.pid}`;
  orNull(() => {
    try {
      writeFileSync(part, content, { flag: "wx", flush: true, mode: 0o600 });
      renameSync(part, file);
    } catch {
      unlinkSync(part);
    }
  });
}

/** Zero where the system has no such flag. */
const NOFOLLOW = constants.O_NOFOLLOW ?? 0;

/** Where the system keeps what programs may lose; null where the user has no such place. */
function cacheBase(env: NodeJS.ProcessEnv): string | null {
  const at = (root: string | undefined, ...below: readonly string[]) =>
    root !== undefined && isAbsolute(root) ? join(root, ...below) : null;
  if (process.platform === "win32") return at(env.LOCALAPPDATA);
  const named = at(env.XDG_CACHE_HOME);
  return named ?? (process.platform === "darwin" ? at(env.HOME, "Library", "Caches") : at(env.HOME, ".cache"));
}

/** In nobody else's folder: an administrator who has the home of a user must leave nothing there. */
function makeBase(base: string): boolean {
  const uid = (path: string) => orNull(() => statSync(path).uid);
  return isMine(uid(base)) || (isMine(uid(dirname(base))) && makeOwnFolder(base));
}

export function isOwnFolder(path: string): boolean {
  const stat = orNull(() => lstatSync(path));
  return stat?.isDirectory() === true && isOwn(stat);
}

function isOwn({ mode, uid }: Stats): boolean {
  return isMine(uid) && (process.platform === "win32" || (mode & 0o022) === 0);
}

/** Where the system has no numbers for users, a user's folder is his. */
function isMine(uid: number | null): boolean {
  return uid !== null && uid === (process.geteuid?.() ?? uid);
}
