/** When the installed Codex is asked whether it loads the result, and when an answer of a moment ago will do. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Memory } from "../../src/host.ts";
import { type Story, story } from "../story.ts";

const CONFIG = '[mcp_servers.docs]\ncommand = "docs"\n';
const DISABLE = ["mcp", "disable", "docs"];

/** A home whose Codex counts how often it is asked and answers with `exit`, and a machine that remembers. */
function home(exit = 0, config = CONFIG): Story {
  const self = story({ "config.toml": config });
  self.installCodex("0.169.0", `echo asked >> '${join(self.root, "asked")}'; exit ${exit}`);
  const facts = new Set<string>();
  const memory: Memory = {
    holds: (fact) => facts.has(fact),
    keep: (fact) => {
      facts.add(fact);
    },
  };
  self.world.memory = memory;
  return self;
}

function asked({ root }: Story): number {
  const file = join(root, "asked");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").length : 0;
}

test("a preview and the change after it ask Codex once", async () => {
  const self = home();
  expect((await self.run(...DISABLE, "-n")).exit).toBe(0);
  expect(asked(self)).toBe(1);
  const { err, exit } = await self.run(...DISABLE, "-y");
  expect([exit, asked(self)]).toEqual([0, 1]);
  expect(err).toContain("done (");
  expect(self.read("config.toml")).toContain("enabled = false");
});

test.each<[string, (self: Story) => unknown, string[]]>([
  ["another change", () => {}, ["mcp", "disable", "docs", "git"]],
  ["a file that has changed meanwhile", (self) => self.write("config.toml", `# mine\n${CONFIG}`), DISABLE],
  ["another Codex", (self) => self.installCodex("0.169.1", `echo asked >> '${join(self.root, "asked")}'`), DISABLE],
])("%s is asked about anew", async (_, alter, argv) => {
  const self = home(0, `${CONFIG}\n[mcp_servers.git]\ncommand = "git"\n`);
  await self.run(...DISABLE, "-n");
  await alter(self);
  expect((await self.run(...argv, "-n")).exit).toBe(0);
  expect(asked(self)).toBe(2);
});

test("a config that names a file is asked about every time", async () => {
  const self = home(0, `model_instructions_file = "mine.md"\n\n${CONFIG}`);
  await self.run(...DISABLE, "-n");
  await self.run(...DISABLE, "-n");
  expect(asked(self)).toBe(2);
});

test("a no is never remembered", async () => {
  const self = home(1);
  await self.run(...DISABLE, "-n");
  const first = asked(self);
  await self.run(...DISABLE, "-n");
  expect([first, asked(self)]).toEqual([2, 4]);
});
