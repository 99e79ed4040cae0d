/** What the library adds to the actions: a home on the real machine, checks, a config as plain data. */
import { describe, expect, test } from "vitest";
import { check, checkConfig, openHome, parseConfig } from "../src/index.ts";
import { story } from "./story.ts";

const homeOf = (files: Readonly<Record<string, string>>) =>
  openHome({ dir: story(files).home, codexVersion: "0.169.0" });

describe("the check of a home", () => {
  const broken = {
    "config.toml": 'model = "a"\n',
    "work.config.toml": "model = 3\n",
    "calm.config.toml": 'model = "b"\n',
  };

  test("names the profiles that fail although a plain start does not", async () => {
    const { failing, findings, loads } = await check(homeOf(broken));
    expect([loads, failing]).toEqual([true, ["work"]]);
    expect(findings).toMatchObject([{ code: "wrong-type", file: "profile:work", at: { line: 1 } }]);
  });

  test("of one start is about that one", async () => {
    expect(await check(homeOf(broken), { profile: "work" })).toMatchObject({ loads: false, failing: [] });
    expect(await check(homeOf(broken), { profile: "calm" })).toEqual({
      loads: true,
      strict: true,
      findings: [],
      failing: [],
    });
  });

  test("tells what is no TOML as a finding, and refuses what is no name of a profile", async () => {
    const { findings, loads } = await check(homeOf({ "config.toml": "model = \n" }));
    expect([loads, findings]).toMatchObject([false, [{ code: "not-toml", file: "config", at: { line: 1 } }]]);
    await expect(check(homeOf(broken), { profile: "../x" })).rejects.toMatchObject({ code: "usage" });
  });
});

describe("a text that is in no home", () => {
  test("is plain data: numbers where they hold an integer, bigint beyond, names like any other", () => {
    const { config, document } = parseConfig(
      "model_context_window = 9007199254740991\n[desktop]\nbig = 9007199254740993\n[mcp_servers.__proto__]\nargs = ['a']\n",
    );
    expect(config.model_context_window).toBe(9007199254740991);
    expect(config).toHaveProperty(["desktop", "big"], 9007199254740993n);
    expect(Object.keys(config.mcp_servers ?? {})).toEqual(["__proto__"]);
    expect(document.get(["model_context_window"])).toBe(9007199254740991n);
  });

  test("that is no TOML is an error with its place, by the name given", async () => {
    const wrong = { code: "invalid-toml", line: 2, column: 5 };
    expect(() => parseConfig("a = 1\nb = \n", "mine.toml")).toThrow(
      expect.objectContaining({ ...wrong, path: "mine.toml" }),
    );
    await expect(checkConfig("a = 1\nb = \n")).rejects.toMatchObject(wrong);
  });

  test("is checked for the release that is named", async () => {
    const text = "[profiles.x]\nmodel = 'a'\n[model_providers.openai]\nname = 'x'\n";
    const codes = async (codexVersion: string) =>
      (await checkConfig(text, { codexVersion })).findings
        .filter(({ stops }) => stops === "load")
        .map(({ code }) => code);
    expect(await codes("0.169.0")).toEqual(["reserved-provider"]);
    expect(await codes("0.114.0")).toEqual([]);
    await expect(checkConfig(text, { codexVersion: "newest" })).rejects.toMatchObject({ code: "usage" });
  });
});
