/** Names of servers, providers, profiles and folders are never values: they are read, typed and pasted. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { story } from "../story.ts";

const NEW = ["--codex-version", "0.169.0"];
const OLD = ["--codex-version", "0.130.0"];

describe.each(["env", "headers", "http_headers", "query_params"])("a table called %s", (name) => {
  test("shows the switch of its server", async () => {
    const tale = story({ "config.toml": `[mcp_servers.${name}]\ncommand = "docs"\n` });
    expect((await tale.run("mcp", "disable", name, "-n", ...NEW)).out).toContain("\n+enabled = false\n");
    expect((await tale.run("get", `mcp_servers.${name}.command`)).out).toBe("docs\n");
    expect((await tale.run("mcp", "list", ...NEW)).out).toMatch(/ docs\n$/);
  });

  test("shows the setting of its profile", async () => {
    const tale = story({ "config.toml": `[profiles.${name}]\nmodel = "a"\n` });
    const { out } = await tale.run("set", "model", "b", "-p", name, "-n", ...OLD);
    expect(out).toContain('\n-model = "a"\n+model = "b"\n');
  });

  test("hides what is a secret in it", async () => {
    const tale = story({ "config.toml": `[mcp_servers.${name}]\ncommand = "docs"\n${name} = { A = "hush" }\n` });
    expect((await tale.run("get", `mcp_servers.${name}`)).out).not.toContain("hush");
  });
});

describe("a name that begins like a token", () => {
  const files = {
    "config.toml": [
      'model_provider = "pk-gateway-eu"',
      "[model_providers.pk-gateway-eu]",
      'name = "Gateway"',
      'base_url = "https://gateway.example/v1"',
      "[mcp_servers.sk-learn-docs]",
      'command = "docs"',
      "",
    ].join("\n"),
    "sk-experiments.config.toml": 'model = "gpt-5.5"\n',
  };

  test.each([
    ["mcp list", ["mcp", "list"], "sk-learn-docs"],
    ["provider list", ["provider", "list"], "pk-gateway-eu"],
    ["status", ["status"], "sk-experiments"],
    ["get", ["get", "model_provider"], "pk-gateway-eu"],
    ["a diff", ["set", "model_provider", "openai", "-n"], '-model_provider = "pk-gateway-eu"'],
    ["JSON", ["mcp", "list", "--json"], '"name": "sk-learn-docs"'],
    ["a completion", ["__complete", "--current=sk", "--", "mcp", "disable"], "sk-learn-docs\ton"],
    ["an error", ["mcp", "disable", "sk-learn-dox"], "sk-learn-docs"],
  ])("is shown by %s", async (_, argv, shown) => {
    const { err, out } = await story(files).run(...argv, ...(argv[0] === "__complete" ? [] : NEW));
    expect(`${out}${err}`).toContain(shown);
  });

  test("is shown in the path of the home", async () => {
    const tale = story({ "sk-projects-2026/config.toml": 'model = "gpt-5.5"\n' });
    const home = join(tale.home, "sk-projects-2026");
    expect((await tale.run("--codex-home", home, "status", ...NEW)).out).toContain(home);
  });

  test("is hidden where it is one", async () => {
    const tale = story({ "config.toml": '[mcp_servers.sk-fakefakefakefakefake1]\ncommand = "docs"\n' });
    const { out } = await tale.run("mcp", "list", ...NEW);
    expect(out).toContain("\u2039secret\u203a");
    expect(out).not.toContain("fake");
  });
});

test("what is masked by its name is masked by every command: a passphrase", async () => {
  const tale = story({ "config.toml": 'passphrase = "hush"\n' });
  expect((await tale.run("get", "passphrase")).out).toBe("\u2039secret\u203a\n");
  expect((await tale.run("unset", "passphrase", "-n")).out).toContain('-passphrase = "\u2039secret A\u203a"');
});

test("a preview shows comments as they stand", async () => {
  const tale = story({ "config.toml": 'a = 1\n[mcp_servers.x]\nenv = { A = "hush" } # k\n' });
  expect((await tale.run("unset", "a", "-n", "--force")).out).toContain(' env = { A = "\u2039secret A\u203a" } # k\n');
});
