/** What cannot be written, or names nothing, is refused by name; nobody is told of a bug. */
import { describe, expect, test } from "vitest";
import { CfgError } from "../../src/model/error.ts";
import type { KeyPath, TomlValue } from "../../src/model/op.ts";
import { parseDocument } from "../../src/toml/document.ts";
import type { Edit } from "../../src/toml/edit.ts";

const set = (path: KeyPath, value: TomlValue, comment: string[] = []): Edit => ({ op: "set", path, value, comment });
const unset = (path: KeyPath, options = {}): Edit => ({ op: "unset", path, ...options });

function edit(given: string, ...edits: Edit[]): string {
  return parseDocument(given, "config.toml").edit(edits).text;
}

function refusal(given: string, ...edits: Edit[]): string {
  try {
    return edit(given, ...edits);
  } catch (error) {
    return error instanceof CfgError ? `${error.code}: ${error.message}` : String(error);
  }
}

const nested = (depth: number): TomlValue => (depth === 0 ? 1n : [nested(depth - 1)]);
const names = (depth: number): string[] => Array.from({ length: depth }, () => "a");

describe("a value is refused", () => {
  test.each<[string, Edit, string]>([
    ["with an integer beyond 64 bits", set(["k"], [1n << 63n]), "k cannot be written: an integer of TOML has 64 bits"],
    [
      "with half a character",
      set(["k"], "\ud800"),
      "k cannot be written: it holds half a character (a lone surrogate)",
    ],
    [
      "with one in a name",
      set(["k"], { "\udc00": 1n }),
      "k cannot be written: it holds half a character (a lone surrogate)",
    ],
    [
      "under such a name",
      set(["\ud800"], 1n),
      '"\\ud800" cannot be written: it holds half a character (a lone surrogate)',
    ],
    ["that is no date", set(["k"], new Date(Number.NaN)), "k cannot be written: a date of TOML has a year up to 9999"],
    [
      "that is a date too late",
      set(["k"], new Date(1e15)),
      "k cannot be written: a date of TOML has a year up to 9999",
    ],
    ["that TOML has not", set(["k"], null as unknown as TomlValue), "k cannot be written: TOML has no such value"],
    ["nested too deep", set(["k"], nested(80)), "k cannot be written: nested deeper than 80 levels"],
    ["far too deep", set(["k"], nested(5000)), "k cannot be written: nested deeper than 80 levels"],
    [
      "that is too deep where it goes",
      { op: "put", path: names(80), fragment: "b = 1\n" },
      `${names(80).join(".")} cannot be written: nested deeper than 80 levels`,
    ],
    [
      "with a comment over two lines",
      set(["k"], 1n, ["one\ntwo = 2"]),
      "k cannot be written: its comment holds a line end or another control character",
    ],
  ])("%s", (_, wanted, message) => {
    expect(refusal("x = 1\n", wanted)).toBe(`unsupported-edit: ${message}`);
  });

  test("and what is just within the limits is written", () => {
    const after = edit("", set(["i"], -(1n << 63n)), set(["n"], nested(79)), set(["s"], "\u{1F600}", ["\ttab"]));
    expect(parseDocument(after, "").edit([set(["z"], 1n)]).data).toMatchObject({ i: -(1n << 63n), s: "\u{1F600}" });
    expect(edit("", set(names(80), 1n))).toContain("a = 1");
  });
});

describe("a fragment", () => {
  test.each([
    ["a BOM in front", "\ufeffx = 1\n"],
    ["line ends of its own", "x = 1\r\n"],
  ])("may have %s", (_, fragment) => {
    expect(edit("a = 1\n", { op: "put", path: [], fragment })).toBe("a = 1\nx = 1\n");
    expect(edit("a = 1\r\n", { op: "put", path: [], fragment })).toBe("a = 1\r\nx = 1\r\n");
  });
});

describe("a path is refused", () => {
  test.each<[string, string, Edit, string]>([
    ["that is empty", "a = 1\n", unset([]), "usage: an empty path names no key"],
    ["that is empty, for a value", "a = 1\n", set([], { b: 1n }), "usage: an empty path names no key"],
    ["through an item of an array", "l = [1]\n", unset(["l", 0, "a"]), "would-overwrite: l.0 is a value, not a table"],
    ["to no item of an array", "l = [1]\n", set(["l", 2], 1n), "unsupported-edit: l has no element 2"],
    [
      "to an element of a table",
      "[s]\n",
      set(["s", 0], 1n),
      "unsupported-edit: s is no array of tables, so it has no element 0",
    ],
    [
      "through an element of what is not there",
      "",
      set(["s", 0, "x"], 1n),
      "unsupported-edit: s is no array of tables, so it has no element 0",
    ],
    [
      "to an element of the file",
      "",
      set([0], 1n),
      "unsupported-edit: the file is no array of tables, so it has no element 0",
    ],
  ])("%s", (_, given, wanted, message) => {
    expect(refusal(given, wanted)).toBe(message);
  });

  test("to lift an item of an array out", () => {
    expect(() => parseDocument("l = [{ a = 1 }]\n", "").fragment(["l", 0])).toThrow(
      expect.objectContaining({ code: "unsupported-edit" }),
    );
  });

  test("never because a table has a number for a name", () => {
    expect(edit("[s]\n", set(["s", "0"], 1n))).toBe("[s]\n0 = 1\n");
  });
});

test("an element of an array of tables stays when its last key goes with its header", () => {
  expect(edit("[[l]]\na = 1\n\n[[l]]\n", unset(["l", 0, "a"], { header: true }))).toBe("[[l]]\n\n[[l]]\n");
});

describe("a text whose names lead too deep", () => {
  const TOO_DEEP = { code: "unsafe-file", path: "config.toml", message: "nested deeper than 80 levels" };
  test.each([
    ["in a header", `[${names(2000).join(".")}]\nk = 1\n`],
    ["in a header and a key together", `[${names(41).join(".")}]\n${names(41).join(".")} = 1\n`],
  ])("is refused by name when it is read, %s", (_, text) => {
    expect(() => parseDocument(text, "config.toml")).toThrow(expect.objectContaining(TOO_DEEP));
  });

  test("is read where they just do not", () => {
    const text = `[${names(40).join(".")}]\n${names(40).join(".")} = '${"a.".repeat(100)}'\n`;
    expect(edit(text, set(["z"], 1n))).toBe(`z = 1\n\n${text}`);
  });
});
