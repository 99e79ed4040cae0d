/** What comes back, what stays, and what is offered. */
import { describe, expect, test } from "vitest";
import { type RestoreWish, restore } from "../../src/actions/restore.ts";
import { revert } from "../../src/actions/revert.ts";
import { isMuch, losses } from "../../src/check/losses.ts";
import { type MemoryHome, memoryHome } from "../memory-home.ts";

const GOOD = `# mine
model = "gpt-5.5" # here
model_context_window = 600

# the docs
[mcp_servers.docs]
command = "docs" # d

[mcp_servers.db]
command = "db"

[[skills.config]]
path = "/a"

# b
[[skills.config]]
path = "/b"

[features]
goals = true
`;

/** A home in which codex-cfg has run once, and what somebody else has left there since. */
function homeLeft(left: string | Uint8Array | null, name = "config.toml"): MemoryHome {
  const home = memoryHome({ [name]: GOOD });
  home.open().record();
  leave(home, left, name);
  return home;
}

function leave(home: MemoryHome, left: string | Uint8Array | null, name = "config.toml"): void {
  const path = `/home/u/.codex/${name}`;
  if (left === null) home.disk.remove(path);
  else home.disk.put(path, left);
  home.disk.now += 60_000;
}

const restored = async (home: MemoryHome, wish: RestoreWish = {}) => {
  await home.commit((opened) => restore(opened, wish));
  return home.text("config.toml");
};

describe("a file comes back to the byte", () => {
  test.each<[string, string | Uint8Array | null]>([
    ["full of NUL bytes", "\0".repeat(GOOD.length)],
    ["with a tail of NUL bytes", GOOD.slice(0, 70) + "\0".repeat(90)],
    ["empty", ""],
    ["of blank lines", "\n\n"],
    ["gone", null],
    ["cut in a key", GOOD.slice(0, 60)],
    ["cut in a number, which still is one", GOOD.slice(0, GOOD.indexOf("600") + 1)],
    ["cut behind a table", GOOD.slice(0, GOOD.indexOf("[mcp_servers.db]"))],
    ["of bytes that are no UTF-8", Uint8Array.from([0xff, 0xfe, 0x80, 0x41])],
    ["of other bytes", "\u0001\u0002[[["],
    ["without some tables", GOOD.replace('[mcp_servers.db]\ncommand = "db"\n\n', "")],
    ["without an element", GOOD.replace('[[skills.config]]\npath = "/a"\n\n', "")],
  ])("%s", async (_, left) => {
    for (const isSeen of [false, true]) {
      const home = homeLeft(left);
      if (isSeen) home.open().record();
      expect(await restored(home)).toBe(GOOD);
      expect(await restore(home.open())).toBe(null);
      await home.commit((opened) => revert(opened));
      const path = "/home/u/.codex/config.toml";
      const bytes = left === null ? null : typeof left === "string" ? new TextEncoder().encode(left) : left;
      expect(home.disk.look(path) && Uint8Array.from(home.disk.read(path, 1e6).bytes)).toEqual(bytes);
    }
  });

  test("of a profile", async () => {
    const home = homeLeft(null, "work.config.toml");
    await restored(home);
    expect(home.text("work.config.toml")).toBe(GOOD);
  });

  test("and its mode is private", async () => {
    const home = homeLeft(null);
    await restored(home);
    expect(home.disk.look("/home/u/.codex/config.toml")?.mode).toBe(0o600);
  });
});

