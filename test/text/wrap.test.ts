/** Text that fits a terminal, and is still the same text. */
import { describe, expect, test } from "vitest";
import { type Part, wrap, wrapLines } from "../../src/text/wrap.ts";

describe("a text is broken", () => {
  test.each<[name: string, parts: Part | readonly Part[], width: number, lines: readonly string[]]>([
    ["between words, where it is too long", "ab cd ef", 5, ["ab cd", "  ef"]],
    ["not where it just fits", "ab cd ef", 8, ["ab cd ef"]],
    ["never within a word", "a bcdefghij k", 4, ["a", "  bcdefghij", "  k"]],
    ["in a command so that a shell takes it as one", { command: "x ab cd ef" }, 6, ["x ab \\", "  cd \\", "  ef"]],
    ["not within quotes of a command", { command: "x 'a b c' d" }, 9, ["x \\", "  'a b c' \\", "  d"]],
    ["before a command without a backslash", ["see:", { command: "x y" }], 5, ["see:", "  x y"]],
    ["not at all where it is empty", "", 5, [""]],
  ])("%s", (_, parts, width, lines) => {
    expect(wrap(parts, width, "  ")).toEqual(lines);
  });

  test("line by line, further in than the line began", () => {
    expect(wrapLines("ab cd\n  ef gh ij\n\n  codex-cfg a b", 9)).toBe(
      "ab cd\n  ef gh\n    ij\n\n  codex-cfg \\\n    a b",
    );
  });

  test("and is the same text again when its lines are joined", () => {
    const text = "the quick brown fox jumps over the lazy dog";
    for (let width = 3; width < 50; width++) expect(wrap(text, width).join(" ")).toBe(text);
  });
});
