/** What presets files may hold in each format, how a preset is reached, and what is said of one that is wrong. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Ran, type Story, story } from "../story.ts";

const NEW = ["--codex-version", "0.169.0"];

/** A home with this presets file; the command is run and what it said comes back, the home's path left out. */
async function withFile(name: string, text: string, ...argv: string[]): Promise<Ran & { readonly tale: Story }> {
  const tale = story({ [`codex-cfg.presets.${name}`]: text });
  const { err, exit, out } = await tale.run(...argv, ...NEW);
  const [spoken, shown] = [err, out].map((one) => one.replaceAll(`${tale.home}/`, "")) as [string, string];
  return { tale, exit, out: shown, err: spoken };
}

const azure = (date: string) => `x:
  provider:
    id: azure
    name: Azure
    base_url: https://a.example/v1
    query_params: ${date}
`;

describe("a date without quotes", () => {
  test.each([
    ["{api-version: 2024-10-21}", 'api-version = "2024-10-21"'],
    ["{api-version: 2024-13-45}", 'api-version = "2024-13-45"'],
    ["{a: 2001-12-14t21:59:43.10-05:00}", 'a = "2001-12-14t21:59:43.10-05:00"'],
    ["{a: 2001-1-4 21:59:43 }", 'a = "2001-1-4 21:59:43"'],
    ['{a: "since 2024-10-21"}', 'a = "since 2024-10-21"'],
    ["{2024-10-21: &d2024-01-01 b, c: *d2024-01-01}", '2024-10-21 = "b"\nc = "b"'],
  ])("is in YAML the string that it is spelled as: %s", async (date, written) => {
    const { err, exit, tale } = await withFile("yaml", azure(date), "apply", "x");
    expect(exit, err).toBe(0);
    expect(tale.read("config.toml")).toContain(`[model_providers.azure.query_params]\n${written}\n`);
  });

  test.each([
    [
      '[x.provider]\nid = "azure"\nquery_params = { api-version = 2024-10-21 }\n',
      "x.provider.query_params.api-version",
    ],
    ['[x.settings]\nnotify = ["a", 07:30:00]\n', "x.settings.notify.1"],
  ])("is refused in TOML by its name", async (text, place) => {
    const { err, exit, tale } = await withFile("toml", text, "apply", "x");
    expect(exit).toBe(3);
    expect(err).toBe(
      `error: codex-cfg.presets.toml: ${place} is a date or a time, and Codex takes strings only [invalid-config]\n` +
        "  hint: put it into quotes, then look: codex-cfg presets\n",
    );
    expect(tale.read("codex-cfg.presets.toml")).toBe(text);
  });
});

describe("a number", () => {
  test.each([
    ["json", '{"x": {"settings": {"model_context_window": 9007199254740993}}}'],
    ["yaml", "x: {settings: {model_context_window: -9007199254740993}}\n"],
  ])("that %s cannot hold is refused by its name", async (ending, text) => {
    const { err, exit } = await withFile(ending, text, "apply", "x");
    expect(exit).toBe(3);
    expect(err).toContain("x.settings.model_context_window is beyond 9007199254740991");
    expect(err).toContain("write that preset in codex-cfg.presets.toml; then look: codex-cfg presets\n");
  });

  test("that it can hold, or that TOML holds, is written as it is", async () => {
    const most = '{"x": {"settings": {"model_context_window": 9007199254740991}}}';
    expect((await withFile("json", most, "apply", "x")).out).toContain("+model_context_window = 9007199254740991\n");
    const more = "[x.settings]\nmodel_context_window = 9007199254740993\n";
    expect((await withFile("toml", more, "apply", "x")).out).toContain("+model_context_window = 9007199254740993\n");
  });
});

