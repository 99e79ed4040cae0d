/** `get`, `set` and `unset`: one key at a time, checked against what Codex takes. */
import { applyPatch } from "diff";
import { describe, expect, test } from "vitest";
import { parseValue } from "../../src/toml/key.ts";
import { story } from "../story.ts";

const NEW = ["--codex-version", "0.169.0"];

describe("get", () => {
  const CONFIG = `model = 'gpt-5.5' # mine
model_context_window = 272_000

[mcp_servers.docs]
command = "npx"
args = ["-y", "docs"]
env = { TOKEN = "not-to-be-seen" }
`;

  test.each([
    ["a number as it is spelled, when asked", ["model_context_window", "--raw"], "272_000\n"],
    ["an array as TOML", ["mcp_servers.docs.args"], '["-y", "docs"]\n'],
    ["a secret never, however it is asked for", ["mcp_servers.docs.env", "--raw"], '{ TOKEN = "‹secret A›" }\n'],
    [
      "a table as it is spelled, when asked",
      ["mcp_servers.docs", "--raw"],
      'command = "npx"\nargs = ["-y", "docs"]\nenv = { TOKEN = "‹secret A›" }\n',
    ],
  ])("prints %s", async (_, argv, out) => {
    const ran = await story({ "config.toml": CONFIG }).run("get", ...argv);
    expect(ran).toEqual({ exit: 0, out, err: "" });
  });

  test("masks one word of a list as it masks the list", async () => {
    const tale = story({ "config.toml": '[mcp_servers.x]\nargs = ["--token", "not-to-be-seen", "plain"]\n' });
    const get = async (...argv: string[]) => (await tale.run("get", ...argv)).out;
    expect(await get("mcp_servers.x.args.1")).toBe("‹secret›\n");
    expect(await get("mcp_servers.x.args.1", "--raw")).toBe("‹secret›\n");
    expect(await get("mcp_servers.x.args.2")).toBe("plain\n");
  });

  test("looks into one profile when asked", async () => {
    const tale = story({
      "config.toml": 'model = "a"\n\n[profiles.x]\nmodel = "b"\n',
      "x.config.toml": 'model = "c"\n',
    });
    expect((await tale.run("get", "model", "-p", "x", ...NEW)).out).toBe("c\n");
    expect((await tale.run("get", "model", "-p", "x", "--codex-version", "0.130.0")).out).toBe("b\n");
  });
});

