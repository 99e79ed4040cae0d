import { expect, test } from "vitest";
import type { ProcessIdentity } from "../../src/host/host.ts";
import { CONFIG, codeOf, label, litter, never, onDisk, STATE, world } from "./world.ts";

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

const owners = [
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
  },
  {
    who: "another machine",
    lock: record({ machineId: "m2", bootId: "b2", host: "far" }),
    running: new Map(),
    dead: false,
  },
  {
    who: "another machine made from the same image",
    lock: record({ bootId: "b2", host: "far" }),
    running: new Map(),
    dead: false,
  },
  {
    who: "a machine that tells nothing",
    lock: record({ machineId: null, bootId: null }),
    running: new Map(),
    dead: false,
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

for (const { who, lock, running, dead } of owners) {
  test(`a lock held by ${who} is ${dead ? "broken at once" : "respected"}`, () => {
    const { code, waited, disk } = commitUnder(lock, running);
    if (dead) {
      expect([code, waited < 100, disk.text(CONFIG), litter(disk)]).toEqual(["none", true, "a = 2\n", []]);
    } else {
      expect([code, disk.text(CONFIG), disk.text(LOCK)]).toEqual(["locked", "a = 1\n", lock]);
      expect(waited).toBeGreaterThanOrEqual(5000);
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
  expect([
    codeOf(() => store.commit([{ file: "config", before: "a = 1\n", after: "a = 2\n" }], label, never)),
    disk.text(LOCK),
  ]).toEqual(["locked", record({})]);
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
