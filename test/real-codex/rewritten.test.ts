/** Taking a change back after the client and its user have been at the files, and asking the client beforehand. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { parse } from "smol-toml";
import { afterEach, describe, expect, it } from "vitest";
import { ask, cfg, codex, selected, succeeded } from "./client.ts";
import { AUTH, put, QUIET, scratchHome, snapshotHome } from "./homes.ts";
import type { Version } from "./install.ts";
import { ANSWER, type ResponsesServer, startResponsesServer } from "./responses-server.ts";

const newest = "0.169.0";
const ours = (args: readonly string[], home: string, version: Version = newest) =>
  cfg(args, { home, codexVersionOnPath: version });

let server: ResponsesServer | undefined;
afterEach(() => server?.close());

describe("revert, after codex 0.169.0 rewrote the file", () => {
  it.each([
    { where: "into a table that was there", end: "\n[features]\n# keep\nshell_tool = true # yes\n" },
    { where: "into a table of its own at the end", end: "" },
  ])("takes back its own keys and no other: the client wrote $where", async ({ end }) => {
    const start = `# my settings\nmodel = "gpt-5.5"\n${QUIET}${end}`.replaceAll("\n", "\r\n");
    const [home, never] = [scratchHome(), scratchHome()];
    for (const one of [home, never]) put(`${one}/config.toml`, start, 0o640);
    succeeded(await ours(["apply", "http-sse", "-y"], home));
    for (const one of [home, never]) {
      const text = readFileSync(`${one}/config.toml`, "utf8");
      put(`${one}/config.toml`, text.replace("\r\n", '\r\n# added by hand\r\nmodel_reasoning_effort = "low"\r\n'));
      succeeded(await codex(newest, ["features", "enable", "memories"], { home: one }));
    }
    const rewritten = readFileSync(`${home}/config.toml`, "utf8");
    expect(rewritten).toContain("memories = true");
    expect(rewritten).toContain("[model_providers.openai-http]");
    expect(rewritten).not.toContain("\r");

    succeeded(await ours(["revert", "-y"], home));
    expect(readFileSync(`${home}/config.toml`, "utf8")).toBe(readFileSync(`${never}/config.toml`, "utf8"));
    expect(snapshotHome(home, { clientRan: true })).toEqual(snapshotHome(never, { clientRan: true }));
  });
});

describe("revert, after codex 0.169.0 wrote into the table that we had made", () => {
  it.each([
    ["set", "features.goals", "true"],
    ["set", "features", "{ goals = true }"],
  ])("takes back our key and leaves the client's: %s %s", async (...command) => {
    const start = `model = "gpt-5.5"\n${QUIET}`;
    const [home, never] = [start, start].map((text) => scratchHome({ "config.toml": text })) as [string, string];
    succeeded(await ours([...command, "-y"], home));
    for (const one of [home, never]) succeeded(await codex(newest, ["features", "enable", "memories"], { home: one }));
    succeeded(await ours(["revert", "-y"], home));
    const read = (one: string) => parse(readFileSync(`${one}/config.toml`, "utf8"));
    expect(read(home)).toEqual(read(never));
    expect(read(home)).toMatchObject({ features: { memories: true } });
  });
});

describe.each(["0.134.0", "0.169.0"] as const)("revert, after codex %s wrote its servers anew", (version) => {
  const A = "mcp_servers.a";
  it.each([
    ["enabled = false", ["mcp", "enable", "a"]],
    ["required = true", ["set", `${A}.required`, "false"]],
    ['args = ["x"]', ["set", `${A}.args`, "[]"]],
    ["startup_timeout_sec = 20", ["set", `${A}.startup_timeout_sec`, "60"]],
    ["", ["set", `${A}.startup_timeout_ms`, "7000"]],
  ])("brings back: %s", async (line, command) => {
    const start = `[mcp_servers.a]\ncommand = "true"\n${line}\n\n${QUIET}`;
    const [home, never] = [scratchHome({ "config.toml": start }), scratchHome({ "config.toml": start })];
    succeeded(await ours([...command, "-y"], home, version));
    for (const one of [home, never]) succeeded(await codex(version, ["mcp", "add", "zz", "--", "true"], { home: one }));
    succeeded(await ours(["revert", "-y"], home, version));
    const read = (one: string) => parse(readFileSync(`${one}/config.toml`, "utf8"));
    expect(read(home)).toEqual(read(never));
  });
});

describe("revert, after somebody changed a key it would take back", () => {
  it("refuses with exit code 3, names the key, writes nothing, and works once the key is as it was", async () => {
    const home = scratchHome({ "config.toml": `# mine\n${QUIET}` });
    const before = snapshotHome(home);
    succeeded(await ours(["apply", "http-sse", "-y"], home));
    const config = `${home}/config.toml`;
    const applied = readFileSync(config, "utf8");
    writeFileSync(config, applied.replace("supports_websockets = false", "supports_websockets = true"));
    const changed = snapshotHome(home);

    const ran = await ours(["revert", "-y"], home);
    expect(ran.status, `${ran.stdout}${ran.stderr}`).toBe(3);
    expect(ran.stderr).toContain("model_providers.openai-http.supports_websockets");
    expect(snapshotHome(home)).toEqual(changed);

    writeFileSync(config, applied);
    succeeded(await ours(["revert", "-y"], home));
    expect(snapshotHome(home)).toEqual(before);
  });
});

describe("revert, while a chat needs the provider", () => {
  it("keeps the provider table, so that codex 0.169.0 can go on with the chat, and drops the profile", async () => {
    server = await startResponsesServer("http-only");
    const config = `openai_base_url = "${server.url}"\n${QUIET}`;
    const home = scratchHome({ "config.toml": config, "auth.json": AUTH });
    succeeded(await ours(["apply", "http-sse", "--base-url", server.url, "-y"], home));
    const chat = succeeded(await ask(newest, ["--profile", "http_sse"], home));
    const id = /^session id: (\S+)$/m.exec(chat.stderr)?.[1] ?? "(none)";

    succeeded(await ours(["revert", "-y"], home));
    expect(readdirSync(home)).not.toContain("http_sse.config.toml");
    const provider = ["-c", 'model_provider="openai-http"'];
    const resume = ["exec", "--skip-git-repo-check", ...provider, "resume", id, "Go on."];
    const resumed = succeeded(await codex(newest, resume, { home }));
    expect(selected(resumed)).toBe("openai-http");
    expect(resumed.stdout).toBe(`${ANSWER}\n`);

    // Without the table the client has no way back to the chat, which is why it stays.
    put(`${home}/config.toml`, config);
    expect((await codex(newest, resume, { home })).stderr).toContain("`openai-http` not found");
  });
});

describe.each(["0.130.0", newest] as const)("asking codex %s before a commit", (version) => {
  const missing = ["set", "model_instructions_file", '"missing.md"', "-y"];

  it("refuses a change that only the client can see is wrong, in the client's own words", async () => {
    const home = scratchHome({ "config.toml": QUIET });
    const before = snapshotHome(home);
    // What codex-cfg sees itself it refuses itself; --force leaves the client to have its say.
    expect((await ours(missing, home, version)).stderr).toContain(
      "the file that model_instructions_file names cannot be read",
    );
    const ran = await ours([...missing, "--force"], home, version);
    expect(ran.status, `${ran.stdout}${ran.stderr}`).toBe(3);
    expect(ran.stderr).toContain("failed to read model instructions file");
    expect(snapshotHome(home)).toEqual(before);
  });

  it("lets the same change pass when told not to ask", async () => {
    const home = scratchHome({ "config.toml": QUIET });
    succeeded(await ours([...missing, "--force", "--no-preflight"], home, version));
    const { stderr } = await codex(version, ["features", "list"], { home });
    expect(stderr).toContain("failed to read model instructions file");
  });

  it("does not blame a change for what the client refused before it", async () => {
    const home = scratchHome({ "config.toml": `model_instructions_file = "missing.md"\n${QUIET}` });
    const before = snapshotHome(home);
    succeeded(await ours(["apply", "http-sse", "-y"], home, version));
    expect(snapshotHome(home)).not.toEqual(before);
    succeeded(await ours(["revert", "-y"], home, version));
    expect(snapshotHome(home)).toEqual(before);
  });
});
