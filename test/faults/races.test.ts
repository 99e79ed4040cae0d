/**
 * Many processes at once: no edit is lost, everybody gets a turn, and a dead process's lock passes to one of those who wait,
 * never to two. And beside a writer that pauses in the middle of the file: nothing is lost on either side.
 */
import { type ChildProcess, fork, spawn } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { some } from "../sample.js";
import { bundle, homeIn, scratch, work, workerIn } from "../store/lanes.ts";
import { litterIn } from "../store/litter.ts";
import { count, figures } from "./figures.ts";
import { BIN } from "./strace.ts";

const root = scratch("races");
const EDITS = some(20);
const ROUNDS = some(250);
/** How many commands start at the same moment. */
const CROWD = some(50);
/** How often somebody writes half a file and pauses. */
const PAUSES = some(24);
const tally = { edits: 0, lost: 0, rounds: 0, taken: 0, overlaps: 0, turns: 0, pauses: 0, beside: 0, cut: 0 };
figures(
  "races",
  () =>
    `20 processes x ${EDITS} edits of two files: ${tally.edits} acknowledged, ${tally.lost} lost; ` +
    `${count(tally.rounds)} rounds on a dead process's lock, ${count(tally.taken)} times taken, ${tally.overlaps} times by two at once; ` +
    `${tally.turns} of ${CROWD} commands at once got their turn; ${tally.pauses} pauses of 0.1 to 0.7 s in the middle of the file, ` +
    `${tally.beside} edits of ours beside them, ${tally.cut} lines or edits lost`,
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

test(`${CROWD} commands at the same moment all get their turn`, async () => {
  const { home, config } = homeIn(root, 'model = "m"\n');
  const runs = Array.from({ length: CROWD }, (_, n) => command(home, "set", `mcp_servers.s${n}.command`, "x"));
  for (const { exit, said } of await Promise.all(runs)) {
    expect(exit, said).toBe(0);
    tally.turns += 1;
  }
  expect(fs.readFileSync(config, "utf8").match(/^command/gm)).toHaveLength(CROWD);
  expect(litterIn(home)).toEqual([]);
});

test("a writer that pauses in the middle of the file loses nothing, and neither do we", async () => {
  const lines = Array.from({ length: 40 }, (_, n) => `k${n} = ${n}\n`);
  const { home, config } = homeIn(root, `model = "m"\n[mine]\n${lines.join("")}[mcp_servers.mine]\ncommand = "x"\n`);
  const theirs: string[] = [];
  let writes = true;
  const writer = async () => {
    for (let n = 0; n < PAUSES; n++) {
      const text = `${fs.readFileSync(config, "utf8")}# theirs ${n}\n`;
      const file = fs.openSync(config, "w");
      fs.writeSync(file, text.slice(0, text.length / 2));
      await setTimeout(100 + ((n * 5) % 7) * 100);
      fs.writeSync(file, text.slice(text.length / 2));
      fs.closeSync(file);
      theirs.push(`# theirs ${n}`);
      tally.pauses += 1;
      await setTimeout(400);
    }
    writes = false;
  };
  const ours: string[] = [];
  const lane = async () => {
    for (let n = 0; writes; n++) {
      const { exit, said } = await command(home, "set", `mcp_servers.s${n}.command`, "x");
      // A busy machine may make two pauses one for a command that is late.
      expect([0, 3], said).toContain(exit);
      if (exit === 0) ours.push(`[mcp_servers.s${n}]`);
      tally.beside += exit === 0 ? 1 : 0;
    }
  };
  await Promise.all([writer(), lane()]);
  const text = fs.readFileSync(config, "utf8");
  const wanted = [...lines, ...theirs, ...ours, "[mcp_servers.mine]"];
  tally.cut = wanted.filter((part) => !text.includes(part)).length;
  expect([tally.cut, ours.length > PAUSES / 4]).toEqual([0, true]);
});

/** One command of the program that ships, beside others. */
function command(
  home: string,
  ...argv: readonly string[]
): Promise<{ readonly exit: number | null; readonly said: string }> {
  return new Promise((resolve, reject) => {
    const env = { CODEX_HOME: home, HOME: root, PATH: join(root, "bin") };
    const all = [BIN, ...argv, "--codex-version", "0.169.0"];
    const child = spawn(process.execPath, all, { env, cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
    child.on("error", reject).on("close", (exit) => resolve({ exit, said }));
  });
}

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
