/** Somebody else writes the same files without any lock, at every possible moment: their edit is kept. */
import { expect, test } from "vitest";
import type { FileRole } from "../../src/model/op.ts";
import type { MemoryDisk } from "../memory-disk.ts";
import { appending, CONFIG, codeOf, HOME, label, litter, onDisk, STATE, WORK, world } from "./world.ts";

const OURS = "ours = 1";
const THEIRS = "theirs = 1";
const both = appending(OURS, "config", "profile:work");
const before = new Map<FileRole, string | null>([
  ["config", "a = 1\n"],
  ["profile:work", null],
]);

const has = (disk: MemoryDisk, path: string, line: string): boolean => disk.text(path)?.includes(line) ?? false;

function edit(disk: MemoryDisk, path: string, base = disk.text(path)): void {
  disk.put(path, `${base ?? ""}${THEIRS}\n`);
}

/** Commits to both files while somebody acts before the k-th call; null when there was no such call. */
function race(k: number, act: (disk: MemoryDisk, name: string, path: string) => void) {
  const { disk, store } = world({ [CONFIG]: "a = 1\n" });
  let at: string | null = null;
  disk.onCall = (name, path, call) => {
    if (call !== k) return;
    at = `${name} ${path}`;
    act(disk, name, path);
  };
  const code = codeOf(() => store.commit(both.plan(before), label, both.rebase));
  disk.onCall = undefined;
  return at === null ? null : { disk, store, code, at: at as string };
}

for (const path of [CONFIG, WORK]) {
  const name = path.slice(path.lastIndexOf("/") + 1);

  test(`keeps an edit of ${name} made before any call but the very rename, and makes its own`, () => {
    const lost: string[] = [];
    let k = 1;
    for (; ; k++) {
      const result = race(k, (disk) => edit(disk, path));
      if (result === null) break;
      const { disk, code, at } = result;
      expect(code).toBe("none");
      expect([has(disk, CONFIG, OURS), has(disk, WORK, OURS)]).toEqual([true, true]);
      expect(litter(disk)).toEqual([]);
      if (!has(disk, path, THEIRS)) lost.push(at);
    }
    expect(k).toBeGreaterThan(80);
    // Node has no rename that compares; creating a file uses a link, which cannot clobber.
    expect(lost).toEqual(path === CONFIG ? [`rename ${CONFIG}`] : []);
  });

  test(`keeps both when ${name} is overwritten, before it is verified, by somebody who read it earlier`, () => {
    let redone = 0;
    for (let k = 1; ; k++) {
      let published = false;
      let verified = false;
      const result = race(k, (disk) => {
        published = has(disk, path, OURS);
        verified = disk.tree(STATE).some((file) => file.endsWith("record.json"));
        edit(disk, path, before.get(path === CONFIG ? "config" : "profile:work") ?? null);
      });
      if (result === null) break;
      const { disk, code, at } = result;
      expect(code).toBe("none");
      if (at === `rename ${CONFIG}` || (at.startsWith("rename") && at.endsWith("record.json")) || verified) continue;
      expect([at, has(disk, path, THEIRS)]).toEqual([at, true]);
      if (published && has(disk, path, OURS)) redone += 1;
    }
    expect(redone).toBeGreaterThan(0);
  });
}

test("makes its change again when somebody overwrites it who had read the file before it was published", () => {
  const { disk, host, store } = world({ [CONFIG]: "a = 1\n" });
  const sleep = host.sleep;
  let late = 0;
  host.sleep = (milliseconds) => {
    sleep(milliseconds);
    if (late === 0 && has(disk, CONFIG, OURS)) late = disk.now;
    if (late === disk.now) edit(disk, CONFIG, "a = 1\n");
  };
  store.commit(both.plan(before), label, both.rebase);
  expect([late > 0, has(disk, CONFIG, OURS), has(disk, CONFIG, THEIRS)]).toEqual([true, true, true]);
});

test.each([
  [CONFIG, WORK],
  [WORK, CONFIG],
])("an edit of %s made before the marker is not answered by publishing %s and taking it back", (edited, other) => {
  const { disk, store } = world({ [CONFIG]: "a = 1\n" });
  let published = 0;
  disk.onCall = (name, path) => {
    if ((name === "rename" || name === "link") && path === other) published += 1;
    if (name === "sync" && path.includes(".work.") && !has(disk, edited, THEIRS)) edit(disk, edited);
  };
  store.commit(both.plan(before), label, both.rebase);
  expect([published, has(disk, edited, OURS), has(disk, edited, THEIRS)]).toEqual([1, true, true]);
});

