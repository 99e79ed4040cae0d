/**
 * npm run mutation: breaks the rooms that decide, in one small way at a time, and lists the breaks that no test near by notices.
 * `npm run mutation -- src/actions/revert.ts` breaks the files named, `--minutes 5` what fits into that time of files drawn
 * by `--seed N`. The tool for it, Stryker, goes into `.cache/mutation` and is no dependency.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/** The last line of releases that runs on Node 20. */
const STRYKER = "9.6.1";
const ROOMS = ["actions", "redact", "codex", "check", "plan"];
const OUTSIDE = { codex: ["test/check/check.test.ts"], plan: ["test/actions/revert.test.ts"] };
/** What a sentence says is no safety. */
const UNTRIED = ["StringLiteral"];

const root = fileURLToPath(new URL("..", import.meta.url));
const cache = join(root, ".cache/mutation");
const events = join(cache, "events");
const packages = join(cache, "node_modules/@stryker-mutator");

const { positionals, values } = parseArgs({
  options: { minutes: { type: "string" }, seed: { type: "string" } },
  allowPositionals: true,
});
const seed = values.seed ?? String(Math.floor(Math.random() * 1e6));
const started = performance.now();
const deadline = values.minutes === undefined ? Number.POSITIVE_INFINITY : started + Number(values.minutes) * 60_000;
if (Number.isNaN(deadline)) throw new Error(`--minutes takes a number, not ${values.minutes}`);

const all = ROOMS.flatMap((room) => filesBelow(`src/${room}`, ".ts"));
const files = positionals.length > 0 ? positionals : drawn(all);
install();
const tested = [];
let begun = 0;
for (const file of files) {
  if (performance.now() >= deadline) break;
  begun += 1;
  const found = await breakFile(file);
  tested.push(...found);
  report(file, found);
}
const count = (...states) => tested.filter(({ status }) => states.includes(status)).length;
const drawnBy = positionals.length > 0 ? "" : `seed ${seed}, share ${Math.round((100 * begun) / files.length)} %: `;
console.log(
  `mutation: ${drawnBy}${begun} of ${files.length} files; ${tested.length} mutants, ${count("Killed", "Timeout")} killed, ` +
    `${count("Survived")} survived, ${count("NoCoverage")} met by no test; ${Math.round((performance.now() - started) / 1000)} s`,
);

/** In an order that the seed decides; as many as fit are taken. */
function drawn(names) {
  const lot = (name) => createHash("sha256").update(`${seed} ${name}`).digest("hex");
  return [...names].sort((a, b) => (lot(a) < lot(b) ? -1 : 1));
}

function install() {
  const isThere = ["core", "vitest-runner"].every((name) => {
    const path = join(packages, name, "package.json");
    return existsSync(path) && JSON.parse(readFileSync(path, "utf8")).version === STRYKER;
  });
  if (isThere) return;
  mkdirSync(cache, { recursive: true });
  const wanted = ["core", "vitest-runner"].map((name) => `@stryker-mutator/${name}@${STRYKER}`);
  // Vitest itself is the project's own.
  const flags = ["--no-audit", "--no-fund", "--no-save", "--no-package-lock", "--ignore-scripts", "--legacy-peer-deps"];
  const { status } = spawnSync("npm", ["install", "--prefix", cache, ...flags, ...wanted], { stdio: "inherit" });
  if (status !== 0) throw new Error("Stryker cannot be installed");
}

/** What became of the mutants of a file that were tried before the time was up. */
async function breakFile(file) {
  const tests = nearestTests(file);
  const config = join(cache, "vitest.config.js");
  const settings = `root: process.cwd(), include: ${JSON.stringify(tests)}, testTimeout: 60_000`;
  writeFileSync(config, `export default { test: { ${settings} } };\n`);
  writeFileSync(
    join(cache, "stryker.json"),
    JSON.stringify({
      mutate: [file],
      mutator: { excludedMutations: UNTRIED },
      // With Stryker's own list of tests, what is evaluated as a module loads would never be broken.
      testRunner: "vitest",
      vitest: { configFile: config, related: false },
      plugins: [join(packages, "vitest-runner/dist/src/index.js")],
      reporters: ["event-recorder"],
      eventReporter: { baseDir: events },
      concurrency: availableParallelism(),
      tempDirName: ".cache/mutation/work",
      ignorePatterns: [".cache", "dist"],
      // Both need an API of TypeScript that it no longer has.
      tsconfigFile: "none",
      disableTypeChecks: false,
      logLevel: "error",
    }),
  );
  rmSync(events, { recursive: true, force: true });
  const status = await untilDeadline(join(packages, "core/bin/stryker.js"), ["run", join(cache, "stryker.json")]);
  if (status !== 0 && performance.now() < deadline) {
    console.error(`${file}: Stryker came to no end (${status})`);
    process.exitCode = 1;
  }
  rmSync(join(cache, "work"), { recursive: true, force: true });
  const names = existsSync(events) ? readdirSync(events) : [];
  return names.filter((name) => name.endsWith("-onMutantTested.json")).flatMap((name) => eventIn(join(events, name)));
}

/** A process that was stopped may have left half an event. */
function eventIn(path) {
  try {
    const event = JSON.parse(readFileSync(path, "utf8"));
    return event.status === "Ignored" ? [] : [event];
  } catch {
    return [];
  }
}

/** Those of its room, those of the verb of its name, and what holds the room from outside. */
function nearestTests(file) {
  const [, room, ...rest] = file.replace(/\.ts$/, "").split("/");
  const verb = filesBelow("test/cli", `/${rest.at(-1)}.test.ts`);
  return [...filesBelow(`test/${room}`, ".test.ts"), ...verb, ...(OUTSIDE[room] ?? [])];
}

function filesBelow(folder, end) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((name) => name.endsWith(end))
    .sort();
}

/** Its exit code, or the signal that ended it. */
function untilDeadline(program, args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], { cwd: root, stdio: "inherit", detached: true });
    // The whole group: the tool's own workers would go on.
    const stop = () => process.kill(-child.pid, "SIGKILL");
    const stopAll = () => {
      stop();
      process.exit(130);
    };
    process.once("SIGINT", stopAll).once("SIGTERM", stopAll);
    const left = deadline - performance.now();
    const timer = Number.isFinite(left) ? setTimeout(stop, left) : undefined;
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      process.off("SIGINT", stopAll).off("SIGTERM", stopAll);
      resolve(status ?? signal);
    });
  });
}

function report(file, found) {
  const alive = found.filter(({ status }) => status === "Survived" || status === "NoCoverage");
  console.log(`${file}: ${found.length - alive.length} of ${found.length} killed`);
  for (const { location, mutatorName, replacement, status } of alive) {
    const { column, line } = location.start;
    const shown = (replacement ?? "").replaceAll(/\s+/g, " ").slice(0, 90);
    console.log(
      `  ${status === "Survived" ? "survived" : "no test"}  ${file}:${line}:${column}  ${mutatorName}: ${shown}`,
    );
  }
}
