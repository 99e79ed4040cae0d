import { describe, expect, test } from "vitest";
import {
  asJson,
  asText,
  shownAt,
  shownKey,
  shownKeys,
  shownLine,
  shownSpelling,
  shownValue,
} from "../../src/redact/shown.ts";
import { parseDocument } from "../../src/toml/document.ts";

const DOCUMENT = parseDocument(
  `n = 9007199254740993
[mcp_servers."my docs"]
command = 'npx'
args = ["--token", "hush", "plain"] # mine
env = { A = "hush" }
enabled = true
`,
  "",
);
const SERVER = ["mcp_servers", "my docs"];

test("a key as TOML spells it", () => {
  expect(shownKey([...SERVER, "args", 1])).toBe('mcp_servers."my docs".args.1');
});

describe("a value without its secrets", () => {
  test("in one line of TOML", () => {
    expect(shownValue({ A: "hush", B: true }, ["mcp_servers", "x", "env"])).toBe(
      '{ A = "\u2039secret A\u203a", B = "\u2039secret B\u203a" }',
    );
    expect(shownValue(["--token", "hush"], ["x"])).toBe('["--token", "\u2039secret A\u203a"]');
    expect(shownValue("gpt-5.5", ["model"])).toBe('"gpt-5.5"');
  });

  test("at a path, one word of a list as in the list", () => {
    expect(shownAt(DOCUMENT, [...SERVER, "args"])).toEqual(["--token", "\u2039secret\u203a", "plain"]);
    expect(shownAt(DOCUMENT, [...SERVER, "args", 1])).toBe("\u2039secret\u203a");
    expect(shownAt(DOCUMENT, [...SERVER, "args", 2])).toBe("plain");
    expect(shownAt(DOCUMENT, ["none"])).toBeUndefined();
  });

  test("as it is spelled", () => {
    expect(shownSpelling(DOCUMENT, [...SERVER, "command"])).toBe("'npx'");
    expect(shownSpelling(DOCUMENT, [...SERVER, "env"])).toBe('{ A = "\u2039secret A\u203a" }');
    expect(shownSpelling(DOCUMENT, SERVER)).toBe(
      'command = \'npx\'\nargs = ["--token", "\u2039secret A\u203a", "plain"] # mine\nenv = { A = "\u2039secret A\u203a" }\nenabled = true',
    );
    expect(shownSpelling(DOCUMENT, ["none"])).toBeNull();
  });

  test("in one line, a table by its keys", () => {
    expect(shownLine(DOCUMENT, SERVER)).toBe("a table with command, args, env, enabled");
    expect(shownLine(DOCUMENT, [...SERVER, "command"])).toBe('"npx"');
  });

  test("as text and as JSON", () => {
    expect(asText("a b")).toBe("a b");
    expect(asText(["a"])).toBe('["a"]');
    expect(asText({ a: 1n })).toBe("a = 1");
    expect(asJson({ a: [1n, 9007199254740993n, Number.POSITIVE_INFINITY, 0.5, true] })).toEqual({
      a: [1, "9007199254740993", "inf", 0.5, true],
    });
  });
});

test("the keys of a table, and which lead further", () => {
  expect(shownKeys({ a: {}, "b c": 1n })).toEqual([
    { key: "a", isTable: true },
    { key: '"b c"', isTable: false },
  ]);
});
