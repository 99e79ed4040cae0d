/**
 * The schema of Codex's own config and what else is generated from the measurements: that it is a valid schema, takes
 * configs that real people have and refuses their mistakes, has a sentence for every key, and is what the data gives.
 */
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";
import { loadSchema } from "../../src/codex/load-schema.ts";

type Shape = {
  readonly kind: string;
  readonly fields?: Readonly<Record<string, Shape>>;
  readonly rest?: Shape;
  /** Strict reports such keys, and so does the schema. */
  readonly restUnknown?: boolean;
  readonly values?: Shape | readonly string[];
  readonly items?: Shape;
  readonly options?: readonly Shape[];
  readonly since?: string;
  readonly until?: string;
};
type Schema = {
  readonly [word: string]: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly $ref?: string;
  readonly description?: string;
};

const readText = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const schema: Schema = JSON.parse(readText("schemas/codex-config.schema.json"));
const { version }: { readonly version: string } = JSON.parse(readText("src/codex/schema/root.json"));
const shape = { version, root: (await loadSchema()) as Shape };

const ajv = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true });
for (const word of ["x-since", "x-until", "x-stage"]) ajv.addKeyword({ keyword: word, schemaType: "string" });
const validate = ajv.compile(schema);

/** Where the schema complains about a config, as `/path keyword`. */
function complaints(toml: string): string[] {
  if (validate(parse(toml))) return [];
  return (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath || "/"} ${keyword}`);
}

describe("the schema", () => {
  test("is one that the standard accepts", () => {
    expect(ajv.validateSchema(schema)).toBe(true);
    expect(schema.$schema).toBe("http://json-schema.org/draft-07/schema#");
    expect(schema.$id).toBe(`urn:codex-cfg:codex-config:${shape.version}`);
  });

  const GOOD: readonly (readonly [string, string])[] = [
    ["an empty file", ""],
    [
      "a usual config",
      `model = "gpt-5.5"
      model_reasoning_effort = "high"
      approval_policy = "on-request"
      sandbox_mode = "workspace-write"
      notify = ["notify-send", "Codex"]
      [sandbox_workspace_write]
      network_access = true
      writable_roots = ["/work"]
      [projects."/home/u/code"]
      trust_level = "trusted"
      [tui]
      theme = "dracula"
      notifications = ["agent-turn-complete"]
      [features]
      web_search_request = true
      multi_agent_v2 = { enabled = true }`,
    ],
    [
      "a provider of one's own",
      `model_provider = "proxy"
      [model_providers.proxy]
      name = "Proxy"
      base_url = "https://proxy.example/v1"
      env_key = "PROXY_KEY"
      wire_api = "responses"
      query_params = { api-version = "2025-04-01" }
      request_max_retries = 4
      [model_providers.proxy.auth]
      command = "print-token"
      args = ["--short"]`,
    ],
    [
      "servers of both kinds",
      `[mcp_servers.docs]
      command = "npx"
      args = ["-y", "docs-server"]
      startup_timeout_sec = 20
      tool_timeout_sec = 7.5
      [mcp_servers.docs.env]
      TOKEN = "x"
      [mcp_servers.remote]
      url = "https://mcp.example/mcp"
      bearer_token_env_var = "REMOTE_TOKEN"
      enabled = false`,
    ],
    ["a partial profile file", `model = "gpt-5.5"\n[mcp_servers.docs]\nenabled = false`],
    [
      "a granular approval policy",
      "approval_policy = { granular = { sandbox_approval = true, rules = true, mcp_elicitations = false } }",
    ],
    ["a key that only older releases read", `experimental_use_freeform_apply_patch = true`],
    ["a shell environment", `[shell_environment_policy]\ninherit = "core"\nexclude = ["AWS_*"]\nset = { CI = "1" }`],
  ];
  test.each(GOOD)("accepts %s", (_, toml) => {
    expect(complaints(toml)).toEqual([]);
  });

  const BAD: readonly (readonly [string, string, string])[] = [
    ["a number for a name", "model = 3", "/model type"],
    ["text for a switch", `hide_agent_reasoning = "yes"`, "/hide_agent_reasoning type"],
    ["a word that is no variant", `sandbox_mode = "full"`, "/sandbox_mode enum"],
    ["a variant in another case", `sandbox_mode = "Read-Only"`, "/sandbox_mode enum"],
    ["a negative count", "tool_output_token_limit = -1", "/tool_output_token_limit minimum"],
    ["a port beyond the last", "mcp_oauth_callback_port = 70000", "/mcp_oauth_callback_port maximum"],
    ["a key nobody knows", `modle = "gpt-5.5"`, "/ additionalProperties"],
    [
      "an unknown key of a server",
      "[mcp_servers.a]\ncommand = 'x'\ndisabled = true",
      "/mcp_servers/a additionalProperties",
    ],
    ["a list for a command", "[mcp_servers.a]\ncommand = ['x']", "/mcp_servers/a/command type"],
    ["a number among the variables", "[mcp_servers.a.env]\nPORT = 1", "/mcp_servers/a/env/PORT type"],
    ["an old wire protocol", "[model_providers.a]\nname = 'A'\nwire_api = 'chat'", "/model_providers/a/wire_api enum"],
    ["an auth table without its command", "[model_providers.a.auth]\nargs = []", "/model_providers/a/auth required"],
    ["a word for trust", "[projects.'/a']\ntrust_level = 'yes'", "/projects/~1a/trust_level enum"],
    ["text for a feature", "[features]\nshell_tool = 'on'", "/features/shell_tool type"],
    ["a table for a list", "notify = { command = 'x' }", "/notify type"],
  ];
  test.each(BAD)("refuses %s", (_, toml, complaint) => {
    expect(complaints(toml)).toContain(complaint);
  });

  test("has every key of the shape, with a sentence about it", () => {
    const missing: string[] = [];
    const seen = compare(shape.root, schema, [], missing);
    expect(missing).toEqual([]);
    expect(seen).toBeGreaterThan(800);
  });

  test("marks what older releases read and newer ones do not", () => {
    const gone = Object.entries(shape.root.fields ?? {}).filter(([, field]) => field.until !== undefined);
    expect(gone.map(([key]) => key)).toContain("experimental_instructions_file");
    for (const [key, field] of gone)
      expect(schema.properties?.[key]).toMatchObject({ deprecated: true, "x-until": field.until });
  });
});

test("the generated files are what the measurements give", async () => {
  const path = "../../scripts/build-schema.js";
  const { build }: { build(): Record<string, string> } = await import(path);
  for (const [name, text] of Object.entries(build())) expect(readText(name), name).toBe(text);
});

/** Walks both trees side by side, says where the schema lacks a key or its sentence, and counts the keys. */
function compare(one: Shape, given: Schema | undefined, path: readonly string[], missing: string[]): number {
  const at = given && follow(given);
  if (at === undefined) {
    missing.push(path.join("."));
    return 0;
  }
  let keys = 0;
  for (const [key, field] of Object.entries(one.fields ?? {})) {
    const property = at.properties?.[key];
    keys += 1 + compare(field, property, [...path, key], missing);
    if (!/^[A-Z].*\.$/s.test(property?.description ?? "")) missing.push(`${[...path, key].join(".")}: no sentence`);
  }
  const entry = typeof at.additionalProperties === "object" ? at.additionalProperties : undefined;
  if (one.kind === "map") keys += compare(one.values as Shape, entry, [...path, "*"], missing);
  if (one.rest && !one.restUnknown) keys += compare(one.rest, entry, [...path, "*"], missing);
  if (one.items) keys += compare(one.items, at.items, [...path, "[]"], missing);
  for (const [index, option] of (one.options ?? []).entries())
    keys += compare(option, at.anyOf?.[index], path, missing);
  return keys;
}

/** The schema itself, where a reference or the wrapper around one stands for it. */
function follow(given: Schema): Schema | undefined {
  const inner = given.allOf?.[0];
  if (inner) return follow(inner);
  const name = given.$ref?.replace("#/definitions/", "");
  return name === undefined ? given : schema.definitions?.[name];
}
