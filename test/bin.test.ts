/** The launcher keeps compiled code beside the program; whatever lies there instead, the program does the same. */
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));
const FILES = ["bin.cjs", "quick.cjs", "whole.cjs", "codex-schema.json"];
const TOGGLE = ["mcp", "disable", "docs", "-n", "--no-preflight"];

/** The program in a folder of its own, beside a home. */
function installed() {
  const root = mkdtempSync(join(tmpdir(), "codex-cfg-launcher-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const program = join(root, "program");
  const home = join(root, "home");
  const cache = join(program, ".cache");
  for (const folder of [program, home]) mkdirSync(folder);
  for (const name of FILES) copyFileSync(join(DIST, name), join(program, name));
  const config = join(home, "config.toml");
  writeFileSync(config, '[mcp_servers.docs]\ncommand = "docs"\n');
  utimesSync(config, 1, 1);
  const run = (...argv: string[]) => {
    const env = { HOME: home, CODEX_HOME: home, PATH: "" };
    const { status, stderr, stdout } = spawnSync(process.execPath, [join(program, "bin.cjs"), ...argv], { env });
    return { status, out: String(stdout), err: String(stderr) };
  };
  return { cache, run, kept: () => readdirSync(cache).filter((name) => name.endsWith(".cjs")) };
}

test("a verb is compiled once, looking and writing apart", () => {
  const { kept, run } = installed();
  const first = run(...TOGGLE);
  expect(first).toMatchObject({ status: 0, out: expect.stringContaining("+enabled = false") });
  expect(kept()).toEqual([expect.stringMatching(/-mcp-n-quick\.cjs$/)]);
  expect(run(...TOGGLE)).toEqual(first);
  expect(run("validate").status).toBe(0);
  expect(run("mcp", "disable", "docs", "-y", "--no-preflight").status).toBe(0);
  expect(kept().map((name) => name.replace(/^.*x64-|^.*arm64-/, ""))).toEqual([
    "mcp-n-quick.cjs",
    "mcp-quick.cjs",
    "validate-whole.cjs",
  ]);
});

test.each<[string, (code: Buffer) => Buffer]>([
  ["nothing", () => Buffer.alloc(0)],
  ["half of it", (code) => code.subarray(0, code.length / 2)],
  ["something else", (code) => Buffer.alloc(code.length, "x")],
])("where %s lies instead of the code, the program does the same and puts it right", (_, damage) => {
  const { cache, kept, run } = installed();
  const first = run(...TOGGLE);
  const file = join(cache, kept()[0] ?? "");
  const code = readFileSync(file);
  writeFileSync(file, damage(code));
  expect(run(...TOGGLE)).toEqual(first);
  expect(Math.abs(readFileSync(file).length - code.length)).toBeLessThan(code.length / 10);
  expect(kept()).toHaveLength(1);
});

test("where nothing can be kept, the program does the same", () => {
  const { cache, run } = installed();
  writeFileSync(cache, "no folder");
  const first = run(...TOGGLE);
  expect(first.status).toBe(0);
  expect(run(...TOGGLE)).toEqual(first);
});

test("a run that was refused keeps nothing: it has not compiled what the next one needs", () => {
  const { cache, run } = installed();
  expect(run("mcp", "disable", "nobody", "-n").status).toBe(2);
  expect(() => readdirSync(cache)).toThrow("ENOENT");
});
