/** `mcp list`, `enable`, `disable` and `isolate`: one switch of a server, and never anything else of it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { applySteps } from "../../src/plan/plan.ts";
import { Snapshot } from "../../src/plan/snapshot.ts";
import { removeAdded } from "../../src/plan/undo-unit.ts";
import { parseDocument } from "../../src/toml/document.ts";
import { MemoryDisk } from "../memory-disk.ts";
import { memoryHost } from "../memory-host.ts";
import { type Story, story } from "../story.ts";

const NEW = ["--codex-version", "0.169.0"];
const OLD = ["--codex-version", "0.133.0"];

type Servers = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
const servers = (text: string) => parse(text.replace("\ufeff", "")).mcp_servers as Servers;
const done = async (tale: Story, ...argv: string[]) => {
  const ran = await tale.run("mcp", ...argv, ...NEW);
  expect(ran.exit, ran.err).toBe(0);
  return ran;
};

/** Root keys behind a header are another table's. */
function parses(text: string): boolean {
  try {
    return "mcp_servers" in parseDocument(text, "config.toml").data;
  } catch {
    return false;
  }
}

const FORMS: Readonly<Record<string, readonly [name: string, text: string]>> = {
  "a header": ["docs", '[mcp_servers.docs]\ncommand = "docs"\nargs = ["-y"]\n'],
  "a header amid comments and other servers": [
    "docs",
    '# top\n[mcp_servers.git] # why\ncommand = "git" # g\nfuture_key = 1\n\n# about docs\n[mcp_servers.docs]\n# the program\ncommand = "docs" # d\n\n# about web\n[mcp_servers.web]\nurl = "https://web.example/mcp"\n',
  ],
  "a header with sub-tables": [
    "docs",
    '[mcp_servers.docs]\ncommand = "docs"\n\n[mcp_servers.docs.env]\nA = "1"\n\n[tui]\nx = 1\n',
  ],
  "sub-tables before its header": [
    "docs",
    '[mcp_servers.docs.env]\nA = "1"\n\n[a]\nb = 1\n\n[mcp_servers.docs]\ncommand = "docs"\n',
  ],
  "sub-tables only": [
    "docs",
    '# e\n[mcp_servers.docs.env]\nA = "1"\n\n[mcp_servers.docs.tools.x]\napproval_mode = "auto"\n',
  ],
  "an empty header": ["docs", "[mcp_servers.docs]\n"],
  "an inline table": [
    "docs",
    '[mcp_servers]\ngit = { command = "git" }\ndocs = { command = "docs", args = ["-y"] } # d\n',
  ],
  "an inline table without spaces": ["docs", 'mcp_servers={docs={command="docs"},git={command="git"}}\n'],
  "an inline table over several lines": [
    "docs",
    '[mcp_servers]\ndocs = {\n  command = "docs", # d\n  args = ["-y"],\n}\n',
  ],
  "an inline table over several lines whose last key has a comment and no comma": [
    "docs",
    '[mcp_servers]\ndocs = {\n  command = "docs",\n  args = ["-y"] # pinned, do not change\n}\n',
  ],
  "dotted keys": [
    "docs",
    'mcp_servers.docs.command = "docs"\nmcp_servers.docs.env.A = "1"\nmodel = "x"\n\n[tui]\nx = 1\n',
  ],
  "dotted keys under a header": ["docs", '[mcp_servers]\ndocs.command = "docs"\ngit.command = "git"\n'],
  "dotted keys that all are tables": ["docs", '[mcp_servers]\ndocs.env.A = "1"\n'],
  "a quoted name": ["a b", '[mcp_servers."a b"]\ncommand = "x"\n'],
  "a literal name": ["C:\\x", "[mcp_servers.'C:\\x']\ncommand = 'x'\n"],
  "a name with a dot": ["a.b", '[mcp_servers."a.b"]\ncommand = "x"\n\n[mcp_servers.a.env]\nX = "1"\n'],
  "a name that is empty": ["", '[mcp_servers.""]\ncommand = "x"\n'],
  "a name with a quote": ['a"b', '[mcp_servers."a\\"b"]\ncommand = "x"\n'],
  "a name with an asterisk": ["a*", '[mcp_servers."a*"]\ncommand = "x"\n\n[mcp_servers.ab]\ncommand = "y"\n'],
  "a name in another script": ["documenté", '[mcp_servers."documenté"]\ncommand = "x"\n'],
  "the name __proto__": ["__proto__", '[mcp_servers.__proto__]\ncommand = "x"\n'],
  "spaces in the header": ["docs", '  [ mcp_servers . docs ]  # d\n  command   =   "docs"\n\n\n'],
  tabs: ["docs", '[mcp_servers.docs]\n\tcommand\t=\t"docs"\n'],
  CRLF: ["docs", '[mcp_servers.docs]\r\ncommand = "docs"\r\n\r\n[a]\r\nb = 1\r\n'],
  "CRLF without a final one": ["docs", '[a]\r\nb = 1\r\n[mcp_servers.docs]\r\ncommand = "docs"'],
  "a BOM": ["docs", '\ufeff[mcp_servers.docs]\ncommand = "docs"\n'],
  "no final line end": ["docs", '[mcp_servers.docs]\ncommand = "docs"'],
  "sub-tables only, without a final line end": ["docs", '[mcp_servers.docs.env]\nA = "1"'],
  "comments at the end": ["docs", '[mcp_servers.docs]\ncommand = "docs"\n# more\n\n# the end'],
  "a switch that says what holds anyway": ["docs", '[mcp_servers.docs]\nenabled   =true # yes\ncommand = "docs"\n'],
};