describe("set", () => {
  test.each([
    ["TOML where it is TOML", ["model", '"gpt 5"'], 'model = "gpt 5"\n'],
    ["a number as a string, when told", ["model", "5", "--string"], 'model = "5"\n'],
  ])("takes %s", async (_, argv, text) => {
    const tale = story();
    expect((await tale.run("set", ...argv, ...NEW)).exit).toBe(0);
    expect(tale.read("config.toml")).toBe(text);
  });

  test.each([
    [
      "an unknown feature, which Codex would take without a word",
      ["features.memoris", "true"],
      3,
      "features.memoris is no setting",
      "did you mean: features.memories\n",
    ],
    [
      "an unknown key further down",
      ["mcp_servers.docs.comand", "x"],
      3,
      "mcp_servers.docs.comand is no setting",
      "did you mean: mcp_servers.docs.command\n",
    ],
    [
      "a wrong type",
      ["hide_agent_reasoning", '"yes"'],
      3,
      "hide_agent_reasoning takes true or false",
      "codex-cfg get hide_agent_reasoning",
    ],
    ...["off", '"off"'].map((value): [string, string[], number, string, string] => [
      `a string that is not in the list, as ${value}`,
      ["sandbox_mode", value],
      3,
      'sandbox_mode takes one of "read-only", "workspace-write", "danger-full-access"',
      "codex-cfg get sandbox_mode",
    ]),
    [
      "what is no TOML value for a key that is not known",
      ["x.y", "it's", "--allow-unknown"],
      2,
      "not a TOML value for x.y: a text needs quotes here",
      "the same command with --string",
    ],
    [
      "two names of one setting",
      ["ghost_snapshot", "{ ignore_untracked_files_over_bytes = 1, ignore_large_untracked_files = 2 }"],
      3,
      "which is the same setting",
      "codex-cfg get ghost_snapshot",
    ],
    [
      "a misspelt key inside a table",
      ["mcp_servers.x", '{ command = "a", comand = "b" }'],
      3,
      "mcp_servers.x.comand is no setting",
      "did you mean: mcp_servers.x.command\n",
    ],
    ["a key below what is no table", ["model.x", "1"], 3, "model takes a string"],
    ["a table of Codex's own providers", ["model_providers.ollama.name", "x"], 3, "[reserved-provider]", "--force"],
    [
      "a default profile",
      ["profile", "new"],
      3,
      'profile = "new" [',
      "start it with: codex --profile new\n",
      "--force",
    ],
    [
      "a toggle in a profile for a server that the base lacks",
      ["mcp_servers.nope.enabled", "false", "-p", "lean"],
      3,
      "neither command nor url",
      "--force",
    ],
  ])("refuses %s", async (_, argv, exit, ...sentences) => {
    const tale = story({ "config.toml": '[mcp_servers.docs]\ncommand = "docs"\n' });
    const before = tale.files();
    const ran = await tale.run("set", ...argv, ...NEW);
    expect(ran.exit, ran.err).toBe(exit);
    for (const sentence of sentences) expect(ran.err).toContain(sentence);
    expect(tale.files()).toEqual(before);
  });

  test("a key with any character in quotes has a path", async () => {
    const tale = story({ "config.toml": "[projects.'/srv/c#app']\ntrust_level = \"trusted\"\n" });
    const key = 'projects."/srv/c#app".trust_level';
    expect((await tale.run("get", key, ...NEW)).out).toBe("trusted\n");
    expect((await tale.run("unset", key, "-y", ...NEW)).exit).toBe(0);
    for (const none of ["model # x", "model = 1 #", "a\nb", "a.b = 1\nc"])
      expect((await tale.run("get", none, ...NEW)).err).toContain("not a dotted key");
  });

  test("the change that is shown is a patch, blank lines at its end included", async () => {
    const before = 'model = "a"\n\n\n';
    const { out } = await story({ "config.toml": before }).run("set", "model", "b", "-n", ...NEW);
    expect(applyPatch(before, out)).toBe('model = "b"\n\n\n');
  });

  test("writes an unknown key with --allow-unknown, and a broken one with --force", async () => {
    const tale = story();
    expect((await tale.run("set", "future_key", "1", "--allow-unknown", ...NEW)).exit).toBe(0);
    for (const [key, value] of [
      ["model_provider", "nope"],
      ["approval_policy", "whenever"],
      ["model_context_window", "big"],
    ] as const)
      expect((await tale.run("set", key, value, "--force", ...NEW)).exit).toBe(0);
    expect(tale.read("config.toml")).toBe(
      'future_key = 1\nmodel_provider = "nope"\napproval_policy = "whenever"\nmodel_context_window = "big"\n',
    );
  });

  test("is not stopped by what was broken before", async () => {
    const tale = story({ "config.toml": 'model_provider = "nope"\n' });
    expect((await tale.run("set", "model", "gpt-5.5", ...NEW)).exit).toBe(0);
  });

  test.each(["notify", "model_context_window", "mcp_servers.a.enabled", "review_model"])(
    "knows that a profile's table does not take %s",
    async (key) => {
      const tale = story({ "config.toml": "[profiles.fast]\n" });
      const { exit, err } = await tale.run("set", key, "x", "-p", "fast", "--codex-version", "0.133.0");
      expect([exit, err]).toEqual([3, expect.stringContaining("profiles.fast.")]);
      expect(tale.read("config.toml")).toBe("[profiles.fast]\n");
    },
  );

  test("knows keys by release", async () => {
    const { run } = story();
    expect(
      (await run("set", "mcp_servers.x.startup_readiness", "x", "-n", "--codex-version", "0.134.0")).err,
    ).toContain("is no setting of Codex 0.134.0");
  });
});

describe("a secret need not be an argument", () => {
  const TOKEN = "mcp_servers.docs.env.TOKEN";
  const CONFIG = '[mcp_servers.docs]\ncommand = "docs"\n';

  test.each([
    ["a word", "not-to-be-seen\n", '"not-to-be-seen"'],
    ["digits", "4711\r\n", '"4711"'],
    ["quotes", "\"a\" 'b'", `'"a" \\'b\\''`],
    ["what looks like an array", "[1,", '"[1,"'],
    ["two lines", "a\nb\n", '"a\\nb"'],
  ])("--stdin takes %s as it is where a string is wanted", async (_, stdin, spelled) => {
    const tale = story({ "config.toml": CONFIG });
    tale.stdin = stdin;
    const { err, exit, out } = await tale.run("set", TOKEN, "--stdin", ...NEW);
    expect([exit, `${out}${err}`.includes("not-to-be-seen")]).toEqual([0, false]);
    const [, value = ""] = /TOKEN = (.*)/s.exec(tale.read("config.toml")) ?? [];
    expect(parseValue(value.trim())).toBe(parseValue(spelled.startsWith("'") ? JSON.stringify(stdin) : spelled));
  });

  test("--stdin takes TOML where no string is wanted", async () => {
    const tale = story({ "config.toml": CONFIG });
    tale.stdin = "false\n";
    expect((await tale.run("set", "mcp_servers.docs.enabled", "--stdin", ...NEW)).exit).toBe(0);
    expect(tale.read("config.toml")).toContain("enabled = false\n");
  });

  test.each([
    ["nothing", [TOKEN, "--stdin"], "\n", "standard input holds no value"],
    ["too much", [TOKEN, "--stdin"], "x".repeat(1024 * 1024 + 1), "standard input holds more than 1 MiB"],
    ["two values", [TOKEN, "x", "--stdin"], "y", "the value is given twice"],
    ["no value", [TOKEN], "", "no value is given, and there is no terminal to ask for it on"],
  ])("%s is refused", async (_, argv, stdin, reason) => {
    const tale = story({ "config.toml": CONFIG });
    tale.stdin = stdin;
    const { err, exit } = await tale.run("set", ...argv, ...NEW);
    expect([exit, err]).toEqual([2, expect.stringContaining(reason)]);
    expect(err).toContain(`codex-cfg set ${TOKEN} --stdin`);
    expect(tale.read("config.toml")).toBe(CONFIG);
  });

  test("on a terminal the value of a key that tells is asked for, unseen", async () => {
    const tale = story({ "config.toml": CONFIG });
    tale.answers.push("not to be seen", "y");
    const { err, exit, out } = await tale.run("set", TOKEN, ...NEW);
    expect([exit, `${out}${err}`.includes("not to be seen")]).toEqual([0, false]);
    expect(err).toContain(`${TOKEN} (not shown): (hidden)`);
    expect(tale.read("config.toml")).toContain('TOKEN = "not to be seen"\n');
  });

  test("that of any other key is not asked for, nor is an empty answer taken", async () => {
    const tale = story({ "config.toml": CONFIG });
    tale.answers.push("x");
    expect(await tale.run("set", "model", ...NEW)).toMatchObject({ exit: 2 });
    tale.answers.splice(0, 1, "");
    expect(await tale.run("set", TOKEN, ...NEW)).toMatchObject({ exit: 2 });
    expect(tale.read("config.toml")).toBe(CONFIG);
  });
});

