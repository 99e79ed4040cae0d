/**
 * The same as `kill-again.test.ts` with real processes of the program that ships: killed at system calls, typed again,
 * and looked at. A sample, because each of them is a start of Node.
 */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { realHost } from "../../src/host/node/host.ts";
import { isDrawn } from "../sample.js";
import { scratch } from "../store/lanes.ts";
import { litterIn } from "../store/litter.ts";
import { open } from "../store/world.ts";
import { count, figures } from "./figures.ts";
import { ANSWERING, READERS, SCENES, type Scene } from "./scenes.ts";
import { BIN, type Call, callsOf, canTrace, killAt } from "./strace.ts";

const tally = { kills: 0, midway: 0, again: 0, looks: 0, left: 0, mixed: 0, wrong: 0 };
figures(
  "kill-processes",
  () =>
    (canTrace ? "" : "no strace: left out; ") +
    `${count(tally.again + tally.looks)} cases: ${tally.kills} processes killed, ${tally.midway} midway, the same command again ` +
    `after each, ${tally.looks} looks: ${tally.left} left, ${tally.mixed} mixed, ${tally.wrong} wrong words`,
);

/** How many calls of each command it is killed at. */
const CALLS = 16;
/** How many verbs look at what each death has left, in turn. */
const LOOKS = 2;

const NAMES = [
  "apply",
  "revert",
  "migrate of 7 files",
  "doctor --fix",
  "mcp isolate",
  "mcp bisect bad",
  "mcp bisect run",
];
const scenes = SCENES.filter(({ name }) => [...NAMES, "provider add", "auth-store set"].includes(name));

const root = scratch("processes");
/** Fails while the server `c` is on. Only what a shell does by itself, because nothing else is on the PATH. */
const TRY = join(root, "try");
fs.writeFileSync(
  TRY,
  `#!/bin/sh
while IFS= read -r line; do
  case "$line" in
    "[mcp_servers."*) at="$line" ;;
    "enabled = false") case "$at" in *.c]*) exit 0 ;; esac ;;
  esac
done < "$CODEX_HOME/config.toml"
exit 1
`,
  { mode: 0o755 },
);

type Ran = { readonly exit: number | null; readonly said: string };

const wordsOf = ({ version = "0.169.0" }: Scene, argv: readonly string[]): readonly string[] => {
  const at = argv.includes("--") ? argv.indexOf("--") : argv.length;
  return [...argv.slice(0, at), "--codex-version", version, ...argv.slice(at)].map((word) =>
    word === "try" ? TRY : word,
  );
};

function run(home: string, argv: readonly string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const env = { CODEX_HOME: home, HOME: root, PATH: join(root, "bin") };
    const child = spawn(process.execPath, [BIN, ...argv], { env, cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
    child.on("error", reject).on("close", (exit) => resolve({ exit, said }));
  });
}

function copyOf(template: string, name: string): string {
  const home = join(root, name);
  fs.rmSync(home, { recursive: true, force: true });
  fs.cpSync(template, home, { recursive: true, preserveTimestamps: true });
  return home;
}

const filesOf = (home: string) =>
  Object.fromEntries(
    fs
      .readdirSync(home)
      .filter((name) => name.endsWith(".toml"))
      .sort()
      .map((name) => [name, fs.readFileSync(join(home, name), "utf8")]),
  );
const everything = (home: string) =>
  (fs.readdirSync(home, { recursive: true }) as string[])
    .sort()
    .map((name) => [name, fs.statSync(join(home, name)).isFile() ? fs.readFileSync(join(home, name), "latin1") : ""]);

function promised(kind: "left" | "mixed" | "wrong", check: () => void): void {
  tally[kind] += 1;
  check();
  tally[kind] -= 1;
}

