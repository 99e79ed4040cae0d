/** Which provider tables keep a config from loading, by release, and what cures each. */
import { describe, expect, test } from "vitest";
import { providerRules } from "../../../src/codex/rules/providers.ts";
import type { Fix } from "../../../src/findings/finding.ts";
import { parseDocument } from "../../../src/toml/document.ts";

const NEWEST = "0.169.0";

function found(id: string, body: string, version = NEWEST) {
  const { data } = parseDocument(`[model_providers.${id}]\n${body}\n`, "config.toml");
  return providerRules(data, version).map(({ fix, path, ...rest }) => {
    expect([path[0], path[1], rest.stops]).toEqual(["model_providers", id, "load"]);
    return { ...rest, at: path.slice(2).join("."), ...(fix ? { fix: firstWay(fix("profile:p")) } : {}) };
  });
}
/** What a fix does: of a choice, what its first option does. */
const firstWay = (fix: Fix) => (fix.kind === "safe" ? fix.ops : fix.options[0]?.ops);
const codes = (id: string, body: string, version?: string) => found(id, body, version).map(({ code }) => code);

const at = (id: string, ...path: readonly string[]) =>
  ({ file: "profile:p", path: ["model_providers", id, ...path] }) as const;
const unset = (id: string, ...path: readonly string[]) => [{ op: "unset", ...at(id, ...path) }];
const set = (id: string, key: string, value: unknown) => [{ op: "set", ...at(id, key), value }];
const NAME = 'name = "P"';

test("a provider of one's own that is in order is left in peace, and so is a config without any", () => {
  for (const version of ["0.50.0", "0.120.0", NEWEST])
    expect(found("p", `${NAME}\nbase_url = "https://gw.example/v1"\nwire_api = "responses"`, version)).toEqual([]);
  expect(providerRules({}, NEWEST)).toEqual([]);
  expect(providerRules({ model_providers: { p: "no table" } }, NEWEST)).toEqual([]);
});

describe("a name", () => {
  test.each(["", 'name = ""', 'name = " \\t"'])("has to be there and not to be empty: %j", (body) => {
    expect(found("p", body)).toEqual([
      { code: "provider-name", args: { id: "p" }, stops: "load", at: "", fix: set("p", "name", "p") },
    ]);
  });

  test("of no text is another rule's matter", () => {
    expect(found("p", "name = 1")).toEqual([]);
  });

  test("for a provider with an empty id is made up", () => {
    const [violation] = providerRules({ model_providers: { "": {} } }, NEWEST);
    expect(violation?.fix?.("config")).toMatchObject({ kind: "safe", ops: [{ op: "set", value: "unnamed" }] });
  });
});

test("a wire protocol that the release does not have is named with those that it has", () => {
  const wire = (version: string) => found("p", `${NAME}\nwire_api = "chat"`, version);
  expect(wire(NEWEST)).toEqual([
    {
      code: "wire-api",
      args: { id: "p", allowed: ["responses"] },
      stops: "load",
      at: "wire_api",
      fix: set("p", "wire_api", "responses"),
    },
  ]);
  expect(wire("0.94.0")).toEqual([]);
  expect(found("p", `${NAME}\nwire_api = 1`)).toEqual([]);
});

describe("ways to a key that contradict each other", () => {
  const AUTH = `${NAME}\nauth = { command = "c" }`;

  test.each([
    ["env_key", '"K"'],
    ["experimental_bearer_token", '"fake"'],
    ["requires_openai_auth", "true"],
  ])("are auth and %s, since auth is checked", (key, value) => {
    expect(found("p", `${AUTH}\n${key} = ${value}`)).toEqual([
      { code: "provider-auth-conflict", args: { id: "p", key }, stops: "load", at: key, fix: unset("p", key) },
    ]);
    expect(found("p", `${AUTH}\n${key} = ${value}`, "0.117.0")).toEqual([]);
    expect(found("p", `${NAME}\n${key} = ${value}`)).toEqual([]);
  });

  test("are each named, and a switch that is off is none", () => {
    expect(codes("p", `${AUTH}\nenv_key = "K"\nexperimental_bearer_token = "fake"`)).toEqual([
      "provider-auth-conflict",
      "provider-auth-conflict",
    ]);
    expect(codes("p", `${AUTH}\nrequires_openai_auth = false`)).toEqual([]);
  });

  test("are no matter where auth is no table", () => {
    expect(codes("p", `${NAME}\nauth = "x"\nenv_key = "K"`)).toEqual([]);
  });
});

