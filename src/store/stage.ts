/**
 * The new text of a file, complete and flushed under another name beside it, and the one step that makes it the file.
 * That step compares first: what somebody else wrote meanwhile is never replaced knowingly.
 */
import { basename, dirname, join } from "node:path";
import type { Attributes, Disk } from "../host/host.ts";
import type { Digest } from "../model/change.ts";
import { CfgError, isErrno, orNull } from "../model/error.ts";
import type { FileRole } from "../model/op.ts";
import { hasNoLinks } from "./io-errors.ts";
import { leavesHome, type StorePaths, writeNew } from "./paths.ts";
import { digestOf, type FileRead, MAX_FILE_BYTES, readOnce, resolveLinks } from "./safe-read.ts";

const STAGE = /^\..+\.ccfg-([0-9a-z]{11}-[0-9a-f]{6})\.tmp$/;

/** Beside the real file, because a rename works only within one file system. */
export const stagePath = (realPath: string, id: string): string =>
  join(dirname(realPath), `.${basename(realPath)}.ccfg-${id}.tmp`);

/** Writes a stage with the owner and mode that the file shall have. */
export function writeStage(paths: StorePaths, path: string, bytes: Uint8Array, attributes: Attributes | null): void {
  try {
    writeNew(paths, path, bytes, attributes ?? undefined);
  } catch (error) {
    if (attributes === null || !(error instanceof CfgError) || !isErrno(error.cause, "EPERM")) throw error;
    throw new CfgError("unsafe-file", "its owner, group and mode cannot be kept by this user", {
      path,
      cause: error,
      hints: [`Run the command as the owner of the file (uid ${attributes.uid}, gid ${attributes.gid}).`],
    });
  }
}

/** The digest of a stage as it is on the disk; null when there is none. */
export function stagedDigest(disk: Disk, path: string): Digest {
  try {
    return digestOf(disk.read(path, MAX_FILE_BYTES + 1).bytes);
  } catch (error) {
    if (isErrno(error, "ENOENT")) return null;
    throw error;
  }
}

/** Makes the file hold `want` if it still holds `have`; false, and nothing done, if it does not. */
export function publish(
  paths: StorePaths,
  id: string,
  file: FileRole,
  realPath: string,
  have: Digest,
  want: Digest,
): boolean {
  const { disk } = paths.host;
  const read = readRole(paths, file);
  if (read === null || read.realPath !== realPath || read.digest !== have) return false;
  if (want === null) disk.remove(realPath);
  else if (have === null) return publishNew(disk, stagePath(realPath, id), realPath);
  else disk.rename(stagePath(realPath, id), realPath);
  return true;
}

/** Reads a role's file once; null when it changes at this moment, and for what must not be touched. */
export function readRole(paths: StorePaths, file: FileRole): FileRead | null {
  try {
    const read = readOnce(paths.host.disk, paths.pathOf(file));
    return read === null || leavesHome(paths, read) ? null : read;
  } catch (error) {
    if (error instanceof CfgError && error.code === "unsafe-file") return null;
    throw error;
  }
}

/** Removes the stage beside the file that a role's name leads to now. */
export function dropStage(paths: StorePaths, id: string, file: FileRole): void {
  const { disk } = paths.host;
  let path: string;
  try {
    path = stagePath(resolveLinks(disk, paths.pathOf(file)).realPath, id);
  } catch (error) {
    if (error instanceof CfgError) return;
    throw error;
  }
  removeStage(disk, path);
}

/** Names of stages in the home whose transaction is gone. */
export function strayStages({ home, host: { disk }, tx }: StorePaths): readonly string[] {
  // A home that nobody may list is no reason to refuse.
  const names = orNull(() => disk.list(home)) ?? [];
  return names.filter((name) => {
    const id = STAGE.exec(name)?.[1];
    return id !== undefined && disk.stat(join(tx, id)) === null;
  });
}

/** Removes a stage and flushes that: one that a power loss brings back, but not its journal, would stay for ever. */
export function removeStage(disk: Disk, path: string): void {
  if (disk.stat(path) === null) return;
  disk.remove(path);
  disk.syncDir(dirname(path));
}

/** Publishes a file that did not exist, by a link: a rename would silently replace one that appeared at this moment. */
function publishNew(disk: Disk, staged: string, realPath: string): boolean {
  try {
    disk.link(staged, realPath);
  } catch (error) {
    if (isErrno(error, "EEXIST")) return false;
    if (!hasNoLinks(error)) throw error;
    if (disk.stat(realPath) !== null) return false;
    disk.rename(staged, realPath);
    return true;
  }
  disk.remove(staged);
  return true;
}
