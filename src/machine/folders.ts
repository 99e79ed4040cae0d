/** Folders that settings name: whether they are there, and which of them are one and the same. */
import { isAbsolute } from "node:path";
import type { Host } from "../host/host.ts";
import { isErrno, orNull } from "../model/error.ts";
import { realPath } from "../store/safe-read.ts";

export type FolderState = "there" | "gone" | "unknown";

/** `unknown` for a path of another system, and where nobody may look. */
export function folderState(host: Host, path: string): FolderState {
  // A home may be shared between Windows and a Linux inside of it.
  if (!isAbsolute(path) || (host.platform !== "win32" && /^[A-Za-z]:[\\/]/.test(path))) return "unknown";
  try {
    const real = realFolder(host, path);
    return real !== null && host.disk.stat(real)?.kind === "dir" ? "there" : "gone";
  } catch (error) {
    return isErrno(error, "ENOENT", "ENOTDIR") ? "gone" : "unknown";
  }
}

/** Where a path leads, links followed; null where that is nowhere. */
export function realFolder(host: Host, path: string): string | null {
  return orNull(() => realPath(host.disk, path));
}
