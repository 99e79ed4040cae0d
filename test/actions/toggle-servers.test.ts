/** Which servers a toggle means, which keys it sets, and when it takes out what an earlier one has set. */
import { describe, expect, test } from "vitest";
import { revert } from "../../src/actions/revert.ts";
import { isolateServers, type ToggleWish, toggleChoices, toggleServers } from "../../src/actions/toggle-servers.ts";
import { type MemoryHome, memoryHome } from "../memory-home.ts";

const server = (name: string, more = "") => `[mcp_servers.${name}]\ncommand = "${name}"\n${more}`;
const OFF = "enabled = false\n";
const THREE = `${server("docs")}\n${server("git", OFF)}\n${server("web")}`;
const three = (files: Readonly<Record<string, string>> = {}) => memoryHome({ "config.toml": THREE, ...files });

const off = (home: MemoryHome, ...servers: readonly string[]) => toggle(home, { enabled: false, servers });
const on = (home: MemoryHome, ...servers: readonly string[]) => toggle(home, { enabled: true, servers });
const toggle = (home: MemoryHome, wish: ToggleWish) => home.commit((opened) => toggleServers(opened, wish));
const planned = (home: MemoryHome, wish: ToggleWish) => toggleServers(home.open(), wish);
const config = (home: MemoryHome) => home.text("config.toml");

/** The servers whose switch a plan sets, and to what. */
async function switched(home: MemoryHome, wish: ToggleWish): Promise<Record<string, unknown>> {
  const { steps } = await planned(home, wish);
  return Object.fromEntries(steps.flat().map((op) => (op.op === "set" ? [String(op.path[1]), op.value] : [op.op, op])));
}

type Refused = { readonly code: string; readonly message: string; readonly hints: readonly unknown[] };

async function refused(home: MemoryHome, wish: ToggleWish): Promise<Refused> {
  try {
    await planned(home, wish);
  } catch (error) {
    const { code, hints, message } = error as Refused;
    return { code, hints, message };
  }
  throw new Error("it was not refused");
}

describe("the servers that are meant", () => {
  test("are those named, once each, and those that are so already are left as they are", async () => {
    expect(await switched(three(), { enabled: false, servers: ["docs", "git", "docs"] })).toEqual({ docs: false });
    expect(await switched(three(), { enabled: true, servers: ["git", "docs"] })).toEqual({ git: true });
  });

  test("are those that a pattern means, and the pattern is remembered as it was typed", async () => {
    const wish = { enabled: false, servers: ["*o*", "w?b"] };
    expect(await switched(three(), wish)).toEqual({ docs: false, web: false });
    expect((await planned(three(), wish)).purpose).toEqual({ command: "mcp disable '*o*' 'w?b'" });
  });

  test("are all of them but some", async () => {
    expect(await switched(three(), { enabled: false, all: true })).toEqual({ docs: false, web: false });
    const wish = { enabled: false, all: true, except: ["w*"] };
    expect(await switched(three(), wish)).toEqual({ docs: false });
    expect((await planned(three(), wish)).purpose).toEqual({ command: "mcp disable --all --except 'w*'" });
    expect((await planned(three(), { enabled: true, all: true })).purpose).toEqual({ command: "mcp enable --all" });
  });

  test("are those of a profile together with the base, and only its own file is edited", async () => {
    const home = three({ "work.config.toml": server("own") });
    const wish = { enabled: false, servers: ["own", "docs"], profile: "work" };
    const plan = await planned(home, wish);
    expect(plan.purpose).toEqual({ command: "mcp disable own docs -p work" });
    expect(plan.changes).toEqual([
      {
        file: "profile:work",
        before: server("own"),
        after: `${server("own", OFF)}\n[mcp_servers.docs]\n${OFF}`,
      },
    ]);
    expect((await planned(home, { enabled: false, all: true, profile: "work" })).purpose.command).toBe(
      "mcp disable --all -p work",
    );
  });

  test.each<[string, ToggleWish, string]>([
    ["nobody", { enabled: false }, "disable"],
    ["some and all of them", { enabled: true, servers: ["docs"], all: true }, "enable"],
    ["some but others", { enabled: false, servers: ["docs"], except: ["web"] }, "disable"],
  ])("cannot be %s", async (_, wish, verb) => {
    expect(await refused(three(), wish)).toMatchObject({
      code: "usage",
      hints: [{ note: "see", argv: ["mcp", verb, "--help"] }],
    });
  });
});

