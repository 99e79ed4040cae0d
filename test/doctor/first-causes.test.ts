/** Homes that people have asked about, each as small as it can be, and what doctor must name first; null for nothing. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Story, story } from "../story.ts";

type Case = {
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Rows of the log database, a minute apart, of one process unless told. */
  readonly rows?: readonly string[];
  readonly log?: string;
  readonly argv?: readonly string[];
  /** Ports of this machine where somebody answers. */
  readonly open?: readonly number[];
  readonly first: readonly [symptom: string, action: string, subject?: string] | null;
};

const AUTH = { "auth.json": '{"auth_mode":"apikey","OPENAI_API_KEY":"sk-fake"}' };
const RETRY =
  "stream disconnected - retrying sampling request (1/5 in 189ms)... retries=1 max_retries=5 sampling_error=";
const gateway = (more = "", url = "https://gw.example/v1") =>
  `model_provider = "gw"\n[model_providers.gw]\nname = "gw"\nbase_url = "${url}"\n${more}\n`;
const KEY = 'env_key = "GW_KEY"';
const server = (lines: string) => `[mcp_servers.notes]\n${lines}\n`;
const failed = (words: string) => `MCP server startup failed server_name="notes" error=${words}`;
const TRANSPORT = "handshaking with MCP server failed: Send message error Transport error: ";

