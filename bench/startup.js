// What a whole codex-cfg command costs beside a bare start of Node: paired, alternating, as ratios of wall and CPU time.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { configOf, median, quantile } from "./config.js";

const BIN = fileURLToPath(new URL("../dist/bin.cjs", import.meta.url));
/** Of 201 real configs half have less than 1 KB, one in ten more than 5 KB, and the largest 25 KB. */
const SIZES = [1_000, 5_000, 25_000];
const QUIET = ["--no-preflight", "--codex-version", "0.169.0"];
/** By name: what it writes, and so what the next run must not find. */
const COMMANDS = {
  "get model": ["get", "model"],
  "mcp disable server_1 -n": ["mcp", "disable", "server_1", "-n", ...QUIET],
  "apply http-sse -n": ["apply", "http-sse", "-n", ...QUIET],
  "mcp disable server_1 -y": ["mcp", "disable", "server_1", "-y", ...QUIET],
  validate: ["validate", "--codex-version", "0.169.0"],
};
const LONG_AGO = new Date(2020, 1, 1);

/** A row for each command and size: medians of the pairs' ratios, and the middle half by wall. */
export function startup(pairs = 41) {
  const home = mkdtempSync(join(tmpdir(), "codex-cfg-bench-"));
  // Neither a PATH with a codex nor settings of the person who runs this.
  const env = { HOME: home, CODEX_HOME: home, PATH: "", NO_COLOR: "1" };
  const run = (args) => {
    const [cpu, start] = [cpuOfChildren(), process.hrtime.bigint()];
    const { status, stderr } = spawnSync(process.execPath, args, { env, cwd: home, stdio: ["ignore", "pipe", "pipe"] });
    const wall = Number(process.hrtime.bigint() - start) / 1e6;
    if (status !== 0) throw new Error(`exit ${status} of ${args.join(" ")}\n${stderr}`);
    return { wall, cpu: cpuOfChildren() - cpu };
  };
  /** Every home begins anew, so that no history grows; a file of this very moment would be waited for. */
  const begin = (text) => {
    rmSync(join(home, ".codex-cfg"), { recursive: true, force: true });
    writeFileSync(join(home, "config.toml"), text);
    utimesSync(join(home, "config.toml"), LONG_AGO, LONG_AGO);
  };
  const pair = (args, text, i) => {
    begin(text);
    const first = run(i % 2 === 0 ? ["-e", "0"] : args);
    const second = run(i % 2 === 0 ? args : ["-e", "0"]);
    return i % 2 === 0 ? { bare: first, ours: second } : { bare: second, ours: first };
  };
  try {
    const bares = [];
    const rows = Object.entries(COMMANDS).flatMap(([name, argv]) =>
      SIZES.map((size) => {
        const text = configOf(size);
        // The first pairs warm the disk and compile the program; they do not count.
        for (let i = 0; i < 3; i++) pair([BIN, ...argv], text, i);
        const measured = Array.from({ length: pairs }, (_, i) => pair([BIN, ...argv], text, i));
        bares.push(...measured.map(({ bare }) => bare.wall));
        const ratios = measured.map(({ bare, ours }) => ours.wall / bare.wall);
        const sum = (who) => measured.reduce((total, one) => total + one[who].cpu, 0);
        const fastest = (who) => Math.min(...measured.map((one) => one[who].wall));
        return {
          name,
          size,
          wall: median(ratios),
          low: quantile(ratios, 0.25),
          high: quantile(ratios, 0.75),
          best: fastest("ours") / fastest("bare"),
          cpu: sum("ours") / sum("bare"),
        };
      }),
    );
    return { rows, pairs, bare: median(bares) };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Clock ticks that finished children took, as Linux counts them; nothing elsewhere. */
function cpuOfChildren() {
  if (process.platform !== "linux") return Number.NaN;
  const stat = readFileSync("/proc/self/stat", "latin1");
  // The second field is the program's name in brackets and may itself hold blanks.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[13]) + Number(fields[14]);
}
