/**
 * The real world behind a {@link Host}: with the rest of the process edge the only code that names node:fs, the process,
 * the clock or randomness. Nothing is looked up before somebody asks for it, and the heavy modules are loaded only then.
 */
import { randomBytes } from "node:crypto";
// By name: a namespace of the whole module is a copy of it, which each start would pay for.
import {
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  renameSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { createRequire } from "node:module";
import type {
  Attributes,
  Disk,
  Host,
  Memory,
  ProcessIdentity,
  Program,
  RunResult,
  Stat,
  Terminal,
  Writer,
} from "../host.ts";

/** The machine this process runs on; without a memory it finds everything out anew. */
export function realHost(memory: Memory = { holds: () => false, keep: () => {} }): Host {
  const once = memo();
  return {
    disk: realDisk(),
    terminal: realTerminal(),
    env: process.env,
    platform: process.platform,
    arch: process.arch,
    get cwd() {
      return process.cwd();
    },
    get userHome() {
      return os().homedir();
    },
    get tmp() {
      return os().tmpdir();
    },
    uid: process.geteuid?.() ?? -1,
    get self() {
      return once("self", identity);
    },
    startOf,
    now: () => Date.now(),
    timestamp: () => new Date().toISOString(),
    sleep,
    memory,
    randomHex: (digits) =>
      randomBytes(Math.ceil(digits / 2))
        .toString("hex")
        .slice(0, digits),
    programs,
    listens,
    query,
    run,
  };
}

const load = createRequire(import.meta.url);
const os = () => load("node:os") as typeof import("node:os");

function memo(): <T>(key: string, make: () => T) => T {
  const known = new Map<string, unknown>();
  return <T>(key: string, make: () => T): T => {
    if (!known.has(key)) known.set(key, make());
    return known.get(key) as T;
  };
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.max(0, milliseconds));
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code ?? "");
}

// --- disk ---------------------------------------------------------------------------------------------------------

/** Zero where the system has no such flag. */
const NOFOLLOW = constants.O_NOFOLLOW ?? 0;
const NONBLOCK = constants.O_NONBLOCK ?? 0;

function realDisk(): Disk {
  return {
    stat(path) {
      try {
        const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
        if (stat === undefined) return null;
        return stat.isSymbolicLink() ? { ...toStat(stat), target: readlinkSync(path) } : toStat(stat);
      } catch (error) {
        if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
        throw error;
      }
    },
    read: readOnce,
    list: (path) => readdirSync(path).sort(),
    create(path, mode) {
      const { O_WRONLY, O_CREAT, O_EXCL } = constants;
      return writerOn(openSync(path, O_WRONLY | O_CREAT | O_EXCL | NOFOLLOW, mode));
    },
    rename: process.platform === "win32" ? patiently(renameSync, sleep) : renameSync,
    link: linkSync,
    remove(path) {
      if (lstatSync(path).isDirectory()) rmdirSync(path);
      else unlinkSync(path);
    },
    mkdir(path, mode, owner) {
      mkdirSync(path, { mode });
      // Not chown: the folder's name could have been swapped for a link by whoever owns its parent.
      if (owner !== undefined) lchownSync(path, owner.uid, owner.gid);
    },
    syncDir,
  };
}

function toStat(stat: BigIntStats): Stat {
  return {
    kind: stat.isFile() ? "file" : stat.isDirectory() ? "dir" : stat.isSymbolicLink() ? "link" : "other",
    size: Number(stat.size),
    mode: Number(stat.mode & 0o7777n),
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    nlink: Number(stat.nlink),
    dev: stat.dev,
    ino: stat.ino,
    mtimeNs: stat.mtimeNs,
    ctimeNs: stat.ctimeNs,
  };
}

function readOnce(path: string, limit: number, part: "head" | "tail" = "head"): ReturnType<Disk["read"]> {
  const fd = openSync(path, constants.O_RDONLY | NOFOLLOW | NONBLOCK);
  try {
    const stat = toStat(fstatSync(fd, { bigint: true }));
    if (stat.kind !== "file") return { bytes: new Uint8Array(0), stat, after: stat };
    // One byte more than expected, so that a file that grew meanwhile is noticed.
    const buffer = new Uint8Array(Math.min(limit, stat.size + 1));
    const from = part === "tail" ? Math.max(0, stat.size - limit) : 0;
    let length = 0;
    while (length < buffer.length) {
      const read = readSync(fd, buffer, length, buffer.length - length, from + length);
      if (read === 0) break;
      length += read;
    }
    return { bytes: buffer.subarray(0, length), stat, after: toStat(fstatSync(fd, { bigint: true })) };
  } finally {
    closeSync(fd);
  }
}