const CASES: Readonly<Record<string, Case>> = {
  "a dead proxy of .env": {
    files: { "config.toml": 'model = "gpt-5.5"\n', ".env": "HTTPS_PROXY=http://127.0.0.1:7891\n", ...AUTH },
    first: ["reconnect", "drop-proxy-line", "HTTPS_PROXY"],
  },
  "the same proxy, which runs": {
    files: { "config.toml": 'model = "gpt-5.5"\n', ".env": "HTTPS_PROXY=http://127.0.0.1:7891\n", ...AUTH },
    open: [7891],
    first: null,
  },
  "a dead address for OpenAI": {
    files: { "config.toml": 'openai_base_url = "http://127.0.0.1:19997/v1"\n' },
    first: ["reconnect", "start-program", "openai_base_url"],
  },
  "the same address, where somebody answers": {
    files: { "config.toml": 'openai_base_url = "http://127.0.0.1:19997/v1"\n' },
    open: [19997],
    first: null,
  },
  "an address for OpenAI that no start uses": {
    files: { "config.toml": `openai_base_url = "http://127.0.0.1:19997/v1"\n${gateway(KEY)}`, ".env": "GW_KEY=x\n" },
    first: ["leftovers", "start-program", "openai_base_url"],
  },
  "waiting for a network": {
    log: "ERROR: Reconnecting... waiting for network",
    first: ["reconnect", "look-at-connection"],
  },
  "a key that stands in .env": { files: { "config.toml": gateway(KEY), ".env": "GW_KEY=abc\n" }, first: null },
  "a key that stands nowhere": { files: { "config.toml": gateway(KEY) }, first: ["auth", "set-variable", "GW_KEY"] },
  "a login that stands in .env": {
    files: { "config.toml": "", ".env": "OPENAI_API_KEY=sk-fake\n" },
    argv: ["--symptom", "auth"],
    first: null,
  },
  "an edge that refuses the WebSocket with 403": {
    log: [1, 2, 3]
      .map(() => `WARN codex_core: ${RETRY}unexpected status 403 Forbidden: Unknown error, url: wss://chatgpt.com/x`)
      .concat("WARN codex_core::client: falling back to HTTP")
      .join("\n"),
    first: ["reconnect", "apply-http-sse"],
  },
  "a request that is refused with 403": {
    log: "ERROR: unexpected status 403 Forbidden: no, url: https://chatgpt.com/x",
    first: ["auth", "log-in"],
  },
  "reconnects with a Codex newer than any known": {
    rows: [`${RETRY}unexpected status 502 Bad Gateway, url: wss://chatgpt.com/x`],
    argv: ["--codex-version", "99.0.0"],
    first: ["reconnect", "apply-http-sse"],
  },
  "an MCP server that is not ready in time": {
    files: { "config.toml": server('url = "https://mcp.example"') },
    rows: [failed("timed out handshaking with MCP server after 4s")],
    first: ["mcp", "more-time", "notes"],
  },
  "an MCP server that wants a login": {
    files: { "config.toml": server('url = "https://mcp.example"') },
    rows: [failed(`${TRANSPORT}Auth required, when send initialize request`)],
    first: ["mcp", "server-login", "notes"],
  },
  "an MCP server that is not at its url": {
    files: { "config.toml": server('url = "https://mcp.example"') },
    rows: [failed(`${TRANSPORT}unexpected server response: HTTP 404: {}`)],
    first: ["mcp", "server-url", "notes"],
  },
  "an MCP server that ends": {
    files: { "config.toml": server('url = "https://mcp.example"') },
    rows: [failed("handshaking with MCP server failed: connection closed: initialize response")],
    first: ["mcp", "disable-server", "notes"],
  },
  "an MCP server that failed and is off by now": {
    files: { "config.toml": server('url = "https://mcp.example"\nenabled = false') },
    rows: [failed("timed out handshaking with MCP server after 4s")],
    first: null,
  },
  "a dead MCP server of this machine is no reason for a reconnect": {
    files: { "config.toml": server('url = "http://127.0.0.1:7777/mcp"') },
    first: ["mcp", "server-start", "notes"],
  },
  ...Object.fromEntries(
    [
      ['url = "https://mcp.example"\nbearer_token_env_var = "NOPE"', "set-variable"],
      ['url = "https://mcp.example"\nenv_http_headers = { X = "NOPE" }', "set-variable"],
      ['url = "https://mcp.example"\nbearer_token_env_var = "CODEX_NOPE"', "export-variable"],
    ].map(([lines = "", action = ""]): [string, Case] => [
      `an MCP server: ${lines.split("\n")[1]}`,
      { files: { "config.toml": server(lines) }, first: ["mcp", action] },
    ]),
  ),
  "the same variable for a server that is off": {
    files: { "config.toml": server('url = "https://mcp.example"\nbearer_token_env_var = "NOPE"\nenabled = false') },
    first: null,
  },
  "a variable of a server in .env": {
    files: { "config.toml": server('url = "https://mcp.example"\nbearer_token_env_var = "YES"'), ".env": "YES=1\n" },
    first: null,
  },
  "streams that end too early, over HTTP": {
    files: { "config.toml": gateway(KEY), ".env": "GW_KEY=x\n" },
    rows: [1, 2, 3, 4].map(
      () => `${RETRY}stream disconnected before completion: stream closed before response.completed`,
    ),
    first: ["reconnect", "look-at-service", "gw"],
  },
  "one stream that ended too early": {
    files: { "config.toml": gateway(KEY), ".env": "GW_KEY=x\n" },
    rows: [`${RETRY}stream disconnected before completion: stream closed before response.completed`],
    first: null,
  },
  "404 from a gateway": {
    files: { "config.toml": gateway(KEY), ".env": "GW_KEY=x\n" },
    rows: [`${RETRY}unexpected status 404 Not Found: no, url: https://gw.example/v1/responses`],
    first: ["reconnect", "look-at-address", "model_providers.gw.base_url"],
  },
  "404 from a gateway that was there before": {
    files: { "config.toml": gateway(KEY), ".env": "GW_KEY=x\n" },
    rows: [`${RETRY}unexpected status 404 Not Found: no, url: https://old.example/v1/responses`],
    first: null,
  },
  "503 from a gateway, again and again": {
    files: { "config.toml": gateway(KEY), ".env": "GW_KEY=x\n" },
    rows: [1, 2].map(() => `${RETRY}unexpected status 503 Service Unavailable, url: https://gw.example/v1/responses`),
    first: ["reconnect", "wait-for-service", "gw"],
  },
  "a base_url without a scheme": {
    files: { "config.toml": gateway(KEY, "relay.example/v1"), ".env": "GW_KEY=x\n" },
    first: ["settings", "look-at-address", "model_providers.gw.base_url"],
  },
  "a base_url that ends where requests go": {
    files: { "config.toml": gateway(KEY, "https://gw.example/v1/chat/completions"), ".env": "GW_KEY=x\n" },
    first: ["settings", "look-at-address"],
  },
  "a gateway that refuses WebSockets": {
    files: { "config.toml": gateway(`${KEY}\nsupports_websockets = true`), ".env": "GW_KEY=x\n" },
    rows: [`${RETRY}unexpected status 502 Bad Gateway, url: wss://gw.example/v1/responses`],
    first: ["reconnect", "provider-http", "gw"],
  },
  "a SOCKS proxy before a gateway over HTTP": {
    files: { "config.toml": gateway(KEY), ".env": "GW_KEY=x\n" },
    env: { ALL_PROXY: "socks5h://127.0.0.1:7952" },
    open: [7952],
    first: ["reconnect", "http-proxy", "ALL_PROXY"],
  },
  "a SOCKS proxy before WebSockets that fail": {
    env: { ALL_PROXY: "socks5h://proxy.example:1080" },
    rows: [`${RETRY}unexpected status 502 Bad Gateway, url: wss://chatgpt.com/x`],
    first: ["reconnect", "http-proxy", "ALL_PROXY"],
  },
  "a SOCKS proxy before WebSockets that work": { env: { ALL_PROXY: "socks5h://proxy.example:1080" }, first: null },
  "a dead proxy of the shell": {
    env: { HTTPS_PROXY: "http://127.0.0.1:7999" },
    first: ["reconnect", "drop-proxy", "HTTPS_PROXY"],
  },
  "a dead proxy that no request takes": { env: { HTTP_PROXY: "http://127.0.0.1:7999" }, first: null },
  "hooks that nobody has trusted": {
    files: { "config.toml": '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"\ncommand = "true"\n' },
    first: ["hooks", "trust-hooks"],
  },
  "the same with a Codex that asks for no trust": {
    files: { "config.toml": '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"\ncommand = "true"\n' },
    argv: ["--codex-version", "0.128.0"],
    first: null,
  },
  "a hooks.json that is cut off": {
    files: { "hooks.json": '{"hooks":{"St' },
    first: ["hooks", "mend-file", "hooks.json"],
  },
  "a login that is cut off": { files: { "auth.json": '{"auth_mode":"chatgpt","tok' }, first: ["auth", "log-in"] },
  "a login of nothing": { files: { "auth.json": "" }, first: ["auth", "log-in"] },
  "a role without a name": {
    files: { "agents/a.toml": 'description = "d"\n' },
    first: ["settings", "mend-file", "agents/a.toml"],
  },
  "a rule that nobody can read": {
    files: { "rules/default.rules": 'prefix_rule(pattern=["git"], decision="maybe")\n' },
    first: ["settings", "mend-file", "rules/default.rules"],
  },
  "a rule that is right, and speaks of decisions": {
    files: { "rules/default.rules": '# decision = "maybe" (\nprefix_rule(pattern=["git"], decision="allow")\n' },
    first: null,
  },
  "a keyring that is not there": {
    files: { "config.toml": 'cli_auth_credentials_store = "keyring"\n' },
    first: ["auth", "file-store"],
  },
};

