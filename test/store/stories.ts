/** Commits of two files on the disk in memory, and what must be true of that disk whatever happened to them. */
import { expect } from "vitest";
import type { ProcessIdentity } from "../../src/host/host.ts";
import type { Change } from "../../src/model/change.ts";
import type { Fault, MemoryDisk } from "../memory-disk.ts";
import { CONFIG, codeOf, HOME, label, litter, never, onDisk, STATE, WORK, world } from "./world.ts";

export type Story = { readonly disk: MemoryDisk; readonly changes: readonly Change[] };

const A = "a = 1 # one\r\n";
const B = "a = 2 # two\r\n";
const DOTS = "/home/u/dots";

/** One file changed, one created, in a home that never saw this tool. */
export function apply(): Story {
  const { disk } = world();
  disk.put(CONFIG, A, { mode: 0o640 });
  return rested(disk, [
    { file: "config", before: A, after: B },
    { file: "profile:work", before: null, after: "b = 1\n" },
  ]);
}

/** The way back: one restored, one removed. */
export function revert(): Story {
  const { disk, changes } = apply();
  onDisk(disk).store.commit(changes, label, never);
  return rested(
    disk,
    changes.map(({ file, before, after }) => ({ file, before: after, after: before })),
  );
}

/** The file lives in another folder; the home has its link and no more. */
export function linked(): Story {
  const { disk } = world();
  disk.putFolder(DOTS);
  disk.put(`${DOTS}/config.toml`, A, { mode: 0o640 });
  disk.putLink(CONFIG, "../dots/config.toml");
  return rested(disk, [{ file: "config", before: A, after: B }]);
}

function rested(disk: MemoryDisk, changes: readonly Change[]): Story {
  disk.now += 60_000;
  disk.settle();
  return { disk, changes };
}

export function sideOf(disk: MemoryDisk, { changes }: Story): "before" | "after" | "mixed" {
  const text = { config: CONFIG, "profile:work": WORK } as Readonly<Record<string, string>>;
  const holds = (side: "before" | "after") => changes.every((one) => disk.text(text[one.file] ?? "") === one[side]);
  return holds("before") ? "before" : holds("after") ? "after" : "mixed";
}

/** Runs the commit with a fault; undefined when the fault was beyond its last call. */
export function run(story: Story, k: number, fault: Fault, options: { persistent?: boolean; any?: boolean } = {}) {
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

/** Recovers, and holds the disk to everything that is promised; which side it ended on. */
export function recovered(disk: MemoryDisk, story: Story, self: Partial<ProcessIdentity> = {}): "before" | "after" {
  onDisk(disk, self).store.recover();
  const side = sideOf(disk, story);
  const odd = disk.tree(STATE).filter((path) => path.endsWith(".conflict"));
  const home = disk.tree(HOME).filter((path) => !path.startsWith(STATE));
  const there = story.changes.flatMap((change) => (side !== "mixed" && change[side] !== null ? [change.file] : []));
  const { store } = onDisk(disk, self);
  const known = store.history().entries.length - onDisk(story.disk).store.history().entries.length;
  const mode = [CONFIG, `${DOTS}/config.toml`].map((path) => disk.look(path)).find((stat) => stat?.kind === "file");
  expect([side, known, mode?.mode, litter(disk), odd, home.length]).toEqual([
    ...(side === "after" ? ["after", 1] : ["before", 0]),
    ...[0o640, [], [], there.length],
  ]);
  expect([store.pending(), store.history().damaged, onDisk(disk, self).store.recover()]).toEqual([[], [], []]);
  for (const { id } of store.history().entries) store.images(id);
  return side as "before" | "after";
}

/** A machine that was started again. */
export const REBOOTED = { bootId: "b2" };

type Tear = (bytes: Uint8Array) => Uint8Array;
export const whole: Tear = (bytes) => bytes;
export const half: Tear = (bytes) => bytes.subarray(0, bytes.length >> 1);
const zeros: Tear = (bytes) => new Uint8Array(bytes.length);
const empty: Tear = () => new Uint8Array(0);
export const TEARS = [whole, half, zeros, empty];

/** Every disk that may be left after a power loss. */
export function* remains(disk: MemoryDisk, tears: readonly Tear[]): Generator<MemoryDisk> {
  for (const survives of patterns(disk.unsynced)) {
    for (const tear of tears) {
      const left = disk.powerLoss(survives, tear);
      left.now += 10_000;
      yield left;
    }
  }
}

/** Which of n changes are there again: those up to any one, all but any one, any one alone. */
function* patterns(n: number): Generator<(change: number) => boolean> {
  for (let i = 0; i <= n; i++) yield (change) => change < i;
  for (let i = 0; i < n - 1; i++) yield (change) => change !== i;
  for (let i = 1; i < n; i++) yield (change) => change === i;
}