describe("a server that is not there", () => {
  const SEE = { note: "see them all", argv: ["mcp", "list"] };

  test("is refused with the nearest name", async () => {
    expect(await refused(three(), { enabled: false, servers: ["doc"] })).toEqual({
      code: "unknown-name",
      message: 'no MCP server is called "doc"',
      hints: ["did you mean: docs", SEE],
    });
    expect((await refused(three(), { enabled: false, servers: ["nothing*"] })).hints).toEqual([SEE]);
    expect(await refused(three(), { enabled: false, all: true, except: ["doc"] })).toMatchObject({
      code: "unknown-name",
    });
  });

  test("is refused with the profile that has it, whatever else does not parse", async () => {
    const own = { "work.config.toml": server("own"), "z.config.toml": server("own") };
    const files = { "a.config.toml": server("other"), "bad.config.toml": "x = \n", ...own };
    expect((await refused(three(files), { enabled: false, servers: ["own"] })).hints).toEqual([
      "it is in work.config.toml; add: -p work",
      SEE,
    ]);
    const old = memoryHome({ "config.toml": THREE, ...files }, { version: "0.120.0" });
    expect((await refused(old, { enabled: false, servers: ["own"] })).hints).toEqual([SEE]);
  });

  test("is refused with the project that has it", async () => {
    const home = three();
    for (const folder of ["/.codex"]) home.disk.putFolder(folder);
    home.disk.put("/.codex/config.toml", server("theirs"));
    home.write("config.toml", `${THREE}\n[projects."/"]\ntrust_level = "trusted"\n`);
    expect((await refused(home, { enabled: false, servers: ["theirs"] })).hints).toEqual([
      "it is in /.codex/config.toml, which codex-cfg leaves alone",
      SEE,
    ]);
    expect((await refused(home, { enabled: false, servers: ["nobodys"] })).hints).toEqual([SEE]);
  });

  test("is refused in a home without any", async () => {
    expect((await refused(memoryHome({ "config.toml": "" }), { enabled: false, servers: ["docs"] })).hints).toEqual([
      { note: "config.toml has no MCP servers", argv: ["mcp", "list"] },
    ]);
  });

  test("is refused for a profile by what a switch alone would do, and a pattern as anywhere else", async () => {
    const wish = { enabled: false, profile: "work" };
    expect(await refused(three(), { ...wish, servers: ["own"] })).toMatchObject({
      code: "invalid-config",
      message: expect.stringContaining("a toggle alone keeps Codex from loading"),
    });
    expect(await refused(three(), { ...wish, servers: ["own*"] })).toMatchObject({ code: "unknown-name" });
  });

  test("and a release without switches are refused alike by name", async () => {
    const old = memoryHome({ "config.toml": THREE }, { version: "0.40.0" });
    expect(await refused(old, { enabled: false, servers: ["docs"] })).toMatchObject({
      code: "invalid-config",
      hints: [{}, { argv: ["unset", "mcp_servers.docs"] }],
    });
    expect(await refused(old, { enabled: false, all: true })).toMatchObject({
      hints: [{}, { argv: ["unset", "mcp_servers.NAME"] }],
    });
  });
});