describe("a file that cannot be read", () => {
  test.each([
    ["json", '{\n  "x": hidden\n}', "not valid JSON at line 2, column 8 [invalid-config]"],
    ["json", '{"x": {"settings": {},}}', "not valid JSON at line 1, column 23 [invalid-config]"],
    ["json", '{"x": [1,]}', "not valid JSON at line 1, column 10 [invalid-config]"],
    ["json", '{"x": {\n', "not valid JSON at line 2, column 1 [invalid-config]"],
    ["json", '{"x": {}} hidden', "not valid JSON at line 1, column 11 [invalid-config]"],
    ["json", '{"hidden at position 1": tru}', "not valid JSON at line 1, column 29 [invalid-config]"],
    ["yaml", "x:\n  d: 2024-10-21 # old\n y: [hidden\n", "not valid YAML at line 3, column 2 [invalid-config]"],
    ["yaml", "x: {2024-10-21: hidden, *no : 1}\n", "not valid YAML at line 1, column 28 [invalid-config]"],
    ["yaml", "x: {}\n---\nhidden: {}\n", "not one YAML document [invalid-config]"],
    ["toml", "[x]\n[x]\n", "not valid TOML at line 2, column 2 [invalid-toml]"],
    ["toml", "[x]\nhidden = \n", "not valid TOML at line 2, column 10 [invalid-toml]"],
  ])("%s: says where, what helps, and nothing of its text: %j", async (ending, text, sentence) => {
    const { err, exit } = await withFile(ending, text, "apply", "x");
    expect(exit).toBe(3);
    expect(err).toBe(
      `error: codex-cfg.presets.${ending}: ${sentence}\n` +
        "  hint: correct it in an editor, then run the same command again; nothing was written\n" +
        "  hint: how presets are written: codex-cfg presets --help\n",
    );
  });

  test("has its line and column in the document of --json, too", async () => {
    const { out } = await withFile("json", '{"x": ?}', "apply", "x", "--json");
    expect(JSON.parse(out).error).toMatchObject({ code: "invalid-config", line: 1, column: 7 });
  });

  test.each([
    ["json", '["x"]'],
    ["yaml", "just words\n"],
  ])("because it holds no tables, %s, is told so", async (ending, text) => {
    const { err, exit } = await withFile(ending, text, "presets");
    expect(exit).toBe(3);
    expect(err).toContain("holds no presets, which are a table each");
  });

  test.each([
    ["values", (i: number) => `a${i}: &a${i} [${Array(9).fill(i === 0 ? "x" : `*a${i - 1}`)}]`],
    [
      "keys",
      (i: number) => `a${i}: &a${i} {${[..."abcdefghi"].map((key) => `${key}: ${i === 0 ? "x" : `*a${i - 1}`}`)}}`,
    ],
    [
      "characters",
      (i: number) => (i === 0 ? `a0: &a0 ${"x".repeat(100_000)}` : `a${i}: &a${i} [${Array(9).fill(`*a${i - 1}`)}]`),
    ],
    ["circles", (i: number) => (i === 0 ? "a0: &a0 [*a0, *a0, *a0, *a0]" : `a${i}: {}`)],
  ] as const)("because YAML's aliases come to billions of %s is refused, at once", async (_, line) => {
    const text = Array.from({ length: 9 }, (_, i) => line(i)).join("\n");
    const start = process.cpuUsage();
    const { err, exit } = await withFile("yaml", `${text}\n`, "presets");
    expect([exit, err]).toEqual([3, expect.stringMatching(/its aliases repeat more|nested deeper/)]);
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(4);
  });

  test("because YAML leads it in a circle is refused", async () => {
    const { err, exit } = await withFile("yaml", "x: {settings: &a {notify: *a}}\n", "presets");
    expect(exit).toBe(3);
    expect(err).toContain("is nested deeper than 80 levels");
  });
});

describe("YAML whose aliases", () => {
  const levels = (first: string, of: (name: string) => string) =>
    [`x0: &x0 ${first}`, ...Array.from({ length: 9 }, (_, i) => `x${i + 1}: &x${i + 1} ${of(`*x${i}`)}`)].join("\n");
  const nine = (name: string) => `[${Array(9).fill(name).join(",")}]`;

  test.each<[string, string]>([
    ["double nine times nine times over", levels(nine("x"), nine)],
    ["do so in tables", levels("{a: 1}", (name) => `{a: ${name}, b: ${name}, c: ${name}, d: ${name}, e: ${name}}`)],
    ["do so in a circle", "x: &a [*a, *a, *a]\n"],
    ["repeat a long text", `x: &x ${"a".repeat(9000)}\n${levels("[*x,*x]", nine)}`],
  ])("%s are refused at once", async (_, text) => {
    const before = performance.now();
    for (const argv of [["presets"], ["apply", "x"]]) {
      const { err, exit } = await withFile("yaml", text, ...argv);
      expect(exit, err).toBe(3);
      expect(err).toMatch(/its aliases repeat more than a preset can hold|is nested deeper than 80 levels/);
    }
    expect(performance.now() - before).toBeLessThan(3000);
  });

  test("repeat a few values are read", async () => {
    const text = "x: {description: &d fine, settings: {model: *d}}\n";
    expect((await withFile("yaml", text, "presets")).out).toContain("fine");
  });
});

test.each([
  ["json", '{"x": {"description": "fine"}}'],
  ["yaml", "x: {description: fine}\n"],
  ["toml", 'x.description = "fine"\n'],
])("a BOM in front of %s is no part of it", async (ending, text) => {
  expect((await withFile(ending, `\ufeff${text}`, "presets")).out).toContain("fine");
});

