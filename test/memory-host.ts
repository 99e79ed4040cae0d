/**
 * A Host in memory: a disk with faults, a clock that moves only when somebody sleeps, counted randomness, a terminal
 * that remembers, and processes that are alive when a test says so.
 */
import { createHash } from "node:crypto";
import type { Host, ProcessIdentity, RunResult } from "../src/host/host.ts";
import { MemoryDisk } from "./memory-disk.ts";

export type MemoryHost = Host & {
  readonly disk: MemoryDisk;
  /** What was printed. */
  readonly printed: { out: string; err: string };
  /** Answers to the questions to come; at their end the input ends. */
  readonly answers: string[];
  /** Process id to start time, of everything that is alive. */
  readonly processes: Map<number, string>;
};

export type MemoryHostOptions = {
  readonly disk?: MemoryDisk;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly pid?: number;
  readonly self?: Partial<ProcessIdentity>;
  readonly interactive?: boolean;
  readonly run?: (...asked: Parameters<Host["run"]>) => RunResult;
  /** What else is on this machine; nothing unless told. */
  readonly machine?: Partial<Pick<Host, "programs" | "isOpenForWriting" | "listens" | "query" | "guarded">> | undefined;
};

let processes = 0;
const NOT_THERE: RunResult = { status: null, stdout: "", stderr: "", timedOut: false };

/** A process of its own on the given disk: each call has another id, and only itself is alive. */
export function memoryHost(options: MemoryHostOptions = {}): MemoryHost {
  processes += 1;
  const disk = options.disk ?? new MemoryDisk();
  const pid = options.pid ?? 1000 + processes;
  const alive = new Map([[pid, `start-${pid}`]]);
  const printed = { out: "", err: "" };
  const answers: string[] = [];
  let dice = 0;
  const kept = new Set<string>();
  return {
    disk,
    printed,
    answers,
    processes: alive,
    terminal: {
      interactive: options.interactive ?? false,
      outIsTty: options.interactive ?? false,
      errIsTty: options.interactive ?? false,
      columns: 80,
      out: (text) => {
        printed.out += text;
      },
      err: (text) => {
        printed.err += text;
      },
      ask: async (question) => {
        printed.err += question;
        return answers.shift() ?? null;
      },
      read: async () => "",
      pick: async () => null,
    },
    env: options.env ?? {},
    platform: "linux",
    arch: "x64",
    cwd: "/",
    userHome: "/home/u",
    tmp: "/tmp",
    cache: null,
    get uid() {
      return disk.uid;
    },
    self: {
      pid,
      start: `start-${pid}`,
      host: "box",
      machineId: "m1",
      bootId: "b1",
      pidNamespace: "pid:[1]",
      timeNamespace: "time:[1]",
      ...options.self,
    },
    startOf: (id) => alive.get(id) ?? null,
    now: () => disk.now,
    timestamp: () => new Date(disk.now).toISOString(),
    sleep: (milliseconds) => {
      disk.now += milliseconds;
    },
    answerCache: {
      has: (answer) => kept.has(answer),
      add: (answer) => {
        kept.add(answer);
      },
    },
    randomHex: (digits) => {
      dice += 1;
      return createHash("sha256").update(`${pid} ${dice}`).digest("hex").slice(0, digits);
    },
    programs: () => [],
    isOpenForWriting: () => null,
    listens: async () => false,
    query: () => null,
    guarded: (work) => work(),
    holdSignals: () => {},
    ...options.machine,
    run: async (...asked) => options.run?.(...asked) ?? NOT_THERE,
    runInPlace: async (file, args, where) =>
      (options.run?.(file, args, { ...where, timeoutMs: 0 }) ?? NOT_THERE).status,
    runSync: (...asked) => options.run?.(...asked) ?? NOT_THERE,
  };
}
