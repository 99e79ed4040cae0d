/**
 * Loads the program from code that V8 compiled in an earlier run: compiling is most of what a short command costs. Node
 * keeps such code by itself from 22.1 on; for older ones it is kept here, a file for each verb, because each verb compiles
 * other functions and reading those of all would take longer than compiling the few that are missing.
 */
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";
import { orNull } from "../../model/error.ts";
import { isOwnFolder, makeOwnFolder, readOwn, writeOwn } from "./user-cache.ts";

/** `cache` is the user's; `build` names the folder in it that this build alone uses. */
export function loadProgram(file: string, verb: string, cache: string | null, build: string): unknown {
  const folder = cache === null ? null : folderOf(cache, build);
  return folder === null || enableOwnOfNode(folder) ? load(file) : loadKept(file, join(folder, nameFor(verb)));
}

const load = createRequire(import.meta.url);

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
  const others = readdirSync(cache, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== build)
    .map(({ name }) => ({ path: join(cache, name), time: statSync(join(cache, name)).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  for (const { path } of others.slice(MOST_BUILDS - 1)) rmSync(path, { recursive: true, force: true });
}

/** Whether Node keeps compiled code by itself; what it makes in the folder is for this user alone, too. */
function enableOwnOfNode(folder: string): boolean {
  // The module is slow to load where it cannot do this.
  if (Number.parseInt(process.versions.node, 10) < 22) return false;
  const { enableCompileCache } = load("node:module") as { enableCompileCache?: (folder: string) => void };
  if (enableCompileCache === undefined) return false;
  const mask = process.umask(0o077);
  enableCompileCache(folder);
  process.umask(mask);
  return true;
}

function loadKept(file: string, kept: string): unknown {
  const cachedData = readOwn(kept);
  const text = `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, "utf8")}\n})`;
  const script = new Script(text, { filename: file, ...(cachedData ? { cachedData } : {}) });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, load, module, file, dirname(file));
  if (!cachedData || script.cachedDataRejected) {
    // A run that was refused has not compiled what the next one needs.
    process.once("exit", (code) => code <= 1 && writeOwn(kept, script.createCachedData()));
  }
  return module.exports;
}

/** V8 refuses the code of another Node; each keeps its own beside it. */
function nameFor(verb: string): string {
  return `${process.version}-${process.arch}-${/^[\w-]+$/.test(verb) ? verb : "none"}`;
}
