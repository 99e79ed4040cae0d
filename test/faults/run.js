/**
 * Runs the suites that prove the promises, one after the other, then the mutants, and prints a line of figures for each
 * suite and the table of mutants. `node test/faults/run.js power mutants` runs only those, `--minutes 2` what fits into
 * two minutes, `--seed 7` with other dice.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import { isDrawn, readArguments } from "../sample.js";
import { MUTANTS, mutate } from "./mutants.js";

/** All of it, on two cores with nothing else to do. */
const MINUTES = 10;
const SUITES = [
  "abort",
  "power",
  "kill",
  "kill-again",
  "kill-processes",
  "races",
  "client",
  "odd-files",
  "random",
  "beside",
  "profiles",
  "patterns",
  "mutated",
  "hostile",
  "signals",
  "disasters",
];

const root = fileURLToPath(new URL("../..", import.meta.url));
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const config = ["run", "--config", "test/faults/vitest.config.js"];
const scratch = mkdtempSync(join(tmpdir(), "codex-cfg-faults-"));
const figures = join(scratch, "figures");
const { said, words: wanted } = readArguments(process.argv.slice(2), MINUTES);
const mutants = MUTANTS.filter(({ name }) => isDrawn(name));
const wants = (name) => wanted.length === 0 || wanted.includes(name);
const started = performance.now();

try {
  installStrace();
  const red = [];
  for (const suite of SUITES.filter(wants)) if (!(await isGreen(suite))) red.push(suite);
  const alive = wants("mutants") ? await killMutants() : [];
  console.log(`\n${readFileSync(figures, { encoding: "utf8", flag: "a+" })}`);
  if (wants("mutants")) printMutants(alive);
  const parts = SUITES.filter(wants).length;
  const killed = wants("mutants") ? `, ${mutants.length - alive.length} of ${mutants.length} mutants killed` : "";
  const took = Math.round((performance.now() - started) / 1000);
  console.log(`test:faults: ${said}; ${parts - red.length} of ${parts} suites green${killed}; ${took} s`);
  if (red.length > 0) console.error(`red: ${red.join(", ")}`);
  if (red.length > 0 || alive.length > 0) process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** It kills at a chosen system call; without it that half of the suite says so and is left out. */
function installStrace() {
  const found = () => spawnSync("strace", ["-V"], { stdio: "ignore" }).status === 0;
  if (!(wants("kill") || wants("kill-processes")) || process.platform !== "linux" || found() || process.getuid() !== 0)
    return;
  const apt = (...args) => spawnSync("apt-get", args, { stdio: "ignore", timeout: 120_000 });
  apt("update");
  apt("install", "-y", "--no-install-recommends", "strace");
}

async function isGreen(suite) {
  const env = { ...process.env, FAULTS_FIGURES: figures };
  const done = await run([...config, `test/faults/${suite}.test.ts`], { env, stdio: "inherit" });
  return done.status === 0;
}

/** Two at a time; the names of those that no test has noticed. */
async function killMutants() {
  // What does not compile proves nothing.
  for (const mutant of MUTANTS) transformSync(mutate(mutant), { loader: "ts" });
  const queue = [...mutants];
  const alive = [];
  const worker = async () => {
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      // A mutant may be killed by any test of its suite.
      const all = { SUITE_SHARE: "1", FAULTS_FIGURES: "/dev/null", NO_COLOR: "1" };
      const env = { ...process.env, ...all, FAULTS_MUTANT: mutant.name };
      const { output } = await run([...config, "--bail", "1", `${mutant.suite}.test.ts`], { env });
      if (!/^ *Tests .*\b\d+ failed/m.test(output)) alive.push(mutant.name);
    }
  };
  await Promise.all([worker(), worker()]);
  return alive;
}

function printMutants(alive) {
  for (const { name, suite } of mutants)
    console.log(`  ${alive.includes(name) ? "ALIVE " : "killed"}  ${suite.replace(/.*\//, "").padEnd(8)}  ${name}`);
}

function run(args, options) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [vitest, ...args], { cwd: root, ...options });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", (text) => (output += text));
    child.on("close", (status) => resolve({ status, output }));
  });
}