describe("disable and enable leave every byte as it was:", () => {
  test.each(Object.entries(FORMS))("%s", async (_, [name, text]) => {
    const tale = story({ "config.toml": text });
    await done(tale, "disable", name);
    const off = tale.read("config.toml");
    expect(off).not.toBe(text);
    expect(
      Object.entries(servers(off)).flatMap(([server, { enabled }]) => (enabled === false ? [server] : [])),
    ).toEqual([name]);
    expect((await done(tale, "disable", name)).err).toContain("nothing to do");
    await done(tale, "enable", name);
    expect(tale.read("config.toml")).toBe(text);
    expect((await done(tale, "enable", name)).err).toContain("nothing to do");
  });

  test.each(Object.entries(FORMS))("%s, among lines that others have written since", async (_, [name, text]) => {
    const tale = story({ "config.toml": text });
    await done(tale, "disable", name);
    const note = "# a note\n";
    const noted = (body: string) =>
      body.startsWith("\ufeff") ? `\ufeff${note}\n${body.slice(1)}` : `${note}\n${body}`;
    tale.write("config.toml", noted(tale.read("config.toml")));
    await done(tale, "enable", name);
    expect(tale.read("config.toml")).toBe(noted(text));
  });

  test.each(Object.entries(FORMS))("%s, and revert does the same", async (_, [name, text]) => {
    const tale = story({ "config.toml": text });
    await done(tale, "disable", name);
    expect((await tale.run("revert")).exit).toBe(0);
    expect(tale.read("config.toml")).toBe(text);
  });

  const BEFORE = ["", "# c\n", "\n\n", "model = 1\n\n", "[x]\na=1\n", "[x]\na=1\n\n# c\n", "[x]\na=1\n# t\n\n"];
  const BEHIND = [
    "\n",
    "\n\n# end",
    "\n[y]\nb=2\n",
    "\n# c\n[y]\nb=2",
    "# c\n\n[y]\n",
    "# c\n[y]\n",
    "\n# c\n\n# d\n[y]\n",
    "\n[[z]]\nx=1\n",
  ];

  test.each(Object.entries(FORMS))("%s, whatever stands around it and however its lines end", (_, [name, text]) => {
    const bodies = BEFORE.flatMap((before) =>
      BEHIND.map((behind) => `${before}${text.replace("\ufeff", "")}${behind}`),
    );
    const all = bodies
      .flatMap((body) => [body, body.replace(/\n$/, ""), body.replace(/\r?\n/g, "\r\n")])
      .filter(parses);
    expect(all.length).toBeGreaterThan(20);
    for (const body of all) {
      const path = ["mcp_servers", name, "enabled"];
      const [off] = applySteps([[{ op: "set", file: "config", path, value: false }]], new Snapshot(() => body)).changes;
      const op = off && removeAdded(off, path, parseDocument(off.after ?? "", "config.toml"));
      const on = applySteps(op ? [[op]] : [], new Snapshot(() => off?.after ?? null)).changes[0]?.after;
      const isSaid = text.includes("enabled");
      expect(isSaid ? op : on).toBe(isSaid ? null : body);
    }
  });

  test("several together and one by one, in any order", async () => {
    const text = Object.values(FORMS)[1]?.[1] ?? "";
    const tale = story({ "config.toml": text });
    await done(tale, "disable", "docs", "web");
    await done(tale, "disable", "git");
    await done(tale, "enable", "web");
    await done(tale, "enable", "git", "docs");
    expect(tale.read("config.toml")).toBe(text);
  });

  test("all of them, in one change", async () => {
    const text = Object.values(FORMS)[1]?.[1] ?? "";
    const tale = story({ "config.toml": text });
    await done(tale, "disable", "--all");
    expect(Object.values(servers(tale.read("config.toml"))).map(({ enabled }) => enabled)).toEqual([
      false,
      false,
      false,
    ]);
    await done(tale, "enable", "--all");
    expect(tale.read("config.toml")).toBe(text);
  });
});

