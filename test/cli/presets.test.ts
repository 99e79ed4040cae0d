/** Presets as data: where they are found, what they bring, and that nothing of them is trusted. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import Ajv from "ajv/dist/2020.js";
import { buildSync } from "esbuild";
import { afterAll, describe, expect, test } from "vitest";
import { parseDocument } from "../../src/toml/document.ts";
import { AS_PROGRAM } from "../as-program.ts";
import { type Story, story } from "../story.ts";

const NEW = ["--codex-version", "0.169.0"];
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
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
    [
      "a profile that cannot switch them",
      '[mine]\nprofile = { name = "fast", settings = { model = "m" } }\nservers = { disable = ["git*"] }\n',
      "0.133.0",
      "a profile of Codex 0.133.0 cannot turn MCP servers on",
    ],
    ["a Codex without switches", '[mine.servers]\ndisable = ["git*"]\n', "0.44.0", "Codex 0.44.0 knows no `enabled`"],
  ])("with servers is refused for %s, unless they are as wanted", async (_, text, version, sentence) => {
    const tale = withPresets(text, undefined, { "config.toml": '[mcp_servers.github]\ncommand = "g"\n' });
    const before = tale.files();
    const { err, exit } = await tale.run("apply", "mine", "--allow-unknown", "--codex-version", version);
    expect(exit).toBe(3);
    expect(err).toContain(sentence);
    expect(tale.files()).toEqual(before);
    tale.write("config.toml", '[mcp_servers.docs]\ncommand = "d"\n');
    expect((await tale.run("apply", "mine", "--allow-unknown", "--codex-version", version)).exit).toBe(0);
    expect(tale.read("config.toml")).not.toContain("enabled");
  });

  test("names servers with the patterns that mcp has, and on wins", async () => {
    const tale = withPresets('[quiet.servers]\ndisable = ["doc?", "m*"]\nenable = ["m2"]\n', undefined, {
      "config.toml": ["docs", "doc", "m1", "m2"].map((name) => `[mcp_servers.${name}]\ncommand = "x"\n`).join(""),
    });
    await tale.run("apply", "quiet", ...NEW);
    const servers = parseDocument(tale.read("config.toml"), "").data.mcp_servers as Record<string, object>;
    expect(Object.keys(servers).filter((name) => "enabled" in (servers[name] ?? {}))).toEqual(["docs", "m1"]);
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

  test("may be named by its file, wherever that is", async () => {
    const tale = story();
    writeFileSync(join(tale.cwd, "team.toml"), "[a.settings]\nmodel = 'a'\n\n[b.settings]\nmodel = 'b'\n");
    expect((await tale.run("apply", "./team.toml#b", ...NEW)).exit).toBe(0);
    expect(tale.read("config.toml")).toBe('model = "b"\n');
    const several = await tale.run("apply", "./team.toml", ...NEW);
    expect(several.exit).toBe(2);
    expect(several.err).toContain("it has: a, b");
    expect(several.err).toContain("codex-cfg apply './team.toml#a'");
    expect((await tale.run("apply", "./nothing.toml", ...NEW)).exit).toBe(3);
  });

  test.each([
    ["empty.toml", ""],
    ["empty.json", "\n"],
    ["empty.yaml", "# nothing yet\n"],
    ["empty.toml#a", "# nothing yet\n"],
  ])("may be looked for in vain in %s", async (reference, text) => {
    const tale = story();
    writeFileSync(join(tale.cwd, reference.replace("#a", "")), text);
    const { err, exit } = await tale.run("apply", `./${reference}`, ...NEW);
    expect({ exit, err }).toEqual({ exit: 2, err: expect.stringContaining("the file holds no preset [unknown-name]") });
  });

  test("may stand in a later file where an earlier one holds nothing", async () => {
    const tale = withPresets("\n");
    expect((await tale.run("presets", ...NEW)).err).toContain("your own go into");
    writeFileSync(join(tale.root, ".config", "codex-cfg", "codex-cfg.presets.json"), '{"later": {}}');
    expect((await tale.run("presets", ...NEW)).out).toContain("later");
  });

  test.each([
    ["json", '{"mine": {"settings": {"notify": ["a", null]}}}', "mine.settings.notify.1"],
    ["yaml", "mine:\n  settings:\n    model:\n", "mine.settings.model"],
  ])("has no null, which %s has", async (ending, text, place) => {
    const tale = withPresets(text, `codex-cfg.presets.${ending}`);
    const { err, exit } = await tale.run("apply", "mine", ...NEW);
    expect(exit).toBe(3);
    expect(err).toContain(`${place} is null`);
    expect(tale.files()).toEqual({});
  });

  test("keeps a table of that id that is somebody's own, and says how to replace it", async () => {
    const tale = withPresets(MINE, undefined, { "config.toml": '[model_providers.mine]\nname = "Other"\n' });
    const { err, exit } = await tale.run("apply", "mine", "--set", "url=http://a/b c", ...NEW);
    expect(exit).toBe(3);
    expect(err).toContain("codex-cfg apply mine --set 'url=http://a/b c' --overwrite\n");
    expect((await tale.run("apply", "mine", "--overwrite", ...NEW)).exit).toBe(0);
  });
});

describe("no code is run, whatever lies about,", () => {
  const root = mkdtempSync(join(tmpdir(), "codex-cfg-presets-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const program = join(root, "program.mjs");
  buildSync({
    entryPoints: [join(ROOT, "test/faults/command.ts")],
    outfile: program,
    ...AS_PROGRAM,
    external: ["typescript"],
  });

  /** A process of its own in the story's working directory, and what plants of `codeFor` it ran. */
  function runIn(tale: Story, ...argv: string[]) {
    const { stderr, stdout } = spawnSync(process.execPath, [program, ...argv], {
      cwd: tale.cwd,
      env: tale.env,
      encoding: "utf8",
    });
    return { out: stdout, err: stderr, executed: readdirSync(tale.root).filter((name) => name.startsWith("executed")) };
  }

  /** Code, of CommonJS or of an ES module, that leaves a file when it is run. */
  const codeFor = (tale: Story, name: string) => {
    const leave = `writeFileSync(${JSON.stringify(join(tale.root, `executed-${name.replaceAll("/", "-")}`))}, "");`;
    return /\.(?:mjs|ts)$/.test(name)
      ? `import { writeFileSync } from "node:fs";\n${leave}\nexport default {};\n`
      : `const { writeFileSync } = require("node:fs");\n${leave}\nmodule.exports = {};\n`;
  };

  test.each([
    [".config/config.js"],
    [".config/config.cjs"],
    [".config/config.mjs"],
    [".config/config.ts"],
    ["package.json"],
    [".config/config.json"],
  ])("as %s of a repository", (name) => {
    const tale = withPresets('{"mine": {"settings": {"model": "m"}}}', "codex-cfg.presets.json", {
      "codex-cfg.presets.yaml": "yours:\n  description: mine too\n",
    });
    const evil = join(tale.cwd, "evil.cjs");
    writeFileSync(evil, codeFor(tale, "evil.cjs"));
    mkdirSync(join(tale.cwd, ".config"));
    const searchPlaces = [relative(join(tale.root, ".config", "codex-cfg"), evil)];
    // How packages that look for their settings everywhere are told of more places, and of presets.
    const data = {
      cosmiconfig: { searchPlaces, cosmiconfig: { searchPlaces } },
      "codex-cfg": { planted: {}, "codex-cfg": { planted: {} } },
    };
    writeFileSync(join(tale.cwd, name), name.endsWith(".json") ? JSON.stringify(data) : codeFor(tale, name));
    const listed = runIn(tale, "presets", ...NEW);
    expect(listed.out).toMatch(/mine[\s\S]*yours/);
    expect(listed.out).not.toContain("planted");
    expect(listed.executed).toEqual([]);
    expect(runIn(tale, "apply", "mine", ...NEW).executed).toEqual([]);
    expect(tale.read("config.toml")).toBe('model = "m"\n');
    const completed = runIn(tale, "__complete", "--current=", "--", "apply");
    expect(completed.out).toContain("mine");
    expect(completed.executed).toEqual([]);
  });

  test("as an $import of a presets file, which is refused", () => {
    const tale = withPresets('"$import" = "./evil.cjs"\n\n[mine.settings]\nmodel = "m"\n');
    for (const folder of [join(tale.root, ".config", "codex-cfg"), tale.cwd])
      writeFileSync(join(folder, "evil.cjs"), codeFor(tale, "evil.cjs"));
    const { err, executed } = runIn(tale, "apply", "mine", ...NEW);
    expect(executed).toEqual([]);
    expect(err).toContain('"$import" takes a table');
    expect(tale.files()).toEqual({});
  });

  test("nor is a preset found in the working directory", () => {
    const tale = story();
    const text = "[planted.settings]\nmodel = 'x'\n";
    mkdirSync(join(tale.cwd, "codex-cfg"));
    for (const folder of [".", "codex-cfg"]) writeFileSync(join(tale.cwd, folder, "codex-cfg.presets.toml"), text);
    for (const place of ["", "."]) {
      tale.env.XDG_CONFIG_HOME = place;
      expect(runIn(tale, "apply", "planted", ...NEW).err).toContain('there is no preset "planted"');
      expect(runIn(tale, "presets", ...NEW).out).not.toContain("planted");
    }
  });

  test("as a presets file that is code", () => {
    const tale = withPresets("[mine.settings]\nmodel = 'm'\n");
    const names = ["js", "cjs", "mjs", "ts"].map((ending) => `codex-cfg.presets.${ending}`);
    for (const name of names) {
      writeFileSync(join(tale.root, ".config", "codex-cfg", name), codeFor(tale, name));
      tale.write(name, codeFor(tale, name));
    }
    expect(runIn(tale, "presets", ...NEW).executed).toEqual([]);
  });
});

test("a hint repeats the file and the parameters of the command, but for what may be a secret", async () => {
  const tale = story();
  writeFileSync(join(tale.cwd, "my team.toml"), '[a]\nparameters = { url = {}, token = {}, "a b" = {} }\n');
  const { err } = await tale.run("apply", "./my team.toml", "--set", "url=u", "--set", "token=hidden", ...NEW);
  expect(err).toContain("codex-cfg apply './my team.toml' --set url=u --set token=VALUE --set 'a b=VALUE'\n");
});

describe("a preset is refused", () => {
  test.each([
    ["with a provider of Codex's own", '[x.provider]\nid = "openai"\nname = "x"\n', [], 3, "as provider.id of x\n"],
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
