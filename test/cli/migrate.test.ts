/** What `codex-cfg migrate` writes, says and answers, as its user sees it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { story } from "../story.ts";

const NEW = ["--codex-version", "0.169.0"];
const OLD = ["--codex-version", "0.133.0"];

const LEGACY = `# mine
model = "gpt-5.5"
profile = "work" # the usual

# at work
[profiles.work]
model = "gpt-5.2" # cheaper
model_instructions_file = "prompts/work.md"

[profiles.work.features]
multi_agent = false

[profiles.play]
approval_policy = "never"
`;
const FILES = { "config.toml": LEGACY, "prompts/work.md": "Be brief.\n" };

describe("migrate, to profile files", () => {
  test("a dry run shows all of it and touches nothing", async () => {
    const { run, files, home } = story(FILES);
    const before = files();
    const { exit, out, err } = await run("migrate", "-n", ...NEW);
    expect(exit).toBe(0);
    expect(out).toContain("+++ b/play.config.toml\n");
    expect(err).toContain("dry run: nothing was written\n");
    expect(files()).toEqual(before);
    expect(existsSync(join(home, ".codex-cfg"))).toBe(false);
  });

  test("asks first on a terminal, and takes no for an answer", async () => {
    const { run, files, answers } = story(FILES);
    const before = files();
    answers.push("n");
    expect(await run("migrate", ...NEW)).toMatchObject({
      exit: 1,
      err: expect.stringContaining("nothing was written\n"),
    });
    expect(files()).toEqual(before);
  });

  test("asks for names that files can bear, and takes the command that it prints", async () => {
    const { run, files } = story({ "config.toml": '[profiles."my work"]\nmodel = "a"\n[profiles."a=b"]\n' });
    const before = files();
    const refused = await run("migrate", ...NEW);
    expect(refused).toMatchObject({ exit: 3, out: "" });
    expect(refused.err).toContain(
      'error: config.toml: no file can bear the name of: "my work", "a=b" [invalid-config]\n',
    );
    expect(refused.err).toContain("codex-cfg migrate --rename 'my work=my-work' --rename a=b=a-b\n");
    expect(files()).toEqual(before);
    const flags = ["--rename", "my work=my-work", "--rename", "a=b=a-b"];
    expect((await run("migrate", ...flags, ...NEW)).exit).toBe(0);
    expect(Object.keys(files())).toEqual(["a-b.config.toml", "config.toml", "my-work.config.toml"]);
    expect(await run("migrate", ...flags, ...NEW)).toMatchObject({
      exit: 0,
      err: expect.stringContaining("nothing to do\n"),
    });
  });

  test.each([
    ["a profile without a name", ['[profiles.""]\nmodel = "a"\n'], []],
    [
      "names that differ by case alone, beside flags that stay",
      ['profile = "x y"\n[profiles.A]\n[profiles.a]\n[profiles."a=b"]\n[profiles."x y"]\n'],
      ["--rename", "a=b=ab", "--rename", "x y=xy", "--as-default"],
    ],
    ["two new names that are one", ["[profiles.a]\n[profiles.b]\n"], ["--rename", "a=c", "--rename", "b=C"]],
    ["names of which one is another's new one", ['[profiles."a b"]\n[profiles.a-b]\n'], ["--rename", "a b=a-b"]],
    [
      "a file that holds something else",
      ['[profiles.a]\nmodel = "b"\n[profiles."x y"]\n', 'model = "c"\n'],
      ["--rename", "x y=xy"],
    ],
  ])("says a whole command that works for %s", async (_, [config = "", file], flags) => {
    const { run, runRaw, files } = story({ "config.toml": config, ...(file ? { "a.config.toml": file } : {}) });
    const { exit, err } = await runRaw("migrate", ...flags, ...NEW);
    expect(exit).toBe(3);
    const command = /: codex-cfg (--codex-version .*)\n/.exec(err)?.[1] ?? "";
    const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
    expect(words.slice(0, 3)).toEqual([...NEW, "migrate"]);
    expect((await run(...words)).exit).toBe(0);
    expect(files()["config.toml"]).not.toContain("profiles");
  });

  test.each([
    ["no new name at all", "work"],
    ["no old name", "=work"],
  ])("takes %s for a mistake", async (_, text) => {
    const { run } = story(FILES);
    expect(await run("migrate", "--rename", text, ...NEW)).toMatchObject({ exit: 2 });
  });

  test("joins a profile's file that holds the same, comments included", async () => {
    const { run, read } = story({
      "config.toml": '[profiles.w]\nmodel = "c" # why\n',
      "w.config.toml": 'model = "c"\n',
    });
    expect((await run("migrate", ...NEW)).exit).toBe(0);
    expect(read("w.config.toml")).toBe('model = "c" # why\n');
  });

  test("refuses a home that does not parse, in any of its files", async () => {
    const { run } = story({ "config.toml": "[profiles.x]\n", "y.config.toml": "model = \n" });
    expect(await run("migrate", ...NEW)).toMatchObject({
      exit: 3,
      err: expect.stringContaining("y.config.toml: not valid TOML at line 1"),
    });
  });

  test("names what the newer Codex no longer knows in a profile, which only the strict view refuses", async () => {
    const { run, read } = story({ "config.toml": "[profiles.x]\ninclude_apply_patch_tool = true\n" });
    const { exit, err } = await run("migrate", ...NEW);
    expect(exit).toBe(0);
    expect(err).toContain(
      "warning: x.config.toml:1:28: include_apply_patch_tool is no setting of this Codex, which ignores it\n",
    );
    expect(read("x.config.toml")).toBe("include_apply_patch_tool = true\n");
  });

  test("is taken back also where Codex does not start with what was there, and says so", async () => {
    const { run, read, installCodex, files } = story(FILES);
    const refusing = 'while read -r line; do case $line in profile\\ =*) echo "Error: legacy" >&2; exit 1;; esac; done';
    installCodex("0.169.0", `${refusing} < "$CODEX_HOME/config.toml"; exit 0`);
    const before = files();
    expect((await run("migrate")).exit).toBe(0);
    expect(read("config.toml")).not.toContain("profile =");
    const back = await run("revert");
    expect(back).toMatchObject({
      exit: 0,
      err: expect.stringContaining("as it did not before the change that is taken back: legacy\n"),
    });
    expect(files()).toEqual(before);
  });

  test("says what Codex refuses in a profile that moves, and refuses what would keep Codex from starting at all", async () => {
    const broken = { "config.toml": '[profiles.x]\napproval_policy = "untrusted"\n' };
    const { exit, err } = await story(broken).run("migrate", ...NEW);
    expect(exit).toBe(0);
    expect(err).toContain("warning: x.config.toml:1:19: approval_policy has a value that this Codex no longer takes\n");
    const chosen = { "config.toml": `profile = "x"\n${broken["config.toml"]}` };
    const { run, files } = story(chosen);
    const before = files();
    const refused = await run("migrate", "--as-default", ...NEW);
    expect(refused).toMatchObject({
      exit: 3,
      err: expect.stringContaining("approval_policy has a value that this Codex no longer takes [invalid-config]\n"),
    });
    expect(files()).toEqual(before);
  });

  test("asks the installed Codex about each profile, and about the home", async () => {
    const { run, read, installCodex, root } = story(FILES);
    installCodex("0.169.0", `echo "$*" >> ${root}/asked`);
    expect((await run("migrate")).exit).toBe(0);
    expect(
      read("../asked")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => line.split(" ")[0]),
    ).toEqual(["features", "--profile=work", "--profile=play"]);
  });

  test("writes nothing when the installed Codex refuses the result", async () => {
    const { run, files, installCodex } = story({ "config.toml": '[profiles.x]\nmodel = "a"\n' });
    installCodex("0.169.0", '[ -e "$CODEX_HOME/x.config.toml" ] && echo "Error: not like this" >&2 && exit 1; exit 0');
    const before = files();
    const { exit, err } = await run("migrate");
    expect(exit).toBe(3);
    expect(err).toContain("not like this [codex-refuses]\n");
    expect(files()).toEqual(before);
  });
});

describe("migrate, back to tables", () => {
  const PROFILES = {
    "config.toml": 'model = "a"\n',
    "x.config.toml": '# why\nmodel = "b"\n\n[features]\ngoals = true\n',
    "y.config.toml": "",
  };

  test("puts every file into config.toml and removes it, and revert brings the bytes back", async () => {
    const { run, files } = story(PROFILES);
    const before = files();
    const { exit, out, err } = await run("migrate", "--to", "0.130");
    expect(exit).toBe(0);
    expect(files()).toEqual({
      "config.toml":
        '600 model = "a"\n\n[profiles.x]\n# why\nmodel = "b"\n\n[profiles.x.features]\ngoals = true\n\n[profiles.y]\n',
    });
    expect(out).toContain("--- a/x.config.toml\n+++ /dev/null\n");
    expect(err).toContain("note: x.config.toml becomes [profiles.x] of config.toml, where this Codex reads it\n");
    expect((await run("migrate", "--to", "0.130.0")).err).toContain("nothing to do\n");
    await run("revert", ...OLD);
    expect(files()).toEqual(before);
  });

  test("names what a legacy profile cannot hold, and shows a way out that works", async () => {
    const { run, files } = story({
      "config.toml": '[mcp_servers.docs]\ncommand = "d"\n',
      "x.config.toml": "mcp_servers.docs.enabled = false\n",
    });
    const before = files();
    const { exit, err } = await run("migrate", ...OLD);
    expect(exit).toBe(3);
    expect(err).toContain("x.config.toml: a profile of Codex 0.133.0 cannot hold: mcp_servers [invalid-config]\n");
    expect(files()).toEqual(before);
    const command = /codex-cfg (--codex-version 0\.169\.0 unset mcp_servers -p x)\n/.exec(err)?.[1] ?? "";
    expect((await run(...command.split(" "))).exit).toBe(0);
    expect((await run("migrate", ...OLD)).exit).toBe(0);
  });

  test("takes no version that is none", async () => {
    expect(await story(PROFILES).run("migrate", "--to", "newest")).toMatchObject({ exit: 2 });
  });
});

describe("migrate --check", () => {
  test("lists what would move and answers 1, and 0 once it has; it writes nothing", async () => {
    const { run, files, home } = story({ ...FILES, "old.config.toml": 'profile = "work"\n' });
    const before = files();
    const { exit, out, err } = await run("migrate", "--check", ...NEW);
    expect(exit).toBe(1);
    expect(out.split("\n")).toEqual([
      'work  profile = "work" → codex --profile work',
      "work  [profiles.work] → work.config.toml",
      "play  [profiles.play] → play.config.toml",
      'old   profile = "work" in old.config.toml → nothing',
      "",
    ]);
    expect(err).toContain("to do it: the same command without --check\n");
    expect(files()).toEqual(before);
    expect(existsSync(join(home, ".codex-cfg"))).toBe(false);
    await run("migrate", ...NEW);
    expect(await run("migrate", "--check", ...NEW)).toMatchObject({ exit: 0, out: "" });
  });

  test("says nothing of a home in the right layout already", async () => {
    const { run } = story({ "config.toml": 'model = "a"\n[profiles.x]\nmodel = "b"\n' });
    expect(await run("migrate", "--check", ...OLD)).toMatchObject({ exit: 0, out: "" });
    expect(await run("migrate", "--check", "--to", "0.134")).toMatchObject({ exit: 1 });
  });

  test("refuses what migrate would refuse", async () => {
    const { run } = story({ "config.toml": '[profiles."a b"]\n' });
    expect(await run("migrate", "--check", ...NEW)).toMatchObject({ exit: 3 });
  });
});

test("migrate --json prints the change as one document", async () => {
  const { run } = story(FILES);
  const { exit, out, err } = await run("migrate", "--json", ...NEW);
  expect({ exit, err }).toEqual({ exit: 0, err: "" });
  expect(JSON.parse(out)).toMatchObject({
    kind: "change",
    command: "migrate",
    files: [{ file: "config.toml" }, { file: "work.config.toml" }, { file: "play.config.toml" }],
    entry: { id: expect.any(String) },
  });
});