describe("a comment that somebody puts beside a switch stays", () => {
  const NOTE = "# broken since monday";
  const noted = (text: string) => text.replace(/enabled = false,?/, `$& ${NOTE}`);

  test.each<[string, string, string, string]>([
    [
      "below a header",
      '[mcp_servers.docs]\ncommand = "docs"\n',
      `[mcp_servers.docs]\ncommand = "docs"\nenabled = true ${NOTE}\n`,
      `[mcp_servers.docs]\ncommand = "docs"\n${NOTE}\n`,
    ],
    [
      "below a header that the switch needed",
      '[mcp_servers.docs.env]\nA = "1"\n',
      `[mcp_servers.docs]\nenabled = true ${NOTE}\n\n[mcp_servers.docs.env]\nA = "1"\n`,
      `[mcp_servers.docs]\n${NOTE}\n\n[mcp_servers.docs.env]\nA = "1"\n`,
    ],
    [
      "behind dots",
      'mcp_servers.docs.command = "docs"\n',
      `mcp_servers.docs.command = "docs"\nmcp_servers.docs.enabled = true ${NOTE}\n`,
      `mcp_servers.docs.command = "docs"\n${NOTE}\n`,
    ],
    [
      "in an inline table",
      'mcp_servers.docs = {\n  command = "docs" # c\n}\n',
      `mcp_servers.docs = {\n  command = "docs", # c\n  enabled = true ${NOTE}\n}\n`,
      `mcp_servers.docs = {\n  command = "docs" # c\n  ${NOTE}\n}\n`,
    ],
    [
      "in an inline table with a comma at the end",
      'mcp_servers.docs = {\n  command = "docs",\n}\n',
      `mcp_servers.docs = {\n  command = "docs",\n  enabled = true, ${NOTE}\n}\n`,
      `mcp_servers.docs = {\n  command = "docs",\n  ${NOTE}\n}\n`,
    ],
  ])("%s, on and off", async (_, text, enabled, reverted) => {
    const tale = story({ "config.toml": text });
    await done(tale, "disable", "docs");
    const off = noted(tale.read("config.toml"));
    expect(off).toContain(NOTE);
    tale.write("config.toml", off);
    await done(tale, "enable", "docs");
    expect(tale.read("config.toml")).toBe(enabled);
    expect((await done(tale, "enable", "docs")).err).toContain("nothing to do");
    expect((await tale.run("revert")).exit).toBe(0);
    expect(tale.read("config.toml")).toBe(off);
    expect((await tale.run("revert")).exit).toBe(0);
    expect(tale.read("config.toml")).toBe(reverted);
  });

  test.each(["[mcp_servers.docs] # mine\n", "[mcp_servers.docs]\n# mine\n"])(
    "with the header that the switch needed: %j",
    async (header) => {
      const text = '[mcp_servers.docs.env]\nA = "1"\n';
      const tale = story({ "config.toml": text });
      await done(tale, "disable", "docs");
      tale.write("config.toml", tale.read("config.toml").replace("[mcp_servers.docs]\n", header));
      await done(tale, "enable", "docs");
      expect(tale.read("config.toml")).toBe(`${header}\n${text}`);
    },
  );

  test("in a profile's file that was made for it", async () => {
    const tale = story({ "config.toml": '[mcp_servers.docs]\ncommand = "docs"\n' });
    await done(tale, "disable", "docs", "--profile", "work");
    const file = "work.config.toml";
    tale.write(file, tale.read(file).replace("enabled", `${NOTE}\nenabled`));
    await done(tale, "enable", "docs", "--profile", "work");
    expect(tale.read(file)).toBe(`[mcp_servers.docs]\n${NOTE}\nenabled = true\n`);
  });
});

