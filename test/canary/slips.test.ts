/** A file with a slip in it, and every verb: as text, as JSON, in a report. */
import { describe, expect, test } from "vitest";
import { story } from "../story.ts";
import { SLIPS_WITH } from "./slips.ts";

const RELEASE = ["--codex-version", "0.169.0"];
const VERBS: readonly (readonly string[])[] = [
  ["status"],
  ["validate"],
  ["doctor"],
  ["doctor", "--report"],
  ["doctor", "--fix", "-n"],
  ["get", "mcp_servers"],
  ["mcp", "list"],
  ["provider", "list"],
  ["set", "model", "x", "-n"],
  ["mcp", "disable", "s", "-n"],
  ["migrate", "--check"],
  ["apply", "http-sse", "-n"],
  ["__complete", "--current=mcp_servers.", "--", "get"],
];

/** What tells in a line that its value is a secret. */
const TELLS = /bearer|password|env|API_KEY|--token/;
/** Lines of a diff, and the value of a fix: a repair is shown before it is made, and a word that nothing tells is no secret. */
const PREVIEW = /^[ +-]|"diff":|"value":/;

function found(text: string, slip: string): string[] {
  const lines = text.split("\n").filter((line) => line.includes("CANARY"));
  return TELLS.test(slip)
    ? lines
    : lines.filter((line) => !PREVIEW.test(line.trim() === line ? line : line.trimStart()));
}

describe.each(["CANARYplain", "CANARY-0123456789"])("%s is not printed", (canary) => {
  test.each(SLIPS_WITH(canary).map(({ name, text }) => [name, text] as const))("in %s", async (_, text) => {
    const tale = story({ "config.toml": text }, "source");
    for (const argv of VERBS)
      for (const way of [[], ["--json"]]) {
        const { err, exit, out } = await tale.run(...argv, ...way, ...RELEASE);
        expect(exit, argv.join(" ")).not.toBe(70);
        expect(found(`${out}${err}`, text), argv.join(" ")).toEqual([]);
      }
  });
});
