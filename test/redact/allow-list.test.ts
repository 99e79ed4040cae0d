/** What strangers may read of a file and of a finding: what is listed, and nothing else. */
import { describe, expect, test } from "vitest";
import { allowedFile, allowedKey, allowedName, allowedText } from "../../src/redact/allow-list.ts";

describe("of a file", () => {
  test.each([
    ['model = "gpt-5.5" # CANARY', 'model = "gpt-5.5" # ‹text›'],
    ['model = "CANARY"', 'model = "‹text›"'],
    ['model_provider = "lean"\nprofile = "work"', 'model_provider = "lean"\nprofile = "work"'],
    ['sandbox_mode = "read-only"\nhide = true\nlimit = 5', 'sandbox_mode = "read-only"\nhide = true\nlimit = 5'],
    ["pin = 4711\nserial = 12345678", 'pin = "‹text›"\nserial = "‹text›"'],
    ['[projects."/srv/work"]\ntrust_level = "trusted"', '[projects."‹text›"]\ntrust_level = "trusted"'],
    [
      '[mcp_servers.docs]\ncommand = "npx"\nargs = ["-y", "a-package", "--token", "CANARY", 5]',
      '[mcp_servers.docs]\ncommand = "npx"\nargs = ["-y", "‹text›", "--token", "‹text›", 5]',
    ],
    ["[mcp_servers.docs.env]\nANY = 5\nB = 'CANARY'", '[mcp_servers.docs.env]\nANY = "‹text›"\nB = "‹text›"'],
    ["a = [\n  1, # CANARY\n  # CANARY\n] # CANARY", "a = [\n  1, # ‹text›\n  # ‹text›\n] # ‹text›"],
    ['a = { "C D" = 1, b = """\nCANARY\n""" }', 'a = { "‹text›" = 1, b = "‹text›" }'],
    ['env_key = "MY_KEY"\nother = "MY_KEY"', 'env_key = "MY_KEY"\nother = "‹text›"'],
    ['env_key = "gsk_CANARY"', 'env_key = "‹text›"'],
    ['a = "#"\n#\n# CANARY', 'a = "‹text›"\n#\n# ‹text›'],
    ['a = 1\na = "CANARY"', "a = 1\na = ‹text›"],
    ['a = "CANARY\nb = 5\n[mcp_servers.x.env]\nc = 5', "a = ‹text›\nb = 5\n[mcp_servers.x.env]\nc = ‹text›"],
    ['a = "CANARY\n[x."y".env]\nc = 5', "a = ‹text›\n[‹text›\nc = ‹text›"],
  ])("%j is shown as %j", (text, shown) => {
    expect(allowedFile(`${text}\n`).trimEnd()).toBe(shown);
  });
});

test.each([
  ["https://h.example/v1", "https://h.example/v1"],
  ["https://h.example:8080/v1/responses/", "https://h.example:8080/v1/responses/"],
  ["http://127.0.0.1:4000", "http://127.0.0.1:4000"],
  ["https://h.example/v1?CANARY", "https://h.example/‹text›"],
  ["https://h.example/CANARY/v1", "https://h.example/‹text›"],
  ["https://CANARY@h.example/v1", "https://‹text›@h.example/v1"],
  ["https://u:CANARY@h.example", "https://‹text›@h.example"],
  ["postgres://u:p@CANARY@h.example", "postgres://‹text›@h.example"],
  ["postgres://u:1/CANARY@h.example", "postgres://‹text›"],
  ["https://x1y2z3w4CANARY.example", "https://‹text›"],
  ["https://h.example CANARY", "https://h.example/‹text›"],
  ["CANARY", "‹text›"],
  ["gpt-5.1-codex-max", "gpt-5.1-codex-max"],
  ["gpt-CANARY", "‹text›"],
])("the text %j is shown as %j", (text, shown) => {
  expect(allowedText(text)).toBe(shown);
});

test("names are shown that look like some", () => {
  expect(
    ["docs", "context7", "http_sse", "a b", "/srv/x", "x1y2z3w4v5", "ghp_0123456789abcdef"].map(allowedName),
  ).toEqual(["docs", "context7", "http_sse", "‹text›", "‹text›", "‹text›", "‹text›"]);
  expect(allowedKey('mcp_servers.docs."/srv/x".args')).toBe('mcp_servers.docs."‹text›".args');
});
