/** What a newer codex-cfg left in the state folder is refused by name, and never guessed, forgotten or called damaged. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { MemoryDisk } from "../memory-disk.ts";
import { type Story, story } from "../story.ts";
import { diedAt, forge, journalOf, ONE, ofTomorrow, TWO } from "./dead.ts";
import { CONFIG, codeOf, HOME, label, litter, never, onDisk, STATE, type World, world } from "./world.ts";

const UPDATE = "Update codex-cfg, then run the same command again.";

const set = ({ store }: World, n: number, m = n + 1) =>
  store.commit([{ file: "config", before: `n = ${n}\n`, after: `n = ${m}\n` }], label, never)?.id ?? "";

/** Everything in the home but the lock, which every command takes and gives back. */
const all = (disk: MemoryDisk) =>
  disk
    .tree(HOME)
    .filter((path) => !/\/lock[^/]*$/.test(path))
    .map((path) => [path, disk.text(path), disk.look(path)?.mode]);

describe("an unfinished change of a newer codex-cfg stops what writes, which touches nothing:", () => {
  const PHASES = ["draft", "commit", "record"] as const;
  /** A home with a journal, of which one record is of tomorrow. */
  const died = (phase: (typeof PHASES)[number], write: (disk: MemoryDisk, record: string) => void) => {
    const disk = diedAt(phase);
    write(disk, journalOf(disk, `${phase}.json`) ?? "");
    return disk;
  };
  const tomorrow = (disk: MemoryDisk, record: string) => disk.put(record, ofTomorrow(disk.text(record) ?? ""));
  const ways: Record<string, () => MemoryDisk> = {
    ...Object.fromEntries(PHASES.map((phase) => [phase, () => died(phase, tomorrow)])),
    "a state that nobody knows today": () =>
      died("commit", (disk, record) => {
        disk.put(record.replace("commit", "publish"), ofTomorrow(disk.text(record) ?? ""));
        disk.put(record.replace("commit.json", "before.0.zst"), "x");
        disk.take(record);
      }),
    "one that has a record of today, too": () =>
      died("commit", (disk, record) =>
        disk.put(record.replace("commit", "draft"), ofTomorrow(disk.text(record) ?? "")),
      ),
    "one beside a change of today that died, too": () =>
      died("commit", (disk, record) => {
        const other = record.replace(/[^/]+\/commit\.json$/, "zzzzzzzzzzz-000000");
        disk.putFolder(other);
        disk.put(`${other}/commit.json`, ofTomorrow(disk.text(record) ?? ""));
      }),
    "a home in which folders are gone": () =>
      died("commit", (disk, record) => {
        tomorrow(disk, record);
        disk.take(`${STATE}/.gitignore`);
        disk.take(`${STATE}/history`);
      }),
  };

  test.each(Object.entries(ways))("%s", (_, make) => {
    const disk = make();
    const before = all(disk);
    const home = onDisk(disk);
    const found = home.store.pending().filter(({ newer }) => newer);
    expect(found).toMatchObject([{ damaged: false, committed: false, running: false, command: null, files: [] }]);
    const refusal = {
      code: "newer-state",
      message: `the unfinished change ${found[0]?.id} was written by a newer codex-cfg, and this one does not understand it`,
      path: found[0]?.folder,
      hints: [UPDATE],
    };
    const changes = [{ file: "config", before: ONE, after: "a = 3\n" }] as const;
    expect(() => home.store.commit(changes, label, never)).toThrow(expect.objectContaining(refusal));
    expect(() => home.store.recover()).toThrow(expect.objectContaining(refusal));
    expect([all(disk), home.store.recoveries, home.store.history().damaged]).toEqual([before, [], []]);
  });

  test.each(PHASES)("and one of today does not: %s", (phase) => {
    const disk = diedAt(phase);
    const home = onDisk(disk);
    expect(home.store.pending()).toMatchObject([{ newer: false, damaged: false }]);
    home.store.recover();
    expect([disk.text(CONFIG), home.store.pending(), litter(disk)]).toEqual([phase === "draft" ? ONE : TWO, [], []]);
  });

  test.each<[string, (text: string) => string]>([
    ["a wrong sum", (text) => ofTomorrow(text).replace('"v":3', '"v":4')],
    ["no end", (text) => ofTomorrow(text).slice(0, -20)],
    ["a format that is no whole number", (text) => ofTomorrow(text, 1.5)],
    ["a format that is no number", (text) => ofTomorrow(text, "2")],
    ["a format of yesterday", (text) => ofTomorrow(text, 0)],
    ["no format", (text) => forge(text, (record) => delete record.v)],
  ])("and one with %s is damaged", (_, damage) => {
    const disk = died("commit", (disk, record) => disk.put(record, damage(disk.text(record) ?? "")));
    const home = onDisk(disk);
    expect(home.store.pending()).toMatchObject([{ newer: false, damaged: true }]);
    expect([codeOf(home.store.recover), home.store.recoveries]).toMatchObject([
      "damaged-journal",
      [{ outcome: "damaged" }],
    ]);
  });
});

