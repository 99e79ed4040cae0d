/**
 * What `migrate` moves, as the clients of both layouts read it: a profile asks the same of the model before, by the
 * older client, as afterwards, by the newer one.
 */
import { mkdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ask, cfg, codex, type Ran, selected, succeeded } from "./client.ts";
import { AUTH, copyOf, put, QUIET, scratchHome, snapshotHome } from "./homes.ts";
import type { Version } from "./install.ts";
import { type ResponsesServer, startResponsesServer } from "./responses-server.ts";

let server: ResponsesServer;
beforeEach(async () => {
  server = await startResponsesServer("http-only");
});
afterEach(() => server.close());

/** From which client to which: the neighbours, and the farthest apart. */
const PAIRS: readonly (readonly [older: Version, newer: Version])[] = [
  ["0.133.0", "0.134.0"],
  ["0.130.0", "0.169.0"],
];

describe.each(PAIRS)("from codex %s to %s, migrate", (older, newer) => {
  it("leaves every profile asking the model for the same, and revert brings the bytes back", async () => {
    const home = legacyHome();
    const before = snapshotHome(home);
    const asked: Record<string, unknown> = {};
    for (const name of ["work", "other", "told", "my profile"]) asked[name] = await askedBy(older, name, home);
    expect(asked.work).toMatchObject({ path: "/two/responses", model: "gpt-5.2", effort: "high", summary: "detailed" });
    expect(asked.other).toMatchObject({ path: "/one/responses", effort: "low", sandbox: "danger-full-access" });
    expect(asked.told).toMatchObject({ isTold: true });
    expect(asked["my profile"]).toMatchObject({
      search: { search_context_size: "high", filters: { allowed_domains: ["p.example"] } },
    });
    expect(new Set(Object.values(asked).map((one) => JSON.stringify(one))).size).toBe(4);
    expect((await codex(newer, ["--profile", "work", "mcp", "list"], { home: copyOf(home) })).status).toBe(1);

    const refused = await cfg(["migrate", "-y"], { home, codexVersionOnPath: newer });
    expect(refused.status).toBe(3);
    expect(snapshotHome(home)).toEqual(before);
    const rename = "my profile=my-profile";
    succeeded(await cfg(["migrate", "--rename", rename, "-y"], { home, codexVersionOnPath: newer }));
    for (const name of ["work", "other", "told"]) expect(await askedBy(newer, name, home), name).toEqual(asked[name]);
    expect(await askedBy(newer, "my-profile", home)).toEqual(asked["my profile"]);
    expect((await cfg(["migrate", "--check"], { home, codexVersionOnPath: newer })).status).toBe(0);

    succeeded(await cfg(["revert", "-y"], { home, codexVersionOnPath: newer }));
    expect(snapshotHome(home)).toEqual(before);
    expect(await askedBy(older, "work", home)).toEqual(asked.work);
  });

  it("and back again leaves the older client reading what it read", async () => {
    const home = legacyHome();
    const asked = { work: await askedBy(older, "work", home), told: await askedBy(older, "told", home) };
    succeeded(await cfg(["migrate", "--rename", "my profile=my-profile", "-y"], { home, codexVersionOnPath: newer }));
    expect((await ask(older, ["-p", "work"], copyOf(home))).status).toBe(1);
    succeeded(await cfg(["migrate", "-y"], { home, codexVersionOnPath: older }));
    expect(await askedBy(older, "work", home)).toEqual(asked.work);
    expect(await askedBy(older, "told", home)).toEqual(asked.told);
  });

  it("takes the line that chose a profile away; --as-default asks the same without a flag", async () => {
    const home = legacyHome('profile = "work"\n');
    const before = snapshotHome(home);
    const chosen = await askedBy(older, null, home);
    expect(chosen).toMatchObject({ model: "gpt-5.2" });
    expect(selected(await ask(newer, [], copyOf(home)))).toContain("legacy `profile = ");
    const flags = ["migrate", "--rename", "my profile=my-profile", "-y"];
    succeeded(await cfg(flags, { home, codexVersionOnPath: newer }));
    expect(await askedBy(newer, "work", home)).toEqual(chosen);
    succeeded(await cfg(["revert", "-y"], { home, codexVersionOnPath: older }));
    expect(snapshotHome(home)).toEqual(before);
    succeeded(await cfg([...flags, "--as-default"], { home, codexVersionOnPath: newer }));
    expect(await askedBy(newer, null, home)).toEqual(chosen);
  });
});

