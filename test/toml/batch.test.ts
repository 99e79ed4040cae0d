/** Edits made in one call give what they give one after the other, all of them or none. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { KeyPath, TomlValue } from "../../src/model/op.ts";
import { type Document, documentOf, parseDocument } from "../../src/toml/document.ts";
import type { Edit } from "../../src/toml/edit.ts";

const set = (path: KeyPath, value: TomlValue = 1n): Edit => ({ op: "set", path, value });
const unset = (path: KeyPath, options = {}): Edit => ({ op: "unset", path, ...options });
const put = (path: KeyPath, fragment: string): Edit => ({ op: "put", path, fragment });

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
    [
      "what comes back takes the place of what was put there",
      "",
      [set(["t", "y"]), { op: "reinsert", path: ["t"], image: "[t]\nx = 1\n" }],
      "[t]\nx = 1\n",
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
    fc.record({ op: fc.constant("set" as const), path, value: fc.constantFrom<TomlValue>(1n, {}, { a: 1n }) }),
    fc.record({ op: fc.constant("unset" as const), path, comments: fc.boolean(), header: fc.boolean() }),
    fc.record({ op: fc.constant("put" as const), path, fragment: fc.constantFrom("a = 1\n", "# c\n\n[b]\nc = 1\n") }),
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

describe("a refused edit", () => {
  const right = set(["a"]);
  const image = '[[l]]\nk = 1\n\n[t]\ns = """\r\n"""\n';

  test.each<[string, string, Edit, string]>([
    ["a value where a table stands", "[t]\nx = 1\n", set(["t"]), "t is a table already"],
    ["a path through a value", "t = 1\n", set(["t", "x"]), "t is a value, not a table"],
    ["a key of an array of tables", "[[t]]\n", set(["t", "x"]), "t is an array of tables; name one element, as in t.0"],
    ["an element of a table", "[t]\n", set(["t", 0]), "t is no array of tables, so it has no element 0"],
    [
      "an integer of more than 64 bits",
      "",
      set(["k"], 1n << 64n),
      "k cannot be written: an integer of TOML has 64 bits",
    ],
    ["a fragment with another value", "[t]\nk = 1\n", put(["t"], "k = 2\n"), "t.k is there already with another value"],
    [
      "an array of tables behind dots",
      "t.k = 1\n",
      put(["t"], "[[l]]\n"),
      "t.l is an array of tables, which cannot go into a table written inline or with dotted keys",
    ],
    ["a part of a value", "l = [1]\n", unset(["l", 0, "k"]), "l.0 is a value, not a table"],
    [
      "a key with a comment in the way",
      "t = {\n  k = 1\n  # about x\n  ,\n  x = 1,\n}\n",
      unset(["t", "k"]),
      "t.k cannot be taken out: a comment inside its inline table is in the way",
    ],
    [
      "a part of an element that is not there",
      "",
      { op: "reinsert", path: ["l", 0, "t", 0], image: "[[l]]\n[[l.t]]\nk = 1\n" },
      "l.0.t.0 cannot come back without the rest of its array",
    ],
    [
      "a text with other line ends",
      "t = {}\n",
      { op: "reinsert", path: ["t", "s"], image },
      "a string over several lines in t.s has other line ends than the file has by now",
    ],
  ])("in a batch is named, and nothing of the batch is done: %s", (_, given, wrong, message) => {
    const document = parseDocument(given, "config.toml");
    for (const edits of [[wrong], [right, wrong], [wrong, right]])
      expect(() => document.edit(edits)).toThrow(expect.objectContaining({ message }));
    expect(document.edit([right]).get(["a"])).toBe(1n);
  });
});

test("many toggles of a large config are made in about a second, and are those of one after the other", () => {
  const names = Array.from({ length: 500 }, (_, i) => `server_${i}`);
  const server = (name: string) => `# about ${name}\n[mcp_servers.${name}]\ncommand = "npx" # pinned\n`;
  const filler = `args = ["${"x".repeat(120)}"]\n\n`;
  const given = names.map((name) => server(name) + filler).join("");
  expect(given.length).toBeGreaterThan(100_000);
  const edits = names.map((name) => set(["mcp_servers", name, "enabled"], false));
  const document = parseDocument(given, "config.toml");
  const start = performance.now();
  const { text } = document.edit(edits);
  // Far more than it takes, for a machine under load.
  expect(performance.now() - start).toBeLessThan(10_000);
  expect(text).toBe(given.replaceAll("\n\n", "\nenabled = false\n\n"));
});

test("a document of five megabytes reads, edits and tells its faults like any other", () => {
  const server = (i: number) => `[mcp_servers.s${i}]\ncommand = "npx" # pinned\nargs = ["-y"]\n\n`;
  const text = `model = "x"\n\n${Array.from({ length: 90_000 }, (_, i) => server(i)).join("")}`;
  expect(text.length).toBeGreaterThan(5_000_000);
  const doc = parseDocument(text, "config.toml");
  expect(doc.get(["mcp_servers", "s89999", "command"])).toBe("npx");
  const edited = doc.edit([set(["mcp_servers", "s20000", "enabled"], false)]);
  expect(edited.text).toBe(text.replace(server(20_000), server(20_000).replace("\n\n", "\nenabled = false\n\n")));
  const line = text.split("\n").length;
  expect(() => parseDocument(`${text}[mcp_servers.s7]\n`, "config.toml")).toThrow(
    expect.objectContaining({ code: "invalid-toml", line }),
  );
});

test("a fragment of many tables is put in one go", () => {
  const tables = Array.from({ length: 40_000 }, (_, i) => `[s${i}]\nk = ${i}\n`).join("\n");
  expect(parseDocument("", "").edit([put(["p"], tables)]).text).toBe(tables.replaceAll("[s", "[p.s"));
});
