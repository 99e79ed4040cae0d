/** What dead processes left, as whoever comes next finds it: before the first look, and after a change that nobody heard of. */
import { describe, expect, test } from "vitest";
import type { Change } from "../../src/model/change.ts";
import type { MemoryDisk } from "../memory-disk.ts";
import { diedAt, ONE, TWO } from "./dead.ts";
import { CONFIG, codeOf, HOME, label, litter, never, onDisk, STATE, WORK, world } from "./world.ts";

const LOCK = `${STATE}/lock`;
const CLAIM = `${LOCK}.${"a".repeat(16)}`;
const edit: Change = { file: "config", before: ONE, after: TWO };
const mutationsOf = (disk: MemoryDisk, step: () => void): number => {
  const before = disk.mutations;
  step();
  return disk.mutations - before;
};

/** A home whose last process died when this call was done. */
function dead(at: (name: string, path: string) => boolean, changes: readonly Change[] = [edit]): MemoryDisk {
  const { disk, store } = world({ [CONFIG]: ONE });
  let isNext = false;
  disk.onCall = (name, path) => {
    if (isNext) disk.failAt(0, "die-before");
    isNext ||= at(name, path);
  };
  expect(codeOf(() => store.commit(changes, label, never))).toBe("Crash");
  disk.onCall = undefined;
  disk.revive();
  disk.now += 5;
  return disk;
}

/** Dead with its change in history, before the lock was given back. */
const unheard = () => dead((name, path) => name === "rename" && path.startsWith(`${STATE}/history/`));

test("where nothing is left over, nothing is touched", () => {
  const { disk, store } = world({ [CONFIG]: ONE });
  store.commit([edit], label, never);
  expect(mutationsOf(disk, () => expect(onDisk(disk).store.recover()).toEqual([]))).toBe(0);
});

describe("a lock without a journal", () => {
  test("of a dead process goes, and nothing was made by it", () => {
    const disk = dead((name, path) => name === "link" && path === LOCK);
    expect(litter(disk)).toContain(LOCK);
    expect(onDisk(disk).store.recover()).toEqual([]);
    expect(litter(disk)).toEqual([]);
  });

  test("that is empty is waited for while it may be one that is being written, and goes once that is over", () => {
    const { disk, store } = world({ [CONFIG]: ONE });
    store.commit([edit], label, never);
    disk.put(CLAIM, "");
    const { host, store: next } = onDisk(disk);
    const before = host.now();
    next.recover();
    expect([litter(disk), host.now() - before > 2000, host.now() - before < 3000]).toEqual([[], true, true]);
  });

  test("that somebody completes meanwhile is theirs", () => {
    const { disk, store } = world({ [CONFIG]: ONE });
    store.commit([edit], label, never);
    const other = onDisk(disk).host;
    const { host, store: next } = onDisk(disk);
    host.processes.set(other.self.pid, other.self.start ?? "");
    const text = JSON.stringify({ v: 1, ...other.self, nonce: "a".repeat(16), command: "x", since: 1 });
    disk.put(CLAIM, "");
    disk.onCall = (name) => name === "mkdir" || (disk.look(CLAIM)?.size === 0 && disk.put(CLAIM, `${text}\n`));
    next.recover();
    expect(litter(disk)).toEqual([CLAIM]);
  });
});

describe("a change that is in history, of a process that never said so,", () => {
  test("counts as recovered and made, once", () => {
    const disk = unheard();
    const { store } = onDisk(disk);
    const [entry] = store.history().entries;
    expect(store.recover()).toEqual([{ id: entry?.id, outcome: "completed" }]);
    expect([litter(disk), onDisk(disk).store.recover()]).toEqual([[], []]);
  });

  test("still does when the process that recovers dies, too, wherever", () => {
    let k = 0;
    for (let code = "Crash"; code !== "none"; ) {
      k += 1;
      const disk = unheard();
      disk.failAt(k, "die-after");
      const { store } = onDisk(disk);
      code = codeOf(() => store.recover());
      disk.revive();
      // Once the last lock is gone, nobody can tell any more.
      const expected = litter(disk).length === 0 ? [] : [{ outcome: "completed" }];
      expect(onDisk(disk).store.recover(), `${k}`).toMatchObject(expected);
      expect(litter(disk)).toEqual([]);
    }
    expect(k).toBeGreaterThan(4);
  });

  test("does not when the lock is of another command, or of one that began after it", () => {
    for (const change of [{ command: "another" }, { since: 10 ** 15 }]) {
      const disk = unheard();
      // As old as it was: a lock taken after the change is no sign of it anyway.
      const { now } = disk;
      disk.now -= 1000;
      disk.put(LOCK, `${JSON.stringify({ ...JSON.parse(disk.text(LOCK) ?? ""), ...change })}\n`);
      disk.now = now;
      expect(onDisk(disk).store.recover()).toEqual([]);
      expect(litter(disk)).toEqual([]);
    }
  });

  test("nor when it was made while the process that left the lock was waiting for its turn", () => {
    const disk = unheard();
    const text = disk.text(LOCK) ?? "";
    disk.now += 10;
    disk.put(LOCK, text);
    expect(onDisk(disk).store.recover()).toEqual([]);
    expect(litter(disk)).toEqual([]);
  });

  test("nor when its process left a journal: then that is what it was making", () => {
    const { disk, store } = world({ [CONFIG]: ONE });
    store.commit([edit], label, never);
    // A clock that goes back says nothing of which was first.
    disk.now -= 10_000;
    disk.failAt(12, "die-after");
    codeOf(() => onDisk(disk).store.commit([{ ...edit, before: TWO, after: ONE }], label, never));
    disk.revive();
    const recovered = onDisk(disk).store.recover();
    expect(recovered).toMatchObject([{ outcome: "discarded" }]);
  });
});

