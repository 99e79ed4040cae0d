/**
 * Runs a program to its end, its time-out, or a signal to this process. What nobody watches has a process group of its own,
 * which ends with it; what a person watches stays in ours, so that the terminal's keys reach it, and ends as a tree.
 */
import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { orNull } from "../../model/error.ts";
import type { Host, RunResult } from "../host.ts";
import { childProcess } from "./load.ts";
import { HAS_GROUPS, isNoProgram, killGroup, MOST_OUTPUT, programs, runSync } from "./process.ts";
import { guarded } from "./signals.ts";
import { isTerminal } from "./terminal.ts";

/** What a signal leaves a person's command to come to an end by itself. */
const GRACE_MS = 2000;
/** What still holds the output open after that has left its group. */
const LAST_WORDS_MS = 200;

export const run: Host["run"] = (file, args, { cwd, env, terminal = false, inherit = terminal, timeoutMs }) =>
  guarded(async (onSignal) => {
    const hasGroup = HAS_GROUPS && !(inherit && isTerminal(0));
    const child = orError(() =>
      childProcess().spawn(file, args, {
        env,
        cwd,
        detached: hasGroup,
        stdio: terminal ? "inherit" : inherit ? ["ignore", 2, 2] : ["ignore", "pipe", "pipe"],
        windowsHide: true,
      }),
    );
    if (child instanceof Error) return result({ status: null, error: child });
    const kill = (signal: NodeJS.Signals) => (hasGroup ? killGroup : killTree)(child.pid, signal);
    let signals = 0;
    let timedOut = false;
    const timers: NodeJS.Timeout[] = [];
    const killIn = (milliseconds: number, also = () => {}) =>
      timers.push(
        setTimeout(() => {
          also();
          kill("SIGKILL");
        }, milliseconds),
      );
    if (timeoutMs > 0)
      killIn(timeoutMs, () => {
        timedOut = true;
      });
    onSignal((signal) => {
      signals += 1;
      if (!inherit || signals > 1) return kill("SIGKILL");
      // The terminal has sent it to both.
      if (!hasGroup && signal === "SIGINT") return;
      kill(signal);
      killIn(GRACE_MS);
    });
    const [stdout, stderr] = [child.stdout, child.stderr].map((stream) => collect(stream, () => kill("SIGKILL")));
    child.once("exit", () => {
      // What a person's command leaves running is meant to.
      if (hasGroup && (!inherit || timedOut || signals > 0)) kill("SIGKILL");
      timers.push(setTimeout(() => [child.stdout, child.stderr].map((stream) => stream?.destroy()), LAST_WORDS_MS));
    });
    const end = await ended(child);
    for (const timer of timers) clearTimeout(timer);
    return { ...result(end), stdout: stdout?.() ?? "", stderr: stderr?.() ?? "", timedOut };
  });

type End = { readonly status: number | null; readonly error?: Error };

function ended(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ status: null, error }));
    child.once("close", (status) => resolve({ status }));
  });
}

function result({ error, status }: End): RunResult {
  return { status, stdout: "", stderr: "", timedOut: false, ...(isNoProgram(error) ? { notStarted: true } : {}) };
}

/** What a stream says up to its end; one that says too much is not heard to its end. */
function collect(stream: Readable | null, tooMuch: () => void): () => string {
  const parts: Buffer[] = [];
  let size = 0;
  stream?.on("data", (part: Buffer) => {
    size += part.length;
    if (size <= MOST_OUTPUT) parts.push(part);
    else tooMuch();
  });
  return () => Buffer.concat(parts).toString();
}

/** Ends a program and all that it has started, as far as their parents are still there to tell. */
function killTree(root: number | undefined, signal: NodeJS.Signals): void {
  if (!root) return;
  if (process.platform === "win32") {
    runSync("taskkill", ["/T", "/F", "/PID", String(root)], { env: process.env, cwd: "/", timeoutMs: 5000 });
    return;
  }
  const send = (pid: number, what: NodeJS.Signals) => orNull(() => process.kill(pid, what));
  const tree = new Set([root]);
  for (let known = 0; known < tree.size; ) {
    known = tree.size;
    // One that is stopped starts nothing behind our back.
    if (signal === "SIGKILL") for (const pid of tree) send(pid, "SIGSTOP");
    for (const { parent, pid } of programs() ?? []) if (tree.has(parent)) tree.add(pid);
  }
  for (const pid of tree) send(pid, signal);
}

function orError<T>(look: () => T): T | Error {
  try {
    return look();
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}
