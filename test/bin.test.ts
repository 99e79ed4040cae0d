/** The program as it is built: its compiled code in the user's cache, and the same output whatever lies there instead. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));
const FILES = ["bin.cjs", "program.cjs", "schema"];
const TOGGLE = ["mcp", "disable", "docs", "-n", "--no-preflight"];
const isWindows = process.platform === "win32";
const isRoot = process.geteuid?.() === 0;

/** The program in a folder of its own, and a user with a home and a cache. */
function installed() {
  const root = fs.mkdtempSync(join(tmpdir(), "codex-cfg-bin-"));
  onTestFinished(() => fs.rmSync(root, { recursive: true, force: true }));
  const program = join(root, "program");
  const home = join(root, "home");
  for (const folder of [program, home]) fs.mkdirSync(folder);
  for (const name of FILES) fs.cpSync(join(DIST, name), join(program, name), { recursive: true });
  const config = join(home, "config.toml");
  fs.writeFileSync(config, '[mcp_servers.docs]\ncommand = "docs"\nargs = ["--api-key", "k-123456"]\n');
  fs.utimesSync(config, 1, 1);
  const cache = join(home, ".cache", "codex-cfg");
  const runIn = (env: NodeJS.ProcessEnv, ...argv: string[]) => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [join(program, "bin.cjs"), ...argv], {
      env: { CODEX_HOME: home, PATH: "", ...env },
      encoding: "utf8",
    });
    return { status, out: stdout, err: stderr };
  };
  const run = (...argv: string[]) => runIn({ HOME: home }, ...argv);
  /** The one folder of this build. */
  const build = () => join(cache, fs.readdirSync(cache)[0] ?? "");
  return { root, program, home, cache, run, runIn, build, kept: () => tree(cache) };
}

/** Every path below a folder; none where there is no folder. */
function tree(folder: string): string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).sort() : [];
}

test("masks in the built program are spelt as in its source", () => {
  const { run } = installed();
  expect(run(...TOGGLE)).toMatchObject({
    status: 0,
    out: expect.stringContaining('args = ["--api-key", "‹secret A›"]'),
  });
});

