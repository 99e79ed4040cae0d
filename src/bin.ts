#!/usr/bin/env node
/**
 * Starts the program, from code that V8 compiled in an earlier run where that was kept beside it. Compiling is most of
 * what a short command costs, and Node 20 has no compile cache of its own. Whoever can write there could change the
 * program itself, so the cache is trusted like it; where nobody may write there is none.
 */
// By name: a namespace of the whole module is a copy of it, which each start would pay for.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Script } from "node:vm";

/** Tells one build of the program from another: V8 itself compares little more than lengths. Set by the build. */
declare const BUILD_ID: string;
/** The names of the verbs' files: a verb without one of its own, such as `unset`, shares the cache of no verb. */
declare const VERBS: readonly string[];
/** The verbs that a smaller program does; the whole one does all of them. */
declare const QUICK: readonly string[];

const folder = dirname(__filename);
const cache = join(folder, ".cache");
const argv = process.argv.slice(2);
// Each verb compiles other functions, and so does looking without writing; nobody needs all of them.
const verb = VERBS.find((name) => name === argv[0]) ?? "none";
const use = argv.some((arg) => arg === "-n" || arg === "--dry-run") ? `${verb}-n` : verb;
const isQuick = QUICK.includes(verb) || argv[0] === "--version";
const program = run(isQuick ? "quick.cjs" : "whole.cjs") as { start(): void };
program.start();

/** Runs one file of the program; the quick one asks for the whole one where it needs more than it has. */
function run(name: string): unknown {
  const file = join(folder, name);
  const compiled = join(cache, `${BUILD_ID}-${process.version}-${process.arch}-${use}-${name}`);
  const cachedData = read(compiled);
  // All of it is ASCII, which is the fastest to read.
  const text = readFileSync(file, "latin1");
  const script = new Script(text, { filename: file, ...(cachedData ? { cachedData } : {}) });
  const module = { exports: {} };
  script.runInThisContext()(
    (id: string) => (id === "./whole.cjs" ? run("whole.cjs") : require(id)),
    module,
    file,
    folder,
  );
  if (!cachedData || script.cachedDataRejected) {
    // A run that failed has not compiled what the next one needs.
    process.once("exit", (code) => code <= 1 && keep(script, compiled));
  }
  return module.exports;
}

function read(compiled: string): Buffer | undefined {
  try {
    return readFileSync(compiled);
  } catch {
    return undefined;
  }
}

/** Written aside, flushed and renamed: half a file of compiled code could end the process that reads it. */
function keep(script: Script, compiled: string): void {
  const part = `${compiled}.${process.pid}`;
  try {
    mkdirSync(cache, { recursive: true });
    writeFileSync(part, script.createCachedData(), { flag: "wx", flush: true, mode: 0o644 });
    renameSync(part, compiled);
  } catch {
    quietly(() => rmSync(part, { force: true }));
  }
}

function quietly(step: () => void): void {
  try {
    step();
  } catch {
    // A cache that cannot be written is no reason to fail.
  }
}
