/**
 * The proof of an edit reads an excerpt. It lets nothing through that reading both texts from end to end would not.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { KeyPath, TomlValue } from "../../src/model/op.ts";
import { parseDocument } from "../../src/toml/document.ts";
import { Excerpt, prove } from "../../src/toml/proof.ts";
import { readToml } from "../../src/toml/read.ts";
import { applySplices, Source, type Splice } from "../../src/toml/source.ts";
import { Model } from "../../src/toml/value.ts";

const TEXT = `model = "x"

[a]
x = 1

[b]
x = 1
y = """
[c]
"""

[a.below]
x = 1

[[list]]
x = 1

[list.below]
x = 1

[[list]]
x = 2
`;

const at = (piece: string) => TEXT.indexOf(piece);
const replace = (piece: string, text: string): Splice => ({
  start: at(piece),
  end: at(piece) + piece.length,
  text,
});

/** Whether the splices are proved to set one path and to do nothing else. */
function accepts(splices: readonly Splice[], path: KeyPath, value: TomlValue, text = TEXT): boolean {
  const source = new Source(text);
  const excerpt = Excerpt.about(source, [path]).around(splices);
  const model = new Model(excerpt.data);
  model.set(path, value);
  try {
    prove(excerpt, splices, model);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: "internal" });
    return false;
  }
}

/** The same, of both texts from end to end. */
function holds(splices: readonly Splice[], path: KeyPath, value: TomlValue, text = TEXT): boolean {
  const model = new Model(readToml(text, ""));
  model.set(path, value);
  try {
    return model.matches(readToml(applySplices(text, splices), ""));
  } catch {
    return false;
  }
}

describe("an excerpt holds", () => {
  const said = (path: KeyPath) => Excerpt.about(new Source(TEXT), [path]).data;

  test.each<[string, KeyPath, object]>([
    ["the root's keys and nothing more for one of them", ["model"], { model: "x" }],
    ["a table and all below it", ["a"], { model: "x", a: { x: 1n, below: { x: 1n } } }],
    ["what is above a key", ["a", "below", "x"], { model: "x", a: { x: 1n, below: { x: 1n } } }],
    ["every element of a list", ["list", 0, "x"], { model: "x", list: [{ x: 1n, below: { x: 1n } }, { x: 2n }] }],
    ["nothing for a table that is not there", ["z", "x"], { model: "x" }],
  ])("%s", (_, path, data) => {
    expect(said(path)).toEqual(data);
  });
});

test("what is put between two sections belongs to the first of them", () => {
  const edge = at("[a.below]");
  const excerpt = Excerpt.about(new Source(TEXT), [["a", "x"]]).around([{ start: edge, end: edge, text: "z = 1\n" }]);
  expect(excerpt.data).toHaveProperty("b");
});

