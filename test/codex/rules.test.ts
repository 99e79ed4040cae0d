/** Tables of providers and servers that load and then go wrong: said of those, and of no sane ones. */
import { describe, expect, it, test } from "vitest";
import { type Login, loginPitfalls } from "../../src/codex/login.ts";
import { type PitfallContext, providerPitfalls } from "../../src/codex/rules/provider-pitfalls.ts";
import { serverPitfalls } from "../../src/codex/rules/servers.ts";
import { parseDocument } from "../../src/toml/document.ts";

const NEWEST = "0.169.0";

type World = {
  readonly version?: string;
  readonly keyInEnvironment?: boolean;
  readonly isSet?: PitfallContext["isSet"];
};

function pitfalls(body: string, mode: Login["mode"] = "none", world: World = {}, id = "p"): string[] {
  const { data } = parseDocument(`[model_providers.${id}]\nname = "P"\n${body}`, "config.toml");
  const { isSet, keyInEnvironment = false, version = NEWEST } = world;
  const login = () => ({ mode, apiKeyInEnvironment: keyInEnvironment });
  return providerPitfalls(data, { version, login, isSet }).map(({ code }) => code);
}

const GATEWAY = 'base_url = "https://gateway.example.com/v1"';
const AT_HTTP = 'base_url = "http://gateway.example.com/v1"';

describe("a provider that works", () => {
  it.each([
    ["with a key in a variable", 'base_url = "https://gateway.example.com/v1"\nenv_key = "K"'],
    ["with a key in a header", 'base_url = "https://gateway.example.com/v1"\nhttp_headers = { X-Api-Key = "k" }'],
    ["with a token in a header", 'base_url = "https://api.openai.com/v1"\nhttp_headers = { Authorization = "k" }'],
    ["with a key in a header from a variable", 'env_http_headers = { Authorization = "K" }'],
    ["with a command that prints a token", 'base_url = "https://api.openai.com/v1"\nauth = { command = "c" }'],
    ["with a token in the file", 'base_url = "https://api.openai.com/v1"\nexperimental_bearer_token = "t"'],
    ["with the login, where Codex picks the address", "requires_openai_auth = true"],
    ["with the login, on this machine", 'base_url = "http://localhost:11434/v1"\nrequires_openai_auth = true'],
    ["on this machine, without any key", 'base_url = "http://localhost:11434/v1"'],
    ["somewhere else, without any key", 'base_url = "http://192.168.1.20:8080/v1"'],
    ["at an address that is none", 'base_url = "nonsense"'],
    ["at an address that is no text", "base_url = 1\nrequires_openai_auth = true"],
  ])("is left in peace: %s", (_, body) => {
    for (const mode of ["none", "chatgpt", "apikey", "unknown"] as const) expect(pitfalls(body, mode)).toEqual([]);
  });
});

describe("a provider that will not work", () => {
  it("sends no token to OpenAI", () => {
    expect(pitfalls('base_url = "https://api.openai.com/v1"')).toEqual(["provider-no-token"]);
    expect(pitfalls('base_url = "https://chatgpt.com/backend-api/codex"')).toEqual(["provider-no-token"]);
    expect(pitfalls("")).toEqual(["provider-no-token"]);
  });

  it("sends a login to the service that does not take it, and only then", () => {
    const api = 'base_url = "https://api.openai.com/v1"\nrequires_openai_auth = true';
    const plan = 'base_url = "https://chatgpt.com/backend-api/codex"\nrequires_openai_auth = true';
    expect(pitfalls(api, "chatgpt")).toEqual(["provider-wrong-service"]);
    expect(pitfalls(plan, "apikey")).toEqual(["provider-wrong-service"]);
    for (const [body, mode] of [
      [api, "apikey"],
      [plan, "chatgpt"],
      [api, "none"],
      [`${api}\nenv_key = "K"`, "chatgpt"],
    ] as const) {
      expect(pitfalls(body, mode)).toEqual([]);
    }
  });

  it("sends a login that it asks for whatever its headers are", () => {
    const api = 'base_url = "https://api.openai.com/v1"\nrequires_openai_auth = true';
    for (const version of ["0.98.0", "0.148.0", "0.150.1", NEWEST])
      expect(pitfalls(`${api}\nhttp_headers = { Authorization = "Bearer t" }`, "chatgpt", { version })).toEqual([
        "provider-wrong-service",
      ]);
  });

  it.each([
    ["no header", GATEWAY],
    ["a key in a header", `${GATEWAY}\nhttp_headers = { api-key = "k" }`],
    ["a key in a header from a variable", `${GATEWAY}\nenv_http_headers = { api-key = "K" }`],
    ["a token in a header", `${GATEWAY}\nhttp_headers = { Authorization = "Bearer t" }`],
  ])("is handed the stored login by releases that give it away, unless there is none: with %s", (_, body) => {
    for (const mode of ["apikey", "chatgpt", "unknown"] as const) {
      expect(pitfalls(body, mode, { version: "0.98.0" })).toEqual(["provider-leaks-key"]);
      expect(pitfalls(body, mode, { version: "0.148.0" })).toEqual(["provider-leaks-key"]);
      const isKeyless = mode === "apikey" && !/api-key|Bearer/.test(body);
      for (const version of ["0.149.0", "0.169.0"])
        expect(pitfalls(body, mode, { version })).toEqual(isKeyless ? ["provider-gets-no-key"] : []);
      for (const own of ['env_key = "K"', 'experimental_bearer_token = "t"', 'auth = { command = "c" }'])
        expect(pitfalls(`${body}\n${own}`, mode, { version: "0.134.0" })).toEqual([]);
    }
    expect(pitfalls(body, "none", { version: "0.134.0" })).toEqual([]);
  });

  it("is no matter when its id belongs to Codex", () => {
    const { data } = parseDocument("[model_providers.amazon-bedrock]\naws = {}", "config.toml");
    const login = () => ({ mode: "apikey", apiKeyInEnvironment: false }) as const;
    expect(providerPitfalls(data, { version: NEWEST, login })).toEqual([]);
  });
});

