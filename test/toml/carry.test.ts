/** A table on its way into another text: what it takes along, what stays behind, and how it joins what is there. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDocument } from "../../src/toml/document.ts";

type Row = {
  readonly name: string;
  readonly given: string;
  /** The text it comes into; none when it is not said. */
  readonly into?: string;
  readonly left: string;
  readonly carried: string;
};

/** Carries the table `p.x` to the root of another text. */
function carry({ given, into = "" }: Pick<Row, "given" | "into">): Pick<Row, "left" | "carried"> {
  const from = parseDocument(given, "from");
  const fragment = from.fragment(["p", "x"]);
  const { eol } = from.source;
  return {
    left: from.edit([{ op: "unset", path: ["p", "x"], comments: true, tail: true }]).text,
    carried: parseDocument(into, "into").edit([{ op: "put", path: [], fragment, eol }]).text,
  };
}

const rows: readonly Row[] = [
  {
    name: "takes the comments above its header, behind it and below its last key along",
    given: "a = 1\n\n# why\n[p.x] # how\nb = 2 # two\n# c = 3\n\n[t]\nd = 4\n",
    left: "a = 1\n\n[t]\nd = 4\n",
    carried: "# why\n# how\nb = 2 # two\n# c = 3\n",
  },
  {
    name: "leaves a comment below it that leads to the next header",
    given: "[p.x]\nb = 2\n# about t\n[t]\nd = 4\n",
    left: "# about t\n[t]\nd = 4\n",
    carried: "b = 2\n",
  },
  {
    name: "takes the comments of a table without keys along",
    given: "# why\n[p.x]\n# b = 2\n\n[t]\nd = 4\n",
    left: "[t]\nd = 4\n",
    carried: "# why\n# b = 2\n",
  },
  {
    name: "gathers what is written in several places, with a blank line before the first header",
    given: "[p.x]\nb = 2\n\n[t]\nd = 4\n\n# f\n[p.x.f]\ng = 1 # g\n# h\n",
    left: "[t]\nd = 4\n",
    carried: "b = 2\n\n# f\n[f]\ng = 1 # g\n# h\n",
  },
  {
    name: "keeps an array of tables",
    given: "[[p.x.f]]\ng = 1\n[[p.x.f]]\ng = 2\n",
    left: "",
    carried: "[[f]]\ng = 1\n\n[[f]]\ng = 2\n",
  },
  {
    name: "turns the comment behind an inline table into one above it",
    given: "# why\np.x = { b = 2, f = { g = 1 } } # how\na = 1\n",
    left: "a = 1\n",
    carried: "# why\n# how\nb = 2\nf = { g = 1 }\n",
  },
  {
    name: "keeps the comments inside an inline table over several lines where they stood",
    given: "p.x = { # o\n  # above b\n  b = 2, # two\n  # above c\n  c = [\n    1,\n  ],\n  # last\n}\n",
    left: "",
    carried: "# o\n# above b\nb = 2 # two\n# above c\nc = [\n    1,\n  ]\n# last\n",
  },
  {
    name: "takes dotted keys along with the comments above each",
    given: "p.x.b = 2 # two\n# f\np.x.f.g = 1\na = 1\n",
    left: "a = 1\n",
    carried: "b = 2 # two\n# f\nf.g = 1\n",
  },
  {
    name: "gives a new text the line ends that it had, in texts over several lines, too",
    given: '\ufeffa = 1\r\n\r\n[p.x]\r\nb = """\r\none\r\ntwo"""\r\n[p.x.f]\r\ng = 1\r\n',
    left: "\ufeffa = 1\r\n",
    carried: 'b = """\r\none\r\ntwo"""\r\n\r\n[f]\r\ng = 1\r\n',
  },
  {
    name: "takes the line ends of a text that is there",
    given: "[p.x]\r\nb = 2\r\n",
    into: "a = 1\n",
    left: "",
    carried: "a = 1\nb = 2\n",
  },
  {
    name: "joins the tables that are there, and leaves out what they hold already",
    given: "[p.x]\nb = 2\n# f\n[p.x.f]\ng = 1\n# h\nh = 2 # two\n",
    into: "b = 2 # mine\n\n[f]\ng = 1\ni = 3\n\n[t]\nd = 4\n",
    left: "",
    carried: "b = 2 # mine\n\n[f]\ng = 1\ni = 3\n# f\n# h\nh = 2 # two\n\n[t]\nd = 4\n",
  },
  {
    name: "puts the comment behind what is there already behind it, or above where another one is there",
    given: "[p.x]\nb = 2 # two\nc = 3 # three\nd = 4 # four\n[p.x.f]\ng = 1 # one\ng1 = 1\n",
    into: "b = 2\nc = 3 # drei\nd = 4 # four\n[f]\n  g = 1\n",
    left: "",
    carried: "b = 2 # two\n# three\nc = 3 # drei\nd = 4 # four\n[f]\n  g = 1 # one\ng1 = 1\n",
  },
  {
    name: "puts the comment behind what an inline table or headers hold already above them",
    given: "[p.x]\nh = [{ i = 1 }] # list\n[p.x.f]\ng = 1 # one\n",
    into: "f = { g = 1 }\n[[h]]\ni = 1\n",
    left: "",
    carried: "# one\nf = { g = 1 }\n# list\n[[h]]\ni = 1\n",
  },
  {
    name: "joins an inline table that is there",
    given: "[p.x.f]\ng = 1\n[p.x.f.i]\nj = 2\n",
    into: "f = { i = { k = 1 } }\n",
    left: "",
    carried: "f = { i = { k = 1, j = 2 }, g = 1 }\n",
  },
  {
    name: "joins a table that only dotted keys make, comments and tables without keys included",
    given: "# f\n[p.x.f] # o\n# g\ng = 1 # one\n[p.x.f.i] # i\n# last\n",
    into: "f.h = 1\n\n[t]\nd = 4\n",
    left: "",
    carried: "f.h = 1\n# f\n# o\n# g\nf.g = 1 # one\nf.i = {} # i\n# last\n\n[t]\nd = 4\n",
  },
  {
    name: "puts comments above the line of an inline table that it joins",
    given: "# f\n[p.x.f]\ng = 1 # one\n# last\n",
    into: "# mine\nf = { h = 1 }\n",
    left: "",
    carried: "# mine\n# f\n# one\n# last\nf = { h = 1, g = 1 }\n",
  },
  {
    name: "keeps the line ends of a text over several lines that joins an inline table",
    given: '[p.x.f]\r\ng = """\r\none"""\r\n',
    into: "f = {}\r\n",
    left: "",
    carried: 'f = { g = """\r\none""" }\r\n',
  },
  {
    name: "leaves a comment that is not about the next header apart from it",
    given: "a = 1\n# a\n\n[p.x]\n[t]\nd = 4\n",
    left: "a = 1\n# a\n\n[t]\nd = 4\n",
    carried: "",
  },
  {
    name: "goes from several places, the last of them at an end without a line end",
    given: "[p.x]\n\n\n# f\n[p.x.f]",
    left: "",
    carried: "# f\n[f]\n",
  },
];

