/** What the preset is for, measured: a network that eats WebSocket handshakes, with and without it. */
import { afterEach, expect, it } from "vitest";
import { ask, cfg, selected, succeeded } from "./client.ts";
import { AUTH, QUIET, scratchHome } from "./homes.ts";
import { ANSWER, type ResponsesServer, startResponsesServer } from "./responses-server.ts";

const version = "0.169.0";
const servers: ResponsesServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

const homeAt = async () => {
  const server = await startResponsesServer("refuse");
  servers.push(server);
  return {
    server,
    home: scratchHome({ "config.toml": `openai_base_url = "${server.url}"\n${QUIET}`, "auth.json": AUTH }),
  };
};

it("spares codex 0.169.0 every WebSocket attempt and the wait for them, with the login it had", async () => {
  const plain = await homeAt();
  const slow = succeeded(await ask(version, [], plain.home));
  expect(selected(slow)).toBe("openai");
  expect(slow.stdout).toBe(`${ANSWER}\n`);
  expect(plain.server.upgrades()).toBeGreaterThanOrEqual(2);
  expect(plain.server.posts()).toMatchObject([{ key: "test key" }]);

  const cured = await homeAt();
  const apply = ["apply", "http-sse", "--base-url", cured.server.url, "-y"];
  succeeded(await cfg(apply, { home: cured.home, codexVersionOnPath: version }));
  const fast = succeeded(await ask(version, ["--profile", "http_sse"], cured.home));
  expect(selected(fast)).toBe("openai-http");
  expect(fast.stdout).toBe(`${ANSWER}\n`);
  expect(cured.server.upgrades()).toBe(0);
  expect(cured.server.posts()).toEqual([{ kind: "request", method: "POST", path: "/v1/responses", key: "test key" }]);

  expect(fast.ms).toBeLessThan(slow.ms);
  const attempts = plain.server.upgrades();
  console.log(
    `codex ${version}: built-in ${slow.ms} ms (${attempts} handshakes refused), http_sse ${fast.ms} ms (none tried)`,
  );
});
