/** Which changes are taken back, what stands against it, and what is said then. */
import { describe, expect, test } from "vitest";
import { type RevertOptions, type RevertWish, revert, revertEntries } from "../../src/actions/revert.ts";
import type { KeyPath, Op, TomlValue } from "../../src/model/op.ts";
import { type MemoryHome, memoryHome } from "../memory-home.ts";
import { ofTomorrow } from "../store/dead.ts";

const set = (path: string, value: TomlValue, file: Op["file"] = "config"): Op => ({
  op: "set",
  file,
  path: path.split("."),
  value,
});
const unset = (path: string): Op => ({ op: "unset", file: "config", path: path.split(".") });
const take = (home: MemoryHome, wish: RevertWish = {}) => home.commit((opened) => revert(opened, wish));
const planned = (home: MemoryHome, wish: RevertWish = {}) => revert(home.open(), wish);
const config = (home: MemoryHome) => home.text("config.toml");

type Refused = { readonly code: string; readonly message: string; readonly hints: readonly unknown[] };

async function refused(home: MemoryHome, wish: RevertWish = {}): Promise<Refused> {
  try {
    await planned(home, wish);
  } catch (error) {
    const { code, hints, message } = error as Refused;
    return { code, hints, message };
  }
  throw new Error("it was not refused");
}

const START = 'model = "old"\n';
/** A home in which `model` was changed once, and then the other key. */
async function changedTwice() {
  const home = memoryHome({ "config.toml": START });
  const first = await home.change("set model", [set("model", "new")]);
  const second = await home.change("set review_model", [set("review_model", "r")]);
  return { home, first, second };
}

describe("what is meant", () => {
  test("without a name it is the newest change that counts, then the one before, then nothing", async () => {
    const { home, first, second } = await changedTwice();
    expect((await planned(home))?.purpose).toEqual({ command: `revert ${second}`, reverts: [second] });
    await take(home);
    expect(config(home)).toBe('model = "new"\n');
    expect((await planned(home))?.purpose.reverts).toEqual([first]);
    await take(home);
    expect(config(home)).toBe(START);
    expect(await planned(home)).toBeNull();
  });

  test("a change that nothing is left of is passed over, and named it is only remembered as taken back", async () => {
    const { home, first, second } = await changedTwice();
    home.write("config.toml", 'model = "new"\n');
    expect((await planned(home))?.purpose.reverts).toEqual([first]);
    expect(await planned(home, { change: second })).toMatchObject({ changes: [], purpose: { reverts: [second] } });
    await take(home, { change: second });
    expect(await planned(home, { change: second })).toBeNull();
  });

  test("a name means that change alone, whatever came after it", async () => {
    const { home, first } = await changedTwice();
    await take(home, { change: first });
    expect(config(home)).toBe('model = "old"\nreview_model = "r"\n');
  });

  test("a revert is no change to take back without its name, and by its name it is made undone", async () => {
    const { home, second } = await changedTwice();
    const back = await take(home, { change: second });
    await take(home);
    expect(config(home)).toBe(START);
    await take(home, { change: back ?? "" });
    expect(config(home)).toContain('review_model = "r"');
  });

  test("all of them are taken back as one, the newest first", async () => {
    const home = memoryHome({ "config.toml": START });
    const first = await home.change("set model", [set("model", "new")]);
    const second = await home.change("set model", [set("model", "newer")]);
    const plan = await planned(home, { all: true });
    expect(plan?.purpose).toEqual({ command: `revert ${first} ${second}`, reverts: [first, second] });
    await take(home, { all: true });
    expect(config(home)).toBe(START);
    expect(await planned(home, { all: true })).toBeNull();
  });

  test("one change and all of them at once is refused", async () => {
    const { home, first } = await changedTwice();
    expect(await refused(home, { change: first, all: true })).toMatchObject({ code: "usage" });
  });

  test("a name that means none is refused", async () => {
    const { home } = await changedTwice();
    expect(await refused(home, { change: "nothing" })).toMatchObject({ code: "unknown-name" });
  });
});