const THREE = `[mcp_servers.docs]
command = "docs"

[mcp_servers.git]
command = "git"

[mcp_servers.github]
url = "https://github.example/mcp"
enabled = false # for now
`;

describe("a toggle", () => {
  test("that somebody else wrote again by hand gets a value, and is not taken out", async () => {
    const tale = story({ "config.toml": '[mcp_servers.docs]\ncommand = "docs"\n' });
    await done(tale, "disable", "docs");
    await done(tale, "enable", "docs");
    tale.write("config.toml", '[mcp_servers.docs]\ncommand = "docs"\nenabled = false # mine\n');
    await done(tale, "enable", "docs");
    expect(tale.read("config.toml")).toBe('[mcp_servers.docs]\ncommand = "docs"\nenabled = true # mine\n');
  });

  test("takes patterns, in one change", async () => {
    const tale = story({ "config.toml": THREE });
    await done(tale, "disable", "git*", "d?cs");
    expect(Object.values(servers(tale.read("config.toml"))).map(({ enabled }) => enabled)).toEqual([
      false,
      false,
      false,
    ]);
    expect((await tale.run("revert")).exit).toBe(0);
    expect(tale.read("config.toml")).toBe(THREE);
  });

  test("writes nothing on a dry run, and nothing when the answer is no", async () => {
    const tale = story({ "config.toml": THREE });
    expect((await done(tale, "disable", "docs", "-n")).out).toContain("+enabled = false");
    tale.answers.push("n");
    expect((await tale.run("mcp", "disable", "docs", ...NEW)).exit).toBe(1);
    expect(tale.read("config.toml")).toBe(THREE);
  });

  test("says so where no server is configured", async () => {
    const tale = story({ "config.toml": 'model = "x"\n' });
    expect(await done(tale, "disable", "--all")).toMatchObject({
      out: "",
      err: "no MCP servers are configured\nnothing to do\n",
    });
  });

  test("names required servers that it turns off", async () => {
    const tale = story({ "config.toml": `${THREE}\n[mcp_servers.must]\ncommand = "must"\nrequired = true\n` });
    expect((await done(tale, "isolate")).err).toContain(
      "marked as required, and off all the same, so Codex starts without them: must\n",
    );
    expect((await done(tale, "enable", "must")).err).not.toContain("required");
  });

  test.each([
    ["a pattern that nothing matches", ["disable", "x*"], 2, 'no MCP server is called "x*"', "codex-cfg mcp list"],
    ["an exception that is not there", ["disable", "--all", "--except", "dosc"], 2, '"dosc"', "did you mean: docs"],
    ["--except without --all", ["enable", "docs", "--except", "git"], 2, "--except goes with --all", "hint"],
    ["what is no profile name", ["disable", "docs", "-p", "../x"], 2, "not a profile name", "hint"],
  ])("refuses %s", async (_, argv, exit, ...sentences) => {
    const tale = story({ "config.toml": THREE });
    const before = tale.files();
    const ran = await tale.run("mcp", ...argv, ...NEW);
    expect(ran.exit, ran.err).toBe(exit);
    for (const sentence of sentences) expect(ran.err).toContain(sentence);
    expect(tale.files()).toEqual(before);
  });
});

