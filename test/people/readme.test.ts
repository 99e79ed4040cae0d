/** The README's blocks, run as they stand in a fresh clone by somebody who has never had Codex or codex-cfg. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MINUTE = 60_000;

const scratch = mkdtempSync(join(tmpdir(), "codex-cfg-readme-"));
const clone = join(scratch, "clone");
const home = join(scratch, "home");
let blocks: readonly string[] = [];

/** This machine with its registry and certificates, and somebody new to it: no Codex home, no npm cache. */
const configured = (name: string) => spawnSync("npm", ["config", "get", name], { encoding: "utf8" }).stdout.trim();
const own = Object.entries(process.env).filter(([name]) => !/^(?:CODEX_|npm_)/i.test(name));
const env = {
  ...Object.fromEntries(own),
  HOME: home,
  PATH: `${join(scratch, "global/bin")}:${process.env.PATH}`,
  npm_config_userconfig: configured("userconfig"),
  npm_config_globalconfig: configured("globalconfig"),
  npm_config_cache: join(scratch, "cache"),
  npm_config_prefix: join(scratch, "global"),
};

function bash(script: string) {
  return spawnSync("bash", ["-euo", "pipefail", "-c", script], {
    cwd: clone,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: MINUTE,
  });
}

describe.skipIf(!existsSync(join(ROOT, ".git")))("the README, in a fresh clone", () => {
  beforeAll(() => {
    mkdirSync(home);
    const { status, stderr } = spawnSync("git", ["clone", "-q", ROOT, clone], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    const readme = readFileSync(join(clone, "README.md"), "utf8");
    blocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text);
  });
  afterAll(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 9, retryDelay: 50 }));

  test(
    "sets everything up with its first block and shows the main job, within a minute and without a question",
    () => {
      const { error, status, stderr, stdout } = bash(blocks[0] ?? "");
      expect([error, status], stderr).toEqual([undefined, 0]);
      expect(stdout).toContain('+model_provider = "openai-http"\n');
      expect(stderr).toContain("dry run: nothing was written\n");
      expect(existsSync(join(home, ".codex"))).toBe(false);
    },
    2 * MINUTE,
  );

  test(
    "makes the change and takes it back with its second one",
    () => {
      const { status, stderr } = bash(blocks[1] ?? "");
      expect(status, stderr).toBe(0);
      expect(stderr.match(/^done \(/gm)).toHaveLength(2);
      expect(readdirSync(join(home, ".codex"))).toEqual([".codex-cfg"]);
    },
    2 * MINUTE,
  );

  test("and every page and example take nothing from a registry that does not have it", () => {
    const pages = ["README.md", "docs", "examples"].flatMap((name) =>
      name.endsWith(".md")
        ? [name]
        : readdirSync(join(ROOT, name), { recursive: true, encoding: "utf8" }).map((one) => join(name, one)),
    );
    const texts = pages
      .filter((name) => /\.\w+$/.test(name))
      .map((name) => [name, readFileSync(join(ROOT, name), "utf8")]);
    expect(texts.length).toBeGreaterThan(20);
    const taken = /npx (?:--?\S+ )*codex-cfg|npm (?:i|install|add) (?:-\S+ )*codex-cfg|unpkg|jsdelivr/;
    expect(texts.filter(([, text = ""]) => taken.test(text)).map(([name]) => name)).toEqual([]);
  });
});
