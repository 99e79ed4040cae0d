/** What `validate` and `doctor` do about a file that nobody can read: they name it and why, and judge the rest. */
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { MemoryDisk } from "../memory-disk.ts";
import { memoryHost } from "../memory-host.ts";
import { story } from "../story.ts";

const NEW = ["--codex-version", "0.169.0"];
const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
const TYPO = 'modle = "x"\n';
const STRANDED = '[tui]\nmodel = "x"\n';

const ODD: Readonly<Record<string, readonly [why: string, make: (path: string) => void]>> = {
  "UTF-16": ["it is UTF-16; save it as UTF-8", (path) => writeFileSync(path, utf16(TYPO))],
  "UTF-16, the other way round": [
    "it is UTF-16; save it as UTF-8",
    (path) => writeFileSync(path, utf16(TYPO).swap16()),
  ],
  "no UTF-8": ["it is not valid UTF-8 (byte 2)", (path) => writeFileSync(path, Buffer.from('a"\xff"', "latin1"))],
  "a folder": ["it is a folder, not a file", (path) => mkdirSync(path)],
  "a pipe": ["it is not a regular file", (path) => execFileSync("mkfifo", [path])],
  "a circle of links": ["its links lead in a circle", (path) => symlinkSync(path, path)],
};

describe.each(Object.entries(ODD))("%s", (_, [why, make]) => {
  test("as config.toml is one error, and the profile is judged", async () => {
    const tale = story({ "lean.config.toml": TYPO });
    make(join(tale.home, "config.toml"));
    const { exit, out, err } = await tale.run("validate", ...NEW);
    expect(out.split("\n")).toEqual([
      `config.toml: error: cannot be read: ${why} [unreadable-file]`,
      expect.stringMatching(/^lean\.config\.toml:1:\d+: warning: modle is no setting/),
      "",
    ]);
    expect([exit, err.split("\n")]).toEqual([
      1,
      [
        "1 error, 1 warning; Codex 0.169.0 does not load this",
        "0 with a safe fix, 1 with a choice; see: codex-cfg doctor --fix",
        "what a code means: codex-cfg describe unreadable-file",
        "",
      ],
    ]);
  });

  test("as a profile's file is an error of that start, and config.toml is judged", async () => {
    const tale = story({ "config.toml": TYPO });
    make(join(tale.home, "lean.config.toml"));
    const { exit, out } = await tale.run("validate", "-p", "lean", ...NEW);
    expect([exit, out.split("\n")]).toEqual([
      1,
      [
        `lean.config.toml: error: cannot be read: ${why} [unreadable-file]`,
        expect.stringContaining("config.toml:1:9: warning: modle"),
        "",
      ],
    ]);
    // What leads to no file is no profile, unless it is asked for.
    const isProfile = why.includes("UTF");
    const all = await tale.run("validate", ...NEW);
    expect(all.out).toContain("config.toml:1:9: warning: modle");
    expect(all.out.includes(`lean.config.toml: error: cannot be read: ${why}`)).toBe(isProfile);
    expect(all.err.includes("it does not start with --profile lean\n")).toBe(isProfile);
    expect(all.exit).toBe(isProfile ? 1 : 0);
  });

  test("is what doctor begins with, and its report goes on", async () => {
    const tale = story({ "lean.config.toml": STRANDED });
    make(join(tale.home, "config.toml"));
    const { exit, out } = await tale.run("doctor", ...NEW);
    expect(out.split("\n")).toEqual([
      "start: Codex does not start, or passes settings over",
      `  ✗ config.toml: cannot be read: ${why}`,
      expect.stringContaining("  ! lean.config.toml:2:9: model belongs to the top"),
      "  → make config.toml a plain file of UTF-8 text that you may read; then see: codex-cfg validate",
      "",
    ]);
    expect(exit).toBe(1);
    const report = await tale.run("doctor", "--report", ...NEW);
    expect([report.exit, report.out]).toEqual([
      0,
      expect.stringContaining(`- start: config.toml: cannot be read: ${why}`),
    ]);
    expect(report.out).toContain(
      "## config.toml\n\n(cannot be read, hence not shown)\n\n## lean.config.toml\n\n```toml\n[tui]",
    );
  });

  test("named to validate is refused with what it is", async () => {
    const tale = story();
    make(join(tale.cwd, "x.toml"));
    const { exit, err } = await tale.run("validate", "x.toml", ...NEW);
    expect([exit, err]).toEqual([3, expect.stringContaining(`x.toml: ${why} [unsafe-file]\n  hint: `)]);
  });
});

test("a file that nobody may read is one of them", async () => {
  const disk = new MemoryDisk();
  for (const folder of ["/home", "/home/u", "/home/u/.codex"]) disk.putFolder(folder);
  disk.put("/home/u/.codex/config.toml", "");
  disk.put("/home/u/.codex/lean.config.toml", "");
  disk.now += 60_000;
  disk.onCall = (name, path) => {
    if (name === "read" && path.endsWith("lean.config.toml"))
      throw Object.assign(new Error("EACCES"), { code: "EACCES", path });
  };
  const host = memoryHost({ disk });
  expect(await main(["validate", ...NEW], host), host.printed.err).toBe(1);
  expect(host.printed.out).toBe("lean.config.toml: error: cannot be read: no permission [unreadable-file]\n");
});

test("doctor --fix names the file as left, and the choices of the others can be made", async () => {
  const tale = story({ "lean.config.toml": STRANDED });
  tale.write("config.toml", utf16(TYPO));
  const before = tale.files();
  const { exit, err } = await tale.run("doctor", "--fix", ...NEW);
  expect([exit, err]).toEqual([
    1,
    expect.stringContaining(
      "this fixes 0 of 2\nnothing to do\nleft: config.toml: cannot be read: it is UTF-16; save it as UTF-8\n",
    ),
  ]);
  const choice = "misplaced-key:profile:lean:tui.model=1";
  expect((await tale.run("doctor", "--fix", "--choose", choice, ...NEW)).exit).toBe(1);
  expect(tale.read("lean.config.toml")).toBe('model = "x"\n\n[tui]\n');
  expect((await tale.run("revert", "-y")).exit).toBe(0);
  expect(tale.files()).toEqual(before);
});

test("no chat lacks a provider that the unreadable file may define", async () => {
  const meta = '{"type":"session_meta","payload":{"model_provider":"mine"}}\n';
  const tale = story({ "sessions/2030/01/01/rollout-a.jsonl": meta });
  expect((await tale.run("doctor", ...NEW)).out).toContain("1 chat of the provider mine");
  tale.write("config.toml", utf16('[model_providers.mine]\nname = "x"\n'));
  expect((await tale.run("doctor", ...NEW)).out).not.toContain("mine");
});