describe("compiled code", () => {
  test("is kept in the user's cache, read and written by its owner alone, and nothing beside the program", () => {
    const { cache, home, kept, program, run } = installed();
    const first = run(...TOGGLE);
    expect(first.status).toBe(0);
    const paths = kept();
    expect(paths.length).toBeGreaterThan(1);
    if (!isWindows) {
      for (const path of ["..", ".", ...paths]) {
        const stat = fs.statSync(join(cache, path));
        expect([path, stat.mode & 0o777]).toEqual([path, stat.isDirectory() ? 0o700 : 0o600]);
      }
    }
    expect(fs.readdirSync(program)).toEqual(FILES);
    expect(fs.readdirSync(home).sort()).toEqual([".cache", "config.toml"]);
  });

  test.skipIf(isWindows)("is its owner's alone under a umask that gives everything to everybody, too", () => {
    const { cache, home, kept, program } = installed();
    const line = `umask 000; exec "${process.execPath}" "${join(program, "bin.cjs")}" get mcp_servers.docs.command`;
    const { stdout } = spawnSync("/bin/sh", ["-c", line], { env: { HOME: home, CODEX_HOME: home }, encoding: "utf8" });
    expect(stdout).toBe("docs\n");
    for (const path of ["..", ".", ...kept()]) expect(fs.statSync(join(cache, path)).mode & 0o077).toBe(0);
  });

  test("is made once; the next run uses it and writes nothing", () => {
    const { cache, kept, run } = installed();
    const first = run(...TOGGLE);
    const times = () => kept().map((path) => [path, fs.statSync(join(cache, path)).mtimeMs]);
    const before = times();
    expect(run(...TOGGLE)).toEqual(first);
    expect(times()).toEqual(before);
  });

  test("has a file for each verb, and none of a run that was refused", () => {
    const { build, run } = installed();
    expect(run("mcp", "disable", "nobody", "-n").status).toBe(2);
    expect(fs.readdirSync(build())).toEqual([]);
    run(...TOGGLE);
    run("mcp", "list");
    run("--codex-version", "0.130.0", "status");
    const verbs = fs.readdirSync(build()).map((name) => name.replace(/^v[\d.]+-\w+-/, ""));
    expect(verbs).toEqual(["--codex-version", "mcp"]);
  });

  test("goes where XDG_CACHE_HOME says, and stays away where that is no absolute path", () => {
    const { home, kept, root, runIn } = installed();
    const other = join(root, "other");
    expect(runIn({ HOME: home, XDG_CACHE_HOME: other }, ...TOGGLE).status).toBe(0);
    expect([fs.readdirSync(other), kept()]).toEqual([["codex-cfg"], []]);
    runIn({ HOME: home, XDG_CACHE_HOME: "other" }, ...TOGGLE);
    expect(kept()).not.toEqual([]);
  });

  test("of builds that are used no more is removed when a new one comes, and by no other run", () => {
    const { cache, run } = installed();
    fs.mkdirSync(cache, { recursive: true, mode: 0o700 });
    for (const [i, name] of ["oldest", "older", "old", "last"].entries()) {
      fs.mkdirSync(join(cache, name));
      fs.writeFileSync(join(cache, name, "code"), "");
      fs.utimesSync(join(cache, name), i + 1, i + 1);
    }
    fs.writeFileSync(join(cache, "answers"), "");
    run("--version");
    const left = fs.readdirSync(cache);
    expect(left).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+-[0-9a-f]{8}$/), "answers", "last", "old"]);
    fs.mkdirSync(join(cache, "another"));
    run("--version");
    expect(fs.readdirSync(cache)).toEqual(expect.arrayContaining([...left, "another"]));
  });

  test.each<[string, (code: Buffer) => Buffer]>([
    ["nothing", () => Buffer.alloc(0)],
    ["half of it", (code) => code.subarray(0, code.length / 2)],
    ["something else", (code) => Buffer.alloc(code.length, "x")],
  ])("where %s lies instead of it, the program does the same and puts it right", (_, damage) => {
    const { build, run } = installed();
    const first = run(...TOGGLE);
    const file = join(build(), fs.readdirSync(build())[0] ?? "");
    const code = fs.readFileSync(file);
    fs.writeFileSync(file, damage(code));
    expect(run(...TOGGLE)).toEqual(first);
    expect(Math.abs(fs.readFileSync(file).length - code.length)).toBeLessThan(code.length / 10);
    expect(fs.readdirSync(build())).toHaveLength(1);
  });
});

describe.skipIf(!fs.existsSync("/dev/full"))("output on a full disk", () => {
  /** Runs a line of a shell; `$P` is the program. */
  function shell(line: string) {
    const { home, program } = installed();
    const { status, stderr, stdout } = spawnSync("/bin/sh", ["-c", line], {
      env: { CODEX_HOME: home, HOME: home, PATH: "", P: `${process.execPath} ${join(program, "bin.cjs")}` },
      encoding: "utf8",
    });
    return { status, out: stdout, err: stderr, config: fs.readFileSync(join(home, "config.toml"), "utf8") };
  }

  test("is no reason to say of a change that was made that it was not", () => {
    const { config, err, status } = shell("$P set model x --json > /dev/full");
    expect([status, config]).toEqual([0, expect.stringMatching(/^model = "x"$/m)]);
    expect(err).toMatch(/^error: standard output: the change was made, .*no space left on the device \[io\]\n$/);
    expect(shell("$P set model x --json > /dev/full 2> /dev/full").status).toBe(0);
  });

  test("keeps a change that cannot be shown from being made, and nothing ends in a stack trace", () => {
    const before = shell("true").config;
    for (const line of ["$P set model x > /dev/full", "$P status --json > /dev/full", "$P --help > /dev/full"]) {
      const { config, err, status } = shell(line);
      expect([line, status, config]).toEqual([line, 4, before]);
      expect(err.trimEnd().split("\n").at(-1)).toMatch(/^error: .*no space left on the device \[io\]$/);
      expect(shell(`${line} 2> /dev/full`)).toMatchObject({ status: 4, config: before });
    }
  });

  test("a reader who has left is no reason for anything", () => {
    const { config, status } = shell("{ $P set model x; echo $? >&2; } | true");
    expect([status, config]).toEqual([0, expect.stringMatching(/^model = "x"$/m)]);
  });
});

