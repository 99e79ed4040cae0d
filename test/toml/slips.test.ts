/** Texts that do not parse: what they are read as, which slips are named, and that nothing else is touched. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectsOf } from "../../src/codex/expected.ts";
import { loadSchema } from "../../src/codex/load-schema.ts";
import { documentOf, parseDocument } from "../../src/toml/document.ts";
import { corrected, readTolerantly } from "../../src/toml/slips/read-tolerantly.ts";
import { document } from "../faults/documents.ts";

const expects = expectsOf(await loadSchema(), "0.169.0");

/** What the first reading of each slip makes of a text. */
function fixed(text: string, pick = 0): { readonly kinds: string[]; readonly text: string; readonly isSure: boolean } {
  const { slips } = readTolerantly(text, expects);
  const readings = slips.map(({ isSure, readings }) => readings[isSure ? 0 : Math.min(pick, readings.length - 1)]);
  return {
    kinds: slips.map(({ kind }) => kind),
    isSure: slips.every(({ isSure }) => isSure),
    text: corrected(
      text,
      readings.flatMap((reading) => reading?.splices ?? []),
      readings.flatMap((reading) => reading?.joins ?? []),
    ),
  };
}

type Case = readonly [kind: string, given: string, expect: string];

/** Each kind with one reading, among lines that are in order. */
const SURE: readonly Case[] = [
  ["backslash", 'log_dir = "C:\\Udata\\me"', "log_dir = 'C:\\Udata\\me'"],
  ["backslash", 'log_dir = "C:\\temp\\Users\\"', "log_dir = 'C:\\temp\\Users\\'"],
  ["backslash", 'log_dir = "\\\\nas\\share"', "log_dir = '\\\\nas\\share'"],
  ["backslash", 'log_dir = "C:\\\\Udata\\me"', 'log_dir = "C:\\\\Udata\\\\me"'],
  ["backslash", 'log_dir = "C:\\Udata\\it\'s"', 'log_dir = "C:\\\\Udata\\\\it\'s"'],
  ["backslash", 'notify = ["C:\\Udata\\a", "C:\\x"]', "notify = ['C:\\Udata\\a', 'C:\\x']"],
  ["typographic-quote", "model = \u201cgpt\u201d", 'model = "gpt"'],
  ["typographic-quote", "model = `gpt`", 'model = "gpt"'],
  ["typographic-quote", 'model = "gpt\u201d', 'model = "gpt"'],
  ["bare-word", "model = gpt-5.5 # fast", 'model = "gpt-5.5" # fast'],
  ["bare-word", "notify = [sh, -c]", 'notify = ["sh", "-c"]'],
  ["bare-word", "model_reasoning_summary = None", 'model_reasoning_summary = "none"'],
  ["boolean-case", "hide_agent_reasoning = True", "hide_agent_reasoning = true"],
  ["boolean-case", "hide_agent_reasoning = no", "hide_agent_reasoning = false"],
  ["no-value", "model = null # none", "# model = null # none"],
  ["colon", 'model: "gpt"', 'model = "gpt"'],
  ["colon", 'model := "gpt"', 'model = "gpt"'],
  ["missing-equals", 'model "gpt"', 'model = "gpt"'],
  ["extra-equals", 'model == "gpt"', 'model = "gpt"'],
  ["trailing-comma", 'model = "gpt",', 'model = "gpt"'],
  ["missing-comma", 'notify = ["a" "b"]', 'notify = ["a", "b"]'],
  ["extra-comma", 'notify = ["a",, "b"]', 'notify = ["a", "b"]'],
  ["unclosed-string", 'model = "gpt', 'model = "gpt"'],
  ["unclosed-string", 'notify = ["a, "b"]', 'notify = ["a", "b"]'],
  ["unclosed-string", 'developer_instructions = "one\ntwo"', 'developer_instructions = """one\ntwo"""'],
  ["missing-quote", 'model = gpt"', 'model = "gpt"'],
  ["inner-quote", 'model = "say "hi" now"', "model = 'say \"hi\" now'"],
  ["inner-quote", 'model = ""gpt""', 'model = "gpt"'],
  ["unclosed-array", 'notify = ["a", "b" # x', 'notify = ["a", "b"] # x'],
  ["unclosed-table", 'tui = { theme = "x"', 'tui = { theme = "x" }'],
  ["missing-brackets", 'notify = ("a", "b")', 'notify = ["a", "b"]'],
  ["missing-brackets", 'notify = "a", "b"', 'notify = ["a", "b"]'],
  ["foreign-comment", "// note", "# // note"],
  ["foreign-comment", 'model = "gpt" // note', 'model = "gpt" # // note'],
  ["fence", "```toml", "# ```toml"],
  ["stray-bracket", 'model = "gpt"]', 'model = "gpt"'],
  ["number", "model_context_window = 200,000", "model_context_window = 200000"],
  ["two-on-a-line", 'model = "gpt" web_search = "live"', 'model = "gpt"\nweb_search = "live"'],
  ["carriage-return", 'model = "gpt"\rweb_search = "live"', 'model = "gpt"\nweb_search = "live"'],
  ["invisible", 'mo\u200bdel = "gpt"', 'model = "gpt"'],
  ["invisible", 'model\u00a0= "gpt"', 'model = "gpt"'],
  ["invisible", '\ufeffmodel = "gpt"', 'model = "gpt"'],
  ["nul", "\0\0\0", ""],
  ["key-characters", "modèle = 1", '"modèle" = 1'],
  ["missing-value", 'notify =\n  ["a"]', 'notify = ["a"]'],
  ["json", '{ "model": "gpt", "notify": ["a"], }', ' "model" = "gpt"\n"notify" = ["a"] '],
];