describe("what a preset has wrong", () => {
  const THEN = "  hint: correct it in that file, then see: codex-cfg apply x --dry-run\n";

  test.each([
    [
      "a value that Codex does not take",
      '[x.settings]\napproval_policy = "whenever"\n',
      3,
      /^preset x: approval_policy takes .* \(Codex 0\.169\.0\)/,
      THEN,
    ],
    [
      "a setting that Codex does not have",
      "[x.profile]\nname = 'p'\nsettings = { modle = 'y' }\n",
      3,
      /^preset x: modle is no setting of Codex 0\.169\.0/,
      `  hint: did you mean: model\n  hint: to set it all the same: the same command with --allow-unknown\n${THEN}`,
    ],
    [
      "a profile's name",
      "[x.profile]\nname = 'my prof'\n",
      2,
      /^preset x: not a profile name: "my prof" \(letters, digits, _ and - only, at most 64 of them\)/,
      THEN,
    ],
    [
      "a provider of Codex's own",
      '[x.provider]\nid = "openai"\n',
      3,
      /^preset x: openai is a provider built into Codex/,
      `  hint: choose another id: as provider.id of x\n${THEN}`,
    ],
    [
      "an unknown parameter",
      `[x]\nparameters = { url = {}, key = {} }\n[x.settings]\nnotify = ["a", "\${ur}"]\n`,
      3,
      /^x\.settings\.notify\.1: \$\{ur\} is no parameter of the preset/,
      "  hint: its parameters: url, key; to write it as it stands: $${ur}\n" +
        "  hint: how presets are written: codex-cfg presets --help\n",
    ],
    [
      "an unknown member",
      '["my x"]\nscript = "rm"\n',
      3,
      /^"my x"\.script is nothing that a preset has/,
      "  hint: how presets are written: codex-cfg presets --help\n",
    ],
    [
      "what would not load",
      '[x.settings]\nmodel_provider = "nope"\n',
      3,
      null,
      "  hint: see which ones are: codex-cfg provider list\n" +
        "  hint: it comes with the preset x of codex-cfg.presets.toml; nothing was written\n",
    ],
  ])("%s, is said of its file, with what helps there", async (_, text, exit, sentence, hints) => {
    const given = text.includes("parameters") ? ["--set", "url=u", "--set", "key=k"] : [];
    const ran = await withFile("toml", text, "apply", "x", ...given);
    expect(ran.exit, ran.err).toBe(exit);
    const start = "error: codex-cfg.presets.toml: ";
    if (sentence !== null) expect(ran.err.slice(ran.err.indexOf(start) + start.length)).toMatch(sentence);
    expect(ran.err.slice(ran.err.indexOf("  hint:"))).toBe(hints);
    expect(Object.keys(ran.tale.files())).toEqual(["codex-cfg.presets.toml"]);
  });
});

describe("a parameter", () => {
  test("is filled in under every key, whatever that is called", async () => {
    const text = `[x]
parameters.p = { default = "filled" }
settings.mcp_servers.s = { command = "c", env = { parameters = "\${p}", description = "\${p}" } }
`;
    const { tale } = await withFile("toml", text, "apply", "x");
    expect(tale.read("config.toml")).toContain('parameters = "filled"\ndescription = "filled"\n');
  });

  test("is not meant behind two dollars: one of them is written, and the text", async () => {
    const text = `[x]\nparameters.p = { default = "1" }\nsettings.notify = ["$\${p}", "$\${HOME}-\${p}", "$p $$ {p}"]\n`;
    const { tale } = await withFile("toml", text, "apply", "x");
    expect(tale.read("config.toml")).toBe(`notify = ["\${p}", "\${HOME}-1", "$p $$ {p}"]\n`);
  });

  test("is not looked for in what is said of a preset", async () => {
    const text = `[x]\ndescription = "key from \${GATEWAY_KEY}"\nsettings.model = "m"\n`;
    expect((await withFile("toml", text, "presets")).out).toContain(`key from \${GATEWAY_KEY}`);
    expect((await withFile("toml", text, "apply", "x")).exit).toBe(0);
  });
});

