/**
 * No edit is handed out that a second parser does not read as the old data with exactly the wanted paths changed, and a
 * wrong splice is an error of ours that nobody swallows.
 */
import fc from "fast-check";
import { parse as node } from "toml";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { KeyPath, TomlTable } from "../../src/model/op.ts";
import { parseDocument } from "../../src/toml/document.ts";
import { readToml } from "../../src/toml/read.ts";
import { applySplices, type Splice } from "../../src/toml/source.ts";
import { verifyEdit, withMerged, withoutValue, withValue } from "../../src/toml/verify-edit.ts";

/** What the editor is made to write instead of what it would. */
let wrong: Splice[] | null = null;

vi.mock("../../src/toml/insert.ts", async (original) => {
  const real = await original<typeof import("../../src/toml/insert.ts")>();
  return { ...real, setValue: (...args: Parameters<typeof real.setValue>) => wrong ?? real.setValue(...args) };
});

afterEach(() => {
  wrong = null;
});

const TEXT = `model = "x"
seen = 1979-05-27

[a]
x = 1

[b]
x = 1
y = """
[c]
"""

[a.below]
x = 1
items = [1, 2]

[[list]]
x = 1

[[list]]
x = 2
`;

const replace = (piece: string, text: string): Splice => {
  const start = TEXT.indexOf(piece);
  return { start, end: start + piece.length, text };
};

const set = replace("x = 1", "x = 2");

const WRONG: readonly (readonly [string, readonly Splice[]])[] = [
  ["nothing at all", []],
  ["another value", [replace("x = 1", "x = 3")]],
  ["a value of another kind", [replace("x = 1", "x = 2.0")]],
  ["another key beside it", [replace("x = 1", "x = 2\nz = 1")]],
  ["a key far away", [set, replace('model = "x"', 'model = "y"')]],
  ["a date far away", [set, replace("1979-05-27", "1979-05-28")]],
  ["an array that grows", [set, replace("[1, 2]", "[1, 2, 3]")]],
  ["an array that shrinks", [set, replace("[1, 2]", "[1]")]],
  ["a table that nobody asked about", [set, replace("[b]", "[d]")]],
  ["an empty table more", [set, replace("[b]", "[d]\n[b]")]],
  ["a table that goes", [set, replace("[[list]]\nx = 2\n", "")]],
  ["a table that comes twice", [replace("x = 1", "x = 2\n[b]")]],
  ["a string that runs on into what follows", [replace("x = 1", 'x = 2\nz = """')]],
  ["a string that runs to the next one's quotes", [set, replace("[b]\nx = 1\ny", 'z = """\n[b]\nx = 1\ny')]],
  ["a comment that swallows a header", [replace("x = 1\n\n[b]", "x = 2 #[b]")]],
  ["text that is no TOML", [replace("x = 1", "x = 2\n?")]],
];

describe("a splice that makes something else of a text than was asked for", () => {
  const edit = { op: "set", path: ["a", "x"], value: 2n } as const;

  test("is told from the right one", () => {
    wrong = [set, replace("[b]", "[b] # a comment is no value")];
    expect(parseDocument(TEXT, "").edit([edit]).get(["a", "x"])).toBe(2n);
  });

  test.each(WRONG)("is an error of ours, alone and in a batch: %s", (_, splices) => {
    wrong = [...splices];
    const document = parseDocument(TEXT, "");
    const internal = expect.objectContaining({ code: "internal" });
    expect(() => document.edit([edit])).toThrow(internal);
    expect(() => document.edit([{ op: "unset", path: ["list", 1] }, edit])).toThrow(internal);
  });

  test("is not made good by an edit that follows it", () => {
    wrong = [replace("[b]", "[d]")];
    const edits = [edit, { op: "put", path: [], fragment: "[b]\n" } as const];
    expect(() => parseDocument(TEXT, "").edit(edits)).toThrow(expect.objectContaining({ code: "internal" }));
  });
});

describe("the expected data", () => {
  const data = readToml(TEXT, "");

  test("leave the data that they are made from as they are", () => {
    withValue(data, ["list", 0, "x"], 9n);
    withMerged(data, ["a", "below"], { x: 9n });
    withoutValue(data, ["list", 0], () => true);
    expect(data).toEqual(readToml(TEXT, ""));
  });

  test.each<[string, KeyPath, readonly string[], object]>([
    ["with every table that is empty then", ["a", "b", "c"], [], {}],
    ["up to the one that the text still has", ["a", "b", "c"], ["a"], { a: {} }],
    ["but none that is above that", ["a", "b", "c"], ["a.b"], { a: { b: {} } }],
  ])("lose a value %s", (_, path, written, expected) => {
    const rest = withoutValue({ a: { b: { c: 1n } } }, path, (at) => written.includes(at.join(".")));
    expect(structuredClone(rest)).toEqual(expected);
  });

  test("keep a table that has another key", () => {
    expect(withoutValue({ a: { b: 1n, c: 1n } }, ["a", "b"], () => false)).toMatchObject({ a: { c: 1n } });
  });

  test("have __proto__ as a name like any other", () => {
    const merged = withMerged({}, ["__proto__"], readToml("[__proto__]\npolluted = true\n", ""));
    expect(() => verifyEdit("[__proto__.__proto__]\npolluted = true\n", merged)).not.toThrow();
    expect(() => verifyEdit("", merged)).toThrow(expect.objectContaining({ code: "internal" }));
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

/** The data as toml-node reads it; null where it refuses. */
function readByOther(text: string): unknown {
  try {
    return plain(node(text));
  } catch {
    return null;
  }
}

const plain = (data: unknown): unknown =>
  JSON.parse(JSON.stringify(data, (_, value) => (typeof value === "bigint" ? Number(value) : value)));

test("whatever splices make of a text, what is accepted is what a third parser reads as asked for", () => {
  const pieces = ["", "\n", '"""', "[b]\n", "[[list]]\n", "x = 1\n", "#", "]", "\n[a]\n", "# c\n", "2", ".", ", "];
  const splice = fc
    .tuple(fc.nat(TEXT.length), fc.nat(8), fc.constantFrom(...pieces))
    .map(([start, length, text]): Splice => ({ start, end: Math.min(TEXT.length, start + length), text }));
  const expected = withValue(readToml(TEXT, ""), ["a", "x"], 2n);
  const seen = { accepted: 0, refused: 0 };
  fc.assert(
    fc.property(splice, (wild) => {
      fc.pre(wild.end < set.start || wild.start > set.end);
      const text = applySplices(TEXT, [set, wild]);
      let read: TomlTable | null = null;
      try {
        read = verifyEdit(text, expected);
      } catch (error) {
        expect(error).toMatchObject({ code: "internal" });
      }
      seen[read ? "accepted" : "refused"]++;
      const isRight = JSON.stringify(readByOther(text)) === JSON.stringify(readByOther(applySplices(TEXT, [set])));
      return !read || isRight;
    }),
    { numRuns: 5000, seed: 7 },
  );
  expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(100);
});
