/** `get`, `set` and `unset`: one key at a time, checked against what Codex takes. */
import { applyPatch } from "diff";
import { describe, expect, test } from "vitest";
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
      'not a TOML value: "it\'s"',
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
