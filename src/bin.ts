#!/usr/bin/env node
/** The process edge: loads the program, gives it the real machine, runs the command line, sets the exit code. */
import { join } from "node:path";
import { loadProgram } from "./host/node/compiled-code.ts";
import { userCache } from "./host/node/user-cache.ts";

/** A version and a digest, set by the build: cached compiled code fits one build alone. */
declare const BUILD: string;

/** What the build puts into one file. */
type Program = {
  readonly main: typeof import("./cli/main.ts").main;
  readonly programHost: typeof import("./host/node/host.ts").programHost;
  readonly endBySignal: typeof import("./host/node/signals.ts").endBySignal;
};

/** Whoever started this is to see that a signal ended it, and which. */
const INTERRUPTED = 130;
const argv = process.argv.slice(2);
const cache = userCache();
const file = join(import.meta.dirname, "program.cjs");
const { endBySignal, main, programHost } = loadProgram(file, argv[0] ?? "", cache, BUILD) as Program;
// Everything is written by then, and an orderly shutdown of Node takes longer than many commands.
main(argv, programHost(cache)).then((exitCode) => {
  if (exitCode === INTERRUPTED) endBySignal();
  process.exit(exitCode);
});