describe("a proof", () => {
  const set = replace("x = 1", "x = 2");

  test("accepts what changes exactly the path", () => {
    expect(accepts([set], ["a", "x"], 2n)).toBe(true);
  });

  test("accepts a comment that comes to a table far away", () => {
    expect(accepts([set, replace("[b]", "[b] # mine")], ["a", "x"], 2n)).toBe(true);
  });

  test.each<[string, Splice[]]>([
    ["another value", [replace("x = 1", "x = 3")]],
    ["another key beside it", [replace("x = 1", "x = 2\nz = 1")]],
    ["a key far away", [set, replace('model = "x"', 'model = "y"')]],
    ["a table that nobody asked about", [set, replace("[b]", "[d]")]],
    ["a table that goes", [set, replace("[[list]]\nx = 2\n", "")]],
    ["a table that is said twice", [replace("x = 1", "x = 2\n[b]")]],
    [
      "a header that loses its line",
      [set, { start: at("[b]") - 1, end: at("[b]"), text: "" }, replace("x = 1\n\n", "")],
    ],
    ["a string that runs on into what follows", [replace("x = 1", 'x = 2\nz = """')]],
    [
      "a string that runs to the next one's quotes",
      [replace("x = 1", "x = 2"), replace("[b]\nx = 1\ny", 'z = """\n[b]\nx = 1\ny')],
    ],
    ["a comment that swallows a header", [replace("x = 1\n\n[b]", "x = 2 #[b]")]],
    ["text that is no TOML", [replace("x = 1", "x = 2\n?")]],
  ])("refuses %s", (_, splices) => {
    const apart = splices.filter((a) => splices.every((b) => a === b || a.end <= b.start || b.end <= a.start));
    expect(accepts(apart, ["a", "x"], 2n)).toBe(false);
  });

  test("is not taken in by a table that has the name of its marks", () => {
    const text = '[left-out-0]\nx = 1\n\n[a]\nx = "left-out-"\n\n[left-out-1]\nx = 1\n';
    const edited = (path: KeyPath) => parseDocument(text, "").edit([{ kind: "set", path, value: 2n }]).text;
    expect(edited(["a", "x"])).toBe(text.replace('"left-out-"', "2"));
    expect(edited(["left-out-0", "x"])).toBe(text.replace("1", "2"));
  });

  test("refuses a dotted key for a table that a header far above has made", () => {
    const text = "[a.below.x]\ny = 1\n\n[b]\n\n[a]\nx = 1\n";
    const end = { start: text.length, end: text.length, text: "below.z = 2\n" };
    expect(holds([end], ["a", "below", "z"], 2n, text)).toBe(false);
    expect(accepts([end], ["a", "below", "z"], 2n, text)).toBe(false);
  });

  test("refuses splices in a section that it did not take in", () => {
    const excerpt = Excerpt.about(new Source(TEXT), [["a", "x"]]);
    expect(() => excerpt.after([replace("[b]", "[d]")])).toThrow(expect.objectContaining({ code: "internal" }));
  });

  test.each<[string, string]>([
    ["headers, strings over lines and lists", TEXT],
    ["dotted keys", "a.x = 1\nb.c.d = 1\n\n[b.e]\nx = 1\n\n[a.below]\nx = 1\n\n[b.c.z]\n\n[c]\n"],
    ["inline tables", "a = { x = 1, y = { z = 1 } }\nb = [\n  { x = 1 },\n]\n\n[c]\nd = {}\n\n[e]\nx = 1\n"],
    [
      "a table only its sub-tables imply",
      "[a.b.c]\ny = 1\n\n[z]\n\n[a]\nx = 1\n\n[[z.y]]\nx = 1\n\n[z.y.w]\n\n[[z.y]]\n",
    ],
  ])("of an excerpt with %s accepts nothing that one of the whole text would refuse", (_, text) => {
    const texts = fc.constantFrom(
      ...[
        "",
        "\n",
        '"""',
        "'''",
        "[b]\n",
        "[z]\n",
        "[[list]]\n",
        "x = 1\n",
        "#",
        "]",
        "{",
        "\n[a]\n",
        "# c\n",
        "2",
        ".",
        ", ",
      ],
    );
    const splice = fc.tuple(fc.nat(text.length), fc.nat(8), texts).map(
      ([start, length, inserted]): Splice => ({
        start,
        end: Math.min(text.length, start + length),
        text: inserted,
      }),
    );
    const start = text.indexOf("x = 1");
    const right: Splice = { start, end: start + 5, text: "x = 2" };
    let accepted = 0;
    fc.assert(
      fc.property(fc.boolean(), fc.array(splice, { maxLength: 2 }), (isRight, wild) => {
        const splices = [...(isRight ? [right] : []), ...wild].sort((a, b) => a.start - b.start);
        fc.pre(splices.every((one, i) => one.end < (splices[i + 1]?.start ?? Number.POSITIVE_INFINITY)));
        const value = isRight ? 2n : 1n;
        if (!accepts(splices, ["a", "x"], value, text)) return true;
        accepted++;
        return holds(splices, ["a", "x"], value, text);
      }),
      { numRuns: 5000, seed: 7 },
    );
    expect(accepted).toBeGreaterThan(200);
  });
});
