/** The signs in Codex's logs are data: each with a real line, which must be taken for just that sign. */
import { expect, test } from "vitest";
import { always } from "../../src/codex/facts.ts";
import { LOG_EVENTS } from "../../src/machine/log-events.ts";
import { story } from "../story.ts";

const kindOf = (line: string) => LOG_EVENTS.find(({ pattern }) => pattern.test(line))?.kind;
const withLine = always("logEvents").filter((one) => one.line !== undefined);

test.each(withLine.map(({ kind, line = "" }) => [kind, line] as const))("%s is told by its line", (kind, line) => {
  expect(kindOf(line)).toBe(kind);
});

/** Other lines that were seen, by release, and what they tell; null for what tells nothing of these. */
test.each<[string, string | null]>([
  [
    "unexpected status 403 Forbidden: Unknown error, url: wss://chatgpt.com/backend-api/codex/responses",
    "websocket-refused",
  ],
  [
    "startup websocket prewarm setup failed: unexpected status 403 Forbidden: Unknown error, url: ws://127.0.0.1:9/v1/responses",
    "websocket-refused",
  ],
  ["unexpected status 403 Forbidden: no, url: https://gw.example/v1/responses", "unauthorized"],
  ["unexpected status 404 Not Found: no, url: wss://gw.example/v1/responses", "websocket-refused"],
  ["unexpected status 405 Method Not Allowed: no, url: https://gw.example/v1/responses", "not-found"],
  ["unexpected status 422 Unprocessable Entity: no, url: https://gw.example/v1/responses", "bad-request"],
  ["exceeded retry limit, last status: 429 Too Many Requests", "overloaded"],
  ["We’re currently experiencing high demand, which may cause temporary errors.", "overloaded"],
  [
    "stream disconnected before completion: error sending request for url (http://127.0.0.1:9/v1/responses)",
    "no-network",
  ],
  ["Connection failed: error sending request", "no-network"],
  [
    "codex_core_plugins::manager: failed to warm featured plugin ids cache error=failed to send remote plugin sync request to https://chatgpt.com/x: error sending request for url (https://chatgpt.com/x)",
    null,
  ],
  ["codex_rmcp_client::oauth: failed to read OAuth tokens from keyring: Platform secure storage failure", null],
  ['MCP server startup failed server_name="codex_apps" error=timed out', null],
  [
    'MCP server startup failed server_name="slow" error=timed out handshaking with MCP server after 1.99999985s: deadline has elapsed',
    "server-slow",
  ],
  ["MCP client for `slow` timed out after 10 seconds", "server-slow"],
  [
    'MCP server startup failed server_name="x" error=handshaking failed: unexpected server response: HTTP 401: {}, when send initialize request',
    "server-login",
  ],
  [
    'MCP server startup failed server_name="x" error=handshaking failed: unexpected server response: HTTP 500: {}, when send initialize request',
    "server-failed",
  ],
])("%s", (line, kind) => {
  expect(kindOf(line) ?? null).toBe(kind);
});

test("a line names its host, and never what stands before or behind it", async () => {
  const tale = story({ "config.toml": 'model = "gpt-5.5"\n' });
  const url = "https://user:canary@gw.example:8443/v1/canary?key=canary";
  tale.write("l.log", `ERROR: unexpected status 404 Not Found: no, url: ${url}\n`);
  const { out, err } = await tale.run("doctor", "--log", `${tale.home}/l.log`, "--codex-version", "0.171.0");
  expect(out).toContain("404 from gw.example:8443");
  expect(out + err).not.toContain("canary");
});
