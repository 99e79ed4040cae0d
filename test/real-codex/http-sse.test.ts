/** What `apply http-sse` and `revert` do, as the real client of each layout sees it. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ask, cfg, codex, type Ran, selected, succeeded } from "./client.ts";
import { AUTH, beside, copyOf, put, QUIET, scratchHome, snapshotHome } from "./homes.ts";
import { LEGACY, MILESTONES, type Version } from "./install.ts";
import { ANSWER, type ResponsesServer, startResponsesServer } from "./responses-server.ts";

let server: ResponsesServer;
beforeEach(async () => {
  server = await startResponsesServer("http-only");
});
afterEach(() => server.close());

describe.each(MILESTONES)("with codex %s", (version) => {
  it("apply http-sse makes the profile load and select the provider, and revert takes all of it back", async () => {
    const home = ordinaryHome();
    const before = snapshotHome(home);
    const unknown = LEGACY.includes(version) ? "config profile `http_sse` not found" : "openai";
    expect(selected(await askCopy(version, ["-p", "http_sse"], home))).toBe(unknown);

    succeeded(await cfg(["apply", "http-sse", "-y"], { home, codexVersionOnPath: version }));
    expect(readdirSync(home).includes("http_sse.config.toml")).toBe(!LEGACY.includes(version));
    await asksOverHttp(version, ["-p", "http_sse"], home);
    expect(selected(await askCopy(version, [], home))).toBe("openai");

    succeeded(await cfg(["revert", "-y"], { home, codexVersionOnPath: version }));
    expect(snapshotHome(home)).toEqual(before);
    expect(selected(await askCopy(version, ["-p", "http_sse"], home))).toBe(unknown);
    expect(readdirSync(beside(home, "tmp"))).toEqual([]);
  });

  it("apply http-sse --scope default selects the provider without a profile, and revert takes it back", async () => {
    const home = ordinaryHome();
    const before = snapshotHome(home);
    expect(selected(await askCopy(version, [], home))).toBe("openai");

    succeeded(await cfg(["apply", "http-sse", "--scope", "default", "-y"], { home, codexVersionOnPath: version }));
    await asksOverHttp(version, [], home);

    succeeded(await cfg(["revert", "-y"], { home, codexVersionOnPath: version }));
    expect(snapshotHome(home)).toEqual(before);
  });

  it("apply http-sse twice changes nothing the second time, and one revert is enough", async () => {
    const home = ordinaryHome();
    const before = snapshotHome(home);
    succeeded(await cfg(["apply", "http-sse", "-y"], { home, codexVersionOnPath: version }));
    const once = snapshotHome(home);
    expect(once).not.toEqual(before);
    succeeded(await cfg(["apply", "http-sse", "-y"], { home, codexVersionOnPath: version }));
    expect(snapshotHome(home)).toEqual(once);
    succeeded(await cfg(["revert", "-y"], { home, codexVersionOnPath: version }));
    expect(snapshotHome(home)).toEqual(before);
  });
});

describe.each(["0.134.0", "0.169.0"] as const)("with codex %s and the recipe that articles print", (version) => {
  it("--profile http_sse refuses before apply and works after it; revert brings back bytes, mode and link", async () => {
    const home = articleHome();
    const before = snapshotHome(home);
    const list = () => codex(version, ["--profile", "http_sse", "mcp", "list"], { home: copyOf(home) });
    const refused = await list();
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain("--profile `http_sse` cannot be used while");

    succeeded(await cfg(["apply", "http-sse", "-y"], { home, codexVersionOnPath: version }));
    succeeded(await list());
    // The recipe leaves out the login, so the newer client would send no key with it.
    await asksOverHttp(version, ["--profile", "http_sse"], home);
    expect(snapshotHome(home)["config.toml"]).toMatchObject({ link: "../dotfiles/codex.toml", mode: 0o640 });

    succeeded(await cfg(["revert", "-y"], { home, codexVersionOnPath: version }));
    expect(snapshotHome(home)).toEqual(before);
    expect(before["config.toml"]).toMatchObject({ link: "../dotfiles/codex.toml", mode: 0o640, bytes: ARTICLE });
  });
});

/** Nothing special, but nothing a re-printer would leave alone: comments, odd spaces, no newline at the end. */
function ordinaryHome(): string {
  const home = scratchHome({ "auth.json": AUTH });
  const text = `# my Codex
openai_base_url   = "${server.url}"
${QUIET}

[mcp_servers.docs] # off for now
command = 'false'
enabled = false
# the end`;
  put(`${home}/config.toml`, text, 0o640);
  return home;
}

const ARTICLE = `# from a blog
${QUIET}
[profiles.http_sse]
model_provider = "openai-http"

[model_providers.openai-http]
name = "OpenAI HTTP/SSE"
base_url = "https://api.openai.com/v1"
wire_api = "responses"
supports_websockets = false
`;

/** The recipe in a config that is a link into a dotfiles folder, readable for the group. */
function articleHome(): string {
  const home = scratchHome({ "auth.json": AUTH });
  mkdirSync(beside(home, "dotfiles"));
  put(beside(home, "dotfiles/codex.toml"), ARTICLE, 0o640);
  symlinkSync("../dotfiles/codex.toml", `${home}/config.toml`);
  return home;
}

/** Asks in a copy, because a chat in the home itself would be a reason for `revert` to keep the provider. */
function askCopy(version: Version, flags: readonly string[], home: string): Promise<Ran> {
  return ask(version, flags, copyOf(home));
}

/**
 * The provider written by `apply` gets its answer without a handshake. It keeps the home's own address; where there is
 * none, the command line leads it to loopback.
 */
async function asksOverHttp(version: Version, flags: readonly string[], home: string): Promise<void> {
  const [handshakes, requests] = [server.upgrades(), server.posts().length];
  const hasOwn = readFileSync(`${home}/config.toml`, "utf8").includes("openai_base_url");
  const loopback = hasOwn ? [] : ["-c", `model_providers.openai-http.base_url="${server.url}"`];
  const ran = await askCopy(version, [...flags, ...loopback], home);
  expect(selected(ran)).toBe("openai-http");
  expect(succeeded(ran).stdout).toBe(`${ANSWER}\n`);
  expect(server.upgrades()).toBe(handshakes);
  expect(server.posts().slice(requests)).toEqual([
    { kind: "request", method: "POST", path: "/v1/responses", key: "test key" },
  ]);
}
