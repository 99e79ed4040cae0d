/** Profiles as the library has them: what use remembers, what it leaves alone, and what it refuses. */
import { describe, expect, test } from "vitest";
import { newProfile } from "../../src/actions/profile/create.ts";
import { deleteProfile } from "../../src/actions/profile/delete.ts";
import { inUse } from "../../src/actions/profile/in-use.ts";
import { listProfiles } from "../../src/actions/profile/list.ts";
import { renameProfile } from "../../src/actions/profile/rename.ts";
import { saveProfile } from "../../src/actions/profile/save.ts";
import { useProfile } from "../../src/actions/profile/use.ts";
import { revert } from "../../src/actions/revert.ts";
import { splitAssignment } from "../../src/text/assignment.ts";
import { type MemoryHome, memoryHome } from "../memory-home.ts";

const BASE = '# Mine.\nmodel = "a" # usual\n\n[tui]\nanimations = true\n';
const FILES = {
  "config.toml": BASE,
  "work.config.toml": 'model = "b"\nreview_model = "r"\n\n[tui]\nanimations = false\n',
  "home.config.toml": 'model = "c"\nmodel_reasoning_effort = "low"\n',
};

const use = (home: MemoryHome, profile: string | null) => home.commit((opened) => useProfile(opened, { profile }));
const current = (home: MemoryHome) => inUse(home.open())?.profile ?? null;

describe("use", () => {
  test("a hundred times back and forth leaves the file as after the first, and none gives back every byte", async () => {
    const home = memoryHome(FILES);
    await use(home, "work");
    const [work, seen] = [home.text("config.toml"), new Set<string | null>()];
    for (let round = 0; round < 50; round++) {
      await use(home, "home");
      seen.add(home.text("config.toml"));
      await use(home, "work");
      expect(home.text("config.toml")).toBe(work);
    }
    expect(seen.size).toBe(1);
    expect(await use(home, "work")).toBeNull();
    // More than history keeps by itself: what the way back needs is kept.
    expect(home.open().history.entries.length).toBeLessThan(60);
    await use(home, null);
    expect(home.text("config.toml")).toBe(BASE);
    expect(current(home)).toBeNull();
  });

  test("is taken back to the one before, and done again by taking that back", async () => {
    const home = memoryHome(FILES);
    await use(home, "work");
    const work = home.text("config.toml");
    await use(home, "home");
    const back = await home.commit((opened) => revert(opened, {}));
    expect([home.text("config.toml"), current(home)]).toEqual([work, "work"]);
    await home.commit((opened) => revert(opened, { change: back ?? "" }));
    expect(current(home)).toBe("home");
    await home.commit((opened) => revert(opened, { all: true }));
    expect([home.text("config.toml"), current(home)]).toEqual([BASE, null]);
  });

  test("keeps what others wrote, and names what they changed of it", async () => {
    const home = memoryHome(FILES);
    await use(home, "work");
    home.write("config.toml", (home.text("config.toml") ?? "").replace('"b"', '"z"').concat("\n[notice]\nx = 1\n"));
    const plan = await useProfile(home.open(), { profile: null });
    expect(plan.findings).toMatchObject([{ code: "use-changed", args: { profile: "work", keys: ["model"] } }, {}]);
    await use(home, null);
    expect(home.text("config.toml")).toBe(BASE.replace('"a"', '"z"').concat("\n[notice]\nx = 1\n"));
  });

  test("leaves a program in place that others have given arguments to", async () => {
    const home = memoryHome({ "config.toml": "", "x.config.toml": '[mcp_servers.s]\ncommand = "s"\n' });
    await use(home, "x");
    home.write("config.toml", '[mcp_servers.s]\ncommand = "s"\nargs = ["-v"]\n');
    await use(home, null);
    expect(home.text("config.toml")).toBe('[mcp_servers.s]\ncommand = "s"\nargs = ["-v"]\n');
  });

  test("takes off a server that one profile has laid and the next one has given arguments to", async () => {
    const server = '[mcp_servers.s]\ncommand = "s"\n';
    const home = memoryHome({
      "config.toml": "",
      "work.config.toml": 'model = "a"\n',
      "night.config.toml": `model = "b"\n${server}`,
      "home.config.toml": `model = "b"\n${server}args = ["x"]\n`,
    });
    await use(home, "work");
    // With a line of somebody else no image is just what comes back, so the keys come from three of them.
    home.write("config.toml", `${home.text("config.toml")}review_model = "r"\n`);
    await use(home, "night");
    await use(home, "home");
    await use(home, null);
    expect(home.text("config.toml")).toBe('review_model = "r"\n');
  });

  test("follows a rename, and the rename's revert", async () => {
    const home = memoryHome(FILES);
    await use(home, "work");
    await home.commit((opened) => renameProfile(opened, { profile: "work", name: "office" }));
    expect(current(home)).toBe("office");
    await expect(deleteProfile(home.open(), { profile: "office" })).rejects.toMatchObject({ code: "conflict" });
    await home.commit((opened) => revert(opened, {}));
    expect(current(home)).toBe("work");
  });

  test("counts chats that go out of sight, and says nothing where the provider stays", async () => {
    const chat = '{"type":"session_meta","payload":{"model_provider":"openai"}}\n';
    const home = memoryHome({
      ...FILES,
      "local.config.toml": 'model_provider = "ollama"\n',
      "sessions/2026/01/01/rollout-1.jsonl": chat,
    });
    const codes = async (profile: string) =>
      (await useProfile(home.open(), { profile })).findings.map(({ code }) => code);
    expect(await codes("local")).toContain("use-chats");
    expect(await codes("work")).not.toContain("use-chats");
  });
});

