/** Tables of providers and servers that load and then go wrong: said of those, and of no sane ones. */
import { describe, expect, it } from "vitest";
import type { Login } from "../src/codex/login.ts";
import { providerTraps } from "../src/codex/rules/providers.ts";
import { serverTraps } from "../src/codex/rules/servers.ts";
import { parseDocument } from "../src/toml/document.ts";

const NEWEST = "0.169.0";

function traps(body: string, mode: Login["mode"] = "none", version = NEWEST): string[] {
  const { data } = parseDocument(`[model_providers.p]\nname = "P"\n${body}`, "config.toml");
  return providerTraps(data, version, { mode, apiKeyInEnvironment: false }).map(({ code }) => code);
}

describe("a provider that works", () => {
  it.each([
    ["with a key in a variable", 'base_url = "https://gateway.example.com/v1"\nenv_key = "K"'],
    ["with a key in a header", 'base_url = "https://gateway.example.com/v1"\nhttp_headers = { X-Api-Key = "k" }'],
    ["with a key in a header from a variable", 'env_http_headers = { Authorization = "K" }'],
    ["with a command that prints a token", 'base_url = "https://api.openai.com/v1"\nauth = { command = "c" }'],
    ["with a token in the file", 'base_url = "https://api.openai.com/v1"\nexperimental_bearer_token = "t"'],
    ["with the login, where Codex picks the address", "requires_openai_auth = true"],
    [
      "with the login, at somebody else's gateway",
      'base_url = "https://g.example.com/v1"\nrequires_openai_auth = true',
    ],
    ["on this machine, without any key", 'base_url = "http://localhost:11434/v1"'],
    ["somewhere else, without any key", 'base_url = "http://192.168.1.20:8080/v1"'],
    ["at an address that is none", 'base_url = "nonsense"'],
  ])("is left in peace: %s", (_, body) => {
    for (const mode of ["none", "chatgpt", "apikey", "unknown"] as const) expect(traps(body, mode)).toEqual([]);
  });
});

describe("a provider that will not work", () => {
  it("sends no token to OpenAI", () => {
    expect(traps('base_url = "https://api.openai.com/v1"')).toEqual(["provider-no-token"]);
    expect(traps("")).toEqual(["provider-no-token"]);
  });

  it("sends a login to the service that does not take it, and only then", () => {
    const api = 'base_url = "https://api.openai.com/v1"\nrequires_openai_auth = true';
    const plan = 'base_url = "https://chatgpt.com/backend-api/codex"\nrequires_openai_auth = true';
    expect(traps(api, "chatgpt")).toEqual(["provider-wrong-service"]);
    expect(traps(plan, "apikey")).toEqual(["provider-wrong-service"]);
    for (const [body, mode] of [
      [api, "apikey"],
      [plan, "chatgpt"],
      [api, "none"],
      [`${api}\nenv_key = "K"`, "chatgpt"],
    ] as const) {
      expect(traps(body, mode)).toEqual([]);
    }
  });

  it("is handed the stored key by releases that give it away, unless there is none", () => {
    const body = 'base_url = "https://gateway.example.com/v1"';
    expect(traps(body, "apikey", "0.134.0")).toEqual(["provider-leaks-key"]);
    expect(traps(body, "chatgpt", "0.134.0")).toEqual([]);
    expect(traps(body, "none", "0.134.0")).toEqual([]);
    expect(traps(body, "apikey", NEWEST)).toEqual([]);
    expect(traps(`${body}\nenv_key = "K"`, "apikey", "0.134.0")).toEqual([]);
  });

  it("is no matter when its id belongs to Codex", () => {
    const { data } = parseDocument("[model_providers.amazon-bedrock]\naws = {}", "config.toml");
    expect(providerTraps(data, NEWEST, { mode: "apikey", apiKeyInEnvironment: false })).toEqual([]);
  });
});

describe("a server", () => {
  const found = (text: string, version = NEWEST) =>
    serverTraps(parseDocument(text, "config.toml").data, version).map(({ code, args }) => ({ code, ...args }));

  it("by a name that its release takes is left in peace", () => {
    expect(found('[mcp_servers.docs-2_x]\ncommand = "c"\n[mcp_servers."a.b/c:d@e"]\ncommand = "c"')).toEqual([]);
    expect(found('[mcp_servers."awslabs.iam"]\ncommand = "c"', "0.134.0")).toEqual([
      { code: "server-name", server: "awslabs.iam" },
    ]);
  });

  it("turned off by a key that does nothing is named, whatever it says", () => {
    expect(found("[mcp_servers.a]\ndisabled = true")).toEqual([{ code: "server-disabled-key", server: "a" }]);
    expect(found("[mcp_servers.a]\ndisabled = false")).toEqual([{ code: "server-disabled-key", server: "a" }]);
    expect(found("[mcp_servers.a]\nenabled = false")).toEqual([]);
  });
});
