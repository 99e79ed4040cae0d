/** A file that somebody has just written may be half of one: it is waited for, within bounds, and never longer than needed. */
import { expect, test } from "vitest";
import { openStore } from "../../src/store/store.ts";
import { memoryHost } from "../memory-host.ts";
import { CONFIG, codeOf, HOME, label, litter, never, pathIn, WORK, world } from "./world.ts";

const LONG = "a = 1\nb = 2\nc = 3\n";
const HALF = "a = 1\nb =";
const SHORT = "a = 1\n";

type Made = {
  /** What history knows of config.toml; nothing when null. */
  readonly known?: string | null;
  /** The file, and how many milliseconds ago it was written. */
  readonly text: string;
  readonly age?: number;
  /** What becomes of it, at which millisecond. */
  readonly later?: Readonly<Record<number, string>>;
  /** Until when somebody has it open for writing. */
  readonly openUntil?: number;
};

/** Reads config.toml; the answer, how long that took, and how often was asked who has it open. */
function reading({ known = LONG, text, age = 0, later = {}, openUntil = 0 }: Made) {
  const { disk, store: earlier } = world({ [CONFIG]: "x = 0\n" });
  if (known !== null) earlier.commit([{ file: "config", before: "x = 0\n", after: known }], label, never);
  disk.now += 60_000;
  disk.put(CONFIG, text);
  disk.now += age;
  const start = disk.now;
  let asked = 0;
  const isOpenForWriting = () => {
    asked += 1;
    return disk.now - start < openUntil;
  };
  const host = memoryHost({ disk, machine: { isOpenForWriting } });
  const waits = new Map(Object.entries(later).map(([at, text]) => [Number(at), text]));
  const sleep = host.sleep;
  host.sleep = (milliseconds) => {
    sleep(milliseconds);
    for (const [at, text] of waits) {
      if (disk.now - start < at) continue;
      disk.put(CONFIG, text);
      waits.delete(at);
    }
  };
  const parses = (toml: string) => !/=\s*$/.test(toml.trimEnd()) || toml === "";
  const store = openStore(host, HOME, pathIn(HOME), { parses });
  const look = () => {
    try {
      const { shrankFrom, text } = store.read("config");
      return { text, ...(shrankFrom && { shrankFrom }) };
    } catch (error) {
      return { code: (error as { code: string }).code };
    }
  };
  const found = look();
  return { found, took: disk.now - start, asked, disk, store };
}

test.each<[string, Made]>([
  ["is older than a second, however short", { text: SHORT, age: 1000 }],
  ["is older than a second and cannot be parsed", { text: HALF, age: 1000 }],
  ["is older than a second and open", { text: SHORT, age: 1000, openUntil: 9000 }],
  ["is what we have written", { text: LONG, openUntil: 9000 }],
])("a file that %s costs nothing", (_, made) => {
  expect(reading(made)).toMatchObject({ found: { text: made.text }, took: 0, asked: 0 });
});

test.each<[string, Made]>([
  ["is longer than it was", { text: `${LONG}d = 4\n` }],
  ["is as long as it was", { text: LONG.replace("3", "4") }],
  ["is not known to history", { known: null, text: HALF }],
  ["could not be parsed before", { known: "b =", text: HALF }],
])("a file that has just been written and %s is waited for a moment", (_, made) => {
  const { found, took } = reading(made);
  expect([found, took]).toEqual([{ text: made.text }, 50]);
});

test.each<[string, Made, object]>([
  ["is shorter now", { text: SHORT }, { text: SHORT, shrankFrom: LONG.length }],
  ["cannot be parsed any more", { known: SHORT, text: HALF }, { text: HALF }],
  ["is empty", { text: "" }, { text: "", shrankFrom: LONG.length }],
])("a file that %s is what it is, and named, when it has rested for a second", (_, made, expected) => {
  const { found, took } = reading(made);
  expect([found, took >= 1000, took <= 1050]).toEqual([expected, true, true]);
  const later = reading({ ...made, age: 600 });
  expect([later.found, later.took >= 400, later.took <= 500]).toEqual([expected, true, true]);
});

test("a writer that pauses in the middle, however often within a second, is waited for", () => {
  const whole = `${LONG}d = 4\n`;
  expect(reading({ text: SHORT, later: { 900: whole } })).toMatchObject({ found: { text: whole } });
  const { found, took } = reading({ text: "", later: { 700: SHORT, 1500: HALF, 2300: whole } });
  expect([found, took <= 2450]).toEqual([{ text: whole }, true]);
});

