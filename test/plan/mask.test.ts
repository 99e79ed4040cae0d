/** What never gets out: secrets in configs, in comments, in words of other programs. */
import { describe, expect, test } from "vitest";
import { diffOf } from "../../src/plan/diff.ts";
import { isSecretPath, Masker } from "../../src/plan/mask.ts";
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
    ["a key by its shape", `[a]\nb = "sk-${CANARY}"\n`],
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
    ["a commented-out key of any shape", `# was sk-${CANARY}\n`],
  ])("hides %s", (_, text) => {
    const masked = new Masker().text(text);
    expect(masked).not.toContain(CANARY);
    expect(masked).toContain("‹secret");
  });

  test.each([
    ["the name of a variable", '[model_providers.x]\nenv_key = "OPENAI_API_KEY"\n'],
    ["headers from variables", '[mcp_servers.x]\nenv_http_headers = { X-Key = "MY_KEY" }\n'],
    ["a store", 'cli_auth_credentials_store = "file"\n'],
    ["a limit", "tool_output_token_limit = 1000\nmodel_auto_compact_token_limit = 5\n"],
    ["plain settings", 'model = "gpt-5.5" # mine\n\n[mcp_servers.x]\ncommand = "npx"\nargs = ["-y", "pkg"]\n'],
  ])("leaves %s as it is", (_, text) => {
    expect(new Masker().text(text)).toBe(text);
  });

  test("shows nothing of what does not parse", () => {
    expect(new Masker().text(`token = "${CANARY}\n`)).not.toContain(CANARY);
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

test("another program's words lose every secret of the files it was shown", () => {
  const document = parseDocument(`[mcp_servers.x.env]\nK = "${CANARY}"\n`, "");
  expect(new Masker().words(`bad value ${CANARY} at line 2`, [document])).toBe("bad value ‹secret› at line 2");
});

test("a path is secret by its own name or by the table it is in", () => {
  expect(isSecretPath(["mcp_servers", "x", "env", "PATH"])).toBe(true);
  expect(isSecretPath(["env"])).toBe(false);
  expect(isSecretPath(["mcp_servers", "x", "bearer_token"])).toBe(true);
  expect(isSecretPath(["mcp_servers", "x", "bearer_token_env_var"])).toBe(false);
});
