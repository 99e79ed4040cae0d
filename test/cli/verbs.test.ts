/** One table of verbs: what help lists, what a shell is offered and which files there are agree with it. */
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { VERBS } from "../../src/cli/verbs.ts";
import { story } from "../story.ts";

const shown = Object.entries(VERBS).filter(([, { hidden }]) => !hidden);

/** The verbs of a help text, and what is said of each as far as its first line goes. */
function listed(help: string): [name: string, words: string][] {
  const lines = help.slice(help.indexOf("Commands:\n")).split("\n");
  return lines.flatMap((line) => {
    const [, name = "", words = ""] = /^ {2}([a-z-]+)\b.*? {2,}(\S.*)$/.exec(line) ?? [];
    return name === "" ? [] : [[name, words]];
  });
}

test.each([[["help"]], [["--help"]], [["--help", "get"]]])(
  "%j lists every verb in the order of the table",
  async (argv) => {
    const help = listed((await story().run(...argv)).out);
    expect(help.map(([name]) => name)).toEqual(shown.map(([name]) => name));
    for (const [name, words] of help) expect(VERBS[name]?.summary.startsWith(words), name).toBe(true);
  },
);

test("each is offered to a shell with what help says of it", async () => {
  const { out } = await story().run("__complete", "--current=", "--");
  const offered = out.trim().split("\n");
  expect(offered).toEqual(shown.map(([name, { summary }]) => `${name}\t${summary.slice(0, 60)}`));
});

test("every file of a verb is in the table, and every verb of the table has a help of its own", async () => {
  const files = readdirSync(new URL("../../src/cli/commands", import.meta.url)).map((name) => name.replace(".ts", ""));
  const known = [...Object.keys(VERBS), "complete", "mcp-bisect", "profile-edit", "mcp-edit"];
  expect(files.filter((name) => !known.includes(name))).toEqual([]);
  for (const [name] of shown) expect((await story().run(name, "--help")).out).toContain(`Usage: codex-cfg ${name}`);
});
