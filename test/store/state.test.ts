/** The state folder and the journal: hostile, damaged, old and large ones. */
import { describe, expect, test } from "vitest";
import type { Label } from "../../src/model/change.ts";
import { MemoryDisk } from "../memory-disk.ts";
import { diedAt, forge, ONE, TWO } from "./dead.ts";
import { half, REBOOTED, remains } from "./stories.ts";
import { CONFIG, codeOf, HOME, label, litter, never, onDisk, open, STATE, WORK, type World, world } from "./world.ts";

const edit = ({ store }: World, before: string | null = ONE, after = TWO) =>
  store.commit([{ file: "config", before, after }], label, never);

const committed = () => diedAt("commit");

const hostile: Record<string, (disk: MemoryDisk) => void> = {
  "a link": (disk) => {
    disk.putFolder("/home/u/elsewhere", { mode: 0o700 });
    disk.putLink(STATE, "/home/u/elsewhere");
  },
  "a file": (disk) => disk.put(STATE, "x"),
  "open to others": (disk) => disk.putFolder(STATE, { mode: 0o755 }),
  "somebody else's": (disk) => disk.putFolder(STATE, { mode: 0o700, uid: 2000 }),
};
for (const [name, put] of Object.entries(hostile)) {
  test(`a state folder that is ${name} is not trusted, and nothing is written`, () => {
    const home = world({ [CONFIG]: ONE });
    put(home.disk);
    const before = home.disk.tree("/home");
    const { store } = home;
    const all = [() => edit(home), store.history, store.pending, store.recover, () => store.images("x")];
    expect(all.map(codeOf)).toEqual(all.map(() => "unsafe-file"));
    expect([home.disk.text(CONFIG), home.disk.tree("/home")]).toEqual([ONE, before]);
  });
}

test("what a dead process left is reported by reading, finished by the next commit, and remembered", () => {
  const disk = committed();
  const home = onDisk(disk);
  expect(home.store.pending()).toMatchObject([
    { committed: true, damaged: false, running: false, command: "test", files: ["config"] },
  ]);
  expect(disk.text(CONFIG)).toBe(ONE);
  edit(home, TWO, "a = 3\n");
  expect(home.store.recoveries).toMatchObject([{ outcome: "completed" }]);
  expect([disk.text(CONFIG), home.store.history().entries.length, litter(disk)]).toEqual(["a = 3\n", 2, []]);
});

test("a transaction whose owner is alive is reported as running", () => {
  const disk = committed();
  const { host, store } = onDisk(disk);
  const pid = (JSON.parse(disk.text(`${STATE}/lock`) ?? "{}") as { pid: number }).pid;
  host.processes.set(pid, `start-${pid}`);
  expect(store.pending()).toMatchObject([{ running: true }]);
  expect(codeOf(() => store.recover())).toBe("locked");
});

const rewrite = (text: string, change: (record: { [key: string]: unknown }) => void): string => {
  const record = JSON.parse(text) as { [key: string]: unknown };
  change(record);
  return `${JSON.stringify(record)}\n`;
};
const damages: Record<string, (text: string) => string> = {
  "a flipped byte": (text) => text.replace('"v":1', '"v":2'),
  "a wrong sum": (text) => rewrite(text, (record) => Object.assign(record, { checksum: "0".repeat(64) })),
  "a path for a role": (text) =>
    rewrite(text, (record) => Object.assign(record, { files: [{ file: "profile:../../x" }] })),
  "no end": (text) => text.slice(0, -20),
  nothing: () => "",
  "10 MB": (text) => text + " ".repeat(10_000_000),
  "deep nesting": () => "[".repeat(100_000),
  "no UTF-8": () => "\uFFFD",
};
for (const [name, damage] of Object.entries(damages)) {
  test(`a commit marker with ${name} stops writing commands, touches nothing, and says what to do`, () => {
    const disk = committed();
    const marker = disk.tree(STATE).find((path) => path.endsWith("commit.json")) ?? "";
    disk.put(marker, damage(disk.text(marker) ?? ""));
    const before = disk.tree(`${STATE}/tx`);
    const home = onDisk(disk);
    expect(home.store.pending()).toMatchObject([{ damaged: true, committed: false }]);
    expect(() => edit(home)).toThrow(
      expect.objectContaining({
        code: "damaged-journal",
        hints: [expect.objectContaining({ shell: expect.stringMatching(/^mv /) })],
      }),
    );
    expect(home.store.recoveries).toMatchObject([{ outcome: "damaged" }]);
    expect([disk.text(CONFIG), disk.tree(`${STATE}/tx`)]).toEqual([ONE, before]);
  });
}

