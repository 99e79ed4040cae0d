/** The real terminal: what is one, writing to it, and asking a person for a line; a list is `prompt.ts`. */
import { fstatSync, readlinkSync, writeSync } from "node:fs";
import { isErrno, orNull } from "../../model/error.ts";
import type { Terminal } from "../host.ts";
import { tty } from "./load.ts";
import { sleep } from "./process.ts";
import { guarded } from "./signals.ts";

export function realTerminal(): Terminal {
  return {
    get interactive() {
      return isTerminal(0) && isTerminal(2);
    },
    get outIsTty() {
      return isTerminal(1);
    },
    get errIsTty() {
      return isTerminal(2);
    },
    get columns() {
      // A terminal that nobody told its size has 0.
      return process.stdout.columns || process.stderr.columns || 80;
    },
    out: (text) => writeAll(1, text),
    err: (text) => writeAll(2, text),
    ask,
    read,
    pick: async (...asked) => {
      const { pick } = await import("./prompt.ts");
      return guarded((onSignal) => pick(onSignal, ...asked));
    },
  };
}

export function isTerminal(fd: number): boolean {
  // The module that knows terminals is slow to load, and nearly everything else tells by itself whether it is one.
  const stat = orNull(() => fstatSync(fd));
  if (!stat || stat.isFile() || stat.isFIFO() || stat.isSocket()) return false;
  const name = orNull(() => readlinkSync(`/proc/self/fd/${fd}`));
  if (name === "/dev/null") return false;
  if (name?.startsWith("/dev/pts/")) return true;
  return tty().isatty(fd);
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
      if (isErrno(error, "EPIPE")) return;
      if (!isErrno(error, "EAGAIN")) throw error;
      sleep(2);
    }
  }
}

async function read(limit: number): Promise<string | null> {
  return guarded(async (onSignal) => {
    onSignal(() => process.stdin.destroy());
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of process.stdin) {
      parts.push(part);
      size += part.length;
      if (size > limit) return null;
    }
    return orNull(() => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(parts)));
  });
}

async function ask(question: string, { hidden } = { hidden: false }): Promise<string | null> {
  const { createInterface } = await import("node:readline");
  const { Writable } = await import("node:stream");
  return guarded(async (onSignal) => {
    // What is typed is printed by whoever reads it, not by the terminal: a stream that drops it shows nothing.
    const output = hidden ? new Writable({ write: (_part, _encoding, done) => done() }) : process.stderr;
    const prompt = createInterface({ input: process.stdin, output, terminal: hidden || undefined });
    if (hidden) writeAll(2, question);
    onSignal(() => prompt.close());
    try {
      return await new Promise<string | null>((resolve) => {
        prompt.once("close", () => {
          // A terminal that has gone takes no more.
          orNull(() => writeAll(2, "\n"));
          resolve(null);
        });
        // Of a terminal the key is read as such.
        prompt.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
        prompt.question(question, (line) => {
          prompt.removeAllListeners("close");
          if (hidden) writeAll(2, "\n");
          resolve(line);
        });
      });
    } finally {
      prompt.close();
    }
  });
}