describe("an entry of a newer codex-cfg", () => {
  const recordOf = (id: string) => `${STATE}/history/${id}/record.json`;
  const makeNewer = ({ disk }: World, id: string) => disk.put(recordOf(id), ofTomorrow(disk.text(recordOf(id)) ?? ""));

  test("is told apart from the others and from damaged ones, and stops no change", () => {
    const home = world({ [CONFIG]: "n = 0\n" });
    const ids = [0, 1, 2, 3].map((n) => set(home, n));
    makeNewer(home, ids[1] ?? "");
    home.disk.put(recordOf(ids[2] ?? ""), "{}");
    const { entries, damaged, newer } = home.store.history();
    expect([entries.map(({ id }) => id), damaged, newer]).toEqual([[ids[0], ids[3]], [ids[2]], [ids[1]]]);
    expect(set(home, 4)).not.toBe("");
  });

  test("has no images that anybody here could show, which is said by name", () => {
    const home = world({ [CONFIG]: "n = 0\n" });
    const id = set(home, 0);
    expect(home.store.images(id)).toHaveLength(1);
    makeNewer(home, id);
    expect(() => home.store.images(id)).toThrow(
      expect.objectContaining({
        code: "newer-state",
        message: `the entry ${id} was written by a newer codex-cfg, and this one does not understand it`,
        path: `${STATE}/history/${id}`,
        hints: [UPDATE],
      }),
    );
    home.disk.put(recordOf(id), "{}");
    expect(codeOf(() => home.store.images(id))).toBe("damaged-journal");
  });

  test("is never forgotten, where one of today would be", () => {
    const home = world({ [CONFIG]: "n = 0\n" });
    const [first = "", second = "", third = ""] = [0, 1, 2].map((n) => set(home, n));
    makeNewer(home, first);
    home.disk.rename(`${STATE}/history/${first}`, `${STATE}/history/${first}.conflict`);
    makeNewer(home, second);
    for (let n = 3; n < 60; n++) set(home, n);
    home.disk.now += 91 * 86_400_000;
    for (let n = 60; n < 66; n++) set(home, n);
    const names = home.disk.list(`${STATE}/history`).filter((name) => name !== "pruned");
    expect([names.length, names.slice(0, 2)]).toEqual([8, [`${first}.conflict`, second]]);
    expect(home.store.history().newer).toEqual([second]);
    expect(names).not.toContain(third);
  });
});