const HEADERS: readonly Case[] = [
  ["unclosed-header", '[mcp_servers.a\ncommand = "x"', '[mcp_servers.a]\ncommand = "x"'],
  ["unclosed-header", '[[mcp_servers.a]\ncommand = "x"', '[mcp_servers.a]\ncommand = "x"'],
  ["unclosed-header", '[[skills.config]\npath = "/x"', '[[skills.config]]\npath = "/x"'],
  ["unclosed-header", 'mcp_servers.a]\ncommand = "x"', '[mcp_servers.a]\ncommand = "x"'],
  ["comment-in-header", '[mcp_servers.a # mine]\ncommand = "x"', '[mcp_servers.a] # mine\ncommand = "x"'],
  ["text-behind", '[mcp_servers.a] mine\ncommand = "x"', '[mcp_servers.a] # mine\ncommand = "x"'],
  ["key-characters", "[mcp_servers.my server]\ncommand = 'x'", "[mcp_servers.\"my server\"]\ncommand = 'x'"],
  ["backslash", '[projects."C:\\Users"]\ntrust_level = "trusted"', "[projects.'C:\\Users']\ntrust_level = \"trusted\""],
  ["colon", '[mcp_servers.a]\ncommand = "x"\nenv = {"A": "b"}', '[mcp_servers.a]\ncommand = "x"\nenv = {"A" = "b"}'],
  [
    "json",
    '[mcp_servers.a]\ncommand = "x"\n"mcpServers": {\n  "b": { "command": "y" }\n}',
    '[mcp_servers.a]\ncommand = "x"\n[mcpServers]\n  "b" = { "command" = "y" }\n',
  ],
];

