/** Presets as data: where they are found, what they bring, and that nothing of them is trusted. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Ajv from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { parseDocument } from "../../src/toml/document.ts";
import { type Story, story } from "../story.ts";

const NEW = ["--codex-version", "0.169.0"];
const EXAMPLES = fileURLToPath(new URL("../../examples/presets/codex-cfg.presets.toml", import.meta.url));

/** A home whose owner has these presets in the configuration folder. */
function withPresets(text: string, name = "codex-cfg.presets.toml", files: Record<string, string> = {}): Story {
  const tale = story(files);
  const folder = join(tale.root, ".config", "codex-cfg");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
  return tale;
}

const MINE = `[mine]
description = "mine"
parameters.url = { default = "http://127.0.0.1:1/v1" }

[mine.provider]
id = "mine"
name = "Mine"
base_url = "\${url}"

[mine.profile]
name = "fast"
settings = { model_provider = "mine", tui = { notifications = true } }

[mine.servers]
disable = ["git*"]

[mine.settings]
hide_agent_reasoning = true
`;

describe("a preset of the user's own", () => {
  test("brings provider, profile, switches and settings as one change, and revert takes all of it back", async () => {
    const tale = withPresets(MINE, undefined, {
      "config.toml": '[mcp_servers.github]\ncommand = "g"\n\n[mcp_servers.docs]\ncommand = "d"\n',
    });
    const before = tale.files();
    expect((await tale.run("apply", "mine", "--set", "url=http://127.0.0.1:2/v1", ...NEW)).exit).toBe(0);
    expect(tale.read("config.toml")).toBe(
      'hide_agent_reasoning = true\n\n[mcp_servers.github]\ncommand = "g"\n\n[mcp_servers.docs]\ncommand = "d"\n\n[model_providers.mine]\nname = "Mine"\nbase_url = "http://127.0.0.1:2/v1"\n',
    );
    expect(tale.read("fast.config.toml")).toBe(
      'model_provider = "mine"\n\n[tui]\nnotifications = true\n\n[mcp_servers.github]\nenabled = false\n',
    );
    expect((await tale.run("apply", "mine", "--set", "url=http://127.0.0.1:2/v1", ...NEW)).err).toContain(
      "nothing to do\n",
    );
    expect((await tale.run("revert", "mine")).exit).toBe(0);
    expect(tale.files()).toEqual(before);
  });

  test("is written where an older Codex keeps profiles", async () => {
    const plain = MINE.replace('[mine.servers]\ndisable = ["git*"]\n\n', "").replace(
      ", tui = { notifications = true }",
      "",
    );
    const tale = withPresets(plain);
    expect((await tale.run("apply", "mine", "--codex-version", "0.130.0")).exit).toBe(0);
    expect(tale.read("config.toml")).toContain('[profiles.fast]\nmodel_provider = "mine"\n');
  });

  test.each([
    ["codex-cfg.presets.json", '{"mine": {"settings": {"hide_agent_reasoning": true, "model_context_window": 5}}}'],
    ["codex-cfg.presets.yaml", "mine:\n  settings:\n    hide_agent_reasoning: true\n    model_context_window: 5\n"],
  ])("may stand in %s", async (name, text) => {
    const tale = withPresets(text, name);
    await tale.run("apply", "mine", ...NEW);
    expect(tale.read("config.toml")).toBe("hide_agent_reasoning = true\nmodel_context_window = 5\n");
  });

  test("may stand in the Codex home, where the configuration folder's wins", async () => {
    const tale = withPresets('[both.settings]\nmodel = "from the folder"\n', undefined, {
      "codex-cfg.presets.toml": '[both.settings]\nmodel = "from the home"\n\n[home-only.settings]\nmodel = "h"\n',
    });
    expect((await tale.run("presets", ...NEW)).out).toMatch(/both[\s\S]*home-only/);
    await tale.run("apply", "both", ...NEW);
    expect(tale.read("config.toml")).toContain("from the folder");
  });

  test("is never found in the working directory, and never as code", async () => {
    const tale = story();
    writeFileSync(join(tale.cwd, "codex-cfg.presets.toml"), "[planted.settings]\nmodel = 'x'\n");
    writeFileSync(join(tale.cwd, "codex-cfg.config.js"), "throw new Error('executed')");
    const folder = join(tale.root, ".config", "codex-cfg");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "codex-cfg.presets.js"), "throw new Error('executed')");
    const { err, exit } = await tale.run("apply", "planted", ...NEW);
    expect(exit).toBe(2);
    expect(err).toContain('there is no preset "planted"');
    expect((await tale.run("presets", ...NEW)).out).not.toContain("planted");
  });

  test("may be named by its file, wherever that is", async () => {
    const tale = story();
    writeFileSync(join(tale.cwd, "team.toml"), "[a.settings]\nmodel = 'a'\n\n[b.settings]\nmodel = 'b'\n");
    expect((await tale.run("apply", "./team.toml#b", ...NEW)).exit).toBe(0);
    expect(tale.read("config.toml")).toBe('model = "b"\n');
    const several = await tale.run("apply", "./team.toml", ...NEW);
    expect(several.exit).toBe(2);
    expect(several.err).toContain("it has: a, b");
    expect((await tale.run("apply", "./nothing.toml", ...NEW)).exit).toBe(3);
  });

  test("keeps a table of that id that is somebody's own", async () => {
    const tale = withPresets(MINE, undefined, { "config.toml": '[model_providers.mine]\nname = "Other"\n' });
    expect((await tale.run("apply", "mine", ...NEW)).exit).toBe(3);
    expect((await tale.run("apply", "mine", "--overwrite", ...NEW)).exit).toBe(0);
  });
});

