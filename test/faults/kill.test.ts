/**
 * Real processes, really killed: at every system call that touches the home, of an apply and of the command that
 * finishes a dead one's work, and at random in many lanes at once.
 */
import * as fs from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { realHost } from "../../src/host/node/host.ts";
import { isDrawn, isSample, some } from "../sample.js";
import { homeIn, scratch, work, workerIn } from "../store/lanes.ts";
import { litterAfter, litterIn } from "../store/litter.ts";
import { open } from "../store/world.ts";
import { count, diceOf, figures, SEED } from "./figures.ts";
import { type Call, callsOf, canTrace, killAt } from "./strace.ts";

const root = scratch("kill");
const tally = { points: 0, sides: {} as Record<string, number>, runs: 0, killed: 0, acknowledged: 0, lost: 0 };
figures(
  "kill",
  () =>
    `${canTrace ? `killed at ${tally.points} system calls (${sidesSeen()})` : "no strace: system calls left out"}; ` +
    `${count(tally.runs)} runs in 20 lanes, ${count(tally.killed)} killed at random, ` +
    `${count(tally.acknowledged)} edits acknowledged, ${tally.lost} lost (seed ${SEED})`,
);
const sidesSeen = () =>
  Object.entries(tally.sides)
    .map(([side, times]) => `${side} ${times}`)
    .join(", ");
if (!canTrace) console.warn("kill: strace is not there or not permitted, so only the random kills run");

const BEFORE = '# mine\r\nmodel = "gpt-5.5"\r\n';
const APPLY = ["apply", "http-sse", "--codex-version", "0.169.0"];
const SET = ["set", "model_reasoning_effort", "high", "--codex-version", "0.169.0"];
const FILES = ["config.toml", "http_sse.config.toml"];

/** A copy of a home as somebody left it. */
function copyOf(template: string, name: string) {
  const home = join(root, name);
  fs.rmSync(home, { recursive: true, force: true });
  fs.cpSync(template, home, { recursive: true, preserveTimestamps: true });
  return home;
}

const textsIn = (home: string): readonly (string | null)[] =>
  FILES.map((name) => (fs.existsSync(join(home, name)) ? fs.readFileSync(join(home, name), "utf8") : null));

/** What the next process makes of it; the texts then. */
function recover(home: string): readonly (string | null)[] {
  // An unfinished lock file counts as alive for two seconds, and nobody waits here.
  const state = join(home, ".codex-cfg");
  const locks = fs.existsSync(state) ? fs.readdirSync(state).filter((name) => name.startsWith("lock")) : [];
  for (const name of locks) fs.utimesSync(join(state, name), 1, 1);
  const store = open(realHost(), home);
  store.recover();
  expect([litterIn(home), store.pending(), store.history().damaged]).toEqual([[], [], []]);
  for (const { id } of store.history().entries) store.images(id);
  expect(fs.statSync(join(home, "config.toml")).mode & 0o777).toBe(0o640);
  return textsIn(home);
}

/** Kills the command at each of its calls, two at a time; what each home was right then, and after recovery. */
async function killEverywhere(template: string, argv: readonly string[], calls: readonly Call[]) {
  const seen: { at: string; rightThen: readonly (string | null)[]; after: readonly (string | null)[] }[] = [];
  const queue = calls.filter(({ text }, n) => isDrawn(`${n} ${text}`));
  const worker = async (name: string) => {
    for (let call = queue.shift(); call !== undefined; call = queue.shift()) {
      const home = copyOf(template, name);
      if (!(await killAt({ home, root, argv }, call))) continue;
      seen.push({ at: call.text, rightThen: textsIn(home), after: recover(home) });
    }
  };
  await Promise.all([worker("one"), worker("two")]);
  tally.points += seen.length;
  return seen;
}

