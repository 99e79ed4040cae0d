/** Programs that are run: how they end, and that nothing of them stays behind. */
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { realHost } from "../../../src/host/node/host.ts";

const root = mkdtempSync(join(tmpdir(), "codex-cfg-run-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const host = realHost();
const env = { PATH: process.env.PATH, A: "b" };
const sh = (script: string, timeoutMs = 10_000) => host.run("/bin/sh", ["-c", script], { env, cwd: root, timeoutMs });

/** Whether a process is still at work, after a moment in which a signal may reach it. */
async function lives(pid: number): Promise<boolean> {
  for (let i = 0; i < 40; i++) {
    if (host.startOf(pid) === null) return false;
    await new Promise((done) => setTimeout(done, 50));
  }
  return true;
}

test("a program gets an empty input and its own environment, and its words and exit code come back", async () => {
  expect(await sh("cat; echo $A; echo no >&2; pwd; exit 3")).toEqual({
    status: 3,
    stdout: `b\n${root}\n`,
    stderr: "no\n",
    timedOut: false,
  });
});

test.each<[string, () => string]>([
  ["is not there", () => join(root, "nothing")],
  ["is a folder", () => root],
  ["nobody may execute", () => plain("text", 0o644)],
  ["names an interpreter that is not there", () => plain("#!/nowhere/at/all\n", 0o755)],
])("a program that %s is told from one that fails", async (_, make) => {
  const file = make();
  const options = { env, cwd: root, timeoutMs: 5000 };
  for (const ran of [await host.run(file, [], options), host.runSync(file, [], options)])
    expect(ran).toMatchObject({ status: null, timedOut: false, notStarted: true });
});

let files = 0;
function plain(text: string, mode: number): string {
  const path = join(root, `file-${files++}`);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe.skipIf(process.platform === "win32")("what a program has started", () => {
  test("ends with its time", async () => {
    const before = Date.now();
    const { status, stdout, timedOut } = await sh("sleep 57 & echo $!; wait", 300);
    expect([status, timedOut, Date.now() - before < 5000]).toEqual([null, true, true]);
    expect(await lives(Number(stdout))).toBe(false);
  });

  test("ends with it, and keeps nobody waiting", async () => {
    const before = Date.now();
    const { status, stdout, timedOut } = await sh("sleep 57 & echo $!");
    expect([status, timedOut, Date.now() - before < 5000]).toEqual([0, false, true]);
    expect(await lives(Number(stdout))).toBe(false);
  });

  test("keeps nobody waiting either when it has left for a session of its own", async () => {
    const before = Date.now();
    const { status, stdout } = await sh("setsid sleep 20 & echo $!; sleep 0.1");
    expect([status, Date.now() - before < 5000]).toEqual([0, true]);
    process.kill(Number(stdout), "SIGKILL");
  });

  test("ends with a question that is asked at once, too", async () => {
    const file = join(root, "pid");
    const script = `sleep 57 & echo $! > '${file}'; wait`;
    const { status, timedOut } = host.runSync("/bin/sh", ["-c", script], { env, cwd: root, timeoutMs: 300 });
    expect([status, timedOut]).toEqual([null, true]);
    expect(await lives(Number(readFileSync(file, "utf8")))).toBe(false);
  });

  test("ends with a flood of words, of which the beginning counts", async () => {
    const { status, stdout, timedOut } = await sh("while :; do echo 0123456789012345678901234567890123456789; done");
    expect([status, timedOut, stdout.slice(0, 10), stdout.length <= 1024 * 1024]).toEqual([
      null,
      false,
      "0123456789",
      true,
    ]);
  });

  test("is nobody else's", async () => {
    const other = spawn("sleep", ["57"], { stdio: "ignore" });
    onTestFinished(() => void other.kill("SIGKILL"));
    await sh("sleep 57 & wait", 200);
    expect(host.startOf(other.pid ?? 0)).not.toBeNull();
  });
});
