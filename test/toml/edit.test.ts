/** What an edit does to a text: given, edit, expect. Each removal is the inverse of the addition above it. */
import { describe, expect, test } from "vitest";
import { CfgError } from "../../src/model/error.ts";
import type { KeyPath, TomlValue } from "../../src/model/op.ts";
import { parseDocument } from "../../src/toml/document.ts";
import type { Edit } from "../../src/toml/edit.ts";

const set = (path: KeyPath, value: TomlValue): Edit => ({ op: "set", path, value });
const unset = (path: KeyPath, options = {}): Edit => ({ op: "unset", path, ...options });

function edit(given: string, ...edits: Edit[]): string {
  return parseDocument(given, "config.toml").edit(edits).text;
}

/** A row that adds something; the same row read backwards removes it again. */
type Row = {
  readonly name: string;
  readonly given: string;
  readonly path: KeyPath;
  readonly value: TomlValue;
  readonly expect: string;
};

const additions: readonly Row[] = [
  {
    name: "puts a root key behind the last root key",
    given: "a = 1\n\n[t]\nx = 1\n",
    path: ["b"],
    value: 2n,
    expect: "a = 1\nb = 2\n\n[t]\nx = 1\n",
  },
  {
    name: "puts the first root key above the first header's comment, with a blank line",
    given: "# about t\n[t]\nx = 1\n",
    path: ["b"],
    value: "v",
    expect: 'b = "v"\n\n# about t\n[t]\nx = 1\n',
  },
  {
    name: "leaves a file header where it is when it puts the first root key",
    given: "# my config\n\n[t]\nx = 1\n",
    path: ["b"],
    value: true,
    expect: "# my config\n\nb = true\n\n[t]\nx = 1\n",
  },
  {
    name: "puts the first root key of a file without headers at the end",
    given: "# only comments\n",
    path: ["b"],
    value: true,
    expect: "# only comments\nb = true\n",
  },
  { name: "starts an empty file", given: "", path: ["b"], value: true, expect: "b = true\n" },
  {
    name: "starts an empty file with a table",
    given: "",
    path: ["t", "u"],
    value: { x: 1n },
    expect: "[t.u]\nx = 1\n",
  },
  {
    name: "puts a key behind the last one of its table, not under the next table's comment",
    given: "[a]\nx = 1 # one\n\n# about b\n[b]\ny = 1\n",
    path: ["a", "z"],
    value: 2n,
    expect: "[a]\nx = 1 # one\nz = 2\n\n# about b\n[b]\ny = 1\n",
  },
  {
    name: "puts a key into an empty table",
    given: "[a]\n\n[b]\n",
    path: ["a", "z"],
    value: 2n,
    expect: "[a]\nz = 2\n\n[b]\n",
  },
  {
    name: "follows the indent and the tight equals sign of its neighbours",
    given: "[a]\n\tx=1\n",
    path: ["a", "z"],
    value: 2n,
    expect: "[a]\n\tx=1\n\tz=2\n",
  },
  {
    name: "does not copy alignment",
    given: "[a]\nlong_name = 1\nx         = 1\n",
    path: ["a", "z"],
    value: 2n,
    expect: "[a]\nlong_name = 1\nx         = 1\nz = 2\n",
  },
  {
    name: "puts a new table at the end after one blank line",
    given: "a = 1\n",
    path: ["t"],
    value: { x: "1" },
    expect: 'a = 1\n\n[t]\nx = "1"\n',
  },
  {
    name: "leaves a file without a final line end without one",
    given: "a = 1",
    path: ["t"],
    value: { x: "1" },
    expect: 'a = 1\n\n[t]\nx = "1"',
  },
  {
    name: "leaves a file without a final line end without one when it adds a key",
    given: "a = 1",
    path: ["b"],
    value: 2n,
    expect: "a = 1\nb = 2",
  },
  {
    name: "puts a new table behind its nearest relative",
    given: "[p.a]\nx = 1\n\n[q]\ny = 1\n",
    path: ["p", "b"],
    value: { x: 2n },
    expect: "[p.a]\nx = 1\n\n[p.b]\nx = 2\n\n[q]\ny = 1\n",
  },
  {
    name: "puts a new table behind the relative's own sub-tables",
    given: "[p.a]\nx = 1\n\n[p.a.env]\nk = 1\n\n[q]\n",
    path: ["p", "b"],
    value: { x: 2n },
    expect: "[p.a]\nx = 1\n\n[p.a.env]\nk = 1\n\n[p.b]\nx = 2\n\n[q]\n",
  },
  {
    name: "keeps a commented-out setting with the table it belongs to",
    given: "[p.a]\nx = 1\n# y = 2\n\n[q]\n",
    path: ["p", "b"],
    value: { x: 2n },
    expect: "[p.a]\nx = 1\n# y = 2\n\n[p.b]\nx = 2\n\n[q]\n",
  },
  {
    name: "uses CRLF in a file that has it",
    given: "a = 1\r\n\r\n[t]\r\nx = 1\r\n",
    path: ["p", "b"],
    value: { x: 2n, y: 3n },
    expect: "a = 1\r\n\r\n[t]\r\nx = 1\r\n\r\n[p.b]\r\nx = 2\r\ny = 3\r\n",
  },
  {
    name: "keeps a BOM in front",
    given: "\ufeff[t]\nx = 1\n",
    path: ["a"],
    value: 1n,
    expect: "\ufeffa = 1\n\n[t]\nx = 1\n",
  },
  {
    name: "adds to an inline table in its style",
    given: "t = { a = 1 }\n",
    path: ["t", "b"],
    value: 2n,
    expect: "t = { a = 1, b = 2 }\n",
  },
  {
    name: "adds to a tight inline table in its style",
    given: "t = {a=1,b=2}\n",
    path: ["t", "c"],
    value: 3n,
    expect: "t = {a=1,b=2,c=3}\n",
  },
  { name: "adds to an empty inline table", given: "t = {}\n", path: ["t", "a"], value: 1n, expect: "t = { a = 1 }\n" },
  {
    name: "adds on a line of its own to a multi-line inline table",
    given: "t = {\n  a = 1,\n  b = 2, # two\n}\n",
    path: ["t", "c"],
    value: 3n,
    expect: "t = {\n  a = 1,\n  b = 2, # two\n  c = 3,\n}\n",
  },
  {
    name: "adds to a multi-line inline table without a trailing comma",
    given: "t = {\n  a = 1,\n  b = 2\n}\n",
    path: ["t", "c"],
    value: 3n,
    expect: "t = {\n  a = 1,\n  b = 2,\n  c = 3\n}\n",
  },
  {
    name: "nests a table inside an inline one as inline",
    given: "p = { a = { x = 1 } }\n",
    path: ["p", "b"],
    value: { x: 2n },
    expect: "p = { a = { x = 1 }, b.x = 2 }\n",
  },
  {
    name: "adds a dotted key behind the last one with that prefix",
    given: "p.a.x = 1\np . a . y = 2\nq = 1\n",
    path: ["p", "a", "z"],
    value: 3n,
    expect: "p.a.x = 1\np . a . y = 2\np . a.z = 3\nq = 1\n",
  },
  {
    name: "writes a table behind dotted keys as dotted keys",
    given: "p.a.x = 1\n",
    path: ["p", "b"],
    value: { x: 2n, y: 3n },
    expect: "p.a.x = 1\np.b.x = 2\np.b.y = 3\n",
  },
  {
    name: "adds to the first section of a table that is split over the file",
    given: "[a]\nx = 1\n\n[b]\ny = 1\n\n[a.sub]\nz = 1\n",
    path: ["a", "w"],
    value: 2n,
    expect: "[a]\nx = 1\nw = 2\n\n[b]\ny = 1\n\n[a.sub]\nz = 1\n",
  },
  {
    name: "finds a super-table that stands behind its sub-table",
    given: "[a.sub]\nz = 1\n\n[a]\nx = 1\n",
    path: ["a", "w"],
    value: 2n,
    expect: "[a.sub]\nz = 1\n\n[a]\nx = 1\nw = 2\n",
  },
  {
    name: "finds a table by its quoted name",
    given: "[\"a b\".'C:\\x']\nx = 1\n",
    path: ["a b", "C:\\x", "y"],
    value: 2n,
    expect: "[\"a b\".'C:\\x']\nx = 1\ny = 2\n",
  },
  {
    name: "quotes a name that is not bare",
    given: "",
    path: ["t", "a b"],
    value: { x: 1n },
    expect: '[t."a b"]\nx = 1\n',
  },
  {
    name: "treats __proto__ as a name like any other",
    given: "[__proto__]\nx = 1\n",
    path: ["__proto__", "constructor"],
    value: 2n,
    expect: "[__proto__]\nx = 1\nconstructor = 2\n",
  },
  {
    name: "adds to an element of an array of tables",
    given: "[[a]]\nx = 1\n\n[[a]]\nx = 2\n",
    path: ["a", 0, "y"],
    value: 3n,
    expect: "[[a]]\nx = 1\ny = 3\n\n[[a]]\nx = 2\n",
  },
  {
    name: "puts an element's new sub-table behind that element",
    given: "[[a]]\nx = 1\n\n[[a]]\nx = 2\n",
    path: ["a", 0, "s"],
    value: { y: 3n },
    expect: "[[a]]\nx = 1\n\n[a.s]\ny = 3\n\n[[a]]\nx = 2\n",
  },
  {
    name: "adds below a value that looks like a header",
    given: 'a = """\n[t]\n# no comment\n"""\n',
    path: ["b"],
    value: 1n,
    expect: 'a = """\n[t]\n# no comment\n"""\nb = 1\n',
  },
];

