/** The program as it is built, ended by a signal while it waits for another one: what it says, and what it leaves. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";

const BIN = fileURLToPath(new URL("../dist/bin.cjs", import.meta.url));
const VERSION = ["--codex-version", "0.169.0"];
const CONFIG = '[mcp_servers.a]\ncommand = "a"\n[mcp_servers.b]\ncommand = "b"\nenv = { TOKEN = "FAKE-SECRET" }\n';
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A home, and a `codex` that says its version and then, with a child of its own, nothing for so many seconds. */
function machine(seconds = 60) {
  const root = fs.mkdtempSync(join(tmpdir(), "codex-cfg-interrupted-"));
  onTestFinished(() => fs.rmSync(root, { recursive: true, force: true }));
  const at = (name: string) => join(root, name);
  for (const name of ["home", "bin", "tmp"]) fs.mkdirSync(at(name));
  fs.writeFileSync(at("home/config.toml"), CONFIG);
  fs.utimesSync(at("home/config.toml"), 1, 1);
  const hang = `sleep ${seconds} & echo $! > '${at("child")}.new'; mv '${at("child")}.new' '${at("child")}'; wait`;
  const codex = `#!/bin/sh\nif [ "$1" = --version ]; then echo codex-cli 0.169.0; exit; fi\n${hang}\n`;
  fs.writeFileSync(at("bin/codex"), codex, { mode: 0o755 });
  const env = { HOME: root, CODEX_HOME: at("home"), TMPDIR: at("tmp"), PATH: `${at("bin")}:/usr/bin:/bin` };
  const start = (...argv: string[]) => startNode(BIN, ...argv);
  const startNode = (...argv: string[]) => {
    const child = spawn(process.execPath, argv, { env, cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const said = { out: "", err: "" };
    child.stdout.setEncoding("utf8").on("data", (text) => (said.out += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (said.err += text));
    const ended = new Promise<{ status: number | null; signal: string | null; out: string; err: string }>((resolve) =>
      child.on("close", (status, signal) => resolve({ status, signal, ...said })),
    );
    return { child, ended };
  };
  const copies = () =>
    fs.readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => /codex-cfg-[0-9a-f]{16}/.test(name));
  const config = () => fs.readFileSync(at("home/config.toml"), "utf8");
  return { at, hang, start, startNode, copies, config, child: () => Number(fs.readFileSync(at("child"), "utf8")) };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo(); waited += 20) {
    expect(waited).toBeLessThan(20_000);
    await new Promise((done) => setTimeout(done, 20));
  }
}

function lives(pid: number): boolean {
  try {
    return !/^State:\s*[ZX]/m.test(fs.readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

describe.skipIf(process.platform !== "linux").each(SIGNALS)("%s", (signal) => {
  test.each([
    ["a change", ["set", "model", "b"]],
    ["a dry run", ["set", "model", "b", "-n"]],
    ["a look at the keyring", ["auth-store"]],
  ])("while Codex is asked about %s leaves no copy and no child, writes nothing and says so", async (_, argv) => {
    const { at, child, config, copies, start } = machine();
    // By its second try the client is watched.
    const run = start(...argv);
    await until(() => fs.existsSync(at("child")));
    await until(() => copies().length > 0);
    run.child.kill(signal);
    const { err, out, signal: by, status } = await run.ended;
    expect([status, by, out]).toEqual([null, signal, ""]);
    expect(err).toBe("error: interrupted; nothing was written [interrupted]\n");
    await until(() => !lives(child()));
    expect([copies(), config(), fs.existsSync(at("home/.codex-cfg"))]).toEqual([[], CONFIG, false]);
  });

  test.each([
    ["a change", ["set", "model", "b"]],
    ["a dry run", ["set", "model", "b", "-n"]],
  ])("while Codex takes a moment over %s is heard before anything is written", async (_, argv) => {
    const { at, config, copies, start } = machine(0.3);
    const run = start(...argv);
    await until(() => fs.existsSync(at("child")));
    run.child.kill(signal);
    expect(await run.ended).toMatchObject({ signal, err: "error: interrupted; nothing was written [interrupted]\n" });
    expect([copies(), config()]).toEqual([[], CONFIG]);
  });

  test("while a search's command runs ends all that it has started, and says how to go on", async () => {
    const { at, child, hang, start } = machine();
    fs.mkdirSync(at("home/.codex-cfg"), { mode: 0o700 });
    const bad = `[ -e '${at("again")}' ] || { touch '${at("again")}'; exit 1; }; ${hang}`;
    const run = start("mcp", "bisect", "run", "--no-preflight", ...VERSION, "--", "sh", "-c", bad);
    await until(() => fs.existsSync(at("child")));
    run.child.kill(signal);
    const { err, signal: by, status } = await run.ended;
    expect([status, by]).toEqual([null, signal]);
    expect(err).toContain("interrupted; go on: codex-cfg");
    expect(err).toContain("mcp bisect reset");
    await until(() => !lives(child()));
    const reset = await start("mcp", "bisect", "reset", ...VERSION).ended;
    expect([reset.status, fs.readFileSync(at("home/config.toml"), "utf8")]).toEqual([0, CONFIG]);
  });
});

test.skipIf(process.platform !== "linux")(
  "a command of a search that ignores a signal ends two seconds later",
  async () => {
    const { at, child, hang, start } = machine();
    const run = start("mcp", "bisect", "run", "--no-preflight", ...VERSION, "--", "sh", "-c", `trap '' TERM; ${hang}`);
    await until(() => fs.existsSync(at("child")));
    const before = performance.now();
    run.child.kill("SIGTERM");
    expect((await run.ended).signal).toBe("SIGTERM");
    expect(performance.now() - before).toBeLessThan(15_000);
    await until(() => !lives(child()));
  },
);

test.skipIf(process.platform !== "linux")(
  "a search's command that takes too long ends with all that it has started",
  async () => {
    const { child, hang, start } = machine();
    const { err, status } = await start(
      ...["mcp", "bisect", "run", "--timeout", "1", "--no-preflight", ...VERSION, "--", "sh", "-c", hang],
    ).ended;
    expect([status, err]).toEqual([1, expect.stringContaining("bad (took too long)")]);
    expect(lives(child())).toBe(false);
  },
);

test.skipIf(process.platform !== "linux")(
  "the next command removes the copy of one that was killed, and says nothing of it",
  async () => {
    const { at, child, copies, start } = machine();
    const run = start("set", "model", "b");
    await until(() => fs.existsSync(at("child")) && copies().some((name) => name.endsWith("config.toml")));
    run.child.kill("SIGKILL");
    await run.ended;
    expect(copies().some((name) => name.endsWith("config.toml"))).toBe(true);
    expect(await start("get", "mcp_servers.a.command").ended).toMatchObject({ status: 0, out: "a\n", err: "" });
    expect(copies().filter((name) => name.endsWith("config.toml"))).toEqual([]);
    process.kill(child(), "SIGKILL");
  },
);

describe.skipIf(process.platform !== "linux")("a program of somebody's own that asks Codex by the library", () => {
  const LIBRARY = new URL("../dist/index.js", import.meta.url);
  const asks = (before: string) => `
    import { openHome, preflight, setSettings } from ${JSON.stringify(LIBRARY.href)};
    ${before}
    const home = openHome();
    try {
      await preflight(home, await setSettings(home, { settings: [{ key: "model", value: "b" }] }));
    } catch (error) {
      console.log(error.code);
    }`;

  test.each([
    ["ends by a signal once all is put away", "", { status: null, signal: "SIGTERM", out: "" }],
    [
      "goes on where it listens for signals itself",
      'process.on("SIGTERM", () => console.log("mine"));',
      { status: 0, signal: null, out: "mine\ninterrupted\n" },
    ],
  ])("%s", async (_, before, end) => {
    const { at, child, copies, startNode } = machine();
    const run = startNode("--input-type=module", "-e", asks(before));
    await until(() => fs.existsSync(at("child")));
    run.child.kill("SIGTERM");
    expect(await run.ended).toMatchObject(end);
    await until(() => !lives(child()));
    expect(copies()).toEqual([]);
  });
});