function told({ env = {}, files = {}, open = [], rows }: Case): Story {
  const tale = story();
  for (const [name, text] of Object.entries({ ...(rows ? { "logs_2.sqlite": "x" } : {}), ...files }))
    tale.write(name, text);
  Object.assign(tale.env, env);
  tale.world.listens = async (port) => open.includes(port);
  if (rows)
    tale.world.query = () =>
      rows.map((text, i) => ({ ts: Date.UTC(2030, 0, 2, 1, i) / 1000, text, process: "p", thread: null }));
  return tale;
}

async function firstOf(tale: Story, argv: readonly string[]) {
  const version = argv.includes("--codex-version") ? [] : ["--codex-version", "0.171.0"];
  const { exit, out } = await tale.run("doctor", "--json", ...argv, ...version);
  const { symptoms } = JSON.parse(out) as {
    symptoms: { symptom: string; found: boolean; action: { args: { action: string; subject: string } } }[];
  };
  const [first] = symptoms.filter(({ found }) => found);
  expect(exit, out).toBe(first ? 1 : 0);
  return first ? [first.symptom, first.action.args.action, first.action.args.subject] : null;
}

describe("first named is", () => {
  test.each(Object.entries(CASES))("%s", async (_, it) => {
    const tale = told(it);
    if (it.log) tale.write("run.log", `${it.log}\n`);
    const argv = [...(it.argv ?? []), ...(it.log ? ["--log", join(tale.home, "run.log")] : [])];
    const first = await firstOf(tale, argv);
    if (it.first === null) expect(first).toBeNull();
    else expect(first).toEqual([it.first[0], it.first[1], it.first[2] ?? expect.any(String)]);
  });

  test("one Codex, where a failed turn is in the log and at the end of its chat", async () => {
    const thread = "01a22414-017e-7a02-8d0d-8547623df0c0";
    const tale = told({ files: { "config.toml": gateway(KEY), ".env": "GW_KEY=x\n" }, rows: ["x"], first: null });
    const time = Date.UTC(2030, 0, 2, 1, 0);
    const text = `${RETRY}unexpected status 503 Service Unavailable, url: https://gw.example/v1/responses`;
    tale.world.query = () => [{ ts: time / 1000, text, process: "pid:1", thread }];
    const at = new Date(time + 500).toISOString();
    tale.write(
      `sessions/2030/01/02/rollout-2030-01-02T01-00-00-${thread}.jsonl`,
      `{"timestamp":"${at}","type":"event_msg","payload":{"type":"task_complete","error":{"message":"unexpected status 503 Service Unavailable"}}}\n`,
    );
    const { out } = await tale.run("doctor", "--codex-version", "0.171.0", "--symptom", "sessions");
    expect(out).not.toContain("processes lost");
  });

  test("a config behind a link into a folder that nobody may write to", async () => {
    const tale = story();
    const store = join(tale.root, "store");
    mkdirSync(store);
    writeFileSync(join(store, "config.toml"), 'model = "gpt-5.5"\n');
    symlinkSync(join(store, "config.toml"), join(tale.home, "config.toml"));
    expect(await firstOf(tale, [])).toBeNull();
  });
});