const TWICE: readonly Case[] = [
  [
    "a header twice",
    "[tui]\na = 1\n[x]\n# on\n[tui] # again\nb = 2\n",
    "[tui]\na = 1\n# on\n# [tui] # again\nb = 2\n[x]\n",
  ],
  ["one that says the same", "[tui]\na = 1\n\n[tui]\na = 1\n", "[tui]\na = 1\n\n"],
  ["halves in braces", "tui = { a = 1 }\ntui = { b = 2, a = 1 }\n", "tui = { a = 1, b = 2 }\n"],
  ["braces and header", "tui = { a = 1 } # one\n[tui]\nb = 2\n", "[tui]\n# one\na = 1\nb = 2\n"],
  [
    "braces and a header below",
    "mcp_servers = { a = { x = 1 } }\n[mcp_servers.b]\ny = 2\n",
    "[mcp_servers]\na = { x = 1 }\n\n[mcp_servers.b]\ny = 2\n",
  ],
  ["header and braces", "[a.b]\nx = 1\n[a]\nb = { y = 2 }\n", "[a.b]\ny = 2\nx = 1\n[a]\n"],
  [
    "a dotted key and a header",
    "# mine\nfeatures.goals = true # on\n[features]\napps = true\n",
    "[features]\n# mine\ngoals = true # on\napps = true\n",
  ],
  ["a value where a table belongs", "tui = true\n[tui]\na = 1\n", "# tui = true\n[tui]\na = 1\n"],
  ["a table where a value belongs", 'model = "x"\n[model]\na = 1\n', 'model = "x"\n# [model]\n# a = 1\n'],
  ["a list and a table", "[mcp_servers.a]\nx = 1\n[[mcp_servers.a]]\ny = 2\n", "[mcp_servers.a]\nx = 1\ny = 2\n"],
  [
    "a list of what has names",
    '[mcp_servers.a]\nx = 1\n[[mcp_servers]]\nname = "b"\n',
    '[mcp_servers.a]\nx = 1\n[mcp_servers.b]\nname = "b"\n',
  ],
  [
    "a table where a list belongs",
    "[[skills.config]]\nx = 1\n[skills.config]\nx = 2\n",
    "[[skills.config]]\nx = 1\n[[skills.config]]\nx = 2\n",
  ],
];

/** What has several readings, each with the text that it makes. */
const UNSURE: readonly (readonly [name: string, given: string, ...expected: string[]])[] = [
  [
    "conflict marks",
    "<<<<<<< a\nx = 1\n||||||| o\nx = 0\n=======\nx = 2\n>>>>>>> b\ny = 3\n",
    "x = 1\ny = 3\n",
    "x = 2\ny = 3\n",
  ],
  ["a text of several words before a comment", 'model = "a b # c\n', 'model = "a b" # c\n', 'model = "a b # c"\n'],
  ["two values of a key", "x = 1\nx = 2\n", "x = 1\n# x = 2\n", "# x = 1\nx = 2\n"],
  [
    "two tables with a value each",
    "[t]\nx = 1\n[u]\n[t]\nx = 2\n",
    "[t]\nx = 1\n[u]\n# [t]\n# x = 2\n",
    "# [t]\n# x = 1\n[u]\n[t]\nx = 2\n",
  ],
  ["yes for nobody knows what", "x = yes\n", "x = true\n", 'x = "yes"\n'],
  ["a line of prose", "x = 1\nhello there\n", "x = 1\n# hello there\n"],
  ["a key without a value", "model =\nx = 1\n", "# model =\nx = 1\n"],
  ["a file of nothing but NUL", "\0\0\0", ""],
];

describe.each([
  ["", "\n"],
  ["\ufeff", "\r\n"],
])("among lines that are in order, with %j in front and %j between", (bom, eol) => {
  const around = (text: string) =>
    `${bom}${`# mine\nfile_opener = "vscode"\n${text}\npersonality = "friendly" # yes\n\n[history]\nmax_bytes = 1\n`.replace(/\n/g, eol)}`;

  test.each(SURE)("%s: %j", (kind, given, wanted) => {
    const made = fixed(around(given));
    expect(made).toEqual({ kinds: [kind], isSure: true, text: around(wanted) });
    expect(documentOf(made.text)).not.toBeNull();
    expect(fixed(made.text)).toEqual({ kinds: [], isSure: true, text: made.text });
  });

  test.each(HEADERS)("%s: %j", (kind, given, wanted) => {
    const below = (text: string) =>
      `${bom}${`model = "x"\n\n# here\n${text}\n\n[history]\nmax_bytes = 1\n`.replace(/\n/g, eol)}`;
    const made = fixed(below(given));
    expect(made).toEqual({ kinds: [kind], isSure: true, text: below(wanted) });
    expect(fixed(made.text).kinds).toEqual([]);
  });
});

test.each(TWICE)("defined twice: %s", (_, given, wanted) => {
  const made = fixed(given);
  expect(made.text).toBe(wanted);
  expect([made.isSure, ...new Set(made.kinds)]).toEqual([true, "defined-twice"]);
  expect(fixed(wanted).kinds).toEqual([]);
});

test.each(UNSURE)("a person's to decide: %s", (_, given, ...wanted) => {
  const { slips } = readTolerantly(given, expects);
  expect(slips.map(({ isSure }) => isSure)).toContain(false);
  expect(wanted.map((_, pick) => fixed(given, pick).text)).toEqual(wanted);
});

