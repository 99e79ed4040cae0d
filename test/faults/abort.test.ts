/** Dies or fails at every single call of a commit, then of the recovery: the answer is always all before or all after. */
import { expect, test } from "vitest";
import { CfgError } from "../../src/model/error.ts";
import { isSample } from "../sample.js";
import { apply, linked, recovered, revert, run, type Story, sideOf } from "../store/stories.ts";
import { codeOf, label, litter, never, onDisk, STATE } from "../store/world.ts";
import { count, figures } from "./figures.ts";
import "../sampled-tests.ts";

const tally = { calls: 0, aborts: 0, twice: 0, errors: 0, short: 0, removed: 0, mixed: 0 };
figures(
  "abort",
  () =>
    `${count(tally.aborts + tally.twice + tally.errors + tally.short)} cases over up to ${tally.calls} calls: ` +
    `${count(tally.aborts)} deaths, ${count(tally.twice)} more in the recovery, ${count(tally.errors)} errors, ` +
    `${tally.short} short writes; ${tally.mixed} mixed states; ${count(tally.removed)} times somebody removed the state ` +
    "folder, or a part of it, meanwhile",
);

/** Counted as mixed until everything that is promised has been seen. */
function settled(...[disk, story]: Parameters<typeof recovered>): "before" | "after" {
  tally.mixed += 1;
  const side = recovered(disk, story);
  tally.mixed -= 1;
  return side;
}

for (const [name, build] of Object.entries({ apply, revert, linked })) {
  for (const fault of ["die-before", "die-after"] as const) {
    test(`${name}: ${fault} at any call, then in any call of the recovery, is all or nothing`, () => {
      const story = build();
      const seen = new Set<string>();
      let k = 1;
      for (let crashed = run(story, k, fault); crashed; crashed = run(story, ++k, fault)) {
        expect(crashed.code).toBe("Crash");
        tally.aborts += 1;
        const side = settled(crashed.disk.clone(), story);
        seen.add(side);
        // Where the recovery itself stopped makes no difference.
        for (const again of ["die-before", "die-after"] as const)
          expect(new Set(recoverWithDeaths(crashed.disk, story, again))).toEqual(new Set([side]));
        tally.calls = Math.max(tally.calls, k);
      }
      expect([...seen].sort()).toEqual(["after", "before"]);
    });
  }

  for (const errno of ["ENOSPC", "EIO", "EACCES", "EROFS", "EMFILE"]) {
    test(`${name}: ${errno} at any call, once or from there on, is reported, and what is reported is true`, () => {
      const story = build();
      // A call may also fail after having done its work.
      for (const persistent of [false, true])
        for (const any of [false, true])
          for (const after of [false, true]) failEverywhere(story, { errno, after }, { persistent, any });
    });
  }

  test(`${name}: short writes are written to the end`, () => {
    const story = build();
    for (let k = 1; ; k++) {
      const short = run(story, k, "short", { persistent: true });
      if (short === undefined) break;
      tally.short += 1;
      expect([short.code, settled(short.disk, story)]).toEqual(["none", "after"]);
    }
  });

  test(`${name}: a disk that swallows bytes without a word never has them published`, () => {
    const story = build();
    for (let k = 1; ; k++) {
      const lied = run(story, k, "swallow");
      if (lied === undefined) break;
      tally.short += 1;
      expect(sideOf(lied.disk, story)).toBe(lied.code === "none" ? "after" : "before");
    }
  });
}

/** What `git clean`, or somebody who tidies up, takes away. */
const REMOVED = ["", "/tx", "/history", "/lock"];

for (const [name, build] of Object.entries({ apply, revert, linked })) {
  test.each(REMOVED)(
    `${name}: somebody removes .codex-cfg%s at any call, and what is said of the files is true`,
    (part) => {
      const story = build();
      const codes = new Set<string>();
      for (let k = 1, met = true; met; k++) {
        const disk = story.disk.clone();
        met = false;
        disk.onCall = (_, __, call) => {
          if (call !== k) return;
          met = true;
          if (disk.look(`${STATE}${part}`)) disk.take(`${STATE}${part}`);
        };
        const { store } = onDisk(disk);
        const told = errorOf(() => store.commit(story.changes, label, never));
        disk.onCall = undefined;
        const side = sideOf(disk, story);
        codes.add(told?.code ?? "none");
        tally.removed += 1;
        // Nothing is left beside the files, not even before the next command: it may never come.
        if (part !== "/history") expect([told?.code, stages(disk)]).toEqual([told?.code, []]);
        if (told?.code === "unconfirmed" && part !== "/history") {
          expect([side, told.message]).toEqual(["after", expect.stringContaining("not in the history")]);
          for (const { file } of story.changes) expect(told.message).toContain(`${file.replace("profile:", "")}.`);
        } else if (told?.code !== "unconfirmed") expect(side).toBe(told === null ? "after" : "before");
        disk.now += 10_000;
        onDisk(disk).store.recover();
        expect([sideOf(disk, story), litter(disk)]).toEqual([told?.code === "unconfirmed" ? "after" : side, []]);
      }
      expect(codes).toContain("none");
      if (part === "" || part === "/tx") expect(codes).toContain("unconfirmed");
    },
  );
}

function errorOf(step: () => unknown): CfgError | null {
  try {
    step();
    return null;
  } catch (error) {
    if (error instanceof CfgError) return error;
    throw error;
  }
}

const stages = (disk: Story["disk"]) => disk.tree("/home").filter((path) => path.endsWith(".tmp"));

test.skipIf(isSample)("the sweep has covered what it claims", () => {
  expect(tally.calls).toBeGreaterThan(40);
  expect(tally.aborts).toBeGreaterThan(200);
  expect(tally.twice).toBeGreaterThan(4000);
  expect(tally.errors).toBeGreaterThan(4000);
  expect(tally.removed).toBeGreaterThan(1000);
});

/** Where it ends when the recovery dies at each of its calls and is begun again. */
function recoverWithDeaths(crashed: Story["disk"], story: Story, fault: "die-before" | "die-after"): string[] {
  const sides: string[] = [];
  for (let j = 1; ; j++) {
    const disk = crashed.clone();
    disk.failAt(j, fault);
    const code = codeOf(() => onDisk(disk).store.recover());
    const met = disk.mutations >= j;
    disk.revive();
    disk.now += 10_000;
    sides.push(settled(disk, story));
    if (!met) return sides;
    expect(code).toBe("Crash");
    tally.twice += 1;
  }
}

function failEverywhere(
  story: Story,
  fault: { errno: string; after: boolean },
  options: Parameters<typeof run>[3],
): void {
  for (let k = 1; ; k++) {
    const failed = run(story, k, fault, options);
    if (failed === undefined) return;
    tally.errors += 1;
    const { disk, code } = failed;
    const now = sideOf(disk, story);
    if (code === "none") expect(now).toBe("after");
    else if (code !== "unconfirmed") expect(["io before", "locked before"]).toContain(`${code} ${now}`);
    const side = settled(disk, story);
    if (code !== "unconfirmed") expect(side).toBe(now);
  }
}
