/** An opened home used as a library: two plans on one file, a home that a crash left in the middle, refusals. */
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { revert } from "../src/actions/revert.ts";
import { type Home, openHome } from "../src/home.ts";
import { check } from "../src/index.ts";
import type { FileRole, KeyPath, Op } from "../src/model/op.ts";
import type { Plan } from "../src/plan/plan.ts";
import { type MemoryHome, memoryHome } from "./memory-home.ts";
import { memoryHost } from "./memory-host.ts";
import { HOME } from "./store/world.ts";
import { hostFor, type Story, story } from "./story.ts";

const open = (tale: Story) => openHome(hostFor(tale, { out: "", err: "" }), { codexVersion: "0.169.0" });
const set = (key: string, value: bigint): Op => ({ op: "set", file: "config", path: [key], value });
const model = (value: string): Op => ({ op: "set", file: "config", path: ["model"], value });

describe("a change that is overwritten by somebody who had read the file before", () => {
  test.each<[string, string, (home: Home, id: string) => Promise<Plan | null>]>([
    ["one value", "newer", (home) => home.plan({ command: "late" }, [model("newer")])],
    ["a revert", "old", (home, id) => revert(home, { change: id })],
  ])("is made again: %s", async (_, value, planOf) => {
    const tale = story({ "config.toml": 'model = "old"\n' });
    const host = hostFor(tale, { out: "", err: "" });
    const home = open(tale);
    const made = home.commit(await home.plan({ command: "set" }, [model("new")]));
    const theirs = '\n[projects."/srv"]\ntrust_level = "trusted"\n';
    let isLate = true;
    const sleep = (milliseconds: number) => {
      if (isLate && tale.read("config.toml").includes(value)) {
        tale.write("config.toml", `model = "new"\n${theirs}`);
        isLate = false;
      }
      host.sleep(milliseconds);
    };
    const late = openHome(Object.create(host, { sleep: { value: sleep } }), { codexVersion: "0.169.0" });
    late.commit((await planOf(late, made?.id ?? "")) as Plan);
    expect(isLate).toBe(false);
    expect(tale.read("config.toml")).toBe(`model = "${value}"\n${theirs}`);
  });
});

describe("two plans made on the same file", () => {
  test("both come true when they touch different keys", async () => {
    const tale = story({ "config.toml": "a = 1\n" });
    const [first, second] = [open(tale), open(tale)];
    const plans = [
      await first.plan({ command: "one" }, [set("b", 2n)]),
      await second.plan({ command: "two" }, [set("c", 3n)]),
    ] as const;
    first.commit(plans[0]);
    second.commit(plans[1]);
    expect(tale.read("config.toml")).toBe("a = 1\nb = 2\nc = 3\n");
  });

  test("are each remembered by what they did in the end, not by what the preview saw", async () => {
    const tale = story({ "config.toml": "a = 1\n" });
    const [first, second] = [open(tale), open(tale)];
    const plans = [
      await first.plan({ command: "one" }, [set("a", 2n)]),
      await second.plan({ command: "two" }, [set("a", 2n), set("c", 3n)]),
    ] as const;
    const touched = [first.commit(plans[0]), second.commit(plans[1])].map((entry) => entry?.touched);
    expect(touched).toEqual([
      [{ file: "config", path: ["a"], kind: "changed" }],
      [{ file: "config", path: ["c"], kind: "added" }],
    ]);
  });

  test("do not overwrite each other when they touch the same key", async () => {
    const tale = story({ "config.toml": "a = 1\n" });
    const [first, second] = [open(tale), open(tale)];
    const plans = [
      await first.plan({ command: "one" }, [set("a", 2n)]),
      await second.plan({ command: "two" }, [set("a", 3n)]),
    ] as const;
    first.commit(plans[0]);
    expect(() => second.commit(plans[1])).toThrow(expect.objectContaining({ code: "stale-plan" }));
    expect(tale.read("config.toml")).toBe("a = 2\n");
  });

  test("do not overwrite each other when one home makes both", async () => {
    const tale = story({ "config.toml": "a = 1\n" });
    const home = open(tale);
    const plans = [
      await home.plan({ command: "one" }, [set("a", 2n)]),
      await home.plan({ command: "two" }, [set("a", 3n)]),
    ] as const;
    home.commit(plans[0]);
    expect(() => home.commit(plans[1])).toThrow(expect.objectContaining({ code: "stale-plan" }));
    expect(tale.read("config.toml")).toBe("a = 2\n");
  });

  test("are one change when they want the same", async () => {
    const tale = story({ "config.toml": "a = 1\n" });
    const [first, second] = [open(tale), open(tale)];
    const plans = [
      await first.plan({ command: "one" }, [set("a", 2n)]),
      await second.plan({ command: "two" }, [set("a", 2n)]),
    ] as const;
    first.commit(plans[0]);
    expect(second.commit(plans[1])).toBeNull();
    expect(first.history.entries).toHaveLength(1);
  });
});

