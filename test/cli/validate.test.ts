/** `validate`: what it says of a home's plain start and of its profiles, and that `doctor` judges by the same rule. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { story } from "../story.ts";

const NEW = ["--codex-version", "0.169.0"];
const TABLE = ["--codex-version", "0.133.0"];

describe("a legacy table for a Codex with profile files", () => {
  const CONFIG = 'model = "x"\n\n[profiles.work]\nmodel = "y"\n';
  const SAID = "--profile work does not start while config.toml has [profiles.work]";

  test("is said by doctor in the same words, with the same exit code", async () => {
    const { exit, out } = await story({ "config.toml": CONFIG }).run("doctor", ...NEW);
    expect([exit, out]).toEqual([1, expect.stringContaining(SAID)]);
  });

  test("is no fault for a Codex that reads it", async () => {
    const tale = story({ "config.toml": CONFIG });
    expect(await tale.run("validate", ...TABLE)).toMatchObject({ exit: 0, out: "" });
    expect(await tale.run("doctor", "--symptom", "start", ...TABLE)).toMatchObject({ exit: 0 });
  });

  test("leaves the view of one document true", async () => {
    const { out } = await story({ "config.toml": CONFIG }).run("validate", "--json", ...NEW);
    const { findings, loads, strict } = JSON.parse(out);
    expect([loads, strict, findings]).toEqual([true, true, [expect.objectContaining({ code: "legacy-table" })]]);
  });
});

describe("a file by itself", () => {
  const tale = story.bind(null, { "config.toml": "", "mine.toml": 'model = "x"\n' });

  test("says nothing of the profiles that a home around it might have", async () => {
    const { home, run } = tale();
    expect(await run("validate", `${home}/mine.toml`, "-p", "work", ...NEW)).toMatchObject({ exit: 0, out: "" });
    expect((await run("validate", "-p", "work", ...NEW)).out).toContain("there is no work.config.toml");
  });

  test("is read as that profile's start all the same", async () => {
    const { home, run, write } = tale();
    write("mine.toml", '[profiles.work]\nmodel = "x"\n');
    const named = await run("validate", `${home}/mine.toml`, "-p", "work", ...NEW);
    expect(named).toMatchObject({ exit: 1, out: expect.stringContaining("--profile work does not start") });
    expect(await run("validate", `${home}/mine.toml`, "-p", "other", ...NEW)).toMatchObject({ exit: 0, out: "" });
  });

  test("says nothing of this machine's variables, which a home needs", async () => {
    const { home, run, write } = tale();
    const provider = '[model_providers.p]\nname = "P"\nbase_url = "https://g.example"\nenv_key = "G_KEY"\n';
    for (const name of ["mine.toml", "config.toml"]) write(name, provider);
    expect((await run("validate", `${home}/mine.toml`, ...NEW)).out).toBe("");
    expect((await run("validate", ...NEW)).out).toContain("config.toml:4:11: warning: G_KEY is not set here");
  });
});

test("what profiles add is said once each, in the order of files and lines", async () => {
  const tale = story({
    "config.toml": "[profiles.work]\n[profiles.play]\n[tui]\nmodle = 1\n",
    "play.config.toml": 'model_provider = "nope"\n',
    "lean.config.toml": "hide_agent_reasoning = 1\n",
  });
  const { out, err } = await tale.run("validate", ...NEW);
  const places = out.split("\n").map((line) => line.replace(/^(\S+?):(\d+):.*\[(.*)\]$/, "$1 $2 $3"));
  expect(places).toEqual([
    "config.toml 1 legacy-table",
    "config.toml 2 legacy-table",
    "config.toml 4 unknown-key",
    "lean.config.toml 1 wrong-type",
    "play.config.toml 1 undefined-provider",
    "",
  ]);
  expect(err).toContain("it does not start with --profile lean, play, work\n");
});

test.each([
  ["0.130", "0 errors, 0 warnings; Codex 0.130.0 loads this\n"],
  ["0.131", "0 errors, 0 warnings; Codex 0.131.0 loads this, with --strict-config, too\n"],
])("a release with two numbers is known, and its flags: %s", async (version, said) => {
  const { exit, err } = await story({ "config.toml": 'model = "x"\n' }).run("validate", "--codex-version", version);
  expect([exit, err]).toEqual([0, said]);
});

describe("a file whose name no profile may bear", () => {
  const tale = () => story({ "aux.config.toml": "", [`${"x".repeat(70)}.config.toml`]: "", "config.toml": "" });

  test.each([["validate"], ["doctor"], ["doctor", "--report"], ["status"], ["migrate", "-n"]])(
    "is no profile for %s",
    async (...argv) => {
      const { exit, err, out } = await tale().run(...argv, ...NEW);
      expect(exit, err).toBe(0);
      expect(out + err).not.toMatch(/aux|xxxxx/);
    },
  );

  test("is no profile as a legacy table either", async () => {
    const legacy = story({ "config.toml": '[profiles.aux]\nmodel = "x"\n[profiles."a b"]\nmodel = "x"\n' });
    expect(await legacy.run("validate", ...NEW)).toMatchObject({ exit: 0, out: "" });
  });
});

describe("a trusted project around that keeps Codex from starting", () => {
  const broken = [
    ["a wrong type", "model = 3\n", "model takes a string"],
    ["no value", "model = \n", "not valid TOML: a key without a value"],
    ["a switch without a server", "[mcp_servers.x]\nenabled = false\n", "neither command nor url"],
  ] as const;

  async function inProject(text: string, trust: string, ...argv: string[]) {
    const tale = story();
    mkdirSync(join(tale.cwd, ".codex"));
    writeFileSync(join(tale.cwd, ".codex", "config.toml"), text);
    const home = 'model = "x"\n\n[mcp_servers.h]\ncommand = "h"\n';
    tale.write("config.toml", `${home}\n[projects.${JSON.stringify(tale.cwd)}]\ntrust_level = "${trust}"\n`);
    return { path: join(tale.cwd, ".codex/config.toml"), ...(await tale.run(...argv, ...NEW)) };
  }

  test.each(broken)("is told, and so it is by doctor: %s", async (_, text, words) => {
    const { err, exit, out, path } = await inProject(text, "trusted", "validate");
    expect([exit, out]).toEqual([1, expect.stringContaining(`does not start in this project because of ${path}:1: `)]);
    expect(out).toContain(words);
    expect(err).toContain("does not load this");
    const doctor = await inProject(text, "trusted", "doctor");
    expect([doctor.exit, doctor.out]).toEqual([1, expect.stringContaining("does not start in this project")]);
  });

  test.each(broken)("is nobody's business where it is not trusted: %s", async (_, text) => {
    expect(await inProject(text, "untrusted", "validate")).toMatchObject({ exit: 0, out: "" });
  });

  test.each([
    ["a switch of a server that the home has", "[mcp_servers.h]\nenabled = false\n"],
    ["what a project cannot set", "model_provider = 3\nnotify = 4\n"],
  ])("is not what is no fault: %s", async (_, text) => {
    expect(await inProject(text, "trusted", "validate")).toMatchObject({ exit: 0 });
  });

  test("is told for each thing that is wrong in it", async () => {
    const two = await inProject("model = 3\nmodel_reasoning_effort = 4\n", "trusted", "validate");
    expect(two.out.match(/does not start in this project/g)).toHaveLength(2);
    expect(two.out).toContain(`${two.path}:2: model_reasoning_effort takes`);
  });

  test("does not keep a setting from being written", async () => {
    expect((await inProject("model = 3\n", "trusted", "set", "model", "y", "-y")).exit).toBe(0);
  });
});