test("a link, a pipe or a file of another name in the journal is damage, too", () => {
  const odd: readonly ((disk: MemoryDisk, marker: string) => void)[] = [
    (disk, marker) => {
      disk.put("/home/u/copy", disk.text(marker) ?? "");
      disk.take(marker);
      disk.putLink(marker, "/home/u/copy");
    },
    (disk, marker) => {
      disk.take(marker);
      disk.putOther(marker);
    },
    (disk, marker) => disk.put(marker.replace("commit.json", "run.sh"), "x"),
  ];
  for (const put of odd) {
    const disk = committed();
    put(disk, disk.tree(STATE).find((path) => path.endsWith("commit.json")) ?? "");
    expect(codeOf(onDisk(disk).store.recover)).toBe("damaged-journal");
    expect(disk.text(CONFIG)).toBe(ONE);
  }
});

type Steps = { file: string; attributes: { mode: number } | null }[];

test.each<[string, (record: { files?: unknown }) => void]>([
  ["a path for a role", ({ files }) => Object.assign((files as Steps)[0] ?? {}, { file: "profile:../../x" })],
  ["an absolute path", ({ files }) => Object.assign((files as Steps)[0] ?? {}, { file: "/etc/x" })],
  ["a set-user-id bit", ({ files }) => Object.assign((files as Steps)[0]?.attributes ?? {}, { mode: 0o4755 })],
  ["no files", (record) => Object.assign(record, { files: [] })],
])("a record with the right sum and %s is damage all the same", (_, change) => {
  const disk = committed();
  const marker = disk.tree(STATE).find((path) => path.endsWith("commit.json")) ?? "";
  disk.put(marker, forge(disk.text(marker) ?? "", change));
  expect(codeOf(onDisk(disk).store.recover)).toBe("damaged-journal");
  expect(disk.text(CONFIG)).toBe(ONE);
});

test("an image that was tampered with is never published", () => {
  const disk = committed();
  const stage = disk.tree(HOME).find((path) => path.endsWith(".tmp")) ?? "";
  disk.put(stage, "evil = 1\n");
  const image = disk.tree(STATE).find((path) => path.endsWith("after.0")) ?? "";
  disk.put(image, "evil = 1\n");
  expect(codeOf(onDisk(disk).store.recover)).toBe("damaged-journal");
  expect(disk.text(CONFIG)).toBe(ONE);
});

test("a lost stage is made again from the image, with the file's mode", () => {
  const disk = committed();
  disk.take(disk.tree(HOME).find((path) => path.endsWith(".tmp")) ?? "");
  expect(onDisk(disk).store.recover()).toMatchObject([{ outcome: "completed" }]);
  expect([disk.text(CONFIG), disk.look(CONFIG)?.mode, litter(disk)]).toEqual([TWO, 0o600, []]);
});

test("a stray stage without a transaction is swept", () => {
  const home = world({ [CONFIG]: ONE });
  edit(home);
  home.disk.put(`${HOME}/.config.toml.ccfg-0abcdefgh00-123456.tmp`, "x");
  home.disk.put(`${HOME}/.config.toml.ccfg-mine.tmp`, "x");
  home.store.recover();
  expect(litter(home.disk)).toEqual([`${HOME}/.config.toml.ccfg-mine.tmp`]);
});

test("ids grow even when the clock stands still or goes back", () => {
  const home = world({ [CONFIG]: "n = 0\n" });
  for (let n = 0; n < 40; n++) {
    if (n % 7 === 6) home.disk.now -= 1_000_000;
    edit(home, `n = ${n}\n`, `n = ${n + 1}\n`);
  }
  const entries = home.store.history().entries;
  expect(entries.map((entry) => home.store.images(entry.id)[0]?.after)).toEqual(
    Array.from({ length: 40 }, (_, n) => `n = ${n + 1}\n`),
  );
});