async function homeOf(scene: Scene, name: string): Promise<string> {
  const home = join(root, name);
  fs.mkdirSync(home);
  for (const [file, text] of Object.entries(scene.files)) {
    fs.writeFileSync(join(home, file), text);
    fs.utimesSync(join(home, file), 1, 1);
  }
  for (const argv of scene.before ?? []) expect(await run(home, wordsOf(scene, argv))).toMatchObject({ exit: 0 });
  return home;
}

/** Calls that change a name, and some of the others that write. */
function chosen(calls: readonly Call[]): readonly Call[] {
  const writes = calls.filter(
    ({ name, text }) => /^(rename|link|unlink|mkdir|fsync)/.test(name) || /O_CREAT/.test(text),
  );
  const from = writes.findIndex(({ text }) => text.includes("draft.json"));
  const last = writes.slice(from);
  const step = Math.max(1, last.length / CALLS);
  return last.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step)).slice(0, CALLS);
}

async function killEverywhere(scene: Scene, lane: string): Promise<void> {
  const start = await homeOf(scene, `${lane}-start`);
  const argv = wordsOf(scene, scene.argv);
  const done = copyOf(start, `${lane}-done`);
  const once = await run(done, argv);
  const calls = await callsOf({ home: copyOf(start, `${lane}-calls`), root, argv });
  const twice = await run(copyOf(done, `${lane}-twice`), argv);
  const entries = open(realHost(), done).history().entries.length;
  for (const [n, call] of chosen(calls).entries()) {
    if (!isDrawn(`${scene.name} ${n}`)) continue;
    const home = copyOf(start, `${lane}-home`);
    if (!(await killAt({ home, root, argv }, call))) continue;
    if (litterIn(home).length === 0 && open(realHost(), home).history().entries.length === entries) continue;
    const pending = open(realHost(), home)
      .pending()
      .filter(({ committed }) => committed);
    tally.kills += 1;
    tally.midway += pending.length;
    for (let i = 0; i < LOOKS; i++)
      await look(home, scene, READERS[(n * LOOKS + i) % READERS.length] ?? [], pending[0]?.id);
    const { exit, said } = await run(home, argv);
    tally.again += 1;
    promised("mixed", () => expect(filesOf(home), `${call.text}\n${said}`).toEqual(filesOf(done)));
    const known = open(realHost(), home).history();
    promised("left", () =>
      expect([litterIn(home), known.entries.length, known.damaged], call.text).toEqual([[], entries, []]),
    );
    promised("wrong", () => {
      expect([once.exit, ...(pending.length > 0 ? [twice.exit] : [])], said).toContain(exit);
      expect(said).not.toMatch(/somebody else|bug in codex-cfg|nothing was written/);
      if (pending.length > 0) expect(said).toContain("was found and completed");
      if (scene.says) expect(said).toMatch(scene.says);
    });
  }
}

async function look(home: string, scene: Scene, argv: readonly string[], midway: string | undefined): Promise<void> {
  const before = everything(home);
  const { exit, said } = await run(home, wordsOf(scene, argv));
  tally.looks += 1;
  promised("wrong", () => {
    expect(everything(home), argv.join(" ")).toEqual(before);
    expect(/interrupted midway|"committed": true/.test(said), `${argv.join(" ")}\n${said}`).toBe(midway !== undefined);
    if (midway !== undefined) expect(said, argv.join(" ")).toContain(midway);
    if (midway !== undefined && ANSWERING.includes(argv[0] ?? "")) expect(exit, argv.join(" ")).toBe(1);
  });
}

describe.skipIf(!canTrace)("as processes", () => {
  test("a command killed at a system call is finished by the same command, once, and who looks is told", async () => {
    const queue = [...scenes];
    const worker = async (lane: string) => {
      for (let scene = queue.shift(); scene !== undefined; scene = queue.shift())
        await killEverywhere(scene, `${lane}-${scene.name.replace(/\W+/g, "-")}`);
    };
    await Promise.all([worker("one"), worker("two")]);
    expect(tally.kills).toBeGreaterThan(0);
  });
});
