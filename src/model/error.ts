/**
 * The one error that codex-cfg throws on purpose: a code from a closed list, a sentence, and hints that end in a
 * command one can paste; and sentences for errors of the operating system. Knows the exit code of each code; never prints.
 */
import type { Hint } from "./hint.ts";

/** Exit code of the command line for each error code. */
export const EXIT_CODES = {
  /** The command line is wrong. */
  usage: 2,
  "unknown-name": 2,
  /** Refused to keep the user safe; nothing was written. */
  "no-home": 3,
  "invalid-toml": 3,
  "invalid-config": 3,
  "unsafe-file": 3,
  "reserved-provider": 3,
  "would-overwrite": 3,
  "stale-plan": 3,
  conflict: 3,
  locked: 3,
  "file-busy": 3,
  "codex-refuses": 3,
  "would-log-out": 3,
  "unsupported-edit": 3,
  "damaged-journal": 3,
  "newer-state": 3,
  /** The system refused (I/O, permission, space); nothing was written. */
  io: 4,
  /** Past the point of no return, and the result could not be confirmed. */
  unconfirmed: 5,
  /** Our bug. */
  internal: 70,
  /** A signal came, whichever it was; nothing was written. */
  interrupted: 130,
} as const;

/** Every code a {@link CfgError} can carry. */
export type ErrorCode = keyof typeof EXIT_CODES;

/** What a thrower may add to the sentence. */
export type ErrorDetails = {
  /** The file or folder it is about, as the user would name it. */
  readonly path?: string | undefined;
  /** 1-based position in that file. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** What helps, the last of them with a command to paste. */
  readonly hints?: readonly Hint[] | undefined;
  /** The change that is refused, file by file, as it may be shown. */
  readonly diffs?: readonly { readonly text: string }[] | undefined;
  readonly cause?: unknown;
};

/** An error with a code from a closed list. `message` never holds text out of a config file. */
export class CfgError extends Error {
  override readonly name = "CfgError";
  readonly code: ErrorCode;
  readonly path: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly hints: readonly Hint[];
  readonly diffs: readonly { readonly text: string }[];

  /** True of an error from another copy of this file, too: a process may load the library twice. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && (value as { name?: unknown }).name === "CfgError";
  }

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.path = details.path;
    this.line = details.line;
    this.column = details.column;
    this.hints = details.hints ?? [];
    this.diffs = details.diffs ?? [];
  }

  /** The process exit code that this error means. */
  get exitCode(): number {
    return EXIT_CODES[this.code];
  }
}

/** True for an error of the operating system, or for one of the codes when some are named. */
export function isErrno(error: unknown, ...codes: readonly string[]): error is Error & { code: string; path?: string } {
  if (!(error instanceof Error) || error instanceof CfgError) return false;
  const code = (error as { code?: unknown }).code;
  return typeof code === "string" && (codes.length === 0 ? /^E[A-Z0-9]+$/.test(code) : codes.includes(code));
}

/** True for the error that a signal makes of work; it stops callers, too, that go on after any other failure. */
export function isInterrupted(error: unknown): boolean {
  return error instanceof CfgError && error.code === "interrupted";
}

/** The result of `look`; null where it throws, for callers that do not need the reason. */
export function orNull<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}

/**
 * The error to throw instead: an `io` error for one of the system, else the same one, so that a bug or a simulated crash
 * passes through. `path` is used where the system names none.
 */
export function ioError(error: unknown, path?: string): unknown {
  if (!isErrno(error)) return error;
  const sentence = SENTENCES[error.code] ?? `the system refused with ${error.code}`;
  return new CfgError("io", sentence, { path: error.path ?? path, cause: error });
}

const SENTENCES: Readonly<Record<string, string>> = {
  EACCES: "no permission",
  EBUSY: "in use by another program, or mounted by itself",
  EDQUOT: "the disk quota is used up",
  EFBIG: "larger than this file system or the process limit allows",
  EIO: "the device reported a read or write error",
  EISDIR: "a folder is in the way",
  ELOOP: "its links lead in a circle",
  EMFILE: "too many open files",
  ENAMETOOLONG: "the name is too long for this file system",
  ENFILE: "too many open files on this system",
  ENOENT: "it is gone, or its folder does not exist",
  ENOSPC: "no space left on the device",
  ENOTDIR: "a part of the path is not a folder",
  ENXIO: "not a regular file",
  EPERM: "no permission",
  EROFS: "read-only file system",
  EXDEV: "it would have to move to another file system",
};
