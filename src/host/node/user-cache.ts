/**
 * The program's folder in the user's cache, for what may be lost at any time. Code in it is run, so it is one's own or it
 * is not used: no link, nobody else's, writable by nobody else. What cannot be read or written there is left undone.
 */
import { statSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { orNull } from "../../model/error.ts";
import { realDisk } from "./disk.ts";

const disk = realDisk();
/** No file of the program is as large. */
const LARGEST = 64 * 1024 * 1024;

/** Made where it is missing; null where there is none that could be trusted. */
export function userCache(): string | null {
  const base = cacheBase(process.env);
  if (base === null) return null;
  const folder = join(base, "codex-cfg");
  return isOwnFolder(folder) || (makeBase(base) && makeOwnFolder(folder)) ? folder : null;
}

/** The same for whoever only looks: nothing is made. */
export function userCacheThere(): string | null {
  const base = cacheBase(process.env);
  const folder = base && join(base, "codex-cfg");
  return folder !== null && isOwnFolder(folder) ? folder : null;
}

/** Whether there is a folder of this user that nobody else can write in. */
export function isOwnFolder(path: string): boolean {
  const stat = orNull(() => disk.stat(path));
  return stat?.kind === "dir" && isOwn(stat);
}

/** Makes a folder for this user alone; false where there is something else of that name, or no permission. */
export function makeOwnFolder(path: string): boolean {
  orNull(() => disk.mkdir(path, 0o700));
  return isOwnFolder(path);
}

/** A file's bytes; null where there is none, and where somebody else could have written it. */
export function readOwn(file: string): Uint8Array | null {
  const read = orNull(() => disk.read(file, LARGEST));
  return read?.stat.kind === "file" && isOwn(read.stat) ? read.bytes : null;
}

/** Written aside, flushed and renamed: half a file of compiled code could end the process that reads it. */
export function writeOwn(file: string, content: Uint8Array): void {
  const part = `${file}.${process.pid}`;
  orNull(() => {
    const writer = disk.create(part, 0o600);
    try {
      for (let done = 0; done < content.length; ) done += writer.write(content.subarray(done));
      writer.finish();
      disk.rename(part, file);
    } catch {
      writer.close();
      disk.remove(part);
    }
  });
}

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

function isOwn({ mode, uid }: { readonly mode: number; readonly uid: number }): boolean {
  return isMine(uid) && (process.platform === "win32" || (mode & 0o022) === 0);
}

/** Where the system has no numbers for users, a user's folder is his. */
function isMine(uid: number | null): boolean {
  return uid !== null && uid === (process.geteuid?.() ?? uid);
}