describe("isolate", () => {
  test("names servers of a trusted project, which it cannot turn off", async () => {
    const tale = story();
    trust(
      tale,
      '[mcp_servers.local]\ncommand = "local"\n\n[mcp_servers.docs]\nenabled = true\n\n[mcp_servers.off]\ncommand = "off"\nenabled = false\n',
    );
    const { err } = await done(tale, "isolate");
    expect(err).toContain(`${tale.cwd}/.codex/config.toml is trusted and has the last word on: local, docs\n`);
    expect((await done(tale, "enable", "docs")).err).not.toContain("last word");
    expect((await done(tale, "disable", "docs")).err).toContain("has the last word on: docs\n");
  });
});

describe("servers of the administrator", () => {
  const CORP = '[mcp_servers.corp]\ncommand = "corp"\n';

  const judged = (config: string, system: string) => ran(config, ["validate"], system);
  const administered = (config: string, argv: readonly string[], system = CORP, managed?: string) =>
    ran(config, ["mcp", ...argv], system, managed);

  /** A machine with /etc/codex/config.toml, and what a command there said and left in the home. */
  async function ran(config: string, argv: readonly string[], system: string, managed?: string) {
    const disk = new MemoryDisk();
    for (const folder of ["/etc", "/etc/codex", "/home", "/home/u", "/home/u/.codex"]) disk.putFolder(folder);
    disk.put("/etc/codex/config.toml", system);
    if (managed !== undefined) disk.put("/etc/codex/managed_config.toml", managed);
    disk.put("/home/u/.codex/config.toml", config);
    disk.now += 1000;
    const host = memoryHost({ disk });
    const exit = await main([...argv, ...NEW], host);
    expect(disk.text("/etc/codex/config.toml")).toBe(system);
    return { exit, ...host.printed, config: disk.text("/home/u/.codex/config.toml") };
  }

  test("are listed, under the home's own word on them", async () => {
    expect((await administered("", ["list"])).out).toBe("corp  stdio  on  /etc/codex/config.toml  corp\n");
    expect((await administered("[mcp_servers.corp]\nenabled = false\n", ["list"])).out).toBe(
      "corp  stdio  off  /etc/codex/config.toml, config.toml  corp\n",
    );
  });

  test("the managed file has the last word on all", async () => {
    const { out } = await administered("", ["list"], CORP, "[mcp_servers.corp]\nenabled = false\n");
    expect(out).toBe("corp  stdio  off  /etc/codex/config.toml, /etc/codex/managed_config.toml  corp\n");
  });

  test("count where a home is judged, and are not judged themselves", async () => {
    const system = `${CORP}\n[model_providers.gw]\nname = "Corp"\nbase_url = "https://gw.example/v1"\nenv_key = "K"\n`;
    const own = 'model_provider = "gw"\n\n[mcp_servers.corp]\nenabled = false\n';
    // By itself the switch is minded by the strict view alone.
    for (const etc of [system, `${system}[mcp_servers.bad]\nenabled = true\n`]) {
      const { err, exit, out } = await judged(own, etc);
      expect([exit, out.split("\n").length, err]).toEqual([0, 2, expect.stringContaining("loads this, but not with")]);
    }
  });

  test("are turned off and on in the home, and nothing is to do the second time", async () => {
    const off = await administered("", ["disable", "corp"]);
    expect([off.exit, off.config]).toEqual([0, "[mcp_servers.corp]\nenabled = false\n"]);
    expect((await administered(off.config ?? "", ["disable", "corp"])).err).toContain("nothing to do");
    expect((await administered("", ["enable", "corp"])).err).toContain("nothing to do");
    const on = await administered("", ["enable", "corp"], `${CORP}enabled = false\n`);
    expect(on.config).toBe("[mcp_servers.corp]\nenabled = true\n");
  });

  test("go off with all others", async () => {
    expect((await administered('[mcp_servers.mine]\ncommand = "x"\n', ["isolate"])).config).toBe(
      '[mcp_servers.mine]\ncommand = "x"\nenabled = false\n\n[mcp_servers.corp]\nenabled = false\n',
    );
  });
});

test("a profile that trusts a project brings its servers along", async () => {
  const tale = story({ "config.toml": THREE });
  trust(tale, '[mcp_servers.local]\ncommand = "local"\n');
  tale.write("config.toml", THREE);
  tale.write("lean.config.toml", `[projects.'${tale.cwd}']\ntrust_level = "trusted"\n`);
  expect((await done(tale, "list")).out).not.toContain("local");
  expect((await done(tale, "list", "-p", "lean")).out).toContain("local");
  expect((await done(tale, "isolate", "-p", "lean")).err).toContain("has the last word on: local\n");
});

