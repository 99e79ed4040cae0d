/**
 * The one error that codex-cfg throws on purpose: a code from a closed list, a sentence, and hints that end in a
 * command one can paste. Knows which exit code each code means; never prints.
 */

/** Exit code of the command line for each error code (see docs in the README). */
const EXIT = {
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
  "codex-refuses": 3,
  "unsupported-edit": 3,
  "damaged-journal": 3,
  /** The machine said no; nothing was written. */
  io: 4,
  /** Past the point of no return and not confirmed. */
  unconfirmed: 5,
  /** Our bug. */
  internal: 70,
} as const;

/** Every code a {@link CfgError} can carry. */
export type ErrorCode = keyof typeof EXIT;

/** What a thrower may add to the sentence. */
export type ErrorDetails = {
  /** The file or folder it is about, as the user would name it. */
  readonly path?: string | undefined;
  /** 1-based position in that file. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** Sentences that help, the last of them a command one can paste. */
  readonly hints?: readonly string[] | undefined;
  readonly cause?: unknown;
};

/** An error with a code from a closed list. `message` never holds text out of a config file. */
export class CfgError extends Error {
  override readonly name = "CfgError";
  readonly code: ErrorCode;
  readonly path: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly hints: readonly string[];

  /** True of an error from another copy of this file, too: a program may have come in several. */
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
  }

  /** The process exit code that this error means. */
  get exitCode(): number {
    return EXIT[this.code];
  }
}
