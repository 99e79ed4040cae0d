/** When the installed Codex is asked whether it loads the result, and when an answer of a moment ago will do. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { AnswerCache } from "../../src/host/host.ts";
import { type Story, story } from "../story.ts";

const CONFIG = '[mcp_servers.docs]\ncommand = "docs"\n';
const DISABLE = ["mcp", "disable", "docs"];

/** A home whose Codex counts how often it is asked and answers with `exit`, and a machine that remembers. */
function home(exit = 0, config = CONFIG): Story {
  const self = story({ "config.toml": config });
  self.installCodex("0.169.0", `echo asked >> '${join(self.root, "asked")}'; exit ${exit}`);
  const answers = new Set<string>();
  const cache: AnswerCache = {
    has: (answer) => answers.has(answer),
    add: (answer) => {
      answers.add(answer);
    },
  };
  self.world.answerCache = cache;
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

describe("a profile that the change does not touch", () => {
  const GATEWAY = '[model_providers.gw]\nname = "gw"\nbase_url = "http://localhost/v1"\n';
  /** A Codex that loads the home, and every profile as long as config.toml is not empty. */
  const codex = `case "$*" in *--profile*) read -r line < "$CODEX_HOME/config.toml" || { echo "Error: gone" >&2; exit 1; };; esac`;

  test("is asked about where it speaks of a provider that goes", async () => {
    const self = story({ "config.toml": GATEWAY, "work.config.toml": 'model_provider = "gw"\n' });
    self.installCodex("0.169.0", codex);
    const { err, exit } = await self.run("unset", "model_providers.gw", "-y");
    expect([exit, self.read("config.toml")]).toEqual([3, GATEWAY]);
    expect(err).toContain("Codex 0.169.0 would no longer load this home: with --profile work: gone [codex-refuses]");
  });

  test("keeps even a revert from breaking it", async () => {
    const self = story({ "config.toml": "# mine\n" });
    self.installCodex("0.169.0", codex.replace("read -r line", "{ read -r line; read -r line; }"));
    await self.run("set", "model_providers.gw.name", "gw", "-y", "--no-preflight");
    self.write("work.config.toml", 'model_provider = "gw"\n');
    const { err, exit } = await self.run("revert", "-y");
    expect([exit, err]).toEqual([3, expect.stringContaining("with --profile work: gone [codex-refuses]")]);
    expect(self.read("config.toml")).toContain("[model_providers.gw]");
  });

  test("is asked about where a table of its own name comes into config.toml", async () => {
    const self = story({ "config.toml": "", "work.config.toml": 'model = "a"\n' });
    self.installCodex("0.169.0", `echo "$*" >> '${join(self.root, "asked")}'`);
    await self.run("set", "profiles.work.model", "b", "-n", "--force");
    expect(readFileSync(join(self.root, "asked"), "utf8")).toContain("--profile=work");
  });

  test("is left alone where it does not", async () => {
    const self = story({ "config.toml": GATEWAY, "work.config.toml": 'model = "a"\n' });
    self.installCodex("0.169.0", codex);
    const { exit } = await self.run("unset", "model_providers.gw", "-y");
    expect([exit, self.read("config.toml")]).toEqual([0, ""]);
  });
});

test("a revert to what does not parse is asked about and made", async () => {
  const torn = "[tui]\n[tui]\n";
  const self = story({ "config.toml": torn });
  self.installCodex("0.169.0");
  expect((await self.run("doctor", "--fix", "-y")).exit).toBe(0);
  expect(self.read("config.toml")).toBe("[tui]\n");
  expect((await self.run("revert", "-y")).exit).toBe(0);
  expect(self.read("config.toml")).toBe(torn);
});

test("Codex finds a file that a setting names below the user's home", async () => {
  const self = story({ "config.toml": "" });
  self.installCodex("0.169.0", `read -r line < "$CODEX_HOME/config.toml"; echo "$line" > '${join(self.root, "line")}'`);
  writeFileSync(join(self.root, "p.md"), "words\n");
  await self.run("set", "model_instructions_file", "~/p.md", "-y");
  expect(readFileSync(join(self.root, "line"), "utf8")).toBe(
    `model_instructions_file = "${join(self.root, "p.md")}"\n`,
  );
  expect(self.read("config.toml")).toBe('model_instructions_file = "~/p.md"\n');
});

test("a secret of a profile that Codex quotes is not shown, however long", async () => {
  const long = `OPEN-SESAME${"x".repeat(900)}`;
  const self = story({ "config.toml": "", "work.config.toml": `[mcp_servers.docs]\nenv = "${long}"\n` });
  self.installCodex("0.169.0", `echo 'Error: invalid type: string "${long}", expected a map' >&2; exit 1`);
  const { err, out } = await self.run("set", "model", "b", "-p", "work", "-n");
  expect(err).toContain('invalid type: string "‹secret›", expected a map');
  expect(out + err).not.toContain("SESAME");
});

test("a profile's file that nobody can read, and that has nothing to do with a change, does not stand in its way", async () => {
  const self = home();
  self.write("bad.config.toml", new Uint8Array([0xff]));
  expect(await self.run(...DISABLE, "-y")).toMatchObject({ exit: 0 });
  expect(self.read("config.toml")).toContain("enabled = false");
});

test("a change that Codex refuses is shown all the same", async () => {
  const self = story({ "config.toml": CONFIG });
  const refusesIt =
    'while read -r line; do [ "$line" = "enabled = false" ] && exit 1; done < "$CODEX_HOME/config.toml"';
  self.installCodex("0.169.0", `${refusesIt}; exit 0`);
  const { err, exit, out } = await self.run(...DISABLE, "-y");
  expect([exit, self.read("config.toml")]).toEqual([3, CONFIG]);
  expect(out).toContain("+enabled = false");
  expect(err).toContain("[codex-refuses]");
});
