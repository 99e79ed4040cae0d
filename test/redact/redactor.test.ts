/** What never gets out: secrets in configs, in comments, in words of other programs. */
import { describe, expect, test } from "vitest";
import { loadSchema } from "../../src/codex/load-schema.ts";
import type { Schema } from "../../src/codex/schema.ts";
import { diffOf } from "../../src/plan/diff.ts";
import { isSecretPath } from "../../src/redact/names.ts";
import { Redactor, redactedValue, redactedWords } from "../../src/redact/redactor.ts";
import { parseDocument } from "../../src/toml/document.ts";

const CANARY = "CANARY-0123456789";

describe("a masked text", () => {
  test.each([
    ["a bearer token", `[model_providers.x]\nexperimental_bearer_token = "${CANARY}"\n`],
    ["an env value", `[mcp_servers.x.env]\nANY_NAME = "${CANARY}"\n`],
    ["an env value, inline", `mcp_servers.x = { command = "c", env = { ANY_NAME = "${CANARY}" } }\n`],
    ["an env value, dotted", `mcp_servers.x.env.ANY_NAME = "${CANARY}"\n`],
    ["a header", `[mcp_servers.x.http_headers]\nX-Any = '${CANARY}'\n`],
    ["a provider's header", `[model_providers.x]\nhttp_headers = { X-Any = "${CANARY}" }\n`],
    ["a query parameter", `[model_providers.x.query_params]\nany = "${CANARY}"\n`],
    ["an argument after a telling flag", `[mcp_servers.x]\nargs = ["--api-key", "${CANARY}"]\n`],
    ["an argument with a telling flag", `[mcp_servers.x]\nargs = ["--token=${CANARY}"]\n`],
    ["a header given as an argument", `[mcp_servers.x]\nargs = ["--header", "Authorization: Bearer ${CANARY}"]\n`],
    ["a header behind its flag", `[mcp_servers.x]\nargs = ["-H", "X-Any: ${CANARY}"]\n`],
    ["a header in one word with its flag", `[mcp_servers.x]\nargs = ["--header=X-Any: ${CANARY}"]\n`],
    ["a variable behind its flag", `[mcp_servers.x]\nargs = ["-e", "ANY_NAME=${CANARY}"]\n`],
    ["what a bearer is", `[mcp_servers.x]\nargs = ["--bearer", "${CANARY}"]\n`],
    ["what stands behind --auth", `[mcp_servers.x]\nargs = ["--auth", "${CANARY}"]\n`],
    ["one pair of several", `[mcp_servers.x]\nargs = ["Server=h;Password=${CANARY}"]\n`],
    ["a table in an array", `a = [{ b = [{ password = "${CANARY}" }] }, { x = { env = { ANY = "${CANARY}" } } }]\n`],
    ["a text where a table of secrets belongs", `[mcp_servers.x]\nenv = "ANY_NAME=${CANARY}"\n`],
    ["whatever is below a telling name", `password = { x = "${CANARY}", y = [{ z = "${CANARY}" }] }\n`],
    [
      "a choice that is a variable of a server",
      `# ${CANARY}\n[mcp_servers.x.env]\nANY = true # sk-${CANARY}\n`.slice(19),
    ],
    ["what is said behind a secret", `[mcp_servers.x.env]\nA = "new" # was "${CANARY}"\n`],
    ["a setting in a remark behind another", `a = 1 # token = "${CANARY}"\n`],
    ["a table in a remark behind a key", `[mcp_servers.x]\ncommand = "c" # env = { A = "${CANARY}" }\n`],
    ["a remark inside a table", `[mcp_servers.x]\nenv = {\n  # OLD = "${CANARY}",\n  A = "1",\n}\n`],
    ["a remark inside an array", `[mcp_servers.x]\nargs = [\n  "a",\n  # "--token",\n  # "${CANARY}",\n]\n`],
    ["a commented-out header with a remark", `# [mcp_servers.x.env] # note\n# A = "${CANARY}"\n`],
    ["a commented-out header with brackets in a name", `# [mcp_servers."x]y".env]\n# A = "${CANARY}"\n`],
    ["a commented-out header, then a blank line", `# [mcp_servers.x.env]\n\n# A = "${CANARY}"\n`],
    ["a commented-out name with a space", `[mcp_servers.x.env]\n# "A B" = "${CANARY}"\n`],
    ["a commented-out name with spaces between", `[mcp_servers.x]\n# env . A = "${CANARY}"\n`],
    ["commented-out arguments over lines", `[mcp_servers.x]\n# args = [\n#  "--token",\n#  "${CANARY}",\n# ]\n`],
    ["a commented-out text over lines", `# token = """\n# ${CANARY}\n# """\n`],
    ["brackets in a commented-out text", `[mcp_servers.x]\n# env = {\n#   A = "a}b",\n#   B = "${CANARY}",\n# }\n`],
    ["an argument behind a flag in long quotes", `[mcp_servers.x]\nargs = ["""--token""", "${CANARY}"]\n`],
    ["an argument behind a flag with escapes", `[mcp_servers.x]\nargs = ["--t\\u006fken", "${CANARY}"]\n`],
    ["a quoted word of a command line", `[mcp_servers.x]\nargs = ["-c", "run --token '${CANARY}'"]\n`],
    ["a variable in a command line", `[mcp_servers.x]\ncommand = "env API_TOKEN=${CANARY} foo"\n`],
    ["a variable before a hook's program", `[[hooks.Stop]]\nhooks = [{ command = "MY_SECRET='${CANARY}' ./run" }]\n`],
    ["a variable in escaped quotes", `a = "sh -c \\"DB_PASSWORD=\\\\\\"${CANARY}\\\\\\" run\\""\n`],
    ["a pair of a connection", `a = "host=h password=${CANARY}"\n`],
    ["a token of GitHub's apps", `a = "ghu_${CANARY.replace("-", "")}"\n`],
    ["a token that refreshes", `a = "ghr_${CANARY.replace("-", "")}"\n`],
    ["what shells are given", `[shell_environment_policy]\nset = { ANY = "${CANARY}" }\n`],
    ["what HTTP calls basic", `a = "Basic dXNlcjpDQU5BUlk9${CANARY}"\n`],
    ["a key by its schema", `[a]\nb = "sk-${CANARY}"\n`],
    ["userinfo in an address", `[a]\nb = "https://user:${CANARY}@example.com/"\n`],
    ["a token in an address", `[a]\nb = "https://example.com/?x=1&access_token=${CANARY}"\n`],
    ["a multi-line value", `[a]\npassword = """\n${CANARY}\n"""\n`],
    ["a commented-out key", `# experimental_bearer_token = "${CANARY}"\n`],
    ["a commented-out table", `# [mcp_servers.x.env]\n# ANY_NAME = "${CANARY}"\n`],
    ["a commented-out key of a live table", `[mcp_servers.x.env]\n# ANY_NAME = "${CANARY}"\n`],
    ["a commented-out inline table", `[mcp_servers.x]\n# env = { ANY_NAME = "${CANARY}" }\n`],
    ["a commented-out table over lines", `[mcp_servers.x]\n# env = {\n#   ANY_NAME = "${CANARY}",\n# }\n# args = []\n`],
    ["a commented-out argument", `[mcp_servers.x]\n# args = ["--api-key", "${CANARY}"]\n`],
    ["a secret said twice", `[mcp_servers.x]\nenv = { A = "${CANARY}" }\n[mcp_servers.x.env]\nA = "other"\n`],
    ["a commented-out key of any schema", `# was sk-${CANARY}\n`],
  ])("hides %s", (_, text) => {
    const masked = new Redactor().text(text).text;
    expect(masked).not.toContain(CANARY);
    expect(masked).toContain("‹secret");
  });

  test.each([
    ["the name of a variable", '[model_providers.x]\nenv_key = "OPENAI_API_KEY"\n'],
    ["headers from variables", '[mcp_servers.x]\nenv_http_headers = { X-Key = "MY_KEY" }\n'],
    ["a store", 'cli_auth_credentials_store = "file"\n'],
    ["a limit", "tool_output_token_limit = 1000\nmodel_auto_compact_token_limit = 5\n"],
    ["plain remarks", "a = 1 # why\n# see [b], and x = 2\n[b] # of mine\n# a flag\nc = [ # list\n 1,\n]\n"],
    ["plain settings", 'model = "gpt-5.5" # mine\n\n[mcp_servers.x]\ncommand = "npx"\nargs = ["-y", "pkg"]\n'],
  ])("leaves %s as it is", (_, text) => {
    expect(new Redactor().text(text).text).toBe(text);
  });

  test("shows nothing of what does not parse", () => {
    expect(new Redactor().text(`token = "${CANARY}\n`).text).not.toContain(CANARY);
  });
});

