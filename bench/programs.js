// Other programs that put a server into Codex's config: what they cost as a whole process, and what becomes of the rest.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { configOf, median } from "./config.js";
import { damage, TRYING } from "./peers.js";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const SERVER = ["npx", "-y", "some-server"];
const LONG_AGO = new Date(2020, 1, 1);

/** By name: the script that Node runs, and what it is told. */
const PROGRAMS = {
  "codex-cfg set": [
    at("../dist/bin.cjs"),
    ["set", "mcp_servers.extra", '{ command = "npx", args = ["-y", "some-server"] }', "-y", "--no-preflight"],
  ],
  "codex mcp add (0.169.0)": [
    at("../.cache/codex/0.169.0/node_modules/.bin/codex"),
    ["mcp", "add", "extra", "--", ...SERVER],
  ],
  "add-mcp": [at("node_modules/add-mcp/dist/index.js"), [SERVER.join(" "), "-n", "extra", "-a", "codex", "-g", "-y"]],
};

/** One row a program: its time in bare starts of Node, and what it lost; null where it is not installed. */
export function programs(pairs = 15) {
  const scratch = mkdtempSync(join(tmpdir(), "codex-cfg-bench-"));
  const home = join(scratch, ".codex");
  const config = join(home, "config.toml");
  const env = {
    HOME: scratch,
    CODEX_HOME: home,
    PATH: [dirname(process.execPath), "/bin"].join(delimiter),
    NO_COLOR: "1",
    DO_NOT_TRACK: "1",
  };
  const run = (args) => spawnSync(process.execPath, args, { env, cwd: scratch, encoding: "utf8", timeout: 60_000 });
  const time = (args) => {
    const start = process.hrtime.bigint();
    run(args);
    return Number(process.hrtime.bigint() - start);
  };
  const begin = (text) => {
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home, { recursive: true });
    writeFileSync(config, text);
    utimesSync(config, LONG_AGO, LONG_AGO);
  };
  const edited = (args) => (text) => {
    begin(text);
    const { stderr, stdout } = run(args);
    const after = readFileSync(config, "utf8");
    if (!after.includes("extra"))
      throw new Error(/Unknown character[^\n]*/.exec(stdout + stderr)?.[0] ?? "no reason given");
    return after;
  };
  try {
    return Object.entries(PROGRAMS).map(([name, [script, argv]]) => {
      if (!existsSync(script)) return { name, ratio: null, lost: [] };
      const args = [script, ...argv];
      const ratios = Array.from({ length: pairs + 2 }, () => {
        begin(configOf(5_000));
        return time(args) / time(["-e", "0"]);
      });
      const lost = damage(edited(args), { adds: true });
      // What stops at the BOM may still show what it does to the rest.
      const plain = lost[0]?.startsWith("refuses") ? damage(edited(args), { text: TRYING.slice(1), adds: true }) : [];
      return { name, ratio: median(ratios.slice(2)), lost: [...lost, ...plain] };
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
