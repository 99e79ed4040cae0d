import { describe, expect, test } from "vitest";
import type { ProcessIdentity } from "../../src/host/host.ts";
import { openStore } from "../../src/store/store.ts";
import { CONFIG, codeOf, HOME, label, litter, never, onDisk, pathIn, STATE, world } from "./world.ts";

const LOCK = `${STATE}/lock`;
const me = { pid: 77, start: "start-77", host: "box", machineId: "m1", bootId: "b1", pidNamespace: "pid:[1]" };

/** A home whose lock holds this text, and what a commit there says. */
function commitUnder(text: string, alive: ReadonlyMap<number, string> = new Map(), age = 10_000) {
  const { disk } = world({ [CONFIG]: "a = 1\n" });
  disk.putFolder(STATE, { mode: 0o700 });
  disk.put(LOCK, text);
  disk.now += age;
  const { host, store } = onDisk(disk);
  for (const [pid, start] of alive) host.processes.set(pid, start);
  const started = disk.now;
  const code = codeOf(() => store.commit([{ file: "config", before: "a = 1\n", after: "a = 2\n" }], label, never));
  return { code, waited: disk.now - started, disk, host, store };
}

const record = (other: Partial<ProcessIdentity>): string =>
  `${JSON.stringify({ v: 1, ...me, ...other, nonce: "0".repeat(16), command: "apply x", since: 1 })}\n`;
const alive = new Map([[77, "start-77"]]);
const change = { file: "config", before: "a = 1\n", after: "a = 2\n" } as const;

const owners: readonly {
  readonly who: string;
  readonly lock: string;
  readonly running: ReadonlyMap<number, string>;
  readonly dead: boolean;
  /** Nobody here can see it. */
  readonly unseen?: boolean;
}[] = [
  { who: "a process that is gone", lock: record({}), running: new Map(), dead: true },
  {
    who: "a process id that belongs to somebody else now",
    lock: record({}),
    running: new Map([[77, "later"]]),
    dead: true,
  },
  { who: "a process of an earlier boot", lock: record({ bootId: "b0" }), running: alive, dead: true },
  { who: "a process that is alive", lock: record({}), running: alive, dead: false },
  { who: "a process whose start is unknown", lock: record({ start: null }), running: alive, dead: false },
  {
    who: "another container on this machine",
    lock: record({ pidNamespace: "pid:[2]" }),
    running: new Map(),
    dead: false,
    unseen: true,
  },
  {
    who: "another machine",
    lock: record({ machineId: "m2", bootId: "b2", host: "far" }),
    running: new Map(),
    dead: false,
    unseen: true,
  },
  {
    who: "another machine made from the same image",
    lock: record({ bootId: "b2", host: "far" }),
    running: new Map(),
    dead: false,
    unseen: true,
  },
  {
    who: "a machine that tells nothing",
    lock: record({ machineId: null, bootId: null }),
    running: new Map(),
    dead: false,
    unseen: true,
  },
  {
    who: "a process whose start another clock counts",
    lock: record({ start: "start-78", timeNamespace: "time:[2]" }),
    running: alive,
    dead: false,
  },
  {
    who: "a process that is gone, whatever clock counted its start",
    lock: record({ timeNamespace: "time:[2]" }),
    running: new Map(),
    dead: true,
  },
  {
    who: "a process id that belongs to somebody else now, by the same clock",
    lock: record({ timeNamespace: "time:[1]" }),
    running: new Map([[77, "later"]]),
    dead: true,
  },
  { who: "a record too long to read", lock: record({ host: "x".repeat(70_000) }), running: new Map(), dead: false },
  { who: "garbage", lock: "what?", running: new Map(), dead: false },
  { who: "a record of no format", lock: record({}).replace('"v":1', '"v":0'), running: new Map(), dead: false },
  { who: "an empty file, long ago", lock: "", running: new Map(), dead: true },
  { who: "half a record after a power loss, long ago", lock: record({}).slice(0, 90), running: alive, dead: true },
  { who: "zeros after a power loss, long ago", lock: "\0".repeat(200), running: new Map(), dead: true },
];

for (const { who, lock, running, dead, unseen = false } of owners) {
  test(`a lock held by ${who} is ${dead ? "broken at once" : unseen ? "respected, and that said soon" : "respected"}`, () => {
    const { code, waited, disk } = commitUnder(lock, running);
    if (dead) {
      expect([code, waited < 100, disk.text(CONFIG), litter(disk)]).toEqual(["none", true, "a = 2\n", []]);
    } else {
      expect([code, disk.text(CONFIG), disk.text(LOCK)]).toEqual(["locked", "a = 1\n", lock]);
      expect(waited).toBeGreaterThanOrEqual(unseen ? 500 : 5000);
      expect(waited).toBeLessThan(unseen ? 600 : 5300);
      expect(disk.tree(STATE)).toEqual([LOCK]);
    }
  });
}