describe("a value that begins as TOML and is none", () => {
  test.each([
    ['"not-to-be-seen', "the quote is not closed"],
    ["'not-to-be-seen", "the quote is not closed"],
    ['"not-to-be-seen" x', "something follows its end, behind character 16"],
    ['"\\q"', "an escape in it is none"],
    ["[1,", "the array is not closed"],
    ["[not-to-be-seen]", "an item of it is no value"],
    ["{ a = 1", "the inline table is not closed"],
    ['not-to-be-seen"', "a quote closes that nothing opens"],
  ])("%s is refused, and is a text with --string", async (value, reason) => {
    const tale = story();
    const { err, exit } = await tale.run("set", "model", value, ...NEW);
    expect([exit, err]).toEqual([2, expect.stringContaining("error: not a TOML value for model: ")]);
    expect(err).toContain(reason);
    expect(err).not.toContain("not-to-be-seen");
    expect(Object.keys(tale.files())).toEqual([]);
    expect((await tale.run("set", "model", value, "--string", ...NEW)).exit).toBe(0);
    expect(parseValue(tale.read("config.toml").replace("model = ", "").trim())).toBe(value);
  });

  test.each(["gpt-5.5", "two words", "it's", 'say "x" twice', "https://h.example/[a]"])(
    "%s is none of them",
    async (value) => {
      const tale = story();
      expect((await tale.run("set", "model", value, ...NEW)).exit).toBe(0);
      expect(parseValue(tale.read("config.toml").replace("model = ", "").trim())).toBe(value);
    },
  );
});

describe("--reveal", () => {
  const CONFIG =
    '[mcp_servers.docs]\ncommand = "docs"\nargs = ["--token", "to-be-seen"]\nenv = { A = "sk-FAKE0123456789abcdefgh" }\n';
  const screen = { columns: 80, outIsTty: true };

  test.each([
    [["get", "mcp_servers.docs.env.A"], "sk-FAKE0123456789abcdefgh\n"],
    [["get", "mcp_servers.docs.args", "--raw"], '["--token", "to-be-seen"]\n'],
    [["mcp", "list"], "docs --token to-be-seen\n"],
    [["unset", "mcp_servers.docs.args", "-n"], '-args = ["--token", "to-be-seen"]'],
    [["doctor", "--explain", "mcp_servers.docs.env.A"], '"sk-FAKE0123456789abcdefgh"'],
  ])("shows on a terminal what is masked without it: %j", async (argv, shown) => {
    const tale = story({ "config.toml": CONFIG });
    tale.screen = screen;
    expect((await tale.run(...argv, "--reveal", ...NEW)).out).toContain(shown);
    expect((await tale.run(...argv, ...NEW)).out).not.toMatch(/to-be-seen|FAKE/);
  });

  test.each([
    [["get", "mcp_servers", "--json"], screen, "--reveal does not go with --json"],
    [["get", "mcp_servers"], { columns: 80, outIsTty: false }, "--reveal shows secrets on a terminal only"],
    [["set", "model", "x"], { columns: 80, outIsTty: false }, "--reveal shows secrets on a terminal only"],
    [["doctor", "--report"], screen, "--reveal does not go with --report"],
  ])("is refused for %j where it is no terminal, or strangers read it", async (argv, terminal, reason) => {
    const tale = story({ "config.toml": CONFIG });
    tale.screen = terminal;
    const { err, exit, out } = await tale.run(...argv, "--reveal", ...NEW);
    expect([exit, `${out}${err}`]).toEqual([2, expect.stringContaining(reason)]);
    expect(`${out}${err}`).not.toMatch(/to-be-seen|FAKE/);
    expect(tale.read("config.toml")).toBe(CONFIG);
  });
});
