/** What is printed fits the terminal: no line is over, and no word is broken that could have gone to the next line. */
import { describe, expect, test } from "vitest";
import { VERBS } from "../../src/cli/verbs.ts";
import { story } from "../story.ts";

const WIDTHS = [40, 80, 120];
const CONFIG = {
  "config.toml": [
    'model = "gpt-5"',
    'profile = "work"',
    'sandbox_mode = "workspace_write"',
    "[profiles.work]",
    'aproval_policy = "never"',
    "[mcp_servers.docs]",
    'command = "docs"',
    'url = "https://docs.example"',
    "",
  ].join("\n"),
};
const MESSAGES = [
  "aply http-sse",
  "provider use gateway",
  "auth-store keyring",
  "set model",
  "set modle x",
  "set model_context_window many",
  "get modl",
  "mcp off docs",
  "mcp disable dcos",
  "mcp disable",
  "revert nope",
  "apply nope",
  "apply http-sse --provider-id openai",
  "apply http-sse --profile ../x",
  "apply http-sse -n",
  "apply http-sse",
  "migrate -n",
  "validate",
  "validate missing.toml",
  "doctor --fix",
  "status",
  "history",
  "provider remove gateway",
  "completion tcsh",
  "status --codex-version newest",
  "status --codex-home nowhere",
];

/** Lines that are over although one of their words could have gone to the next line. */
function over(text: string, width: number): string[] {
  return text.split("\n").filter((line) => line.length > width && line.trim().includes(" "));
}

describe.each(WIDTHS)("in a terminal of %d columns", (columns) => {
  const wide = { columns, outIsTty: true, errIsTty: true };

  test.each(Object.keys(VERBS).filter((name) => !name.startsWith("__")))("the help of %s fits", async (verb) => {
    const self = story();
    self.screen = wide;
    const { out } = await self.run(verb, "--help");
    expect(out).toContain("Usage: codex-cfg");
    expect(over(out, columns)).toEqual([]);
  });

  test.each(MESSAGES)("what %s says fits", async (line) => {
    const self = story(CONFIG);
    self.screen = { ...wide, outIsTty: false };
    self.env.NO_COLOR = "1";
    const { err } = await self.run(...line.split(" "), "--codex-version", "0.169.0");
    expect(over(err, columns)).toEqual([]);
  });
});

test("out of a terminal a message is one line, however long", async () => {
  const { err } = await story().run("set", "modle", "x", "--codex-version", "0.169.0");
  expect(err.split("\n").filter((line) => line !== "")).toEqual([
    expect.stringMatching(/^error: /),
    expect.stringMatching(/^ {2}hint: /),
    expect.stringMatching(/^ {2}hint: /),
  ]);
});
