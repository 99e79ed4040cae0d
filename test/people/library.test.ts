/** The programs of examples/library as a user has them: beside the packed package in an empty folder, checked and run. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Person, person } from "./terminal.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const EXAMPLES = join(ROOT, "examples/library");
const NAMES = readdirSync(EXAMPLES).map((name) => name.replace(/\.ts$/, ""));

const scratch = mkdtempSync(join(tmpdir(), "codex-cfg-library-"));
const folder = join(scratch, "empty");

/** What a strict user has; the types of Node are those that are here. */
const TSCONFIG = {
  compilerOptions: {
    target: "ES2022",
    module: "NodeNext",
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    skipLibCheck: false,
    types: ["node"],
    typeRoots: [join(ROOT, "node_modules/@types")],
    noEmitOnError: true,
    outDir: "out",
  },
  include: ["*.ts"],
};

beforeAll(() => {
  const { name, version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  // Built a moment ago: a build of its own would pull dist away from under the other tests.
  run("npm", ["pack", "--ignore-scripts", "--pack-destination", scratch], ROOT);
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  const tarball = join(scratch, `${name}-${version}.tgz`);
  run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", tarball], folder);
  cpSync(EXAMPLES, folder, { recursive: true });
  writeFileSync(join(folder, "page.ts"), programOf("docs/library.md"));
  writeFileSync(join(folder, "readme.ts"), programOf("README.md"));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(TSCONFIG));
}, 300_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The blocks of TypeScript of a page, which are one program. */
function programOf(page: string): string {
  const text = readFileSync(join(ROOT, page), "utf8");
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, block]) => block).join("\n");
}

function run(file: string, args: readonly string[], cwd: string): void {
  const { status, stderr, stdout } = spawnSync(file, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${file} ${args.join(" ")}: ${stdout}${stderr}`);
}

function tsc(...args: readonly string[]) {
  const file = join(ROOT, "node_modules/typescript/bin/tsc");
  return spawnSync(process.execPath, [file, "-p", ".", ...args], { cwd: folder, encoding: "utf8" });
}

function program({ env, root }: Person, name: string, ...args: readonly string[]) {
  const file = join(folder, "out", `${name}.js`);
  // No Codex but one that the test puts there.
  const options = { cwd: folder, env: { ...env, PATH: join(root, "bin") }, encoding: "utf8" } as const;
  const { status, stderr, stdout } = spawnSync(process.execPath, [file, ...args], options);
  expect(status, stderr).toBe(0);
  return stdout;
}

describe("the programs", () => {
  test.each(NAMES)("%s is short, and imports the library as a user writes it", (name) => {
    const text = readFileSync(join(EXAMPLES, `${name}.ts`), "utf8");
    expect(text.split("\n").length - 1).toBeLessThan(25);
    const imported = [...text.matchAll(/ from "([^"]+)";/g)].map(([, from]) => from);
    expect(imported.filter((from) => !from?.startsWith("node:"))).toEqual(["codex-cfg"]);
  });

  test("and those of the pages pass the strictest check of their types, which a wrong one does not", () => {
    const { status, stdout } = tsc();
    expect(status, stdout).toBe(0);
    writeFileSync(
      join(folder, "wrong.ts"),
      'import { openHome, toggleServers } from "codex-cfg";\nawait toggleServers(openHome(), { enabled: "no" });\n',
    );
    try {
      expect(tsc("--noEmit").stdout).toMatch(/^wrong\.ts\(2,\d+\): error TS2322: Type 'string' .* 'boolean'/);
    } finally {
      rmSync(join(folder, "wrong.ts"));
    }
  });

  const server = '# mine\n[mcp_servers.docs]\ncommand = "docs"\n';
  test.each([
    ["apply-http-sse", [], server, /^\+supports_websockets = false$/m],
    ["toggle-server", ["docs", "off"], server, /^\+enabled = false$/m],
    ["migrate", [], `${server}\n[profiles.work]\nmodel = "b"\n`, /^\+\+\+ b\/work\.config\.toml$/m],
    ["fix", [], `approval_policy = "untrusted"\n${server}`, /^-approval_policy/m],
  ] as const)("%s shows the change, makes it when told to, and revert takes it back", (name, args, text, line) => {
    const who = person({ "config.toml": text });
    const config = () => readFileSync(join(who.home, "config.toml"), "utf8");
    const shown = program(who, name, who.home, ...args);
    expect(shown).toMatch(line);
    expect([config(), readdirSync(who.home)]).toEqual([text, ["config.toml"]]);
    expect(program(who, name, who.home, ...args, "--write")).toBe(shown);
    expect(config()).not.toBe(text);
    expect(program(who, name, who.home, ...args, "--write")).toBe("");
    expect(program(who, "revert", who.home)).toMatch(/^--- /);
    expect(config()).not.toBe(text);
    program(who, "revert", who.home, "--write");
    expect(config()).toBe(text);
    expect(program(who, "revert", who.home, "--write")).toBe("");
  });

  test("check and read look at a file alone", () => {
    const who = person({ "config.toml": server });
    expect(program(who, "check", join(who.home, "config.toml"))).toBe("Codex starts with this\n");
    expect(program(who, "read", join(who.home, "config.toml"))).toBe("docs: on\n");
  });
});