describe("what somebody else has changed since", () => {
  const theirs = async () => {
    const { home, first } = await changedTwice();
    home.write("config.toml", 'model = "theirs"\nreview_model = "r"\n');
    return { home, first };
  };

  test("is a conflict that names path and file, and nothing is written", async () => {
    const { home, first } = await theirs();
    expect(await refused(home, { change: first })).toEqual({
      code: "conflict",
      message: "changed by somebody else since, so nothing was written: config.toml model",
      hints: [
        { note: "take the rest back and leave these", argv: ["revert", first, "--skip-conflicts"] },
        { note: "bring the old values back over them", argv: ["revert", first, "--force"] },
      ],
    });
    expect(config(home)).toContain("theirs");
  });

  test("is one for all of them together, too, with the same command again in the hints", async () => {
    const { home } = await theirs();
    expect(await refused(home, { all: true })).toMatchObject({
      code: "conflict",
      hints: [{ argv: ["revert", "--all", "--skip-conflicts"] }, { argv: ["revert", "--all", "--force"] }],
    });
    await take(home, { all: true, skipConflicts: true });
    expect(config(home)).toBe('model = "theirs"\n');
  });

  test("stands where conflicts are skipped, which is said, and counts as taken back no more than it was", async () => {
    const { home, first } = await theirs();
    const plan = await planned(home, { change: first, skipConflicts: true });
    expect(plan?.changes).toEqual([]);
    expect(plan?.purpose).not.toHaveProperty("reverts");
    expect(plan?.findings).toContainEqual({ code: "conflicts-skipped", severity: "warning", args: { count: 1 } });
    expect(await take(home, { change: first, skipConflicts: true })).toBeNull();
    expect(await refused(home, { change: first })).toMatchObject({ code: "conflict" });
    await take(home, { change: first, force: true });
    expect(config(home)).toBe('model = "old"\nreview_model = "r"\n');
    expect(await planned(home, { change: first, force: true })).toBeNull();
  });

  test("leaves a change in force as far as it was skipped, until the rest can go, too", async () => {
    const home = memoryHome({ "config.toml": START });
    const before = await home.change("before", [set("personality", "friendly")]);
    const id = await home.change("both", [set("model", "new"), set("review_model", "r")]);
    home.write("config.toml", 'model = "theirs"\nreview_model = "r"\npersonality = "friendly"\n');
    const back = await take(home, { skipConflicts: true });
    expect(config(home)).toBe('model = "theirs"\npersonality = "friendly"\n');
    const { history } = home.open();
    expect(history.left({ id })).toEqual([{ file: "config", path: ["model"] }]);
    expect(history.activeChanges.map((entry) => entry.id)).toEqual([before, id]);
    // Without a name it is passed over while the rest is in the way, and not asked about a second time.
    expect((await planned(home))?.purpose.reverts).toEqual([before]);
    expect(await refused(home, { change: id })).toMatchObject({ code: "conflict" });
    expect(await take(home, { change: id, skipConflicts: true })).toBeNull();
    home.write("config.toml", 'model = "new"\nreview_model = "mine"\npersonality = "friendly"\n');
    await take(home, { change: id });
    expect(config(home)).toBe('model = "old"\nreview_model = "mine"\npersonality = "friendly"\n');
    expect(home.open().history.left({ id })).toBeNull();
    expect(home.open().history.isActive({ id })).toBe(false);
    // Where the later revert is taken back, the first one still counts.
    await take(home, { change: home.open().history.entries.at(-1)?.id ?? "" });
    expect(home.open().history.left({ id })).toEqual([{ file: "config", path: ["model"] }]);
    expect(back).not.toBeNull();
  });

  test("goes where it is forced, without a word of skipping", async () => {
    const { home, first } = await theirs();
    const plan = await planned(home, { change: first, force: true });
    expect(plan?.findings).toEqual([]);
    expect(plan?.purpose).not.toHaveProperty("kept");
    await take(home, { change: first, force: true });
    expect(config(home)).toContain('model = "old"');
  });

  test("is no conflict where it is what was there before", async () => {
    const { home, first } = await changedTwice();
    home.write("config.toml", 'model = "old"\nreview_model = "r"\n');
    expect(await planned(home, { change: first })).toMatchObject({ changes: [], purpose: { reverts: [first] } });
  });

  test("is named as the whole file where the file is gone", async () => {
    const home = memoryHome({ "config.toml": START, "work.config.toml": START });
    const first = await home.change("set model", [set("model", "x", "profile:work")]);
    home.disk.take("/home/u/.codex/work.config.toml");
    expect((await refused(home, { change: first })).message).toMatch(/: work\.config\.toml \(the whole file\)$/);
  });

  test("is told from what a later change of ours did to the same file", async () => {
    const home = memoryHome({ "work.config.toml": START });
    const first = await home.change("set model", [set("model", "x", "profile:work")]);
    const second = await home.change("set model", [set("model", "y", "profile:work")]);
    await home.change("set model", [set("model", "z")]);
    home.disk.take("/home/u/.codex/work.config.toml");
    expect((await refused(home, { change: first })).message).toContain(
      `work.config.toml (the whole file) (by ${second})`,
    );
  });

  test("is brought back first where it is no TOML any more, as far as it was kept", async () => {
    const { home } = await changedTwice();
    home.write("config.toml", "model = \n");
    expect((await planned(home))?.findings.map(({ code }) => code)).toContain("settings-restored");
  });
});

