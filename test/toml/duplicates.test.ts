/** Texts that say something twice: what becomes of them, and that nothing is lost on the way. */
import { describe, expect, test } from "vitest";
import { parseDocument } from "../../src/toml/document.ts";
import { fixDuplicates } from "../../src/toml/duplicates.ts";

type Case = { name: string; given: string; expect: string; first: number; second: number; differs?: true };

const CASES: readonly Case[] = [
  {
    name: "a second header joins the first, and of two values the later one counts",
    given: '[m.x]\ncommand = "a" # mine\n\n[other]\nz = 1\n\n# added\n[m.x]\ncommand = "b"\nargs = []\n',
    expect: '[m.x]\n# command = "a" # mine\n# added\ncommand = "b"\nargs = []\n\n[other]\nz = 1\n\n',
    first: 1,
    second: 8,
    differs: true,
  },
  {
    name: "a table that was appended once more as it is goes",
    given: "a = 1\n[m.x]\nk = 1\n\n[m.x]\nk = 1\n",
    expect: "a = 1\n[m.x]\nk = 1\n\n",
    first: 2,
    second: 5,
  },
  {
    name: "a key of the root said twice",
    given: 'model = "a"\nmodel = "b"\n',
    expect: '# model = "a"\nmodel = "b"\n',
    first: 1,
    second: 2,
    differs: true,
  },
  {
    name: "an inline table before a header of that name",
    given: '[m.x]\nenv = {\n  A = "1"\n}\n\n[m.x.env]\nA = "2"\n',
    expect: '[m.x]\n# env = {\n#   A = "1"\n# }\n\n[m.x.env]\nA = "2"\n',
    first: 2,
    second: 6,
    differs: true,
  },
  {
    name: "a header before an inline table of that name",
    given: '[m.x.env]\nA = "2"\n\n[m.x]\nenv = { A = "1" }\n',
    expect: '# [m.x.env]\n# A = "2"\n\n[m.x]\nenv = { A = "1" }\n',
    first: 1,
    second: 5,
    differs: true,
  },
  {
    name: "a table below an element of an array of tables",
    given: "[[h]]\na = 1\n[[h]]\na = 1\n[h.b]\nc = 1\n[h.b]\nd = 1",
    expect: "[[h]]\na = 1\n[[h]]\na = 1\n[h.b]\nc = 1\nd = 1\n",
    first: 5,
    second: 7,
  },
  {
    name: "line ends and a BOM stay",
    given: "\ufeffa = 1\r\na = 2\r\n[t]\r\nb = 1\r\n[t]\r\nc = 1\r\n",
    expect: "\ufeff# a = 1\r\na = 2\r\n[t]\r\nb = 1\r\nc = 1\r\n",
    first: 1,
    second: 2,
    differs: true,
  },
  {
    name: "a quoted and a bare spelling are one key",
    given: "[projects.\"/a\"]\nx = 1\n[ projects . '/a' ]\ny = 1\n",
    expect: '[projects."/a"]\nx = 1\ny = 1\n',
    first: 1,
    second: 3,
  },
  {
    name: "comments beside what goes stay",
    given: "[t]\na = 1 # one\n[t] # again\na = 1 # uno\n",
    expect: "[t]\n# a = 1 # one\n# [t] # again\na = 1 # uno\n",
    first: 1,
    second: 3,
  },
  {
    name: "comments above what goes go along, and leave the next table alone",
    given: "[m]\na = 1\n# about second\n[m]\nb = 1\n\n# about third\n[m]\nc = 1\n[tui]\n",
    expect: "[m]\na = 1\n# about second\nb = 1\n# about third\nc = 1\n\n[tui]\n",
    first: 1,
    second: 4,
  },
];

describe("a text that says something twice", () => {
  test.each(CASES)("$name", ({ differs = false, given, expect: wanted, first, second }) => {
    const fixed = fixDuplicates(given);
    expect(fixed?.text).toBe(wanted);
    expect(fixed).toMatchObject({ differs, duplicate: { first, second } });
    expect(fixDuplicates(wanted)).toBeNull();
    expect(() => parseDocument(wanted, "")).not.toThrow();
  });
});

test.each([
  ["a text that parses", "a = 1\n[t]\na = 1\n"],
  ["a text with another fault", "a = \n"],
  ["a duplicate beside another fault", "a = 1\na = 2\nb = \n"],
  ["a table that dotted keys made already", "t.a = 1\n[t]\nb = 1\n"],
  ["a table below an inline table", "t = { a = 1 }\n[t.b]\nc = 1\n"],
  ["an array of tables beside a table of that name", "[t]\na = 1\n[[t]]\nb = 1\n"],
  ["nothing", ""],
])("leaves %s alone", (_, text) => {
  expect(fixDuplicates(text)).toBeNull();
});
