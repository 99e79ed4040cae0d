import { expect, test } from "vitest";
import { commentAt, commentsInside, uncommented } from "../../src/redact/comments.ts";
import { scanEntry } from "../../src/toml/scan.ts";

test("a comment goes to the end of its line, without blanks", () => {
  const text = "a # b  \r\nc";
  const { end, start } = commentAt(text, 2);
  expect(text.slice(start, end)).toBe("# b");
});

test("the words of comments stay in their places", () => {
  const text = "## a\n  #b\n";
  const parts = [commentAt(text, 0), commentAt(text, 7)];
  expect(uncommented(text, { parts, path: [], beside: false })).toBe("   a\n   b");
});

test("comments inside of values are found with what stands before them", () => {
  const text = 'a = [ # 1\n  "x", # 2\n  # 3\n  { b = [ # 4\n ] }, # 5\n "#6" ]';
  const { value } = scanEntry(text, 0, 0);
  const found = [...commentsInside(text, value, ["a"], true)].map(({ before, parts, path }) => [
    parts.map(({ end, start }) => text.slice(start, end)).join(),
    path.join("."),
    before,
  ]);
  expect(found).toEqual([
    ["# 1", "a", ""],
    ["# 2,# 3", "a", "x"],
    ["# 4", "a.b", ""],
    ["# 5", "a", ""],
  ]);
});