function writerOn(descriptor: number): Writer {
  let fd: number | null = descriptor;
  const open = (): number => {
    if (fd === null) throw new Error("written after it was closed");
    return fd;
  };
  const close = (): void => {
    if (fd === null) return;
    const closing = fd;
    fd = null;
    try {
      closeSync(closing);
    } catch {
      // The caller gives the file up; there is nobody to tell.
    }
  };
  return {
    write: (bytes) => writeSync(open(), bytes),
    finish(attributes) {
      try {
        if (attributes !== undefined) dress(open(), attributes);
        fsyncSync(open());
      } catch (error) {
        close();
        throw error;
      }
      const closing = open();
      fd = null;
      closeSync(closing);
    },
    close,
  };
}

/** Owner first: changing it may clear mode bits, and a wide mode must not meet the wrong owner. */
function dress(fd: number, wanted: Attributes): void {
  const has = fstatSync(fd);
  if (has.uid !== wanted.uid || has.gid !== wanted.gid) fchownSync(fd, wanted.uid, wanted.gid);
  fchmodSync(fd, wanted.mode);
}

function syncDir(path: string): void {
  const unsupported = (error: unknown) => hasCode(error, "EINVAL", "EISDIR", "EPERM", "ENOTSUP");
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY);
  } catch (error) {
    if (unsupported(error)) return;
    throw error;
  }
  try {
    fsyncSync(fd);
  } catch (error) {
    if (!unsupported(error)) throw error;
  } finally {
    closeSync(fd);
  }
}

/** On Windows a reader or a virus scanner that has the file open makes rename fail for a moment. */
export function patiently(rename: Disk["rename"], wait: (milliseconds: number) => void): Disk["rename"] {
  return (from, to) => {
    for (let waited = 0, pause = 5; ; waited += pause, pause = Math.min(pause * 2, 200)) {
      try {
        rename(from, to);
        return;
      } catch (error) {
        if (waited >= 2000 || !hasCode(error, "EPERM", "EACCES", "EBUSY")) throw error;
      }
      wait(pause);
    }
  };
}

// --- processes ----------------------------------------------------------------------------------------------------

function identity(): ProcessIdentity {
  return {
    pid: process.pid,
    start: startOf(process.pid) ?? null,
    host: os().hostname(),
    machineId: line("/etc/machine-id"),
    bootId: line("/proc/sys/kernel/random/boot_id"),
    pidNamespace: orNull(() => readlinkSync("/proc/self/ns/pid")),
  };
}

function startOf(pid: number): string | null | undefined {
  const start = process.platform === "linux" ? linuxStart(pid) : process.platform === "darwin" ? macStart(pid) : null;
  if (start !== null) return start === "gone" ? null : start;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (hasCode(error, "ESRCH")) return null;
  }
  return undefined;
}

function linuxStart(pid: number): string | null {
  const stat = orNull(() => readFileSync(`/proc/${pid}/stat`, "latin1"));
  // The second field is the program's name in brackets and may itself hold spaces and brackets.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (fields === undefined) return null;
  // A zombie holds nothing any more, and may stay for ever where nobody reaps it.
  return fields[0] === "Z" || fields[0] === "X" ? "gone" : (fields[19] ?? null);
}

function macStart(pid: number): string | null {
  const { env } = process;
  const ps = run("/bin/ps", ["-o", "lstart=", "-p", String(pid)], {
    env: { ...env, LC_ALL: "C", TZ: "UTC" },
    cwd: "/",
    timeoutMs: 2000,
  });
  return ps.status === 0 && ps.stdout.trim() !== "" ? ps.stdout.trim() : null;
}

function programs(): readonly Program[] | null {
  return process.platform === "linux" ? linuxPrograms() : process.platform === "win32" ? null : listedPrograms();
}

function linuxPrograms(): Program[] {
  const uid = process.geteuid?.();
  return readdirSync("/proc").flatMap((name): Program[] => {
    const folder = `/proc/${name}`;
    if (!/^\d+$/.test(name) || orNull(() => statSync(folder).uid) !== uid) return [];
    const words = orNull(() => readFileSync(`${folder}/cmdline`, "utf8"))?.split("\0");
    const stat = orNull(() => readFileSync(`${folder}/stat`, "latin1"));
    if (!words || words[0] === "" || !stat) return [];
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    return [{ pid: Number(name), parent, command: words.slice(0, -1) }];
  });
}

