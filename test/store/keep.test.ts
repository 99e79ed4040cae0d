/** What others did is kept once, bounded and closed; looking for it costs nothing and never fails. */
import { describe, expect, test } from "vitest";
import { decodeAny, encodeAny } from "../../src/store/any-bytes.ts";
import type { OutsideLine } from "../../src/store/outside-log.ts";
import { thinned } from "../../src/store/outside-thin.ts";
import { memoryHome } from "../memory-home.ts";
import { STATE } from "./world.ts";

const FILES = { "config.toml": "a = 1\nb = 2\n" };
const OUTSIDE = `${STATE}/outside`;

describe("what others did", () => {
  test("is an entry with its keys, and the first look is none", () => {
    const home = memoryHome(FILES);
    expect(home.open().record()).toBe(null);
    home.write("config.toml", "a = 2\nc = 3\n");
    expect(home.open().record()).toMatchObject({
      by: "others",
      counts: { added: 1, changed: 1, removed: 1 },
      touched: [
        { path: ["b"], kind: "removed" },
        { path: ["a"], kind: "changed" },
        { path: ["c"], kind: "added" },
      ],
    });
    const { history } = home.open();
    expect(history.entries).toEqual([]);
    expect(history.outside).toHaveLength(1);
    expect(history.images(history.outside[0] ?? { id: "" })).toEqual([
      { file: "config", before: "a = 1\nb = 2\n", after: "a = 2\nc = 3\n" },
    ]);
  });

  test("is written down once: a home that has not changed is not written to", () => {
    const home = memoryHome(FILES);
    home.open().record();
    home.write("config.toml", "a = 2\n");
    home.open().record();
    const { mutations } = home.disk;
    expect(home.open().record()).toBe(null);
    home.open().recordOnTheWay();
    // A lock would be one, too.
    expect(home.disk.mutations).toBe(mutations);
  });

  test("is no change of ours", async () => {
    const home = memoryHome(FILES);
    await home.change("set", [{ op: "set", file: "config", path: ["a"], value: 5n }]);
    expect(home.open().record()).toBe(null);
    expect(home.open().history.outside).toEqual([]);
  });

  test("is entered before a change of ours that is made over it, with an older id", async () => {
    const home = memoryHome(FILES);
    home.open().record();
    home.write("config.toml", "a = 1\n");
    const id = await home.change("set", [{ op: "set", file: "config", path: ["c"], value: 5n }]);
    const { all } = home.open().history;
    expect(all.map(({ by }) => by)).toEqual(["others", undefined]);
    expect(all[1]?.id).toBe(id);
  });

  test("is kept byte for byte, be it UTF-8 or not", () => {
    const home = memoryHome(FILES);
    home.open().record();
    const bytes = Uint8Array.from([0xff, 0x61, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0xf0, 0x9f, 0x98, 0x80, 0]);
    home.disk.put("/home/u/.codex/config.toml", bytes);
    home.disk.now += 60_000;
    home.open().record();
    const { history } = home.open();
    const [change] = history.images(history.outside[0] ?? { id: "" });
    expect(encodeAny(change?.after ?? "")).toEqual(bytes);
  });

  test("lies closed, each state once, and names no value in the log", () => {
    const home = memoryHome({ ...FILES, "work.config.toml": 'token = "fake-secret"\n', "auth.json": "{}" });
    home.open().record();
    for (const text of ["a = 2\n", "a = 1\nb = 2\n", "a = 2\n"]) {
      home.write("config.toml", text);
      home.open().record();
    }
    const names = home.disk.list(OUTSIDE);
    expect(names).toHaveLength(4);
    for (const name of names) expect(home.disk.look(`${OUTSIDE}/${name}`)?.mode).toBe(0o600);
    expect(home.disk.look(OUTSIDE)?.mode).toBe(0o700);
    expect(home.disk.text(`${OUTSIDE}/log`)).not.toContain("fake-secret");
  });
});

describe("a command that only looks", () => {
  test("makes no state folder", () => {
    const home = memoryHome(FILES);
    home.open().recordOnTheWay();
    expect(home.disk.look(STATE)).toBe(null);
  });

  test("leaves a home alone that is locked, pending, full or read-only", () => {
    const home = memoryHome(FILES);
    home.open().record();
    home.write("config.toml", "a = 2\n");
    home.write(".codex-cfg/lock", "somebody\n");
    home.open().recordOnTheWay();
    home.disk.remove(`${STATE}/lock`);
    home.disk.failAt(1, { errno: "ENOSPC" }, { persistent: true });
    home.open().recordOnTheWay();
    home.disk.revive();
    expect(home.open().history.outside).toEqual([]);
    home.open().recordOnTheWay();
    expect(home.open().history.outside).toHaveLength(1);
  });
});

