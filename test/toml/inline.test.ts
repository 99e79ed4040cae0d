/** Edits inside inline tables over several lines: no comment is lost, and no neighbour goes along. */
import { describe, expect, test } from "vitest";
import type { KeyPath } from "../../src/op.ts";
import { parseDocument } from "../../src/toml/document.ts";
import type { Edit } from "../../src/toml/edit.ts";

const set = (path: KeyPath): Edit => ({ op: "set", path, value: 1n });
const unset = (path: KeyPath): Edit => ({ op: "unset", path });

function edit(given: string, ...edits: Edit[]): string {
  return parseDocument(given, "config.toml").edit(edits).text;
}

describe("the first key of a table with nothing but comments", () => {
  test.each([
    ["in the comment's indent", "t = {\n    # k here\n}\n", "t = {\n    # k here\n    k = 1\n}\n"],
    ["indented where the comment is behind the brace", "t = { # only\n}\n", "t = { # only\n  k = 1\n}\n"],
    ["with the file's line ends", "t = {\r\n  # k here\r\n  }\r\n", "t = {\r\n  # k here\r\n  k = 1\r\n  }\r\n"],
  ])("goes below them, %s, and comes out again without a trace", (_, given, expected) => {
    expect(edit(given, set(["t", "k"]))).toBe(expected);
    expect(edit(expected, set(["t", "k"]))).toBe(expected);
    expect(edit(expected, unset(["t", "k"]))).toBe(given);
  });

  test("has others beside it on lines of their own", () => {
    const twice: Edit = { op: "set", path: ["t", "a"], value: { x: 1n, y: 2n } };
    expect(edit("t = {\n  # a\n}\n", twice)).toBe("t = {\n  # a\n  a.x = 1,\n  a.y = 2\n}\n");
  });
});

describe("an entry that starts a line and shares it", () => {
  test.each([
    ["goes alone", "t = {\n  x = 1, y = 2,\n  z = 3,\n}\n", ["t", "x"], "t = {\n  y = 2,\n  z = 3,\n}\n"],
    [
      "goes with the comma that leads the next line",
      "t = {\n  x = 1\n  , y = 2\n}\n",
      ["t", "x"],
      "t = {\n  y = 2\n}\n",
    ],
  ] as const)("%s", (_, given, path, expected) => {
    expect(edit(given, unset(path))).toBe(expected);
  });

  test("gets a new neighbour in that line", () => {
    const given = "t = {\n  d.x = 1, y = 2\n}\n";
    const expected = "t = {\n  d.x = 1, d.n = 1, y = 2\n}\n";
    expect(edit(given, set(["t", "d", "n"]))).toBe(expected);
    expect(edit(expected, unset(["t", "d", "n"]))).toBe(given);
  });
});

test.each([
  ["before the comma of the next line", "t = {\n  a = 1\n  # about b\n  , b = 2\n}\n", ["t", "a"]],
  ["before a comma on a line of its own", "t = {\n  b = 2\n  # about c\n  ,\n  c = 3\n}\n", ["t", "b"]],
  ["behind such a comma", "t = {\n  b = 2\n  , # about c\n  c = 3\n}\n", ["t", "b"]],
  ["behind the only key", "t = {\n  a = 1, # one\n}\n", ["t", "a"]],
] as const)("a removal that would take along a comment %s is refused", (_, given, path) => {
  expect(() => edit(given, unset(path))).toThrow(expect.objectContaining({ code: "unsupported-edit" }));
});

describe("the keys of one table behind dots", () => {
  test.each([
    ["at the start", "t = { a.x = 1, a.y = 2, b = 3 }\n", "t = { b = 3 }\n"],
    ["at the end", "t = { b = 3, a.x = 1, a.y = 2 }\n", "t = { b = 3 }\n"],
    ["all there is", "t = { a.x = 1, a.y = 2 }\n", "t = {}\n"],
    ["on lines", "t = {\n  a.x = 1, # x\n  a.y = 2, # y\n  b = 3,\n}\n", "t = {\n  b = 3,\n}\n"],
    ["around a comment", "t = {\n  a.x = 1,\n  # mine\n  a.y = 2,\n  b = 3,\n}\n", "t = {\n  # mine\n  b = 3,\n}\n"],
    ["around another key", "t = { a.x = 1, b = 3, a.y = 2 }\n", "t = { b = 3 }\n"],
  ])("go together, %s", (_, given, expected) => {
    expect(edit(given, unset(["t", "a"]))).toBe(expected);
  });

  test("go at once, however many", () => {
    const keys = Array.from({ length: 5000 }, (_, i) => `a.k${i} = ${i}`).join(", ");
    expect(edit(`t = { ${keys}, b = 1 }\n`, unset(["t", "a"]))).toBe("t = { b = 1 }\n");
  });
});
