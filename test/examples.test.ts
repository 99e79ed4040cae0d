/** The examples do what they say: each home turns into the one beside it and back, and the program runs as it stands. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { describe, expect, test } from "vitest";
import { preview } from "../examples/library/preview.ts";
import { realHost } from "../src/index.ts";
import { story } from "./story.ts";

const EXAMPLES = fileURLToPath(new URL("../examples", import.meta.url));
const APPLY = ["apply", "http-sse", "--codex-version", "0.169.0"];

/** The files of an example by name; no folder means a home without any. */
function filesOf(home: string, side: "before" | "after"): Record<string, string> {
  const folder = join(EXAMPLES, "homes", home, side);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

/** What stands in a home now, in the same form. */
function filesNow(tale: ReturnType<typeof story>): Record<string, string> {
  return Object.fromEntries(Object.keys(tale.files()).map((name) => [name, tale.read(name)]));
}

const homes = readdirSync(join(EXAMPLES, "homes"), { withFileTypes: true }).filter((entry) => entry.isDirectory());

describe.each(homes.map(({ name }) => name))("the home %s", (name) => {
  test("becomes what stands beside it, once and for all", async () => {
    const tale = story(filesOf(name, "before"));
    expect((await tale.run(...APPLY)).exit).toBe(0);
    expect(filesNow(tale)).toEqual(filesOf(name, "after"));
    const again = await tale.run(...APPLY);
    expect(again).toMatchObject({ exit: 0, out: "" });
    expect(filesNow(tale)).toEqual(filesOf(name, "after"));
  });

  test("comes back byte for byte", async () => {
    const tale = story(filesOf(name, "before"));
    await tale.run(...APPLY);
    expect((await tale.run("revert")).exit).toBe(0);
    expect(filesNow(tale)).toEqual(filesOf(name, "before"));
  });
});

describe("the homes", () => {
  test("are the ones the examples' page names", () => {
    const page = readFileSync(join(EXAMPLES, "README.md"), "utf8");
    const named = [...page.matchAll(/^\| `(\w+)`\s*\|/gm)].map(([, home]) => home);
    expect(homes.map(({ name }) => name).sort()).toEqual(named.sort());
  });

  test("show what they are there to show", () => {
    expect(filesOf("fresh", "before")).toEqual({});
    expect(filesOf("recipe", "before")["config.toml"]).toMatch(
      /^profile = "http_sse"$[\s\S]*^\[profiles\.http_sse\]$/m,
    );
    expect(filesOf("recipe", "after")["config.toml"]).not.toMatch(/^profile|^\[profiles/m);
    expect(filesOf("crlf", "before")["config.toml"]).toMatch(/\r\n.*[^\n]$/);
    expect(filesOf("crlf", "after")["config.toml"]).not.toMatch(/[^\r]\n/);
  });
});

describe("the preview", () => {
  const config = '[mcp_servers.docs]\ncommand = "docs" # mine\nenv = { DOCS_TOKEN = "not-to-be-seen" }\n';
  const shown = [
    "--- a/config.toml",
    "+++ b/config.toml",
    "@@ -1,3 +1,4 @@",
    " [mcp_servers.docs]",
    ' command = "docs" # mine',
    ' env = { DOCS_TOKEN = "‹secret A›" }',
    "+enabled = false",
    "",
  ].join("\n");

  test("shows the change, masks secrets and writes nothing", () => {
    const tale = story({ "config.toml": config });
    const host = Object.create(realHost(), { env: { value: {} } });
    expect(preview(host, tale.home, "docs")).toBe(shown);
    expect(readdirSync(tale.home)).toEqual(["config.toml"]);
    expect(tale.read("config.toml")).toBe(config);
  });

  test("shows nothing of a server that is off", () => {
    const tale = story({ "config.toml": `${config}enabled = false\n` });
    const host = Object.create(realHost(), { env: { value: {} } });
    expect(preview(host, tale.home, "docs")).toBe("");
  });

  test("runs as a program", () => {
    const tale = story({ "config.toml": config });
    const program = join(tale.root, "preview.mjs");
    const entry = join(EXAMPLES, "library", "preview.ts");
    const { outputFiles } = buildSync({
      entryPoints: [entry],
      bundle: true,
      platform: "node",
      format: "esm",
      write: false,
    });
    writeFileSync(program, outputFiles[0]?.contents ?? "");
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, tale.home, "docs"], {
      env: tale.env,
      encoding: "utf8",
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: shown, stderr: "" });
  });
});
