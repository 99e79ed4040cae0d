/** Which changes can still be taken back after many others, and what is said of those that cannot. */
import { describe, expect, test } from "vitest";
import { revert } from "../../src/actions/revert.ts";
import type { Op } from "../../src/model/op.ts";
import { mergeOldest } from "../../src/store/merge.ts";
import { storePaths } from "../../src/store/paths.ts";
import { memoryHome } from "../memory-home.ts";
import { HOME, onDisk, pathIn } from "../store/world.ts";

const CONFIG = "config.toml";
const set = (key: string, value: number | boolean): Op => ({
  op: "set",
  file: "config",
  path: key.split("."),
  value: typeof value === "number" ? BigInt(value) : value,
});
const START = 'model = "m"\n';

async function withPreset() {
  const home = memoryHome({ [CONFIG]: START });
  await home.commit((opened) => opened.plan({ command: "apply mine", preset: "mine" }, [set("features.goals", true)]));
  return home;
}

test("a change in force can be taken back by its preset's name after sixty others", async () => {
  const home = await withPreset();
  for (let n = 0; n < 60; n++) await home.change("set x", [set("x", n)]);
  const before = home.text(CONFIG) ?? "";
  await home.commit((opened) => revert(opened, { change: "mine" }));
  expect(home.text(CONFIG)).toBe(before.replace("\n[features]\ngoals = true\n", ""));
  // Of sixty that set one key only the newest is in force; others stay for a while.
  expect(home.open().history.entries.length).toBeLessThan(55);
});

test("the newest of a preset stays with what takes it back, and still counts as taken back", async () => {
  const home = await withPreset();
  await home.commit((opened) => revert(opened, { change: "mine" }));
  for (let n = 0; n < 60; n++) await home.change("set x", [set("x", n)]);
  const { history } = home.open();
  const [applied] = history.entries.filter(({ preset }) => preset === "mine");
  expect(applied && history.isActive(applied)).toBe(false);
});

describe("a change that is in force no more", () => {
  test("is explained by its id once its record is gone", async () => {
    const home = memoryHome({ [CONFIG]: START });
    const first = await home.change("set x", [set("x", 1)]);
    for (let n = 2; n < 60; n++) await home.change("set x", [set("x", n)]);
    const { history } = home.open();
    expect(history.entries.some(({ id }) => id === first)).toBe(false);
    expect(history.pruned.at(0)).toMatchObject({ id: first, command: "set x" });
    await expect(revert(home.open(), { change: first })).rejects.toMatchObject({
      code: "unknown-name",
      message: expect.stringMatching(
        new RegExp(`^the record of ${first} \\(set x, made \\d{4}-.*\\) was deleted on \\d{4}-`),
      ),
    });
    await expect(revert(home.open(), { change: "zzzz" })).rejects.toMatchObject({
      message: "no entry or applied preset is called zzzz",
    });
  });
});

test("where too many are in force the oldest are one, and go together", async () => {
  const home = memoryHome({ [CONFIG]: START });
  const ids: string[] = [];
  for (let n = 0; n < 9; n++) ids.push(await home.change(`set k${n}`, [set(`k${n}`, n)]));
  const text = home.text(CONFIG) ?? "";
  const { host, store } = onDisk(home.disk);
  expect(mergeOldest(storePaths(host, HOME, pathIn(HOME)), store.history().entries, 9)).toBe(0);
  expect(mergeOldest(storePaths(host, HOME, pathIn(HOME)), store.history().entries, 6)).toBe(4);
  const { entries } = home.open().history;
  expect(entries.map(({ command }) => command)).toEqual(["older changes", ...[4, 5, 6, 7, 8].map((n) => `set k${n}`)]);
  expect(entries[0]?.merged).toEqual(ids.slice(0, 4));
  await home.commit((opened) => revert(opened, { change: ids[5] ?? "" }));
  home.write(CONFIG, `# theirs\n${home.text(CONFIG)}`);
  await home.commit((opened) => revert(opened, { change: ids[1] ?? "" }));
  expect(home.text(CONFIG)).toBe(`# theirs\n${text.replace(/k[0-3] = .*\n/g, "").replace("k5 = 5\n", "")}`);
});