describe("an addition", () => {
  test.each(additions)("$name", ({ given, path, value, expect: expected }) => {
    expect(edit(given, set(path, value))).toBe(expected);
  });

  test.each(additions)("and its removal is the inverse: $name", ({ given, path, expect: expected }) => {
    expect(edit(expected, unset(path))).toBe(given);
  });

  test.each(additions)("done twice is done once: $name", ({ path, value, expect: expected }) => {
    expect(edit(expected, set(path, value))).toBe(expected);
  });
});

describe("a key in a table that only its sub-tables imply", () => {
  const given = "a = 1\n\n# environment\n[s.x.env]\nK = 1\n";
  const expected = "a = 1\n\n[s.x]\nenabled = false\n\n# environment\n[s.x.env]\nK = 1\n";

  test("gets a header of its own above the first sub-table's comment", () => {
    expect(edit(given, set(["s", "x", "enabled"], false))).toBe(expected);
  });

  test("takes that header along when asked", () => {
    expect(edit(expected, unset(["s", "x", "enabled"], { header: true }))).toBe(given);
  });

  test("leaves a header with other keys where it is", () => {
    const text = "[s.x]\nenabled = false\nother = 1\n";
    expect(edit(text, unset(["s", "x", "enabled"], { header: true }))).toBe("[s.x]\nother = 1\n");
  });
});