describe("where there is no cache, the program does the same:", () => {
  test.each<[string, (home: string) => NodeJS.ProcessEnv]>([
    ["no HOME", () => ({})],
    ["an empty HOME", () => ({ HOME: "" })],
    ["a HOME that is no absolute path", () => ({ HOME: "home" })],
    ["a HOME where nobody may write", () => ({ HOME: "/proc" })],
    [
      "a file where the folder should be",
      (home) => {
        fs.writeFileSync(join(home, ".cache"), "");
        return { HOME: home };
      },
    ],
  ])("%s", (_, envOf) => {
    const { home, root, run, runIn } = installed();
    const env = envOf(home);
    const first = runIn(env, ...TOGGLE);
    expect(first.status).toBe(0);
    expect(runIn(env, ...TOGGLE)).toEqual(first);
    expect(tree(root).filter((path) => path.includes("codex-cfg"))).toEqual([]);
    fs.rmSync(join(home, ".cache"), { force: true });
    expect(run(...TOGGLE)).toEqual(first);
    expect(tree(root).filter((path) => path.includes("codex-cfg"))).not.toEqual([]);
  });
});

describe.skipIf(isWindows)("code that somebody planted", () => {
  /** A program whose cache holds the code of another text of the same length, which V8 cannot tell from its own. */
  function poisoned() {
    const evil = installed();
    const text = fs.readFileSync(join(evil.program, "program.cjs"), "utf8");
    const version = /"(\d+\.\d+\.\d+)"/.exec(
      fs.readFileSync(join(DIST, "../package.json"), "utf8").split('"version"')[1] ?? "",
    )?.[1];
    const other = version?.replace(/\d/g, "6") ?? "";
    fs.writeFileSync(join(evil.program, "program.cjs"), text.replaceAll(`"${version}"`, `"${other}"`));
    expect(evil.run("--version").out).toBe(`${other}\n`);
    const victim = installed();
    expect(victim.run("--version").out).toBe(`${version}\n`);
    const [name = ""] = fs.readdirSync(victim.build());
    fs.copyFileSync(join(evil.build(), name), join(victim.build(), name));
    return { ...victim, file: join(victim.build(), name), says: () => victim.run("--version").out, version, other };
  }

  test("by its owner is run: it is as good as the program", () => {
    const { other, says } = poisoned();
    expect(says()).toBe(`${other}\n`);
  });

  test.each<[string, (world: ReturnType<typeof poisoned>) => void]>([
    ["in a file that others may write", ({ file }) => fs.chmodSync(file, 0o622)],
    ["in a folder of this build that others may write", ({ build }) => fs.chmodSync(build(), 0o777)],
    ["in a cache that others may write", ({ cache }) => fs.chmodSync(cache, 0o777)],
    [
      "behind a link",
      ({ cache, root }) => {
        fs.renameSync(cache, join(root, "elsewhere"));
        fs.symlinkSync(join(root, "elsewhere"), cache);
      },
    ],
    [
      "in a file that is a link",
      ({ file, root }) => {
        fs.renameSync(file, join(root, "elsewhere"));
        fs.symlinkSync(join(root, "elsewhere"), file);
      },
    ],
    ...(isRoot
      ? ([
          ["in somebody else's cache", ({ cache }) => fs.chownSync(cache, 65534, 65534)],
          ["in somebody else's file", ({ file }) => fs.chownSync(file, 65534, 65534)],
        ] satisfies [string, (world: ReturnType<typeof poisoned>) => void][])
      : []),
  ])("%s is not run", (_, spoil) => {
    const world = poisoned();
    spoil(world);
    const before = tree(world.root);
    expect(world.says()).toBe(`${world.version}\n`);
    expect(tree(world.root)).toEqual(before);
  });

  test.runIf(isRoot)("cannot be where root's HOME is a user's: nothing is made there", () => {
    const { home, run } = installed();
    fs.chownSync(home, 65534, 65534);
    expect(run("get", "model").status).toBe(1);
    expect(fs.readdirSync(home)).toEqual(["config.toml"]);
  });
});