describe("a diff", () => {
  test("shows that a secret changed without showing either", () => {
    const [diff] = diffOf([{ file: "config", before: 'a.token = "one-secret"\n', after: 'a.token = "two-secrets"\n' }]);
    expect(diff?.text).toContain('-a.token = "‹secret A›"\n+a.token = "‹secret B›"\n');
    expect(diff?.text).not.toMatch(/one-secret|two-secrets/);
  });

  test("shows a secret that stays as the same one", () => {
    const [diff] = diffOf([{ file: "config", before: 'a.token = "one"\nb = 1\n', after: 'a.token = "one"\nb = 2\n' }]);
    expect(diff?.text).toContain(' a.token = "‹secret A›"\n-b = 1\n+b = 2\n');
  });

  test("leaves line ends out unless they are what changed", () => {
    const [same] = diffOf([{ file: "config", before: "a = 1\r\n", after: "a = 2\r\n" }]);
    expect(same?.text).not.toMatch(/\r|␍/);
    const [changed] = diffOf([{ file: "profile:x", before: "a = 1\r\n", after: "a = 1\n" }]);
    expect(changed?.text).toContain("--- a/x.config.toml\n+++ b/x.config.toml\n");
    expect(changed?.text).toContain("-a = 1␍\n+a = 1\n");
  });
});