describe("a switch goes back", () => {
  test("as it came: what a toggle added is taken out by the next one, and the file is as it was", async () => {
    const home = three();
    await off(home, "docs");
    expect(config(home)).toBe(THREE.replace(server("docs"), server("docs", OFF)));
    await on(home, "docs");
    expect(config(home)).toBe(THREE);
  });

  test("as it came, whatever else the change did that added it, and what was done since", async () => {
    const home = three();
    await home.change("both", [
      { op: "set", file: "profile:work", path: ["model"], value: "m" },
      { op: "set", file: "config", path: ["mcp_servers", "docs", "enabled"], value: false },
      { op: "set", file: "config", path: ["model"], value: "m" },
    ]);
    await home.change("later", [
      { op: "set", file: "profile:work", path: ["mcp_servers", "docs", "enabled"], value: true },
      { op: "set", file: "config", path: ["review_model"], value: "m" },
    ]);
    await on(home, "docs");
    expect(config(home)).toBe(`model = "m"\nreview_model = "m"\n\n${THREE}`);
  });

  test("to a value where somebody else has written it", async () => {
    const home = three();
    await on(home, "git");
    expect(config(home)).toBe(THREE.replace(OFF, "enabled = true\n"));
    await off(home, "git");
    expect(config(home)).toBe(THREE);
  });

  test("to a value where the change that had added it was taken back, and somebody wrote it again", async () => {
    const home = three();
    await off(home, "docs");
    const theirs = config(home) ?? "";
    await home.commit((opened) => revert(opened));
    home.write("config.toml", theirs);
    expect(await switched(home, { enabled: true, servers: ["docs"] })).toEqual({ docs: true });
  });

  test("to a value where the state below the switch is not the one wanted", async () => {
    const home = three();
    await toggle(home, { enabled: true, servers: ["git"], profile: "work" });
    expect(home.text("work.config.toml")).toBe("[mcp_servers.git]\nenabled = true\n");
    home.write("config.toml", THREE.replace(OFF, ""));
    await toggle(home, { enabled: false, servers: ["git"], profile: "work" });
    expect(home.text("work.config.toml")).toBe("[mcp_servers.git]\nenabled = false\n");
  });

  test("with the file that a toggle made for it, and not with one that was there before", async () => {
    const made = three();
    const wish = { servers: ["docs"], profile: "work" };
    await toggle(made, { ...wish, enabled: false });
    await toggle(made, { ...wish, enabled: true });
    expect(made.text("work.config.toml")).toBeNull();

    const there = three({ "work.config.toml": "" });
    await toggle(there, { ...wish, enabled: false });
    await toggle(there, { ...wish, enabled: true });
    expect(there.text("work.config.toml")).toBe("");

    const removed = three({ "work.config.toml": 'model = "x"\n' });
    await removed.change("rename", [
      { op: "write", file: "profile:work", text: null },
      { op: "write", file: "profile:other", text: 'model = "x"\n' },
    ]);
    removed.write("work.config.toml", "");
    await toggle(removed, { ...wish, enabled: false });
    await toggle(removed, { ...wish, enabled: true });
    expect(removed.text("work.config.toml")).toBe("");

    const two = three();
    await toggle(two, { ...wish, enabled: false });
    await toggle(two, { ...wish, servers: ["web"], enabled: false });
    await two.change("elsewhere", [{ op: "set", file: "profile:other", path: ["model"], value: "m" }]);
    await toggle(two, { ...wish, enabled: true });
    expect(two.text("work.config.toml")).toContain("web");
    two.write("work.config.toml", `\n${two.text("work.config.toml")}`);
    await toggle(two, { ...wish, servers: ["web"], enabled: true });
    expect(two.text("work.config.toml")).toBeNull();

    const grown = three();
    await toggle(grown, { ...wish, enabled: false });
    grown.write("work.config.toml", `# mine\n${grown.text("work.config.toml")}`);
    await toggle(grown, { ...wish, enabled: true });
    expect(grown.text("work.config.toml")).toBe("# mine\n");
  });

  test("not at all where it is so already, and the file that was made for it stays", async () => {
    const home = three();
    const wish = { enabled: false, servers: ["docs"], profile: "work" };
    await toggle(home, wish);
    expect((await planned(home, wish)).changes).toEqual([]);
  });

  test("never because of what was done to another file, another server, or a key that is named alike", async () => {
    const home = three({ "work.config.toml": server("docs2", OFF) });
    await home.change("other", [
      { op: "set", file: "profile:work", path: ["mcp_servers", "docs", "enabled"], value: false },
      { op: "set", file: "config", path: ["mcp_servers", "doc"], value: { command: "c", enabled: false } },
      { op: "set", file: "config", path: ["model"], value: "m" },
    ]);
    home.write("config.toml", (config(home) ?? "").replace(server("docs"), server("docs", OFF)));
    expect(await switched(home, { enabled: true, servers: ["docs"] })).toEqual({ docs: true });
  });
});

