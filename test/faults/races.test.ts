/** Many processes at once: no edit is lost, and a dead process's lock passes to one of those who wait, never to two. */
import { type ChildProcess, fork } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { some } from "../sample.js";
import { bundle, homeIn, scratch, work, workerIn } from "../store/lanes.ts";
import { litterIn } from "../store/litter.ts";
import { count, figures } from "./figures.ts";

const root = scratch("races");
const EDITS = some(20);
const ROUNDS = some(250);
const tally = { edits: 0, lost: 0, rounds: 0, taken: 0, overlaps: 0 };
figures(
  "races",
  () =>
    `20 processes x ${EDITS} edits of two files: ${tally.edits} acknowledged, ${tally.lost} lost; ` +
    `${count(tally.rounds)} rounds on a dead process's lock, ${count(tally.taken)} times taken, ${tally.overlaps} times by two at once`,
);

test(`20 processes with ${EDITS} edits of two files each lose none`, async () => {
  const worker = workerIn(root);
  const { home, config } = homeIn(root, "# start\n");
  const lanes = Array.from({ length: 20 }, (_, lane) => work({ worker, home, lane, count: EDITS }));
  const done = (await Promise.all(lanes)).flatMap(({ lines }) => lines);
  const text = fs.readFileSync(config, "utf8");
  const lines = new Set(text.split("\n"));
  tally.edits = done.length;
  tally.lost = done.filter((line) => !lines.has(line)).length;
  expect([tally.edits, tally.lost]).toEqual([20 * EDITS, 0]);
  expect(`# start\n${fs.readFileSync(join(home, "work.config.toml"), "utf8")}`).toBe(text);
  expect(litterIn(home)).toEqual([]);
});

test(`${4 * ROUNDS} rounds on the lock of a dead process: never two holders`, async () => {
  const program = bundle(new URL("waiter.ts", import.meta.url), root);
  await Promise.all(Array.from({ length: 4 }, () => rounds(program, ROUNDS, 8)));
  expect([tally.rounds, tally.taken, tally.overlaps]).toEqual([4 * ROUNDS, 32 * ROUNDS, 0]);
});

/** A home of its own, a process that died with the lock, and some that all want it at the same moment, again and again. */
async function rounds(program: string, times: number, waiters: number): Promise<void> {
  const { home } = homeIn(root, null);
  const state = join(home, ".codex-cfg");
  fs.mkdirSync(state, { mode: 0o700 });
  const dead = await processOn(program, home);
  const gone = new Promise((resolve) => dead.once("exit", resolve));
  dead.send("die");
  await gone;
  const corpse = fs.readFileSync(join(state, "lock"), "utf8");
  fs.unlinkSync(join(state, "lock"));
  const all = await Promise.all(Array.from({ length: waiters }, () => processOn(program, home)));
  for (let round = 0; round < times; round++) {
    // Each lock has a nonce of its own.
    fs.writeFileSync(join(state, "lock"), corpse.replace(/"nonce":"[^"]*"/, `"nonce":"${round}"`));
    for (const alone of await Promise.all(all.map(turn))) {
      tally.taken += 1;
      if (!alone) tally.overlaps += 1;
    }
    tally.rounds += 1;
  }
  for (const child of all) child.disconnect();
}

function processOn(program: string, home: string): Promise<ChildProcess> {
  return new Promise((resolve) => {
    const child = fork(program, [home], { execArgv: [] });
    child.once("message", () => resolve(child));
  });
}

function turn(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    child.once("message", (answer) => resolve((answer as { alone: boolean }).alone));
    child.send("go");
  });
}