test("a save takes what has changed into the profile, and the old value still comes back", async () => {
  const home = memoryHome(FILES);
  await use(home, "work");
  home.write("config.toml", (home.text("config.toml") ?? "").replace('"b"', '"z"'));
  await home.commit((opened) => saveProfile(opened, { profile: "work" }));
  expect(home.text("work.config.toml")).toBe(FILES["work.config.toml"].replace('"b"', '"z"'));
  expect(await home.commit((opened) => saveProfile(opened, { profile: "work" }))).toBeNull();
  await use(home, null);
  expect(home.text("config.toml")).toBe(BASE);
});

test("a profile of chats that only it can resume is not deleted", async () => {
  const home = memoryHome({
    "config.toml": "",
    "x.config.toml": 'model_provider = "gw"\n[model_providers.gw]\nname = "g"\nbase_url = "https://gw.example/v1"\n',
    "sessions/2026/01/01/rollout-1.jsonl": '{"type":"session_meta","payload":{"model_provider":"gw"}}\n',
  });
  await expect(deleteProfile(home.open(), { profile: "x" })).rejects.toMatchObject({ code: "conflict" });
  await home.commit((opened) => deleteProfile(opened, { profile: "x", force: true }));
  expect(home.text("x.config.toml")).toBeNull();
});

test("one whose table an older release left is neither made anew nor renamed to", async () => {
  const home = memoryHome({ "config.toml": '[profiles.old]\nmodel = "x"\n', "x.config.toml": "" });
  await expect(newProfile(home.open(), { profile: "old" })).rejects.toMatchObject({ code: "would-overwrite" });
  await expect(renameProfile(home.open(), { profile: "x", name: "old" })).rejects.toMatchObject({
    code: "would-overwrite",
  });
  expect((await listProfiles(home.open())).findings).toMatchObject([{ code: "profiles-in-tables" }]);
});

test.each([
  ["a=b", ["a", "b"]],
  ["a = b=c", ["a", " b=c"]],
  ['projects."/a=b".trust_level=trusted', ['projects."/a=b".trust_level', "trusted"]],
  ["skills.config[path=/x].enabled=true", ["skills.config[path=/x].enabled", "true"]],
  ["'a=b'=c", ["'a=b'", "c"]],
  ["a", null],
  ['"a=b', null],
])("%j is split at the first sign outside of quotes and brackets", (text, parts) => {
  expect(splitAssignment(text)).toEqual(parts);
});
