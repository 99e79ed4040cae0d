/**
 * A command dies at any of its calls, on the disk in memory, and then people go on: they look, with every verb that
 * looks, and they type the same command again. Looking names what is half made and changes nothing; the same command
 * finishes it, once.
 */
import { expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import type { MemoryDisk } from "../memory-disk.ts";
import { memoryHost } from "../memory-host.ts";
import { isDrawn, isSample } from "../sample.js";
import { HOME, litter, onDisk, world } from "../store/world.ts";
import { count, figures } from "./figures.ts";
import { ANSWERING, READERS, SCENES, type Scene } from "./scenes.ts";

const tally = { deaths: 0, midway: 0, again: 0, twice: 0, looks: 0, back: 0, left: 0, mixed: 0, wrong: 0 };
figures(
  "kill-again",
  () =>
    `${count(tally.again + tally.twice + tally.looks + tally.back)} cases: ${count(tally.deaths)} deaths in ${SCENES.length} commands, ` +
    `${count(tally.midway)} midway; the same command again after each, ${count(tally.twice)} times after a second death, ` +
    `${count(tally.looks)} looks, ${count(tally.back)} ways back: ${tally.left} left, ${tally.mixed} mixed, ${tally.wrong} wrong words`,
);

type Ran = { readonly exit: number; readonly said: string };

/** One process; what it prints on both streams. */
async function run(
  disk: MemoryDisk,
  { culprit = "", version = "0.169.0" }: Scene,
  argv: readonly string[],
): Promise<Ran> {
  const fails = () => isOn(disk.text(`${HOME}/config.toml`) ?? "", culprit);
  const host = memoryHost({
    disk,
    run: () => ({ status: fails() ? 1 : 0, stdout: "", stderr: "", timedOut: false }),
  });
  const at = argv.includes("--") ? argv.indexOf("--") : argv.length;
  const exit = await main([...argv.slice(0, at), "--codex-version", version, ...argv.slice(at)], host);
  return { exit, said: `${host.printed.out}${host.printed.err}` };
}

function isOn(config: string, server: string): boolean {
  const [, table = ""] = config.split(`[mcp_servers.${server}]`);
  return !(table.split("\n[")[0] ?? "").includes("enabled = false");
}

/** What Codex would read. */
const filesOf = (disk: MemoryDisk) => {
  const names = disk.tree(HOME).filter((path) => path.endsWith(".toml") && !path.includes("/.codex-cfg/"));
  return Object.fromEntries(names.map((path) => [path, `${disk.look(path)?.mode} ${disk.text(path)}`]));
};
const everything = (disk: MemoryDisk) =>
  disk.tree("/home").map((path) => [path, disk.text(path), disk.look(path)?.mode]);
const entriesOf = (disk: MemoryDisk) => onDisk(disk).store.history().entries.length;
const isMidway = (disk: MemoryDisk) =>
  onDisk(disk)
    .store.pending()
    .some(({ committed }) => committed);

/** Counted as broken until everything that is promised has been seen. */
function promised(kind: "left" | "mixed" | "wrong", check: () => void): void {
  tally[kind] += 1;
  check();
  tally[kind] -= 1;
}

type Undisturbed = {
  /** Before anything was done, before the command, and after it. */
  readonly origin: MemoryDisk;
  readonly start: MemoryDisk;
  readonly done: MemoryDisk;
  /** What the command says, and what it says when it is typed once more. */
  readonly once: Ran;
  readonly again: Ran;
};

async function undisturbed(scene: Scene): Promise<Undisturbed> {
  const { disk } = world();
  for (const [name, text] of Object.entries(scene.files))
    disk.put(`${HOME}/${name}`, text, { mode: name === "config.toml" ? 0o640 : 0o600 });
  const origin = disk.clone();
  for (const argv of scene.before ?? []) {
    disk.now += 60_000;
    expect(await run(disk, scene, argv)).toMatchObject({ exit: 0 });
  }
  disk.now += 60_000;
  const done = disk.clone();
  const once = await run(done, scene, scene.argv);
  const last = done.clone();
  last.now += 60_000;
  return { origin, start: disk, done, once, again: await run(last, scene, scene.argv) };
}

/** Dies when this call is done, and somebody comes at once; undefined when the command ended before. */
async function diedAt(start: MemoryDisk, scene: Scene, k: number): Promise<MemoryDisk | undefined> {
  const disk = start.clone();
  disk.failAt(k, "die-after");
  await run(disk, scene, scene.argv);
  const met = disk.mutations >= k;
  disk.revive();
  disk.now += 5;
  return met ? disk : undefined;
}

/** What a command moves is in one file or another, whenever somebody looks. */
function expectSomewhere(disk: MemoryDisk, { moves = [] }: Scene): void {
  const texts = Object.values(filesOf(disk)).join("\n");
  promised("mixed", () => expect(moves.filter((text) => !texts.includes(text))).toEqual([]));
}

/** The same command makes all of it, once, and leaves nothing besides. */
async function typeAgain(crashed: MemoryDisk, scene: Scene, { again, done, once }: Undisturbed): Promise<void> {
  const midway = isMidway(crashed);
  const disk = crashed.clone();
  const { exit, said } = await run(disk, scene, scene.argv);
  promised("mixed", () => expect(filesOf(disk), said).toEqual(filesOf(done)));
  promised("left", () => expect([litter(disk), entriesOf(disk)], said).toEqual([[], entriesOf(done)]));
  promised("wrong", () => {
    expect([once.exit, again.exit], said).toContain(exit);
    expect(said).not.toMatch(/somebody else|bug in codex-cfg|nothing was written/);
    if (midway) expect(said).toContain("was found and completed");
    if (scene.says) expect(said).toMatch(scene.says);
  });
}

/** Who looks is told of a change that is half made, by its id and what to do, and of nothing else; nothing moves. */
async function look(crashed: MemoryDisk, scene: Scene): Promise<void> {
  const pending = onDisk(crashed)
    .store.pending()
    .filter(({ committed }) => committed);
  for (const argv of READERS) {
    const disk = crashed.clone();
    const { exit, said } = await run(disk, scene, argv);
    tally.looks += 1;
    const whole = crashed.clone();
    onDisk(whole).store.recover();
    const { exit: usual } = await run(whole, scene, argv);
    promised("wrong", () => {
      expect(everything(disk), argv.join(" ")).toEqual(everything(crashed));
      const named = /interrupted midway|"committed": true/.test(said);
      expect(named, `${argv.join(" ")}\n${said}`).toBe(pending.length > 0);
      for (const { id } of pending) expect(said, argv.join(" ")).toContain(id);
      expect(exit, argv.join(" ")).toBe(pending.length > 0 && ANSWERING.includes(argv[0] ?? "") ? 1 : usual);
    });
  }
}

async function goBack(crashed: MemoryDisk, scene: Scene, { origin }: Undisturbed): Promise<void> {
  const disk = crashed.clone();
  const { exit, said } = await run(disk, scene, scene.back ?? ["revert", "--all"]);
  tally.back += 1;
  promised("mixed", () => expect([exit, filesOf(disk)], said).toEqual([0, filesOf(origin)]));
  promised("left", () => expect(litter(disk), said).toEqual([]));
}

/** Once its last lock is gone a command has nothing left to do but to say so. */
const isOver = (disk: MemoryDisk, { done }: Undisturbed) =>
  litter(disk).length === 0 && entriesOf(disk) === entriesOf(done);

async function dieEverywhere(scene: Scene): Promise<void> {
  const all = await undisturbed(scene);
  const seen = new Set<boolean>();
  for (let k = 1; ; k++) {
    const crashed = await diedAt(all.start, scene, k);
    if (crashed === undefined) break;
    const midway = isMidway(crashed);
    // Deaths midway are few, and a sample has them, too.
    if (isOver(crashed, all) || !(midway || isDrawn(`${scene.name} ${k}`))) continue;
    seen.add(midway);
    tally.deaths += 1;
    if (midway) tally.midway += 1;
    expectSomewhere(crashed, scene);
    // Before the point of no return nobody sees more than a lock and a draft, at whatever call.
    if (midway || k % 6 === 0) await look(crashed, scene);
    await typeAgain(crashed, scene, all);
    tally.again += 1;
    await goBack(crashed, scene, all);
    for (let j = 1 + (k % 7); midway; j += 7) {
      const second = await diedAt(crashed, scene, j);
      if (second === undefined) break;
      expectSomewhere(second, scene);
      if (isOver(second, all)) continue;
      await typeAgain(second, scene, all);
      tally.twice += 1;
    }
  }
  expect([...seen].sort()).toEqual([false, true]);
}

test.each(SCENES)("$name: the same command finishes it, once, and who looks is told, wherever it died", dieEverywhere);

test("nothing was left, mixed or said wrongly, and the sweep has covered what it claims", () => {
  expect([tally.left, tally.mixed, tally.wrong]).toEqual([0, 0, 0]);
  if (!isSample) expect(tally.again + tally.looks).toBeGreaterThan(3000);
});
