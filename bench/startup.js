// What a whole codex-cfg command costs beside a bare start of Node: paired, alternating, as ratios. Run after a build.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PAIRS = Math.max(21, Number(process.argv[2] ?? 31) || 0);
const BIN = fileURLToPath(new URL("../dist/bin.cjs", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "codex-cfg-bench-"));

/** A config of about 5 KB, as somebody has it who has been using Codex for a while. */
const CONFIG = [
  '# My settings\nmodel = "gpt-5.5"\nmodel_reasoning_effort = "high"\napproval_policy = "on-request"\n',
  ...Array.from({ length: 31 }, (_, i) => {
    const server = `[mcp_servers.server_${i}]\ncommand = "npx"\nargs = ["-y", "some-server-${i}"] # pinned\n`;
    return `${server}startup_timeout_sec = 20\n\n[projects."/srv/project-${i}"]\ntrust_level = "trusted"\n`;
  }),
].join("\n");

// Neither a PATH with a codex nor settings of the person who runs this.
const env = { HOME: scratch, CODEX_HOME: scratch, PATH: "", NO_COLOR: "1" };

/** Milliseconds of one process from start to end. */
function time(args) {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, {
    env,
    cwd: scratch,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const took = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(`exit ${status} of ${args.join(" ")}\n${stderr}`);
  return took;
}

const node = () => time(["-e", "0"]);
const cfg = (...args) => time([BIN, ...args]);
const config = join(scratch, "config.toml");

const LONG_AGO = new Date(2020, 1, 1);

/** Every home begins anew, so that no history grows while it is being measured. */
function freshHome() {
  for (const name of [".codex-cfg", "http_sse.config.toml"])
    rmSync(join(scratch, name), { recursive: true, force: true });
  writeFileSync(config, CONFIG);
  // A file of this very moment may still be written by somebody, and is waited for.
  utimesSync(config, LONG_AGO, LONG_AGO);
}

function applyAndRevert() {
  const took = cfg("apply", "http-sse", "-y", "--no-preflight") + cfg("revert", "-y", "--no-preflight");
  if (readFileSync(config, "utf8") !== CONFIG) throw new Error("the revert did not bring the bytes back");
  return took;
}

const get = () => cfg("get", "model");
const validate = () => cfg("validate", "--codex-version", "0.169.0");

const SUBJECTS = [
  ["codex-cfg --version", () => cfg("--version"), 1],
  ["codex-cfg get model", get, 1],
  ["codex-cfg validate", validate, 1],
  ["codex-cfg apply http-sse -n --no-preflight", () => cfg("apply", "http-sse", "-n", "--no-preflight"), 1],
  ["codex-cfg apply http-sse, then revert", applyAndRevert, 2],
];

const sorted = (numbers) => [...numbers].sort((a, b) => a - b);
const quantile = (numbers, q) => sorted(numbers)[Math.round((numbers.length - 1) * q)];
const median = (numbers) => quantile(numbers, 0.5);

/** Ratios of one subject to as many bare starts as it has processes; who goes first alternates. */
function measure(run, processes) {
  const bare = () => Array.from({ length: processes }, node).reduce((sum, took) => sum + took, 0);
  const pair = (i) => {
    freshHome();
    if (i % 2 === 0) return [bare(), run()];
    const took = run();
    return [bare(), took];
  };
  // The first pairs warm the disk's cache and do not count.
  for (let i = 0; i < 3; i++) pair(i);
  const pairs = Array.from({ length: PAIRS }, (_, i) => pair(i));
  return { ratios: pairs.map(([base, took]) => took / base), bare: pairs.map(([base]) => base / processes) };
}

/** How much longer `validate` takes than `get` right beside it, in bare starts. */
function judgement() {
  freshHome();
  return Array.from({ length: 2 * PAIRS }, (_, i) => {
    const [first, second] = i % 2 === 0 ? [get, validate] : [validate, get];
    const difference = (first() - second()) * (first === validate ? 1 : -1);
    return difference / node();
  });
}

try {
  const results = SUBJECTS.map(([name, run, processes]) => ({ name, processes, ...measure(run, processes) }));
  const times = (ratio) => `${ratio.toFixed(2)}×`;
  const row = (...cells) =>
    console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(46) : cell.padStart(16))).join(""));
  row("", "ratio", "middle half");
  for (const { name, ratios } of results)
    row(name, times(median(ratios)), `${times(quantile(ratios, 0.25))}–${times(quantile(ratios, 0.75))}`);
  const added = judgement();
  row(
    "what the judgement adds: validate less get",
    times(median(added)),
    `${times(quantile(added, 0.25))}–${times(quantile(added, 0.75))}`,
  );
  const bare = median(results.flatMap((result) => result.bare)).toFixed(0);
  console.log(`
Ratio: whole processes, each beside a bare start (node -e 0); median of ${PAIRS} pairs, who goes first alternates.
The last line is the difference of two processes side by side, in bare starts; twice as many pairs. A bare start took ${bare} ms here, with Node ${process.versions.node}.
The home holds ${(Buffer.byteLength(CONFIG) / 1024).toFixed(1)} KB.`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