describe.skipIf(!canTrace)("at every system call on the home", () => {
  const fresh = homeIn(root, BEFORE, 0o640).home;
  const dead = join(root, "dead");
  const sides: Record<string, readonly (string | null)[]> = { before: textsIn(fresh) };
  let applying: readonly Call[] = [];
  let setting: readonly Call[] = [];

  beforeAll(async () => {
    // The first run of a verb fills the cache of compiled code, and makes other calls than those after it.
    for (const argv of [APPLY, SET]) await callsOf({ home: copyOf(fresh, "first"), root, argv });
    const home = copyOf(fresh, "whole");
    applying = await callsOf({ home, root, argv: APPLY });
    sides.applied = textsIn(home);
    // The first call after the marker is in place.
    const marked =
      applying[1 + applying.findIndex(({ name, text }) => name === "rename" && text.includes("commit.json"))];
    // On a busy machine a run may look at a young file once more, and then the count of calls is another one.
    for (let tries = 0; tries < 5; tries++) {
      copyOf(fresh, "dead");
      expect(marked && (await killAt({ home: dead, root, argv: APPLY }, marked))).toBe(true);
      if (isDeepStrictEqual(textsIn(dead), sides.before)) break;
    }
    expect(textsIn(dead)).toEqual(sides.before);
    const next = copyOf(dead, "next");
    setting = await callsOf({ home: next, root, argv: SET });
    sides.set = textsIn(next);
  });

  test("apply leaves all before or all after", async () => {
    const seen = await killEverywhere(fresh, APPLY, applying);
    for (const { at, rightThen, after } of seen) {
      // One by one, each file is whole at any moment.
      for (const [i, text] of rightThen.entries()) expect([sides.before?.[i], sides.applied?.[i]], at).toContain(text);
      expect([sides.before, sides.applied], at).toContainEqual(after);
      const side = after[1] === null ? "before" : "after";
      tally.sides[side] = (tally.sides[side] ?? 0) + 1;
    }
    expect(seen.length).toBeGreaterThan(isSample ? 0 : 100);
    if (!isSample) expect(Math.min(tally.sides.before ?? 0, tally.sides.after ?? 0)).toBeGreaterThan(20);
  });

  test("the command that finishes a dead apply leaves all of it, with its own change or without", async () => {
    const seen = await killEverywhere(dead, SET, setting);
    for (const { at, rightThen, after } of seen) {
      for (const [i, text] of rightThen.entries())
        expect(
          Object.values(sides).map((side) => side[i]),
          at,
        ).toContain(text);
      expect([sides.applied, sides.set], at).toContainEqual(after);
      const side = after[0] === sides.set?.[0] ? "finished and set" : "finished";
      tally.sides[side] = (tally.sides[side] ?? 0) + 1;
    }
    expect(seen.length).toBeGreaterThan(isSample ? 0 : 100);
  });

  test("every file that takes part, and every folder, is flushed by the system", () => {
    const files = (calls: readonly Call[]) =>
      calls.flatMap(({ text }) => /(?<=["<])[^"<>]*\.codex-cfg[^"<>]*|[^"<>]*\.tmp(?=[">])/.exec(text) ?? []);
    const made = files(applying.filter(({ name, text }) => name === "openat" && text.includes("O_EXCL")));
    const flushed = new Set(
      applying.filter(({ name }) => name === "fsync").map(({ text }) => /<(.*)>/.exec(text)?.[1]),
    );
    expect(made.length).toBeGreaterThan(6);
    expect(made.filter((path) => !flushed.has(path) && !/lock\.[0-9a-f]+$/.test(path))).toEqual([]);
    const folders = [...flushed].filter((path) => /(whole|\.codex-cfg|\/tx|\/history|\/tx\/[^/]+)$/.test(path ?? ""));
    expect(folders.map((path) => path?.replace(/.*whole/, "").replace(/tx\/.+/, "tx/ID")).sort()).toEqual([
      "",
      "/.codex-cfg",
      "/.codex-cfg/history",
      "/.codex-cfg/tx",
      "/.codex-cfg/tx/ID",
    ]);
  });
});

test("20 lanes, killed at random, lose nothing they acknowledged and leave nothing behind", async () => {
  const worker = workerIn(root);
  const { home, config } = homeIn(root, "# start\n");
  const dice = diceOf(SEED);
  const round = await roundTime(worker);
  const acknowledged: string[] = [];
  const runs = some(1000);
  let next = 0;
  const lane = async () => {
    while (next < runs) {
      const run = next++;
      const { lines, killed } = await work({ worker, home, lane: run, count: 6 }, round * (0.2 + 1.5 * dice()));
      acknowledged.push(...lines);
      tally.runs += 1;
      if (killed) tally.killed += 1;
    }
  };
  await Promise.all(Array.from({ length: 20 }, lane));
  const store = open(realHost(), home);
  const litter = await litterAfter(store, home);
  const text = fs.readFileSync(config, "utf8");
  const lines = new Set(text.split("\n"));
  tally.acknowledged = acknowledged.length;
  tally.lost = acknowledged.filter((line) => !lines.has(line)).length;
  expect(tally.lost).toBe(0);
  expect(`# start\n${fs.readFileSync(join(home, "work.config.toml"), "utf8")}`).toBe(text);
  expect([litter, store.pending(), store.history().damaged]).toEqual([[], [], []]);
  expect(tally.killed).toBeGreaterThan(0.3 * runs);
  expect(acknowledged.length).toBeGreaterThan(0.1 * runs);
});

/** How many milliseconds 20 lanes need for one edit each, on this machine as busy as it is now. */
async function roundTime(worker: string): Promise<number> {
  const { home } = homeIn(root, "# start\n");
  const started = performance.now();
  await Promise.all(Array.from({ length: 20 }, (_, lane) => work({ worker, home, lane, count: 1 })));
  return performance.now() - started;
}
