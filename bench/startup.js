// What a whole codex-cfg command costs beside a bare start of Node: paired, alternating, as ratios.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { configOf, median, quantile } from "./config.js";

const BIN = fileURLToPath(new URL("../dist/bin.cjs", import.meta.url));
/** What the program remembers of Codex's answers. */
const MEMORY = fileURLToPath(new URL("../dist/.cache/memory", import.meta.url));
/** The real client's npm launcher, where the suite on real releases has installed it. */
const CODEX = fileURLToPath(new URL("../.cache/codex/0.169.0/node_modules/.bin/codex", import.meta.url));
const CONFIG = configOf(5_000);
/** Five hundred servers and more. */
const LARGE = configOf(100_000);
const SERVERS = Array.from({ length: 500 }, (_, i) => `server_${i}`);
const LONG_AGO = new Date(2020, 1, 1);

export function startup(pairs = 31) {
  const scratch = mkdtempSync(join(tmpdir(), "codex-cfg-bench-"));
  const config = join(scratch, "config.toml");
  // Neither a PATH with a codex nor settings of the person who runs this.
  const env = { HOME: scratch, CODEX_HOME: scratch, PATH: "", NO_COLOR: "1" };
  const withCodex = { ...env, PATH: [dirname(CODEX), dirname(process.execPath)].join(delimiter) };
  const time = (args, world = env) => {
    const start = process.hrtime.bigint();
    const { status, stderr } = spawnSync(process.execPath, args, {
      env: world,
      cwd: scratch,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const took = Number(process.hrtime.bigint() - start) / 1e6;
    if (status !== 0) throw new Error(`exit ${status} of ${args.join(" ")}\n${stderr}`);
    return took;
  };
  const node = () => time(["-e", "0"]);
  const cfg = (...args) => time([BIN, ...args]);
  const quick = (...args) => cfg(...args, "--no-preflight");

  /** Every home begins anew, so that no history grows; a file of this very moment would be waited for. */
  const freshHome = (text = CONFIG) => {
    for (const name of [".codex-cfg", "http_sse.config.toml", "sessions"])
      rmSync(join(scratch, name), { recursive: true, force: true });
    writeFileSync(config, text);
    utimesSync(config, LONG_AGO, LONG_AGO);
  };
  const applyAndRevert = () => {
    const took = quick("apply", "http-sse", "-y") + quick("revert", "-y");
    if (readFileSync(config, "utf8") !== CONFIG) throw new Error("the revert did not bring the bytes back");
    return took;
  };
  const asking = (anew) => () => {
    if (anew) rmSync(MEMORY, { force: true });
    return time([BIN, "mcp", "disable", "server_1", "-n"], withCodex);
  };
  const get = () => cfg("get", "model");
  const validate = () => cfg("validate", "--codex-version", "0.169.0");
  const subjects = [
    ["codex-cfg --version", () => cfg("--version"), 1],
    ["codex-cfg get model", get, 1],
    ["codex-cfg mcp disable server_1 -n --no-preflight", () => quick("mcp", "disable", "server_1", "-n"), 1],
    ["codex-cfg mcp disable server_1 -y --no-preflight", () => quick("mcp", "disable", "server_1", "-y"), 1],
    ["codex-cfg apply http-sse -n --no-preflight", () => quick("apply", "http-sse", "-n"), 1],
    ["codex-cfg apply http-sse, then revert (each)", applyAndRevert, 2],
    ["codex-cfg validate", validate, 1],
    ...(existsSync(CODEX)
      ? [
          ["codex-cfg mcp disable server_1 -n, which asks Codex", asking(true), 1],
          ["the same once more, which has been told", asking(false), 1],
          [
            "codex features enable, by its npm launcher",
            () => time([CODEX, "features", "enable", "shell_snapshot"]),
            1,
          ],
        ]
      : []),
  ];
  const bares = [];
  const measure = ([name, run, processes]) => {
    const bare = () => Array.from({ length: processes }, node).reduce((sum, took) => sum + took, 0);
    const pair = (i) => {
      freshHome();
      if (i % 2 === 0) return [bare(), run()];
      const took = run();
      return [bare(), took];
    };
    // The first pairs warm the disk's cache and do not count.
    for (let i = 0; i < 3; i++) pair(i);
    const measured = Array.from({ length: pairs }, (_, i) => pair(i));
    bares.push(...measured.map(([base]) => base / processes));
    return row(
      name,
      measured.map(([base, took]) => took / base),
    );
  };
  const row = (name, ratios) => ({
    name,
    ratio: median(ratios),
    low: quantile(ratios, 0.25),
    high: quantile(ratios, 0.75),
  });

  /** How much longer `validate` takes than `get` right beside it, in bare starts. */
  const judgement = () => {
    freshHome();
    return Array.from({ length: 2 * pairs }, (_, i) => {
      const [first, second] = i % 2 === 0 ? [get, validate] : [validate, get];
      return ((first() - second()) * (first === validate ? 1 : -1)) / node();
    });
  };
  /** How much longer a revert takes to decide where ten thousand chats lie and the newest need the provider. */
  const chats = () => {
    freshHome();
    quick("apply", "http-sse", "-y");
    const empty = Array.from({ length: pairs }, () => quick("revert", "-n") / node());
    writeChats(join(scratch, "sessions"));
    return Array.from({ length: pairs }, (_, i) => quick("revert", "-n") / node() / (empty[i] ?? 1));
  };
  /** How much longer it takes to switch off five hundred servers than one of them. */
  const manyServers = (answer) => {
    const off = (names) => {
      freshHome(LARGE);
      return quick("mcp", "disable", ...names, answer);
    };
    const ratios = Array.from({ length: pairs + 3 }, (_, i) => {
      if (i % 2 === 0) return off(SERVERS) / off(SERVERS.slice(1, 2));
      return 1 / (off(SERVERS.slice(1, 2)) / off(SERVERS));
    });
    return median(ratios.slice(3));
  };
  try {
    const rows = [...subjects.map(measure), row("what the judgement adds: validate less get", judgement())];
    return {
      rows,
      pairs,
      chats: row("", chats()),
      manyServers: { preview: manyServers("-n"), change: manyServers("-y") },
      bare: median(bares),
      kilobytes: (Buffer.byteLength(CONFIG) / 1024).toFixed(1),
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Ten thousand chats over three years; the newest hundred need the provider of http-sse. */
function writeChats(sessions) {
  for (let i = 0; i < 10_000; i++) {
    const day = new Date(Date.UTC(2024, 0, 1) + Math.floor(i / 10) * 86_400_000).toISOString().slice(0, 10);
    const folder = join(sessions, ...day.split("-"));
    mkdirSync(folder, { recursive: true });
    const provider = i >= 9_900 ? "openai-http" : "openai";
    const meta = `{"type":"session_meta","payload":{"model_provider":"${provider}","base_instructions":"${"x".repeat(6000)}"}}\n`;
    writeFileSync(join(folder, `rollout-${day}T00-00-${String(i).padStart(5, "0")}.jsonl`), meta);
  }
}
