/**
 * The real world behind a {@link Host}: with what else lies in this room and `bin.ts` the only code that names node:fs,
 * the process, the clock or randomness. Nothing is looked up before somebody asks for it.
 */
import { randomBytes } from "node:crypto";
import type { Host, ProcessIdentity } from "../host.ts";
import { answerCacheIn, noAnswers } from "./answer-cache.ts";
import { realDisk } from "./disk.ts";
import { os } from "./load.ts";
import { identity, listens, programs, query, run, sleep, startOf } from "./process.ts";
import { realTerminal } from "./terminal.ts";

/** The machine this process runs on; without a folder of the user's cache it asks everything anew. */
export function realHost(cache: string | null = null): Host {
  let self: ProcessIdentity | undefined;
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
      self ??= identity();
      return self;
    },
    startOf,
    now: () => Date.now(),
    timestamp: () => new Date().toISOString(),
    sleep,
    answerCache: cache === null ? noAnswers : answerCacheIn(cache),
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