describe("the state folder", () => {
  test("that was deleted is made anew, and nothing is guessed", () => {
    const home = memoryHome(FILES);
    home.open().record();
    for (const name of home.disk.list(OUTSIDE)) home.disk.remove(`${OUTSIDE}/${name}`);
    home.write("config.toml", "a = 2\n");
    expect(home.open().record()).toBe(null);
    expect(home.open().history.outside).toEqual([]);
    expect(home.text("config.toml")).toBe("a = 2\n");
  });

  test("that has lost a kept state still lists the entry, and has no images of it", () => {
    const home = memoryHome(FILES);
    home.open().record();
    home.write("config.toml", "a = 2\n");
    home.open().record();
    for (const name of home.disk.list(OUTSIDE)) if (name !== "log") home.disk.remove(`${OUTSIDE}/${name}`);
    const { history } = home.open();
    expect(history.outside).toHaveLength(1);
    expect(history.imagesLeft(history.outside[0] ?? { id: "" })).toEqual([]);
  });

  test.each(["", "\0\0\0\0", '{"v":1,"id":"x"}\n', "no json\n"])("whose log is %j begins again", (text) => {
    const home = memoryHome(FILES);
    home.open().record();
    home.write(".codex-cfg/outside/log", text);
    home.write("config.toml", "a = 2\n");
    expect(home.open().record()).toBe(null);
    home.write("config.toml", "a = 3\n");
    expect(home.open().record()).toMatchObject({ by: "others" });
  });

  test("of a newer codex-cfg is left alone", () => {
    const home = memoryHome(FILES);
    home.open().record();
    home.write(".codex-cfg/outside/log", '{"v":2}\n');
    home.write("config.toml", "a = 2\n");
    expect(home.open().record()).toBe(null);
    expect(home.disk.text(`${OUTSIDE}/log`)).toBe('{"v":2}\n');
  });
});

describe("a crash while it is kept", () => {
  test("leaves the files as they are, and the next look as good as the first", () => {
    for (let call = 1; ; call++) {
      const home = memoryHome(FILES);
      home.open().record();
      home.write("config.toml", "a = 2\n");
      home.disk.failAt(call, "die-after");
      let died = false;
      try {
        home.open().record();
      } catch {
        died = true;
      }
      home.disk.revive();
      home.disk.now += 60_000;
      home.open().recover();
      home.open().record();
      expect(home.text("config.toml")).toBe("a = 2\n");
      expect(home.open().history.outside, `call ${call}`).toHaveLength(1);
      if (!died) return;
    }
  });
});

const line = (day: number, removed = 0, n = 0): OutsideLine => ({
  id: `0000000${String(day).padStart(2, "0")}0${n}-000000`,
  time: new Date(Date.UTC(2026, 0, day, n)).toISOString(),
  files: [
    { file: "config", before: `${day}${n}`.padStart(64, "0"), after: `${day}${n + 1}`.padStart(64, "0"), bytes: 100 },
  ],
  touched: [],
  counts: { added: 1, changed: 0, removed },
});
const NOW = Date.UTC(2026, 0, 20);

describe("thinning", () => {
  test("keeps all of the last day, and one line of each day before", () => {
    const lines = [line(10), line(10, 0, 1), line(10, 0, 2), line(19, 0, 5), line(19, 0, 6)];
    const kept = thinned(lines, [], NOW);
    expect(kept.map(({ time }) => time.slice(8, 13))).toEqual(["10T02", "19T05", "19T06"]);
    expect(kept[0]).toMatchObject({
      files: [{ before: lines[0]?.files[0]?.before, after: lines[2]?.files[0]?.after }],
    });
    expect(kept[0]?.counts.added).toBe(3);
  });

  test("merges nothing over a loss, or over a change of ours", () => {
    expect(thinned([line(10), line(10, 2, 1), line(19)], [], NOW)).toHaveLength(3);
    expect(thinned([line(10), line(10, 0, 1), line(19)], [line(10).id.replace("-0", "-1")], NOW)).toHaveLength(3);
  });

  test("drops the oldest beyond the limits, but not the first loss since our last change", () => {
    const lines = [line(1), line(2, 3), line(3), line(4), line(5)];
    const kept = thinned(lines, [], NOW, { entries: 2, bytes: 1000 });
    expect(kept.map(({ time }) => time.slice(8, 10))).toEqual(["02", "04", "05"]);
    expect(thinned(lines, [line(9).id], NOW, { entries: 9, bytes: 250 })).toHaveLength(2);
  });
});

test.each([
  [[]],
  [[0xff]],
  [[0xc3]],
  [[0xed, 0xa0, 0x80]],
  [[0xf4, 0x90, 0x80, 0x80]],
  [[0xe2, 0x82]],
  [[0xef, 0xbb, 0xbf, 0xff]],
])("bytes %j are the same after they were a text", (bytes) => {
  expect([...encodeAny(decodeAny(Uint8Array.from(bytes)))]).toEqual(bytes);
});

test("a line of the log that cannot be read is counted, and the others still are entries", () => {
  const home = memoryHome(FILES);
  home.open().record();
  for (const text of ["a = 2\n", "a = 3\n"]) {
    home.write("config.toml", text);
    home.open().record();
  }
  const [first = "", ...rest] = home.disk.text(`${OUTSIDE}/log`)?.split(/(?<=\n)/) ?? [];
  home.write(".codex-cfg/outside/log", [`x${first}`, ...rest].join(""));
  const { outside, outsideDamaged } = home.open().history;
  expect([outside.length, outsideDamaged]).toEqual([1, 1]);
});
