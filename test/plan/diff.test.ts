import { applyPatch, createTwoFilesPatch } from "diff";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffOf } from "../../src/plan/diff.ts";
import { applySteps } from "../../src/plan/plan.ts";
import { Snapshot } from "../../src/plan/snapshot.ts";

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

test("a diff of a plan is that of its changes, from documents that the plan has parsed", () => {
  const files = new Snapshot((role) => (role === "config" ? servers(9, () => "") : null));
  const path = ["mcp_servers", "s4", "enabled"];
  const outcome = applySteps([[{ op: "set", file: "config", path, value: false }]], files);
  const text = diffOf(outcome.changes, outcome)[0]?.text;
  expect(text).toContain("+enabled = false\n");
  expect(text).toBe(diffOf(outcome.changes)[0]?.text);
});

describe("a diff of the elements of an array of tables", () => {
  test("tells the one that went from the one that came", () => {
    const hooks = (...names: string[]) =>
      names.map((name) => `[[hooks.stop]]\ncommand = "${name}"\nargs = ["${name}"]\ncwd = "/${name}"\n\n`).join("");
    const text = diff(hooks("one", "two", "three", "four"), hooks("two", "three", "four", "five"));
    expect(text.match(/^[-+]command.*/gm)).toEqual(['-command = "one"', '+command = "five"']);
  });
});

describe("a diff of texts with secrets", () => {
  test("counts the lines of the files where a secret takes up several", () => {
    const lines = (n: number, last: string) =>
      `${Array.from({ length: n }, (_, i) => `k${i} = ${i}\n`).join("")}${last}\n`;
    const key = 'a.token = """\none\ntwo\n"""\n';
    expect(diff(`${key}${lines(9, "x = 1")}`, `${key}y = 0\n${lines(9, "x = 2")}`)).toBe(
      [
        "--- a/config.toml",
        "+++ b/config.toml",
        "@@ -1,5 +1,6 @@",
        ' a.token = """',
        ' \u2039secret A\u203a"""',
        "+y = 0",
        " k0 = 0",
        " k1 = 1",
        " k2 = 2",
        "@@ -11,4 +12,4 @@",
        " k6 = 6",
        " k7 = 7",
        " k8 = 8",
        "-x = 1",
        "+x = 2",
        "",
      ].join("\n"),
    );
  });

  test("counts the lines of the files where such a secret stands in a table that is not shown", () => {
    const text = (last: string) => `[a]\ntoken = """\none\ntwo\n"""\n${servers(9, () => "")}[history]\n${last}\n`;
    const [before, after] = [text("max_bytes = 1"), text("max_bytes = 2")];
    const whole = createTwoFilesPatch("", "", before, after, undefined, undefined, { context: 3 });
    expect(diff(before, after).match(/^@@.*/gm)).toEqual(whole.match(/^@@.*/gm));
  });

  test("says so when a secret comes to a file without a last line end", () => {
    expect(diff("a.token = 1", 'a.token = "x"')).toBe(
      [
        "--- a/config.toml",
        "+++ b/config.toml",
        "@@ -1,1 +1,1 @@",
        '-a.token = "\u2039secret A\u203a"',
        "\\ No newline at end of file",
        '+a.token = "\u2039secret B\u203a"',
        "\\ No newline at end of file",
        "",
      ].join("\n"),
    );
  });

  test("shows that an argument, a part of an address, JSON or a comment changed", () => {
    const text = (secret: string) =>
      [
        `args = ["--token", "${secret}"]`,
        `url = "https://me:${secret}@h.example/?key=${secret}"`,
        `json = '{"apiKey": "${secret}"}'`,
        `# api_key = "${secret}"`,
        "",
      ].join("\n");
    const lines = diff(text("old"), text("new")).split("\n").slice(3);
    expect(lines.join("\n")).not.toMatch(/old|new/);
    const changed = lines.filter((line) => /^[-+]/.test(line)).map((line) => line.slice(1));
    expect([changed.length, new Set(changed).size]).toEqual([8, 8]);
  });

  test("names a secret that comes to another file as before", () => {
    const [from, to] = diffOf([
      { file: "config", before: 'a.token = "x"\n', after: "" },
      { file: "profile:p", before: null, after: 'a.token = "x"\n' },
    ]);
    expect(from?.text).toContain('-a.token = "\u2039secret A\u203a"');
    expect(to?.text).toContain('+a.token = "\u2039secret A\u203a"');
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
