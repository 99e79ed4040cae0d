/** Names that people chose are shown, whatever they sound like; the keys below them are judged by what they say. */
import { describe, expect, test } from "vitest";
import { loadSchema } from "../../src/codex/load-schema.ts";
import type { Schema } from "../../src/codex/schema.ts";
import { isSecretName, isSecretPath } from "../../src/redact/names.ts";
import { Redactor } from "../../src/redact/redactor.ts";
import { NAMED, TABLES, VARIABLE_NAMES } from "../../src/redact/rules.ts";

describe("a path is secret", () => {
  test.each([
    ["by its own name", ["mcp_servers", "x", "bearer_token"]],
    ["by the table it is in", ["mcp_servers", "x", "env", "PATH"]],
    ["by the nearest name that tells", ["a", "password", "b", 0, "c"]],
    ["by the nearest name that tells, below one that does not", ["a", "env_var", "token"]],
    ["as a text in the place of a table of secrets", ["mcp_servers", "x", "env"]],
    ["in a profile as in the file", ["profiles", "env", "shell_environment_policy", "set", "A"]],
    ["in a table that bears a harmless name", ["mcp_servers", "env", "env", "env_key"]],
  ])("%s", (_, path) => {
    expect(isSecretPath(path, '"x"')).toBe(true);
  });

  test.each([
    ["for a name that somebody chose", ["mcp_servers", "token-server", "command"]],
    ["for a tool's name", ["mcp_servers", "x", "tools", "get_secret", "approval_mode"]],
    ["for a folder's name", ["permissions", "p", "filesystem", "/home/u/secrets"]],
    ["for a variable's name", ["model_providers", "p", "env_http_headers", "Authorization"]],
    ["for a key at the root that is a table elsewhere", ["env"]],
    ["where another key says what is in it", ["a", "secret", "env_var"]],
  ])("not %s", (_, path) => {
    expect(isSecretPath(path, '"x"')).toBe(false);
  });
});

test("a name tells in its place", () => {
  expect((["key", "flag", "pair", "query"] as const).map((place) => isSecretName("session", place))).toEqual([
    false,
    true,
    false,
    true,
  ]);
});

describe("a server, provider, profile or permission profile may be called", () => {
  const names = ["env", "headers", "http_headers", "query_params", "token", "sk-learn-docs", "pk-gateway-eu"];
  test.each(names)("%s", (name) => {
    const text = ["mcp_servers", "model_providers", "profiles", "permissions", "agents", "apps", "plugins"]
      .map((table) => `[${table}.${name}]\nenabled = true\ncommand = "docs"\n[${table}.${name}.below]\nmodel = "m"\n`)
      .join("");
    expect(new Redactor().text(text).text).toBe(text);
  });
});

describe("the tables of Codex", async () => {
  const root = await loadSchema();

  /** Every table whose keys are no settings of Codex, and what they hold. */
  function* open(schema: Schema, path: readonly string[]): Generator<readonly [readonly string[], Schema]> {
    if (schema.kind === "oneOf") for (const option of schema.options) yield* open(option, path);
    if (schema.kind === "array") yield* open(schema.items, path);
    const values = schema.kind === "map" ? schema.values : schema.kind === "struct" ? schema.rest : undefined;
    if (schema.kind === "struct")
      for (const [name, field] of Object.entries(schema.fields)) yield* open(field, [...path, name]);
    if (values) {
      yield [path, values];
      yield* open(values, [...path, "*"]);
    }
  }

  test("whose keys are names are known as such", () => {
    const holdsMore = ({ kind }: Schema) => kind === "struct" || kind === "map" || kind === "enum" || kind === "oneOf";
    const isTable = (path: readonly string[]) =>
      VARIABLE_NAMES.includes(path.at(-1) ?? "") ||
      TABLES.some(({ path: end }) => end.every((part, i) => part === path[path.length - end.length + i]));
    const missing = [...open(root, [])]
      .filter(([path, values]) => path[0] !== "profiles" && holdsMore(values) && !isTable(path))
      .map(([path]) => path.join("."))
      .filter((path) => !NAMED.has(path));
    expect(missing).toEqual([]);
  });

  test("that are known for their names are there", () => {
    const there = new Set([...open(root, [])].map(([path]) => path.join(".")));
    expect([...NAMED].filter((path) => !there.has(path))).toEqual([]);
  });
});