describe("a replacement", () => {
  test.each([
    ["touches nothing but the value", "a  =  1  # one\nb = 2\n", ["a"], 5n, "a  =  5  # one\nb = 2\n"],
    ["keeps literal quotes", "a = 'C:\\x'\n", ["a"], "D:\\y", "a = 'D:\\y'\n"],
    ["gives literal quotes up where they cannot hold the value", "a = 'x'\n", ["a"], "it's", 'a = "it\'s"\n'],
    ["escapes what nobody could read", 'a = "x"\n', ["a"], "\u001b[31m\u202e\t", 'a = "\\u001b[31m\\u202e\\t"\n'],
    ["writes floats as floats", "a = 1\n", ["a"], 2, "a = 2.0\n"],
    [
      "replaces a value that spans lines",
      "a = [\n  1, # one\n  2,\n]\nb = 1\n",
      ["a"],
      [3n],
      "a = [\n  3, # one\n]\nb = 1\n",
    ],
    ["replaces inside an inline table", "t = { a = 1, b = 2 }\n", ["t", "a"], 3n, "t = { a = 3, b = 2 }\n"],
    ["replaces under a dotted key", "p.a.x = 1\n", ["p", "a", "x"], 2n, "p.a.x = 2\n"],
  ] as const)("%s", (_, given, path, value, expected) => {
    expect(edit(given, set(path, value))).toBe(expected);
  });

  test.each([
    ["[t]\nx = 1\n", { x: 2n }, "t is a table already"],
    ["[t]\nx = 1\n", 1n, "t is a table already"],
    ["t = 1\n", { x: 1n }, "t is a value already"],
  ] as const)("says what stands where it puts nothing: %j", (given, value, said) => {
    expect(() => edit(given, set(["t"], value))).toThrow(said);
  });

  test.each([
    ["a value where a table stands", "[t]\nx = 1\n", set(["t"], 1n), "would-overwrite"],
    ["a table where a value stands", "t = 1\n", set(["t"], { x: 1n }), "would-overwrite"],
    ["a path through a value", "t = 1\n", set(["t", "x"], 1n), "would-overwrite"],
    ["a path through an item that is no table", "t = [1]\n", set(["t", 0, "x"], 2n), "would-overwrite"],
    ["an item far behind the last one", "t = [1]\n", set(["t", 2], 2n), "unsupported-edit"],
    ["a table in an array of tables without an element", "[[t]]\nx = 1\n", set(["t", "y"], 2n), "unsupported-edit"],
    [
      "a removal that would lose a comment in an inline table",
      "t = { a = 1, # one\n b = 2 }\n",
      unset(["t", "a"]),
      "unsupported-edit",
    ],
  ] as const)("refuses %s", (_, given, wanted, code) => {
    expect(() => edit(given, wanted)).toThrow(expect.objectContaining({ code }));
  });
});

