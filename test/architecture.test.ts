/**
 * The rules of the house over the text of src/. biome.rooms.jsonc says which room may import which and who may touch the
 * world; here stands what a linter does not look at, and that the linter refuses what it is there to refuse.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** What is made, never written. */
const MADE = ["node_modules", "dist", "coverage", ".cache", ".git"];

const BIOME = `${ROOT}node_modules/@biomejs/biome/bin/biome`;

const textOf = (name: string): string => readFileSync(`${ROOT}${name}`, "utf8");
const MODULES = filesBelow("src").filter((name) => name.endsWith(".ts"));

function filesBelow(folder: string): string[] {
  return readdirSync(`${ROOT}${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (MADE.includes(entry.name)) return [];
    if (entry.isDirectory()) return filesBelow(name);
    return entry.isFile() && !name.endsWith(".tgz") ? [name] : [];
  });
}

const RULES =
  "plugin|lint/(?:style/noRestricted\\w+|style/noExcessiveLinesPerFile|suspicious/noImportCycles|nursery/noJsRestrictedProperties)";

/** What these rules refuse below a folder that has the linter's configuration, as `file:line`. */
function lint(root: string) {
  const argv = ["lint", "--vcs-enabled=false", "--reporter=github", "--max-diagnostics=none", "src"];
  const { status, stdout } = spawnSync(process.execPath, [BIOME, ...argv], { cwd: root, encoding: "utf8" });
  const said = new RegExp(`^::error title=(?:${RULES}),file=([^,]+),line=(\\d+)`, "gm");
  const refused = [...stdout.matchAll(said)].map(([, file = "", line]) => `${relative(root, file)}:${line}`);
  return { status, refused: new Set(refused) };
}

describe("the linter", () => {
  test("has a row for every room, and nothing to say of any", () => {
    const rooms = [...textOf("biome.rooms.jsonc").matchAll(/"includes": \["src\/(\w+)[^"]*"\]/g)].map(
      ([, room]) => room,
    );
    expect(new Set(rooms)).toEqual(new Set(MODULES.map((name) => name.match(/^src\/(\w+)/)?.[1])));
    expect(lint(ROOT)).toEqual({ status: 0, refused: new Set() });
  });

  const REFUSED: Readonly<Record<string, string>> = {
    "src/toml/x.ts": `
      import { a } from "./value.ts";
      import type { A } from "../model/op.ts";
      import { join } from "node:path";
      import { b } from "../codex/facts.ts"; // refused
      import type { B } from "../home.ts"; // refused
      export * from "../plan/plan.ts"; // refused
      import "../store/store.ts"; // refused
      export const c = await import("../plan/plan.ts"); // refused
      import { d } from "../../test/story.ts"; // refused
      import { e } from "node:fs"; // refused
      import { f } from "fs"; // refused
      import { g } from "diff"; // refused
      import h from "left-pad"; // refused`,
    "src/store/x.ts": `
      import { a } from "../toml/value.ts"; // refused
      import { b } from "../host/host.ts";
      // process.exit(), new Date(), console.log
      export const words = "process.argv, Math.random()";
      export const isDate = (value: unknown): value is Date => value instanceof Date;
      export const own = (process: string, console: string): string => process + console;
      export const later = new Date(Math.max(1, 2));
      export const c = process.argv; // refused
      console.log("a"); // refused
      export const d = Date.now(); // refused
      export const e = new Date(); // refused
      export const f = Math.random(); // refused
      export const g = globalThis; // refused
      export const h = fetch("x"); // refused
      setTimeout(() => 1, 2); // refused`,
    "src/plan/x.ts": 'import { a } from "../machine/login.ts"; // refused',
    "src/model/x.ts": 'import { a } from "../host/host.ts"; // refused',
    "src/index.ts": 'export { a } from "./cli/main.ts"; // refused',
    "src/cli/x.ts": `
      import { Command } from "commander";
      import { a } from "../store/store.ts"; // refused
      import { b } from "../host/node/host.ts"; // refused`,
    "src/cli/commands/x.ts": `
      import { a } from "../context.ts";
      import { b } from "../../actions/revert.ts";
      import { c } from "../../store/store.ts"; // refused
      import { d } from "../../index.ts"; // refused`,
    "src/toml/ring.ts": 'export { a } from "./ring-too.ts"; // refused',
    "src/toml/ring-too.ts": 'export type { a } from "./ring.ts"; // refused',
    "src/toml/long.ts": `let a = 1; // refused${"\na = 2;".repeat(500)}`,
    "src/cli/commands/long.ts": `let a = 1; // refused${"\na = 2;".repeat(80)}`,
    "src/cli/commands/short.ts": `let a = 1;${"\na = 2;".repeat(79)}`,
  };

  test("refuses the lines that say so, and no other", () => {
    const root = mkdtempSync(join(tmpdir(), "codex-cfg-rooms-"));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    for (const name of ["biome.json", "biome.rooms.jsonc", "clock.grit"]) writeFileSync(join(root, name), textOf(name));
    for (const [file, text] of Object.entries(REFUSED)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    const wanted = Object.entries(REFUSED).flatMap(([file, text]) =>
      text.split("\n").flatMap((line, i) => (line.endsWith("// refused") ? [`${file}:${i + 1}`] : [])),
    );
    expect(lint(root).refused).toEqual(new Set(wanted));
  });
});

describe("every module", () => {
  /** What the linter reads over, each with an example. */
  const ODD: readonly (readonly [what: string, pattern: RegExp, example: string])[] = [
    ["a type in passing", /typeof import\(|import\("[^"]*"\)\.(?!then\b)/, 'type A = import("../plan/plan.ts").A;'],
    ["a name made of pieces", /import\(`/, "const a = await import(`../plan/plan.ts`);"],
    ["a detour", /"\.\/\.\./, 'import { a } from "./../plan/plan.ts";'],
    [
      "chance, beside a digest",
      /import (?!\{ createHash \} ).*"node:crypto"/,
      'import { randomBytes } from "node:crypto";',
    ],
  ];
  const oddIn = (text: string) => ODD.flatMap(([what, pattern]) => (pattern.test(text) ? [what] : []));

  test.each(MODULES)("%s begins with what it is, and imports nothing oddly", (name) => {
    const text = textOf(name);
    expect(text).toMatch(/^(#!.*\n)?\/[/*]/);
    if (!/^src\/(?:bin\.ts|host\/node\/)/.test(name)) expect(oddIn(text)).toEqual([]);
  });

  test.each(ODD)("is told %s", (what, _, example) => {
    expect(oddIn(example)).toEqual([what]);
  });

  test("has a seam that holds no code, only types", () => {
    expect(textOf("src/host/host.ts")).not.toMatch(/^export (?!type |interface )/m);
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
