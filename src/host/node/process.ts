/** Processes: who this one is, which others run, asking one that answers at once, and what answers on a port or in a database. */
import type { SpawnSyncOptionsWithStringEncoding } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { isErrno, orNull } from "../../model/error.ts";
import type { Host, ProcessIdentity, Program } from "../host.ts";
import { childProcess, net, os, sqlite } from "./load.ts";
import { holdSignals } from "./signals.ts";

export function identity(): ProcessIdentity {
  return {
    pid: process.pid,
    start: startOf(process.pid) ?? null,
    host: os().hostname(),
    machineId: line("/etc/machine-id"),
    bootId: line("/proc/sys/kernel/random/boot_id"),
    pidNamespace: orNull(() => readlinkSync("/proc/self/ns/pid")),
    timeNamespace: orNull(() => readlinkSync("/proc/self/ns/time")),
  };
}

export function startOf(pid: number): string | null | undefined {
  const start = process.platform === "linux" ? linuxStart(pid) : process.platform === "darwin" ? macStart(pid) : null;
  if (start !== null) return start === "gone" ? null : start;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (isErrno(error, "ESRCH")) return null;
  }
  return undefined;
}

export function programs(): readonly Program[] | null {
  return process.platform === "linux" ? linuxPrograms() : process.platform === "win32" ? null : listedPrograms();
}

/** No program, or none that can be started. */
export const isNoProgram = (error: unknown): boolean => isErrno(error, "ENOENT", "EACCES", "ENOEXEC", "ENOTDIR");

export const runSync: Host["runSync"] = (file, args, { cwd, env, timeoutMs }) => {
  const options: SpawnSyncOptionsWithStringEncoding & { readonly detached: boolean } = {
    env,
    cwd,
    timeout: timeoutMs,
    killSignal: "SIGKILL",
    maxBuffer: MOST_OUTPUT,
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
    encoding: "utf8",
    // Node heeds it here, too, and says so nowhere; where it does not, there is no such group to end.
    detached: HAS_GROUPS,
  };
  holdSignals();
  const done = childProcess().spawnSync(file, args, options);
  killGroup(done.pid);
  return {
    status: done.status,
    stdout: done.stdout ?? "",
    stderr: done.stderr ?? "",
    timedOut: isErrno(done.error, "ETIMEDOUT"),
    ...(isNoProgram(done.error) ? { notStarted: true } : {}),
  };
};

/** More than that nobody has to say. */
export const MOST_OUTPUT = 1024 * 1024;
export const HAS_GROUPS = process.platform !== "win32";

/** Ends a group by the process that began it, which may be gone: what it left behind has nothing more to do. */
export function killGroup(pid: number | undefined, signal: NodeJS.Signals = "SIGKILL"): void {
  if (pid && HAS_GROUPS) orNull(() => process.kill(-pid, signal));
}

/** Nobody waits longer for a port of this machine. */
const CONNECT_MS = 200;

export async function listens(port: number, address: string): Promise<boolean> {
  const { connect } = net();
  const reaches = (host: string) =>
    new Promise<boolean>((done) => {
      const socket = connect({ port, host, timeout: CONNECT_MS });
      const end = (answer: boolean) => () => {
        socket.destroy();
        done(answer);
      };
      // Who takes too long is there and busy: a port that nobody listens on refuses at once.
      socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(true));
    });
  const answers = await Promise.all((address === "localhost" ? ["127.0.0.1", "::1"] : [address]).map(reaches));
  return answers.includes(true);
}

export function query(path: string, sql: string): readonly Readonly<Record<string, unknown>>[] | null {
  const open = orNull(sqlite);
  if (open === null) return null;
  const database = open(path);
  try {
    return database.all(sql);
  } finally {
    database.close();
  }
}

/** Waits, blocking. */
export function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.max(0, milliseconds));
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
  const ps = runSync("/bin/ps", ["-o", "lstart=", "-p", String(pid)], {
    env: { ...env, LC_ALL: "C", TZ: "UTC" },
    cwd: "/",
    timeoutMs: 2000,
  });
  return ps.status === 0 && ps.stdout.trim() !== "" ? ps.stdout.trim() : null;
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
    const codexHome = /\bcodex$/.test(words[0] ?? "") ? codexHomeOf(folder) : undefined;
    return [{ pid: Number(name), parent, command: words.slice(0, -1), ...(codexHome && { codexHome }) }];
  });
}

/** The home that a running Codex was started with. */
function codexHomeOf(folder: string): string | undefined {
  const lines = orNull(() => readFileSync(`${folder}/environ`, "utf8"))?.split("\0") ?? [];
  const value = (name: string) => lines.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) || undefined;
  const user = value("HOME");
  return value("CODEX_HOME") ?? (user && join(user, ".codex"));
}

/** `ps` joins the words of a command line, so a program in a folder with blanks is taken apart. */
function listedPrograms(): Program[] | null {
  const { env } = process;
  const ps = runSync("/bin/ps", ["-x", "-o", "pid=,ppid=,command="], { env, cwd: "/", timeoutMs: 3000 });
  if (ps.status !== 0) return null;
  return ps.stdout.split("\n").flatMap((line): Program[] => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return command === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command: command.split(" ") }];
  });
}

const line = (path: string): string | null => orNull(() => readFileSync(path, "utf8").trim()) || null;