describe("codex 0.133.0 and 0.134.0 differ in a profile just where migrate says so:", () => {
  const CASES: Readonly<Record<string, readonly [root: string, profile: string]>> = {
    "newly-effective-key": ["", 'developer_instructions = "SEEN"\n'],
    "table-value-mismatch": ['[tools.web_search]\ncontext_size = "high"\n', "tools.web_search = true\n"],
    "shadowed-alias": ["[features]\nunified_exec = true\n", "experimental_use_unified_exec_tool = false\n"],
  };
  it.each(Object.entries(CASES))("%s", async (code, [root, profile]) => {
    const provider = 'model = "gpt-5.2"\nmodel_provider = "one"\nweb_search = "live"\n';
    const home = scratchHome({ "auth.json": AUTH });
    const config = `${provider}${QUIET}${root}${table("one")}\n[profiles.work]\n${profile}`;
    put(`${home}/config.toml`, config);
    const before = await askedBy("0.133.0", "work", home);
    const ran = succeeded(await cfg(["migrate", "--json"], { home, codexVersionOnPath: "0.134.0" }));
    const codes = JSON.parse(ran.stdout).findings.map((finding: { code: string }) => finding.code);
    expect(codes).toContain(code);
    expect(await askedBy("0.134.0", "work", home)).not.toEqual(before);
  });
});

const table = (name: string) => `
[model_providers.${name}]
name = "${name}"
base_url = "${new URL(server.url).origin}/${name}"
wire_api = "responses"
requires_openai_auth = true
supports_websockets = false
`;

/** A home of the older layout with what makes profiles differ, in every way that they are written. */
function legacyHome(top = ""): string {
  const home = scratchHome({ "auth.json": AUTH });
  mkdirSync(`${home}/prompts`);
  put(`${home}/prompts/told.md`, "TOLD BY A FILE\n");
  const text = `# my Codex
model = "gpt-5.2"
model_provider = "one"
model_reasoning_effort = "low"
web_search = "live"
${top}${QUIET}
[tools.web_search]
context_size = "high"
allowed_domains = ["r.example"]
${table("one")}${table("two")}
# at work
[profiles.work]   # the usual
model_provider = 'two'
model_reasoning_effort = "high"
model_reasoning_summary = "detailed"

[profiles]
other = { sandbox_mode = "danger-full-access", approval_policy = "never" }
told.model_instructions_file = "prompts/told.md"

[profiles.work.features]
shell_tool = false

[profiles."my profile".tools.web_search]
allowed_domains = ["p.example"]
# the end`;
  put(`${home}/config.toml`, text, 0o640);
  return home;
}

/** What a profile makes a client ask for, in a copy of the home, with what it says of itself. */
async function askedBy(version: Version, profile: string | null, home: string): Promise<object> {
  const seen = server.bodies.length;
  const question = ["exec", "--skip-git-repo-check", "Say hello."];
  const flags = profile === null ? [] : ["-p", profile];
  const ran = succeeded(await codex(version, [...flags, ...question], { home: copyOf(home) }));
  const [{ body, path } = { body: {}, path: "" }] = server.bodies.slice(seen);
  const { model, reasoning, tools = [] } = body;
  const { external_web_access, filters, search_context_size } = tools.find(({ type }) => type === "web_search") ?? {};
  return {
    path,
    model,
    effort: reasoning?.effort,
    summary: reasoning?.summary,
    search: { external_web_access, filters, search_context_size },
    shell: tools.flatMap(({ name }) => (name && /^(?:exec_command|shell.*)$/.test(name) ? [name] : [])),
    isTold: JSON.stringify(body).includes("TOLD BY A FILE"),
    isAwake: JSON.stringify(body).includes("SEEN"),
    ...header(ran),
  };
}

/** What the client prints of itself before it asks. */
function header({ stderr }: Ran): object {
  const find = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(stderr)?.[1];
  return { provider: find("provider"), approval: find("approval"), sandbox: find("sandbox") };
}