/** THREE in the home, and a project of its own around the working directory. */
function trust(tale: Story, project: string): void {
  tale.write("config.toml", `${THREE}\n[projects.'${tale.cwd}']\ntrust_level = "trusted"\n`);
  mkdirSync(join(tale.cwd, ".codex"));
  writeFileSync(join(tale.cwd, ".codex", "config.toml"), project);
}

describe("in a profile", () => {
  const PROFILES: Readonly<Record<string, string | null>> = {
    "without a file": null,
    "with a file": '# lean\nmodel = "x"\n',
    "with a file without a final line end": 'model = "x"\n[tui]\nx = 1',
    "with toggles of others": "[mcp_servers.git]\nenabled = false\n\n[tui]\nx = 1\n",
    "with other settings of the server": "[mcp_servers.docs]\r\ntool_timeout_sec = 5\r\n",
    "with an empty file": "",
  };

  test.each(Object.entries(PROFILES))(
    "%s, a toggle goes into its file only, and enabling takes it out again",
    async (_, text) => {
      const tale = story({ "config.toml": THREE, ...(text === null ? {} : { "lean.config.toml": text }) });
      const before = tale.files();
      await done(tale, "disable", "docs", "-p", "lean");
      expect(tale.read("config.toml")).toBe(THREE);
      expect(servers(tale.read("lean.config.toml")).docs).toMatchObject({ enabled: false });
      expect((await done(tale, "disable", "docs", "-p", "lean")).err).toContain("nothing to do");
      await done(tale, "enable", "docs", "-p", "lean");
      expect(tale.files()).toEqual(before);
    },
  );

  test("the file that toggles made goes with the last of them, one by one", async () => {
    const tale = story({ "config.toml": THREE });
    await done(tale, "disable", "docs", "-p", "lean");
    await done(tale, "disable", "git", "-p", "lean");
    await done(tale, "enable", "docs", "-p", "lean");
    expect(tale.read("lean.config.toml").trim()).toBe("[mcp_servers.git]\nenabled = false");
    await done(tale, "enable", "git", "-p", "lean");
    expect(Object.keys(tale.files())).toEqual(["config.toml"]);
  });

  test("a server that the base has off is turned on there, and off again by taking that out", async () => {
    const tale = story({ "config.toml": THREE });
    await done(tale, "enable", "github", "-p", "lean");
    expect(tale.read("lean.config.toml")).toBe("[mcp_servers.github]\nenabled = true\n");
    await done(tale, "disable", "github", "-p", "lean");
    expect(Object.keys(tale.files())).toEqual(["config.toml"]);
  });

  test("what others have added to the table meanwhile stays", async () => {
    const tale = story({ "config.toml": THREE });
    await done(tale, "disable", "docs", "-p", "lean");
    tale.write("lean.config.toml", "[mcp_servers.docs]\nenabled = false\ntool_timeout_sec = 5\n");
    await done(tale, "enable", "docs", "-p", "lean");
    expect(tale.read("lean.config.toml")).toBe("[mcp_servers.docs]\ntool_timeout_sec = 5\n");
  });

  test("a server that only the profile defines is toggled there, without a word about the strict view", async () => {
    const tale = story({ "config.toml": THREE, "lean.config.toml": '[mcp_servers.own]\ncommand = "own"\n' });
    expect((await done(tale, "disable", "own", "-p", "lean")).err).not.toContain("--strict-config");
    expect(tale.read("lean.config.toml")).toBe('[mcp_servers.own]\ncommand = "own"\nenabled = false\n');
    const { exit, err } = await tale.run("mcp", "disable", "own", ...NEW);
    expect(exit).toBe(2);
    expect(err).toContain("it is in lean.config.toml; add: -p lean");
  });

  test("a toggle says what the strict view makes of it", async () => {
    const tale = story({ "config.toml": THREE });
    const { err } = await done(tale, "isolate", "-p", "lean");
    const words = "has neither command nor url in lean.config.toml; --strict-config looks at each file alone";
    expect(err).toContain(`warning: lean.config.toml:1:2: [mcp_servers.docs] ${words}\n`);
    expect(err).toContain(`[mcp_servers.git] ${words}\n`);
    // The other way round brings in nothing that was not so before, and a toggle beside its server nothing at all.
    expect((await done(tale, "enable", "docs", "-p", "lean")).err).not.toContain("strict view");
    expect((await done(tale, "disable", "docs")).err).not.toContain("strict view");
  });

  test.each([
    [
      "that neither file defines",
      ["disable", "nope", "-p", "lean"],
      NEW,
      "no server nope is defined for the profile lean: a toggle alone keeps Codex from loading",
    ],
    [
      "for a Codex whose profiles are tables",
      ["disable", "docs", "-p", "lean"],
      OLD,
      "a profile of Codex 0.133.0 cannot turn MCP servers on or off",
    ],
  ])("refuses a toggle %s", async (_, argv, version, sentence) => {
    const tale = story({ "config.toml": THREE });
    const before = tale.files();
    const { exit, err } = await tale.run("mcp", ...argv, ...version);
    expect([exit, err]).toEqual([3, expect.stringContaining(sentence)]);
    expect(err).toContain("[invalid-config]");
    expect(tale.files()).toEqual(before);
  });
});