describe("what is no secret is shown, whatever its name sounds like", () => {
  const spelled = { boolean: "true", integer: "7", number: "0.5" };

  /** Every choice and number of Codex's config, as a path and a spelling. */
  function* plain(schema: Schema, path: readonly string[]): Generator<readonly [readonly string[], string]> {
    if (schema.kind === "struct") {
      for (const [name, field] of Object.entries(schema.fields)) yield* plain(field, [...path, name]);
      if (schema.rest) yield* plain(schema.rest, [...path, "some-name"]);
    } else if (schema.kind === "map") yield* plain(schema.values, [...path, "some-name"]);
    else if (schema.kind === "oneOf") for (const option of schema.options) yield* plain(option, path);
    else if (schema.kind === "enum") yield [path, `"${schema.values[0]}"`];
    else if (schema.kind in spelled) yield [path, spelled[schema.kind as keyof typeof spelled]];
  }

  test.each([
    'command = "env MAX_TOKENS=9 foo"',
    'env_key="API_TOKEN"',
    'a = "key=value"',
    'bearer_token_env_var="DOCS_TOKEN" # the token: see a=b',
  ])("%s", (line) => {
    expect(new Redactor().text(`${line}\n`).text).toBe(`${line}\n`);
  });

  test("every choice and every number that Codex knows", async () => {
    const cases = [...plain(await loadSchema(), [])];
    const hidden = cases.filter(([path, spelling]) => {
      const line = `${path.map((name) => `"${name}"`).join(".")} = ${spelling}\n`;
      return new Redactor().text(line).text !== line || new Redactor().spelling(spelling, path) !== spelling;
    });
    expect(cases.length).toBeGreaterThan(500);
    expect(hidden).toEqual([]);
  });

  test("but not in a table of secrets, nor a number that is no count", () => {
    for (const line of ["mcp_servers.x.env.ANY = true", "mcp_servers.x.env.MAX_TOKENS = 7", "a.password = 123456"])
      expect(new Redactor().text(line).text).toMatch(/= "‹secret A›"$/);
    expect(redactedValue({ ON: true }, ["mcp_servers", "x", "env"])).toEqual({ ON: "‹secret›" });
    expect(redactedValue({ x: { y: "words" } }, ["password"])).toEqual({ x: { y: "‹secret›" } });
  });
});

describe("another program's words lose a secret", () => {
  const value = 'a"b\\c-4711';
  test.each([
    ["as it is", `invalid type: string ${value}`],
    ["with its escapes", `invalid type: string ${JSON.stringify(value)}`],
  ])("that they quote %s, however the file spells it", (_, words) => {
    for (const spelling of [JSON.stringify(value), `'${value}'`, `'''\n${value}'''`]) {
      const document = parseDocument(`mcp_servers.x.env = ${spelling}\n`, "");
      expect(redactedWords(words, [document])).not.toContain("4711");
    }
  });
});

test("another program's words lose every secret of the files it was shown", () => {
  const document = parseDocument(`[mcp_servers.x.env]\nK = "${CANARY}"\n`, "");
  expect(redactedWords(`bad value ${CANARY} at line 2`, [document])).toBe("bad value ‹secret› at line 2");
});

test("an address keeps all but the key in its path", () => {
  const told =
    'a = ["curl", "https://hooks.example/services/T0/x1y2z3x1y2z3"] # https://e.example/openai/v1/my-model\n';
  expect(new Redactor().text(told).text).toBe(told.replace("x1y2z3x1y2z3", "‹secret A›"));
});

test("a path is secret by its own name or by the table it is in", () => {
  expect(isSecretPath(["mcp_servers", "x", "env", "PATH"])).toBe(true);
  expect(isSecretPath(["env"])).toBe(false);
  expect(isSecretPath(["mcp_servers", "x", "bearer_token"])).toBe(true);
  expect(isSecretPath(["mcp_servers", "x", "bearer_token_env_var"])).toBe(false);
});