/** `ps` joins the words of a command line, so a program in a folder with blanks is taken apart. */
function listedPrograms(): Program[] | null {
  const { env } = process;
  const ps = run("/bin/ps", ["-x", "-o", "pid=,ppid=,command="], { env, cwd: "/", timeoutMs: 3000 });
  if (ps.status !== 0) return null;
  return ps.stdout.split("\n").flatMap((line): Program[] => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return command === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command: command.split(" ") }];
  });
}

function listens(port: number): Promise<boolean> {
  const { connect } = load("node:net") as typeof import("node:net");
  const reaches = (host: string) =>
    new Promise<boolean>((done) => {
      const socket = connect({ port, host, timeout: 1000 });
      const end = (answer: boolean) => () => {
        socket.destroy();
        done(answer);
      };
      socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(false));
    });
  return Promise.all([reaches("127.0.0.1"), reaches("::1")]).then((answers) => answers.includes(true));
}

function query(path: string, sql: string): readonly Readonly<Record<string, unknown>>[] | null {
  const sqlite = orNull(loadSqlite);
  if (sqlite === null) return null;
  const database = new sqlite.DatabaseSync(path, { readOnly: true });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

/** Quietly: Node says of this module that it is experimental, and that is no news to the user. */
function loadSqlite() {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return load("node:sqlite") as { DatabaseSync: new (path: string, options: object) => Database };
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** What is used of Node's own reader, which Node 20 does not have. */
type Database = { prepare(sql: string): { all(): Record<string, unknown>[] }; close(): void };

const line = (path: string): string | null => orNull(() => readFileSync(path, "utf8").trim()) || null;

function orNull<T>(make: () => T): T | null {
  try {
    return make();
  } catch {
    return null;
  }
}

const run: Host["run"] = (file, args, options): RunResult => {
  const { spawnSync } = load("node:child_process") as typeof import("node:child_process");
  const done = spawnSync(file, args, {
    env: options.env,
    cwd: options.cwd,
    timeout: options.timeoutMs,
    killSignal: "SIGKILL",
    maxBuffer: 1024 * 1024,
    stdio: options.inherit ? ["ignore", 2, 2] : ["ignore", "pipe", "pipe"],
    windowsHide: true,
    encoding: "utf8",
  });
  return {
    status: done.status,
    stdout: done.stdout ?? "",
    stderr: done.stderr ?? "",
    timedOut: hasCode(done.error, "ETIMEDOUT"),
    ...(hasCode(done.error, "ENOENT", "EACCES", "ENOEXEC", "ENOTDIR") ? { notStarted: true } : {}),
  };
};

// --- terminal -----------------------------------------------------------------------------------------------------

function realTerminal(): Terminal {
  const tty = (fd: number) => {
    // The module that knows terminals is slow to load, and nearly everything else tells by itself whether it is one.
    const stat = orNull(() => fstatSync(fd));
    if (!stat || stat.isFile() || stat.isFIFO() || stat.isSocket()) return false;
    const name = orNull(() => readlinkSync(`/proc/self/fd/${fd}`));
    if (name === "/dev/null") return false;
    if (name?.startsWith("/dev/pts/")) return true;
    return (load("node:tty") as typeof import("node:tty")).isatty(fd);
  };
  return {
    get interactive() {
      return tty(0) && tty(2);
    },
    get outIsTty() {
      return tty(1);
    },
    get errIsTty() {
      return tty(2);
    },
    get columns() {
      return process.stdout.columns ?? process.stderr.columns ?? 80;
    },
    out: (text) => writeAll(1, text),
    err: (text) => writeAll(2, text),
    ask,
    pick: async (...asked) => (await import("./prompt.ts")).pick(...asked),
  };
}

/**
 * Synchronous, so that nothing is lost when the process exits; a full pipe is waited for. A reader who left (`| head`)
 * must not stop a change halfway through its report, so what he would have read is dropped.
 */
function writeAll(fd: number, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (error) {
      if (hasCode(error, "EPIPE")) return;
      if (!hasCode(error, "EAGAIN")) throw error;
      sleep(2);
    }
  }
}

async function ask(question: string): Promise<string | null> {
  const { createInterface } = await import("node:readline");
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise<string | null>((resolve) => {
      prompt.once("close", () => resolve(null));
      prompt.once("SIGINT", () => {
        prompt.close();
        process.kill(process.pid, "SIGINT");
      });
      prompt.question(question, resolve);
    });
  } finally {
    prompt.close();
  }
}
