/**
 * The command line in a temporary home: runs it in this process with its own environment, clock and terminal, and
 * remembers what it printed. With `STORY_PROGRAM=dist` it runs the program that ships, as a process; there is no terminal
 * then and no other machine. The clock stands still, in the future, so that no file is ever freshly written.
 */
import { spawn } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { expect, onTestFinished, TestRunner } from "vitest";
import { main } from "../src/cli/main.ts";
import type { Choice, Host } from "../src/host/host.ts";
import { realHost } from "../src/host/node/host.ts";

export type Ran = { readonly exit: number; readonly out: string; readonly err: string };

export type Story = {
  /** The Codex home. */
  readonly home: string;
  /** Its parent, for whatever else a story needs. */
  readonly root: string;
  readonly env: Record<string, string>;
  /** Answers to the questions asked, in order, values with a space between for a list; with any, the terminal is interactive. */
  readonly answers: string[];
  /** What standard input holds. */
  stdin: string;
  cwd: string;
  /** The terminal that standard output is, if it is one, or standard error. */
  screen: { readonly columns: number; readonly outIsTty: boolean; readonly errIsTty?: boolean };
  /** What this machine is instead of the real one; no program runs on it and no port answers unless told. */
  readonly world: Partial<
    Mutable<Pick<Host, "platform" | "programs" | "listens" | "query" | "answerCache" | "cache" | "userHome">>
  >;
  /** Nearly every story names its release, and so does every command that it is told: that much is left out. */
  run(...argv: string[]): Promise<Ran>;
  /** What is printed to the letter. */
  runRaw(...argv: string[]): Promise<Ran>;
  /** A command that dies as it makes this call: the nth `rename` or `link` on the home, the first is 1. */
  die(call: "rename" | "link", nth: number, ...argv: string[]): Promise<void>;
  /** Writes a file below the home; `mode` 0600 unless told. */
  write(name: string, text: string | Uint8Array, mode?: number): void;
  read(name: string): string;
  /** Every file of the home but the state folder: mode and bytes, or where a link leads. */
  files(): Record<string, string>;
  /** Puts a `codex` on the PATH that says its version and answers every other question with `exit` and `stderr`. */
  installCodex(version: string, script?: string): void;
};

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The answer of somebody who presses Ctrl-C at a list. */
export const LEAVE = "^C";

let isDocument: ValidateFunction | undefined;

/** Whatever a story prints under `--json` is one document of the schema. */
function expectDocument(out: string): void {
  const read = (name: string) =>
    JSON.parse(readFileSync(new URL(`../schemas/${name}.schema.json`, import.meta.url), "utf8"));
  isDocument ??= new Ajv2020({ strict: true, allowUnionTypes: true }).compile(read("output"));
  expect(isDocument(JSON.parse(out)) ? [] : isDocument.errors, out).toEqual([]);
}

const NOW = Date.UTC(2030, 0, 2, 3, 4, 5);

const PIPE = { columns: 80, outIsTty: false };
const QUIET: Story["world"] = { programs: () => [], listens: async () => false };
/** What a process sees of the real machine, whatever a test would put in its place. */
const SEEN_ALONE = ["platform", "programs", "listens", "query", "userHome"] as const;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const SHIPPED = ["--require", here("fixed-clock.cjs"), "--require", here("killed-at.cjs"), here("../dist/bin.cjs")];
/** What a story runs: the source in this process, or the program that ships in one of its own. */
export type Subject = "source" | "dist";
const SUBJECT: Subject = process.env.STORY_PROGRAM === "dist" ? "dist" : "source";
/** Kept from one story to the next: compiling is most of what a short command costs. */
const CACHE = here("../.cache/stories");