test("an unknown, malformed or damaged entry has no images, and says so", () => {
  const home = world({ [CONFIG]: ONE });
  const entry = edit(home);
  const dir = `${STATE}/history/${entry?.id}`;
  const of = (id: string) => codeOf(() => home.store.images(id));
  expect([of("nope"), of("../../x"), of("0abcdefgh00-123456")]).toEqual([
    "unknown-name",
    "unknown-name",
    "unknown-name",
  ]);
  home.disk.put(`${dir}/after.0`, "a = 7\n");
  expect(of(entry?.id ?? "")).toBe("damaged-journal");
  home.disk.take(`${dir}/after.0`);
  expect(() => home.store.images(entry?.id ?? "")).toThrow("are gone");
  home.disk.put(`${dir}/record.json`, "{}");
  expect([home.store.history().entries, home.store.history().damaged]).toEqual([[], [entry?.id]]);
});

test("keeps 50 entries, 90 days and 20 MiB, and never fewer than 5", () => {
  const home = world({ [CONFIG]: "n = 0\n" });
  for (let n = 0; n < 55; n++) edit(home, `n = ${n}\n`, `n = ${n + 1}\n`);
  expect(home.store.history().entries).toHaveLength(50);
  home.disk.now += 91 * 86_400_000;
  for (let n = 55; n < 61; n++) {
    expect(home.store.history().entries).toHaveLength(50);
    edit(home, `n = ${n}\n`, `n = ${n + 1}\n`);
  }
  expect(home.store.history().entries).toHaveLength(6);
  const big = (n: number) => `x = '${String(n).repeat(3_000_000)}'\n`;
  const large = world({ [CONFIG]: big(0) });
  for (let n = 0; n < 8; n++) edit(large, big(n), big(n + 1));
  expect(large.store.history().entries).toHaveLength(5);
});

test("a label that could not be read again is refused, and nothing is written", () => {
  const wrong: readonly object[] = [
    { reverts: [5] },
    { kept: [{}] },
    { preset: 5 },
    { touched: [{ file: "config", path: [null], kind: "changed" }] },
    { bisect: { servers: ["a"], answers: [], testing: ["b"] } },
  ];
  for (const more of wrong) {
    const { disk, store } = world({ [CONFIG]: "a = 1\n" });
    const commit = () =>
      store.commit([{ file: "config", before: "a = 1\n", after: "a = 2\n" }], { ...label, ...more } as Label, never);
    expect([codeOf(commit), disk.text(CONFIG), litter(disk), store.history().damaged]).toEqual([
      "usage",
      "a = 1\n",
      [],
      [],
    ]);
  }
});

test("a long command, and more keys than can be listed, are remembered in short", () => {
  const { disk, store } = world({ [CONFIG]: "a = 1\n" });
  const commit = (n: number, more: Partial<Label>) =>
    store.commit([{ file: "config", before: `a = ${n}\n`, after: `a = ${n + 1}\n` }], { ...label, ...more }, never);
  const command = `set ${"k".repeat(200_000)}`;
  expect(commit(1, { command })?.command).toBe(`${command.slice(0, 1000)}…`);
  const of = (count: number) =>
    Array.from(
      { length: count },
      (_, i) => ({ file: "config", path: ["mcp_servers", `s${i}`, "on"], kind: "added" }) as const,
    );
  expect(commit(2, { touched: of(10_000) })?.touched).toEqual(of(10_000));
  expect(commit(3, { touched: of(10_001) })?.touched).toEqual([
    { file: "config", path: ["mcp_servers"], kind: "changed" },
  ]);
  const long = [{ file: "config", path: ["x", "k".repeat(5_000_000)], kind: "added" }] as const;
  expect(commit(4, { touched: long })?.touched).toEqual([{ file: "config", path: ["x"], kind: "changed" }]);
  expect([store.history().entries.length, store.history().damaged, litter(disk)]).toEqual([4, [], []]);
});

test("the process of a long command that died is known by it", () => {
  const { disk, store } = world({ [CONFIG]: "a = 1\n" });
  const command = `set ${"k".repeat(200_000)}`;
  disk.onCall = (name, path) => name === "remove" && path === `${STATE}/lock` && disk.failAt(0, "die-before");
  const commit = () =>
    store.commit([{ file: "config", before: "a = 1\n", after: "a = 2\n" }], { ...label, command }, never);
  expect(codeOf(commit)).toBe("Crash");
  disk.onCall = undefined;
  disk.revive();
  expect(onDisk(disk).store.recover()).toMatchObject([{ outcome: "completed" }]);
});

