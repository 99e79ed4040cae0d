/** How lines look in a terminal and out of one. */
import { describe, expect, test } from "vitest";
import { Output } from "../../src/cli/output.ts";
import { memoryHost } from "../memory-host.ts";

function printed(talk: (output: Output) => void, { columns = 80, tty = true, color = "never" as const } = {}): string {
  const host = memoryHost();
  Object.assign(host.terminal, { columns, outIsTty: tty });
  talk(new Output(host, { color }));
  return host.printed.out;
}

describe("a row", () => {
  const row = (text: string, columns: number, tty = true) =>
    printed((output) => output.row("label", text), { columns, tty });

  test("that just fits into the terminal is one line, and one letter more is folded under its text", () => {
    expect(row("abcd efgh", 19)).toBe("label     abcd efgh\n");
    expect(row("abcd efghi", 19)).toBe("label     abcd\n          efghi\n");
  });

  test("has a long word on a line of its own, whole", () => {
    expect(row("a bcdefghijkl m", 14)).toBe("label     a\n          bcdefghijkl\n          m\n");
  });

  test("is one line out of a terminal", () => {
    expect(row("abcd efgh ijkl", 12, false)).toBe("label     abcd efgh ijkl\n");
  });
});

test("what a terminal could trip over is shown and not done", () => {
  expect(printed((output) => output.data("a\u001b[31mb"))).not.toContain("\u001b");
});