test("a home can be planned, committed and taken back several times over", async () => {
  const tale = story({ "config.toml": "a = 1\n" });
  const home = open(tale);
  for (let i = 0n; i < 3n; i++) home.commit(await home.plan({ command: `set b ${i}` }, [set("b", i)]));
  expect(tale.read("config.toml")).toBe("a = 1\nb = 2\n");
  for (const entry of [...home.history.entries].reverse()) {
    home.commit((await revert(home, { change: entry.id })) as Plan);
  }
  expect(tale.read("config.toml")).toBe("a = 1\n");
});

test("a home that the system does not let anybody open is an error with a code, for programs, too", async () => {
  const tale = story();
  symlinkSync("loop", join(tale.root, "loop"));
  const host = hostFor(tale, { out: "", err: "" });
  for (const dir of [join(tale.root, "loop"), join(tale.root, "loop", "home")])
    expect(() => openHome(host, { dir })).toThrow(expect.objectContaining({ code: "io", path: dir }));
});

test("history holds names and digests, never a value", async () => {
  const tale = story({ "config.toml": 'model = "old-canary"\n' });
  const home = open(tale);
  home.commit(await home.plan({ command: "set model" }, [model("new-canary")]));
  const [entry] = home.history.entries;
  expect(entry).toMatchObject({
    command: "set model",
    touched: [{ file: "config", path: ["model"], kind: "changed" }],
  });
  expect(tale.read(`.codex-cfg/history/${entry?.id}/record.json`)).not.toMatch(/canary/);
});

test("a transaction that a dead process left is finished by the next command, which says so", async () => {
  const tale = story({ "config.toml": "a = 1\n" });
  const home = open(tale);
  const entry = home.commit(await home.plan({ command: "set a" }, [set("a", 2n)]));
  const state = join(tale.home, ".codex-cfg");
  // As after a kill between the commit marker and the rename: marker there, file still as before.
  mkdirSync(join(state, "tx"), { recursive: true });
  renameSync(join(state, "history", `${entry?.id}`), join(state, "tx", `${entry?.id}`));
  renameSync(join(state, "tx", `${entry?.id}`, "record.json"), join(state, "tx", `${entry?.id}`, "commit.json"));
  writeFileSync(join(tale.home, "config.toml"), "a = 1\n");
  expect((await tale.run("status")).out).toContain(`pending   a change was interrupted midway (set a, ${entry?.id})`);
  expect(tale.read("config.toml")).toBe("a = 1\n");
  const { err } = await tale.run("apply", "http-sse", "--codex-version", "0.169.0");
  expect(err).toContain(`an interrupted change (${entry?.id}) was found and completed`);
  expect(tale.read("config.toml")).toMatch(/^a = 2\n/);
});