test("a clock that is wrong for once, ahead or behind, costs no entry", () => {
  for (const days of [200, -200, 20_000]) {
    const home = world({ [CONFIG]: "n = 0\n" });
    const next = (n: number) => edit(home, `n = ${n}\n`, `n = ${n + 1}\n`);
    for (let n = 0; n < 8; n++) next(n);
    home.disk.now += days * 86_400_000;
    for (let n = 8; n < 13; n++) next(n);
    home.disk.now -= days * 86_400_000;
    for (let n = 13; n < 30; n++) next(n);
    expect(home.store.history().entries, `${days}`).toHaveLength(30);
  }
});

test("keeps every look of a search under way, however many and large, and forgets them once they are taken back", () => {
  const big = (n: number) => `x = '${String(n % 10).repeat(3_000_000)}'\n`;
  const home = world({ [CONFIG]: big(0) });
  const commit = (n: number, more: Partial<Label>) =>
    home.store.commit([{ file: "config", before: big(n), after: big(n + 1) }], { ...label, ...more }, never)?.id ?? "";
  const bisect = { servers: ["a"], answers: [], testing: [] };
  const looks = Array.from({ length: 8 }, (_, n) => commit(n, { bisect }));
  home.disk.now += 91 * 86_400_000;
  const others = Array.from({ length: 6 }, (_, n) => commit(8 + n, {}));
  const known = () => home.store.history().entries.map(({ id }) => id);
  expect(known()).toEqual([...looks, ...others.slice(1)]);
  expect(home.store.images(looks[0] ?? "")[0]?.before).toBe(big(0));
  const reset = commit(14, { reverts: looks });
  expect(known()).toEqual([...others.slice(2), reset]);
});

test("an entry is forgotten before the one that takes it back, so that none counts again when a process dies", () => {
  const told = (k: number) => {
    const home = world({ [CONFIG]: "n = 0\n" });
    const commit = (n: number, reverts: readonly string[]) => {
      const changes = [{ file: "config", before: `n = ${n}\n`, after: `n = ${n + 1}\n` }] as const;
      return home.store.commit(changes, { ...label, reverts }, never)?.id ?? "";
    };
    const first = commit(0, []);
    const second = commit(1, [first]);
    home.disk.now += 91 * 86_400_000;
    for (let n = 2; n < 7; n++) commit(n, []);
    home.disk.failAt(k, "die-after");
    codeOf(() => commit(7, []));
    home.disk.revive();
    const known = home.store.history().entries.map(({ id }) => id);
    return [first, second].map((id) => known.includes(id));
  };
  const all = Array.from({ length: 80 }, (_, k) => told(k + 1));
  expect(all).toContainEqual([false, false]);
  expect(all).not.toContainEqual([true, false]);
});

describe("that an entry is taken back of which nothing is left", () => {
  test("is an entry without files, and with nothing to take back there is none", () => {
    const home = world({ [CONFIG]: ONE });
    const first = edit(home);
    expect(home.store.commit([], { ...label, reverts: [] }, never)).toBeNull();
    const closing = home.store.commit([], { command: "close", touched: [], reverts: [first?.id ?? ""] }, never);
    expect(closing).toMatchObject({ files: [], reverts: [first?.id] });
    expect(onDisk(home.disk).store.history().entries).toEqual([first, closing]);
    expect([home.store.images(closing?.id ?? ""), home.disk.text(CONFIG), litter(home.disk)]).toEqual([[], TWO, []]);
  });

  test("is an entry also when somebody else takes it back after the plan was made", () => {
    const home = world({ [CONFIG]: ONE });
    const first = edit(home);
    home.disk.put(CONFIG, ONE);
    const changes = [{ file: "config", before: TWO, after: ONE }] as const;
    const back = home.store.commit(changes, { ...label, reverts: [first?.id ?? ""] }, () => []);
    expect([back?.files, home.disk.text(CONFIG)]).toEqual([[], ONE]);
  });

  test("is remembered or not, and nothing in between, whenever a process dies or the power fails", () => {
    const seen = new Set<number>();
    for (let k = 1; ; k++) {
      const home = world({ [CONFIG]: ONE });
      const reverts = [edit(home)?.id ?? ""];
      home.disk.settle();
      home.disk.failAt(k, "die-after");
      const code = codeOf(() => home.store.commit([], { ...label, reverts }, never));
      home.disk.revive();
      if (code === "none") break;
      home.disk.now += 10_000;
      for (const disk of [...remains(home.disk, [half]), home.disk]) {
        const { store } = onDisk(disk, disk === home.disk ? {} : REBOOTED);
        store.recover();
        seen.add(store.history().entries.length);
        expect([store.pending(), store.history().damaged, litter(disk), disk.text(CONFIG)]).toEqual([[], [], [], TWO]);
      }
    }
    expect([...seen].sort()).toEqual([1, 2]);
  });
});