describe("list", () => {
  test("shows every server with its transport, switch, places and target, and no secret", async () => {
    const tale = story({ "lean.config.toml": "[mcp_servers.docs]\nenabled = false\n" });
    trust(tale, '[mcp_servers.local]\ncommand = "local"\n');
    tale.write(
      "config.toml",
      `${tale.read("config.toml")}
[mcp_servers.broken]
enabled = true

[mcp_servers.keys]
command = "npx"
args = ["-y", "@x/keys@1.2", "--api-key", "hush-1", "--header", "X-Who: hush-2", "-e", "NAME=hush-3", "--token=hush-4", "https://me:hush-5@keys.example/a?b=hush-6", "-e", "PLAIN"]
env = { TOKEN = "hush-7" }

[mcp_servers.path]
url = "https://user:hush-8@path.example/s/hush9abcdefghijklmn/mcp?key=hush-0"
http_headers = { X-Key = "hush-a" }
bearer_token_env_var = "THE_TOKEN"
`,
    );
    const { out, err, exit } = await tale.run("mcp", "list", "-p", "lean", ...NEW);
    expect([exit, err]).toEqual([0, ""]);
    expect(`${out}${(await tale.run("mcp", "list", "--json", ...NEW)).out}`).not.toContain("hush");
    expect(out).toBe(
      [
        "docs    stdio  off  config.toml, lean.config.toml  docs",
        "git     stdio  on   config.toml                    git",
        "github  http   off  config.toml                    https://github.example/mcp",
        "broken  none   on   config.toml",
        "keys    stdio  on   config.toml                    npx -y @x/keys@1.2 --api-key ‹secret› --header X-Who: ‹secret› -e NAME=‹secret› --token=‹secret› https://keys.example/a -e ‹text›",
        "path    http   on   config.toml                    https://path.example/s/‹secret›/mcp",
        `local   stdio  on   ${join(tale.cwd, ".codex", "config.toml")}  local`,
        "",
      ]
        .join("\n")
        .replace(
          /^(.{20})(config\.toml(?:, lean\.config\.toml)?) +(?=\S)/gm,
          (_, start, place) => `${start}${place.padEnd(join(tale.cwd, ".codex", "config.toml").length)}  `,
        ),
    );
  });

  test("says when the profile has no file", async () => {
    const { exit, err } = await story({ "config.toml": THREE }).run("mcp", "list", "-p", "laen", ...NEW);
    expect([exit, err]).toEqual([0, expect.stringContaining("there is no laen.config.toml")]);
  });

  test("says so where there are none, and is refused for a profile that could hold none", async () => {
    expect(await story().run("mcp", "list", ...NEW)).toEqual({
      exit: 0,
      out: "",
      err: "no MCP servers are configured\n",
    });
    expect((await story().run("mcp", "list", "-p", "x", ...OLD)).exit).toBe(3);
  });
});
