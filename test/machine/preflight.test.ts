/** What the installed Codex is asked, in which surroundings, and what is made of its answer. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { profileLayout } from "../../src/codex/profile-layout.ts";
import type { RunResult } from "../../src/host/host.ts";
import { askCodex } from "../../src/machine/preflight.ts";
import type { FileRole } from "../../src/model/op.ts";
import { MemoryDisk } from "../memory-disk.ts";
import { memoryHost } from "../memory-host.ts";

const HOME = "/home/u/.codex";
const PROGRAM = "/usr/bin/codex";
const LOADS: RunResult = { status: 0, stdout: "", stderr: "", timedOut: false };
const refusing = (stderr: string): RunResult => ({ ...LOADS, status: 1, stderr });

type Asked = {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: Readonly<Record<string, string | null>>;
};

/** A machine whose Codex answers so, and everything that it was asked. */
function machine(answer: RunResult | ((scratch: string) => RunResult)) {
  const disk = new MemoryDisk();
  for (const folder of ["/tmp", "/usr", "/usr/bin"]) disk.putFolder(folder);
  disk.put(PROGRAM, "", { mode: 0o755 });
  const asked: Asked[] = [];
  const host = memoryHost({
    disk,
    env: { PATH: "/usr/bin", OPENAI_API_KEY: "sk-fake" },
    run: (file, args, { cwd, env }) => {
      const scratch = env.CODEX_HOME ?? "";
      expect(disk.tree(cwd)).toEqual([]);
      const names = disk
        .tree(scratch)
        .map((path) => path.slice(scratch.length + 1))
        .filter((name) => name !== "owner");
      asked.push({
        file,
        args,
        env,
        files: Object.fromEntries(names.map((name) => [name, disk.text(join(scratch, name))])),
      });
      return typeof answer === "function" ? answer(scratch) : answer;
    },
  });
  return { asked, disk, host };
}

const codexOf = (version = "0.169.0", program: string | null = PROGRAM) =>
  ({ version, layout: profileLayout(version), source: "package", program }) as const;

function ask(
  { host }: Pick<ReturnType<typeof machine>, "host">,
  files: Readonly<Partial<Record<FileRole, string | null>>>,
  { profile = null as string | null, codex = codexOf() } = {},
) {
  const texts = new Map(Object.entries(files) as [FileRole, string | null][]);
  return askCodex(host, { codex, home: HOME, scratch: null, files: texts, profile });
}

describe("the question", () => {
  test("is asked of a copy, without login or key, and leaves nothing behind", async () => {
    const world = machine(LOADS);
    expect(await ask(world, { config: "a = 1\n", "profile:work": 'model = "x"\n', "profile:none": null })).toEqual({
      answer: "loads",
    });
    const [first] = world.asked;
    const { env = {}, ...asked } = first ?? {};
    expect(asked).toEqual({
      file: PROGRAM,
      args: ["features", "list"],
      files: { "config.toml": "a = 1\n", "work.config.toml": 'model = "x"\n' },
    });
    const { CODEX_HOME: home }: NodeJS.ProcessEnv = env;
    expect(env).toEqual({ PATH: "/usr/bin", SystemRoot: undefined, HOME: home, USERPROFILE: home, CODEX_HOME: home });
    expect(world.disk.tree("/tmp")).toEqual([]);
  });

  test("names a profile in one word, by the command that its release has for it", async () => {
    const world = machine(LOADS);
    await ask(world, { config: "" }, { profile: "-x" });
    await ask(world, { config: "" }, { profile: "work", codex: codexOf("0.133.0") });
    expect(world.asked.map(({ args }) => args)).toEqual([
      ["--profile=-x", "mcp", "get", "__probe__", "--json"],
      ["--profile=work", "features", "list"],
    ]);
  });

  test("is not asked where no Codex is installed", async () => {
    const world = machine(LOADS);
    expect(await ask(world, { config: "" }, { codex: codexOf("0.169.0", null) })).toEqual({ answer: "none" });
    expect(world.asked).toEqual([]);
  });

  test("spells out the files that a config names from its home, and those of its profiles, and no other value", async () => {
    const world = machine(LOADS);
    const text = 'model_instructions_file = "a.md"\nmodel = "a.md"\n[profiles.p]\nmodel_instructions_file = "~/b.md"\n';
    await ask(world, { config: text });
    expect(world.asked[0]?.files["config.toml"]).toBe(
      `model_instructions_file = "${HOME}/a.md"\nmodel = "a.md"\n[profiles.p]\nmodel_instructions_file = "/home/u/b.md"\n`,
    );
    const absolute = 'model_instructions_file = "/srv/a.md" # mine\n';
    await ask(world, { config: absolute });
    expect(world.asked[1]?.files["config.toml"]).toBe(absolute);
    const broken = "model_instructions_file = \n";
    await ask(world, { config: broken });
    expect(world.asked[2]?.files["config.toml"]).toBe(broken);
  });
});

