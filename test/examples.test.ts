/** The examples do what they say: each home turns into the one beside it and back, and each program runs as it stands. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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

describe("the programs", () => {
  const built = mkdtempSync(join(tmpdir(), "codex-cfg-examples-"));
  const names = readdirSync(join(EXAMPLES, "library"));

  beforeAll(() => {
    buildSync({
      entryPoints: names.map((name) => join(EXAMPLES, "library", name)),
      alias: { "codex-cfg": fileURLToPath(new URL("../src/index.ts", import.meta.url)) },
      ...AS_PROGRAM,
      outdir: built,
      outExtension: { ".js": ".mjs" },
    });
  });
  afterAll(() => rmSync(built, { recursive: true, force: true }));

  /** Runs one of them as somebody would who has Codex 0.169.0. */
  function program(tale: ReturnType<typeof story>, name: string, ...args: readonly string[]) {
    tale.installCodex("0.169.0");
    const options = { cwd: tale.root, env: tale.env, encoding: "utf8" } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(built, `${name}.mjs`), ...args], options);
    return { status, stdout, stderr };
  }

  /** A program shows what it would do and does it when told to; then there is nothing left to show. */
  function showsThenWrites(tale: ReturnType<typeof story>, name: string, ...args: readonly string[]) {
    const before = [readdirSync(tale.home), tale.files()];
    const shown = program(tale, name, tale.home, ...args);
    expect(shown).toMatchObject({ status: 0, stdout: expect.stringMatching(/^--- /) });
    expect([readdirSync(tale.home), tale.files()]).toEqual(before);
    expect(program(tale, name, tale.home, ...args, "--write")).toMatchObject({ status: 0, stdout: shown.stdout });
    return shown;
  }

  test("apply-http-sse makes of a home what stands beside it, and revert brings it back", () => {
    const tale = story(filesOf("recipe", "before"));
    const shown = showsThenWrites(tale, "apply-http-sse");
    expect(shown.stderr).toContain("codex --profile http_sse");
    expect(filesNow(tale)).toEqual(filesOf("recipe", "after"));
    const again = program(tale, "apply-http-sse", tale.home, "--write");
    expect(again).toMatchObject({ status: 0, stdout: "", stderr: expect.stringMatching(/nothing to do\n$/) });

    const back = program(tale, "revert", tale.home, "http-sse");
    expect(back).toMatchObject({ status: 0, stdout: expect.stringMatching(/^--- /), stderr: "" });
    expect(filesNow(tale)).toEqual(filesOf("recipe", "after"));
    expect(program(tale, "revert", tale.home, "http-sse", "--write").stdout).toBe(back.stdout);
    expect(filesNow(tale)).toEqual(filesOf("recipe", "before"));
    const nothing = program(tale, "revert", tale.home, "--write");
    expect(nothing).toEqual({ status: 0, stdout: "", stderr: "nothing to take back\n" });
    expect(filesNow(tale)).toEqual(filesOf("recipe", "before"));
  });

  test("apply-http-sse writes nothing that the installed Codex would not load", () => {
    const tale = story({ "config.toml": 'model = "gpt-5.5"\n' });
    tale.installCodex("0.169.0", 'if grep -q openai-http "$CODEX_HOME"/*.toml; then echo "not this" >&2; exit 1; fi');
    const { status, stderr } = spawnSync(process.execPath, [join(built, "apply-http-sse.mjs"), tale.home, "--write"], {
      env: { ...tale.env, PATH: `${tale.env.PATH}:/usr/bin:/bin` },
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([1, expect.stringContaining("would no longer load this home: not this")]);
    expect(readdirSync(tale.home)).toEqual(["config.toml"]);
  });

  const server = '[mcp_servers.docs]\ncommand = "docs" # mine\nenv = { DOCS_TOKEN = "not-to-be-seen" }\n';

  test("toggle-server turns a server off and on, and shows no secret", () => {
    const tale = story({ "config.toml": server });
    const shown = showsThenWrites(tale, "toggle-server", "docs", "off");
    expect(shown.stdout).toBe(
      [
        "--- a/config.toml",
        "+++ b/config.toml",
        "@@ -1,3 +1,4 @@",
        " [mcp_servers.docs]",
        ' command = "docs" # mine',
        ' env = { DOCS_TOKEN = "‹secret A›" }',
        "+enabled = false",
        "",
      ].join("\n"),
    );
    expect(tale.read("config.toml")).toBe(`${server}enabled = false\n`);
    const again = program(tale, "toggle-server", tale.home, "docs", "off", "--write");
    expect(again).toEqual({ status: 0, stdout: "", stderr: "" });
    showsThenWrites(tale, "toggle-server", "docs", "on");
    expect(tale.read("config.toml")).toBe(server);
  });

  test("toggle-server tells what helps with a server that is not there, in a command for this home", () => {
    const tale = story({ "config.toml": server });
    const { status, stderr, stdout } = program(tale, "toggle-server", tale.home, "dosc", "off", "--write");
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^unknown-name: no MCP server is called "dosc"\n/);
    expect(stderr).toContain(`codex-cfg --codex-home ${tale.home} mcp list\n`);
    expect(tale.read("config.toml")).toBe(server);
  });

  test("migrate moves a legacy profile into a file of its own", () => {
    const tale = story({ "config.toml": 'model = "a"\n\n[profiles.work] # mine\nmodel = "b"\n' });
    const shown = showsThenWrites(tale, "migrate");
    expect(shown.stderr).toContain("[profiles.work] -> work.config.toml\n");
    expect(filesNow(tale)).toEqual({
      "config.toml": 'model = "a"\n',
      "work.config.toml": expect.stringContaining('model = "b"\n'),
    });
    expect(program(tale, "migrate", tale.home, "--write")).toMatchObject({ status: 0, stdout: "" });
  });

  test("fix makes what is known, and leaves a sound home alone", () => {
    const broken = '# mine\napproval_policy = "untrusted" # old\nmodel = "gpt-5.5"\n';
    const tale = story({ "config.toml": broken });
    expect(showsThenWrites(tale, "fix").stdout).toContain('-approval_policy = "untrusted" # old\n');
    expect(tale.read("config.toml")).toBe('# mine\nmodel = "gpt-5.5"\n');
    const again = program(tale, "fix", tale.home, "--write");
    expect(again).toMatchObject({ status: 0, stdout: "", stderr: expect.stringMatching(/nothing to fix\n$/) });
    expect(tale.read("config.toml")).toBe('# mine\nmodel = "gpt-5.5"\n');
  });

  test("check names every problem with its line, and whether Codex starts", () => {
    const tale = story({ "config.toml": 'modle = "x"\nmodel = 3\n', "sound.toml": 'model = "gpt-5.5"\n' });
    expect(program(tale, "check", join(tale.home, "config.toml"))).toEqual({
      status: 1,
      stdout:
        "line 1: modle is no setting of this Codex, which ignores it; did you mean model?\n" +
        "line 2: model takes a string (can be fixed)\nCodex does not start with this\n",
      stderr: "",
    });
    const sound = program(tale, "check", join(tale.home, "sound.toml"));
    expect(sound).toEqual({ status: 0, stdout: "Codex starts with this\n", stderr: "" });
  });

  test("read tells which servers are on", () => {
    const config = '[mcp_servers.docs]\ncommand = "d"\n\n[mcp_servers.git]\ncommand = "g"\nenabled = false\n';
    const tale = story({ "config.toml": config, "none.toml": "" });
    const ran = program(tale, "read", join(tale.home, "config.toml"));
    expect(ran).toEqual({ status: 0, stdout: "docs: on\ngit: off\n", stderr: "" });
    expect(program(tale, "read", join(tale.home, "none.toml"))).toEqual({ status: 0, stdout: "", stderr: "" });
  });
});
