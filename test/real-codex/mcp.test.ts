/** What turning MCP servers on and off does, as the real client sees it, and what the client's own way would lose. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ask, cfg, codex, type Ran, succeeded } from "./client.ts";
import { AUTH, beside, copyOf, put, QUIET, scratchHome, snapshotHome } from "./homes.ts";
import { binFolder, type Version } from "./install.ts";
import { ANSWER, type ResponsesServer, startResponsesServer } from "./responses-server.ts";

const THREE = ["0.130.0", "0.134.0", "0.169.0"] as const;
const NEWEST = "0.169.0";
const PROGRAM = fileURLToPath(new URL("./mcp-server.js", import.meta.url));

const ours = (args: readonly string[], home: string, version: Version) =>
  cfg(["mcp", ...args], { home, codexVersionOnPath: version });

/** Whether the client calls a server enabled. `mcp get` asks no network and starts no server. */
async function enabled(version: Version, name: string, home: string, flags: readonly string[] = []): Promise<unknown> {
  const ran = succeeded(await codex(version, [...flags, "mcp", "get", name, "--json"], { home: copyOf(home) }));
  return (JSON.parse(ran.stdout) as { readonly enabled: unknown }).enabled;
}

/** A server written in each of the ways there are, amid what only a person would write. */
const FORMS: Readonly<Record<string, readonly [name: string, text: string]>> = {
  "a header with sub-tables": ["docs", '[mcp_servers.docs] # d\ncommand = "docs"\n\n[mcp_servers.docs.env]\nA = "1"\n'],
  "a header behind its sub-tables": ["docs", '[mcp_servers.docs.env]\nA = "1"\n\n[mcp_servers.docs]\ncommand = "docs"'],
  "an inline table": ["docs", '[mcp_servers]\ndocs = { command = "docs", future_key = 1 }\n'],
  "dotted keys": ["docs", '[mcp_servers]\ndocs.command = "docs"\r\n'],
  "a quoted name": ["docs", "[mcp_servers.'docs']\ncommand = 'docs'\n"],
};

describe.each(THREE)("with codex %s", (version) => {
  it.each(Object.entries(FORMS))(
    "a server written as %s is off after disable, on after enable and after revert",
    async (_, [name, text]) => {
      const home = scratchHome({ "config.toml": `${QUIET}\n${text}` });
      const before = snapshotHome(home);
      expect(await enabled(version, name, home)).toBe(true);
      for (const back of [["mcp", "enable", name], ["revert"]]) {
        succeeded(await ours(["disable", name, "-y"], home, version));
        expect(await enabled(version, name, home)).toBe(false);
        succeeded(await cfg([...back, "-y"], { home, codexVersionOnPath: version }));
        expect(await enabled(version, name, home)).toBe(true);
        expect(snapshotHome(home)).toEqual(before);
      }
    },
  );

  it("isolate turns every server off, and revert brings back exactly those that were on", async () => {
    const text = `${QUIET}\n[mcp_servers.a]\ncommand = "a"\n\n[mcp_servers.b]\nurl = "http://127.0.0.1:9/mcp"\nenabled = false\n`;
    const home = scratchHome({ "config.toml": text });
    const state = () => Promise.all(["a", "b"].map((name) => enabled(version, name, home)));
    expect(await state()).toEqual([true, false]);
    succeeded(await ours(["isolate", "-y"], home, version));
    expect(await state()).toEqual([false, false]);
    succeeded(await cfg(["revert", "-y"], { home, codexVersionOnPath: version }));
    expect(await state()).toEqual([true, false]);
    expect(readFileSync(`${home}/config.toml`, "utf8")).toBe(text);
  });

  it("the client's own remove and add lose what people wrote into other servers; disable and enable lose nothing", async () => {
    const home = scratchHome({ "config.toml": `${QUIET}\n${WRITTEN}` });
    const theirs = copyOf(home);
    succeeded(await codex(version, ["mcp", "remove", "docs"], { home: theirs }));
    succeeded(await codex(version, ["mcp", "add", "docs", "--", "docs-mcp"], { home: theirs }));
    succeeded(await ours(["disable", "docs", "-y"], home, version));
    succeeded(await ours(["enable", "docs", "-y"], home, version));

    const [kept, left] = [home, theirs].map((one) => readFileSync(`${one}/config.toml`, "utf8"));
    const lost = LOSABLE.map(([what, words]) => [what, kept?.includes(words), left?.includes(words)]);
    expect(lost).toEqual(LOSABLE.map(([what]) => [what, true, false]));
    expect(kept).toBe(`${QUIET}\n${WRITTEN}`);
  });
});

const WRITTEN = `# about git
[mcp_servers.git] # the git one
# its program
command = "git-mcp" # by hand
future_key = 1
args = [
  "-y", # yes
]

[mcp_servers.git.env] # its env
A = "1"

# about docs
[mcp_servers.docs]
command = 'docs-mcp'
enabled_tools = ["search"]
`;

/** What is in WRITTEN, and where. */
const LOSABLE = [
  ["the comment above another server", "# about git"],
  ["the comment behind its header", "# the git one"],
  ["the comment above its key", "# its program"],
  ["the comment behind its key", "# by hand"],
  ["its key that this client does not know", "future_key = 1"],
  ["the comment inside its array", "# yes"],
  ["the comment behind its sub-table", "# its env"],
  ["the comment above the server itself", "# about docs"],
  ["the server's own setting", 'enabled_tools = ["search"]'],
  ["the spelling of its value", "'docs-mcp'"],
] as const;