test.each([
  ["in a key", "model = 1\n[tui]\nani", "model = 1\n[tui]\n# ani"],
  ["in a string", 'model = 1\nnotify = "a b', 'model = 1\n# notify = "a b'],
  ["in a list of several lines", 'notify = [\n  "a",\n  "b', '# notify = [\n#   "a",\n#   "b'],
  ["in a header", "model = 1\n[mcp_ser", "model = 1\n# [mcp_ser"],
  [
    "in a text of several lines",
    'x = 1\ndeveloper_instructions = """\na\n\nb',
    'x = 1\n# developer_instructions = """\n# a\n\n# b',
  ],
])("a text that is cut off %s keeps its tail as a comment", (_, given, wanted) => {
  expect(fixed(given)).toEqual({ kinds: ["cut-off"], isSure: true, text: wanted });
});

test("several slips of one file are all named, in their order, and all of them are corrected", () => {
  const given =
    'model: gpt,\nnotify = ["a" "b"\n[tui\ntheme = \u201cx\u201d\nanimations = True\n[tui]\nshow_tooltips = false\n';
  expect(fixed(given)).toEqual({
    kinds: [
      "colon",
      "bare-word",
      "trailing-comma",
      "missing-comma",
      "unclosed-array",
      "unclosed-header",
      "typographic-quote",
      "boolean-case",
      "defined-twice",
    ],
    isSure: true,
    text: 'model = "gpt"\nnotify = ["a", "b"]\n[tui]\ntheme = "x"\nanimations = true\nshow_tooltips = false\n',
  });
});

describe("what cannot be read is passed over", () => {
  test("up to the next key, and the rest stands where it stood", () => {
    const { document, slips } = readTolerantly("a = 1\nhello there\n  and more\nb = 2\n[t]\nc = 3\n");
    expect(document.data).toEqual({ a: 1n, b: 2n, t: { c: 3n } });
    expect(slips).toMatchObject([{ start: 6, end: 29, isSure: false }]);
    expect(document.position(document.range(["t", "c"])?.start ?? 0)).toEqual({ line: 6, column: 5 });
  });

  test("with all that stands below a header, which would belong to another table", () => {
    const { document } = readTolerantly("[a]\nb = 1\n[]\nc = 2\n[d]\ne = 3\n");
    expect(document.data).toEqual({ a: { b: 1n }, d: { e: 3n } });
  });

  test("places are those of the text as it is, behind what was put in or moved", () => {
    const { document } = readTolerantly("features.goals = true\nmodel = gpt\n\n[features]\napps = true\n[x]\ny = 1\n");
    const lineOf = (...path: string[]) => document.position(document.range(path)?.start ?? 0).line;
    expect([lineOf("features", "goals"), lineOf("features", "apps"), lineOf("x", "y")]).toEqual([1, 5, 7]);
  });
});

test("a text that parses has no slips and is read as it is", () => {
  fc.assert(
    fc.property(document, (text) => {
      const read = readTolerantly(text);
      expect(read.slips).toEqual([]);
      expect(read.document.text).toBe(text);
    }),
    { numRuns: 200 },
  );
});

test("whatever is put into a text, it is read without an error, and the readings make a text that parses", () => {
  const junk = fc.constantFrom(
    '"',
    "'",
    '"""',
    "[",
    "]",
    "{",
    "}",
    "=",
    ":",
    ",",
    "#",
    "\n",
    "\r",
    "\0",
    "\\",
    "\ufeff",
    " ",
    "x",
    "<<<<<<< a\n",
    "=======\n",
    "//",
    "\u201c",
  );
  fc.assert(
    fc.property(document, fc.nat(), fc.array(junk, { minLength: 1, maxLength: 3 }), (text, at, put) => {
      const place = at % (text.length + 1);
      const given = text.slice(0, place) + put.join("") + text.slice(place);
      const { document: read, slips } = readTolerantly(given);
      expect(() => parseDocument(read.text, "")).not.toThrow();
      expect(slips.length > 0).toBe(documentOf(given) === null);
      if (slips.every(({ isSure }) => isSure)) expect(documentOf(fixed(given).text)).not.toBeNull();
    }),
    { numRuns: 300 },
  );
});