test("a command that prints a key must not be empty", () => {
  const empty = (command: string, version?: string) => found("p", `${NAME}\nauth = { command = ${command} }`, version);
  for (const command of ['""', '"  "'])
    expect(empty(command)).toEqual([
      { code: "provider-auth-command", args: { id: "p" }, stops: "load", at: "auth.command" },
    ]);
  expect(empty('""', "0.117.0")).toEqual([]);
  expect(empty("1")).toEqual([]);
});

test("aws belongs to Amazon's own ids, since there are any", () => {
  const aws = `${NAME}\naws = { region = "r" }`;
  expect(found("p", aws)).toEqual([
    { code: "provider-aws", args: { id: "p" }, stops: "load", at: "aws", fix: unset("p", "aws") },
  ]);
  expect(found("p", aws, "0.122.0")).toEqual([]);
  expect(codes("amazon-bedrock", 'aws = { region = "r" }')).toEqual([]);
});

describe("a table of an id that belongs to Codex", () => {
  const BODY = 'base_url = "http://localhost:1/v1"';

  test.each(["openai", "ollama", "lmstudio"])("keeps it from loading, and moves to an id of its own: %s", (id) => {
    const free = `${id}-custom`;
    const moved = { op: "move", ...at(id), to: { file: "profile:p", path: ["model_providers", free] } };
    const expected = { code: "reserved-provider", args: { id }, stops: "load", at: "" };
    expect(found(id, `${NAME}\n${BODY}`)).toEqual([{ ...expected, fix: [moved] }]);
    for (const body of [BODY, `name = " "\n${BODY}`])
      expect(found(id, body)).toEqual([{ ...expected, fix: [moved, ...set(free, "name", free)] }]);
    expect(found(id, BODY, "0.114.0")).toEqual([]);
  });

  test.each([["a contradiction", 'auth = { command = "c" }\nenv_key = "K"']])(
    "has no such cure while it would not load under another id either: %s",
    (_, body) => {
      const [violation] = found("openai", `${BODY}\n${body}`);
      expect(violation?.code).toBe("reserved-provider");
      expect(violation).not.toHaveProperty("fix");
    },
  );

  test("takes the only protocol with it, too", () => {
    const [violation] = found("openai", `${NAME}\n${BODY}\nwire_api = "chat"`);
    expect(violation?.fix).toMatchObject([{ op: "move" }, { op: "set", value: "responses" }]);
  });

  test("that a file selects is a person's to choose: the table may be used from then on, or not", () => {
    const { data } = parseDocument(`[model_providers.openai]\n${NAME}\n${BODY}\n`, "config.toml");
    const selectors = () => [{ file: "profile:w", path: ["model_provider"] }] as const;
    const [violation] = providerRules(data, NEWEST, selectors);
    const fix = violation?.fix?.("config");
    expect(fix?.kind).toBe("choice");
    expect(fix?.kind === "choice" && fix.options.map(({ ops }) => ops.length)).toEqual([2, 1]);
    expect(fix?.kind === "choice" && fix.options[0]?.ops[1]).toEqual({
      op: "set",
      file: "profile:w",
      path: ["model_provider"],
      value: "openai-custom",
    });
  });

  test("loads for openai where it says only what holds anyway, since a release", () => {
    const same = 'name = ""\nwire_api = "responses"\nrequires_openai_auth = false\nsupports_websockets = false';
    expect([codes("openai", same), codes("openai", "")]).toEqual([[], []]);
    expect(codes("openai", same, "0.165.0")).toEqual(["reserved-provider"]);
    expect(codes("ollama", same)).toEqual(["reserved-provider"]);
    expect(codes("openai", "supports_websockets = true")).toEqual(["reserved-provider"]);
    expect(codes("openai", "nobody_knows_this = true")).toEqual([]);
  });

  test("may name a model catalogue of OpenAI's, and no other", () => {
    const catalogue = (address: string) => found("openai", `model_catalog_url = ${address}`);
    for (const good of [
      "https://chatgpt.com/x",
      "https://a.chatgpt.com/x",
      "HTTPS://ChatGPT.com",
      "https://chat.openai.com",
    ])
      expect(catalogue(`"${good}"`)).toEqual([]);
    expect(catalogue("1")).toEqual([]);
    for (const bad of [
      "https://chatgpt.com.evil.example/x",
      "http://chatgpt.com/x",
      "https://evil.example/chatgpt.com",
    ])
      expect(catalogue(`"${bad}"`)).toEqual([
        {
          code: "provider-catalog-host",
          args: { id: "openai" },
          stops: "load",
          at: "model_catalog_url",
          fix: unset("openai", "model_catalog_url"),
        },
      ]);
    expect(codes("openai", 'model_catalog_url = "https://evil.example"\nbase_url = "https://gw.example"')).toEqual([
      "reserved-provider",
    ]);
    expect(codes("openai", 'model_catalog_url = "https://chatgpt.com"', "0.165.0")).toEqual(["reserved-provider"]);
  });

  test("may change the fields that the release lets it, and the others go", () => {
    const body = 'aws = { region = "r" }\nname = "x"\nenv_key = "K"\nsupports_websockets = false';
    expect(found("amazon-bedrock", body, "0.123.0")).toEqual([
      {
        code: "restricted-provider",
        args: { id: "amazon-bedrock", keys: ["name", "env_key"], allowed: ["aws"] },
        stops: "load",
        at: "",
        fix: [...unset("amazon-bedrock", "name"), ...unset("amazon-bedrock", "env_key")],
      },
    ]);
    expect(codes("amazon-bedrock", 'base_url = "https://x.example"', "0.144.6")).toEqual(["restricted-provider"]);
    expect(codes("amazon-bedrock", 'base_url = "https://x.example"', "0.145.0")).toEqual([]);
    expect(found("amazon-bedrock", NAME, "0.122.0")).toEqual([]);
  });

  test("has either Amazon's way to a key or a command of its own, which is not empty", () => {
    expect(found("amazon-bedrock", 'auth = { command = "c" }\naws = { region = "r" }')).toEqual([
      {
        code: "provider-auth-conflict",
        args: { id: "amazon-bedrock", key: "aws" },
        stops: "load",
        at: "aws",
        fix: unset("amazon-bedrock", "aws"),
      },
    ]);
    expect(codes("amazon-bedrock", 'auth = { command = "c" }')).toEqual([]);
    expect(codes("amazon-bedrock", 'auth = { command = "" }')).toEqual(["provider-auth-command"]);
  });

  test("names a credential file of Google's from the root on", () => {
    expect(found("gcp", 'credential_file = "here.json"')).toEqual([
      {
        code: "provider-file",
        args: { id: "gcp", key: "credential_file" },
        stops: "load",
        at: "credential_file",
        fix: unset("gcp", "credential_file"),
      },
    ]);
    expect(codes("gcp", 'credential_file = "/srv/key.json"')).toEqual([]);
    expect(codes("gcp", "credential_file = 1")).toEqual([]);
    expect(codes("amazon-bedrock", 'credential_file = "here.json"')).not.toContain("provider-file");
  });

  test("does nothing in releases that never looked at it, whatever it holds", () => {
    expect(found("openai", 'name = ""\nwire_api = "x"', "0.114.0")).toEqual([]);
    expect(codes("oss", 'name = ""', "0.58.0")).toEqual([]);
    expect(codes("oss", 'name = ""', "0.63.0")).toEqual(["provider-name"]);
  });
});

test("a gateway's login is checked since it is a setting", () => {
  const body = `${NAME}\ngateway_oauth = {}`;
  expect(codes("p", body)).not.toEqual([]);
  expect(codes("p", body, "0.155.0")).toEqual([]);
});
