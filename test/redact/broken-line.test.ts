/** Lines that do not parse: what is shown of them is listed, and a caret stays where it belongs. */
import { expect, test } from "vitest";
import { loadSchema } from "../../src/codex/load-schema.ts";
import { redactBrokenLine } from "../../src/redact/broken-line.ts";
import { KNOWN_CHOICES } from "../../src/redact/known-words.ts";

test.each([
  ['model = "CANARY', "model = ‹text›"],
  ['model "CANARY"', "model ‹text›"],
  ["model CANARY", "model ‹text›"],
  ["model: CANARY", "model: ‹text›"],
  ["  model: 'CANARY' # why", "  model: ‹text›"],
  ["model == CANARY", "model ‹text›"],
  ["CANARY=", "‹text›"],
  ["a = CANARY=", "a = ‹text›"],
  ["a = CANARY= x", "a = ‹text›"],
  ["model =", "model ="],
  ["model = = CANARY", "model = = ‹text›"],
  ["model = \u201cCANARY\u201d", "model = ‹text›"],
  ["= CANARY", "= ‹text›"],
  ["CANARY", "‹text›"],
  ["CANARY and more of it", "‹text›"],
  ["the password is CANARY", "‹text›"],
  ["CANARY0123456789abcdef==", "‹text›"],
  ["https://user:CANARY@host.example", "‹text›"],
  ['"CANARY", "x"', "‹text›"],
  ['"CANARY" = 1', "‹text›"],
  ["[CANARY", "[‹text›"],
  ["[CANARY]", "[‹text›"],
  ["[mcp_servers.docs", "[mcp_servers.docs"],
  ["[mcp_servers.docs]] # CANARY", "[mcp_servers.docs]] ‹text›"],
  ['[mcp_servers."CANARY".env', "[mcp_servers.‹text›"],
  ["[mcp_servers.docs] command = CANARY", "[mcp_servers.docs] command = ‹text›"],
  ["[mcp_servers.sk-CANARY-name-0123456789]", "[‹text›"],
  ["sandbox_mode = read-only", "sandbox_mode = read-only"],
  ['sandbox_mode = "read-only', 'sandbox_mode = "read-only'],
  ['sandbox_mode = "read-only"CANARY', "sandbox_mode = ‹text›"],
  ["hide_agent_reasoning = True", "hide_agent_reasoning = True"],
  ["a = [1, 2.5, true,, 1_000_000", "a = [1, 2.5, true,, 1_000_000"],
  ["a = 1234567890123", "a = ‹text›"],
  ["a = 123-45-6789", "a = ‹text›"],
  ["password = 1234", "password = ‹text›"],
  ["PIN = 1234", "PIN = ‹text›"],
  ["env = { PIN = 1234", "env = ‹text›"],
  ["x = { enabled = true, token = 1234 }", "x = { enabled = true, token = ‹text›"],
  ['args = ["-y", "CANARY"', "args = [‹text›"],
  ["a = 1 \0CANARY", "a = 1 ‹text›"],
  ["", ""],
  ["   ", ""],
  ["<<<<<<< HEAD", "‹text›"],
])("%j is shown as %j", (line, shown) => {
  expect(redactBrokenLine(line).text).toBe(shown);
});

test("in a table of secrets not even a number is shown", () => {
  expect(redactBrokenLine("rows = 1234", 0, ["mcp_servers", "docs", "env"]).text).toBe("rows = ‹text›");
  expect(redactBrokenLine("rows = 1234", 0, ["mcp_servers", "docs"]).text).toBe("rows = 1234");
});

test("a place stays where it is, or comes to stand where the mask begins", () => {
  const line = 'model = "CANARY" x';
  expect([0, 6, 8, 12, 17].map((at) => redactBrokenLine(line, at).at)).toEqual([0, 6, 8, 8, 8]);
  expect(redactBrokenLine("a = 1   ", 8).at).toBe(5);
});

test("a choice is one that Codex's config has", async () => {
  const choices = JSON.stringify(await loadSchema())
    .match(/"(?:values|aliases)":\[[^\]]*\]/g)
    ?.flatMap((list) => JSON.parse(list.replace(/^[^[]*/, "")) as string[]);
  expect([...KNOWN_CHOICES].sort()).toEqual([...new Set(choices)].sort());
});
