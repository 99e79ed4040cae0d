/** State folders that 0.1.0 wrote are listed, finished, carried on and taken back to the byte; see test/state-0.1.0/README.md. */
import * as fs from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import type { Host, ProcessIdentity } from "../../src/host/host.ts";
import { hostFor, type Ran, story } from "../story.ts";
import { litterIn } from "./litter.ts";
import { open } from "./world.ts";

const SAMPLES = fileURLToPath(new URL("../state-0.1.0", import.meta.url));
const NEW = ["--codex-version", "0.169.0"];
const OLD = ["--codex-version", "0.130.0"];
const LONG_AGO = new Date(Date.UTC(2026, 0, 1));
/** Soon after the samples were made, or history would forget the oldest entries of a home on the way. */
const NOW = Date.UTC(2026, 10, 30);

/** The machine on which the samples were made, by the names that they give it. Who made them is gone. */
const SELF: ProcessIdentity = {
  pid: 77,
  start: "77",
  host: "box",
  machineId: "m1",
  bootId: "b1",
  pidNamespace: "pid:[1]",
};

type Files = Readonly<Record<string, string>>;

/** The files of a folder but the state folder, and what a process left half done; their bytes as characters. */
function filesIn(folder: string): Files {
  const names = fs.readdirSync(folder).filter((name) => !/codex-cfg$|\.tmp$/.test(name));
  return Object.fromEntries(names.map((name) => [name, fs.readFileSync(join(folder, name), "latin1")]));
}

const sample = (name: string, part: "home" | "expected"): Files => filesIn(join(SAMPLES, name, part));

/** A home as 0.1.0 left it, and commands there, each a process of its own. */
function layOut(name: string) {
  const tale = story();
  const state = join(tale.home, ".codex-cfg");
  fs.cpSync(join(SAMPLES, name, "home"), tale.home, { recursive: true });
  fs.renameSync(join(tale.home, "codex-cfg"), state);
  fs.renameSync(join(state, "gitignore"), join(state, ".gitignore"));
  for (const name of fs.readdirSync(tale.home, { recursive: true }) as string[]) {
    const path = join(tale.home, name);
    const isFolder = fs.statSync(path).isDirectory();
    fs.chmodSync(path, isFolder ? 0o700 : 0o600);
    if (!isFolder) fs.utimesSync(path, LONG_AGO, LONG_AGO);
  }
  // Folders that were empty, which git does not keep.
  for (const folder of ["tx", "history"]) fs.mkdirSync(join(state, folder), { recursive: true, mode: 0o700 });
  const processOn = (printed: { out: string; err: string }): Host =>
    Object.create(hostFor(tale, printed), {
      self: { value: SELF },
      now: { value: () => NOW },
      timestamp: { value: () => new Date(NOW).toISOString() },
      startOf: { value: (pid: number) => (pid === SELF.pid ? SELF.start : null) },
    });
  const run = async (...argv: readonly string[]): Promise<Ran> => {
    const printed = { out: "", err: "" };
    return { exit: await main(argv, processOn(printed)), ...printed };
  };
  const store = open(processOn({ out: "", err: "" }), tale.home);
  return { home: tale.home, run, store, files: () => filesIn(tale.home) };
}

type Sample = {
  readonly name: string;
  readonly version?: readonly string[];
  /** What history tells, oldest first; ids left out. */
  readonly history: readonly string[];
  /** What takes everything back that is in force. */
  readonly back: readonly (readonly string[])[];
};

const ALL = ["revert", "--all", "-y"];
const SAMPLED: readonly Sample[] = [
  { name: "apply", history: ["apply http-sse"], back: [ALL] },
  { name: "apply-tables", version: OLD, history: ["apply http-sse"], back: [["revert", "http-sse", "-y"]] },
  { name: "apply-edited", history: ["apply http-sse"], back: [ALL] },
  { name: "migrate", history: ["migrate"], back: [["revert", "-y"]] },
  { name: "migrate-back", version: OLD, history: ["migrate"], back: [ALL] },
  { name: "isolate", history: ["mcp isolate docs"], back: [ALL] },
  {
    name: "bisect",
    history: ["mcp bisect start", "mcp bisect bad", "mcp bisect good"],
    back: [["mcp", "bisect", "reset", "-y"]],
  },
  {
    name: "several",
    history: ["apply http-sse", "set model_reasoning_effort", "mcp disable docs", "unset model"],
    back: [
      ["revert", "-y"],
      ["revert", "http-sse", "-y"],
      ["revert", "-y"],
      ["revert", "-y"],
    ],
  },
  { name: "reverted", history: ["apply http-sse", "revert"], back: [] },
  { name: "redone", history: ["apply http-sse", "revert", "revert"], back: [ALL] },
  { name: "skipped", history: ["apply http-sse", "revert"], back: [["revert", "http-sse", "--force", "-y"]] },
  { name: "killed-before", history: [], back: [] },
  { name: "killed-after", history: ["apply http-sse"], back: [ALL] },
  { name: "conflict", history: [], back: [] },
];