describe("a table that is carried elsewhere", () => {
  test.each(rows)("$name", ({ left, carried, ...row }) => {
    expect(carry(row)).toEqual({ left, carried });
  });

  test.each([
    ["b = 3\n", "b"],
    ["[f]\ng = 2\n", "f.g"],
    ["f = 1\n", "f"],
    ["[b]\ng = 1\n", "b"],
  ])("does not join %j, which holds something else", (into, key) => {
    expect(() => carry({ given: "[p.x]\nb = 2\n[p.x.f]\ng = 1\n", into })).toThrow(
      expect.objectContaining({ code: "would-overwrite", message: `${key} is there already with another value` }),
    );
  });

  test("means what it meant, for any keys in any of the forms", () => {
    const form = fc.constantFrom(
      (k: string) => `[p.x]\n${k} = 1 # one\n`,
      (k: string) => `[p.x.${k}]\na = 1\n# tail\n`,
      (k: string) => `[p]\nx = { ${k} = { b = 1 } }\n`,
      (k: string) => `p.x.${k}.c = 1\n`,
      (k: string) => `# above\n[[p.x.${k}]]\nd = 1\n`,
    );
    const word = fc.constantFrom("k", "l", '"a b"', "m.n");
    fc.assert(
      fc.property(
        form,
        word,
        fc.constantFrom("", "\ufeff", "z = 1\n", "# only\n"),
        fc.boolean(),
        (make, key, top, crlf) => {
          const given = `${top}${make(key)}`.replaceAll("\n", crlf ? "\r\n" : "\n");
          const { carried, left } = carry({ given, into: "t = 1\n" });
          expect(parseDocument(carried, "").data).toEqual({ ...parseDocument(given, "").table(["p", "x"]), t: 1n });
          expect(parseDocument(left, "").get(["p", "x"])).toBeUndefined();
          const comments = (text: string) => text.match(/#[^\r\n]*/g)?.sort() ?? [];
          expect([...comments(left), ...comments(carried)].sort()).toEqual(comments(given));
        },
      ),
    );
  });
});

describe("a whole text that is carried into a table", () => {
  const into = (text: string, given = "a = 1\n") =>
    parseDocument(given, "").edit([{ op: "put", path: ["p", "x"], fragment: parseDocument(text, "").fragment([]) }])
      .text;

  test.each([
    ["keys and tables", "# why\nb = 2\n\n[f]\ng = 1\n", "a = 1\n\n[p.x]\n# why\nb = 2\n\n[p.x.f]\ng = 1\n"],
    ["tables alone", "# f\n[f]\ng = 1\n", "a = 1\n\n# f\n[p.x.f]\ng = 1\n"],
    ["arrays of tables", "[[f]]\ng = 1\n", "a = 1\n\n[[p.x.f]]\ng = 1\n"],
    ["comments alone", "# nothing\n", "a = 1\n\n[p.x]\n# nothing\n"],
    ["nothing", "", "a = 1\n\n[p.x]\n"],
    ["a BOM and CRLF", "\ufeffb = 2\r\n", "a = 1\n\n[p.x]\nb = 2\n"],
  ])("%s", (_, text, expected) => {
    expect(into(text)).toBe(expected);
  });

  test("joins the table that is there", () => {
    expect(into("b = 2\n[f]\nh = 1\n", "[p.x]\nc = 3\n[p.x.f]\ng = 1\n")).toBe(
      "[p.x]\nc = 3\nb = 2\n[p.x.f]\ng = 1\nh = 1\n",
    );
  });
});
