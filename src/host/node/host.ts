/**
 * The real world behind a {@link Host}: with what else lies in this room and `bin.ts` the only code that names node:fs,
 * the process, the clock or randomness. Nothing is looked up before somebody asks for it.
 */
import { randomBytes } from "node:crypto";
import type { AnswerCache, Host, ProcessIdentity } from "../host.ts";
import { answerCacheIn, noAnswers } from "./answer-cache.ts";
import { realDisk } from "./disk.ts";
import { os } from "./load.ts";
import { isOpenForWriting } from "./open-files.ts";
import { identity, listens, programs, query, runSync, sleep, startOf } from "./process.ts";
import { run } from "./run.ts";
import { runInPlace } from "./run-in-place.ts";
import { guarded, holdSignals, leaveSignalsToProgram } from "./signals.ts";
import { realTerminal } from "./terminal.ts";
import { userCacheThere } from "./user-cache.ts";

/** The machine that a library's process runs on; it remembers no answers. */
export function realHost(): Host {
  return hostWith(noAnswers, userCacheThere);
}

/** The machine that the program runs on, with its folder in the user's cache, if there is one. */
export function programHost(cache: string | null): Host {
  leaveSignalsToProgram();
  return hostWith(cache === null ? noAnswers : answerCacheIn(cache), () => cache);
}

function hostWith(answerCache: AnswerCache, cache: () => string | null): Host {
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
    get cache() {
      return cache();
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
    answerCache,
    randomHex: (digits) =>
      randomBytes(Math.ceil(digits / 2))
        .toString("hex")
        .slice(0, digits),
    programs,
    isOpenForWriting,
    listens,
    query,
    run,
    runInPlace,
    runSync,
    guarded,
    holdSignals,
  };
}