describe("every preset that is listed", () => {
  test("can be applied, in whichever file of a folder it is", async () => {
    const tale = story({
      "codex-cfg.presets.toml": '[a.settings]\nmodel = "from toml"\n',
      "codex-cfg.presets.json": '{"a": {"settings": {"model": "from json"}}, "b": {"settings": {"model": "b"}}}',
      "codex-cfg.presets.yaml": "b: {settings: {model: from yaml}}\nc: {settings: {model: c}}\n",
    });
    for (const [name, model] of [
      ["a", "from toml"],
      ["b", "b"],
      ["c", "c"],
    ] as const) {
      expect((await tale.run("apply", name, ...NEW)).exit).toBe(0);
      expect(tale.read("config.toml")).toBe(`model = "${model}"\n`);
    }
  });

  test.each([["http-sse"], ["a#b"], ["a/b"], ["old.toml"], ["#"], ["x.json#1"], ["plain"]])(
    "can be applied as it is listed: %s",
    async (name) => {
      const tale = story({ "codex-cfg.presets.toml": `["${name}".settings]\nmodel = "m"\n` });
      const listed = JSON.parse((await tale.run("presets", "--json", ...NEW)).out).presets as { name: string }[];
      const { err, exit } = await tale.run("apply", listed.at(-1)?.name ?? "", ...NEW);
      expect(exit, err).toBe(0);
      expect(tale.read("config.toml")).toBe('model = "m"\n');
    },
  );

  test("keeps its plain name where that means it", async () => {
    const { out } = await withFile("toml", '[plain]\n\n["a#b"]\n\n[http-sse]\n', "presets");
    expect(out.split("\n").map((line) => line.split("  ")[0]?.trim())).toEqual([
      "http-sse",
      "ci",
      "local",
      "gateway",
      "plain",
      "a#b",
      "codex-cfg.presets.toml#http-sse",
      "",
    ]);
  });
});

describe("a file below a folder with # in its name", () => {
  test.each([["c#/team.toml"], ["c#/team.toml#a"], ["c#/te#am.toml#b#c"]])("is found: %s", async (reference) => {
    const tale = story();
    mkdirSync(join(tale.cwd, "c#"));
    writeFileSync(join(tale.cwd, "c#/team.toml"), "[a.settings]\nmodel = 'm'\n");
    writeFileSync(join(tale.cwd, "c#/te#am.toml"), "['b#c'.settings]\nmodel = 'm'\n");
    const { err, exit } = await tale.run("apply", `./${reference}`, ...NEW);
    expect(exit, err).toBe(0);
    expect(tale.read("config.toml")).toBe('model = "m"\n');
  });

  test("is named without the preset when it is not there", async () => {
    const tale = story();
    const { err, exit } = await tale.run("apply", "./c#/team.toml#a", ...NEW);
    expect(exit).toBe(3);
    expect(err).toContain(`${join(tale.cwd, "c#/team.toml")}: there is no such file`);
    expect(err).toContain("hint: presets that there are: codex-cfg presets\n");
  });
});

test("a server that is not there is warned of, and the rest is done", async () => {
  const tale = story({
    "config.toml": '[mcp_servers.docs]\ncommand = "d"\n',
    "codex-cfg.presets.toml": '[x.servers]\ndisable = ["docs", "nothere", "m*"]\nenable = ["neither", "nothere"]\n',
  });
  const { err, exit } = await tale.run("apply", "x", ...NEW);
  expect(exit).toBe(0);
  expect(err).toContain("warning: no MCP servers are called nothere, neither; see them all: codex-cfg mcp list\n");
  expect(tale.read("config.toml")).toContain("enabled = false");
});

test("a server that the preset brings itself is there for its switches", async () => {
  const preset = '[x.settings.mcp_servers.own]\ncommand = "o"\n\n[x.servers]\ndisable = ["own"]\n';
  const tale = story({ "codex-cfg.presets.toml": preset });
  const { err } = await tale.run("apply", "x", ...NEW);
  expect(err).not.toContain("no MCP");
  expect(tale.read("config.toml")).toBe('[mcp_servers.own]\ncommand = "o"\nenabled = false\n');
  expect((await tale.run("apply", "x", ...NEW)).err).toContain("nothing to do");
});

describe("what people copy works as it stands:", () => {
  test("the commands in the head of the example", async () => {
    const text = readFileSync(new URL("../../examples/presets/codex-cfg.presets.toml", import.meta.url), "utf8");
    const commands = [...text.matchAll(/^# {3}codex-cfg (.*)$/gm)].map(([, words = ""]) => words.split(" "));
    expect(commands.length).toBeGreaterThan(1);
    for (const argv of commands) {
      const { err, exit } = await withFile("toml", text, ...argv);
      expect(exit, err).toBe(0);
    }
  });

  test("the preset in the help", async () => {
    const help = (await story().run("presets", "--help")).out;
    const text = /\n {2}\[team\]\n[\s\S]*?\n\n/.exec(help)?.[0].replaceAll("\n  ", "\n") ?? "";
    const { err, exit, out } = await withFile("toml", text, "apply", "team", "--set", "url=http://127.0.0.1:1");
    expect(exit, err).toBe(0);
    expect(out).toContain('+base_url = "http://127.0.0.1:1"\n');
  });
});
