/**
 * A large text is read stretch by stretch. That says "valid" of nothing that reading it as a whole would refuse, and of
 * what people have it does say so.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { documentOf, parseDocument } from "../../src/toml/document.ts";
import { isValidByStretches } from "../../src/toml/large.ts";
import { Source } from "../../src/toml/source.ts";

/** With stretches so short that nearly every section is one of its own. */
const isValid = (text: string) => isValidByStretches({ source: new Source(text) }, 40);

const SECTIONS = [
  ...["a", "b", "a.b", "a.c", "a.b.c", '"a.b"', "c"].map((name) => `[${name}]\n`),
  ...["a", "a.b", "l"].map((name) => `[[${name}]]\n`),
  "[l.x]\n",
  "[bad\n",
];
const KEYS = [
  "x = 1\n",
  "b.d = 1\n",
  "c = 1\n",
  "b = { c = 1 }\n",
  'y = """\n[a]\n"""\n',
  "z = [\n  1,\n]\n",
  "? = 1\n",
];
const ROOTS = ["", "a.b.c = 1\n", "c = {}\n", "l = []\n", "x = 1\n", "\ufeffx = 1\n"];

test("no text is taken for valid that is not", () => {
  const section = fc
    .tuple(fc.constantFrom(...SECTIONS), fc.uniqueArray(fc.constantFrom(...KEYS), { maxLength: 2 }))
    .map(([header, keys]) => `${header}${keys.join("")}\n`);
  const texts = fc
    .tuple(fc.constantFrom(...ROOTS), fc.array(section, { maxLength: 6 }))
    .map(([root, sections]) => root + sections.join(""));
  const seen = { valid: 0, invalid: 0 };
  fc.assert(
    fc.property(texts, (text) => {
      const whole = documentOf(text) !== null;
      seen[whole ? "valid" : "invalid"]++;
      return whole || !isValid(text);
    }),
    { numRuns: 20_000, seed: 11 },
  );
  expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(2000);
});

test.each<[string, string]>([
  ["tables that have nothing to do with each other", "x = 1\n[a]\ny = 1\n\n[b]\nz = 1\n\n[c.d]\nx = 1\n"],
  ["a table, its own ones and one beside", "[a]\nx = 1\n\n[b]\nx = 1\n\n[a.c]\nx = 1\n\n[a.c.d]\nx = 1\n"],
  ["values over many lines", 'x = """\n[a]\n"""\n\n[b]\ny = [\n  1, # one\n]\n\n[c]\nx = 1\n'],
])("%s are valid", (_, text) => {
  expect(isValid(text)).toBe(true);
});

test.each<[string, string]>([
  ["a table that comes a second time", "[a]\nx = 1\n\n[b]\nx = 1\n\n[a]\ny = 1\n"],
  ["a header below a key", "[a]\nb = 1\n\n[c]\nx = 1\nyyyyyyyyyyyyyyy = 1\n\n[a.b]\nx = 1\n"],
  ["a header below a dotted root key", "a.b = 1\n[c]\nx = 1\nyyyyyyyyyyyyyyyyyyyyyyyyyy = 1\n\n[a]\nx = 1\n"],
  ["a list below a table of that name", "[a.b]\nx = 1\n\n[c]\nyyyyyyyyyyyyyyyyyyyyyyyyyyy = 1\n\n[[a]]\nx = 1\n"],
])("%s is not", (_, text) => {
  expect(isValid(text)).toBe(false);
  expect(documentOf(text)).toBe(null);
});

test("where one table would be read again and again, the whole is read", () => {
  const owner = `[a]\n${Array.from({ length: 40 }, (_, i) => `key_${i} = 1\n`).join("")}`;
  const below = (count: number) =>
    Array.from({ length: count }, (_, i) => `\n[a.s${i}]\nx = "${"y".repeat(40)}"\n`).join("");
  expect([isValid(owner + below(2)), isValid(owner + below(60))]).toEqual([true, false]);
});

test("lists of tables are left to a reading of the whole", () => {
  expect(isValid("[[a]]\nx = 1\n\n[[a]]\nx = 1\n")).toBe(false);
});

test("a document of two megabytes reads, edits and tells its faults like any other", () => {
  const server = (i: number) => `[mcp_servers.s${i}]\ncommand = "npx" # pinned\nargs = ["-y"]\n\n`;
  const text = `model = "x"\n\n${Array.from({ length: 40_000 }, (_, i) => server(i)).join("")}`;
  expect(text.length).toBeGreaterThan(2_000_000);
  const doc = parseDocument(text, "config.toml");
  expect(doc.get(["mcp_servers", "s39999", "command"])).toBe("npx");
  const edited = doc.edit([{ kind: "set", path: ["mcp_servers", "s20000", "enabled"], value: false }]);
  expect(edited.text).toBe(text.replace(server(20_000), server(20_000).replace("\n\n", "\nenabled = false\n\n")));
  expect(edited.edit([{ kind: "unset", path: ["mcp_servers", "s20000", "enabled"] }]).text).toBe(text);
  const line = text.split("\n").length;
  expect(() => parseDocument(`${text}[mcp_servers.s7]\n`, "config.toml")).toThrow(
    expect.objectContaining({ code: "invalid-toml", line }),
  );
});