describe("a later change of ours in the way", () => {
  /** The change that is blamed when the first one is to be taken back; undefined for nobody. */
  async function blamed(start: string, ours: readonly Op[], later: readonly (readonly Op[])[]) {
    const home = memoryHome({ "config.toml": start });
    const first = await home.change("first", ours);
    const ids: string[] = [];
    for (const ops of later) ids.push(await home.change("later", ops));
    const { code, hints, message } = await refused(home, { change: first });
    expect(code).toBe("conflict");
    const [hint] = hints as { note: string; argv: readonly string[] }[];
    const id = hint?.note === "take the later change back first" ? hint.argv[1] : undefined;
    expect(message.includes("(by ")).toBe(id !== undefined);
    if (id !== undefined) {
      expect(message).toContain(`(by ${id})`);
      expect(hints).toHaveLength(4);
      expect(hints[1]).toEqual({ note: "or all of them", argv: ["revert", "--all"] });
    }
    return id === undefined ? undefined : ids.indexOf(id);
  }
  const PROVIDER = '[model_providers.x]\nname = "X"\nbase_url = "https://a.example/v1"\n';
  const address = (value: string) => set("model_providers.x.base_url", value);

  test("of the same key is named, and the newest of several", async () => {
    expect(await blamed(START, [set("model", "a")], [[set("model", "b")]])).toBe(0);
    expect(await blamed(START, [set("model", "a")], [[set("model", "b")], [set("model", "c")], [set("x", 1n)]])).toBe(
      1,
    );
  });

  test("of the table around the key is named", async () => {
    expect(await blamed(PROVIDER, [address("https://b.example/v1")], [[unset("model_providers.x")]])).toBe(0);
  });

  test("of a key in the table is named", async () => {
    const made = set("model_providers.y", { name: "Y", base_url: "https://a.example/v1" });
    const change = set("model_providers.y.base_url", "https://b.example/v1");
    expect(await blamed("", [made], [[change]])).toBe(0);
  });

  test("of a key whose name only begins alike is not blamed for what somebody else did", async () => {
    const home = memoryHome({ "config.toml": 'model = "old"\n' });
    const first = await home.change("first", [set("model", "a")]);
    await home.change("later", [set("model_verbosity", "low")]);
    await home.change("later", [set("model", "p", "profile:work")]);
    home.write("config.toml", 'model = "theirs"\nmodel_verbosity = "low"\n');
    const { hints, message } = await refused(home, { change: first });
    expect(message).toMatch(/: config\.toml model$/);
    expect(hints).toHaveLength(2);
  });

  test("of a key below is named, whatever else has taken the place of the table since", async () => {
    const home = memoryHome({ "config.toml": "" });
    const first = await home.change("first", [set("desktop.x", { a: 1n })]);
    const later = await home.change("later", [set("desktop.x.a", 2n)]);
    home.write("config.toml", "[desktop]\nx = 1\n");
    expect((await refused(home, { change: first })).message).toContain(`desktop.x (by ${later})`);
  });

  test("is named in the hint although somebody else is in the way, too", async () => {
    const home = memoryHome({ "config.toml": START });
    const first = await home.change("first", [set("model", "a"), set("review_model", "a")]);
    const later = await home.change("later", [set("review_model", "b")]);
    home.write("config.toml", 'model = "theirs"\nreview_model = "b"\n');
    const { hints, message } = await refused(home, { change: first });
    expect(message).toMatch(new RegExp(`: config\\.toml model, config\\.toml review_model \\(by ${later}\\)$`));
    expect(hints[0]).toEqual({ note: "take the later change back first", argv: ["revert", later] });
  });

  test("is not named in the hint where it is among those to be taken back", async () => {
    const home = memoryHome({ "config.toml": PROVIDER });
    await home.change("first", [address("https://b.example/v1")]);
    await home.change("later", [unset("model_providers.x")]);
    home.write("config.toml", PROVIDER.replace("a.example", "c.example"));
    const { hints, message } = await refused(home, { all: true });
    expect(message).toContain("base_url");
    expect(message).not.toContain("(by ");
    expect(hints).toHaveLength(2);
  });

  test("that is taken back with it is no conflict, and none that came before is ever blamed", async () => {
    const home = memoryHome({ "config.toml": START });
    await home.change("first", [set("model", "a")]);
    const second = await home.change("second", [set("model", "b")]);
    home.write("config.toml", 'model = "theirs"\n');
    expect((await refused(home, { change: second })).hints).toHaveLength(2);
    const { hints, message } = await refused(home, { all: true });
    expect(message).toMatch(/: config\.toml model$/);
    expect(hints).toHaveLength(2);
  });

  test("that moved what the change had added elsewhere is a conflict", async () => {
    const home = memoryHome({ "config.toml": "" }, { version: "0.120.0" });
    const first = await home.change("first", [set("profiles.p.model", "a")]);
    const path: KeyPath = ["profiles", "p"];
    await home.change("migrate", [{ op: "move", file: "config", path, to: { file: "profile:p", path: [] } }]);
    expect((await refused(home, { change: first })).message).toContain("profiles.p");
    await take(home, { all: true });
    expect([config(home), home.text("p.config.toml")]).toEqual(["", null]);
  });

  test("that came before and moved the like of it says nothing", async () => {
    const home = memoryHome({ "config.toml": '[profiles.p]\nmodel = "a"\n' }, { version: "0.120.0" });
    const path: KeyPath = ["profiles", "p"];
    await home.change("migrate", [{ op: "move", file: "config", path, to: { file: "profile:p", path: [] } }]);
    const second = await home.change("again", [set("profiles.p.model", "b")]);
    home.write("config.toml", "");
    expect(await planned(home, { change: second })).toMatchObject({ changes: [], purpose: { reverts: [second] } });
  });
});