/** config.toml is a link that leads to another, equal file from the k-th call on. */
function turn(k: number, ...files: readonly FileRole[]) {
  const { disk, store } = world();
  const [one, two] = ["/home/u/dots/one.toml", "/home/u/dots/two.toml"];
  disk.putFolder("/home/u/dots");
  for (const path of [one, two]) disk.put(path, "a = 1\n");
  disk.putLink(CONFIG, one);
  disk.now += 60_000;
  const both = appending(OURS, ...files);
  let at: string | null = null;
  let appeared = 0;
  let marked = false;
  let looked = false;
  let late = false;
  disk.onCall = (name, path, call) => {
    if (name === "link" && path === WORK) appeared += 1;
    marked ||= name === "rename" && path.endsWith("commit.json");
    if (call !== k) {
      looked ||= marked && path === CONFIG;
      return;
    }
    late = looked;
    at = `${name} ${path}`;
    disk.take(CONFIG);
    disk.putLink(CONFIG, two);
  };
  const code = codeOf(() => store.commit(both.plan(before), label, both.rebase));
  disk.onCall = undefined;
  return at === null ? null : { disk, code, at: at as string, one, two, appeared, late };
}

test("a link that is turned at any call is followed to where it leads now, and the file it led to is left alone", () => {
  let k = 1;
  for (let result = turn(k, "config"); result && !result.late; result = turn(++k, "config")) {
    const { disk, code, at, one, two } = result;
    expect([at, code, disk.text(one), has(disk, two, OURS)]).toEqual([at, "none", "a = 1\n", true]);
    expect(litter(disk)).toEqual([]);
  }
  // Between the last look at the link and the rename lies the moment that nobody can close.
  expect(k).toBeGreaterThan(60);
});

test("a link that is turned before the marker is not answered by publishing one file and taking it back", () => {
  let k = 1;
  while (!turn(k, "profile:work", "config")?.at.startsWith("sync /home/u/dots/.one")) k += 1;
  expect(turn(k, "profile:work", "config")).toMatchObject({ code: "none", appeared: 1 });
});

test("a crash at any call and then an edit by somebody else: the edit stays, and ours is in both files or in none", () => {
  const outcomes = new Set<string>();
  const mixed: string[] = [];
  for (const fault of ["die-before", "die-after"] as const) {
    for (const path of [CONFIG, WORK]) {
      for (let k = 1; ; k++) {
        const { disk, store } = world({ [CONFIG]: "a = 1\n" });
        disk.failAt(k, fault);
        let last = "";
        disk.onCall = (name, at) => {
          last = `${name} ${at.replace(/ccfg-.*/, "ccfg")}`;
        };
        if (codeOf(() => store.commit(both.plan(before), label, both.rebase)) !== "Crash") break;
        disk.onCall = undefined;
        disk.revive();
        disk.now += 10_000;
        edit(disk, path);
        disk.now += 10_000;
        const after = onDisk(disk).store;
        for (const { outcome } of after.recover()) outcomes.add(outcome);
        expect(has(disk, path, THEIRS)).toBe(true);
        if (has(disk, CONFIG, OURS) === has(disk, WORK, OURS))
          expect(after.history().entries).toHaveLength(has(disk, CONFIG, OURS) ? 1 : 0);
        else mixed.push(`${fault} ${last}, then ${path}`);
        expect(litter(disk)).toEqual([]);
        expect(after.recover()).toEqual([]);
      }
    }
  }
  expect([...outcomes].sort()).toEqual(["completed", "conflict", "discarded"]);
  // Between the two names of a file just created, nothing tells an edit on top of ours from one before it.
  expect(mixed).toEqual([
    `die-before remove ${HOME}/.work.config.toml.ccfg, then ${WORK}`,
    `die-after link ${WORK}, then ${WORK}`,
  ]);
});