describe("a provider that takes the login where nobody else should have it", () => {
  const meant = "requires_openai_auth = true";

  it("is named with the host, whoever is signed in, and not for a key of its own", () => {
    for (const mode of ["none", "apikey", "chatgpt", "unknown"] as const)
      expect(pitfalls(`${GATEWAY}\n${meant}`, mode)).toEqual(["login-to-other-host"]);
    expect(pitfalls(`${GATEWAY}\n${meant}\nenv_key = "K"`, "chatgpt")).toEqual([]);
    expect(pitfalls(`${GATEWAY}\nrequires_openai_auth = false`, "chatgpt")).toEqual([]);
  });

  it("is none where the built-in provider sends it to the same host by the user's own word", () => {
    const sentTo = (address: string, version = NEWEST) => {
      const table = `[model_providers.p]\nname = "P"\n${GATEWAY}\n${meant}\n`;
      const { data } = parseDocument(`openai_base_url = "${address}"\n${table}`, "config.toml");
      const login = () => ({ mode: "none", apiKeyInEnvironment: false }) as const;
      return providerPitfalls(data, { version, login }).map(({ args, code, path }) => ({ code, args, path }));
    };
    const path = ["model_providers", "p", "base_url"];
    const found = [{ code: "login-to-other-host", args: { host: "gateway.example.com" }, path }];
    expect(sentTo("https://gateway.example.com/other")).toEqual([]);
    expect(sentTo("https://elsewhere.example.com/v1")).toEqual(found);
    expect(sentTo("https://gateway.example.com/other", "0.114.0")).toEqual(found);
  });

  it("has a key beside a ChatGPT login named, which other tools may take, and no other pair of them", () => {
    const beside = { keyInEnvironment: true };
    expect(pitfalls(meant, "chatgpt", beside)).toEqual(["api-key-beside-chatgpt"]);
    expect(pitfalls(meant, "apikey", beside)).toEqual([]);
    expect(pitfalls(meant, "chatgpt")).toEqual([]);
    expect(pitfalls(`${GATEWAY}\nenv_key = "K"`, "chatgpt", beside)).toEqual([]);
  });
});

describe("credentials that travel in clear", () => {
  const leaky = { version: "0.134.0" };

  it.each([
    ["a key from a variable", 'env_key = "K"', "none", {}, []],
    ["a token", 'experimental_bearer_token = "t"', "none", {}, []],
    ["a key in a header", 'http_headers = { api-key = "k" }', "none", {}, []],
    ["the login", "requires_openai_auth = true", "chatgpt", {}, ["login-to-other-host"]],
    ["a login that nobody meant to send", "", "chatgpt", leaky, ["provider-leaks-key"]],
  ] as const)("are named: %s", (_, own, mode, world, beside) => {
    expect(pitfalls(`${AT_HTTP}\n${own}`, mode, world)).toEqual([...beside, "plain-http"]);
    expect(pitfalls(`${GATEWAY}\n${own}`, mode, world)).toEqual(beside);
    expect(pitfalls(`base_url = "http://localhost:1/v1"\n${own}`, mode, world)).toEqual([]);
  });

  it("are no matter where there are none", () => {
    expect(pitfalls(AT_HTTP, "chatgpt")).toEqual([]);
    expect(pitfalls(AT_HTTP, "none", leaky)).toEqual([]);
  });
});

describe("a variable that a key comes from", () => {
  const body = `${GATEWAY}\nenv_key = "GATEWAY_KEY"`;

  it("is named while it is not set", () => {
    expect(pitfalls(body, "none", { isSet: () => false })).toEqual(["environment-key-unset"]);
    expect(pitfalls(body, "none", { isSet: (name) => name === "GATEWAY_KEY" })).toEqual([]);
  });

  it("is no name where the key itself stands", () => {
    for (const key of ["gsk_0123456789fake", "0f1e2d3c4b5a6978", "sk-fake", "Bearer x"])
      expect(pitfalls(`${GATEWAY}\nenv_key = "${key}"`)).toEqual(["environment-key-no-name"]);
    for (const name of ["S3_KEY", "my_key", "key2"]) expect(pitfalls(`${GATEWAY}\nenv_key = "${name}"`)).toEqual([]);
  });

  it("is no matter of a text whose environment nobody knows, nor is an empty name", () => {
    expect(pitfalls(body)).toEqual([]);
    expect(pitfalls(`${GATEWAY}\nenv_key = ""`, "none", { isSet: () => false })).toEqual([]);
  });
});

test("an id that differs from a built-in one by case alone is named, and the built-in one is not", () => {
  expect(pitfalls("requires_openai_auth = true", "none", {}, "OpenAI")).toEqual(["provider-case"]);
  expect(pitfalls("requires_openai_auth = true", "none", {}, "open-ai")).toEqual([]);
  expect(pitfalls("requires_openai_auth = true", "none", {}, "openai")).toEqual([]);
});

describe("a login", () => {
  const deleted = (text: string, login: Partial<Login>) =>
    loginPitfalls(parseDocument(text, "config.toml").data, {
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
    serverPitfalls(parseDocument(text, "config.toml").data, version).map(({ code, args }) => ({ code, ...args }));

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