describe("what others added stays", () => {
  test("beside what comes back", async () => {
    const home = homeLeft('model = "gpt-6"\n\n[desktop]\nx = 1\n\n[mcp_servers.db]\ncommand = "mine"\n');
    const text = await restored(home);
    for (const line of [
      'model = "gpt-6"',
      "[desktop]",
      "x = 1",
      'command = "mine"',
      "# the docs",
      'command = "docs" # d',
      "goals = true",
    ])
      expect(text).toContain(line);
    expect(text).not.toContain('"gpt-5.5"');
    expect(text).not.toContain('command = "db"');
  });

  test("in an array of tables", async () => {
    const text = await restored(homeLeft(GOOD.replace('path = "/a"', 'path = "/c"')));
    for (const path of ["/a", "/b", "/c"]) expect(text?.split(`path = "${path}"`)).toHaveLength(2);
  });

  test("as far as it can be read of a file that does not parse, and the preview says so", async () => {
    const home = homeLeft(
      'model = "gpt-6"\n[mcp_servers.new]\ncommand = "new"\n[mcp_servers.x\ncommand = "C:\\Users"\n',
    );
    const plan = await restore(home.open());
    expect(plan?.findings.find(({ code }) => code === "settings-read")?.args).toMatchObject({ count: 2 });
    const text = await restored(home);
    for (const line of ['model = "gpt-6"', 'command = "new"', 'command = "docs" # d']) expect(text).toContain(line);
  });
});

describe("each lost key has its last value", () => {
  test("although it was lost after another one, and changed in between", async () => {
    const home = homeLeft("a = 1\n");
    leave(home, GOOD);
    home.open().record();
    leave(home, GOOD.replace("goals = true\n", "").replace("600", "700"));
    home.open().record();
    leave(home, 'model = "gpt-5.5" # here\n');
    home.open().record();
    const text = await restored(home);
    expect(text).toContain("goals = true");
    expect(text).toContain("model_context_window = 700");
  });

  test("and the shortened one of a file that was cut and then written to is none", async () => {
    const home = homeLeft(GOOD.slice(0, GOOD.indexOf("600") + 1));
    home.open().record();
    leave(home, `${GOOD.slice(0, GOOD.indexOf("600") + 1)}\nnew = 1\n`);
    const text = await restored(home);
    expect(text).toContain("model_context_window = 600");
    expect(text).toContain("new = 1");
  });

  test("of what has come back by itself nothing is lost", async () => {
    const home = homeLeft("");
    home.open().record();
    leave(home, GOOD.replace("600", "700"));
    expect(await restore(home.open())).toBe(null);
  });
});

describe("what is offered", () => {
  test("does not change by looking at it", async () => {
    const home = homeLeft("a = 1\n");
    const first = await restore(home.open());
    for (let i = 0; i < 3; i++) {
      home.open().record();
      home.open().recordOnTheWay();
    }
    expect((await restore(home.open()))?.changes).toEqual(first?.changes);
  });

  test("ends at our last change, and goes behind it only where nothing is lost since", async () => {
    const home = homeLeft('model = "gpt-5.5"\n');
    await home.change("set", [{ op: "set", file: "config", path: ["x"], value: 1n }]);
    const plan = await restore(home.open());
    expect(plan?.findings.map(({ code }) => code)).toContain("restore-earlier");
    leave(home, 'model = "gpt-5.5"\n');
    const later = await restore(home.open());
    expect(later?.changes[0]?.after).toBe('model = "gpt-5.5"\nx = 1\n');
  });

  test("has nothing that we took away ourselves", async () => {
    const home = homeLeft('model = "gpt-5.5"\nmodel_context_window = 600\n');
    await home.change("unset", [{ op: "unset", file: "config", path: ["model_context_window"] }]);
    expect(await restored(home)).not.toContain("model_context_window");
  });

  test("has no key again that was left out once", async () => {
    const home = homeLeft('model = "gpt-5.5"\n');
    expect(await restored(home, { except: ["mcp_servers.db", "features"] })).not.toContain("db");
    expect(await restore(home.open())).toBe(null);
  });
});