test("a server that nothing tells how to reach can be turned off where Codex reads it anyway", async () => {
  const home = memoryHome({ "config.toml": "[mcp_servers.half]\nenabled = true\n" });
  expect(await switched(home, { enabled: false, servers: ["half"] })).toEqual({ half: false });
});

describe("what a toggle says", () => {
  const REQUIRED = `${server("docs", "required = true\n")}\n${server("git", `required = true\n${OFF}`)}`;

  test("which required servers it turns off, and of none that is off already or goes on", async () => {
    const home = memoryHome({ "config.toml": REQUIRED });
    const found = async (wish: ToggleWish) =>
      (await planned(home, wish)).findings.filter(({ code }) => code === "required-servers").map(({ args }) => args);
    expect(await found({ enabled: false, all: true })).toEqual([{ servers: ["docs"] }]);
    expect(await found({ enabled: true, all: true })).toEqual([]);
  });

  test("which servers a project around keeps, and with all of them off which others it starts", async () => {
    const home = three();
    home.disk.putFolder("/.codex");
    home.disk.put("/.codex/config.toml", `${server("docs", "enabled = true\n")}${server("theirs")}`);
    home.write("config.toml", `${THREE}\n[projects."/"]\ntrust_level = "trusted"\n`);
    const found = async (wish: ToggleWish) =>
      (await planned(home, wish)).findings.filter(({ code }) => code === "project-servers").map(({ args }) => args);
    expect(await found({ enabled: false, servers: ["docs"] })).toEqual([{ folder: "/", servers: ["docs"] }]);
    expect(await found({ enabled: false, servers: ["web"] })).toEqual([]);
    expect(await found({ enabled: false, all: true })).toEqual([{ folder: "/", servers: ["docs", "theirs"] }]);
    expect(await found({ enabled: true, all: true })).toEqual([]);
  });
});

test("isolating turns all off but some, and is remembered as such", async () => {
  const home = three({ "work.config.toml": "" });
  const plan = await isolateServers(home.open(), { except: ["web"] });
  expect(plan.purpose).toEqual({ command: "mcp isolate web" });
  expect(plan.changes[0]?.after).toBe(THREE.replace(server("docs"), server("docs", OFF)));
  const inProfile = await isolateServers(home.open(), { profile: "work" });
  expect(inProfile.purpose).toEqual({ command: "mcp isolate -p work" });
  expect(inProfile.changes.map(({ file }) => file)).toEqual(["profile:work"]);
  expect((await isolateServers(home.open())).purpose).toEqual({ command: "mcp isolate" });
});

test("the servers to choose from are those that are not so yet, with the profile's own state of them", () => {
  const home = three({ "work.config.toml": `[mcp_servers.docs]\n${OFF}` });
  const names = (enabled: boolean, profile?: string) =>
    toggleChoices(home.open(), { enabled, profile }).map(({ name }) => name);
  expect([names(false), names(true)]).toEqual([["docs", "web"], ["git"]]);
  expect([names(false, "work"), names(true, "work")]).toEqual([["web"], ["docs", "git"]]);
});
