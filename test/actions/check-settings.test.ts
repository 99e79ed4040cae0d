/** What a text stands for as the value of a setting, and which settings are refused. */
import { describe, expect, test } from "vitest";
import { type CheckOptions, checkSettings, valueFor } from "../../src/actions/check-settings.ts";
import { settingOf } from "../../src/actions/setting.ts";
import type { KeyPath, TomlValue } from "../../src/model/op.ts";
import { memoryHome } from "../memory-home.ts";

type Wish = Partial<CheckOptions> & {
  readonly string?: boolean;
  readonly profile?: string;
  readonly version?: string;
  readonly config?: string;
};

function open({ config = "", version = "0.169.0" }: Wish) {
  return memoryHome({ "config.toml": config }, { version }).open();
}

async function value(key: string, text: string, wish: Wish = {}): Promise<TomlValue> {
  const { allowUnknown = false, string = false, profile, force } = wish;
  const home = open(wish);
  const options = { allowUnknown, string, ...(force === undefined ? {} : { force }) };
  return valueFor(home, settingOf(home, key, profile), text, options);
}

async function check(settings: Readonly<Record<string, TomlValue>>, wish: Wish = {}): Promise<void> {
  const { allowUnknown = false, force } = wish;
  const list = Object.entries(settings).map(([key, one]) => ({ path: key.split(".") as KeyPath, value: one }));
  await checkSettings(open(wish), list, { allowUnknown, ...(force === undefined ? {} : { force }) });
}

const refusal = (message: string | RegExp, hints: readonly unknown[], code = "invalid-config") =>
  expect.objectContaining({
    code,
    message: typeof message === "string" ? message : expect.stringMatching(message),
    hints,
  });
const ANYWAY = "to set it all the same: the same command with --allow-unknown";
const now = (key: string) => ({ note: "what it is now", argv: ["get", key] });

describe("a text", () => {
  test.each<[string, string, TomlValue]>([
    ["model", "gpt-5.5", "gpt-5.5"],
    ["model", '"gpt-5.5"', "gpt-5.5"],
    ["model", "two words", "two words"],
    ["model_context_window", "4_000", 4000n],
    ["hide_agent_reasoning", "true", true],
    ["notify", '["a", "b"]', ["a", "b"]],
    ["sandbox_mode", "read-only", "read-only"],
    ["desktop.x", "word", "word"],
    ["desktop.x", "1", 1n],
  ])("is for %s the value %s", async (key, text, expected) => {
    expect(await value(key, text)).toEqual(expected);
  });

  test("is a string whatever it looks like, where that is asked for", async () => {
    expect(await value("model", "true", { string: true })).toBe("true");
    expect(await value("desktop.x", "1", { string: true })).toBe("1");
  });

  test("that is no value and that the setting does not take as a string either is refused as none", async () => {
    for (const [text, reason] of [
      ["two words", "a text needs quotes here"],
      ["[1", "the array is not closed, or an item of it is no value"],
      ["", "a text needs quotes here"],
    ] as const)
      await expect(value("notify", text)).rejects.toEqual(
        refusal(
          `not a TOML value for notify: ${reason}`,
          ["if it is to be a string: the same command with --string"],
          "usage",
        ),
      );
    await expect(value("not_a_key", "word", { allowUnknown: true })).rejects.toMatchObject({ code: "usage" });
    expect(await value("not_a_key", "1", { allowUnknown: true })).toBe(1n);
  });

  test("that the setting does not take is refused with what it takes, unless forced", async () => {
    await expect(value("model_context_window", "many")).rejects.toEqual(
      refusal("model_context_window takes an integer (Codex 0.169.0)", [now("model_context_window")]),
    );
    await expect(value("hide_agent_reasoning", "1")).rejects.toEqual(
      refusal("hide_agent_reasoning takes true or false (Codex 0.169.0)", [now("hide_agent_reasoning")]),
    );
    expect(await value("hide_agent_reasoning", "1", { force: true })).toBe(1n);
    await expect(value("hide_agent_reasoning", "1", { force: false })).rejects.toMatchObject({
      code: "invalid-config",
    });
  });

  test("is checked where the release keeps the setting: a profile's table takes fewer", async () => {
    const old = { version: "0.120.0", profile: "work" };
    expect(await value("model", "x", old)).toBe("x");
    await expect(value("mcp_servers.a.command", "c", old)).rejects.toMatchObject({ code: "invalid-config" });
    expect(await value("mcp_servers.a.command", "c", { profile: "work" })).toBe("c");
    await expect(value("model", "1", old)).rejects.toEqual(
      refusal("profiles.work.model takes a string (Codex 0.120.0)", [now("model")]),
    );
  });
});