describe("a role that leads out of the home", () => {
  test.each(["profile:../outside", "profile:.codex-cfg/history/x", "profile:", "profile:a b", "../config", "lean"])(
    "is refused in every op: %s",
    async (role) => {
      const tale = story({ "config.toml": "a = 1\n" });
      const file = role as FileRole;
      const ops: readonly Op[] = [
        { op: "set", file, path: ["model"], value: "y" },
        { op: "write", file, text: 'model = "y"\n' },
        { op: "move", file: "config", path: ["a"], to: { file, path: [] } },
      ];
      for (const op of ops)
        await expect(open(tale).plan({ command: "x" }, [op])).rejects.toThrow(
          expect.objectContaining({ code: "usage" }),
        );
      const plan = await open(tale).plan({ command: "x" });
      expect(() => open(tale).commit({ ...plan, changes: [{ file, before: null, after: "" }] })).toThrow(
        expect.objectContaining({ code: "usage" }),
      );
      expect(tale.files()).toMatchObject({ "config.toml": expect.anything() });
    },
  );
});

describe("a file that somebody has just written", () => {
  const just = async (text: string) => {
    const home = memoryHome({ "config.toml": 'model = "a"\n' });
    await home.change("set", [model("a-longer-one")]);
    home.write("config.toml", text);
    home.disk.now -= 60_000;
    const start = home.disk.now;
    const opened = openHome(memoryHost({ disk: home.disk }), { dir: HOME, codexVersion: "0.169.0" });
    return { home, opened, took: () => home.disk.now - start };
  };

  test("and made shorter is waited for, and that is named beside a change of it, in bytes", async () => {
    const { opened, took } = await just('x = "é"\n');
    const { findings } = await opened.plan({ command: "set" }, [set("b", 2n)]);
    expect(took()).toBeGreaterThanOrEqual(1000);
    expect(findings).toContainEqual({
      code: "file-shrank",
      severity: "info",
      file: "config",
      args: { from: 23, to: 9 },
    });
    const elsewhere = { op: "set", file: "profile:work", path: ["b"], value: 2n } as const;
    const others = (await opened.plan({ command: "set" }, [elsewhere])).findings;
    expect(others.map(({ code }) => code)).not.toContain("file-shrank");
  });

  test("and left so that it cannot be parsed is waited for, and is what it is", async () => {
    const { opened, took } = await just(`${'model = "a-longer-one"\n'}model_provider =`);
    await expect(opened.plan({ command: "set" }, [set("b", 2n)])).rejects.toMatchObject({ code: "invalid-toml" });
    expect(took()).toBeGreaterThanOrEqual(1000);
  });

  test("and made longer is taken as it is", async () => {
    const { opened, took } = await just(`${'model = "a-longer-one"\n'}model_provider = "x"\n`);
    const { findings } = await opened.plan({ command: "set" }, [set("b", 2n)]);
    expect([findings.map(({ code }) => code).includes("file-shrank"), took() <= 50]).toEqual([false, true]);
  });
});

describe("a move", () => {
  test("of a table into the one above it leaves its contents there", async () => {
    const home = open(story({ "config.toml": "[a.b]\nx = 1\n" }));
    const { changes } = await home.plan({ command: "move" }, [move(["a", "b"], ["a"])]);
    expect(changes[0]?.after).toBe("[a]\nx = 1\n");
  });

  const move = (path: KeyPath, to: KeyPath): Op => ({
    op: "move",
    file: "config",
    path,
    to: { file: "config", path: to },
  });
  const text = '[mcp_servers.docs]\ncommand = "docs"\nenv = { A = "b" }\n';

  test.each<[string, KeyPath, KeyPath]>([
    ["a table", ["mcp_servers", "docs"], ["mcp_servers", "docs"]],
    ["an inline table", ["mcp_servers", "docs", "env"], ["mcp_servers", "docs", "env"]],
    ["a key", ["mcp_servers", "docs", "command"], ["mcp_servers", "docs"]],
    ["a file", [], []],
  ])("of %s to where it is does nothing", async (_, path, to) => {
    const plan = await open(story({ "config.toml": text })).plan({ command: "move" }, [move(path, to)]);
    expect(plan.changes).toEqual([]);
  });

  test.each<[string, KeyPath, KeyPath]>([
    ["below itself", ["mcp_servers", "docs"], ["mcp_servers", "docs", "sub"]],
    ["a group below itself", ["mcp_servers"], ["mcp_servers", "x"]],
    ["over its own place", ["a"], []],
  ])("is refused: %s", async (_, path, to) => {
    const home = open(story({ "config.toml": `${text}\n[a.a]\nx = 1\n` }));
    await expect(home.plan({ command: "move" }, [move(path, to)])).rejects.toThrow(
      expect.objectContaining({ code: "unsupported-edit" }),
    );
  });
});

