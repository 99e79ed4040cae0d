/**
 * The rules of the house over the text of src/: which room may import which, and who may touch the world. A parser,
 * not a pattern, finds the names that a file takes from nowhere, so words in strings and comments count for nothing.
 */
import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** A module by its path below the root, `src/toml/scan.ts`. */
type Module = { readonly name: string; readonly text: string };

// --- the rules ------------------------------------------------------------------------------------------------------

/** The rooms from the top of the house down; a room imports those below its floor, and itself. */
const FLOORS: readonly (readonly string[])[] = [
  ["bin"],
  ["cli", "index"],
  ["actions"],
  ["doctor"],
  ["home"],
  ["check", "presets"],
  ["plan"],
  ["redact"],
  ["machine"],
  ["store", "codex"],
  ["toml"],
  ["findings"],
  ["text"],
  ["host"],
  ["model"],
];

/** What a room may not import although it lies below: the pure ones look at no machine, and the store knows bytes alone. */
const BARRED: Readonly<Record<string, readonly string[]>> = {
  cli: ["store", "toml", "host/node"],
  plan: ["machine", "store"],
  redact: ["machine", "store"],
  store: ["toml", "findings"],
  toml: ["findings"],
  findings: ["host"],
  text: ["host"],
};

/** Where each package may be imported, as the beginning of a module's name. */
const PACKAGES: Readonly<Record<string, string>> = {
  "@clack/prompts": "src/host/node/prompt.ts",
  commander: "src/cli/",
  cosmiconfig: "src/presets/preset-files.ts",
  diff: "src/plan/diff.ts",
  "smol-toml": "src/toml/read.ts",
};

/** The only modules that may touch the world. */
const EDGES = ["src/host/node/", "src/bin.ts"];
const isEdge = (name: string) => EDGES.some((edge) => name.startsWith(edge));

/** What of Node does nothing but compute. */
const PURE: Readonly<Record<string, readonly string[] | "all">> = { "node:path": "all", "node:crypto": ["createHash"] };

/** Names that are the world: free in a module, they are a way around the seam. */
const WORLD = ["process", "console", "fetch", "crypto", "performance", "globalThis", "global", "require", "module"];
const TIMERS = ["setTimeout", "setInterval", "setImmediate", "queueMicrotask"];

/** Written by scripts/build-schema.js. */
const GENERATED = "src/codex/config-type.ts";

const MAX_LINES = 500;
const MAX_COMMAND_LINES = 80;

// --- their judge ----------------------------------------------------------------------------------------------------

/** Everything that is wrong with one module by itself, in words. */
function judge(module: Module): string[] {
  return [...judgeImports(module), ...judgeEffects(module), ...judgeForm(module)];
}

function judgeImports(module: Module): string[] {
  const room = roomOf(module.name);
  return importsOf(module).flatMap(({ from, names }) => {
    if (from.startsWith("node:")) {
      const pure = PURE[from];
      const fine = isEdge(module.name) || pure === "all" || (pure && names.every((name) => pure.includes(name)));
      return fine ? [] : [`imports ${from}`];
    }
    if (!from.startsWith(".")) {
      const place = PACKAGES[from];
      return place !== undefined && module.name.startsWith(place) ? [] : [`imports the package ${from}`];
    }
    const target = resolve(module.name, from);
    if (!target.startsWith("src/")) return [`imports ${target}, which is not under src`];
    const other = roomOf(target);
    if (other === room) return [];
    const isBelow = floorOf(other) > floorOf(room);
    const isBarred = BARRED[room]?.some((place) => target.startsWith(`src/${place}/`)) ?? false;
    if (isBelow && !isBarred) return [];
    return [`imports ${other}, and ${room} may not`];
  });
}

/** How far down a room lies; an unknown one lies nowhere. */
function floorOf(room: string): number {
  return FLOORS.findIndex((floor) => floor.includes(room));
}

