import { applyPatch, createTwoFilesPatch } from "diff";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffOf } from "../../src/plan/diff.ts";

const diff = (before: string | null, after: string | null) =>
  diffOf([{ file: "config", before, after }])[0]?.text ?? "";

/** A config with so many servers, each with lines that stand nowhere else. */
const servers = (count: number, lineOf: (i: number) => string) =>
  Array.from(
    { length: count },
    (_, i) => `[mcp_servers.s${i}]\ncommand = "c${i}"\nargs = ["${i}",\n["${i}"]]\n${lineOf(i)}\n`,
  ).join("");

describe("a diff of many tables", () => {
  const gapped = (i: number) => `startup_timeout_sec = ${i}\n\n[projects."/srv/${i}"]\ntrust_level = "trusted"\n`;
  const before = servers(40, gapped);
  const cases: readonly (readonly [claim: string, after: string])[] = [
    ["changed in each", servers(40, (i) => `enabled = false\n${gapped(i)}`)],
    ["changed in some", servers(40, (i) => (i % 7 === 0 ? `enabled = false\n${gapped(i)}` : gapped(i)))],
    ["with lines gone", before.replaceAll(/^startup_timeout_sec = .*[3-5]\n/gm, "")],
    ["with a table gone and another at the end", `${before.replace(/\[mcp_servers\.s7\].*?\n\n/s, "")}[history]\n`],
    ["with one renamed", before.replace("[mcp_servers.s7]", "[mcp_servers.renamed]")],
    ["without the last line end", before.trimEnd()],
    ["with keys before the first header", `model = "gpt-5.5"\n${before}`],
  ];
  test.each(cases)("%s is what a diff of the whole gives", (_, after) => {
    const whole = createTwoFilesPatch("a/config.toml", "b/config.toml", before, after, undefined, undefined, {
      context: 3,
    });
    expect(diff(before, after)).toBe(whole.slice(whole.indexOf("\n") + 1));
  });
});

describe("a diff of the elements of an array of tables", () => {
  test("tells the one that went from the one that came", () => {
    const hooks = (...names: string[]) =>
      names.map((name) => `[[hooks.stop]]\ncommand = "${name}"\nargs = ["${name}"]\ncwd = "/${name}"\n\n`).join("");
    const text = diff(hooks("one", "two", "three", "four"), hooks("two", "three", "four", "five"));
    expect(text.match(/^[-+]command.*/gm)).toEqual(['-command = "one"', '+command = "five"']);
  });
});

describe("any diff", () => {
  const line = fc.constantFrom("[a]", "[b.c]", "[[d]]", "[[d]]", "x = 1", "y = 2", "# z", "");
  const text = fc
    .tuple(fc.array(line, { maxLength: 25 }), fc.boolean())
    .map(([lines, ended]) => lines.join("\n") + (ended && lines.length > 0 ? "\n" : ""));

  test("makes the new text of the old one", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(applyPatch(before, diff(before, after))).toBe(after);
      }),
      { numRuns: 2000 },
    );
  });
});
