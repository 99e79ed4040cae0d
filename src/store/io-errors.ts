/** What to do when the disk fails: say it in words, ignore it in a clean-up, or take another way. Touches no disk. */
import { CfgError, ioError, isErrno } from "../model/error.ts";

/** True when a file system (FAT, some network shares) has no second names for a file. */
export function hasNoLinks(error: unknown): boolean {
  return isErrno(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS");
}

/** Runs `step` with its system errors translated. */
export function withIoErrors<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw ioError(error, path);
  }
}

/** Runs a clean-up whose failure changes nothing: the next command does it again. */
export function bestEffort(step: () => void): void {
  try {
    step();
  } catch (error) {
    if (!isErrno(error) && !(error instanceof CfgError)) throw error;
  }
}
