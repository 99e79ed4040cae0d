/** Proves the instruments on hand-written homes, so that a claim made with them can fail. */
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { ask, codex, selected } from "./client.ts";
import { AUTH, copyOf, put, QUIET, scratchHome, snapshotHome } from "./homes.ts";
import { LEGACY, MILESTONES, type Version } from "./install.ts";
import { ANSWER, FAKE_KEY, type ResponsesServer, startResponsesServer, type Upgrades } from "./responses-server.ts";

let server: ResponsesServer;
afterEach(() => server?.close());

const listen = async (upgrades: Upgrades) => {
  server = await startResponsesServer(upgrades);
  return server.url;
};

describe.each(MILESTONES)("the client %s", (version) => {
  it("is the version it is installed as", async () => {
    expect(await codex(version, ["--version"], { home: scratchHome() })).toMatchObject({
      status: 0,
      stdout: `codex-cli ${version}\n`,
    });
  });

  it("says which provider a hand-written profile selects, and asks it over HTTP with the key", async () => {
    const ran = await ask(version, ["-p", "http_sse"], handWritten(version, await listen("refuse")));
    expect(selected(ran)).toBe("openai-http");
    expect(ran).toMatchObject({ status: 0, stdout: `${ANSWER}\n` });
    expect(server.upgrades()).toBe(0);
    expect(server.posts()).toEqual([{ kind: "request", method: "POST", path: "/v1/responses", key: "test key" }]);
  });

  it("says that it takes its built-in provider without a profile, and tries a WebSocket first", async () => {
    const ran = await ask(version, [], handWritten(version, await listen("http-only")));
    expect(selected(ran)).toBe("openai");
    expect(ran).toMatchObject({ status: 0, stdout: `${ANSWER}\n` });
    expect(server.upgrades()).toBeGreaterThan(0);
  });
});

describe("the loopback server", () => {
  it("leaves a handshake unanswered when told to, and closes all the same", async () => {
    const { port } = new URL(await listen("hang"));
    const socket = connect(Number(port), "127.0.0.1");
    const heard: string[] = [];
    socket.on("data", (bytes) => heard.push(String(bytes)));
    const gone = new Promise((resolve) => socket.on("close", resolve));
    socket.write("GET /v1/responses HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
    await expect.poll(() => server.upgrades()).toBe(1);
    await server.close();
    await gone;
    expect(heard).toEqual([]);
  });

  it("tells the test key, another key and no key apart, without keeping any", async () => {
    const url = await listen("refuse");
    for (const key of [undefined, "Bearer sk-fake-other", `Bearer ${FAKE_KEY}`]) {
      const reply = await fetch(`${url}/models`, key === undefined ? {} : { headers: { authorization: key } });
      expect(await reply.json()).toMatchObject({ models: [] });
    }
    expect(server.asked.map((one) => one.key)).toEqual(["none", "another", "test key"]);
    expect(JSON.stringify(server.asked)).not.toContain("sk-fake");
  });
});

describe("a snapshot", () => {
  it("sees a changed byte, mode, link or file", () => {
    const home = scratchHome({ "config.toml": "a = 1\n", "auth.json": AUTH });
    const before = snapshotHome(home);
    expect(snapshotHome(copyOf(home))).toEqual(before);
    put(`${home}/config.toml`, "a = 1\r\n");
    expect(snapshotHome(home)).not.toEqual(before);
    put(`${home}/config.toml`, "a = 1\n", 0o640);
    expect(snapshotHome(home)).not.toEqual(before);
    put(`${home}/config.toml`, "a = 1\n");
    expect(snapshotHome(home)).toEqual(before);
    put(`${home}/other.config.toml`, "");
    expect(snapshotHome(home)).not.toEqual(before);
  });
});

/** The provider table and the profile in the layout that this version reads. */
function handWritten(version: Version, url: string): string {
  const legacy = LEGACY.includes(version);
  const select = 'model_provider = "openai-http"\n';
  const config = `openai_base_url = "${url}"\n${QUIET}
[model_providers.openai-http]
name = "OpenAI"
base_url = "${url}"
wire_api = "responses"
requires_openai_auth = true
supports_websockets = false
${legacy ? `\n[profiles.http_sse]\n${select}` : ""}`;
  return scratchHome({
    "config.toml": config,
    "auth.json": AUTH,
    ...(legacy ? {} : { "http_sse.config.toml": select }),
  });
}