describe("an answer that it loads", () => {
  test("is kept for the same files, the same profile and the same program", async () => {
    const world = machine(LOADS);
    const twice = async (...args: Parameters<typeof ask> extends [unknown, ...infer Rest] ? Rest : never) => {
      const before = world.asked.length;
      await ask(world, ...args);
      await ask(world, ...args);
      return world.asked.length - before;
    };
    expect(await twice({ config: "a = 1\n" })).toBe(1);
    expect(await twice({ config: "a = 2\n" })).toBe(1);
    expect(await twice({ config: "a = 1\n" }, { profile: "work" })).toBe(1);
    expect(await twice({ config: "a = 1\n" }, { codex: codexOf("0.168.0") })).toBe(1);
    world.disk.now += 1000;
    world.disk.put(PROGRAM, "#!newer", { mode: 0o755 });
    expect(await twice({ config: "a = 1\n" })).toBe(1);
  });

  test("is not kept where a file that is not at hand has a say, or an escape may hide one", async () => {
    const world = machine(LOADS);
    for (const text of ['model_instructions_file = "a.md"\n', '"\\u0061" = 1\n']) {
      await ask(world, { config: text });
      await ask(world, { config: text });
    }
    expect(world.asked).toHaveLength(4);
  });

  test("is that of a Codex that knows no such server, whatever its exit code", async () => {
    expect(
      (await ask(machine(refusing("Error: No MCP server named '__probe__' found.\n")), { config: "" })).answer,
    ).toBe("loads");
  });
});

describe("an answer that it does not load", () => {
  test("is told in Codex's words: no warnings, no lines of the file, and the home by its own name", async () => {
    const world = machine((scratch) =>
      refusing(
        `WARNING: proceeding\n\nError: ${scratch}/config.toml:2:1: wrong\n  |\n2 | token = "fake"\n  | ^^^^^\nexpected a table\n`,
      ),
    );
    expect(await ask(world, { config: "token = 1\n" })).toEqual({
      answer: "refuses",
      words: `${HOME}/config.toml:2:1: wrong / expected a table`,
    });
  });

  test("is told in its first six lines", async () => {
    const lines = (count: number) => Array.from({ length: count }, (_, i) => `line ${i + 1}`);
    const words = (count: number) => ask(machine(refusing(lines(count).join("\n"))), { config: "" });
    expect(await words(9)).toEqual({ answer: "refuses", words: lines(6).join(" / ") });
    expect(await words(6)).toEqual({ answer: "refuses", words: lines(6).join(" / ") });
    expect(await words(5)).toEqual({ answer: "refuses", words: lines(5).join(" / ") });
  });

  test("is not kept: the same is asked again", async () => {
    const world = machine(refusing("Error: wrong"));
    await ask(world, { config: "" });
    await ask(world, { config: "" });
    expect(world.asked).toHaveLength(2);
  });
});

describe("no answer", () => {
  test.each([
    ["of one that did not end", { ...LOADS, status: null, timedOut: true }],
    ["of one that was stopped and has an exit code all the same", { ...LOADS, status: 1, timedOut: true }],
    ["of one that was killed", { ...LOADS, status: null }],
  ])("comes %s, and none is made up", async (_, answer) => {
    const world = machine(answer);
    expect(await ask(world, { config: "" })).toEqual({ answer: "none" });
    const first = world.asked.length;
    await ask(world, { config: "" });
    expect(world.asked).toHaveLength(2 * first);
  });

  test("comes where the scratch home cannot be made", async () => {
    const world = machine(LOADS);
    world.disk.failAt(1, { errno: "ENOSPC" }, { persistent: true });
    expect(await ask(world, { config: "" })).toEqual({ answer: "none" });
    expect(world.asked).toEqual([]);
  });
});