test("a crash while it takes back what it published is taken back by the next command", () => {
  let conflicts = 0;
  for (const fault of ["die-before", "die-after"] as const) {
    for (let k = 1; ; k++) {
      const { disk, store } = world({ [CONFIG]: "a = 1\n" });
      disk.failAt(k, fault);
      disk.onCall = (name, path) => {
        if (name === "link" && path === WORK && disk.text(WORK) === null) edit(disk, WORK);
      };
      if (codeOf(() => store.commit(both.plan(before), label, both.rebase)) !== "Crash") break;
      disk.onCall = undefined;
      const theirs = has(disk, WORK, THEIRS);
      for (let j = 1; ; j++) {
        const again = disk.clone();
        again.now += 10_000;
        again.failAt(j, fault);
        const crashed = codeOf(() => onDisk(again).store.recover()) === "Crash";
        again.revive();
        again.now += 10_000;
        const { store: last } = onDisk(again);
        if (last.recover().some(({ outcome }) => outcome === "conflict")) conflicts += 1;
        expect([has(again, WORK, THEIRS), has(again, CONFIG, OURS)]).toEqual([theirs, has(again, WORK, OURS)]);
        expect([litter(again), last.pending()]).toEqual([[], []]);
        if (!crashed) break;
      }
    }
  }
  expect(conflicts).toBeGreaterThan(0);
});

test("an edit made after a crash and before publishing wins: named, images kept, no stage left beside a linked file", () => {
  const { disk, store } = world();
  disk.putFolder("/home/u/dots");
  disk.put("/home/u/dots/config.toml", "a = 1\n");
  disk.putLink(CONFIG, "../dots/config.toml");
  disk.now += 60_000;
  disk.onCall = (name, path) => {
    if (name === "rename" && path.endsWith("commit.json")) disk.failAt(1, "die-after");
  };
  expect(codeOf(() => store.commit(both.plan(before), label, both.rebase))).toBe("Crash");
  disk.onCall = undefined;
  disk.revive();
  edit(disk, "/home/u/dots/config.toml");
  disk.now += 10_000;
  const [done, ...more] = onDisk(disk).store.recover();
  expect([done, more]).toEqual([{ id: done?.id, outcome: "conflict", files: ["config"] }, []]);
  expect([has(disk, CONFIG, THEIRS), has(disk, CONFIG, OURS), disk.text(WORK), litter(disk)]).toEqual([
    true,
    false,
    null,
    [],
  ]);
  expect(disk.text(`${STATE}/history/${done?.id}.conflict/after.0`)).toBe(`a = 1\n${OURS}\n`);
});

test("gives up after a few rounds against a writer that never rests, and leaves nothing of its own", () => {
  const { disk, store } = world({ [CONFIG]: "a = 1\n" });
  let rounds = 0;
  disk.onCall = (name, path) => {
    if (name !== "sync" || !path.endsWith("draft.json")) return;
    rounds += 1;
    disk.put(CONFIG, `a = 1\nround = ${rounds}\n`);
  };
  expect(codeOf(() => store.commit(both.plan(before), label, both.rebase))).toBe("conflict");
  expect([disk.text(CONFIG), disk.text(WORK), litter(disk)]).toEqual([`a = 1\nround = ${rounds}\n`, null, []]);
});

test("a plan that no longer fits is refused by whoever made it, and nothing is written", () => {
  const { disk, store } = world({ [CONFIG]: "a = 9\n" });
  const stale = () => store.commit(both.plan(before), label, () => both.plan(before));
  expect([codeOf(stale), disk.text(CONFIG), litter(disk)]).toEqual(["stale-plan", "a = 9\n", []]);
});

test("what is already there needs no commit and leaves no entry", () => {
  const { disk, store } = world({ [CONFIG]: `a = 1\n${OURS}\n`, [WORK]: `${OURS}\n` });
  expect(store.commit(both.plan(before), label, both.rebase)).toBeNull();
  expect([store.history().entries, disk.text(CONFIG)]).toEqual([[], `a = 1\n${OURS}\n`]);
});

test("a role that the new plan brings in is not written unread", () => {
  const { disk, store } = world({ [CONFIG]: "a = 9\n" });
  const wider = () => [{ file: "profile:work", before: null, after: "b = 1\n" }] as const;
  const commit = () => store.commit([{ file: "config", before: "a = 1\n", after: "a = 2\n" }], label, wider);
  expect([codeOf(commit), disk.text(WORK)]).toEqual(["stale-plan", null]);
});
