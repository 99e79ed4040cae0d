/** What `codex-cfg apply http-sse` writes, says and answers, as its user sees it. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { story } from "../story.ts";

const NEW = ["--codex-version", "0.169.0"];
const OLD = ["--codex-version", "0.133.0"];

describe("an address of the built-in provider", () => {
  const OWN = 'openai_base_url = "https://gw.example/v1"\n';

  test("is that of the new one, too, and stays after the second run", async () => {
    const tale = story({ "config.toml": OWN });
    const { err } = await tale.run("apply", "http-sse", "-y", "--codex-version", "0.169.0");
    expect(err).toContain("the new one gets its address, too: gw.example\n");
    expect(err).not.toContain("your OpenAI login will be sent");
    expect(tale.read("config.toml")).toContain('base_url = "https://gw.example/v1"\nwire_api');
    expect((await tale.run("apply", "http-sse", "-y", "--codex-version", "0.169.0")).err).toContain("nothing to do");
    await tale.run("revert", "-y");
    expect(tale.read("config.toml")).toBe(OWN);
  });

  test.each([
    ["another one is named", ["--base-url", "https://api.openai.com/v1", "--codex-version", "0.169.0"]],
    ["the release does not know it", ["--codex-version", "0.114.0"]],
  ])("counts for nothing where %s", async (_, argv) => {
    const tale = story({ "config.toml": OWN });
    expect((await tale.run("apply", "http-sse", "-y", ...argv)).exit).toBe(0);
    expect(tale.read("config.toml").match(/gw\.example/g)).toHaveLength(1);
  });
});

test.each([
  ["a provider of its own wins, and that is said", "ollama", "whose own provider ollama wins"],
  ["the same provider is no other", "openai-http", "this holds for every start"],
])("in a profile that config.toml chooses, %s", async (_, provider, said) => {
  const tale = story({ "config.toml": `profile = "gw"\n[profiles.gw]\nmodel_provider = "${provider}"\n` });
  const { err } = await tale.run("apply", "http-sse", "--scope", "default", "-n", "--codex-version", "0.133.0");
  expect(err).toContain(said);
});

describe("apply http-sse, in an empty home", () => {
  test("a dry run touches nothing, not even with a state folder", async () => {
    const { run, files, home } = story({ "config.toml": "# mine\n" });
    const before = files();
    const { exit, out, err } = await run("apply", "http-sse", "-n", ...NEW);
    expect(exit).toBe(0);
    expect(out).toContain("+[model_providers.openai-http]\n");
    expect(err).toContain("dry run: nothing was written\n");
    expect(files()).toEqual(before);
    expect(existsSync(join(home, ".codex-cfg"))).toBe(false);
  });

  test("says so when no Codex is found, and takes the newest layout", async () => {
    const { run, files } = story();
    const { err } = await run("apply", "http-sse");
    expect(err).toContain("no codex found on PATH; this is for the newest known layout (0.169.0)");
    expect(Object.keys(files())).toContain("http_sse.config.toml");
  });

  test("says so when the Codex that is there does not say its version", async () => {
    const { root, run } = story();
    const mute = join(root, "bin", "codex");
    mkdirSync(join(root, "bin"));
    writeFileSync(mute, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    const said = `${mute} does not say its version`;
    expect((await run("apply", "http-sse", "-n")).err).toContain(
      `warning: ${said}; this is for the newest known layout`,
    );
    expect((await run("status")).out).toContain(`0.169.0 (${said}, newest known one taken)`);
  });
});

describe("apply http-sse, by layout and scope", () => {
  test("the published table comes out key for key when asked for", async () => {
    const { run, read } = story();
    await run("apply", "http-sse", "--name", "OpenAI HTTP/SSE", "--base-url", "https://api.openai.com/v1", ...NEW);
    expect(read("config.toml")).toBe(
      '[model_providers.openai-http]\nname = "OpenAI HTTP/SSE"\nbase_url = "https://api.openai.com/v1"\nwire_api = "responses"\nrequires_openai_auth = true\nsupports_websockets = false\n',
    );
  });

  test("a key from the environment replaces the login", async () => {
    const { run, read } = story();
    const { err } = await run(
      "apply",
      "http-sse",
      "--env-key",
      "OPENAI_API_KEY",
      "--profile",
      "fast",
      "--provider-id",
      "mine",
      ...NEW,
    );
    expect(read("config.toml")).toBe(
      '[model_providers.mine]\nname = "OpenAI"\nenv_key = "OPENAI_API_KEY"\nwire_api = "responses"\nsupports_websockets = false\n',
    );
    expect(read("fast.config.toml")).toContain('model_provider = "mine"\n');
    expect(err).toContain("OPENAI_API_KEY is not set here");
  });
});

describe("apply http-sse, where the article's recipe is", () => {
  const ARTICLE = `model = "gpt-5.5"

# slow proxy
[profiles.http_sse] # over http
model_provider = "openai-http" # this one
model_reasoning_effort = "high"

[model_providers.openai-http]
name = "OpenAI HTTP/SSE"
base_url = "https://api.openai.com/v1"
wire_api = "responses"
supports_websockets = false
`;

  test.each([
    ["a selector", 'profile = "http_sse"\n\n[profiles.http_sse]\nmodel_provider = "openai-http"\n'],
    ["an inline table", 'profiles = { http_sse = { model_provider = "openai-http" }, other = { model = "x" } }\n'],
    ["dotted keys", 'profiles.http_sse.model_provider = "openai-http"\nprofiles.other.model = "x"\n'],
    ["sub-tables", '[profiles.http_sse]\nmodel_provider = "openai-http"\n[profiles.http_sse.features]\nweb = true\n'],
  ])("clears away %s that would stop `codex --profile http_sse`", async (_, config) => {
    const { run, read, files } = story({ "config.toml": config });
    const before = files();
    expect((await run("apply", "http-sse", ...NEW)).exit).toBe(0);
    expect(read("config.toml")).not.toMatch(/^profile =|http_sse/m);
    expect(read("http_sse.config.toml")).toContain('model_provider = "openai-http"');
    await run("revert");
    expect(files()).toEqual(before);
  });

  test("names another legacy selector that keeps this Codex from starting, and leaves it", async () => {
    const { run, read } = story({ "config.toml": 'profile = "work"\n' });
    const { err } = await run("apply", "http-sse", ...NEW);
    expect(err).toContain(
      'profile = "work" is still in config.toml, and this Codex does not start with it; what brings every profile into its file: codex-cfg migrate\n',
    );
    expect(read("config.toml")).toContain('profile = "work"\n');
  });

  test("leaves [profiles.http_sse] alone for a Codex that still reads it there", async () => {
    const { run, read } = story({ "config.toml": ARTICLE });
    await run("apply", "http-sse", ...OLD);
    expect(read("config.toml")).toContain("[profiles.http_sse] # over http\n");
  });
});

describe("apply http-sse, where a table of that id is somebody's own", () => {
  const OWN =
    '[model_providers.openai-http]\nname = "Gateway"\nbase_url = "https://gateway.example/v1"\nrequest_max_retries = 9\n';

  test("shows commands that mean the same but for what they change, and no secret of an address", async () => {
    const { run } = story({ "config.toml": OWN.replace("openai-http", "'my gateway'") });
    const flags = ["--scope", "default", "--provider-id", "my gateway", "--env-key", "K", "--name", "N"];
    const { err } = await run("apply", "http-sse", ...flags, "--base-url", "https://g.example/v1", ...NEW);
    const others = "--name N --base-url https://g.example/v1 --env-key K";
    expect(err).toContain('[model_providers."my gateway"] is there already');
    expect(err).toContain(
      `codex-cfg apply http-sse --scope default --provider-id 'my gateway' ${others} --overwrite\n`,
    );
    expect(err).toContain(`codex-cfg apply http-sse --scope default --provider-id 'my gateway-2' ${others}\n`);
    const address = "https://me:hidden@g.example/?key=hidden";
    const secret = await run("apply", "http-sse", "--provider-id", "my gateway", "--base-url", address, ...NEW);
    expect(secret.err).toContain("codex-cfg apply http-sse --provider-id 'my gateway' --base-url URL --overwrite\n");
    expect(secret.err).not.toContain("hidden");
  });

  test("an equal table, however it is written, is left as it is", async () => {
    const table =
      "model_providers = { openai-http = { supports_websockets = false, name = 'OpenAI', wire_api = 'responses', requires_openai_auth = true } }\n";
    const { run, read } = story({ "config.toml": table });
    expect((await run("apply", "http-sse", ...NEW)).exit).toBe(0);
    expect(read("config.toml")).toBe(table);
  });
});

describe("apply http-sse refuses", () => {
  test.each([
    ["an empty name", ["--name", ""], "--name must not be empty", "leave it out: codex-cfg apply http-sse --profile p"],
    ["a blank name", ["--name", " "], "--name must not be empty", "codex-cfg apply http-sse --profile p"],
    ["an empty variable", ["--env-key", ""], "--env-key must not be empty", "codex-cfg apply http-sse --profile p"],
    ["parameters of presets", ["--set", "a=b"], "--set is for presets of your own alone", "codex-cfg apply --help"],
    ["unknown settings of presets", ["--allow-unknown"], "--allow-unknown is for presets of your own alone", "--help"],
  ])("%s", async (_, flags, sentence, hint) => {
    const { run, files } = story();
    const { err, exit } = await run("apply", "http-sse", "--profile", "p", ...flags, ...NEW);
    expect({ exit, err }).toEqual({ exit: 2, err: expect.stringContaining(`${sentence} [usage]`) });
    expect(err).toContain(hint);
    expect(files()).toEqual({});
  });

  test("a profile that would not load out of an old table of that name", async () => {
    const { run, files } = story({ "config.toml": '[profiles.http_sse]\nmodel = "m"\ntools = "none"\n' });
    const before = files();
    const { err, exit } = await run("apply", "http-sse", ...NEW);
    expect({ exit, err }).toEqual({ exit: 3, err: expect.stringContaining("would no longer load this") });
    expect(files()).toEqual(before);
  });
});

describe("apply http-sse names pitfalls before it writes", () => {
  const chatgpt = JSON.stringify({ auth_mode: "chatgpt", tokens: { access_token: "eyJ-not-a-real-token" } });
  const apikey = JSON.stringify({ auth_mode: "apikey", OPENAI_API_KEY: "sk-not-a-real-key" });

  test.each([
    [
      "a ChatGPT login against the API's address",
      chatgpt,
      ["--base-url", "https://api.openai.com/v1"],
      "[model_providers.openai-http] sends your ChatGPT login to api.openai.com, which does not take it",
    ],
    [
      "an API key against ChatGPT's address",
      apikey,
      ["--base-url", "https://chatgpt.com/backend-api/codex"],
      "[model_providers.openai-http] sends your API key to chatgpt.com, which does not take it",
    ],
    [
      "the login going to a stranger",
      apikey,
      ["--base-url", "https://gateway.example/v1"],
      "your OpenAI login will be sent to gateway.example",
    ],
    [
      "credentials in clear",
      apikey,
      ["--base-url", "http://gateway.example/v1"],
      "http to gateway.example sends credentials in clear",
    ],
    [
      "an id that differs from a built-in one by case",
      apikey,
      ["--provider-id", "OpenAI"],
      "differs from the built-in openai only by case",
    ],
    [
      "a login of a release before auth_mode",
      '{"OPENAI_API_KEY": null, "tokens": {"id_token": "x"}}',
      ["--base-url", "https://api.openai.com/v1"],
      "[model_providers.openai-http] sends your ChatGPT login to api.openai.com, which does not take it",
    ],
  ])("%s", async (_, auth, flags, sentence) => {
    const { run, write } = story();
    write("auth.json", auth);
    const { exit, err, out } = await run("apply", "http-sse", "-n", ...flags, ...NEW);
    expect(exit).toBe(0);
    expect(err).toContain(sentence);
    expect(err + out).not.toMatch(/not-a-real/);
  });

  test.each([
    [chatgpt, ["--base-url", "https://chatgpt.com/backend-api/codex"]],
    [apikey, ["--base-url", "https://api.openai.com/v1"]],
    [apikey, ["--base-url", "http://127.0.0.1:4000/v1"]],
    [chatgpt, []],
    [apikey, []],
  ])("and none where there is none: %s %j", async (auth, flags) => {
    const { run, write } = story();
    write("auth.json", auth);
    expect((await run("apply", "http-sse", "-n", ...flags, ...NEW)).err).not.toContain("warning:");
  });

  test("OPENAI_API_KEY beside a ChatGPT login", async () => {
    const { run, write, env } = story();
    write("auth.json", chatgpt);
    env.OPENAI_API_KEY = "sk-not-a-real-key";
    const { err } = await run("apply", "http-sse", "-n", ...NEW);
    expect(err).toContain("OPENAI_API_KEY is set beside a ChatGPT login");
    expect(err).not.toContain("not-a-real");
  });

  test("a trusted project's own model, which beats the profile; an untrusted one is not read", async () => {
    const tale = story();
    const project = join(tale.root, "work", "project");
    mkdirSync(join(project, ".codex"), { recursive: true });
    tale.cwd = project;
    tale.write("../work/project/.codex/config.toml", 'model = "other"\n');
    expect((await tale.run("apply", "http-sse", "-n", ...NEW)).err).not.toContain("beats the profile");
    tale.write("config.toml", `[projects.${JSON.stringify(project)}]\ntrust_level = "trusted"\n`);
    expect((await tale.run("apply", "http-sse", "-n", ...NEW)).err).toContain(
      `${project}/.codex/config.toml is trusted and beats the profile in: model\n`,
    );
  });

  test("a Codex that does not begin with a WebSocket", async () => {
    expect((await story().run("apply", "http-sse", "-n", "--codex-version", "0.98.0")).err).toContain(
      "does not begin with a WebSocket",
    );
  });
});

describe("apply http-sse asks", () => {
  test("and goes on, saying so, when Codex did not start before either", async () => {
    const { run, installCodex } = story();
    installCodex("0.169.0", 'echo "Error: broken anyway" >&2; exit 1');
    const { exit, err } = await run("apply", "http-sse");
    expect(exit).toBe(0);
    expect(err).toContain(
      "Codex does not load this home, before the change or after it: with and without --profile http_sse: broken anyway",
    );
  });

  test("a person on a terminal, who may say no", async () => {
    const { run, files, answers } = story();
    answers.push("n", "y");
    const no = await run("apply", "http-sse", ...NEW);
    expect(no).toMatchObject({ exit: 1 });
    expect(no.err).toMatch(
      /: \d+ settings changed, \d files? made\. Make this change\? \[y\/N\] nothing was written\n$/,
    );
    expect(files()).toEqual({});
    expect((await run("apply", "http-sse", ...NEW)).exit).toBe(0);
    expect(Object.keys(files())).toHaveLength(2);
  });

  test("nobody with --yes", async () => {
    const { run, answers } = story();
    answers.push("n");
    expect((await run("apply", "http-sse", "-y", ...NEW)).exit).toBe(0);
  });
});

describe("line ends of new files", () => {
  const APPLY = ["apply", "http-sse", "--codex-version", "0.169.0"];
  const endsIn = (text: string) => (text.includes("\r\n") ? (/(?<!\r)\n/.test(text) ? "mixed" : "CRLF") : "LF");

  test("are those of config.toml", async () => {
    const tale = story({ "config.toml": 'model = "x"\r\n' });
    await tale.run(...APPLY);
    expect([endsIn(tale.read("config.toml")), endsIn(tale.read("http_sse.config.toml"))]).toEqual(["CRLF", "CRLF"]);
    await tale.run("revert", "-y");
    expect(tale.read("config.toml")).toBe('model = "x"\r\n');
  });

  test.each([
    ["win32", "CRLF"],
    ["linux", "LF"],
  ])("where there is no config.toml yet are those of the system: %s", async (platform, wanted) => {
    const tale = story();
    tale.world.platform = platform;
    await tale.run(...APPLY);
    expect([endsIn(tale.read("config.toml")), endsIn(tale.read("http_sse.config.toml"))]).toEqual([wanted, wanted]);
  });

  test("of a file that is there stay, whatever the system", async () => {
    const tale = story({ "config.toml": 'model = "x"\n' });
    tale.world.platform = "win32";
    await tale.run(...APPLY);
    expect([endsIn(tale.read("config.toml")), endsIn(tale.read("http_sse.config.toml"))]).toEqual(["LF", "LF"]);
  });
});

describe("for a home that is named on the command line", () => {
  test("the way back is the one into that home", async () => {
    const self = story({ "config.toml": 'model = "mine"\n' });
    const other = join(self.root, "the other's");
    mkdirSync(other);
    const { err } = await self.run("--codex-home", other, "set", "model", "theirs", "-y");
    const back = `codex-cfg --codex-home '${other.replace("'", "'\\''")}' revert`;
    expect(err).toContain(`take it back with: ${back}\n`);
    expect((await self.run("--codex-home", other, "revert", "-y")).exit).toBe(0);
    expect([existsSync(join(other, "config.toml")), self.read("config.toml")]).toEqual([false, 'model = "mine"\n']);
  });

  test("so is every command that is told", async () => {
    const self = story({
      "config.toml": '[mcp_servers.a]\ncommand = "no-such-program"\n[mcp_servers.b]\ncommand = "true"\n[profiles.x]\n',
    });
    const run = (...argv: string[]) => self.run("--codex-home", self.home, "--codex-version", "0.169.0", ...argv);
    await run("mcp", "bisect", "start", "-y");
    for (const argv of [["doctor"], ["validate"], ["status"], ["mcp", "bisect", "status"]]) {
      const { out } = await run(...argv);
      const commands = out.match(/codex-cfg .{0,13}/g) ?? [];
      expect(commands.length, argv.join(" ")).toBeGreaterThan(0);
      expect(commands.filter((command) => !command.startsWith("codex-cfg --codex-home"))).toEqual([]);
    }
  });

  test("so is what helps after an error, as text and as JSON", async () => {
    const self = story();
    const { err } = await self.run("--codex-home", self.home, "revert", "nothing-of-the-kind");
    expect(err).toContain(`hint: see them all: codex-cfg --codex-home ${self.home} history\n`);
    const { out } = await self.run("--codex-home", self.home, "revert", "nothing-of-the-kind", "--json");
    expect(JSON.parse(out).error.hints).toEqual([`see them all: codex-cfg --codex-home ${self.home} history`]);
  });
});

test("a group of verbs without one says so under --json", async () => {
  const { exit, out } = await story().run("mcp", "--json");
  expect([exit, JSON.parse(out).error.message]).toEqual([2, "no verb is named"]);
});