describe("a provider that chats need", () => {
  const CHAT = '{"type":"session_meta","payload":{"model_provider":"mine"}}\n';
  const provider = set("model_providers.mine", { name: "Mine" });

  async function withChats(count: number, ops: readonly Op[] = [provider, set("model_provider", "mine")]) {
    const home = memoryHome({ "config.toml": START });
    const id = await home.change("provider add mine", ops);
    for (let i = 0; i < count; i++) home.write(`sessions/2026/01/01/rollout-${String(i).padStart(3, "0")}.jsonl`, CHAT);
    return { home, id };
  }

  test("stays while the rest goes back, which is said with the number of chats", async () => {
    const { home, id } = await withChats(2);
    const plan = await planned(home);
    expect(plan?.findings).toEqual([
      {
        code: "provider-kept",
        severity: "warning",
        file: "config",
        path: ["model_providers", "mine"],
        args: { id: "mine", chats: 2, more: false, entry: id },
      },
    ]);
    expect(plan?.purpose.kept).toEqual([{ file: "config", path: ["model_providers", "mine"] }]);
    await take(home);
    expect(config(home)).toBe('model = "old"\n\n[model_providers.mine]\nname = "Mine"\n');
  });

  test("goes later, by name, where it is purged or forced, and once", async () => {
    for (const how of [{ purge: true }, { force: true }] satisfies RevertOptions[]) {
      const { home, id } = await withChats(1);
      await take(home);
      expect(await planned(home, { change: id })).toMatchObject({ changes: [], findings: [{ code: "provider-kept" }] });
      expect(await take(home, { change: id })).toBeNull();
      if ("force" in how)
        for (const name of ["000"]) home.disk.take(`/home/u/.codex/sessions/2026/01/01/rollout-${name}.jsonl`);
      await take(home, { change: id, ...how });
      expect(config(home)).toBe(START);
    }
  });

  test("goes at once where it is purged, or no chat needs it", async () => {
    for (const [chats, purge] of [
      [1, true],
      [0, false],
    ] as const) {
      const { home } = await withChats(chats);
      expect((await planned(home, { purge }))?.findings).toEqual([]);
      await take(home, { purge });
      expect(config(home)).toBe(START);
    }
  });

  test("is counted up to a hundred chats", async () => {
    const args = async (count: number) => (await planned((await withChats(count)).home))?.findings[0]?.args;
    expect(await args(99)).toMatchObject({ chats: 99, more: false });
    expect(await args(100)).toMatchObject({ chats: 100, more: true });
    expect(await args(101)).toMatchObject({ chats: 100, more: true });
  });

  test("is said once, however many changes are about it", async () => {
    const { home } = await withChats(1);
    await take(home, { purge: true });
    await home.change("again", [provider]);
    await home.change("gone", [unset("model_providers.mine")]);
    await home.change("and again", [provider]);
    const findings = (await planned(home, { all: true }))?.findings ?? [];
    expect(findings.filter(({ code }) => code === "provider-kept")).toHaveLength(1);
  });

  const PROFILE = "profile:work";
  const named = { name: "M" };

  test.each<[string, readonly Op[]]>([
    ["that only altered it", [set("model_providers.mine.name", "Other")]],
    ["that gave it a key more", [set("model_providers.mine.stream_max_retries", 3n)]],
    ["of a profile's file, where it is in config.toml, too", [set("model_providers.mine", named, PROFILE)]],
  ])("is no matter of a change %s", async (_, ops) => {
    const { home } = await withChats(1);
    await home.change("later", ops);
    expect((await planned(home))?.findings).toEqual([]);
  });

  test.each<[string, readonly Op[]]>([
    ["of a server of that name", [set("mcp_servers.mine", { command: "c" })]],
    ["of a profile's file alone", [set("model_providers.mine", named, PROFILE)]],
  ])("is none of a change %s", async (_, ops) => {
    const { home } = await withChats(1, ops);
    expect((await planned(home))?.findings.filter(({ code }) => code === "provider-kept")).toEqual([]);
  });

  test("is no matter where it is gone already, nor of the change that took it out when it is back", async () => {
    const gone = await withChats(1);
    gone.home.write("config.toml", 'model = "old"\nmodel_provider = "mine"\n');
    expect((await planned(gone.home))?.findings).toEqual([]);

    const { home } = await withChats(1);
    const there = config(home) ?? "";
    const change = await home.change("remove", [unset("model_provider"), unset("model_providers.mine")]);
    home.write("config.toml", there);
    expect((await planned(home, { change }))?.findings).toEqual([]);
  });
});

