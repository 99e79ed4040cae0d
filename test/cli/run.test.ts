/** `run` as the program that ships: what it starts has its output, its signals and the last word on the exit code. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { story } from "../story.ts";

const BIN = fileURLToPath(new URL("../../dist/bin.cjs", import.meta.url));
const FILES = { "config.toml": 'model = "a"\n', "work.config.toml": 'model = "b"\n' };

test("Codex gets the flags and this home, and its exit code is ours", async () => {
  const tale = story(FILES, "dist");
  tale.installCodex("0.169.0", 'echo "$CODEX_HOME $*"; exit 7');
  const { exit, out } = await tale.run("run", "-p", "work", "--set", "model=c", "--", "codex", "exec", "two words");
  expect([exit, out]).toEqual([7, `${tale.home} --profile work -c model="c" exec two words\n`]);
  expect(Object.keys(tale.files())).toEqual(["config.toml", "work.config.toml"]);
});

test("without anything to change it is called as it is written", async () => {
  const tale = story(FILES, "dist");
  tale.installCodex("0.169.0", 'echo "$*"');
  expect(await tale.run("run", "--", "codex", "-m", "x")).toMatchObject({ exit: 0, out: "-m x\n" });
});

test("a signal reaches Codex, and what it makes of it is how the command ends", async () => {
  const tale = story(FILES, "dist");
  tale.installCodex("0.169.0", "trap 'exit 42' TERM; echo ready; while :; do sleep 0.05; done");
  const child = spawn(process.execPath, [BIN, "run", "--", "codex"], {
    cwd: tale.cwd,
    env: { ...process.env, ...tale.env, PATH: `${tale.env.PATH}:/usr/bin:/bin` },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
  await new Promise((resolve) => child.stdout.once("data", resolve));
  child.kill("SIGTERM");
  expect(await ended).toBe(42);
});

test("one that dies by a signal ends as a shell tells it", async () => {
  const tale = story(FILES, "dist");
  tale.installCodex("0.169.0", "kill -KILL $$");
  expect(await tale.run("run", "--", "codex")).toMatchObject({ exit: 137 });
});
