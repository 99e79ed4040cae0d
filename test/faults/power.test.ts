/**
 * The power goes at every call of a commit and of a recovery. What was not flushed may be lost: changes of names in any
 * order, bytes in part. Whatever is left, the next process finds all before or all after, and nothing acknowledged is gone.
 */
import { expect, test } from "vitest";
import type { MemoryDisk } from "../memory-disk.ts";
import { isSample } from "../sample.js";
import {
  apply,
  half,
  linked,
  REBOOTED,
  recovered,
  remains,
  revert,
  type Story,
  sideOf,
  TEARS,
  whole,
} from "../store/stories.ts";
import { CONFIG, codeOf, label, never, onDisk, WORK } from "../store/world.ts";
import { count, figures } from "./figures.ts";
import "../sampled-tests.ts";

const tally = { states: 0, seen: 0, points: 0, mixed: 0 };
figures(
  "power",
  () => `${count(tally.states)} states after a power loss at ${tally.points} points; ${tally.mixed} mixed or lost`,
);

for (const [name, build] of Object.entries({ apply, revert, linked })) {
  test(`${name}: power loss at any call is all or nothing`, () => {
    const story = build();
    const seen = new Set<string>();
    for (let k = 1; ; k++) {
      const disk = story.disk.clone();
      disk.failAt(k, "die-after");
      const { store } = onDisk(disk);
      const code = codeOf(() => store.commit(story.changes, label, never));
      disk.revive();
      for (const side of loseInEveryWay(disk, story, code === "none")) seen.add(side);
      if (code !== "none") continue;
      // Nothing is left to do, not even for a command that only reads.
      for (const left of remains(disk, TEARS))
        expect(onDisk(left).store.history().entries).toEqual(store.history().entries);
      break;
    }
    expect([...seen].sort()).toEqual(["after", "before"]);
  });

  test(`${name}: an error that was got over, then power loss, keeps what was acknowledged`, () => {
    const story = build();
    for (const after of [false, true]) {
      for (let k = 1; ; k++) {
        const disk = story.disk.clone();
        disk.failAt(k, { errno: "EIO", after });
        const { store } = onDisk(disk);
        const code = codeOf(() => store.commit(story.changes, label, never));
        const met = disk.mutations >= k;
        disk.revive();
        if (!met) break;
        loseInEveryWay(disk, story, code === "none");
      }
    }
  });

  test(`${name}: power loss at any call of a recovery is all or nothing`, () => {
    const story = build();
    for (let k = 1; ; k++) {
      const crashed = story.disk.clone();
      crashed.failAt(k, "die-after");
      if (codeOf(() => onDisk(crashed).store.commit(story.changes, label, never)) === "none") break;
      crashed.revive();
      crashed.now += 10_000;
      for (let j = 1; ; j++) {
        const disk = crashed.clone();
        disk.failAt(j, "die-after");
        const code = codeOf(() => onDisk(disk).store.recover());
        disk.revive();
        const finished = code === "none" && sideOf(disk, story) === "after";
        loseInEveryWay(disk, story, finished, [whole, half]);
        if (code === "none") break;
      }
    }
  });
}

test("an edit of somebody else after the power is back stays, and ours is in both files or in none", () => {
  const { disk, changes } = apply();
  const theirs = "theirs = 1\n";
  for (let k = 1; ; k++) {
    const dead = disk.clone();
    dead.failAt(k, "die-after");
    if (codeOf(() => onDisk(dead).store.commit(changes, label, never)) === "none") break;
    dead.revive();
    for (const left of remains(dead, TEARS)) {
      left.put(CONFIG, left.text(CONFIG) + theirs);
      left.now += 10_000;
      onDisk(left, REBOOTED).store.recover();
      tally.states += 1;
      const [config, work] = [left.text(CONFIG) ?? "", left.text(WORK)];
      // Gone from there, too, once it has been published in the other.
      expect([config.endsWith(theirs), config.startsWith("a = 2")]).toEqual([true, work !== null]);
    }
  }
});

test.skipIf(isSample)("the model has covered what it claims", () => {
  expect(tally.states).toBeGreaterThan(8000);
});

/** Every disk that the next start could find; the sides that recovery brought them to. */
function loseInEveryWay(disk: MemoryDisk, story: Story, acknowledged: boolean, tears = TEARS): Set<string> {
  const sides = new Set<string>();
  tally.points += 1;
  for (const left of remains(disk, tears)) {
    tally.states += 1;
    tally.mixed += 1;
    if (acknowledged) expect(sideOf(left, story)).toBe("after");
    const side = recovered(left, story, REBOOTED);
    if (acknowledged) expect(side).toBe("after");
    tally.mixed -= 1;
    sides.add(side);
  }
  return sides;
}