test("there is no sample that nobody tries", () => {
  const names = fs.readdirSync(SAMPLES).filter((name) => name !== "README.md");
  expect(SAMPLED.map(({ name }) => name).sort()).toEqual(names.sort());
});

test.each(SAMPLED)("$name: history tells all of it, and everything goes back to the byte", async (sampled) => {
  const { name, history, back, version = NEW } = sampled;
  const { files, home, run, store } = layOut(name);
  store.recover();
  const { entries, damaged, newer } = store.history();
  expect([entries.map(({ command }) => command.replace(/^(revert) .*/, "$1")), damaged, newer]).toEqual([
    history,
    [],
    [],
  ]);
  for (const { id, files } of entries) {
    expect(store.images(id).map(({ file }) => file)).toEqual(files.map(({ file }) => file));
    expect((await run("show", id, ...version)).exit).toBe(0);
  }
  const listed = (await run("history")).out
    .split("\n")
    .filter((line) => !line.includes("  changed by others"))
    .slice(0, -1);
  expect(listed.map((line) => line.split("  ")[0])).toEqual(entries.map(({ id }) => id).reverse());
  for (const argv of back) expect(await run(...argv, ...version)).toMatchObject({ exit: 0 });
  expect(files()).toEqual(sample(name, "expected"));
  expect([litterIn(home), store.pending()]).toEqual([[], []]);
  expect(await run("revert", "-y", ...version)).toEqual({ exit: 0, out: "", err: "nothing to revert\n" });
  expect(files()).toEqual(sample(name, "expected"));
});

const ONE_WAY_BACK = SAMPLED.filter(({ back }) => back.length === 1);

test.each(ONE_WAY_BACK)("$name: the way back can be taken back", async ({ name, back, version = NEW }) => {
  const { files, run, store } = layOut(name);
  store.recover();
  const before = files();
  for (const argv of back) await run(...argv, ...version);
  expect(files()).not.toEqual(before);
  await run("revert", store.history().entries.at(-1)?.id ?? "", "-y", ...version);
  expect(files()).toEqual(before);
});

test("reverted: what was taken back can be done again", async () => {
  const { files, run, store } = layOut("reverted");
  await run("revert", store.history().entries.at(-1)?.id ?? "", "-y", ...NEW);
  expect(files()).toEqual(sample("apply", "home"));
});

test("bisect: the search goes on where it stood, and comes to its end", async () => {
  const { files, run } = layOut("bisect");
  const at = async (...argv: readonly string[]) =>
    JSON.parse((await run("mcp", "bisect", ...argv, "--json", ...NEW)).out);
  expect(await at("status")).toMatchObject({ on: ["git"], left: 1, verdict: null, answers: { length: 3 } });
  await run("mcp", "bisect", "bad", "-y", ...NEW);
  expect(await at("status")).toMatchObject({ on: ["docs", "web", "notes"], verdict: "found", culprits: ["git"] });
  await run("mcp", "bisect", "reset", "-y", ...NEW);
  expect(files()).toEqual(sample("bisect", "expected"));
});

test.each([
  { name: "killed-before", committed: false, outcome: "discarded", after: sample("killed-before", "expected") },
  { name: "killed-after", committed: true, outcome: "completed", after: sample("apply", "home") },
])(
  "$name: the journal is told, and the next command makes it all or nothing",
  ({ name, committed, outcome, after }) => {
    const { files, home, store } = layOut(name);
    const pending = { committed, damaged: false, newer: false, running: false, command: "apply http-sse" };
    expect(store.pending()).toMatchObject([{ ...pending, files: ["config", "profile:http_sse"] }]);
    expect(store.recover()).toMatchObject([{ outcome }]);
    expect([files(), litterIn(home), store.recover()]).toEqual([after, [], []]);
  },
);

test("killed-after: a writing command finishes it and makes its own change on top", async () => {
  const { files, run, store } = layOut("killed-after");
  expect((await run("set", "model", "x", "-y", ...NEW)).exit).toBe(0);
  expect(store.history().entries.map(({ command }) => command)).toEqual(["apply http-sse", "set model"]);
  expect(Object.keys(files())).toEqual(["config.toml", "http_sse.config.toml"]);
  await run("revert", "--all", "-y", ...NEW);
  expect(files()).toEqual(sample("killed-after", "expected"));
});
