/** `provider`: tables under [model_providers], added with guards and removed only when nobody needs them. */
import { describe, expect, test } from "vitest";
import { story } from "../story.ts";

const NEW = ["--codex-version", "0.169.0"];
const ADD = ["provider", "add", "gateway", "--base-url", "https://gateway.example/v1"];

describe("provider list", () => {
  test("shows Codex's own and the home's, where the key comes from and who uses which", async () => {
    const { run } = story({
      "config.toml":
        'model_provider = "gateway"\n\n[model_providers.gateway]\nname = "G"\nbase_url = "https://u:p@gateway.example/v1?key=not-to-be-seen"\nenv_key = "G_KEY"\n',
      "lean.config.toml": 'model_provider = "gateway"\n',
    });
    const { out } = await run("provider", ...NEW);
    expect(out.split("\n")[0]).toMatch(/^openai +built in$/);
    expect(out).toMatch(/^gateway +gateway\.example, key: \$G_KEY {2}used by config\.toml, lean\.config\.toml$/m);
    expect(out).not.toContain("not-to-be-seen");
    const { providers } = JSON.parse((await run("provider", "list", "--json", ...NEW)).out);
    expect(providers).toContainEqual({
      id: "gateway",
      builtIn: false,
      name: "G",
      host: "gateway.example",
      key: "$G_KEY",
      usedBy: ["config.toml", "lean.config.toml"],
    });
  });
});

describe("provider list tells where a table has its key from:", () => {
  const gateway = (body: string) => ({ "config.toml": `[model_providers.g]\nname = "G"\n${body}\n` });
  test.each([
    ["", "the login", "none"],
    ['http_headers = { api-key = "x" }', "the login", "a header"],
    ['env_http_headers = { Authorization = "K" }', "the login", "a header"],
    ['http_headers = { Authorization = "x" }\nrequires_openai_auth = true', "the login", "the login"],
    ['experimental_bearer_token = "x"', "a token in the file", "a token in the file"],
    ['env_key = "K"\nrequires_openai_auth = true', "$K", "$K"],
  ])("%s", async (body, until0148, since) => {
    for (const [version, key] of [
      ["0.148.0", until0148],
      ["0.150.1", since],
    ] as const)
      expect((await story(gateway(body)).run("provider", "--codex-version", version)).out).toContain(`key: ${key}\n`);
  });

  test.each([
    ['aws = { region = "x" }', null],
    ['auth = { command = "c" }', "a command"],
  ])("one of Codex's own has only what is said of it: %s", async (body, key) => {
    const { run } = story({ "config.toml": `[model_providers.amazon-bedrock]\n${body}\n` });
    const { providers } = JSON.parse((await run("provider", "--json", "--codex-version", "0.148.0")).out);
    expect(providers).toContainEqual(expect.objectContaining({ id: "amazon-bedrock", builtIn: true, key }));
  });
});

describe("provider add", () => {
  test.each([
    ["the same with a way out", ["provider", "add", "openai"], 3, "another id: codex-cfg provider add openai-custom\n"],
    [
      "one whose table may change little",
      ["provider", "add", "gcp"],
      3,
      "lets a table of that id change a few fields only",
    ],
    ["an empty id", ["provider", "add", ""], 2, "must not be empty"],
  ])("refuses %s", async (_, argv, exit, sentence) => {
    const tale = story();
    const ran = await tale.run(...argv, ...NEW);
    expect(ran.exit, ran.err).toBe(exit);
    expect(ran.err).toContain(sentence);
    expect(tale.files()).toEqual({});
  });

  test("shows commands that can be pasted for an id with a space", async () => {
    const { run } = story({ "config.toml": '[model_providers."my own"]\nname = "x"\n' });
    expect((await run("provider", "add", "my own", ...NEW)).err).toContain(
      "look at it: codex-cfg get 'model_providers.\"my own\"'\n",
    );
    expect((await run("provider", "remove", "my owm", ...NEW)).err).toContain("codex-cfg provider remove 'my own'\n");
  });

  test("takes no variable without a name", async () => {
    const { err, exit } = await story().run("provider", "add", "gw", "--env-key", "", ...NEW);
    expect([exit, err]).toEqual([2, expect.stringContaining("--env-key must not be empty")]);
  });

  test("takes chat for a release that still speaks it", async () => {
    expect((await story().run(...ADD, "--wire-api", "chat", "-n", "--codex-version", "0.90.0")).exit).toBe(0);
  });

  test.each([
    [
      "a key over plain http to a stranger",
      ["--base-url", "http://gateway.example/v1", "--env-key", "K"],
      "http to gateway.example sends credentials in clear",
    ],
    [
      "the login going to a stranger",
      ["--base-url", "https://gateway.example/v1", "--login"],
      "your OpenAI login will be sent to gateway.example",
    ],
    ["a variable that is not set", ["--env-key", "NOT_SET_HERE"], "NOT_SET_HERE is not set here"],
  ])("warns of %s", async (_, flags, sentence) => {
    expect((await story().run("provider", "add", "g", ...flags, "-n", ...NEW)).err).toContain(sentence);
  });

  test("warns of the login going to a stranger unasked, by releases that send it", async () => {
    const signedIn = { "auth.json": '{"auth_mode":"chatgpt"}' };
    const add = async (files: Record<string, string>, ...flags: string[]) =>
      (await story(files).run(...ADD, ...flags, "-n")).err;
    const warning = "so this Codex sends your ChatGPT login to gateway.example";
    expect(await add(signedIn, "--codex-version", "0.148.0")).toContain(warning);
    expect(await add({}, "--codex-version", "0.148.0")).not.toContain("warning");
    expect(await add(signedIn, "--codex-version", "0.148.0", "--env-key", "K")).not.toContain(warning);
    expect(await add(signedIn, "--codex-version", "0.150.1")).not.toContain(warning);
  });

  test("warns of a login for another service in the words of validate", async () => {
    const flags = ["--base-url", "https://api.openai.com/v1", "--login"];
    const tale = story({ "auth.json": '{"auth_mode":"chatgpt"}' });
    const preview = await tale.run("provider", "add", "oa", ...flags, "-n", ...NEW);
    const change = await tale.run("provider", "add", "oa", ...flags, "-y", ...NEW);
    const { out } = await tale.run("validate", ...NEW);
    const said = "[model_providers.oa] sends your ChatGPT login to api.openai.com, which does not take it";
    for (const text of [preview.err, change.err, out]) expect(text).toContain(said);
    const withKey = story({ "auth.json": '{"auth_mode":"apikey"}' });
    expect((await withKey.run("provider", "add", "oa", ...flags, "-n", ...NEW)).err).not.toContain("warning");
  });

  test("warns of an id that differs from a built-in one only by case", async () => {
    expect((await story().run("provider", "add", "OpenAI", "-n", ...NEW)).err).toContain(
      "differs from the built-in openai only by case",
    );
  });

  test("has nothing to warn of on loopback", async () => {
    expect(
      (await story().run("provider", "add", "g", "--base-url", "http://127.0.0.1:4000/v1", "-n", ...NEW)).err,
    ).not.toContain("warning");
  });
});