describe("in a profile", () => {
  it("a toggle counts for that profile alone", async () => {
    const home = scratchHome({ "config.toml": `${QUIET}\n[mcp_servers.docs]\ncommand = "docs"\n` });
    const before = snapshotHome(home);
    succeeded(await ours(["disable", "docs", "-p", "lean", "-y"], home, NEWEST));
    expect(await enabled(NEWEST, "docs", home, ["--profile", "lean"])).toBe(false);
    expect(await enabled(NEWEST, "docs", home)).toBe(true);
    succeeded(await ours(["enable", "docs", "-p", "lean", "-y"], home, NEWEST));
    expect(await enabled(NEWEST, "docs", home, ["--profile", "lean"])).toBe(true);
    expect(snapshotHome(home)).toEqual(before);
  });

  it("a toggle for a server that the base lacks is refused, and the client would indeed not start", async () => {
    const home = scratchHome({ "config.toml": QUIET });
    const refused = await ours(["disable", "docs", "-p", "lean", "-y"], home, NEWEST);
    expect([refused.status, refused.stderr]).toEqual([3, expect.stringContaining("invalid transport")]);
    put(`${home}/lean.config.toml`, "[mcp_servers.docs]\nenabled = false\n");
    const ran = await codex(NEWEST, ["--profile", "lean", "mcp", "get", "docs"], { home });
    expect([ran.status, ran.stderr]).toEqual([1, expect.stringContaining("invalid transport")]);
  });

  it("a toggle alone does not pass --strict-config, as its note says", async () => {
    const home = scratchHome({ "config.toml": `${QUIET}\n[mcp_servers.docs]\ncommand = "docs"\n` });
    const { stderr } = succeeded(await ours(["disable", "docs", "-p", "lean", "-y"], home, NEWEST));
    expect(stderr).toContain("--strict-config");
    const ran = await codex(NEWEST, ["--strict-config", "--profile", "lean", "exec", "hello"], { home: copyOf(home) });
    expect([ran.status, ran.stderr]).toEqual([1, expect.stringContaining("lean.config.toml:1:1: invalid transport")]);
  });
});

describe("a server that hangs", () => {
  let server: ResponsesServer;
  beforeEach(async () => {
    server = await startResponsesServer("http-only");
  });
  afterEach(() => server.close());

  const eight = Array.from({ length: 8 }, (_, i) => `s${i + 1}`);
  const table = (name: string, hangs: boolean) =>
    `\n[mcp_servers.${name}] # ${name}\ncommand = '${process.execPath}'\nargs = ['${PROGRAM}'${hangs ? ", 'hang'" : ""}]\nstartup_timeout_sec = ${hangs ? "2\nrequired = true" : "30"}\n`;
  const homeWith = (names: readonly string[], hanging: string) =>
    scratchHome({
      "auth.json": AUTH,
      "config.toml": `openai_base_url = "${server.url}"\n${QUIET}${names.map((name) => table(name, name === hanging)).join("")}`,
    });
  const command = (version: Version) => [
    `${binFolder(version)}/codex`,
    ...["exec", "--skip-git-repo-check", "--sandbox", "read-only", "Say hello."],
  ];

  it("among eight is found by mcp bisect run -- codex exec, killed once on the way, and reset gives every byte back", async () => {
    const home = homeWith(eight, "s6");
    const before = readFileSync(`${home}/config.toml`, "utf8");
    const failed = await ask(NEWEST, [], copyOf(home));
    expect([failed.status, failed.stdout]).toEqual([1, ""]);

    // The third look ends the search itself: half way through, all that is left of it is on the disk.
    const counted = `echo >> "$0"; [ "$(wc -l < "$0")" -ne 3 ] || kill -9 $PPID; exec "$@"`;
    const killed = await ours(
      ["bisect", "run", "--", "sh", "-c", counted, beside(home, "count"), ...command(NEWEST)],
      home,
      NEWEST,
    );
    expect(killed.status).toBe(null);
    expect((await ours(["bisect", "status"], home, NEWEST)).stdout).toMatch(
      /^on: s1, s2, s3, s4; off: s5, s6, s7, s8\./,
    );

    const found = succeeded(await ours(["bisect", "run", "--", ...command(NEWEST)], home, NEWEST));
    expect(found.stdout).toContain("it is s6; all others are on again");
    expect(found.stderr).toContain(ANSWER);
    const states = await Promise.all(eight.map((name) => enabled(NEWEST, name, home)));
    expect(eight.filter((_, i) => !states[i])).toEqual(["s6"]);
    expect(succeeded(await ask(NEWEST, [], copyOf(home))).stdout).toBe(`${ANSWER}\n`);

    succeeded(await ours(["bisect", "reset", "-y"], home, NEWEST));
    expect(readFileSync(`${home}/config.toml`, "utf8")).toBe(before);
  });

  it.each(["0.130.0", "0.134.0"] as const)("among two is found with codex %s, too", async (version) => {
    const home = homeWith(["s1", "s2"], "s1");
    const found = succeeded(await ours(["bisect", "run", "--", ...command(version)], home, version));
    expect(found.stdout).toContain("it is s1;");
  });

  it("is off in the one profile that codex 0.134.0 starts with, and on without it", async () => {
    const home = homeWith(["s1", "s2"], "s1");
    succeeded(await ours(["disable", "s1", "-p", "lean", "-y"], home, "0.134.0"));
    const starts = (ran: Ran) => [ran.status, ran.stdout];
    expect(starts(await ask("0.134.0", ["--profile", "lean"], copyOf(home)))).toEqual([0, `${ANSWER}\n`]);
    expect(starts(await ask("0.134.0", [], copyOf(home)))).toEqual([1, ""]);
    expect(readdirSync(beside(home, "tmp"))).toEqual([]);
  });
});
