/** Tables of providers and servers that load and then go wrong: said of those, and of no sane ones. */
import { describe, expect, it } from "vitest";
import type { Login } from "../../src/codex/login.ts";
import { providerTraps } from "../../src/codex/rules/providers.ts";
import { serverTraps } from "../../src/codex/rules/servers.ts";
import { parseDocument } from "../../src/toml/document.ts";

const NEWEST = "0.169.0";

function traps(body: string, mode: Login["mode"] = "none", version = NEWEST): string[] {
  const { data } = parseDocument(`[model_providers.p]\nname = "P"\n${body}`, "config.toml");
  return providerTraps(data, version, { mode, apiKeyInEnvironment: false }).map(({ code }) => code);
}

describe("a provider that works", () => {
  it.each([
    ["with a key in a variable", 'base_url = "https://gateway.example.com/v1"\nenv_key = "K"'],
    ["with a key in a header", 'base_url = "https://gateway.example.com/v1"\nhttp_headers = { X-Api-Key = "k" }'],
    ["with a token in a header", 'base_url = "https://api.openai.com/v1"\nhttp_headers = { Authorization = "k" }'],
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

  it("sends a login that it asks for whatever its headers are", () => {
    const api = 'base_url = "https://api.openai.com/v1"\nrequires_openai_auth = true';
    for (const version of ["0.98.0", "0.148.0", "0.150.1", NEWEST])
      expect(traps(`${api}\nhttp_headers = { Authorization = "Bearer t" }`, "chatgpt", version)).toEqual([
        "provider-wrong-service",
      ]);
  });

  const gateway = 'base_url = "https://gateway.example.com/v1"';
  it.each([
    ["no header", gateway],
    ["a key in a header", `${gateway}\nhttp_headers = { api-key = "k" }`],
    ["a key in a header from a variable", `${gateway}\nenv_http_headers = { api-key = "K" }`],
    ["a token in a header", `${gateway}\nhttp_headers = { Authorization = "Bearer t" }`],
  ])("is handed the stored login by releases that give it away, unless there is none: with %s", (_, body) => {
    for (const mode of ["apikey", "chatgpt", "unknown"] as const) {
      expect(traps(body, mode, "0.98.0")).toEqual(["provider-leaks-key"]);
      expect(traps(body, mode, "0.148.0")).toEqual(["provider-leaks-key"]);
      expect(traps(body, mode, "0.150.1")).toEqual([]);
      for (const own of ['env_key = "K"', 'experimental_bearer_token = "t"', 'auth = { command = "c" }'])
        expect(traps(`${body}\n${own}`, mode, "0.134.0")).toEqual([]);
    }
    expect(traps(body, "none", "0.134.0")).toEqual([]);
  });

  it("is no matter when its id belongs to Codex", () => {
    const { data } = parseDocument("[model_providers.amazon-bedrock]\naws = {}", "config.toml");
    expect(providerTraps(data, NEWEST, { mode: "apikey", apiKeyInEnvironment: false })).toEqual([]);
  });
});

describe("a login", () => {
  const deleted = (text: string, login: Partial<Login>) =>
    providerTraps(parseDocument(text, "config.toml").data, NEWEST, {
      mode: "chatgpt",
      apiKeyInEnvironment: false,
      ...login,
    }).map(({ args }) => args);
  const method = (name: string) => `forced_login_method = "${name}"`;
  const workspace = (value: string) => `forced_chatgpt_workspace_id = ${value}`;
  const ours: Partial<Login> = { mode: "chatgpt", workspace: "ours" };

  it.each([
    ["a key where ChatGPT is forced", method("chatgpt"), { mode: "apikey" }, "api-key"],
    ["ChatGPT where a key is forced", method("api"), ours, "chatgpt-login"],
    ["that of another workspace", workspace('"theirs"'), ours, "other-workspace"],
    ["that of none of the workspaces", workspace('["theirs", "others"]'), ours, "other-workspace"],
    ["one whose workspace nobody can tell", workspace('"ours"'), { mode: "chatgpt" }, "other-workspace"],
  ] as const)("is deleted: %s", (_, text, login, reason) => {
    expect(deleted(text, login)).toEqual([{ reason }]);
  });

  it.each([
    ["a key where a key is forced", method("api"), { mode: "apikey" }],
    ["a key beside a workspace", workspace('"theirs"'), { mode: "apikey" }],
    ["ChatGPT where ChatGPT is forced", method("chatgpt"), ours],
    ["that of the workspace", workspace('" ours "'), ours],
    ["that of one of the workspaces", workspace('["theirs", "ours"]'), ours],
    ["any where no workspace is named", workspace('""'), ours],
    ["any where the list of workspaces is empty", workspace("[]"), ours],
    ["none at all", method("chatgpt"), { mode: "none" }],
    ["one that nobody can see", method("api"), { mode: "unknown" }],
    ["one that only a legacy profile forces away", `[profiles.p]\n${method("api")}`, ours],
  ] as const)("is kept: %s", (_, text, login) => {
    expect(deleted(text, login)).toEqual([]);
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