function judgeEffects(module: Module): string[] {
  if (isEdge(module.name)) return [];
  const code = codeOf(module, true);
  const names = [...WORLD, ...TIMERS].filter((name) => new RegExp(`\\bFREE_${name}\\b`).test(code));
  // A date made of a number or a text is a calculation; only one made of nothing asks the clock.
  const clock = /\bFREE_Date\s*\(\s*\)|\bnew FREE_Date\b(?!\s*\()|\bFREE_Date\.now\b/.test(code) ? ["Date"] : [];
  const chance = /\bFREE_Math\.random\b/.test(code) ? ["Math.random"] : [];
  return [...names, ...clock, ...chance].map((name) => `uses ${name}`);
}

function judgeForm({ name, text }: Module): string[] {
  const lines = text.split("\n").length - 1;
  if (name === GENERATED) return [];
  const limit = name.startsWith("src/cli/commands/") ? MAX_COMMAND_LINES : MAX_LINES;
  return [
    ...(lines > limit ? [`has ${lines} lines, and ${limit} are allowed`] : []),
    ...(/^(#!.*\n)?\/[/*]/.test(text) ? [] : ["does not begin with a comment"]),
    ...(name === "src/host/host.ts" && codeOf({ name, text }).trim() !== "" ? ["holds code, and not types alone"] : []),
  ];
}

/** Every ring of modules that import each other, types included; each is told once, from its first module on. */
function cyclesIn(modules: readonly Module[]): string[] {
  const targets = new Map(
    modules.map((module) => [
      module.name,
      importsOf(module).flatMap(({ from }) => (from.startsWith(".") ? [resolve(module.name, from)] : [])),
    ]),
  );
  const found = new Set<string>();
  const done = new Set<string>();
  const visit = (name: string, above: readonly string[]): void => {
    const start = above.indexOf(name);
    if (start >= 0) {
      const ring = above.slice(start);
      const first = ring.indexOf([...ring].sort()[0] ?? "");
      const turned = [...ring.slice(first), ...ring.slice(0, first)];
      found.add([...turned, turned[0]].join(" > "));
    }
    if (start >= 0 || done.has(name)) return;
    for (const target of targets.get(name) ?? []) visit(target, [...above, name]);
    done.add(name);
  };
  for (const name of targets.keys()) visit(name, []);
  return [...found].sort();
}

/** `src/cli/main.ts` is in the room cli, `src/home.ts` in the room home. */
function roomOf(name: string): string {
  return (
    name
      .replace(/^src\//, "")
      .split("/", 1)[0]
      ?.replace(/\.ts$/, "") ?? ""
  );
}

function resolve(from: string, to: string): string {
  return new URL(to, `file:///${from}`).pathname.slice(1);
}

type Import = { readonly from: string; readonly names: readonly string[] };

/** Imports and re-exports, of types as well, and what is loaded later. */
function importsOf({ text }: Module): Import[] {
  const still =
    /^(?:import|export)\s+(?:type\s+)?((?:\*\s+as\s+)?\w*(?:,\s*)?(?:\{[^}]*\}|\*)?)\s*from\s*["']([^"']+)["']/gm;
  const bare = /^import\s*["']([^"']+)["']/gm;
  const late = /\b(?:import|require)\s*\(\s*["'`]([^"'`]+)["'`]\s*\)/g;
  return [
    ...[...text.matchAll(still)].map(([, names = "", from = ""]) => ({ from, names: names.match(/\w+/g) ?? [] })),
    ...[bare, late].flatMap((pattern) => [...text.matchAll(pattern)].map(([, from = ""]) => ({ from, names: ["*"] }))),
  ];
}

/** What is left of a module without types and comments; free names of the world are marked when asked for. */
function codeOf({ name, text }: Module, mark = false): string {
  const define = Object.fromEntries([...WORLD, ...TIMERS, "Date", "Math"].map((word) => [word, `FREE_${word}`]));
  return transformSync(text, {
    loader: "ts",
    format: "esm",
    sourcefile: name,
    minifyWhitespace: true,
    legalComments: "none",
    ...(mark ? { define } : {}),
  }).code;
}

// --- the house ------------------------------------------------------------------------------------------------------

/** What is made, never written. */
const MADE = ["node_modules", "dist", "coverage", ".cache", ".git"];

function filesBelow(folder: string): string[] {
  return readdirSync(`${ROOT}${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (MADE.includes(entry.name)) return [];
    if (entry.isDirectory()) return filesBelow(name);
    return entry.isFile() && !name.endsWith(".tgz") ? [name] : [];
  });
}

const readModule = (name: string): Module => ({ name, text: readFileSync(`${ROOT}${name}`, "utf8") });
const MODULES = filesBelow("src")
  .filter((name) => name.endsWith(".ts"))
  .map(readModule);

describe("every module keeps the rules", () => {
  test("there are modules to look at, in every room", () => {
    expect(new Set(MODULES.map(({ name }) => roomOf(name)))).toEqual(new Set(FLOORS.flat()));
  });

  test.each(MODULES.map((module) => [module.name, module] as const))("%s", (_, module) => {
    expect(judge(module)).toEqual([]);
  });

  test("no module imports itself over others", () => {
    expect(cyclesIn(MODULES)).toEqual([]);
  });

  test("each import that the parser sees is seen by the judge", () => {
    for (const module of MODULES) {
      const parsed = [...codeOf(module).matchAll(/(?:^|[;}])(?:import|export)\b[^;"]*?"([^"]+)";/g)];
      const seen = importsOf(module).map(({ from }) => from);
      expect(seen, module.name).toEqual(expect.arrayContaining(parsed.map(([, from]) => from)));
    }
  });
});

describe("the text of the repository", () => {
  const escaped = (words: string): string => words.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  /** Folders of users that the tests make up. */
  const NOBODY = ["u", "dots", "you", "user"];

  /** Somebody's machine: this checkout, this user's folder, and the folder of anybody with a name of their own. */
  const personal = (text: string): string[] => {
    const own = [ROOT.slice(0, -1), `${homedir()}/`].filter(
      (path) => path.length > 3 && new RegExp(`(?<![\\w.~])${escaped(path)}`).test(text),
    );
    const users = [...text.matchAll(/(?:\/home\/|\/Users\/|\b[A-Z]:\\+Users\\+)(\w[\w.-]*)/g)];
    // The drive C of Windows is at the same place in every WSL.
    const elsewhere = text.match(/(?<![\w.~}])\/(?:root|work|workspace|mnt(?!\/c\b))\/[\w.]+/g) ?? [];
    return [...own, ...users.flatMap(([path, name = ""]) => (NOBODY.includes(name) ? [] : [path])), ...elsewhere];
  };

  test("names no path of somebody's machine", () => {
    const found = filesBelow("").flatMap((name) => {
      const text = readFileSync(`${ROOT}${name}`, "utf8");
      return personal(text).map((path) => `${name}: ${path}`);
    });
    expect(found).toEqual([]);
  });

  test("names no package registry", () => {
    const lock = readFileSync(`${ROOT}package-lock.json`, "utf8");
    const hosts = [...lock.matchAll(/"resolved": "https?:\/\/([^/"]+)/g)].map(([, host]) => host);
    expect(hosts).toEqual([]);
  });

  test.each(["/home/" + "alice/.codex", "C:\\Users\\" + "alice", "/root" + "/.codex", `${ROOT}src`])(
    "takes %s for somebody's machine",
    (path) => {
      expect(personal(`see ${path} for more`)).not.toEqual([]);
    },
  );

  test.each(["/home/u/.codex", "~/.codex", "$CODEX_HOME/config.toml", "https://example.com/root/x"])(
    "takes %s for nobody's machine",
    (path) => {
      expect(personal(`see ${path} for more`)).toEqual([]);
    },
  );
});

describe("the judge catches", () => {
  const first = "/** Says what it is. */\n";
  test.each([
    [
      "a room that looks up",
      "src/toml/x.ts",
      'import { a } from "../codex/facts.ts";',
      "imports codex, and toml may not",
    ],
    ["a type from above", "src/plan/x.ts", 'import type { A } from "../home.ts";', "imports home, and plan may not"],
    ["a re-export from above", "src/toml/x.ts", 'export * from "../plan/plan.ts";', "imports plan, and toml may not"],
    [
      "an import over several lines",
      "src/toml/x.ts",
      'import {\n  a,\n  b,\n} from "../plan/plan.ts";',
      "imports plan, and toml may not",
    ],
    ["an import for its effect", "src/toml/x.ts", 'import "../plan/plan.ts";', "imports plan, and toml may not"],
    [
      "an import that waits",
      "src/toml/x.ts",
      'const a = await import("../plan/plan.ts");',
      "imports plan, and toml may not",
    ],
    ["a type in passing", "src/toml/x.ts", 'type A = import("../plan/plan.ts").A;', "imports plan, and toml may not"],
    [
      "a store that knows TOML",
      "src/store/x.ts",
      'import { a } from "../toml/value.ts";',
      "imports toml, and store may not",
    ],
    [
      "a command that skips the road",
      "src/cli/x.ts",
      'import { a } from "../store/store.ts";',
      "imports store, and cli may not",
    ],
    [
      "a vocabulary that knows a room",
      "src/model/op.ts",
      'import { a } from "../toml/value.ts";',
      "imports toml, and model may not",
    ],
    [
      "a vocabulary that knows the world",
      "src/model/op.ts",
      'import { a } from "../host/host.ts";',
      "imports host, and model may not",
    ],
    [
      "a real host in a room",
      "src/cli/x.ts",
      'import { a } from "../host/node/host.ts";',
      "imports host, and cli may not",
    ],
    ["a library that talks", "src/index.ts", 'export { a } from "./cli/main.ts";', "imports cli, and index may not"],
    [
      "a pure room that looks",
      "src/plan/x.ts",
      'import { a } from "../machine/login.ts";',
      "imports machine, and plan may not",
    ],
    [
      "a test in the product",
      "src/cli/x.ts",
      'import { a } from "../../test/story.ts";',
      "imports test/story.ts, which is not under src",
    ],
    ["the disk", "src/store/x.ts", 'import { a } from "node:fs";', "imports node:fs"],
    ["another program", "src/codex/x.ts", 'import * as a from "node:child_process";', "imports node:child_process"],
    [
      "chance, beside a digest",
      "src/store/x.ts",
      'import { createHash, randomBytes } from "node:crypto";',
      "imports node:crypto",
    ],
    [
      "a package in the wrong place",
      "src/home.ts",
      'import { Command } from "commander";',
      "imports the package commander",
    ],
    ["a diff elsewhere in its room", "src/plan/x.ts", 'import { a } from "diff";', "imports the package diff"],
    ["a package nobody agreed on", "src/cli/x.ts", 'import a from "left-pad";', "imports the package left-pad"],
    ["the process", "src/cli/x.ts", "export const a = process.argv;", "uses process"],
    ["printing", "src/cli/x.ts", 'console.log("a");', "uses console"],
    ["the clock", "src/store/x.ts", "export const a = Date.now();", "uses Date"],
    ["a date of its own", "src/store/x.ts", "export const a = new Date();", "uses Date"],
    ["chance", "src/store/x.ts", "export const a = Math.random();", "uses Math.random"],
    ["a way around", "src/store/x.ts", "export const a = globalThis;", "uses globalThis"],
    ["the network", "src/codex/x.ts", 'export const a = fetch("x");', "uses fetch"],
    ["a timer", "src/store/x.ts", "setTimeout(() => 1, 2);", "uses setTimeout"],
    ["code in the seam", "src/host/host.ts", "export const a = 1;", "holds code, and not types alone"],
    ["a long file", "src/toml/x.ts", "\n".repeat(501), "has 502 lines, and 500 are allowed"],
    ["a long command", "src/cli/commands/x.ts", "\n".repeat(81), "has 82 lines, and 80 are allowed"],
  ])("%s", (_, name, text, verdict) => {
    expect(judge({ name, text: first + text })).toEqual([verdict]);
  });

  test("a file that says nothing of itself", () => {
    expect(judge({ name: "src/toml/x.ts", text: "export const a = 1;\n" })).toEqual(["does not begin with a comment"]);
    expect(judge({ name: "src/bin.ts", text: `#!/usr/bin/env node\n${first}` })).toEqual([]);
  });

  test("nothing in words, in names of its own, or in what only computes", () => {
    const text = `${first}import { join } from "node:path";
import { createHash } from "node:crypto";
// process.exit(), new Date(), console.log
export const words = "process.argv, Math.random()";
export const isDate = (value: unknown): value is Date => value instanceof Date;
export const own = (process: string, console: string): string => join(process, console);
export const size = Math.max(1, createHash("sha256").digest().length);
`;
    expect(judge({ name: "src/store/x.ts", text })).toEqual([]);
  });

  test("a ring of three, told once", () => {
    const module = (name: string, to: string): Module => ({
      name: `src/toml/${name}.ts`,
      text: `import "./${to}.ts";`,
    });
    expect(cyclesIn([module("b", "c"), module("a", "b"), module("c", "a"), module("d", "a")])).toEqual([
      "src/toml/a.ts > src/toml/b.ts > src/toml/c.ts > src/toml/a.ts",
    ]);
  });
});
