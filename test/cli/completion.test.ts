/** What is offered while somebody types, and that asking for it disturbs nothing; the shells themselves are test/people's. */
import { describe, expect, test } from "vitest";
import { SHELLS } from "../../src/cli/completion/shells.ts";
import { type Story, story } from "../story.ts";

const CONFIG = `model = "gpt-5.5"

[mcp_servers.docs]
command = "docs"

[mcp_servers.git]
command = "git"
enabled = false

[mcp_servers."a b".env]
DOCS_TOKEN = "not-to-be-seen"

[model_providers.gateway]
name = "gateway"
base_url = "https://gateway.example"
`;

/** What is offered for the last word of a command line. */
async function offered(tale: Story, line: readonly string[]): Promise<string[]> {
  const ran = await tale.run("__complete", `--current=${line.at(-1)}`, "--", ...line.slice(0, -1));
  expect(ran).toMatchObject({ exit: 0, err: "" });
  return ran.out.split("\n").slice(0, -1);
}

const valuesIn = (lines: readonly string[]) => lines.map((line) => line.split("\t")[0]);

const home = () =>
  story({
    "config.toml": CONFIG,
    "lean.config.toml": '[mcp_servers.own]\ncommand = "own"\n',
    "codex-cfg.presets.toml": '[team]\nparameters.url = { default = "x" }\nsettings.model = "m"\n',
  });

describe("offered is", () => {
  test.each<readonly [what: string, line: readonly string[], values: readonly string[]]>([
    ["every verb that begins like it", ["rev"], ["revert"]],
    ["a verb below a verb", ["mcp", "bis"], ["bisect"]],
    ["a verb two below", ["mcp", "bisect", "r"], ["run", "reset"]],
    ["a verb behind help", ["help", "mig"], ["migrate"]],
    ["a verb behind options of the whole program", ["--codex-version", "0.169.0", "--json", "hist"], ["history"]],
    ["an option of the verb", ["revert", "--pu"], ["--purge"]],
    ["an option of the whole program", ["revert", "--dry"], ["--dry-run"]],
    ["a value that the definition lists", ["apply", "http-sse", "--scope", ""], ["profile", "default"]],
    ["the same behind a sign", ["apply", "--scope=d"], ["--scope=default"]],
    ["a value for an option of the whole program", ["status", "--color", "n"], ["never"]],
    ["a symptom", ["doctor", "--symptom", "rec"], ["reconnect"]],
    ["a server", ["mcp", "disable", ""], ["docs", "git", "a b"]],
    ["a second server", ["mcp", "disable", "docs", "g"], ["git"]],
    ["a server after options", ["mcp", "enable", "-y", "do"], ["docs"]],
    ["a server among exceptions", ["mcp", "disable", "--all", "--except", "docs", "g"], ["git"]],
    ["an option after exceptions", ["mcp", "disable", "--all", "--except", "docs", "--al"], ["--all"]],
    ["a server of a profile", ["mcp", "disable", "-p", "lean", "o"], ["own"]],
    ["a profile", ["validate", "--profile", ""], ["lean"]],
    ["a profile behind a sign", ["validate", "--profile="], ["--profile=lean"]],
    ["a preset", ["apply", ""], ["http-sse", "ci", "local", "gateway", "team", ""]],
    ["a parameter of a preset", ["apply", "team", "--set", ""], ["url="]],
    ["a provider with a table", ["provider", "remove", ""], ["gateway"]],
    ["a provider to choose", ["set", "model_provider", "g"], ["gcp", "gateway"]],
    ["a store", ["auth-store", "set", "k"], ["keyring"]],
    ["a store of MCP logins", ["auth-store", "set", "--mcp", ""], ["auto", "file", "keyring"]],
    ["a key that is there", ["get", "mo"], ["model", "model_providers", "model_providers."]],
    ["a key in a table that is there", ["unset", "mcp_servers.docs."], ["mcp_servers.docs.command"]],
    [
      "a key in a table with a quoted name",
      ["get", 'mcp_servers."a b".'],
      ['mcp_servers."a b".env', 'mcp_servers."a b".env.'],
    ],
    ["a key of a profile", ["get", "-p", "lean", "mcp_servers."], ["mcp_servers.own", "mcp_servers.own."]],
    ["a key that this Codex knows", ["set", "allow_sym"], ["allow_symlinked_codex_home"]],
    ["none that it does not know", ["--codex-version", "0.150.0", "set", "allow_sym"], []],
    ["a key of a server", ["set", "mcp_servers.docs.startup_timeout_s"], ["mcp_servers.docs.startup_timeout_sec"]],
    ["a value of a key", ["set", "sandbox_mode", "read"], ["read-only"]],
    ["a truth value", ["set", "mcp_servers.docs.enabled", ""], ["true", "false"]],
    ["a shell", ["completion", ""], ["bash", "zsh", "fish", "powershell"]],
    ["nothing for a name that is new", ["provider", "add", ""], []],
    ["nothing after the last argument", ["get", "model", ""], []],
    ["no option behind two dashes", ["mcp", "bisect", "run", "--", "-"], [""]],
    ["nothing for what is no verb", ["nonsense", ""], []],
  ])("%s", async (_, line, values) => {
    const version = line.includes("--codex-version") ? [] : ["--codex-version", "0.169.0"];
    expect(valuesIn(await offered(home(), [...version, ...line]))).toEqual(values);
  });

  test("every change by id and preset, newest first, with what made it", async () => {
    const tale = home();
    await tale.run("apply", "http-sse", "--codex-version", "0.169.0");
    await tale.run("mcp", "disable", "docs", "--codex-version", "0.169.0");
    const [, preset = ""] = await offered(tale, ["show", ""]).then((lines) => [lines, ...lines]);
    const lines = await offered(tale, ["revert", ""]);
    expect(preset).toBe("http-sse\tpreset");
    expect(lines.slice(1).map((line) => line.replace(/^\S+\t/, ""))).toEqual([
      "2030-01-02T03:04Z mcp disable docs",
      "2030-01-02T03:04Z apply http-sse",
    ]);
  });

  test("the home that the line names, not the usual one", async () => {
    const other = story({ "config.toml": '[mcp_servers.other]\ncommand = "x"\n' });
    expect(valuesIn(await offered(home(), ["--codex-home", other.home, "mcp", "disable", ""]))).toEqual(["other"]);
  });

  test("a place for names of files or folders, for the shell to fill", async () => {
    expect(await offered(home(), ["validate", ""])).toEqual(["\tfiles"]);
    expect(await offered(home(), ["doctor", "--log", ""])).toEqual(["\tfiles"]);
    expect(await offered(home(), ["--codex-home", ""])).toEqual(["\tfolders"]);
  });

  test("no name that a shell or a terminal could trip over", async () => {
    const tale = story({
      "config.toml":
        '[mcp_servers."line\\nbreak"]\ncommand = "x"\n[mcp_servers."\\u202Ebidi"]\ncommand = "x"\n[mcp_servers.plain]\ncommand = "x"\n',
    });
    expect(valuesIn(await offered(tale, ["mcp", "disable", ""]))).toEqual(["plain"]);
  });
});

