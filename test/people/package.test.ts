/** The package as people get it: what is in it, that it installs into an empty folder, and that it runs on each Node. */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { has } from "./install.ts";
import { type Person, person, terminal } from "./terminal.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MAJORS = ["20", "22", "24"];

const scratch = mkdtempSync(join(tmpdir(), "codex-cfg-package-"));
const installed = join(scratch, "empty");
let tarball = "";

beforeAll(() => {
  // Built a moment ago: a build of its own would pull dist away from under the other tests.
  const { name, version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  run("npm", ["pack", "--ignore-scripts", "--pack-destination", scratch], ROOT);
  tarball = join(scratch, `${name}-${version}.tgz`);
  mkdirSync(installed);
  run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", tarball], installed);
}, 300_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function run(file: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env): string {
  const { status, stderr, stdout } = spawnSync(file, args, { cwd, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${file} ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}

/** A folder with a `node` of this major release. */
function nodeFolder(major: string): string {
  if (process.versions.node.startsWith(`${major}.`)) return join(process.execPath, "..");
  const cache = join(ROOT, ".cache/node", major);
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const folder = join(cache, "node_modules", name, "bin");
  if (!existsSync(join(folder, "node"))) {
    mkdirSync(cache, { recursive: true });
    const flags = ["--no-audit", "--no-fund", "--no-save", "--no-package-lock", "--ignore-scripts"];
    run("npm", ["install", "--prefix", cache, ...flags, `${name}@${major}`], cache);
  }
  return folder;
}

describe("the tarball", () => {
  test("is small, and holds what is used and nothing else", () => {
    expect(statSync(tarball).size).toBeLessThan(400_000);
    const names = run("tar", ["-tzf", tarball], scratch).trim().split("\n");
    const foreign = names.filter(
      (name) => !/^package\/(?:dist\/|schemas\/|(?:package\.json|README\.md|LICENSE)$)/.test(name),
    );
    expect(foreign).toEqual([]);
    expect(names.filter((name) => /test|\.tsx?$(?<!\.d\.ts)|\.map$/.test(name.replace("package/", "")))).toEqual([]);
    for (const schema of readdirSync(join(ROOT, "schemas"))) expect(names).toContain(`package/schemas/${schema}`);
  });

  test.each([
    ["publint", ["--strict"]],
    ["attw", ["--profile", "esm-only"]],
  ])("%s finds nothing wrong with it", (tool, flags) => {
    const args = [tool, tarball, ...flags];
    const { status, stderr, stdout } = spawnSync("npx", ["--no-install", ...args], { cwd: ROOT, encoding: "utf8" });
    expect(status, stdout + stderr).toBe(0);
  });
});

test("knip finds no code and no dependency that nobody uses", () => {
  const { status, stderr, stdout } = spawnSync("npx", ["--no-install", "knip"], { cwd: ROOT, encoding: "utf8" });
  expect(status, stdout + stderr).toBe(0);
});

describe.each(MAJORS)("on Node %s", (major) => {
  /** A person whose only Node is this one, with npm beside it. */
  const user = (files: Readonly<Record<string, string>>): Person => {
    const who = person(files);
    for (const name of ["node", "codex-cfg"]) rmSync(join(who.root, "bin", name));
    symlinkSync(join(nodeFolder(major), "node"), join(who.root, "bin/node"));
    return who;
  };

  test("the preview shows the change and writes nothing", () => {
    const who = user({ "config.toml": 'model = "gpt-5.5"\n' });
    expect(run("node", ["-p", "process.versions.node"], who.root, who.env)).toMatch(new RegExp(`^${major}\\.`));
    const shown = run("npx", ["codex-cfg", "apply", "http-sse", "-n"], installed, who.env);
    expect(shown).toContain("+supports_websockets = false\n");
    expect(shown).toContain('+model_provider = "openai-http"\n');
    expect(readdirSync(who.home)).toEqual(["config.toml"]);
  });

  test("the library imports, and its types say where they are", () => {
    const who = user({ "config.toml": 'model = "gpt-5.5"\n' });
    writeFileSync(
      join(installed, "read.mjs"),
      'import { parseConfig } from "codex-cfg";\nconsole.log(parseConfig(\'model = "x"\').config.model);\n',
    );
    expect(run("node", ["read.mjs"], installed, who.env)).toBe("x\n");
    expect(existsSync(join(installed, "node_modules/codex-cfg/dist/index.d.ts"))).toBe(true);
  });

  test.skipIf(!has("tmux"))("a list can be picked from, in colour and without", async () => {
    for (const NO_COLOR of ["", "1"]) {
      const who = user({ "config.toml": '[mcp_servers.docs]\ncommand = "d"\n\n[mcp_servers.git]\ncommand = "g"\n' });
      const bin = join(installed, "node_modules/.bin/codex-cfg");
      const screen = terminal({ ...who, env: { ...who.env, NO_COLOR } }, ["sh", "-c", `${bin} mcp disable; cat`]);
      await screen.until(/docs[\s\S]*git[\s\S]*confirm/);
      screen.press("Down", "Space", "Enter");
      expect(await screen.until(/\[y\/N\]/)).toMatch(/command = "g"\n\+enabled = false/);
      screen.press("y", "Enter");
      await screen.until(/done \(/);
    }
  });
});
