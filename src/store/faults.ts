/**
 * What the disk's own errors mean to a person. Only errors with a system code are translated: everything else (a bug, a
 * simulated crash) passes through untouched.
 */
import { CfgError } from "../errors.ts";

/** True for an error of the operating system, or for one of the codes when some are named. */
export function isErrno(error: unknown, ...codes: readonly string[]): error is Error & { code: string; path?: string } {
  if (!(error instanceof Error) || error instanceof CfgError) return false;
  const code = (error as { code?: unknown }).code;
  return typeof code === "string" && (codes.length === 0 ? /^E[A-Z0-9]+$/.test(code) : codes.includes(code));
}

/** True when a file system (FAT, some network shares) has no second names for a file. */
export function hasNoLinks(error: unknown): boolean {
  return isErrno(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS");
}

/** The error to throw instead: an `io` error when the system raised it, else the same one. */
export function ioError(error: unknown, path: string): unknown {
  if (!isErrno(error)) return error;
  const sentence = SENTENCES[error.code] ?? `the system refused with ${error.code}`;
  return new CfgError("io", sentence, { path: error.path ?? path, cause: error });
}

/** Runs `step` with its system errors translated. */
export function guarded<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw ioError(error, path);
  }
}

/** Runs a clean-up whose failure changes nothing: the next command does it again. */
export function quietly(step: () => void): void {
  try {
    step();
  } catch (error) {
    if (!isErrno(error) && !(error instanceof CfgError)) throw error;
  }
}

const SENTENCES: Readonly<Record<string, string>> = {
  EACCES: "no permission",
  EBUSY: "in use by another program",
  EDQUOT: "the disk quota is used up",
  EFBIG: "larger than this file system or the process limit allows",
  EIO: "the device reported a read or write error",
  EISDIR: "a folder is in the way",
  EMFILE: "too many open files",
  ENAMETOOLONG: "the name is too long for this file system",
  ENFILE: "too many open files on this system",
  ENOENT: "it is gone, or its folder does not exist",
  ENOSPC: "no space left on the device",
  ENOTDIR: "a part of the path is not a folder",
  ENXIO: "not a regular file",
  EPERM: "no permission",
  EROFS: "read-only file system",
};