describe("a wish", () => {
  test("for keys brings back these alone", async () => {
    const text = await restored(homeLeft("new = 1\n"), { what: ["mcp_servers.docs", "features.goals"] });
    expect(text).toContain('command = "docs" # d');
    expect(text).toContain("goals = true");
    expect(text).not.toContain("skills");
  });

  test("for a file leaves the other one", async () => {
    const home = homeLeft("new = 1\n");
    expect(await restore(home.open(), { what: ["work.config.toml"] })).toBe(null);
    expect(await restored(home, { what: ["config.toml"] })).toContain("goals");
  });

  test("for all takes the file as it was", async () => {
    expect(await restored(homeLeft('new = 1\nmodel = "x"\n'), { all: true })).toBe(GOOD);
  });

  test("with an id takes a key as it was then", async () => {
    const home = memoryHome({ "config.toml": "a = 1\n" });
    const id = await home.change("set", [{ op: "set", file: "config", path: ["a"], value: 2n }]);
    await home.change("set", [{ op: "set", file: "config", path: ["a"], value: 3n }]);
    expect(await restored(home, { from: id, what: ["a"] })).toBe("a = 2\n");
  });

  test("for what is no key is refused", async () => {
    await expect(restore(homeLeft("").open(), { what: ["a b"] })).rejects.toMatchObject({ code: "usage" });
  });
});

describe("a file of which nothing is known", () => {
  test.each([
    ["model = 'x'\n\0\0\0\0", "model = 'x'\n"],
    ["\0\0\0\0", null],
    ["a = 1\nb =\n[c]\nd = 1\n", "a = 1\n\n[c]\nd = 1\n"],
  ])("%j keeps what can be read", async (left, kept) => {
    expect(await restored(memoryHome({ "config.toml": left }))).toBe(kept);
  });
});

describe("revert", () => {
  test.each([[{}], [{ force: true }]])("takes a change back over a file that does not parse: %j", async (options) => {
    const home = memoryHome({ "config.toml": GOOD });
    await home.change("set", [{ op: "set", file: "config", path: ["features", "goals"], value: false }]);
    leave(home, "\0".repeat(99));
    await home.commit((opened) => revert(opened, options));
    expect(home.text("config.toml")).toBe(GOOD);
    await home.commit((opened) => revert(opened, { change: opened.history.entries.at(-1)?.id }));
    expect(home.text("config.toml")).toBe("\0".repeat(99));
  });

  test("without a name means nothing that others did", async () => {
    const home = homeLeft("a = 1\n");
    home.open().record();
    expect(await revert(home.open())).toBe(null);
  });

  test("takes exactly that back which others did, by its id, and does it again", async () => {
    const home = homeLeft(`${GOOD}\n[mcp_servers.new]\ncommand = "new"\n`);
    const theirs = home.open().record();
    await home.change("set", [{ op: "set", file: "config", path: ["model_verbosity"], value: "low" }]);
    const id = await home.commit((opened) => revert(opened, { change: theirs?.id }));
    expect(home.text("config.toml")).toContain("model_verbosity");
    expect(home.text("config.toml")).not.toContain("mcp_servers.new");
    expect(home.open().history.isActive({ id: theirs?.id ?? "" })).toBe(false);
    await home.commit((opened) => revert(opened, { change: id ?? "" }));
    expect(home.text("config.toml")).toContain("mcp_servers.new");
  });
});

describe("what is said of a loss", () => {
  test.each<[string, string | null, string, boolean]>([
    ["a wiped file", 'notify = ["x"]\n', "keys", true],
    ["one table", GOOD.replace('[mcp_servers.db]\ncommand = "db"\n', ""), "keys", false],
    ["a cut file", GOOD.slice(0, 120), "cut", true],
    ["a deleted one", null, "missing", true],
  ])("%s", (_, left, kind, much) => {
    const [loss] = losses(homeLeft(left).open());
    expect(loss && [loss.kind, isMuch(loss)]).toEqual([kind, much]);
  });

  test.each([
    ["a healthy home", GOOD],
    ["a slip in a line", GOOD.replace("600", "6 0")],
    ["a line end less", GOOD.trimEnd()],
    ["what was added", `${GOOD}x = 1\n`],
  ])("nothing of %s that matters", (_, left) => {
    expect(losses(homeLeft(left).open()).filter(isMuch)).toEqual([]);
  });
});