describe("asking", () => {
  const LINES = [
    [""],
    ["mcp", "disable", ""],
    ["get", ""],
    ["set", ""],
    ["revert", ""],
    ["apply", ""],
    ["validate", "-p", ""],
  ];

  test.each<readonly [string, Readonly<Record<string, string>>]>([
    ["a config that does not parse", { "config.toml": "broken = [\n" }],
    ["presets that are none", { "codex-cfg.presets.toml": "team = 1\n" }],
    ["a server that is no table", { "config.toml": "mcp_servers = 3\n" }],
  ])("over %s is answered in silence", async (_, files) => {
    for (const line of LINES) await offered(story(files), line);
  });

  test("without a home is answered in silence", async () => {
    const tale = story();
    tale.env.CODEX_HOME = `${tale.root}/nowhere`;
    for (const line of LINES) await offered(tale, line);
    expect(valuesIn(await offered(tale, ["sta"]))).toEqual(["status"]);
  });

  test("writes nothing and shows no value of a setting", async () => {
    const tale = home();
    const before = tale.files();
    for (const line of [...LINES, ["get", 'mcp_servers."a b".env.'], ["get", 'mcp_servers."a b".env.DOCS_TOKEN', ""]])
      expect((await offered(tale, line)).join()).not.toContain("not-to-be-seen");
    expect(tale.files()).toEqual(before);
    expect((await tale.run("history")).err).toContain("no changes yet");
  });

  test("is no verb that the help speaks of", async () => {
    expect((await home().run("--help")).out).not.toContain("__complete");
    expect((await home().run("--help")).out).toContain("completion");
  });
});

describe("completion", () => {
  test.each(Object.entries(SHELLS))("prints the script of %s as it is", async (shell, { script }) => {
    expect(await home().run("completion", shell)).toEqual({ exit: 0, out: script, err: "" });
    expect(script).toContain("codex-cfg __complete");
  });

  test("tells of every shell how to load it", async () => {
    const { out } = await home().run("completion", "--help");
    for (const shell of Object.keys(SHELLS)) expect(out).toContain(`completion ${shell}`);
  });

  test("refuses a shell that it has no script for, with those it has", async () => {
    const { err, exit } = await home().run("completion", "tcsh");
    expect(exit).toBe(2);
    expect(err).toContain("bash, zsh, fish, powershell");
  });

  test("evaluates no text that comes out of a config", () => {
    // What each shell would run words with; compgen -W expands them.
    expect(SHELLS.bash.script).not.toMatch(/\beval\b|compgen -W/);
    expect(SHELLS.zsh.script).not.toMatch(/\beval\b|\(e\)/);
    expect(SHELLS.fish.script).not.toMatch(/\beval\b/);
    expect(SHELLS.powershell.script).not.toMatch(/Invoke-Expression|iex/);
  });

  test("hands PowerShell a word that is never empty, and quotes what it gives back", () => {
    const { script } = SHELLS.powershell;
    expect(script).toContain("Register-ArgumentCompleter -Native -CommandName codex-cfg");
    expect(script).toContain('"--current=$current" -- @words');
    expect(script).toContain(`"'" + $value.Replace("'", "''") + "'"`);
  });
});