describe("a setting that the release does not know", () => {
  test("is refused with the nearest name, at whatever depth the mistake is", async () => {
    const near = (key: string, name: string) =>
      refusal(`${key} is no setting of Codex 0.169.0`, [`did you mean: ${name}`, ANYWAY]);
    await expect(value("modle", "x")).rejects.toEqual(near("modle", "model"));
    await expect(value("tui.animatons", "true")).rejects.toEqual(near("tui.animatons", "tui.animations"));
    await expect(value("model_provide", "x")).rejects.toEqual(near("model_provide", "model_provider"));
    await expect(value("model_providers.p.auth.comand", "x")).rejects.toEqual(
      near("model_providers.p.auth.comand", "model_providers.p.auth.command"),
    );
    await expect(value("featurs.x", "true")).rejects.toEqual(near("featurs", "features.x"));
    await expect(value("mcp_servers.a.comand", "x")).rejects.toEqual(
      near("mcp_servers.a.comand", "mcp_servers.a.command"),
    );
    await expect(value("zzzzzzzz", "x")).rejects.toEqual(refusal("zzzzzzzz is no setting of Codex 0.169.0", [ANYWAY]));
  });

  test("is refused inside of a table that is given as a whole", async () => {
    await expect(check({ tui: { animatons: true } })).rejects.toEqual(
      refusal("tui.animatons is no setting of Codex 0.169.0", ["did you mean: tui.animations", ANYWAY]),
    );
    await expect(check({ "mcp_servers.a": { command: "c", comand: "d" } })).rejects.toMatchObject({
      code: "invalid-config",
    });
  });

  test("is taken where that is allowed, and what it holds is looked at where it is known", async () => {
    await check({ modle: "x", tui: { animatons: 1n } }, { allowUnknown: true });
    await expect(check({ tui: { animatons: 1n, animations: 1n } }, { allowUnknown: true })).rejects.toEqual(
      refusal("tui.animations takes true or false (Codex 0.169.0)", []),
    );
  });

  test("below one that holds no settings is refused with what that takes", async () => {
    await expect(value("model.name", "x")).rejects.toEqual(
      refusal("model takes a string (Codex 0.169.0)", [now("model")]),
    );
  });
});

describe("settings that are checked together", () => {
  test("are fine where all are taken, in any number", async () => {
    await check({});
    await check({ model: "x", "tui.animations": true, "desktop.x": { y: [1n] } });
  });

  test("are refused for the first that is not, and with force only for what is unknown", async () => {
    await expect(check({ model: "x", "tui.animations": 1n, modle: "x" })).rejects.toEqual(
      refusal("tui.animations takes true or false (Codex 0.169.0)", []),
    );
    await check({ "tui.animations": 1n }, { force: true });
    await expect(check({ "tui.animations": 1n, modle: "x" }, { force: true })).rejects.toMatchObject({
      message: "modle is no setting of Codex 0.169.0",
    });
  });

  test("are refused where a table says the same under an old and a new name", async () => {
    const twice = { ghost_snapshot: { ignore_large_untracked_dirs: 1n, large_untracked_dir_warning_threshold: 1n } };
    await expect(check(twice)).rejects.toEqual(
      refusal(/ cannot stand beside .*, which is the same setting \(Codex /, []),
    );
    await check(twice, { force: true });
  });
});