describe("beside a live process", () => {
  const alive = (disk: MemoryDisk) => {
    const { host, store } = onDisk(disk);
    const { pid } = JSON.parse(disk.text(LOCK) ?? "{}") as { pid: number };
    host.processes.set(pid, `start-${pid}`);
    return { host, store };
  };

  test("that publishes its files, who wants to look waits until it is done", () => {
    const disk = diedAt("commit");
    const { host, store } = alive(disk);
    const journal = disk.tree(`${STATE}/tx`)[0] ?? "";
    const before = host.now();
    disk.onCall = (name) => name === "stat" && disk.now > before + 500 && disk.look(journal) && disk.take(journal);
    expect([store.recover(), host.now() - before > 500, host.now() - before < 1000]).toEqual([[], true, true]);
  });

  test("that has published nothing yet, nobody waits and nothing is touched", () => {
    const disk = diedAt("draft");
    const { host, store } = alive(disk);
    const before = host.now();
    expect(mutationsOf(disk, () => expect(store.recover()).toEqual([]))).toBe(0);
    expect(host.now()).toBe(before);
  });

  test("that never ends, the wait ends with its name", () => {
    const { host, store } = alive(diedAt("commit"));
    const before = host.now();
    expect(codeOf(() => store.recover())).toBe("locked");
    expect(host.now() - before).toBeGreaterThanOrEqual(5000);
  });
});

test("temporary files whose state folder somebody has removed go, too", () => {
  const { disk } = world({ [CONFIG]: ONE });
  disk.put(`${HOME}/.config.toml.ccfg-0abcdefgh00-123456.tmp`, "token = 1\n");
  onDisk(disk).store.recover();
  expect(disk.tree(HOME).filter((path) => path.endsWith(".tmp"))).toEqual([]);
});

describe("the order of publishing:", () => {
  const published = (changes: readonly Change[]): string[] => {
    const { disk, store } = world({ [CONFIG]: ONE, [WORK]: TWO });
    for (const { before, file } of changes) if (before === null) disk.take(file === "config" ? CONFIG : WORK);
    const order: string[] = [];
    disk.onCall = (name, path) => {
      if (/^(rename|link|remove)$/.test(name) && /\/(config|work\.config)\.toml$/.test(path)) order.push(path);
    };
    store.commit(changes, label, never);
    return order;
  };
  const long = `${ONE}# more\n`;

  test.each<[string, readonly Change[], readonly string[]]>([
    ["what is new before what changes", [edit, { file: "profile:work", before: null, after: ONE }], [WORK, CONFIG]],
    ["what changes before what goes", [{ file: "profile:work", before: TWO, after: null }, edit], [CONFIG, WORK]],
    [
      "what gains before what loses",
      [
        { file: "profile:work", before: TWO, after: "" },
        { ...edit, after: long },
      ],
      [CONFIG, WORK],
    ],
    [
      "and as planned where it is all the same",
      [edit, { file: "profile:work", before: TWO, after: ONE }],
      [CONFIG, WORK],
    ],
  ])("%s", (_, changes, order) => {
    expect(published(changes)).toEqual(order);
  });

  test("recovery goes forward in the same order, and back in the opposite one", () => {
    const both: readonly Change[] = [edit, { file: "profile:work", before: null, after: ONE }];
    const order = (disk: MemoryDisk) => {
      const seen: string[] = [];
      disk.onCall = (name, path) => {
        if (/^(rename|link|remove)$/.test(name) && /\/(config|work\.config)\.toml$/.test(path)) seen.push(path);
      };
      onDisk(disk).store.recover();
      return seen;
    };
    const marked = dead((name, path) => name === "rename" && path.endsWith("/commit.json"), both);
    expect(order(marked)).toEqual([WORK, CONFIG]);
    const half = dead((name, path) => name === "link" && path === WORK, both);
    // Somebody else has written the other file: now it has to go back.
    half.put(CONFIG, "theirs = 1\n");
    half.now += 60_000;
    expect(order(half)).toEqual([WORK]);
    expect([half.text(CONFIG), half.text(WORK)]).toEqual(["theirs = 1\n", null]);
  });
});