describe("a change that was interrupted midway", () => {
  const [two, work]: readonly Op[] = [
    { op: "set", file: "config", path: ["a"], value: 2n },
    { op: "write", file: "profile:work", text: "b = 1\n" },
  ];
  const three: Op = { op: "set", file: "config", path: ["log_dir"], value: "x" };

  /** A home whose process died between its two files. */
  async function midway(): Promise<MemoryHome> {
    for (let k = 1; ; k++) {
      const at = memoryHome({ "config.toml": "a = 1\n" });
      at.disk.failAt(k, "die-after");
      if (await at.change("two", [two, work] as Op[]).catch(() => null))
        throw new Error("nobody died between two files");
      at.disk.revive();
      if (at.text("work.config.toml") !== null) return at;
    }
  }

  test("leaves plans for the eye alone: their commit finishes it, and refuses them", async () => {
    for (const ops of [[three], []]) {
      const at = await midway();
      const home = at.open();
      const plan = await home.plan({ command: "three" }, ops);
      expect(plan.findings).toContainEqual(
        expect.objectContaining({ code: "interrupted-change", severity: "warning" }),
      );
      expect(at.text("config.toml")).toBe("a = 1\n");
      expect(() => home.commit(plan)).toThrow(expect.objectContaining({ code: "stale-plan" }));
      expect(at.text("config.toml")).toBe("a = 2\n");
      const again = await home.plan({ command: "three" }, [three]);
      expect([again.findings, home.commit(again)?.command, at.text("config.toml")]).toEqual([
        [],
        "three",
        'a = 2\nlog_dir = "x"\n',
      ]);
    }
  });

  test("is finished by recover, which says what was made", async () => {
    const at = await midway();
    const home = at.open();
    expect([home.snapshot.text("config"), home.completed]).toEqual(["a = 1\n", []]);
    home.recover();
    expect([home.snapshot.text("config"), home.completed.map(({ command }) => command)]).toEqual(["a = 2\n", ["two"]]);
    expect((await home.plan({ command: "three" }, [three])).findings).toEqual([]);
    expect([at.open().pending(), at.open().completed]).toEqual([[], []]);
  });

  test("is what a check finds first", async () => {
    const at = await midway();
    const [first] = (await check(at.open())).findings;
    expect(first).toMatchObject({ code: "interrupted-change", severity: "error" });
    expect((await check(at.open(), { profile: "work" })).findings[0]).toEqual(first);
  });

  test("that another process left after the plan was made is finished, and the plan is made on top", async () => {
    const at = await midway();
    const dead = at.disk.clone();
    const whole = memoryHome({ "config.toml": "a = 1\n" });
    const home = whole.open();
    const plan = await home.plan({ command: "three" }, [three]);
    // The other process dies on the same disk meanwhile.
    for (const path of dead.tree("/home/u/.codex")) {
      if (dead.look(path)?.kind === "dir") whole.disk.look(path) ?? whole.disk.putFolder(path, { mode: 0o700 });
      else if (!path.endsWith("/config.toml")) whole.disk.put(path, dead.text(path) ?? "");
    }
    expect(home.commit(plan)?.command).toBe("three");
    expect([whole.text("config.toml"), whole.text("work.config.toml")]).toEqual(['a = 2\nlog_dir = "x"\n', "b = 1\n"]);
  });
});