describe("a removal", () => {
  test.each([
    [
      "takes the trailing comment and leaves the lines above",
      "# group\na = 1 # one\nb = 2\n",
      ["a"],
      {},
      "# group\nb = 2\n",
    ],
    [
      "takes the lines above when asked",
      "x = 1\n\n# about a\n# more\na = 1\nb = 2\n",
      ["a"],
      { comments: true },
      "x = 1\n\nb = 2\n",
    ],
    [
      "stops at a blank line when it takes the lines above",
      "# file\n\n# about a\na = 1\nb = 2\n",
      ["a"],
      { comments: true },
      "# file\n\nb = 2\n",
    ],
    [
      "takes a table with its sub-tables wherever they stand",
      "[a]\nx = 1\n\n[b]\ny = 1\n\n[a.s]\nz = 1\n",
      ["a"],
      {},
      "[b]\ny = 1\n",
    ],
    [
      "takes comments inside a table along and leaves those behind its last key",
      "[a]\n# in\nx = 1\n# behind\n\n[b]\n",
      ["a"],
      {},
      "# behind\n\n[b]\n",
    ],
    ["of the only key leaves an empty inline table", "t = { a = 1 }\n", ["t", "a"], {}, "t = {}\n"],
    ["of the first key takes the comma on its right", "t = { a = 1, b = 2 }\n", ["t", "a"], {}, "t = { b = 2 }\n"],
    [
      "of several keys of one inline table takes them one by one",
      "t = { a.x = 1, b = 2, a.y = 3 }\n",
      ["t", "a"],
      {},
      "t = { b = 2 }\n",
    ],
    ["of the last line keeps a missing final line end missing", "a = 1\nb = 2", ["b"], {}, "a = 1"],
    ["of something that is not there does nothing", "a = 1\n", ["b"], {}, "a = 1\n"],
  ] as const)("%s", (_, given, path, options, expected) => {
    const after = edit(given, unset(path, options));
    expect(after.replace(/^\n/, "")).toBe(expected);
  });
});

describe("putting a fragment", () => {
  const legacy =
    "model = 1\n\n# slow proxy\n[profiles.x] # over http\n# which one\nmodel_provider = 'p' # mine\n\n[profiles.x.features]\nweb = true\n\n[other]\nk = 1\n";

  test("lifts a table relative to itself, comments and spelling included", () => {
    expect(parseDocument(legacy, "").fragment(["profiles", "x"])).toBe(
      "# slow proxy\n# over http\n# which one\nmodel_provider = 'p' # mine\n\n[features]\nweb = true\n",
    );
  });

  test("lifts an inline table as lines", () => {
    expect(parseDocument("profiles = { x = { a = 1, b = 'c' } }\n", "").fragment(["profiles", "x"])).toBe(
      "a = 1\nb = 'c'\n",
    );
  });

  test("lifts dotted keys without their prefix", () => {
    expect(parseDocument("# why\nprofiles.x.a = 1 # one\nprofiles.x.f.b = 2\n", "").fragment(["profiles", "x"])).toBe(
      "# why\na = 1 # one\nf.b = 2\n",
    );
  });

  test("puts root keys and sections where they belong", () => {
    const fragment = parseDocument(legacy, "").fragment(["profiles", "x"]);
    expect(edit("a = 1\n\n[z]\nk = 1\n", { op: "put", path: [], fragment })).toBe(
      "a = 1\n# slow proxy\n# over http\n# which one\nmodel_provider = 'p' # mine\n\n[z]\nk = 1\n\n[features]\nweb = true\n",
    );
  });

  test("leaves out what is there already with the same value", () => {
    expect(edit("a = 1\n", { op: "put", path: [], fragment: "a = 1\nb = 2\n" })).toBe("a = 1\nb = 2\n");
  });

  test("refuses what is there already with another value", () => {
    expect(() => edit("a = 1\n", { op: "put", path: [], fragment: "a = 2\n" })).toThrow(
      expect.objectContaining({ code: "would-overwrite" }),
    );
  });

  test("gives headers the prefix of the table they go into", () => {
    expect(edit("", { op: "put", path: ["profiles", "x"], fragment: "a = 1\n\n[features]\nb = 2\n" })).toBe(
      "[profiles.x]\na = 1\n\n[profiles.x.features]\nb = 2\n",
    );
  });
});

