/**
 * Signals at any moment of commands that ask Codex: whatever ends them, no copy of a config and no process stays behind,
 * and what they say and how they end is true.
 */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { binFolder } from "../real-codex/install.ts";
import { count, diceOf, figures, SEED } from "./figures.ts";

const BIN = fileURLToPath(new URL("../../dist/bin.cjs", import.meta.url));
const SERVERS = ["a", "b"].map((name) => `[mcp_servers.${name}]\ncommand = "x"\nenv = { TOKEN = "FAKE-SECRET" }\n`);
const CONFIG = `model = "m"\n\n${SERVERS.join("\n")}`;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** Moments for each client. */
const SLOW = 240;
const REAL = 60;

const tally = { sent: 0, ended: 0, finished: 0, copies: 0, children: 0, wrong: 0, real: "no real client installed" };
figures(
  "signals",
  () =>
    `${count(tally.sent)} INT, TERM and HUP beside a slow client (${tally.real}): ${count(tally.ended)} ended by them, ` +
    `${count(tally.finished)} finished, ${tally.copies} copies left, ${tally.children} children left, ${tally.wrong} wrong ends`,
);

/** Takes its time over both questions, and starts what would outlive it. */
const SLOW_CODEX = `#!/bin/sh
sleep 30 > /dev/null 2>&1 &
if [ "$1" = --version ]; then sleep 0.05; echo codex-cli 0.169.0; exit; fi
sleep 0.15
[ -r "$CODEX_HOME/config.toml" ]
`;

const COMMANDS: readonly (readonly string[])[] = [
  ["set", "model", "q"],
  ["apply", "http-sse"],
  ["mcp", "disable", "a", "-n"],
  ["auth-store"],
  ["mcp", "bisect", "run", "--", "sh", "-c", "sleep 30 & sleep 0.3; kill $!"],
];

function world(codex: string | null) {
  const root = fs.mkdtempSync(join(tmpdir(), "codex-cfg-signals-"));
  onTestFinished(() => fs.rmSync(root, { recursive: true, force: true }));
  const at = (name: string) => join(root, name);
  for (const name of ["bin", "tmp", "cache"]) fs.mkdirSync(at(name));
  fs.writeFileSync(at("bin/codex"), SLOW_CODEX, { mode: 0o755 });
  const fresh = () => {
    fs.rmSync(at("home"), { recursive: true, force: true });
    // A state folder is there in every other case.
    fs.mkdirSync(at("home"), { mode: 0o700 });
    fs.writeFileSync(at("home/config.toml"), CONFIG);
    fs.utimesSync(at("home/config.toml"), 1, 1);
    // Else the client would not be asked a second time.
    fs.rmSync(at("cache/codex-cfg/answers"), { force: true });
  };
  const env = {
    HOME: root,
    CODEX_HOME: at("home"),
    XDG_CACHE_HOME: at("cache"),
    TMPDIR: at("tmp"),
    PATH: [codex ?? at("bin"), join(process.execPath, ".."), "/usr/bin", "/bin"].join(":"),
  };
  const start = (argv: readonly string[]) => {
    const child = spawn(process.execPath, [BIN, ...argv], { env, cwd: root, detached: true, stdio: "pipe" });
    child.stdin.end();
    const said = { out: "", err: "" };
    child.stdout.setEncoding("utf8").on("data", (text) => (said.out += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (said.err += text));
    const end = new Promise<{ status: number | null; signal: string | null }>((resolve) =>
      child.on("exit", (status, signal) => resolve({ status, signal })),
    );
    return { child, said, end };
  };
  return { root, at, fresh, start };
}

/** Copies of the config in any place where they may lie for a moment. */
function copiesIn(root: string): string[] {
  const names = fs.readdirSync(root, { recursive: true, encoding: "utf8" });
  return names.filter((name) => /codex-cfg-[0-9a-f]{16}/.test(name));
}

/** Processes that know of a folder, after a moment in which a signal may reach them. */
async function leftIn(root: string): Promise<string[]> {
  for (let tries = 0; ; tries++) {
    const found = fs.readdirSync("/proc").flatMap((pid) => {
      if (!/^\d+$/.test(pid)) return [];
      try {
        const read = (name: string) => fs.readFileSync(`/proc/${pid}/${name}`, "latin1");
        const dead = /^State:\s*[ZX]/m.test(read("status"));
        return !dead && (read("environ") + read("cmdline")).includes(root) ? [`${pid} ${read("cmdline")}`] : [];
      } catch {
        return [];
      }
    });
    if (found.length === 0 || tries === 40) return found;
    await new Promise((done) => setTimeout(done, 25));
  }
}

async function signalled(codex: string | null, moments: number): Promise<void> {
  const dice = diceOf(SEED);
  const { at, fresh, root, start } = world(codex);
  /** How long each command takes when nobody disturbs it. */
  const takes = new Map<readonly string[], number>();
  for (const argv of COMMANDS) {
    fresh();
    await start(argv).end;
    fresh();
    const before = performance.now();
    await start(argv).end;
    takes.set(argv, performance.now() - before);
  }
  for (let i = 0, sent = 0; sent < moments; i++) {
    expect(i).toBeLessThan(10 * moments);
    const argv = COMMANDS[i % COMMANDS.length] ?? [];
    const signal = SIGNALS[Math.floor(i / COMMANDS.length) % SIGNALS.length] ?? "SIGINT";
    fresh();
    if (i % 2 === 0) fs.mkdirSync(at("home/.codex-cfg"), { mode: 0o700 });
    const { child, end, said } = start(argv);
    await new Promise((done) => setTimeout(done, dice() * (takes.get(argv) ?? 0)));
    // A terminal sends it to the whole group, `kill` to one.
    const isLate = child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
    if (!isLate) process.kill(i % 3 === 0 ? -child.pid : child.pid, signal);
    const { signal: by, status } = await end;
    const copies = copiesIn(root);
    const children = await leftIn(root);
    const config = fs.readFileSync(at("home/config.toml"), "utf8");
    const files = fs.readdirSync(at("home")).filter((name) => name.endsWith(".config.toml"));
    const isBisect = argv[1] === "bisect";
    const isWhole = isBisect || (config === CONFIG ? files.length === 0 : !(argv[0] === "apply" && files.length === 0));
    const isTrue = by === null ? status === 0 || isBisect : by === signal && (isBisect || config === CONFIG);
    if (isLate) continue;
    sent += 1;
    tally.sent += 1;
    tally[by === null ? "finished" : "ended"] += 1;
    tally.copies += copies.length;
    tally.children += children.length;
    if (!isWhole || !isTrue) tally.wrong += 1;
    expect({ argv, signal, copies, children, isWhole, isTrue }, said.err).toEqual({
      argv,
      signal,
      copies: [],
      children: [],
      isWhole: true,
      isTrue: true,
    });
  }
}

describe.skipIf(process.platform !== "linux")("a signal at any moment leaves no copy, no process and no lie", () => {
  test("beside a client that is slow", () => signalled(null, SLOW));

  const real = binFolder("0.169.0");
  test.skipIf(!fs.existsSync(real))("beside the real one", async () => {
    tally.real = "and Codex 0.169.0";
    await signalled(real, REAL);
  });
});
