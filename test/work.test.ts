/**
 * How much work a command makes, counted and not timed: parts of Node that are loaded, files that are opened, programs
 * that are started. Speed rots here first.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";

const BIN = fileURLToPath(new URL("../dist/bin.cjs", import.meta.url));
const COUNT = fileURLToPath(new URL("work/count.cjs", import.meta.url));

/** Beside every home, so that what is opened in a home is the home's. */
const CACHE = mkdtempSync(join(tmpdir(), "codex-cfg-work-cache-"));
afterAll(() => rmSync(CACHE, { recursive: true, force: true }));

type Counts = {
  readonly modules: string[];
  readonly opened: string[];
  readonly children: string[];
  /** Bytes read of each file, by its path. */
  readonly read: Readonly<Record<string, number>>;
};

function home(chats = 0): string {
  const root = mkdtempSync(join(tmpdir(), "codex-cfg-work-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const config = join(root, "config.toml");
  writeFileSync(config, 'model = "gpt-5.5"\n\n[mcp_servers.docs]\ncommand = "docs"\n');
  utimesSync(config, 1, 1);
  for (let i = 0; i < chats; i++) {
    const folder = join(root, "sessions", "2026", "01", String(1 + (i % 28)).padStart(2, "0"));
    mkdirSync(folder, { recursive: true });
    // The line goes on for long; who it belongs to stands at its start.
    const meta = `{"type":"session_meta","payload":{"model_provider":"openai","base_instructions":"${"x".repeat(6000)}"}}\n`;
    writeFileSync(join(folder, `rollout-${i}.jsonl`), meta);
  }
  return root;
}

/** What a command that has run before asks of Node; the program's own files left out. */
function count(root: string, ...argv: string[]): Counts {
  const run = () =>
    spawnSync(process.execPath, ["-r", COUNT, BIN, ...argv], {
      env: {
        HOME: root,
        XDG_CACHE_HOME: CACHE,
        CODEX_HOME: root,
        PATH: join(root, "bin"),
        COUNT: join(root, "counts"),
      },
      encoding: "utf8",
    });
  if (argv.includes("-n") || argv[0] === "get") run();
  const { status, stderr } = run();
  expect([0, 1], stderr).toContain(status);
  const counts: Counts = JSON.parse(readFileSync(join(root, "counts"), "utf8"));
  return { ...counts, opened: counts.opened.filter((path) => path.startsWith(root)).map((path) => basename(path)) };
}

/** What Node itself needs for any program of this kind. */
const ALWAYS = ["events", "fs", "module", "path", "process", "vm"];

describe("a command loads, opens and starts no more than it needs:", () => {
  test.each([
    ["get model", ["get", "model"], ["config.toml"]],
    ["mcp disable docs -n", ["mcp", "disable", "docs", "-n", "--no-preflight"], ["config.toml"]],
    [
      "apply http-sse -n",
      ["apply", "http-sse", "-n", "--no-preflight"],
      ["auth.json", "config.toml", "http_sse.config.toml"],
    ],
  ])("%s", (_, argv, files) => {
    const { children, modules, opened } = count(home(), ...argv);
    expect(modules.filter((name) => !ALWAYS.includes(name))).toEqual([]);
    expect([...new Set(opened)].filter((name) => !files.includes(name))).toEqual([]);
    expect(opened.length).toBeLessThanOrEqual(files.length);
    expect(children).toEqual([]);
  });

  test.runIf(process.platform === "linux")("output that goes nowhere is known for no terminal", () => {
    const root = home();
    spawnSync(process.execPath, ["-r", COUNT, BIN, "mcp", "disable", "docs", "-n", "--no-preflight"], {
      env: { XDG_CACHE_HOME: CACHE, CODEX_HOME: root, PATH: "", COUNT: join(root, "counts") },
      stdio: "ignore",
    });
    const { modules }: Counts = JSON.parse(readFileSync(join(root, "counts"), "utf8"));
    expect(modules.filter((name) => !ALWAYS.includes(name))).toEqual([]);
  });

  test("a change adds digests and nothing else", () => {
    const { children, modules } = count(home(), "mcp", "disable", "docs", "-y", "--no-preflight");
    expect(modules.filter((name) => !ALWAYS.includes(name))).toEqual(["crypto", "os"]);
    expect(children).toEqual([]);
  });

  test("a preview asks Codex once, and the change after it not again", () => {
    const root = home();
    const launcher = join(root, "lib", "node_modules", "@openai", "codex", "bin", "codex.js");
    mkdirSync(join(launcher, ".."), { recursive: true });
    mkdirSync(join(root, "bin"));
    writeFileSync(join(launcher, "..", "..", "package.json"), '{ "name": "@openai/codex", "version": "0.169.0" }');
    writeFileSync(launcher, "#!/bin/sh\nexit 0\n", { mode: 0o755 });
    symlinkSync(launcher, join(root, "bin", "codex"));
    const children = (argv: string[]) => count(root, ...argv).children.map((command) => command.split(" ").slice(1));
    expect(children(["mcp", "disable", "docs", "--dry-run"])).toEqual([["features", "list"]]);
    expect(children(["mcp", "disable", "docs", "-n"])).toEqual([]);
    expect(children(["mcp", "disable", "docs", "-y"])).toEqual([]);
  });

  test("only a judgement reads the measured shape of the config", () => {
    const shape = (...argv: string[]) => {
      const root = home();
      const own = spawnSync(process.execPath, ["-r", COUNT, BIN, ...argv], {
        env: { XDG_CACHE_HOME: CACHE, HOME: root, CODEX_HOME: root, PATH: "", COUNT: join(root, "counts") },
      });
      expect(own.status).toBe(0);
      const { opened }: Counts = JSON.parse(readFileSync(join(root, "counts"), "utf8"));
      return opened.some((path) => path.includes("/schema/"));
    };
    expect([shape("validate"), shape("get", "model"), shape("mcp", "list")]).toEqual([true, false, false]);
  });
});

test("a revert stops at the first chats that need the provider, and reads no more than the start of each", () => {
  const root = home(300);
  const newest = join(root, "sessions", "2026", "01", "28", "rollout-99999.jsonl");
  count(root, "apply", "http-sse", "-y", "--no-preflight");
  const talk = `{"text":"${"x".repeat(200_000)}"}\n`;
  for (let i = 0; i < 100; i++)
    writeFileSync(newest.replace("99999", `9${1000 + i}`), `{"payload":{"model_provider":"openai-http"}}\n${talk}`);
  const { opened, read } = count(root, "revert", "-y", "--no-preflight");
  expect(opened.filter((name) => name.startsWith("rollout-")).length).toBe(100);
  const most = Math.max(...Object.entries(read).map(([path, bytes]) => (path.includes("rollout-") ? bytes : 0)));
  expect([most > 0, most <= 64 * 1024]).toEqual([true, true]);
});
