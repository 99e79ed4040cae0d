/**
 * Loads the program from code that V8 compiled in an earlier run: compiling is most of what a short command costs. A file
 * for each verb, because each compiles other functions, and reading those of all takes longer than the few it needs.
 * Node's own cache of modules keeps no function that is compiled after its module was loaded, which are nearly all.
 */
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";
import { orNull } from "../../model/error.ts";
import { isOwnFolder, makeOwnFolder, readOwn, writeOwn } from "./user-cache.ts";

/** `cache` is the user's, if there is one; `build` names the folder in it that this build alone uses. */
export function loadProgram(file: string, verb: string, cache: string | null, build: string): unknown {
  const folder = cache === null ? null : folderOf(cache, build);
  const kept = folder === null ? null : join(folder, nameFor(verb));
  const cachedData = kept === null ? null : readOwn(kept);
  // As Node wraps a module. The build writes nothing but ASCII, which is read faster so.
  const wrapped = `(function (require, module, exports, __filename, __dirname) {${readFileSync(file, "latin1")}\n})`;
  const script = new Script(wrapped, { filename: file, ...(cachedData ? { cachedData } : {}) });
  const module = { exports: {} };
  script.runInThisContext()(createRequire(import.meta.url), module, module.exports, file, dirname(file));
  if (kept !== null && (cachedData === null || script.cachedDataRejected)) {
    // A run that was refused has not compiled what the next one needs.
    process.once("exit", (code) => code <= 1 && writeOwn(kept, script.createCachedData()));
  }
  return module.exports;
}

/** Builds that are used in turn each keep their code; so many, and older ones go. */
const MOST_BUILDS = 3;

function folderOf(cache: string, build: string): string | null {
  const folder = join(cache, build);
  if (isOwnFolder(folder)) return folder;
  if (!makeOwnFolder(folder)) return null;
  orNull(() => removeOldest(cache, build));
  return folder;
}

function removeOldest(cache: string, build: string): void {
  // What is being asked right now lies beside the builds.
  const kept = [build, "scratch"];
  const others = readdirSync(cache, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !kept.includes(entry.name))
    .map(({ name }) => ({ path: join(cache, name), time: statSync(join(cache, name)).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  for (const { path } of others.slice(MOST_BUILDS - 1)) rmSync(path, { recursive: true, force: true });
}

/** V8 refuses the code of another Node; each keeps its own beside it. */
function nameFor(verb: string): string {
  return `${process.version}-${process.arch}-${/^[\w-]+$/.test(verb) ? verb : "none"}`;
}