describe("an entry that a newer codex-cfg wrote", () => {
  const newer = ({ disk, write, text }: MemoryHome, after: string, id: string) => {
    const record = text(`.codex-cfg/history/${after}/record.json`) ?? "";
    disk.putFolder(`/home/u/.codex/.codex-cfg/history/${id}`);
    write(`.codex-cfg/history/${id}/record.json`, ofTomorrow(record));
  };

  test("stands in the way of all, of the newest, and of nothing that is older and named", async () => {
    const { home, first } = await changedTwice();
    newer(home, first, "zzzzzzzzzzz-ffffff");
    for (const wish of [{}, { all: true }]) expect(await refused(home, wish)).toMatchObject({ code: "newer-state" });
    expect((await planned(home, { change: first }))?.changes).toHaveLength(1);
  });

  test("that is older than the newest change stands in nobody's way but that of all", async () => {
    const { home, second } = await changedTwice();
    newer(home, second, "00000000000-000000");
    expect((await planned(home))?.purpose.reverts).toEqual([second]);
    expect(await refused(home, { all: true })).toMatchObject({ code: "newer-state" });
    await take(home);
    await take(home);
    expect(await refused(home)).toMatchObject({ code: "newer-state" });
  });
});

test("several entries are taken back as one for the command that made them, in whatever order, with what it has to say", async () => {
  const home = memoryHome({ "config.toml": START });
  const first = await home.change("set model", [set("model", "new")]);
  const second = await home.change("set model", [set("model", "newer")]);
  const again = (...more: readonly string[]) => ["mcp", "bisect", "reset", ...more];
  const opened = home.open();
  const entries = opened.history.entries;
  const note = { code: "start-plainly", severity: "info", args: {} } as const;
  const plan = await revertEntries(opened, entries, { again, command: "mcp bisect reset" }, [note]);
  expect(plan.purpose).toEqual({ command: "mcp bisect reset", reverts: [first, second] });
  expect(plan.findings).toEqual([note]);
  expect(plan.changes).toEqual([{ file: "config", before: 'model = "newer"\n', after: START }]);
  expect(await revertEntries(home.open(), [...entries].reverse(), { again, command: "x" })).toMatchObject({
    changes: plan.changes,
    findings: [],
  });
  home.write("config.toml", 'model = "theirs"\n');
  const late = home.open();
  await expect(revertEntries(late, late.history.entries, { again, command: "x" })).rejects.toMatchObject({
    code: "conflict",
    hints: [{ argv: again("--skip-conflicts") }, { argv: again("--force") }],
  });
});
