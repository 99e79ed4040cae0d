/** Bringing back what was removed: the former bytes where nothing else has changed, the former value in whatever came since. */
import fc from "fast-check";
import { stringify } from "smol-toml";
import { describe, expect, test } from "vitest";
import type { KeyPath, TomlValue } from "../../src/model/op.ts";
import { type Document, documentOf, parseDocument } from "../../src/toml/document.ts";
import { isTable } from "../../src/toml/value.ts";

/** A text in which a path comes back as it stands in another. */
function reinsert(given: string, path: KeyPath, image: string): string {
  return parseDocument(given, "").edit([{ op: "reinsert", path, image }]).text;
}

const LINES = [
  ...["", "", "", "# NR", "# NR", "  # NR", "a = 1", "  b = 'x' # behind", "c.a = 1", "c.d.a = 2", "c.d.b = 3"],
  ...["d = { a = 1, b = 2 }", 's = """\n[a]\n\n# no comment\n"""', "l = [\n  1, # one\n]", "\tc . z =  2"],
  ...["[c]", "[c.e]", "[c.e.a]", " [ c . f ] # behind", "[g]", "[g.c]", "[h.a]", "[h.b]", "[c.d.f]"],
  ...["[[l]]", "[[l]]", "[l.c]", "[l.g]", "[[l.e]]", "[[c.l]]", "[[h.a.b]]", "[c.l.a]"],
];

/** As many of the lines as make a document together; each comment is another one, so that it can be told from its like. */
const document = fc
  .record({
    lines: fc.array(fc.constantFrom(...LINES), { minLength: 2, maxLength: 16 }),
    eol: fc.constantFrom("\n", "\n", "\r\n"),
    end: fc.constantFrom("\n", "\n", "", "\n\n"),
    bom: fc.constantFrom("", "", "", "\ufeff"),
  })
  .map(({ bom, end, eol, lines }) => {
    const valid: string[] = [];
    for (const line of lines) if (documentOf([...valid, line].join("\n"))) valid.push(line);
    const text = valid.map((line, nr) => line.replace("NR", String(nr))).join("\n");
    return bom + (text + end).replaceAll("\n", eol);
  });

/** Every table and every key, those below elements of arrays included. */
function pathsOf(value: TomlValue, path: KeyPath = []): KeyPath[] {
  const below = Array.isArray(value)
    ? value.map((item, i): [number, TomlValue] => [i, item]).filter(([, item]) => isTable(item))
    : Object.entries(isTable(value) ? value : {});
  return below.flatMap(([name, item]) => [[...path, name], ...pathsOf(item, [...path, name])]);
}

test("what is removed and restored has its former bytes", () => {
  let restored = 0;
  fc.assert(
    fc.property(document, fc.boolean(), fc.nat(), (text, comments, n) => {
      const image = parseDocument(text, "");
      const paths = pathsOf(image.data).filter((path) => typeof path.at(-1) !== "number");
      const path = paths[n % paths.length];
      fc.pre(path !== undefined);
      const gone: Document = image.edit([{ op: "unset", path: path ?? [], comments }]);
      restored++;
      expect(gone.edit([{ op: "reinsert", path: path ?? [], image: image.text }]).text).toBe(text);
    }),
    { numRuns: 1500, seed: 7 },
  );
  expect(restored).toBeGreaterThan(1000);
});

test("what is restored into a text that Codex has written anew has its former value", () => {
  fc.assert(
    fc.property(document, fc.nat(), (text, n) => {
      const image = parseDocument(text.replaceAll("\r\n", "\n"), "");
      const paths = pathsOf(image.data).filter((path) => path.every((part) => typeof part !== "number"));
      const path = paths[n % paths.length];
      fc.pre(path !== undefined);
      const gone = image.edit([{ op: "unset", path: path ?? [] }]);
      const anew = parseDocument(stringify({ ...gone.data, theirs: 1n, added: { theirs: 1n } }), "");
      const back = anew.edit([{ op: "reinsert", path: path ?? [], image: image.text }]);
      expect(back.get(path ?? [])).toEqual(image.get(path ?? []));
    }),
    { numRuns: 500, seed: 7 },
  );
});

