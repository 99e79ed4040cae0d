/** Findings in the forms that other programs read. */
import { describe, expect, test } from "vitest";
import { type Format, githubLine, sarif } from "../../src/cli/validate/formats.ts";
import { story } from "../story.ts";

const CONFIG = { "config.toml": 'model = 1\nmodle = "x"\n' };
const VERSION = ["--codex-version", "0.169.0"];
const validate = (format: Format, files: Readonly<Record<string, string>> = CONFIG) =>
  story(files).runRaw("validate", "--format", format, ...VERSION);

describe("validate --format", () => {
  test("github is a line an annotation, and the exit code is the same", async () => {
    const { exit, out } = await validate("github");
    expect(exit).toBe(1);
    expect(out.trim().split("\n")).toEqual([
      "::error file=config.toml,line=1,col=9,title=wrong-type::model takes a string",
      expect.stringMatching(/^::warning file=config\.toml,line=2,col=\d,title=unknown-key::/),
    ]);
  });

  test("sarif is one log with a rule a code and a result a finding", async () => {
    const { runs, version } = JSON.parse((await validate("sarif")).out);
    expect(version).toBe("2.1.0");
    expect(runs).toHaveLength(1);
    expect(runs[0].tool.driver.rules).toEqual([{ id: "unknown-key" }, { id: "wrong-type" }]);
    expect(runs[0].results[0]).toEqual({
      ruleId: "wrong-type",
      level: "error",
      message: { text: "model takes a string" },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "config.toml" },
            region: { startLine: 1, startColumn: 9 },
          },
        },
      ],
    });
  });

  test("json is what --json prints", async () => {
    const self = story(CONFIG);
    expect((await self.runRaw("validate", "--format", "json", ...VERSION)).out).toBe(
      (await self.runRaw("validate", "--json", ...VERSION)).out,
    );
  });

  test("of a sound config is empty, and 0", async () => {
    const sound = { "config.toml": 'model = "gpt-5.5"\n' };
    expect(await validate("github", sound)).toMatchObject({ exit: 0, out: "" });
    expect(JSON.parse((await validate("sarif", sound)).out).runs[0].results).toEqual([]);
  });

  test("does not go with --json", async () => {
    const { err, exit } = await story(CONFIG).run("validate", "--format", "sarif", "--json");
    expect([exit, err]).toEqual([2, ""]);
  });
});

test("what an annotation's own syntax would take for itself is escaped", () => {
  const finding = { code: "not-toml", severity: "info", args: {} } as never;
  expect(githubLine({ finding, file: "a,b:c", text: "100% of\nit" })).toBe(
    "::notice file=a%2Cb%3Ac,title=not-toml::100%25 of%0Ait",
  );
  expect(JSON.parse(sarif([{ finding, file: "a b", text: "x" }])).runs[0].results[0].locations[0]).toEqual({
    physicalLocation: { artifactLocation: { uri: "a%20b" } },
  });
});
