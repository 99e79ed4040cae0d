import { describe, expect, test } from "vitest";
import { contentOf, secretsInString, secretsInValue } from "../../src/redact/values.ts";
import { scanEntry } from "../../src/toml/scan.ts";

describe("the content of a string", () => {
  test.each([
    ['"a"', "a"],
    ["'a\\n'", "a\\n"],
    ['"""\na"""', "a"],
    ["'''\r\na'''", "a"],
    [String.raw`"\x41\u00e9\U0001F600\tb\"c"`, 'A\u00e9\u{1f600}\tb"c'],
    [String.raw`\"a\"`, "a"],
    [String.raw`\"a\u0041\"`, String.raw`a\u0041`],
    ['"""\na\\u0041"""', "aA"],
    ["12", "12"],
  ])("%s", (spelling, expected) => {
    expect(contentOf(spelling, { start: 0, end: spelling.length }).text).toBe(expected);
  });

  test("is that of the value alone, whatever stands behind it", () => {
    expect(contentOf('12 "a"', { start: 0, end: 2 })).toMatchObject({ text: "12", isBare: true });
  });

  test("has each of its characters where it is spelled", () => {
    const spelling = String.raw`"a\tb\u00e9c\"d"`;
    const { placeOf, text } = contentOf(spelling, { start: 0, end: spelling.length });
    for (const letter of ["a", "b", "c", "d"]) expect(spelling[placeOf(text.indexOf(letter))]).toBe(letter);
    expect(placeOf(text.length)).toBe(spelling.length - 1);
  });
});

test("an item of a list is judged by the one before it, a list in a list by itself", () => {
  const text = 'a = ["--token", "x", ["y", "--key"], "z"]';
  const { value } = scanEntry(text, 0, 0);
  const hidden = (before?: string) => secretsInValue(text, value, ["a"], before).map(({ start }) => text[start]);
  expect(hidden()).toEqual(["x"]);
  expect(secretsInValue('["x"]', scanEntry('a=["x"]', 0, 0).value, ["a"], "--token")).toHaveLength(1);
});

test("a text is prose, another program's words, or a string", () => {
  const hidden = (kind: "string" | "comment" | "words") =>
    secretsInString("--token for sk-12345678", kind).map((found) => found.kind);
  expect([hidden("string"), hidden("comment"), hidden("words")]).toEqual([
    ["short key", "telling word", "flag --token"],
    ["short key", "telling word"],
    [],
  ]);
});

test("JSON in a text is judged as a config is: names that people chose are none of a secret", () => {
  const hidden = (text: string) => secretsInString(text).map(({ end, start }) => text.slice(start, end));
  expect(hidden('{"mcp_servers":{"token":{"command":"x","env":{"A":"y"}}}}')).toEqual(["y"]);
});