test("a file that somebody has open for writing is waited for, whatever it holds", () => {
  for (const text of [SHORT, HALF, `${LONG}d = 4\n`]) {
    const { found, took } = reading({ text, openUntil: 1500 });
    expect([found, took >= 1500, took <= 1600]).toEqual([expect.objectContaining({ text }), true, true]);
  }
});

test("half a file that is completed and closed while one looks who has it open is not believed", () => {
  const { disk } = world({ [CONFIG]: LONG });
  disk.put(CONFIG, SHORT);
  const isOpenForWriting = () => {
    if (disk.text(CONFIG) === SHORT) disk.put(CONFIG, `${LONG}d = 4\n`);
    return false;
  };
  const host = memoryHost({ disk, machine: { isOpenForWriting } });
  expect(openStore(host, HOME, pathIn(HOME)).read("config").text).toBe(`${LONG}d = 4\n`);
});

test("a file that stays open, or moves on, for three seconds is refused, and nothing is written", () => {
  const steps = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [300 * (i + 1), `a = ${i}\n`]));
  for (const made of [
    { text: SHORT, openUntil: 9000 },
    { text: SHORT, later: steps },
  ] as const) {
    const { disk, found, store, took } = reading(made);
    expect([found, took >= 3000, took <= 3100]).toEqual([{ code: "file-busy" }, true, true]);
    disk.put(CONFIG, SHORT);
    const commit = () => store.commit([{ file: "config", before: SHORT, after: LONG }], label, never);
    if ("openUntil" in made)
      expect([codeOf(commit), disk.text(CONFIG), litter(disk)]).toEqual(["file-busy", SHORT, []]);
  }
});

test("a clock that is behind the disk's costs the same second and no more", () => {
  const { disk, store } = reading({ text: LONG });
  disk.now += 86_400_000;
  disk.put(CONFIG, SHORT);
  disk.now -= 86_400_000;
  const start = disk.now;
  expect([store.read("config").text, disk.now - start <= 1100]).toEqual([SHORT, true]);
});

test("what others left last is known, too", () => {
  const { disk, store } = reading({ text: `${LONG}theirs = 1\n`, age: 60_000 });
  const { describe, files } = {
    describe: () => ({ touched: [], counts: { added: 1, changed: 0, removed: 0 } }),
    files: [],
  };
  store.keep({ describe, files, onlyLooks: false });
  disk.now += 60_000;
  disk.put(CONFIG, `${LONG}th`);
  const { shrankFrom } = openStore(memoryHost({ disk }), HOME, pathIn(HOME)).read("config");
  expect(shrankFrom).toBe(LONG.length + "theirs = 1\n".length);
});

test("half a file is not kept as what others left", () => {
  const { disk, store } = reading({ text: LONG, age: 60_000 });
  const keeping = { describe: () => ({ touched: [], counts: { added: 0, changed: 1, removed: 0 } }), files: [] };
  store.keep({ ...keeping, onlyLooks: false });
  disk.put(CONFIG, SHORT);
  disk.now += 900;
  expect(store.keep({ ...keeping, onlyLooks: false })).toBeNull();
  disk.now += 100;
  expect(store.keep({ ...keeping, onlyLooks: false })?.files).toHaveLength(1);
});

test("a text of another file says nothing", () => {
  const { disk, store } = world({ [CONFIG]: LONG, [WORK]: SHORT });
  store.commit([{ file: "config", before: LONG, after: `${LONG}d = 4\n` }], label, never);
  disk.put(WORK, "");
  const start = disk.now;
  expect([store.read("profile:work").text, disk.now - start <= 50]).toEqual(["", true]);
});

test("half a text that appears after the preview is waited for under the lock, and both edits are there in the end", () => {
  const { disk, store } = reading({ text: LONG, age: 5000 });
  const host = memoryHost({ disk });
  const whole = `${LONG}theirs = 1\n`;
  disk.put(CONFIG, SHORT);
  const sleep = host.sleep;
  const start = disk.now;
  host.sleep = (milliseconds) => {
    sleep(milliseconds);
    if (disk.now - start > 600 && disk.text(CONFIG) === SHORT) disk.put(CONFIG, whole);
  };
  const rebase = (fresh: ReadonlyMap<string, string | null>) => {
    const before = fresh.get("config") ?? "";
    return [{ file: "config", before, after: `${before}ours = 1\n` }] as const;
  };
  openStore(host, HOME, pathIn(HOME)).commit(
    [{ file: "config", before: LONG, after: `${LONG}ours = 1\n` }],
    label,
    rebase,
  );
  expect(disk.text(CONFIG)).toBe(`${whole}ours = 1\n`);
  expect(store.history().entries).toHaveLength(2);
});