describe("on the command line, an entry of a newer codex-cfg", () => {
  const NEW = ["--codex-version", "0.169.0"];

  /** A home with three changes, of which some are made newer. */
  async function changed(...newer: readonly number[]) {
    const tale = story({ "config.toml": 'model = "a"\n' });
    await tale.run("apply", "http-sse", "-y", ...NEW);
    await tale.run("set", "model", "b", "-y", ...NEW);
    await tale.run("set", "model", "c", "-y", ...NEW);
    const history = join(tale.home, ".codex-cfg", "history");
    const ids = readdirSync(history).sort();
    for (const n of newer) {
      const record = join(history, ids[n] ?? "", "record.json");
      writeFileSync(record, ofTomorrow(readFileSync(record, "utf8")));
    }
    return { tale, ids };
  }
  const refusal = async (tale: Story, ...argv: readonly string[]) => {
    const before = tale.files();
    const { exit, err } = await tale.run(...argv, ...NEW);
    expect(tale.files()).toEqual(before);
    return `${exit} ${/the entry \S+ was written by a newer codex-cfg.*\[newer-state\]/.exec(err)?.[0] ?? err}`;
  };
  const named = (id: string | undefined) =>
    `3 the entry ${id} was written by a newer codex-cfg, and this one does not understand it [newer-state]`;

  test("is told by history and status, beside the rest", async () => {
    const { tale, ids } = await changed(1);
    const said = `1 entry of the history can be read and taken back by a newer codex-cfg only: ${ids[1]}`;
    const { out, err } = await tale.run("history");
    expect([out.split("\n").map((line) => line.slice(0, 18)), err]).toEqual([[ids[2], ids[0], ""], `${said}\n`]);
    expect((await tale.run("status", ...NEW)).out).toContain(`newer     ${said}\n`);
    const { tale: other } = await changed();
    expect((await other.run("history")).err).toBe("");
    expect((await other.run("status", ...NEW)).out).not.toMatch(/newer/);
  });

  test("is all there is to tell where no other one is there", async () => {
    const { tale, ids } = await changed(0, 1, 2);
    const said = `3 entries of the history can be read and taken back by a newer codex-cfg only: ${ids.join(", ")}`;
    expect(await tale.run("history")).toEqual({ exit: 0, out: "", err: `${said}\n` });
    expect(await refusal(tale, "show")).toBe(named(ids[2]));
    expect(await refusal(tale, "revert", "-y")).toBe(named(ids[2]));
  });

  test("is refused when it is named, by its id or the beginning of it", async () => {
    const { tale, ids } = await changed(2);
    for (const name of [ids[2] ?? "", ids[2]?.slice(0, 16) ?? ""])
      for (const verb of ["show", "diff", "revert"]) expect(await refusal(tale, verb, name)).toBe(named(ids[2]));
  });

  test("is refused when it is the newest one and none is named, and hides none that is named", async () => {
    const { tale, ids } = await changed(2);
    for (const argv of [["show"], ["diff"], ["revert", "-y"], ["revert", "--all", "-y"], ["revert", "http-sse", "-y"]])
      expect(await refusal(tale, ...argv)).toBe(named(ids[2]));
    expect((await tale.run("revert", ids[0] ?? "", "-y", ...NEW)).exit).toBe(0);
    expect(tale.read("config.toml")).toBe('model = "c"\n');
  });

  test("is passed over when a later change is meant, but not by --all, nor when there is no later one any more", async () => {
    const { tale, ids } = await changed(1);
    expect(await refusal(tale, "revert", "--all", "-y")).toBe(named(ids[1]));
    expect((await tale.run("revert", "-y", ...NEW)).exit).toBe(0);
    expect(tale.read("config.toml")).toMatch(/^model = "b"$/m);
    expect(await refusal(tale, "revert", "-y")).toBe(named(ids[1]));
  });

  test("stops a search for a failing server, which it may have carried on or ended", async () => {
    const tale = story({ "config.toml": '[mcp_servers.docs]\ncommand = "d"\n[mcp_servers.git]\ncommand = "g"\n' });
    await tale.run("mcp", "bisect", "start", "-y", ...NEW);
    await tale.run("set", "model", "b", "-y", ...NEW);
    const history = join(tale.home, ".codex-cfg", "history");
    const id = readdirSync(history).sort().at(-1) ?? "";
    const record = join(history, id, "record.json");
    const today = readFileSync(record, "utf8");
    writeFileSync(record, ofTomorrow(today));
    for (const verb of ["good", "bad", "reset"])
      expect(await refusal(tale, "mcp", "bisect", verb, "-y")).toBe(named(id));
    writeFileSync(record, today);
    expect((await tale.run("mcp", "bisect", "good", "-y", ...NEW)).exit).toBe(0);
    expect((await tale.run("mcp", "bisect", "reset", "-y", ...NEW)).exit).toBe(0);
  });

  test("stops no other change", async () => {
    const { tale } = await changed(0, 1, 2);
    expect((await tale.run("set", "model", "d", "-y", ...NEW)).exit).toBe(0);
    expect((await tale.run("revert", "-y", ...NEW)).exit).toBe(0);
    expect(tale.read("config.toml")).toMatch(/^model = "c"$/m);
  });

  test("that is not at its end is told by status, and stops what writes", async () => {
    const { tale, ids } = await changed();
    const state = join(tale.home, ".codex-cfg");
    const record = readFileSync(join(state, "history", ids[2] ?? "", "record.json"), "utf8");
    mkdirSync(join(state, "tx", "zzzzzzzzzzz-000000"));
    writeFileSync(join(state, "tx", "zzzzzzzzzzz-000000", "commit.json"), ofTomorrow(record));
    expect((await tale.run("status", ...NEW)).out).toContain(
      "a newer codex-cfg's change was interrupted (zzzzzzzzzzz-000000), and this one cannot finish it; update codex-cfg",
    );
    const before = tale.files();
    for (const argv of [
      ["set", "model", "d", "-y"],
      ["revert", "-y"],
      ["apply", "http-sse", "--profile", "x", "-y"],
    ]) {
      const { exit, err } = await tale.run(...argv, ...NEW);
      expect([exit, err]).toEqual([
        3,
        expect.stringContaining("the unfinished change zzzzzzzzzzz-000000 was written by"),
      ]);
    }
    expect(tale.files()).toEqual(before);
  });
});