describe("a preset is refused", () => {
  test.each([
    ["with a provider of Codex's own", '[x.provider]\nid = "openai"\nname = "x"\n', [], 3, "[reserved-provider]"],
    [
      "with a setting that this Codex does not know",
      "[x.settings]\nmodle = 'y'\n",
      [],
      3,
      "modle is no setting of Codex 0.169.0",
    ],
    [
      "with a value of the wrong type",
      "[x.settings]\nhide_agent_reasoning = 'y'\n",
      [],
      3,
      "hide_agent_reasoning takes true or false",
    ],
    ["with what would not load", "[x.settings]\nmodel_provider = 'nope'\n", [], 3, "no provider nope is defined"],
    ["with a part that presets do not have", "[x]\nscript = 'rm'\n", [], 3, "x.script is nothing that a preset has"],
    ["with a part that is missing", "[x.provider]\nname = 'n'\n", [], 3, "x.provider.id is missing"],
    [
      "with a profile name that leads elsewhere",
      "[x.profile]\nname = '../evil'\nsettings = { model = 'm' }\n",
      [],
      2,
      "not a profile name",
    ],
    [
      "without a parameter it needs",
      `[x]\nparameters.url = {}\nsettings.model = '\${url}'\n`,
      [],
      2,
      "codex-cfg apply x --set url=VALUE",
    ],
    [
      "with a parameter it does not have",
      "[x.settings]\nmodel = 'm'\n",
      ["--set", "url=1"],
      2,
      "the preset x has no parameter url",
    ],
    [
      "with flags of another preset",
      "[x.settings]\nmodel = 'm'\n",
      ["--scope", "default"],
      2,
      "--scope is for http-sse alone",
    ],
    ["that is not TOML", "[x\n", [], 3, "[invalid-toml]"],
  ])("%s", async (_, text, flags, exit, sentence) => {
    const tale = withPresets(text);
    const ran = await tale.run("apply", "x", ...flags, ...NEW);
    expect(ran.exit, ran.err).toBe(exit);
    expect(ran.err).toContain(sentence);
    expect(tale.files()).toEqual({});
  });
});

describe("the examples", () => {
  const schema = JSON.parse(readFileSync(new URL("../../schemas/preset.schema.json", import.meta.url), "utf8"));

  test("fit the schema for editors", () => {
    const ajv = new Ajv.default({ strict: true });
    const plain = JSON.parse(JSON.stringify(parseDocument(readFileSync(EXAMPLES, "utf8"), "").data));
    expect(ajv.validate(schema, plain), ajv.errorsText()).toBe(true);
    expect(ajv.validate(schema, { x: { script: "rm" } })).toBe(false);
  });

  test.each([
    ["litellm", ["--set", "model=m"]],
    ["azure", ["--set", "resource=r", "--set", "deployment=d"]],
    ["ollama-here", []],
    ["lean", []],
  ])("%s applies to a home with servers, loads, and comes off again", async (name, flags) => {
    const tale = story({ "config.toml": '[mcp_servers.docs]\ncommand = "d"\n' });
    const before = tale.files();
    expect((await tale.run("apply", `${EXAMPLES}#${name}`, ...flags, ...NEW)).exit).toBe(0);
    const { loads, strict } = JSON.parse((await tale.run("validate", "--profile", name, "--json", ...NEW)).out);
    // The strict view looks at each file alone, where a switch has no server.
    expect({ loads, strict }).toEqual({ loads: true, strict: name !== "lean" });
    await tale.run("revert");
    expect(tale.files()).toEqual(before);
  });
});