test("a change that has to go back goes in the opposite order", () => {
  const third = `${HOME}/third.config.toml`;
  const { disk, store } = world({ [CONFIG]: ONE, [third]: `${ONE}# more\n` });
  const changes: readonly Change[] = [
    { file: "profile:third", before: `${ONE}# more\n`, after: ONE },
    { ...edit, after: `${TWO}# more\n` },
    { file: "profile:work", before: null, after: ONE },
  ];
  const seen: string[] = [];
  disk.onCall = (name, path) => {
    if (seen.length === 2 && /sync|rename/i.test(name)) disk.failAt(0, "die-before");
    if (/^(rename|link)$/.test(name) && /\/\w+(\.config)?\.toml$/.test(path)) seen.push(path);
  };
  expect(codeOf(() => store.commit(changes, label, never))).toBe("Crash");
  disk.onCall = undefined;
  disk.revive();
  expect([seen, disk.text(CONFIG), disk.text(WORK)]).toEqual([[WORK, CONFIG, third], `${TWO}# more\n`, ONE]);
  // Somebody else has written the last one before it was its turn.
  disk.put(third, "theirs = 1\n");
  disk.now += 60_000;
  const back: string[] = [];
  disk.onCall = (name, path) => {
    if (/^(rename|remove)$/.test(name) && /\/\w+(\.config)?\.toml$/.test(path)) back.push(path);
  };
  onDisk(disk).store.recover();
  expect([back, disk.text(CONFIG), disk.text(WORK), disk.text(third)]).toEqual([
    [CONFIG, WORK],
    ONE,
    null,
    "theirs = 1\n",
  ]);
});

describe("a disk that fails in the middle of a recovery", () => {
  test("is told as a change that is not confirmed, and the next recovery finishes it", () => {
    const disk = diedAt("commit");
    disk.onCall = (name, path) => {
      if (name === "rename" && path === CONFIG) throw Object.assign(new Error("EIO"), { code: "EIO", path });
    };
    expect(codeOf(() => onDisk(disk).store.recover())).toBe("unconfirmed");
    disk.onCall = undefined;
    expect(onDisk(disk).store.recover()).toMatchObject([{ outcome: "completed" }]);
    expect([disk.text(CONFIG), litter(disk)]).toEqual([TWO, []]);
  });

  test("is a failure of the disk where nothing was published", () => {
    const disk = diedAt("draft");
    disk.onCall = (name, path) => {
      if (name === "remove" && path.endsWith("draft.json"))
        throw Object.assign(new Error("EIO"), { code: "EIO", path });
    };
    expect(codeOf(() => onDisk(disk).store.recover())).toBe("io");
  });
});

describe("what cannot work is refused before anything is written:", () => {
  test("a history on another file system", () => {
    const { disk, store } = world({ [CONFIG]: ONE });
    store.commit([edit], label, never);
    const real = disk.stat.bind(disk);
    disk.stat = (path) => {
      const stat = real(path);
      return stat && path.endsWith("/history") ? { ...stat, dev: 2n } : stat;
    };
    const before = disk.tree(STATE);
    const commit = () => onDisk(disk).store.commit([{ ...edit, before: TWO, after: ONE }], label, never);
    expect(commit).toThrow(expect.objectContaining({ code: "unsafe-file", path: `${STATE}/history` }));
    expect([disk.text(CONFIG), disk.tree(STATE)]).toEqual([TWO, before]);
  });

  test("a file that would grow beyond what is read", () => {
    const { disk, store } = world({ [CONFIG]: ONE });
    const changes = [{ ...edit, after: `a = '${"é".repeat(8 * 1024 * 1024)}'\n` }];
    for (const step of [() => store.commit(changes, label, never), () => store.refuse(changes)])
      expect(step).toThrow(
        expect.objectContaining({ code: "unsafe-file", message: expect.stringContaining("16 MiB") }),
      );
    expect([disk.text(CONFIG), litter(disk)]).toEqual([ONE, []]);
  });
});
