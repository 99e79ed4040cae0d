/** Edits made in one call give what they give one after the other, in one round where they can. */
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { KeyPath, TomlValue } from "../../src/model/op.ts";
import { type Document, documentOf, type Edit, parseDocument } from "../../src/toml/document.ts";
import { Rewrite } from "../../src/toml/rewrite.ts";
import { Source } from "../../src/toml/source.ts";

const set = (path: KeyPath, value: TomlValue = 1n): Edit => ({ kind: "set", path, value });
const unset = (path: KeyPath, options = {}): Edit => ({ kind: "unset", path, ...options });
const put = (path: KeyPath, fragment: string): Edit => ({ kind: "put", path, fragment });

const oneByOne = (document: Document, edits: readonly Edit[]): string =>
  edits.reduce((now, edit) => now.edit([edit]), document).text;

describe("in one call", () => {
  test.each([
    [
      "a table takes the place of one",
      "[s.x]\na = 1\n",
      [unset(["s", "x"]), set(["s", "x"], { b: 1n })],
      "[s.x]\nb = 1\n",
    ],
    ["a table takes the place of a value", "a = 1\nb = 2\n", [unset(["a"]), set(["a", "k"])], "b = 2\n\n[a]\nk = 1\n"],
    ["a value takes the place of a table", "[a]\nk = 1\n", [unset(["a"]), set(["a"])], "a = 1\n"],
    [
      "what was put below a table goes with it",
      "[c.a]\nk = 1\n# n\n",
      [set(["c", "a", "d", "k"]), unset(["c", "a"])],
      "# n\n",
    ],
    [
      "a key goes into what was put",
      "[d.a]\nk = 1\n",
      [put(["d"], "t = { a = 1 }\n"), set(["d", "t", "n"])],
      "[d]\nt = { a = 1, n = 1 }\n\n[d.a]\nk = 1\n",
    ],
    [
      "an empty table is written where it went with its last key",
      "c.d = 1\n",
      [unset(["c", "d"]), set(["c"], {})],
      "[c]\n",
    ],
    ["a table that has its header still is there", "[c]\nd = 1\n", [unset(["c", "d"]), set(["c"], {})], "[c]\n"],
    [
      "a name is free where its table went with the last key",
      "a.b = 1\n",
      [unset(["a", "b"]), put([], "a = 1\n")],
      "a = 1\n",
    ],
    [
      "an element is the one that has its number by then",
      "[[l]]\na = 1\n\n[[l]]\na = 2\n",
      [unset(["l", 0]), set(["l", 0, "a"], 9n)],
      "\n[[l]]\na = 9\n",
    ],
    ["a comment above is still above", "# c\n[b]\n", [unset(["b"]), set(["k"])], "# c\nk = 1\n"],
    [
      "a header that stands for one key is there for the next",
      "[s]\na = 1\n",
      [set(["s", "b"]), unset(["s", "a"], { header: true })],
      "[s]\nb = 1\n",
    ],
  ] as const)("%s", (_, given, edits, expected) => {
    const document = parseDocument(given, "config.toml");
    expect(document.edit(edits).text).toBe(expected);
    expect(oneByOne(document, edits)).toBe(expected);
  });

  const LINES = [
    "# one",
    "# two",
    "",
    "a = 1",
    "b.c = 1",
    "c.a = 1",
    "[a]",
    "[b]",
    "[a.b]",
    "[b.a]",
    "[c.a.b]",
    "[[d]]",
  ];
  const PATHS: readonly KeyPath[] = ["a", "b", "c", "a.b", "a.c", "b.a", "b.c", "c.a", "c.a.b", "a.b.c", "d"].map(
    (path) => path.split("."),
  );
  const path = fc.constantFrom(...PATHS);
  const wanted: fc.Arbitrary<Edit> = fc.oneof(
    fc.record({ kind: fc.constant("set" as const), path, value: fc.constantFrom<TomlValue>(1n, {}, { a: 1n }) }),
    fc.record({ kind: fc.constant("unset" as const), path, comments: fc.boolean(), header: fc.boolean() }),
    fc.record({ kind: fc.constant("put" as const), path, fragment: fc.constantFrom("a = 1\n", "# c\n\n[b]\nc = 1\n") }),
  );
  const lines = fc.array(fc.constantFrom(...LINES), { maxLength: 9 });

  test("whatever they are, the text is that of one after the other", () => {
    let compared = 0;
    const claim = fc.property(lines, fc.array(wanted, { minLength: 2, maxLength: 5 }), (given, tried) => {
      const valid: string[] = [];
      for (const line of given) if (documentOf([...valid, line].join("\n"))) valid.push(line);
      const document = parseDocument(`${valid.join("\n")}\n`, "config.toml");
      // Those that are refused where they stand are left out.
      let now = document;
      const edits = tried.filter((edit) => {
        try {
          now = now.edit([edit]);
          return true;
        } catch {
          return false;
        }
      });
      expect(document.edit(edits).text).toBe(now.text);
      if (edits.length > 1) compared++;
    });
    fc.assert(claim, { numRuns: 2000, seed: 11 });
    expect(compared).toBeGreaterThan(1000);
  });
});

test("edits that have nothing to do with each other share one scan", () => {
  const names = Array.from({ length: 500 }, (_, i) => `s${i}`);
  const text = names.map((name) => `# about ${name}\n[t.${name}]\nk = 1\n\n`).join("");
  const rewrite = new Rewrite(new Source(text));
  const first = rewrite.source;
  const compute = vi.fn((source: Source) => {
    const at = source.text.indexOf("k = 1", source.text.indexOf(`[t.${names[compute.mock.calls.length - 1]}]`));
    return [{ start: at + 4, end: at + 5, text: "2" }];
  });
  for (const name of names) {
    rewrite.turnTo(["t", name, "k"]);
    rewrite.add(["t", name, "k"], compute);
  }
  expect(rewrite.source).toBe(first);
  expect(rewrite.splices).toHaveLength(500);
});

test("a fragment of many tables is put in one go", () => {
  const tables = Array.from({ length: 40_000 }, (_, i) => `[s${i}]\nk = ${i}\n`).join("\n");
  expect(parseDocument("", "").edit([put(["p"], tables)]).text).toBe(tables.replaceAll("[s", "[p.s"));
});