describe("provider remove", () => {
  const TABLE = '[model_providers.gateway]\nname = "G"\n';

  test("takes the table away, and revert brings it back", async () => {
    const tale = story({ "config.toml": `a = 1\n\n# my gateway\n${TABLE}` });
    expect((await tale.run("provider", "remove", "gateway", ...NEW)).exit).toBe(0);
    expect(tale.read("config.toml")).toBe("a = 1\n\n# my gateway\n");
    await tale.run("revert");
    expect(tale.read("config.toml")).toBe(`a = 1\n\n# my gateway\n${TABLE}`);
  });

  test.each([
    ["the default", { "config.toml": `model_provider = "gateway"\n\n${TABLE}` }, "needed by config.toml"],
    [
      "a profile's file",
      { "config.toml": TABLE, "lean.config.toml": 'model_provider = "gateway"\n' },
      "needed by lean.config.toml",
    ],
    [
      "a legacy profile",
      { "config.toml": `${TABLE}\n[profiles.x]\nmodel_provider = "gateway"\n` },
      "needed by [profiles.x]",
    ],
    [
      "a chat",
      { "config.toml": TABLE, "sessions/2026/01/01/rollout-1.jsonl": '{"payload":{"model_provider":"gateway"}}\n' },
      "1 chat, which could not be resumed",
    ],
  ])("refuses while %s needs it", async (_, files, sentence) => {
    const tale = story(files);
    const before = tale.files();
    const { err, exit } = await tale.run("provider", "remove", "gateway", ...NEW);
    expect(exit).toBe(3);
    expect(err).toContain(sentence);
    expect(err).toContain("codex-cfg provider remove gateway --force");
    expect(tale.files()).toEqual(before);
    expect((await tale.run("provider", "remove", "gateway", "--force", ...NEW)).exit).toBe(0);
  });

  test("shows a command that can be pasted for an id with a space", async () => {
    const { run } = story({ "config.toml": 'model_provider = "my own"\n[model_providers."my own"]\nname = "x"\n' });
    const { err } = await run("provider", "remove", "my own", ...NEW);
    expect(err).toContain('[model_providers."my own"] is needed by config.toml');
    expect(err).toContain("codex-cfg provider remove 'my own' --force\n");
  });
});

describe("a profile's file that is broken and has nothing to do with it", () => {
  const files = {
    "config.toml": '[model_providers.gateway]\nname = "G"\nbase_url = "https://gateway.example/v1"\nenv_key = "K"\n',
    "work.config.toml": "x = \n",
  };

  test("is passed over by provider list and provider remove", async () => {
    const tale = story(files);
    const listed = await tale.run("provider", "list", ...NEW);
    expect([listed.exit, listed.err]).toEqual([0, ""]);
    const removed = await tale.run("provider", "remove", "gateway", "-y", ...NEW);
    expect(removed.exit).toBe(0);
    expect(tale.read("config.toml")).not.toContain("gateway");
  });

  test("does not hide that no MCP server has that name", async () => {
    const { err, exit } = await story(files).run("mcp", "disable", "typo", ...NEW);
    expect(exit).toBe(2);
    expect(err).toContain('no MCP server is called "typo"');
  });

  test("but for a sound one: it counts", async () => {
    const tale = story({ ...files, "work.config.toml": 'model_provider = "gateway"\n' });
    const { err, exit } = await tale.run("provider", "remove", "gateway", "-y", ...NEW);
    expect(exit).toBe(3);
    expect(err).toContain("is needed by work.config.toml");
  });
});
