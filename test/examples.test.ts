/** The examples do what they say: each home turns into the one beside it and back, and the program runs as it stands. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { describe, expect, test } from "vitest";
import { report } from "../examples/library/check.ts";
import { preview } from "../examples/library/preview.ts";
import { servers } from "../examples/library/read.ts";
import { repair } from "../examples/library/repair.ts";
import { realHost } from "../src/index.ts";
import { AS_PROGRAM } from "./as-program.ts";
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

  test("shows the change, masks secrets and writes nothing", async () => {
    const tale = story({ "config.toml": config });
    const host = Object.create(realHost(), { env: { value: {} } });
    expect(await preview(host, tale.home, "docs")).toBe(shown);
    expect(readdirSync(tale.home)).toEqual(["config.toml"]);
    expect(tale.read("config.toml")).toBe(config);
  });

  test("shows nothing of a server that is off", async () => {
    const tale = story({ "config.toml": `${config}enabled = false\n` });
    const host = Object.create(realHost(), { env: { value: {} } });
    expect(await preview(host, tale.home, "docs")).toBe("");
  });

  test("runs as a program", () => {
    const tale = story({ "config.toml": config });
    expect(program("preview", tale, [tale.home, "docs"])).toEqual({ status: 0, stdout: shown, stderr: "" });
  });
});

describe("the check", () => {
  test("names every problem with its line, and whether Codex starts", async () => {
    expect(await report('modle = "x"\nmodel = 3\n')).toBe(
      "line 1: modle is no setting of this Codex, which ignores it; did you mean model?\n" +
        "line 2: model takes a string (can be fixed)\nCodex does not start with this\n",
    );
    expect(await report('model = "gpt-5.5"\n')).toBe("Codex starts with this\n");
  });

  test("runs as a program", () => {
    const tale = story({ "config.toml": 'model = "gpt-5.5"\n' });
    const ran = program("check", tale, [join(tale.home, "config.toml")]);
    expect(ran).toEqual({ status: 0, stdout: "Codex starts with this\n", stderr: "" });
  });
});

describe("the repair", () => {
  const broken = '# mine\napproval_policy = "untrusted" # old\nmodel = "gpt-5.5"\n';

  test("mends what keeps Codex from starting, and can be taken back", async () => {
    const tale = story({ "config.toml": broken });
    const host = Object.create(realHost(), { env: { value: {} } });
    const done = await repair(host, tale.home);
    expect(done?.diff).toContain('-approval_policy = "untrusted" # old\n');
    expect(tale.read("config.toml")).toBe('# mine\nmodel = "gpt-5.5"\n');
    await done?.undo();
    expect(tale.read("config.toml")).toBe(broken);
  });

  test("leaves a sound home alone", async () => {
    const tale = story({ "config.toml": 'model = "gpt-5.5"\n' });
    expect(await repair(Object.create(realHost(), { env: { value: {} } }), tale.home)).toBeNull();
  });

  test("runs as a program", () => {
    const tale = story({ "config.toml": 'model = "gpt-5.5"\n' });
    expect(program("repair", tale, [tale.home])).toEqual({ status: 0, stdout: "nothing to repair\n", stderr: "" });
  });
});

describe("the reader", () => {
  const config = '[mcp_servers.docs]\ncommand = "d"\n\n[mcp_servers.git]\ncommand = "g"\nenabled = false\n';

  test("tells which servers are on", () => {
    expect(servers(config)).toBe("docs: on\ngit: off\n");
    expect(servers("")).toBe("");
  });

  test("runs as a program", () => {
    const tale = story({ "config.toml": config });
    const ran = program("read", tale, [join(tale.home, "config.toml")]);
    expect(ran).toEqual({ status: 0, stdout: "docs: on\ngit: off\n", stderr: "" });
  });
});

/** Runs one of the programs as somebody would, with what it imports bundled into it. */
function program(name: string, tale: ReturnType<typeof story>, args: readonly string[]) {
  const file = join(tale.root, `${name}.mjs`);
  const { outputFiles } = buildSync({
    entryPoints: [join(EXAMPLES, "library", `${name}.ts`)],
    ...AS_PROGRAM,
    write: false,
  });
  writeFileSync(file, outputFiles[0]?.contents ?? "");
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], { env: tale.env, encoding: "utf8" });
  return { status, stdout, stderr };
}