describe("a lock of a newer codex-cfg", () => {
  const LOCK = `${STATE}/lock`;
  /** One that would be broken at once if it were of today: its process is gone. */
  const DEAD = {
    pid: 77,
    start: "s",
    host: "box",
    machineId: "m1",
    bootId: "b1",
    pidNamespace: "pid:[1]",
    command: "x",
  };
  const lockOf = (v: unknown) => `${JSON.stringify({ v, ...DEAD, nonce: "0".repeat(16), since: 1 })}\n`;
  const commitUnder = (lock: string, onCall?: (disk: MemoryDisk) => void) => {
    const home = world({ [CONFIG]: "n = 0\n" });
    home.disk.putFolder(STATE, { mode: 0o700 });
    home.disk.put(LOCK, lock);
    home.disk.now += 10_000;
    home.disk.onCall = () => onCall?.(home.disk);
    return { ...home, started: home.disk.now, commit: () => set(home, 0) };
  };

  test("is waited for, then named, and never broken", () => {
    const { commit, disk, started, store } = commitUnder(lockOf(2));
    expect(commit).toThrow(
      expect.objectContaining({
        code: "newer-state",
        message: "the lock was written by a newer codex-cfg, and this one does not understand it",
        path: LOCK,
        hints: [{ note: "If it is gone for good, remove its lock", shell: `rm ${LOCK}` }, UPDATE],
      }),
    );
    expect(disk.now - started).toBeGreaterThanOrEqual(5000);
    expect([disk.text(CONFIG), disk.text(LOCK), disk.tree(STATE)]).toEqual(["n = 0\n", lockOf(2), [LOCK]]);
    // No change was left unfinished.
    expect(store.recover()).toEqual([]);
  });

  test("is no reason to refuse once it is given back", () => {
    const { commit, disk } = commitUnder(lockOf(2), (disk) => {
      if (disk.calls > 60 && disk.text(LOCK)?.startsWith('{"v":2')) disk.take(LOCK);
    });
    expect(commit()).not.toBe("");
    expect(disk.text(CONFIG)).toBe("n = 1\n");
  });

  test.each([lockOf(0), lockOf("2"), lockOf(1.5), "2\n", "null\n"])("is not what this is: %j", (lock) => {
    expect(codeOf(commitUnder(lock).commit)).toBe("locked");
  });

  test("is none of today, whose process is gone", () => {
    expect(codeOf(commitUnder(lockOf(1)).commit)).toBe("none");
  });
});