/** A home that is gone when the test is. No Codex is found unless one is installed into it. */
export function story(files: Readonly<Record<string, string>> = {}, subject: Subject = SUBJECT): Story {
  const root = mkdtempSync(join(tmpdir(), "codex-cfg-story-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const home = join(root, "home");
  const work = join(root, "work");
  mkdirSync(home);
  mkdirSync(work);
  mkdirSync(join(root, "tmp"));
  const env: Record<string, string> = { CODEX_HOME: home, PATH: join(root, "bin"), HOME: root };
  const answers: string[] = [];
  const self: Story = {
    home,
    root,
    env,
    answers,
    stdin: "",
    cwd: work,
    screen: PIPE,
    world: { ...QUIET },
    async run(...argv) {
      const { err, exit, out } = await self.runRaw(...argv);
      const release = argv[argv.indexOf("--codex-version") + 1];
      const own = argv.slice(0, argv.includes("--") ? argv.indexOf("--") : argv.length);
      if (own.includes("--json") && own[0] !== "__complete") expectDocument(out);
      const short = (text: string) => text.replaceAll(`codex-cfg --codex-version ${release} `, "codex-cfg ");
      return { exit, out: short(out), err: short(err) };
    },
    async runRaw(...argv) {
      if (subject === "dist") return runShipped(self, argv);
      const printed = { out: "", err: "" };
      const host = hostFor(self, printed);
      const exit = await main(argv, host);
      return { exit, ...printed };
    },
    async die(call, nth, ...argv) {
      if (subject === "dist") await runShipped(self, argv, { call, nth });
      else await main(argv, dying(hostFor(self, { out: "", err: "" }), call, nth));
    },
    write(name, text, mode = 0o600) {
      const path = join(home, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      chmodSync(path, mode);
    },
    read: (name) => readFileSync(join(home, name), "utf8"),
    files: () => snapshot(home),
    installCodex(version, script = "exit 0") {
      const launcher = join(root, "lib", "node_modules", "@openai", "codex", "bin", "codex.js");
      mkdirSync(dirname(launcher), { recursive: true });
      mkdirSync(join(root, "bin"), { recursive: true });
      writeFileSync(join(dirname(launcher), "..", "package.json"), JSON.stringify({ name: "@openai/codex", version }));
      writeFileSync(launcher, `#!/bin/sh\n${script}\n`);
      chmodSync(launcher, 0o755);
      rmSync(join(root, "bin", "codex"), { force: true });
      symlinkSync(launcher, join(root, "bin", "codex"));
    },
  };
  for (const [name, text] of Object.entries(files)) self.write(name, text);
  return self;
}

/** A process of its own: nothing that it would do after its death happens, and nobody is alive by its name. */
function dying(host: Host, call: "rename" | "link", nth: number): Host {
  let calls = 0;
  let isDead = false;
  const disk = new Proxy(host.disk, {
    get:
      (real, name: keyof Host["disk"]) =>
      (...args: unknown[]) => {
        if (name === call) calls += 1;
        isDead ||= name === call && calls === nth;
        if (isDead) throw new Error("dead");
        return (real[name] as (...args: unknown[]) => unknown)(...args);
      },
  });
  return Object.create(host, { disk: { value: disk }, self: { value: { ...host.self, pid: 2 ** 22 + 1 } } }) as Host;
}

function runShipped(
  { answers, cwd, env, root, screen, stdin, world }: Story,
  argv: readonly string[],
  death: { readonly call: string; readonly nth: number } | null = null,
): Promise<Ran> {
  if (answers.length > 0 || screen !== PIPE) skip("a terminal");
  if (SEEN_ALONE.some((part) => world[part] !== QUIET[part])) skip("another machine");
  mkdirSync(CACHE, { recursive: true });
  const killed = death && { STORY_KILLED_AT: `${death.call} ${death.nth}` };
  const own = { ...env, ...killed, STORY_NOW: String(NOW), XDG_CACHE_HOME: CACHE, TMPDIR: join(root, "tmp") };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...SHIPPED, ...argv], { cwd, env: own });
    child.stdin.on("error", () => {}).end(stdin);
    const printed = { out: "", err: "" };
    child.stdout.setEncoding("utf8").on("data", (text) => (printed.out += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (printed.err += text));
    child.on("error", reject).on("close", (exit) => resolve({ exit: exit ?? -1, ...printed }));
  });
}

function skip(needs: string): void {
  TestRunner.getCurrentTest()?.context.skip(`needs ${needs}`);
}

export function hostFor(
  { answers, cwd, env, root, screen, stdin, world }: Story,
  printed: { out: string; err: string },
): Host {
  if (SUBJECT === "dist") skip("a host of its own");
  const real = realHost();
  return Object.create(real, {
    userHome: { value: root },
    cache: { value: null },
    tmp: { value: join(root, "tmp") },
    ...Object.fromEntries(Object.entries(world).map(([name, value]) => [name, { value }])),
    env: { value: env },
    cwd: { value: cwd },
    now: { value: () => NOW },
    timestamp: { value: () => new Date(NOW).toISOString() },
    terminal: {
      value: {
        interactive: answers.length > 0,
        errIsTty: false,
        ...screen,
        out: (text: string) => {
          printed.out += text;
        },
        err: (text: string) => {
          printed.err += text;
        },
        ask: async (question: string, look?: { readonly hidden: boolean }) => {
          printed.err += look?.hidden ? `${question}(hidden) ` : question;
          return answers.shift() ?? null;
        },
        read: async (limit: number) => (stdin.length > limit ? null : stdin),
        pick: async (question: string, choices: readonly Choice[]) => {
          printed.err += `${question}\n${choices.map(({ about, label }) => `- ${label} (${about})\n`).join("")}`;
          const answer = answers.shift() ?? LEAVE;
          const words = answer === LEAVE ? null : answer.split(" ").filter(Boolean);
          const unknown = words?.find((word) => !choices.some(({ value }) => value === word));
          if (unknown !== undefined) throw new Error(`not on the list: ${unknown}`);
          return words;
        },
      },
    },
  }) as Host;
}

function snapshot(folder: string, prefix = ""): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(folder).sort()) {
    if (prefix === "" && name === ".codex-cfg") continue;
    const path = join(folder, name);
    const stat = lstatSync(path);
    if (stat.isDirectory()) Object.assign(found, snapshot(path, `${prefix}${name}/`));
    else if (stat.isSymbolicLink()) found[prefix + name] = `-> ${readlinkSync(path)}`;
    else found[prefix + name] = `${(stat.mode & 0o777).toString(8)} ${readFileSync(path).toString("latin1")}`;
  }
  return found;
}
