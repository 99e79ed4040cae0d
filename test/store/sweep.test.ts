/** Dies or fails at every single call of a commit, then of the recovery: the answer is always all before or all after. */
import { expect, test } from "vitest";
import type { Change } from "../../src/change.ts";
import type { Fault, MemoryDisk } from "../memory-disk.ts";
import { CONFIG, codeOf, label, litter, never, onDisk, STATE, WORK, world } from "./world.ts";

type Story = { readonly disk: MemoryDisk; readonly changes: readonly Change[] };

const A = "a = 1 # one\r\n";
const B = "a = 2 # two\r\n";

/** One file changed, one created. */
function apply(): Story {
  const { disk } = world({ [CONFIG]: A });
  disk.put(CONFIG, A, { mode: 0o640 });
  disk.now += 60_000;
  return {
    disk,
    changes: [
      { file: "config", before: A, after: B },
      { file: "profile:work", before: null, after: "b = 1\n" },
    ],
  };
}

/** The way back: one restored, one removed. */
function revert(): Story {
  const { disk, changes } = apply();
  onDisk(disk).store.commit(changes, label, never);
  disk.now += 60_000;
  return { disk, changes: changes.map(({ file, before, after }) => ({ file, before: after, after: before })) };
}

const stories = { apply, revert };
const state = (disk: MemoryDisk, { changes }: Story): "before" | "after" | "mixed" => {
  const texts = JSON.stringify([disk.text(CONFIG), disk.text(WORK)]);
  const side = (which: "before" | "after") => JSON.stringify(changes.map((change) => change[which]));
  return texts === side("before") ? "before" : texts === side("after") ? "after" : "mixed";
};

/** Runs the commit with a fault; undefined when the fault was beyond its last call. */
function run(story: Story, k: number, fault: Fault, options: { persistent?: boolean; any?: boolean } = {}) {
  const disk = story.disk.clone();
  disk.failAt(k, fault, options);
  const { store } = onDisk(disk);
  const code = codeOf(() => store.commit(story.changes, label, never));
  const met = (options.any ? disk.calls : disk.mutations) >= k;
  disk.revive();
  // An empty lock of a dead process counts as alive for two seconds.
  disk.now += 10_000;
  return met ? { disk, code } : undefined;
}

function recovered(disk: MemoryDisk, story: Story): string {
  onDisk(disk).store.recover();
  expect(litter(disk)).toEqual([]);
  expect(disk.tree(STATE).filter((path) => path.endsWith(".conflict"))).toEqual([]);
  expect(disk.look(CONFIG)?.mode).toBe(0o640);
  const side = state(disk, story);
  const { store } = onDisk(disk);
  expect(store.pending()).toEqual([]);
  expect(store.damaged()).toEqual([]);
  for (const { id } of store.entries()) store.images(id);
  const known = store.entries().length - onDisk(story.disk).store.entries().length;
  expect([side, known]).toEqual(side === "after" ? ["after", 1] : ["before", 0]);
  return side;
}

const figures = { calls: 0, aborts: 0, twice: 0, errors: 0, short: 0 };

for (const [name, build] of Object.entries(stories)) {
  for (const fault of ["die-before", "die-after"] as const) {
    test(`${name}: ${fault} at any call, then in any call of the recovery, is all or nothing`, () => {
      const story = build();
      const seen = new Set<string>();
      for (let k = 1; ; k++) {
        const crashed = run(story, k, fault);
        if (crashed === undefined) break;
        expect(crashed.code).toBe("Crash");
        figures.aborts += 1;
        for (const again of ["die-before", "die-after"] as const) {
          for (let j = 1; ; j++) {
            const disk = crashed.disk.clone();
            disk.failAt(j, again);
            const code = codeOf(() => onDisk(disk).store.recover());
            const met = disk.mutations >= j;
            disk.revive();
            disk.now += 10_000;
            const side = recovered(disk, story);
            if (!met) break;
            expect(code).toBe("Crash");
            figures.twice += 1;
            seen.add(side);
          }
        }
        seen.add(recovered(crashed.disk, story));
        figures.calls = Math.max(figures.calls, k);
      }
      expect([...seen].sort()).toEqual(["after", "before"]);
    });
  }

  for (const errno of ["ENOSPC", "EIO", "EACCES", "EROFS", "EMFILE"]) {
    test(`${name}: ${errno} at any call, once or from there on, is reported, and what is reported is true`, () => {
      const story = build();
      for (const persistent of [false, true]) {
        for (const any of [false, true]) {
          // A call may also fail after having done its work.
          for (const after of [false, true]) {
            for (let k = 1; ; k++) {
              const failed = run(story, k, { errno, after }, { persistent, any });
              if (failed === undefined) break;
              figures.errors += 1;
              const { disk, code } = failed;
              const now = state(disk, story);
              if (code === "none") expect(now).toBe("after");
              else if (code !== "unconfirmed") expect(["io before", "locked before"]).toContain(`${code} ${now}`);
              const side = recovered(disk, story);
              if (code !== "unconfirmed") expect(side).toBe(now);
            }
          }
        }
      }
    });
  }

  test(`${name}: short writes are written to the end`, () => {
    const story = build();
    for (let k = 1; ; k++) {
      const short = run(story, k, "short", { persistent: true });
      if (short === undefined) break;
      figures.short += 1;
      expect([short.code, recovered(short.disk, story)]).toEqual(["none", "after"]);
    }
  });
}

test("the sweep has covered what it claims", () => {
  expect(figures.calls).toBeGreaterThan(40);
  expect(figures.aborts).toBeGreaterThan(150);
  expect(figures.twice).toBeGreaterThan(4000);
  expect(figures.errors).toBeGreaterThan(4000);
});