describe("many edits at once", () => {
  test("give the same text as one after the other", () => {
    const given = "[s.a]\ncommand = 'a'\n\n[s.b]\ncommand = 'b'\n\n[s.c]\nenabled = true\n";
    const edits = ["a", "b", "c"].map((name) => set(["s", name, "enabled"], false));
    const oneByOne = edits.reduce((text, step) => edit(text, step), given);
    expect(edit(given, ...edits)).toBe(oneByOne);
  });

  test("that need each other see each other", () => {
    expect(edit("", set(["t", "a"], 1n), set(["t", "b"], 2n), unset(["t", "a"]))).toBe("[t]\nb = 2\n");
  });

  test("of one table with sub-tables at the end of a file without a final line end", () => {
    expect(edit("k = 1\n\n[t]\na = 1\n\n[t.u]\nb = 1", unset(["t"]))).toBe("k = 1");
  });

  test("that cancel out leave the text as it was", () => {
    expect(edit("x = 1\n", set(["t", "a"], 1n), unset(["t"]))).toBe("x = 1\n");
  });
});

describe("reading", () => {
  test.each([
    ["a bare CR", "a = 1\rb = 2\n", 1, 6],
    ["a broken value", "a = 1\nb = \n", 2, 5],
    ["a duplicate key", "a = 1\na = 2\n", 2, 1],
    ["a day that is none", "a = '1979-05-x'\nb = [1979-05-27, 1979-05-,7]\n", 2, 18],
    ["a month that is none", "a = 1979-.5-27\n", 1, 5],
    ["a day on two lines", "a = 1979-05-\n7\n", 1, 5],
    ["a day that ends in a comment", "a = 1979-05-#7\n", 1, 5],
    ["a second BOM", "\ufeff\ufeffa = 1\n", 1, 1],
  ])("refuses %s by line and column", (_, text, line, column) => {
    expect(() => parseDocument(text, "config.toml")).toThrow(
      expect.objectContaining({ code: "invalid-toml", path: "config.toml", line, column }),
    );
  });

  test("never repeats the text of a broken line", () => {
    const secret = "sk-not-to-be-seen";
    try {
      parseDocument(`token = "${secret}\n`, "config.toml");
      expect.unreachable();
    } catch (error) {
      expect(JSON.stringify([(error as CfgError).message, (error as CfgError).hints])).not.toContain(secret);
    }
  });

  test.each([
    ["arrays", `a = ${"[".repeat(5000)}${"]".repeat(5000)}\n`],
    ["inline tables", `a = ${"{a=".repeat(500)}1${"}".repeat(500)}\n`],
    ["dotted keys", `${"a.".repeat(100_000)}a = 1\n`],
    ["headers", `[${"a.".repeat(5000)}a]\n`],
  ])("refuses %s nested too deep", (_, text) => {
    expect(() => edit(text, set(["z"], 1n))).toThrow(CfgError);
  });

  test("keeps integers of 64 bits, dates and special floats apart", () => {
    const text = "i = 9223372036854775807\nd = 1979-05-27T07:32:00.5Z\nn = nan\nf = -inf\n";
    const doc = parseDocument(text, "");
    expect(doc.get(["i"])).toBe(9223372036854775807n);
    expect(edit(text, set(["x"], 1n))).toBe(`${text}x = 1\n`);
  });

  test("does not pollute anything through __proto__", () => {
    const doc = parseDocument("__proto__.polluted = true\n[constructor.prototype]\npolluted = true\n", "");
    expect(doc.edit([set(["__proto__", "more"], 1n)]).get(["__proto__", "more"])).toBe(1n);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