describe("a home that is not there yet", () => {
  /** On a machine where Codex has never run. */
  const bare = (owner = 1000) => {
    const disk = new MemoryDisk();
    disk.putFolder("/home");
    disk.putFolder("/home/u", { uid: owner, gid: owner });
    disk.settle();
    return disk;
  };
  const create = (disk: MemoryDisk) => codeOf(() => edit(onDisk(disk), null));

  test("is created by the first change, closed to others, and not by looking", () => {
    const disk = bare();
    const { store } = onDisk(disk);
    expect([store.read("config").text, store.history().entries, store.pending(), store.recover()]).toEqual([
      null,
      [],
      [],
      [],
    ]);
    expect(disk.look(HOME)).toBeNull();
    expect([create(disk), disk.look(HOME)?.mode, disk.text(CONFIG)]).toEqual(["none", 0o700, TWO]);
  });

  test("that somebody creates at the same moment is taken as it is", () => {
    const disk = bare();
    disk.onCall = (name, path) => {
      if (name === "mkdir" && path === HOME && disk.look(HOME) === null) disk.putFolder(HOME, { mode: 0o755 });
    };
    expect([create(disk), disk.look(HOME)?.mode, disk.text(CONFIG)]).toEqual(["none", 0o755, TWO]);
  });

  test("belongs to the owner of the folder it comes into, also when root creates it", () => {
    for (const owner of [1000, 0]) {
      const disk = bare(owner);
      [disk.uid, disk.gid] = [0, 0];
      create(disk);
      expect([HOME, CONFIG].map((path) => disk.look(path)?.uid)).toEqual([owner, owner]);
    }
  });

  test("is there with the whole change or without any of it, whatever call the process or the machine dies at", () => {
    const seen = new Set<string | null>();
    for (let k = 1, died = true; died; k++) {
      const disk = bare();
      disk.failAt(k, "die-after");
      died = create(disk) === "Crash";
      disk.revive();
      disk.now += 10_000;
      for (const left of [...remains(disk, [half]), disk]) {
        onDisk(left, left === disk ? {} : REBOOTED).store.recover();
        if (!died) expect(left.text(CONFIG)).toBe(TWO);
        expect([null, TWO]).toContain(left.text(CONFIG));
        expect(litter(left)).toEqual([]);
        seen.add(left.text(CONFIG));
      }
    }
    expect([...seen].sort()).toEqual([TWO, null]);
  });
});

test("a home that has no folder to be in, or a read-only one, is the machine's no, in words", () => {
  const { host, disk } = world({ [CONFIG]: ONE });
  const gone = open(host, "/home/u/no/where");
  expect(codeOf(() => gone.commit([{ file: "config", before: null, after: ONE }], label, never))).toBe("io");
  disk.failAt(1, { errno: "EROFS" }, { persistent: true });
  expect(() => edit({ disk, host, store: open(host) })).toThrow("read-only file system");
});

test("what could not be confirmed is said so, and the next command finishes it", () => {
  const home = world({ [CONFIG]: ONE });
  home.disk.onCall = (name, path) => {
    if (name === "rename" && path === CONFIG) home.disk.failAt(1, { errno: "EIO" }, { persistent: true });
  };
  expect(codeOf(() => edit(home))).toBe("unconfirmed");
  home.disk.onCall = undefined;
  home.disk.revive();
  const next = onDisk(home.disk);
  expect(next.store.recover()).toMatchObject([{ outcome: "completed" }]);
  expect([home.disk.text(CONFIG), home.disk.text(WORK)]).toEqual([TWO, null]);
});
