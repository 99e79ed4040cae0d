import { expect, test } from "vitest";
import { printable, printableJson } from "../../src/redact/printable.ts";

test.each([
  ["plain words\tand\nlines", "plain words\tand\nlines"],
  ["J\u00f6rg \u2713", "J\u00f6rg \u2713"],
  ["\u001b[31mred", "\\u{1b}[31mred"],
  ["a\u202eb\u200bc", "a\\u{202e}b\\u{200b}c"],
  ["[mcp_servers.sk-learn-docs]", "[mcp_servers.sk-learn-docs]"],
  ["[mcp_servers.sk-fakefakefakefakefake1]", "[mcp_servers.\u2039secret\u203a]"],
])("%j", (given, expected) => {
  expect(printable(given)).toBe(expected);
});

test("JSON in JSON's own escapes", () => {
  expect(printableJson('{\n  "a": "\u202e"\n}')).toBe('{\n  "a": "\\u202e"\n}');
});
