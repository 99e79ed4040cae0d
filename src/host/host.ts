/**
 * The one seam for effects. Everything that touches the world (disk, environment, clock, terminal, processes) goes
 * through a Host; only `bin.ts` and what lies in `node/` name `node:fs` or `process`.
 * Synchronous on purpose: nothing interleaves inside one process, and a test can fail every single call. What may take
 * long is not, so that a signal is noticed meanwhile.
 */

/** What `lstat` knows about a path. Times are nanoseconds since the epoch. */
export type Stat = {
  readonly kind: "file" | "dir" | "link" | "other";
  /** Where a link points, as written in it. */
  readonly target?: string;
  readonly size: number;
  /** Permission bits only. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly nlink: number;
  readonly dev: bigint;
  readonly ino: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
};

/** Permission bits and owner of a file that is about to be finished. */
export type Attributes = { readonly mode: number; readonly uid: number; readonly gid: number };

/** A file being written. Not visible under its final name until somebody renames it. */
export interface Writer {
  /** Writes some of the bytes and says how many: a full disk may take fewer than all. */
  write(bytes: Uint8Array): number;
  /** Gives it owner and mode (in this order), flushes it to the disk and closes it. Closes it on failure, too. */
  finish(attributes?: Attributes): void;
  /** Closes it without flushing. Never throws. */
  close(): void;
}

/**
 * A file system at the level where a crash can fall between two calls. All paths are absolute. Failures are Node's own
 * errors with `code` (`ENOSPC`, `EACCES`, …).
 */
export interface Disk {
  /** Does not follow a link at the end; null when there is nothing. */
  stat(path: string): Stat | null;
  /**
   * One look at a regular file: never follows a link at the end, never blocks on a pipe. Reads at most `limit` bytes,
   * the first ones or those at the `tail`. `stat` is from before and `after` from after the reading, of the open file.
   */
  read(
    path: string,
    limit: number,
    part?: "head" | "tail",
  ): { readonly bytes: Uint8Array; readonly stat: Stat; readonly after: Stat };
  /** Names in a folder, sorted. */
  list(path: string): readonly string[];
  /** Whether this user may write to a file or a folder, links followed. */
  mayWrite(path: string): boolean;
  /** Creates a new file, never opens an existing one or follows a link. */
  create(path: string, mode: number): Writer;
  rename(from: string, to: string): void;
  /** A second name for a file; fails with EEXIST when the name is taken. */
  link(from: string, to: string): void;
  /** Removes a file or an empty folder. */
  remove(path: string): void;
  mkdir(path: string, mode: number, owner?: { readonly uid: number; readonly gid: number }): void;
  /** Flushes a folder's entries to the disk; does nothing where the system cannot. */
  syncDir(path: string): void;
}

/** What tells one process from every other one, on this and other machines. */
export type ProcessIdentity = {
  readonly pid: number;
  /** When it started, in the system's own words; null where unknown. */
  readonly start: string | null;
  readonly host: string;
  readonly machineId: string | null;
  readonly bootId: string | null;
  readonly pidNamespace: string | null;
  /** Another one counts the times of starts from elsewhere; missing in what earlier builds wrote down. */
  readonly timeNamespace?: string | null;
};

/** What a finished child process left behind. `status` is null when it was killed or could not start. */
export type RunResult = {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** There is no such program, or it is none. */
  readonly notStarted?: boolean;
};

export type RunOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** 0 waits for ever. */
  readonly timeoutMs: number;
};

/** A running program of this user: who started it, and its command line word by word. */
export type Program = {
  readonly pid: number;
  readonly parent: number;
  readonly command: readonly string[];
  /** The Codex home of a Codex; missing where nobody can tell. */
  readonly codexHome?: string;
};

/** One thing to choose; what `about` says is shown beside it. */
export type Choice = { readonly value: string; readonly label: string; readonly about: string };

/** How a list is shown: one answer or several, whether none is an answer too, and in colour or not. */
export type SelectOptions = { readonly several: boolean; readonly allowNone?: boolean; readonly color: boolean };

export interface Terminal {
  /** A person is there to be asked: standard input and standard error are both terminals. */
  readonly interactive: boolean;
  readonly outIsTty: boolean;
  readonly errIsTty: boolean;
  readonly columns: number;
  out(text: string): void;
  err(text: string): void;
  /** Shows a question and resolves to the line typed, without its end; null at end of input. `hidden`: nobody sees it. */
  ask(question: string, look?: { readonly hidden: boolean }): Promise<string | null>;
  /** All of standard input as UTF-8 text, at most `limit` bytes of it; null where it is longer, or no such text. */
  read(limit: number): Promise<string | null>;
  /** Shows a list and resolves to the values chosen; null when the person would rather not. */
  pick(question: string, choices: readonly Choice[], options: SelectOptions): Promise<readonly string[] | null>;
}

/** Answers that take long to get and stay true for a moment. Kept as digests, where the user has a cache. */
export interface AnswerCache {
  /** Whether this very answer was added within the last ten minutes. */
  has(answer: string): boolean;
  add(answer: string): void;
}

export interface Host {
  readonly disk: Disk;
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly arch: string;
  readonly cwd: string;
  readonly userHome: string;
  readonly tmp: string;
  /** This user's own folder for what may be lost at any time; null where there is none that can be trusted. */
  readonly cache: string | null;
  /** The user running this, -1 where the system has no such number. */
  readonly uid: number;
  readonly self: ProcessIdentity;
  /** When the process with this id started; null when there is none, undefined when that cannot be told. */
  startOf(pid: number): string | null | undefined;
  /** Milliseconds since the epoch. */
  now(): number;
  /** The same as ISO 8601 text, UTC. */
  timestamp(): string;
  /** Waits, blocking. */
  sleep(milliseconds: number): void;
  readonly answerCache: AnswerCache;
  /** Random lower-case hex digits. */
  randomHex(digits: number): string;
  /** This user's running programs; null where nobody can tell. */
  programs(): readonly Program[] | null;
  /** Whether a process of this user has a file open for writing now; null where nobody can tell. */
  isOpenForWriting(path: string): boolean | null;
  /** Whether something answers on this port at an address of this machine; only a refusal is a no. */
  listens(port: number, address: string): Promise<boolean>;
  /**
   * The rows that a question to a SQLite file of one's own gives, those in its `-wal` too; null where neither this Node nor
   * an optional package can read such files.
   */
  query(path: string, sql: string): readonly Readonly<Record<string, unknown>>[] | null;
  /**
   * Runs a program to its end with empty standard input. It ends with its time, or with this process: then everything that
   * it has started ends, too, and this rejects with `interrupted`.
   */
  run(
    file: string,
    args: readonly string[],
    options: RunOptions & {
      /** Lets people see what it prints, on standard error, instead of capturing it. */
      readonly inherit?: boolean;
      /** Gives it the whole terminal, as an editor needs it. */
      readonly terminal?: boolean;
    },
  ): Promise<RunResult>;
  /** The same at once, for what answers in milliseconds: a signal waits until it is over. */
  runSync(file: string, args: readonly string[], options: RunOptions): RunResult;
  /**
   * Does work that has something to put away at its end. A signal that would end this process waits until then, and then
   * this rejects with `interrupted`.
   */
  guarded<T>(work: () => Promise<T>): Promise<T>;
  /** Lets such a signal wait until the synchronous work under way is over. */
  holdSignals(): void;
}
