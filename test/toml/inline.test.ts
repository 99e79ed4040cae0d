/** Edits inside inline tables over several lines: no comment is lost, and no neighbour goes along. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { KeyPath } from "../../src/model/op.ts";
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

describe("a table with a line but nothing on it", () => {
  test.each([
    ["t = {\n}\n", "t = {\n  k = 1\n}\n"],
    ["t = {\n\n  }\n", "t = {\n\n    k = 1\n  }\n"],
  ])("has its first key on a line of its own, and is as it was without it: %j", (given, expected) => {
    expect(edit(given, set(["t", "k"]))).toBe(expected);
    expect(edit(expected, set(["t", "k"]))).toBe(expected);
    expect(edit(expected, unset(["t", "k"]))).toBe(given);
  });
});

describe("a comment stays with the entry that it stands behind, whatever comes and goes below it", () => {
  const K: KeyPath = ["t", "k"];

  test.each<[string, string, KeyPath, string]>([
    ["without a comma", "t = {\n  a = 1,\n  b = 2 # two\n}\n", K, "t = {\n  a = 1,\n  b = 2, # two\n  k = 1\n}\n"],
    ["with a comma", "t = {\n  a = 1, # one\n}\n", K, "t = {\n  a = 1, # one\n  k = 1,\n}\n"],
    [
      "in CRLF",
      "t = {\r\n  a = 1,\r\n  b = 2 # two\r\n}\r\n",
      K,
      "t = {\r\n  a = 1,\r\n  b = 2, # two\r\n  k = 1\r\n}\r\n",
    ],
    ["in the brace's line", "t = { a = 1 # one\n}\n", K, "t = { a = 1, # one\n  k = 1\n}\n"],
    ["in the brace's line with a comma", "t = { a = 1, # one\n}\n", K, "t = { a = 1, # one\n  k = 1,\n}\n"],
    ["in the line of two", "t = {\n  a = 1, b = 2 # two\n}\n", K, "t = {\n  a = 1, b = 2, # two\n  k = 1\n}\n"],
    [
      "where commas lead",
      "t = {\n  a = 1 # one\n  , b = 2 # two\n}\n",
      K,
      "t = {\n  a = 1 # one\n  , b = 2, # two\n  k = 1\n}\n",
    ],
    [
      "above the one that the new one goes before",
      "t = { d.x = 1, # x\n  y = 2 }\n",
      ["t", "d", "n"],
      "t = { d.x = 1, # x\n  d.n = 1,\n  y = 2 }\n",
    ],
    [
      "above a comma that leads",
      "t = {\n  d.x = 1 # x\n  , y = 2\n}\n",
      ["t", "d", "n"],
      "t = {\n  d.x = 1 # x\n  , d.n = 1, y = 2\n}\n",
    ],
    [
      "with another one below it",
      "t = {\n  a = 1, # one\n  # more\n}\n",
      K,
      "t = {\n  a = 1, # one\n  k = 1,\n  # more\n}\n",
    ],
  ])("%s", (_, given, path, expected) => {
    expect(edit(given, set(path))).toBe(expected);
    expect(edit(expected, set(path))).toBe(expected);
    expect(edit(expected, unset(path))).toBe(given);
  });

  test.each([
    ["and goes with it", "t = {\n  a = 1, # one\n  k = 1 # mine\n}\n", "t = {\n  a = 1 # one\n}\n"],
    ["and one above what goes stays", "t = {\n  a = 1,\n  # about k\n  k = 1\n}\n", "t = {\n  a = 1\n  # about k\n}\n"],
    ["and keeps the brace off its line", "t = { a = 1, # one\n k = 1 }\n", "t = { a = 1 # one\n }\n"],
    ["and goes with it behind a comma of its own", "t = {\n  a = 1\n  ,\n  k = 1 # mine\n}\n", "t = {\n  a = 1\n}\n"],
  ])("%s", (_, given, expected) => {
    expect(edit(given, unset(K))).toBe(expected);
  });

  test("in any layout", () => {
    const entry = fc.record({
      gap: fc.constantFrom(" ", "\n  ", "\n\t", "\n  # above\n  "),
      comma: fc.constantFrom(",", ",", " ,", "\n  ,"),
      comment: fc.boolean(),
      early: fc.boolean(),
    });
    const layout = fc.record({
      entries: fc.array(entry, { minLength: 1, maxLength: 4 }),
      trailing: fc.boolean(),
      end: fc.constantFrom(" }", "\n}", "\n  }"),
      crlf: fc.boolean(),
    });
    const seen = { added: 0, commented: 0, same: 0, refused: 0 };
    fc.assert(
      fc.property(layout, ({ crlf, end, entries, trailing }) => {
        const inside = entries.map(({ comma, comment, early, gap }, i) => {
          const sign = i + 1 < entries.length || trailing ? comma : "";
          const note = comment ? ` # ${i}\n ` : "";
          return `${gap}k${i} = ${i}${early ? note + sign : sign + note}`;
        });
        const given = `t = {${inside.join("")}${end}\n`.replaceAll("\n", crlf ? "\r\n" : "\n");
        const before = parseDocument(given, "");
        const owners = (text: string) => entries.map((_, i) => parseDocument(text, "").commentsOf(["t", `k${i}`]));
        const added = before.edit([set(K)]).text;
        seen.added++;
        if (entries.some(({ comment }) => comment)) seen.commented++;
        expect(owners(added)).toEqual(owners(given));
        try {
          const again = edit(added, unset(K));
          expect(owners(again)).toEqual(owners(given));
          if (again === given) seen.same++;
        } catch (error) {
          expect(error).toMatchObject({ code: "unsupported-edit" });
          seen.refused++;
        }
      }),
      { numRuns: 3000, seed: 3 },
    );
    expect(seen.commented).toBeGreaterThan(1000);
    // White space before a comma is copied, and not always taken along again.
    expect(seen.same).toBeGreaterThan(seen.added * 0.95);
    expect(seen.refused).toBeLessThan(10);
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