test("an unfinished lock that is young counts as alive", () => {
  for (const lock of ["", "{", record({}).slice(0, -1)])
    expect(commitUnder(lock, new Map(), 0).waited).toBeGreaterThan(1900);
});

test("says who holds the lock, and how to go on", () => {
  const { store } = commitUnder(record({}), alive);
  const changes = [{ file: "config", before: "a = 1\n", after: "a = 2\n" }] as const;
  expect(() => store.commit(changes, label, never)).toThrow(
    expect.objectContaining({
      message: expect.stringContaining("process 77 on box, 'apply x'"),
      hints: expect.arrayContaining([expect.objectContaining({ shell: `rm ${LOCK}` })]),
    }),
  );
});

describe("a holder that nobody here can see", () => {
  const far = record({ pidNamespace: "pid:[2]", host: "far" });

  test("has two seconds to finish, from when it took the lock", () => {
    const { code, waited, disk } = commitUnder(far, new Map(), 0);
    expect([code, waited >= 2000, waited < 2100, disk.text(LOCK)]).toEqual(["locked", true, true, far]);
  });

  test("is at work as long, and a change of its own counts as interrupted from then on", () => {
    const { disk } = world({ [CONFIG]: "a = 1\n" });
    disk.onCall = (name, path) => name === "rename" && path === CONFIG && disk.failAt(0, "die-before");
    expect(codeOf(() => onDisk(disk, { pidNamespace: "pid:[2]" }).store.commit([change], label, never))).toBe("Crash");
    disk.onCall = undefined;
    disk.revive();
    const running = () =>
      onDisk(disk)
        .store.pending()
        .map((one) => one.running);
    expect(running()).toEqual([true]);
    disk.now += 1990;
    expect(running()).toEqual([true]);
    disk.now += 20;
    expect([running(), codeOf(() => onDisk(disk).store.recover())]).toEqual([[false], "locked"]);
  });

  test("is named at once, and once", () => {
    const said: string[] = [];
    const { disk } = commitUnder(far);
    const before = disk.now;
    const store = openStore(onDisk(disk).host, HOME, pathIn(HOME), {
      onWait: (who) => said.push(`${disk.now - before} ${who}`),
    });
    expect(() => store.commit([change], label, never)).toThrow(
      "process 77 on far (another container or machine, so nobody here can see whether it is alive), 'apply x', for 11 seconds",
    );
    expect(said).toEqual([expect.stringMatching(/^0 process 77 on far \(another container or machine/)]);
  });
});

/** Waits for a lock that others take in turn, for as long as this says, each for two seconds. */
function queue(until: number, ahead = 0) {
  const { disk } = world({ [CONFIG]: "a = 1\n" });
  const { host } = onDisk(disk);
  disk.putFolder(STATE, { mode: 0o700 });
  for (let n = 0; n < ahead; n++) disk.put(`${STATE}/lock.${String(n).padStart(16, "0")}`, record({}));
  host.processes.set(77, "start-77");
  const said: string[] = [];
  const start = disk.now;
  let looks = 0;
  disk.onCall = (name, path) => {
    if (name !== "link" || !path.endsWith("/lock")) return;
    looks += 1;
    const turn = Math.floor((disk.now - start) / 2000);
    if (disk.now - start < until)
      disk.put(LOCK, record({}).replace("0000000000000000", String(turn).padStart(16, "0")));
    else if (disk.look(LOCK)) disk.take(LOCK);
  };
  const store = openStore(host, HOME, pathIn(HOME), { onWait: (who) => said.push(`${disk.now - start} ${who}`) });
  const code = codeOf(() => store.commit([change], label, never));
  return { code, said, looks, waited: disk.now - start };
}

test("waits as long as others get their turns, and says so, but not on every look", () => {
  const { code, said, waited } = queue(60_000, 3);
  expect([code, waited >= 60_000, waited < 60_300]).toEqual(["none", true, true]);
  expect(said.length).toBe(6);
  expect(said[0]).toMatch(/^1\d{3} process 77 on box, 'apply x', for \d seconds?; 3 more before this one$/);
});

test("a wait of a moment is silent", () => {
  expect(queue(900)).toMatchObject({ code: "none", said: [] });
});

test("who came first looks most often, and the last one four times a second all the same", () => {
  const looks = [0, 5, 50].map((ahead) => queue(20_000, ahead).looks);
  expect(looks[0]).toBeGreaterThan(1500);
  expect(looks[1]).toBeLessThan(500);
  expect(looks[2]).toBeGreaterThan(80);
});

test("waits for somebody who is nearly done", () => {
  const { disk } = world({ [CONFIG]: "a = 1\n" });
  disk.putFolder(STATE, { mode: 0o700 });
  disk.put(LOCK, record({}));
  const { host, store } = onDisk(disk);
  host.processes.set(77, "start-77");
  const until = disk.now + 300;
  disk.onCall = () => disk.now > until && disk.look(LOCK)?.size === record({}).length && disk.take(LOCK);
  expect(store.commit([{ file: "config", before: "a = 1\n", after: "a = 2\n" }], label, never)).not.toBeNull();
});

test("looks again before it breaks a lock: another waiter may have broken it and be at work", () => {
  const { disk } = world({ [CONFIG]: "a = 1\n" });
  disk.putFolder(STATE, { mode: 0o700 });
  disk.put(LOCK, record({ pid: 78 }));
  const { host, store } = onDisk(disk);
  host.processes.set(77, "start-77");
  disk.onCall = (name, path) => {
    if (name === "link" && path.includes(".breaker.")) disk.put(LOCK, record({}));
  };
  expect([codeOf(() => store.commit([change], label, never)), disk.text(LOCK)]).toEqual(["locked", record({})]);
});

test("a waiter that died while it broke a lock is broken in turn, however often", () => {
  const { disk } = world({ [CONFIG]: "a = 1\n" });
  disk.putFolder(STATE, { mode: 0o700 });
  disk.put(LOCK, record({}));
  const breakers: string[] = [];
  for (let n = 0; n < 3; n++) {
    // Each dies at the very moment when it is about to remove the lock.
    disk.onCall = (name, path) => name === "remove" && path === LOCK && disk.failAt(0, "die-before");
    expect(codeOf(() => onDisk(disk).store.recover())).toBe("Crash");
    disk.onCall = undefined;
    disk.revive();
    breakers.push(...disk.tree(STATE).filter((path) => path.includes(".breaker.") && !breakers.includes(path)));
    expect([breakers.length, disk.text(LOCK)]).toEqual([n + 1, record({})]);
  }
  const living = onDisk(disk.clone());
  living.disk.onCall = (name, path) => {
    // Another waiter comes first, and is alive.
    if (name === "link" && path.includes(".breaker.") && !breakers.includes(path))
      living.disk.put(path, record({ pid: 79 }));
  };
  living.host.processes.set(79, "start-77");
  expect(codeOf(() => living.store.recover())).toBe("locked");
  expect([living.disk.text(LOCK), living.disk.tree(STATE).filter((path) => path.includes(".breaker.")).length]).toEqual(
    [record({}), 4],
  );
  onDisk(disk).store.recover();
  expect(litter(disk)).toEqual([]);
});

test("writes nothing once its lock has been taken away", () => {
  for (const theirs of [null, record({})]) {
    const { disk, store } = world({ [CONFIG]: "a = 1\n" });
    disk.onCall = (name, path) => {
      if (name !== "sync" || !path.endsWith("draft.json")) return;
      disk.take(LOCK);
      if (theirs !== null) disk.put(LOCK, theirs);
    };
    const commit = () => store.commit([{ file: "config", before: "a = 1\n", after: "a = 2\n" }], label, never);
    expect([codeOf(commit), disk.text(CONFIG), disk.text(LOCK)]).toEqual(["locked", "a = 1\n", theirs]);
  }
});

test("works where the file system knows no links", () => {
  const { disk } = world({ [CONFIG]: "a = 1\n" });
  disk.links = false;
  const changes = [
    { file: "config", before: "a = 1\n", after: "a = 2\n" },
    { file: "profile:work", before: null, after: "b = 1\n" },
  ] as const;
  expect(onDisk(disk).store.commit(changes, label, never)).not.toBeNull();
  expect([disk.text(CONFIG), litter(disk)]).toEqual(["a = 2\n", []]);
});

test("sweeps what dead waiters left, and leaves what living ones need", () => {
  const { disk } = world({ [CONFIG]: "a = 1\n" });
  disk.putFolder(STATE, { mode: 0o700 });
  disk.put(`${STATE}/lock.${"a".repeat(16)}`, record({ pid: 78 }));
  disk.put(`${STATE}/lock.${"b".repeat(16)}`, record({}));
  disk.put(`${STATE}/lock.breaker.${"c".repeat(16)}`, record({ pid: 78 }));
  const { host, store } = onDisk(disk);
  host.processes.set(77, "start-77");
  store.recover();
  expect(litter(disk)).toEqual([`${STATE}/lock.${"b".repeat(16)}`]);
});
