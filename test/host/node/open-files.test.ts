import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isOpenForWriting } from "../../../src/host/node/open-files.ts";

/** A folder with two files, and a process that opens one of them by a shell's redirection. */
function machine() {
  const root = fs.mkdtempSync(join(tmpdir(), "codex-cfg-open-"));
  onTestFinished(() => fs.rmSync(root, { recursive: true, force: true }));
  const [file = "", other = ""] = ["a/config.toml", "b/config.toml"].map((name) => join(root, name));
  for (const path of [file, other]) {
    fs.mkdirSync(join(path, ".."));
    fs.writeFileSync(path, "a = 1\n");
  }
  const open = async (redirection: string) => {
    const child = spawn("/bin/sh", ["-c", `exec 7${redirection}'${file}'; echo; read line`], { stdio: "pipe" });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    return () => new Promise((resolve) => child.on("close", resolve).stdin.end());
  };
  return { root, file, other, open };
}

test.skipIf(process.platform !== "linux").each([
  [">", true],
  [">>", true],
  ["<>", true],
  ["<", false],
])("a file that a process has open with %s: %s, until it closes it", async (redirection, expected) => {
  const { file, open, other } = machine();
  const close = await open(redirection);
  expect([isOpenForWriting(file), isOpenForWriting(other)]).toEqual([expected, false]);
  await close();
  expect(isOpenForWriting(file)).toBe(false);
});

test.skipIf(process.platform !== "linux")(
  "is known by whatever name, not by that of a file that was replaced",
  async () => {
    const { file, open, root } = machine();
    const close = await open(">>");
    fs.symlinkSync(join(root, "a"), join(root, "link"));
    expect(isOpenForWriting(join(root, "link/config.toml"))).toBe(true);
    fs.writeFileSync(`${file}.new`, "a = 2\n");
    fs.renameSync(`${file}.new`, file);
    expect(isOpenForWriting(file)).toBe(false);
    await close();
  },
);

test("what this process has open itself is no reason to wait, and of what is not there nobody can tell", () => {
  const { file, root } = machine();
  const fd = fs.openSync(file, "a");
  expect([isOpenForWriting(file) ?? false, isOpenForWriting(join(root, "none"))]).toEqual([false, null]);
  fs.closeSync(fd);
});