describe("a key comes back into a table in the form it has by now", () => {
  test.each<[string, string, KeyPath, string, string]>([
    ["a header", "[c]\nz = 1\n", ["c", "a"], "c.a = 1\nc.z = 1\n", "[c]\nz = 1\na = 1\n"],
    ["a header of a table below", "[c]\nz = 1\n", ["c", "d"], "c.d.a = 1\nc.z = 1\n", "[c]\nz = 1\n\n[c.d]\na = 1\n"],
    ["dotted keys", "c.z = 1\n", ["c", "a"], "[c]\na = 1\nz = 1\n", "c.z = 1\nc.a = 1\n"],
    ["an inline table", "c = { z = 1 }\n", ["c", "a"], "c.a = 1\nc.z = 1\n", "c = { z = 1, a = 1 }\n"],
    [
      "a header below a table's",
      "[b.d.e]\n\n[b]\ny = 1\n",
      ["b", "d", "a"],
      "[b]\ny = 1\nd.a = 1\n\n[b.d.e]\n",
      "[b.d]\na = 1\n\n[b.d.e]\n\n[b]\ny = 1\n",
    ],
  ])("%s", (_, given, path, image, expected) => {
    expect(reinsert(given, path, image)).toBe(expected);
  });
});

describe("a section comes back", () => {
  test.each<[string, string, KeyPath, string, string]>([
    [
      "as dotted keys where its header would stand above those that make its table",
      "[z]\n\n[b]\nd.a = 1\n",
      ["b", "d", "e"],
      "[b]\nd.a = 1\n\n[z]\n\n[b.d.e]\nk = 1\n",
      "[z]\n\n[b]\nd.a = 1\nd.e.k = 1\n",
    ],
    [
      "into its own element",
      "[z]\n\n[[l]]\na = 1\n\n[[l]]\na = 2\n",
      ["l", 0, "c"],
      "[[l]]\na = 1\n\n[z]\n\n[l.c]\nk = 1\n\n[[l]]\na = 2\n",
      "[z]\n\n[[l]]\na = 1\n\n[l.c]\nk = 1\n\n[[l]]\na = 2\n",
    ],
    [
      "in the line ends that the file has by now",
      "a = 1\n",
      ["t"],
      "a = 1\r\n\r\n[t]\r\nx = 1\r\n",
      "a = 1\n\n[t]\nx = 1\n",
    ],
  ])("%s", (_, given, path, image, expected) => {
    expect(reinsert(given, path, image)).toBe(expected);
  });
});

describe("a string over several lines in a file with mixed line ends", () => {
  const text = 'a = 1\nb = """\r\nx\r\n"""\nc = 1\nd = 1\n';

  test.each(["a = 1\nb = 'y'\nc = 1\nd = 1\n", "a = 1\nc = 1\nd = 1\n"])("comes back as it was into %j", (given) => {
    expect(reinsert(given, ["b"], text)).toBe(text);
  });

  test("is refused where it cannot come back as it was", () => {
    expect(() => reinsert("t = { z = 1 }\n", ["t", "b"], `[t]\n${text}`)).toThrow(
      expect.objectContaining({ code: "unsupported-edit" }),
    );
  });
});

describe("an element comes back", () => {
  test.each<[string, string, string]>([
    ["where nothing is left of its array", "", "[[a]]\nk = 1\n"],
    ["in front of the one that has its index", "[[a]]\nk = 2\n", "[[a]]\nk = 1\n\n[[a]]\nk = 2\n"],
    ["into an array that is one value", "a = [{ k = 2 }]\n", "a = [{ k = 1 }, { k = 2 }]\n"],
    ["not twice", "[[a]]\nk = 1\n", "[[a]]\nk = 1\n"],
  ])("%s", (_, given, expected) => {
    expect(reinsert(given, ["a", 0], "[[a]]\nk = 1\n")).toBe(expected);
  });

  test.each<[string, KeyPath]>([
    ["", ["a", 0, "k"]],
    ["", ["list", 0]],
  ])("and a part of what is not there is refused by name: into %j", (given, path) => {
    const image = "list = [1, 2]\n\n[[a]]\nk = 1\n";
    expect(() => reinsert(given, path, image)).toThrow(expect.objectContaining({ code: "unsupported-edit" }));
  });
});

test.each<[string, (i: number) => string]>([
  ["sub-tables", (i) => `[t.s${i}]\nk = ${i}\n\n`],
  ["dotted keys", (i) => `t.k${i} = ${i}\n`],
  ["elements", (i) => `[[t]]\nk = ${i}\n`],
])("thousands of %s come back in no time", (_, line) => {
  const image = parseDocument(Array.from({ length: 4000 }, (__, i) => line(i)).join(""), "");
  const gone = image.edit([{ op: "unset", path: ["t"] }]);
  const start = performance.now();
  expect(gone.edit([{ op: "reinsert", path: ["t"], image: image.text }]).text).toBe(image.text);
  expect(performance.now() - start).toBeLessThan(2000);
});
