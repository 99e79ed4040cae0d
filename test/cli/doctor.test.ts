/**
 * `doctor`: for each symptom a home that has it, told by the right evidence and with the right first thing to do; homes
 * that are in order; what --fix does and does not; where a setting comes from.
 */
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import type { Program } from "../../src/host/host.ts";
import { MemoryDisk } from "../memory-disk.ts";
import { memoryHost } from "../memory-host.ts";
import { type Story, story } from "../story.ts";

const VERSION = ["--codex-version", "0.169.0"];
/** Two hours before the clock of a story. */
const NOW = Date.UTC(2030, 0, 2, 1, 0, 0);
const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString().replace("Z", "000Z");
const ANSI = "\u001b[2m";

const log = (...lines: readonly (readonly [minutes: number, text: string])[]) =>
  lines.map(([minutes, text]) => `${at(minutes)}  WARN ${text}\n`).join("");

/** Rows as the database of a newer Codex has them. */
const rows = (...lines: readonly (readonly [minutes: number, text: string, process?: string, thread?: string])[]) =>
  lines.map(([minutes, text, process = "pid:1:a", thread = null]) => ({
    ts: NOW / 1000 + minutes * 60,
    text,
    process,
    thread,
  }));

const RETRY =
  "stream disconnected - retrying sampling request (1/5 in 182ms)... retries=1 max_retries=5 sampling_error=";
const LOST = `${RETRY}unexpected status 502 Bad Gateway: refused, url: ws://127.0.0.1:9/v1/responses`;
const IDLE = `${RETRY}stream disconnected before completion: idle timeout waiting for SSE`;
const program = (pid: number, ...command: string[]): Program => ({ pid, parent: 1, command });

type Case = {
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly rows?: ReturnType<typeof rows>;
  readonly programs?: readonly Program[];
  readonly listens?: boolean;
  readonly argv?: readonly string[];
  /** What standard output begins with, line by line. */
  readonly out: readonly string[];
};

function tell({ env, files = {}, listens, programs, rows: found }: Case): Story {
  const tale = story({ ...files, ...(found ? { "logs_2.sqlite": "not read" } : {}) });
  Object.assign(tale.env, env);
  if (found) tale.world.query = () => found;
  if (programs) tale.world.programs = () => programs;
  if (listens !== undefined) tale.world.listens = async () => listens;
  return tale;
}

const SICK: Readonly<Record<string, Case>> = {
  "a WebSocket that is refused at every turn": {
    rows: rows([0, LOST], [1, LOST], [2, "run_turn: falling back to HTTP"]),
    env: { HTTPS_PROXY: "http://proxy.example:3128" },
    out: [
      "reconnect: Reconnecting…, waiting for network, or no answer at all",
      "  · proxies are set here: HTTPS_PROXY",
      "  ! the log has 2 reconnects of a WebSocket, the last at 2030-01-02 01:01 UTC",
      "  · the log has 1 fall back from the WebSocket to HTTP, the last at 2030-01-02 01:02 UTC",
      "  · a plain start uses openai, which begins with a WebSocket",
      "  → if it reconnects at every turn, use HTTP instead of a WebSocket: codex-cfg apply http-sse",
    ],
  },
  "a proxy that serves no WebSocket": {
    env: { HTTPS_PROXY: "proxy.example:3128" },
    out: [
      "reconnect: Reconnecting…, waiting for network, or no answer at all",
      "  ! HTTPS_PROXY has no scheme: requests go through that proxy, WebSockets do not",
      "  · proxies are set here: HTTPS_PROXY",
      "  · a plain start uses openai, which begins with a WebSocket",
      '  → give HTTPS_PROXY a scheme in the shell that starts Codex: export HTTPS_PROXY="http://$HTTPS_PROXY"',
    ],
  },
  "a proxy that looks into the traffic": {
    rows: rows([0, `${RETRY}stream disconnected before completion: IO error: invalid peer certificate: UnknownIssuer`]),
    out: [
      "reconnect: Reconnecting…, waiting for network, or no answer at all",
      "  ! the log has 1 certificate that Codex does not trust, the last at 2030-01-02 01:00 UTC",
      "  · a plain start uses openai, which begins with a WebSocket",
      "  → name the certificate, as PEM, of the proxy that looks into your traffic: export CODEX_CA_CERTIFICATE=/path/to/ca.pem",
    ],
  },
  "the same in the text log of an older Codex": {
    files: {
      "log/codex-tui.log": log(
        [0, "codex_api::endpoint::responses_websocket: failed to connect to websocket: HTTP error: 502 Bad Gateway"],
        [0, "turn: stream disconnected - retrying sampling request (1/5 in 185ms)..."],
        [1, "codex_core::client: falling back to HTTP"],
      ),
    },
    argv: ["--codex-version", "0.130.0"],
    out: [
      "reconnect: Reconnecting…, waiting for network, or no answer at all",
      "  ! the log has 1 reconnect, the last at 2030-01-02 01:00 UTC",
      "  · the log has 1 fall back from the WebSocket to HTTP, the last at 2030-01-02 01:01 UTC",
      "  · the log has 1 refused WebSocket, the last at 2030-01-02 01:00 UTC",
      "  · a plain start uses openai, which begins with a WebSocket",
      "  · Codex 0.130.0 is installed, 0.169.0 is there; update with: npm install -g @openai/codex@latest",
      "  → if it reconnects at every turn, use HTTP instead of a WebSocket: codex-cfg apply http-sse",
    ],
  },
  "the same with a Codex that is newer than any known here": {
    files: { "version.json": '{"latest_version":"0.170.0"}' },
    rows: rows([0, LOST]),
    argv: ["--codex-version", "99.0.0"],
    out: [
      "reconnect: Reconnecting…, waiting for network, or no answer at all",
      "  ! the log has 1 reconnect of a WebSocket, the last at 2030-01-02 01:00 UTC",
      "  · a plain start uses openai, which begins with a WebSocket",
      "  → if it reconnects at every turn, use HTTP instead of a WebSocket: codex-cfg apply http-sse",
    ],
  },
  "the same with a Codex that has heard of a newer one": {
    files: { "version.json": '{"latest_version":"0.170.0"}' },
    rows: rows([0, LOST]),
    out: [
      "reconnect: Reconnecting…, waiting for network, or no answer at all",
      "  ! the log has 1 reconnect of a WebSocket, the last at 2030-01-02 01:00 UTC",
      "  · a plain start uses openai, which begins with a WebSocket",
      "  · Codex 0.169.0 is installed, 0.170.0 is there; update with: npm install -g @openai/codex@latest",
      "  → if it reconnects at every turn, use HTTP instead of a WebSocket: codex-cfg apply http-sse",
    ],
  },
  "the same with the cure there and not used": {
    files: {
      "config.toml": '[model_providers.openai-http]\nname = "OpenAI"\nrequires_openai_auth = true\n',
      "http_sse.config.toml": 'model_provider = "openai-http"\n',
    },
    rows: rows([0, LOST]),
    out: [
      "reconnect: Reconnecting…, waiting for network, or no answer at all",
      "  ! the log has 1 reconnect of a WebSocket, the last at 2030-01-02 01:00 UTC",
      "  · a plain start uses openai, which begins with a WebSocket",
      "  · codex --profile http_sse uses openai-http, which uses HTTP alone",
      "  → start Codex with the profile that uses HTTP: codex --profile http_sse   for every start: codex-cfg apply http-sse --scope default",
    ],
  },
  "a login that is refused": {
    files: { "auth.json": '{"auth_mode":"apikey","OPENAI_API_KEY":"sk-CANARY-0123456789"}' },
    rows: rows([0, `${RETRY}unexpected status 401 Unauthorized: no, url: http://127.0.0.1:9/v1/responses`]),
    out: [
      "auth: 401, 403, or asked to log in again",
      "  ! the log has 1 refused login (401), the last at 2030-01-02 01:00 UTC",
      "  · signed in with an API key; credentials are kept in: file",
      "  → sign in again: codex logout && codex login",
    ],
  },
  "a login that is refused and kept in a keyring": {
    files: { "config.toml": 'cli_auth_credentials_store = "keyring"\n' },
    rows: rows([0, "unexpected status 403 Forbidden: no"]),
    out: [
      "auth: 401, 403, or asked to log in again",
      '  ! cli_auth_credentials_store = "keyring", and no keyring answers here',
      "  ! the log has 1 refused login (403), the last at 2030-01-02 01:00 UTC",
      "  · a login that cannot be told; credentials are kept in: keyring",
      "  → keep credentials in a file: codex-cfg auth-store set file   then: codex login",
    ],
  },
  "an old auth.json that nobody reads any more": {
    files: {
      "auth.json": '{"auth_mode":"apikey","OPENAI_API_KEY":"sk-CANARY-0123456789"}',
      "config.toml": 'cli_auth_credentials_store = "ephemeral"\nforced_login_method = "chatgpt"\n',
    },
    rows: rows([0, "unexpected status 401 Unauthorized: no"]),
    out: [
      "auth: 401, 403, or asked to log in again",
      "  ! the log has 1 refused login (401), the last at 2030-01-02 01:00 UTC",
      "  · no stored login; credentials are kept in: ephemeral",
      "  → sign in again (credentials are in ephemeral): codex logout && codex login   if the keyring is at fault: codex-cfg auth-store set file",
    ],
  },
  "a login that a setting makes Codex delete": {
    files: {
      "auth.json": '{"auth_mode":"apikey","OPENAI_API_KEY":"sk-CANARY-0123456789"}',
      "config.toml": 'forced_login_method = "chatgpt"\n',
    },
    out: [
      "auth: 401, 403, or asked to log in again",
      '  ! config.toml:1:23: forced_login_method = "chatgpt" beside a stored API key makes `codex exec` log out and delete auth.json; keep a copy of the key',
      "  · signed in with an API key; credentials are kept in: file",
      "  → decide what line 1 should say; all of it: codex-cfg validate",
    ],
  },
  "a login that a variable stands in for": {
    env: { CODEX_API_KEY: "sk-CANARY-0123456789" },
    rows: rows([0, "unexpected status 401 Unauthorized: no"]),
    out: [
      "auth: 401, 403, or asked to log in again",
      "  ! the log has 1 refused login (401), the last at 2030-01-02 01:00 UTC",
      "  · no login in auth.json; credentials are kept in: file",
      "  · CODEX_API_KEY is set, and counts instead of the login for codex exec",
      "  → try again without CODEX_API_KEY: unset CODEX_API_KEY",
    ],
  },
  "a provider's table that sends the login to the wrong service": {
    files: {
      "auth.json": '{"auth_mode":"chatgpt"}',
      "config.toml":
        '[model_providers.p]\nname = "OpenAI"\nrequires_openai_auth = true\nbase_url = "https://api.openai.com/v1"\n',
    },
    env: { OPENAI_API_KEY: "sk-CANARY-0123456789" },
    out: [
      "auth: 401, 403, or asked to log in again",
      "  ! config.toml:1:2: [model_providers.p] sends your ChatGPT login to api.openai.com, which does not take it; without base_url Codex picks the right address",
      "  · signed in with ChatGPT; credentials are kept in: file",
      "  · OPENAI_API_KEY is set beside a ChatGPT login; the login counts here, other tools may use the key",
      "  → choose among the fixes that are known; each is shown first: codex-cfg doctor --fix",
    ],
  },
  "a key from a variable that is not set": {
    files: {
      "config.toml":
        'model_provider = "p"\n[model_providers.p]\nname = "x"\nenv_key = "P_KEY"\nbase_url = "https://p.example/v1"\n',
    },
    out: [
      "auth: 401, 403, or asked to log in again",
      "  ! P_KEY is not set here; Codex needs it at every start with its provider",
      "  · no login in auth.json; credentials are kept in: file",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's own braces
      "  → set P_KEY in .env of the Codex home, which the IDE and the desktop app read, too: echo 'P_KEY=…' >> \"${CODEX_HOME:-$HOME/.codex}/.env\"   or in the shell that starts Codex: export P_KEY=…",
    ],
  },
  "a connection that died of idleness": {
    rows: rows([-120, "some warning"], [0, IDLE], [1, IDLE]),
    programs: [program(7, "/opt/codex", "app-server", "--listen", "unix://"), program(8, "node", "/x/codex.js")],
    out: [
      "idle: Reconnecting after an hour or two of silence",
      "  ! 1 connection failed right after a long silence, the last at 2030-01-02 01:00 UTC after 120 minutes",
      "  · running now: 0 sessions and 1 background server",
      "  → quit the app or the editor and start it again; if it comes back, attach: codex-cfg doctor --report",
    ],
  },
  "agents that lose their connections together": {
    files: { "config.toml": "[agents]\nmax_concurrent_threads_per_session = 8\n" },
    rows: rows(
      [
        0,
        `${RETRY}unexpected status 503 Service Unavailable: no, url: http://x/v1, request id: req_fake123`,
        "pid:1:a",
        "t1",
      ],
      [0, IDLE, "pid:1:a", "t2"],
      [1, IDLE, "pid:1:a", "t3"],
    ),
    out: [
      "subagents: Reconnecting when several agents work",
      "  ! 3 agents of one Codex lost their connection within two minutes, at 2030-01-02 01:01 UTC",
      "  · agents.max_concurrent_threads_per_session is 8",
      "  · request ids for OpenAI's support: req_fake123",
      "  → try one agent at a time: codex-cfg set agents.max_concurrent_threads_per_session 1",
    ],
  },
  "an agent's connection, and none of the user's own": {
    rows: rows([0, `turn{codex.op="inter_agent_communication"}: ${IDLE}`, "pid:1:a", "t1"]),
    out: [
      "subagents: Reconnecting when several agents work",
      "  ! 1 connection of agents failed and none of your own turns, the last at 2030-01-02 01:00 UTC",
      "  · agents.max_concurrent_threads_per_session is not set",
      "  → try one agent at a time: codex-cfg set agents.max_concurrent_threads_per_session 1",
    ],
  },
  "an MCP server that the log names": {
    files: { "config.toml": '[mcp_servers.slow]\nurl = "https://slow.example/mcp"\n' },
    rows: rows([
      0,
      'MCP server startup failed server_name="slow" error=timed out handshaking with MCP server after 1s',
    ]),
    out: [
      "mcp: MCP servers are slow or fail at start",
      "  ! the log has 1 MCP server that was not ready in time (slow), the last at 2030-01-02 01:00 UTC",
      "  · 1 MCP server at every start",
      "  → give slow more time to start: codex-cfg set mcp_servers.slow.startup_timeout_sec 60   or turn it off: codex-cfg mcp disable slow",
    ],
  },
  "several terminals that hang at once": {
    rows: rows([0, IDLE, "pid:1:a"], [1, IDLE, "pid:2:b"]),
    programs: [program(1, "/opt/codex"), program(2, "codex", "resume"), program(3, "codex", "app-server")],
    out: [
      "sessions: several terminals hang at once",
      "  ! 2 Codex processes lost their connection within two minutes, at 2030-01-02 01:01 UTC",
      "  · running now: 2 sessions and 1 background server",
      "  → end every Codex (terminals, editor, app), wait a minute, start one",
    ],
  },
  "an MCP server whose program is not there": {
    files: { "config.toml": '[mcp_servers.docs]\ncommand = "no-such-program"\nrequired = true\n' },
    out: [
      "mcp: MCP servers are slow or fail at start",
      "  ! [mcp_servers.docs] starts no-such-program, and there is no such program on PATH",
      "  · 1 MCP server at every start; required: docs",
      "  → install the program of docs, or turn it off: codex-cfg mcp disable docs",
    ],
  },
  "a switch of an MCP server that does nothing": {
    files: { "config.toml": '[mcp_servers.docs]\nurl = "https://docs.example/mcp"\ndisabled = true\n' },
    out: [
      "mcp: MCP servers are slow or fail at start",
      "  ! config.toml:3:12: disabled does not turn [mcp_servers.docs] off; enabled = false does",
      "  · 1 MCP server at every start",
      "  → choose among the fixes that are known; each is shown first: codex-cfg doctor --fix",
    ],
  },
  "a Codex home that says something twice": {
    files: { "config.toml": 'model = "a"\n\n[tui]\nanimations = false\n\n[tui]\nnotifications = true\n' },
    out: [
      "start: Codex does not start, or passes settings over",
      "  ✗ config.toml:6:2: tui is defined a second time; the first is in line 3",
      "  → make every safe fix; the change is shown first: codex-cfg doctor --fix",
    ],
  },
  "a config that is no TOML": {
    files: { "config.toml": 'model = "a"\nx = \n' },
    out: [
      "start: Codex does not start, or passes settings over",
      "  ✗ config.toml:2:5: not valid TOML: a key without a value; expected one in the same line",
      "      ‹text›",
      "      ^",
      "  → choose among the fixes that are known; each is shown first: codex-cfg doctor --fix",
    ],
  },
  "a setting that is passed over": {
    files: { "config.toml": '[tui]\nmodel = "gpt-5.5"\n' },
    out: [
      "start: Codex does not start, or passes settings over",
      "  ! config.toml:2:9: model belongs to the top of the file, not under [tui]",
      "  → choose among the fixes that are known; each is shown first: codex-cfg doctor --fix",
    ],
  },
  "an address where nobody answers any more": {
    files: { "config.toml": '# Auto-injected by opencodex\nopenai_base_url = "http://127.0.0.1:10100/v1"\n' },
    argv: ["--network"],
    out: [
      "reconnect: Reconnecting…, waiting for network, or no answer at all",
      "  ! config.toml:2:19: openai_base_url points to 127.0.0.1:10100, where nobody answers",
      "  · a plain start uses openai, which begins with a WebSocket",
      "  → start the program that should answer at openai_base_url, or take that setting out: codex-cfg unset openai_base_url",
    ],
  },
  "an MCP server on this machine where nobody answers": {
    files: {
      "config.toml":
        '[mcp_servers.docs]\nurl = "http://127.0.0.1:7777/mcp"\n[mcp_servers.far]\nurl = "https://far.example"\n',
    },
    argv: ["--network"],
    out: [
      "mcp: MCP servers are slow or fail at start",
      "  ! config.toml:2:7: mcp_servers.docs.url points to 127.0.0.1:7777, where nobody answers",
      "  · 2 MCP servers at every start",
      "  → start the program that should answer at the url of docs, or turn it off: codex-cfg mcp disable docs",
    ],
  },
  "a chat whose provider is gone": {
    files: {
      "sessions/2030/01/01/rollout-2030-01-01T00-00-00-x.jsonl":
        '{"timestamp":"2030-01-01T00:00:00Z","type":"session_meta","payload":{"model_provider":"gone"}}\n',
    },
    out: [
      "chats: chats that cannot be resumed",
      "  ! config.toml: 1 chat of the provider gone cannot be resumed, because no such provider is defined",
      "  → define the provider again, or go on in a copy (codex fork): codex-cfg provider add ID",
    ],
  },
};

describe("doctor sees", () => {
  test.each(Object.entries(SICK))("%s", async (_, it) => {
    const tale = tell(it);
    const { exit, out } = await tale.run(
      "doctor",
      ...(it.argv?.includes("--codex-version") ? [] : VERSION),
      ...(it.argv ?? []),
    );
    expect(out.trimEnd().split("\n")).toEqual(it.out);
    expect(exit).toBe(1);
  });
});

/** Homes that are in order, each near one that is not. */
const SOUND: Readonly<Record<string, Omit<Case, "out">>> = {
  "an empty home": {},
  "a service that has no WebSocket and says so at once": {
    rows: rows([0, "failed to connect to Responses WebSocket stage=Unknown"], [0, "falling back to HTTP"]),
  },
  "reconnects of a month ago": { rows: rows([-60 * 24 * 30, LOST]) },
  "reconnects over HTTP, once": { rows: rows([0, `${RETRY}stream closed before response.completed`]) },
  "a silence with nothing after it": { rows: rows([-120, "some warning"], [0, "some warning"]) },
  "two agents that failed": { rows: rows([0, IDLE, "pid:1:a", "t1"], [0, IDLE, "pid:1:a", "t2"]) },
  "two processes that failed hours apart": { rows: rows([0, IDLE, "pid:1:a"], [20, IDLE, "pid:2:b"]) },
  "a server whose program is not there, and off": {
    files: { "config.toml": '[mcp_servers.docs]\ncommand = "no-such-program"\nenabled = false\n' },
  },
  "a key from a variable that is set": {
    files: { "config.toml": 'model_provider = "p"\n[model_providers.p]\nname = "x"\nenv_key = "P_KEY"\n' },
    env: { P_KEY: "sk-CANARY-0123456789" },
  },
  "an address on this machine where somebody answers": {
    files: { "config.toml": 'openai_base_url = "http://127.0.0.1:10100/v1"\n' },
    listens: true,
    argv: ["--network"],
  },
  "a table for an address on this machine that nobody chooses": {
    files: { "config.toml": '[model_providers.local]\nname = "x"\nbase_url = "http://127.0.0.1:1/v1"\n' },
    argv: ["--network"],
  },
  "an MCP server on this machine that is off": {
    files: { "config.toml": '[mcp_servers.docs]\nurl = "http://localhost:7777/mcp"\nenabled = false\n' },
    argv: ["--network"],
  },
  "an MCP server on this machine that answers": {
    files: { "config.toml": '[mcp_servers.docs]\nurl = "http://localhost:7777/mcp"\n' },
    listens: true,
    argv: ["--network"],
  },
  "an unknown key that is near to none, which is for validate to say": {
    files: { "config.toml": 'frobnicate = "x"\n' },
  },
  "a Linux inside Windows that keeps to its own side": { env: { WSL_DISTRO_NAME: "Debian" } },
};

describe("doctor has nothing to say of", () => {
  test.each(Object.entries(SOUND))("%s", async (_, it) => {
    const tale = tell({ ...it, out: [] });
    expect(await tale.run("doctor", ...VERSION, ...(it.argv ?? []))).toMatchObject({ exit: 0, out: "" });
  });

  test("reconnects from before the cure", async () => {
    const tale = tell({ rows: rows([0, LOST]), out: [] });
    expect((await tale.run("doctor", ...VERSION)).exit).toBe(1);
    await tale.run("apply", "http-sse", "-y", ...VERSION);
    expect(await tale.run("doctor", ...VERSION)).toMatchObject({ exit: 0, out: "" });
    await tale.run("revert", "-y");
    expect((await tale.run("doctor", ...VERSION)).exit).toBe(1);
  });
});

describe("doctor goes on past", () => {
  const CHATS = "sessions/2030/01/01";
  const FAILED = `{"timestamp":"${at(0)}","type":"task_complete","error":{"message":"unexpected status 401 Unauthorized"}}\n`;

  test.each([
    ["leads nowhere", "/nowhere/at/all.jsonl"],
    ["leads to itself", "rollout-9.jsonl"],
    ["leads to a folder", "."],
  ])("a chat that %s, and reads the others", async (_, target) => {
    const tale = story({ [`${CHATS}/rollout-1.jsonl`]: FAILED.replace('"type":', '"of":"task_complete","type":') });
    symlinkSync(target, join(tale.home, CHATS, "rollout-9.jsonl"));
    const { exit, out, err } = await tale.run("doctor", ...VERSION);
    expect([exit, out], err).toEqual([1, expect.stringContaining("the log has 1 refused login (401)")]);
  });

  test.each([
    ["through links that lead in a circle", (root: string) => join(root, "loop", "docs")],
    ["by too long a name", (root: string) => join(root, "x".repeat(300))],
  ])("a server's program that is named %s", async (_, programIn) => {
    const tale = story();
    symlinkSync("loop", join(tale.root, "loop"));
    const path = programIn(tale.root);
    tale.write("config.toml", `[mcp_servers.docs]\ncommand = "${path}"\n`);
    const { exit, out } = await tale.run("doctor", ...VERSION);
    expect([exit, out]).toEqual([1, expect.stringContaining(`! [mcp_servers.docs] starts ${path}, and there is no`)]);
  });

  test("a folder that nobody may enter", async () => {
    const disk = new MemoryDisk();
    for (const folder of ["/home", "/home/u", "/home/u/.codex"]) disk.putFolder(folder);
    disk.put("/home/u/.codex/config.toml", '[mcp_servers.docs]\ncommand = "/secret/docs"\n');
    disk.now += 60_000;
    disk.onCall = (_, path) => {
      if (path.startsWith("/secret/")) throw Object.assign(new Error("EACCES"), { code: "EACCES", path });
    };
    const host = memoryHost({ disk });
    expect(await main(["doctor", ...VERSION], host), host.printed.err).toBe(1);
    expect(host.printed.out).toContain("! [mcp_servers.docs] starts /secret/docs");
  });
});

describe("Linux inside Windows", () => {
  /** A machine in memory, because the places it is about are fixed. */
  async function doctor(home: string, env: Readonly<Record<string, string>>) {
    const disk = new MemoryDisk();
    const windows = "/mnt/c/Users/you";
    for (const folder of ["/mnt", "/mnt/c", "/mnt/c/Users", windows, `${windows}/.codex`, "/home", "/home/you", "/tmp"])
      disk.putFolder(folder);
    if (!disk.look(home)) disk.putFolder(home);
    disk.put(`${windows}/.codex/config.toml`, "");
    disk.put(`${windows}/codex`, "", { mode: 0o755 });
    disk.now += 60_000;
    const host = memoryHost({ disk, env: { CODEX_HOME: home, ...env } });
    const exit = await main(["doctor", ...VERSION], host);
    return { exit, out: host.printed.out };
  }
  const WSL = { WSL_DISTRO_NAME: "Debian", PATH: "/bin" };

  test("a home on a Windows drive is found, and what to do", async () => {
    const { exit, out } = await doctor("/mnt/c/Users/you/.codex", WSL);
    expect(out.split("\n")).toEqual([
      "wsl: Windows and WSL are mixed",
      "  ! this Codex home is on a Windows drive: /mnt/c/Users/you/.codex",
      "  → keep the program and its home on one side; in Windows: wsl --shutdown   in Linux: codex-cfg --codex-home ~/.codex status",
      "",
    ]);
    expect(exit).toBe(1);
  });

  test("a home of Windows's own beside this one is no fault", async () => {
    expect(await doctor("/home/you/.codex", WSL)).toEqual({ exit: 0, out: "" });
  });

  test("the same places mean nothing where there is no WSL", async () => {
    expect(await doctor("/mnt/c/Users/you/.codex", { PATH: "/bin" })).toEqual({ exit: 0, out: "" });
  });
});

describe("--symptom", () => {
  test("tells what is known of one, found or not", async () => {
    const tale = story({ "config.toml": "" });
    const { exit, out } = await tale.run("doctor", "--symptom", "reconnect", ...VERSION);
    expect([exit, out]).toEqual([
      0,
      expect.stringContaining("· a plain start uses openai, which begins with a WebSocket"),
    ]);
  });

  test("takes the names it has", async () => {
    const { exit, err } = await story().run("doctor", "--symptom", "slow");
    expect([exit, err]).toEqual([2, expect.stringContaining("Allowed choices are lost, start, reconnect,")]);
  });
});

describe("--log", () => {
  test("reads what codex exec printed, colours and lines without a time included", async () => {
    const tale = story();
    writeFileSync(
      join(tale.cwd, "run.txt"),
      `${ANSI}${at(0)}\u001b[0m \u001b[31mERROR\u001b[0m codex_api::endpoint::responses_websocket: failed to connect to websocket\nERROR: Reconnecting... 2/5\nwarning: Falling back from WebSockets to HTTPS transport. x\n`,
    );
    const { exit, out } = await tale.run("doctor", "--log", "run.txt", ...VERSION);
    expect([exit, out]).toEqual([1, expect.stringContaining("reconnect: ")]);
    expect(out).toContain("the log has 1 refused WebSocket");
  });

  test("follows a link, and names one that leads in a circle", async () => {
    const tale = story();
    writeFileSync(join(tale.root, "run.txt"), "ERROR: Reconnecting... 2/5\n");
    symlinkSync("../run.txt", join(tale.cwd, "link.txt"));
    symlinkSync("loop", join(tale.cwd, "loop"));
    const log = (name: string) => tale.run("doctor", "--symptom", "reconnect", "--log", name, ...VERSION);
    expect((await log("link.txt")).out).toContain("the log has 1 reconnect");
    expect(await log("loop/run.txt")).toMatchObject({
      exit: 4,
      err: `error: ${join(tale.cwd, "loop", "run.txt")}: its links lead in a circle [io]\n`,
    });
  });

  test("says when there is no such file", async () => {
    const { exit, err } = await story().run("doctor", "--log", "none.txt", ...VERSION);
    expect([exit, err]).toEqual([2, expect.stringContaining("none.txt: there is no such log [usage]")]);
  });

  test("a database that this Node cannot read is named", async () => {
    const tale = story({ "logs_2.sqlite": "x" });
    tale.world.query = () => null;
    const { exit, err } = await tale.run("doctor", ...VERSION);
    expect([exit, err]).toEqual([0, expect.stringContaining("logs_2.sqlite was not read: Node 20 has no SQLite")]);
  });
});

describe("--fix", () => {
  const BROKEN = [
    'profile = "work"',
    'model = "gpt-5.5"',
    "",
    "[tui]",
    "hide_agent_reasoning = true # stranded",
    "",
    "[profiles.work]",
    'model = "o3" # mine',
    "",
    "[tui]",
    "animations = false",
    "",
  ].join("\n");

  test("mends everything as one change, also what only the first repair brings to light, and comes back byte for byte", async () => {
    const tale = story({ "config.toml": BROKEN });
    const before = tale.files();
    const id = "misplaced-key:config:tui.hide_agent_reasoning";
    const first = await tale.run("doctor", "--fix", "-n", ...VERSION);
    expect(first).toMatchObject({ exit: 1, err: expect.stringContaining(`doctor --fix --choose ${id}=1\n`) });
    const { exit, out, err } = await tale.run("doctor", "--fix", "--choose", `${id}=1`, ...VERSION);
    expect([exit, err]).toEqual([0, expect.stringContaining("take it back with: codex-cfg revert")]);
    expect(err).toMatch(/^this fixes 4 of 4\n/);
    expect(out).toContain("--- a/config.toml\n");
    expect(tale.read("config.toml")).toBe(
      'model = "gpt-5.5"\nhide_agent_reasoning = true # stranded\n\n[tui]\nanimations = false\n\n',
    );
    expect(tale.read("work.config.toml")).toBe('model = "o3" # mine\n');
    expect(await tale.run("doctor", ...VERSION)).toMatchObject({ exit: 0, out: "" });
    const again = await tale.run("doctor", "--fix", ...VERSION);
    expect(again).toMatchObject({ exit: 0, out: "", err: expect.stringContaining("nothing to do") });
    expect((await tale.run("revert", "-y")).exit).toBe(0);
    expect(tale.files()).toEqual(before);
  });

  test("writes nothing on a dry run, and shows the same", async () => {
    const tale = story({ "config.toml": BROKEN });
    const dry = await tale.run("doctor", "--fix", "-n", ...VERSION);
    expect(tale.read("config.toml")).toBe(BROKEN);
    expect((await tale.run("doctor", "--fix", ...VERSION)).out).toBe(dry.out);
  });

  test("leaves what only a person can decide, says so, and exits with 1", async () => {
    const text = '[mcp_servers.a]\ncommand = "true"\nargs = 5\n\n[mcp_servers.b]\nenabled = true\n';
    const tale = story({ "config.toml": text });
    const { exit, err } = await tale.run("doctor", "--fix", ...VERSION);
    expect([exit, err]).toEqual([
      1,
      expect.stringContaining("left: config.toml:3:8: mcp_servers.a.args takes an array of strings\n"),
    ]);
    expect(err).toMatch(/^this fixes 1 of 2\n/);
    expect(tale.read("config.toml")).toBe('[mcp_servers.a]\ncommand = "true"\nargs = 5\n');
  });

  const docs = (...lines: string[]) => `[mcp_servers.docs]\n${lines.join("\n")}\n`;

  test.each([
    ["a setting of one project", '[projects."/srv/a"]\ntrust_level = "trusted"\nsandbox_mode = "danger-full-access"\n'],
    ["orders of one role", '[agents.commit]\ndescription = "d"\ndeveloper_instructions = "Only commit."\n'],
    ["permissions of which none is chosen", "[permissions.network]\nenabled = true\n"],
    ["a chosen permission that does not exist", 'default_permissions = ":read-onyl"\n'],
    ["two servers of one name", docs('command = "npx"', 'args = ["-y", "docs"]') + docs('command = "uvx"')],
    ["a server of one name and two kinds", docs('command = "npx"') + docs('url = "https://docs.example/mcp"')],
    ["a server that is there in two forms", `mcp_servers.docs = { command = "npx" }\n${docs('command = "uvx"')}`],
    ["one setting with two values", 'sandbox_mode = "read-only"\nsandbox_mode = "danger-full-access"\n'],
  ])("leaves %s to a person, byte for byte", async (_, text) => {
    const tale = story({ "config.toml": text });
    const { exit, err } = await tale.run("doctor", "--fix", ...VERSION);
    expect([exit, err]).toEqual([1, expect.stringMatching(/^this fixes 0 of \d\nnothing to do\n(left|choose): /)]);
    expect(tale.read("config.toml")).toBe(text);
    expect((await tale.run("doctor", ...VERSION)).out).toContain("  → ");
  });

  test("takes what is left of a legacy profile along into its file, and never to the top", async () => {
    const tale = story({ "config.toml": '[profiles.p]\nmodel = "a"\nforced_login_method = "api"\n' });
    expect((await tale.run("doctor", "--fix", ...VERSION)).exit).toBe(0);
    expect(tale.read("config.toml")).toBe("");
    expect(tale.read("p.config.toml")).toBe('model = "a"\nforced_login_method = "api"\n');
  });

  test.each([
    ["that say the same", docs('command = "npx"') + docs('command = "npx"'), docs('command = "npx"')],
    [
      "that are two halves",
      docs('command = "npx"') + docs("enabled = false"),
      docs('command = "npx"', "enabled = false"),
    ],
  ])("joins two tables of one name %s", async (_, text, joined) => {
    const tale = story({ "config.toml": text });
    expect((await tale.run("doctor", "--fix", ...VERSION)).exit).toBe(0);
    expect(tale.read("config.toml")).toBe(joined);
  });

  test("moves profiles as migrate does, and says what migrate says", async () => {
    const files = { "config.toml": 'profile = "w"\nmodel = "a"\n[profiles.w]\nmodel = "b"\n[profiles.v]\n' };
    const [tale, other] = [story(files), story(files)];
    const said = (text: string) => text.replace(/\(\S+\)/, "");
    const { exit, err } = await tale.run("doctor", "--fix", ...VERSION);
    expect(exit).toBe(0);
    expect(said(err)).toBe(`this fixes 3 of 3\n${said((await other.run("migrate", ...VERSION)).err)}`);
    expect(err).toContain("to keep that: codex-cfg migrate --as-default\n");
    expect(err).toContain("start Codex with: codex --profile w\n");
    expect(tale.files()).toEqual(other.files());
  });

  test.each([
    [
      "whose name no file can bear",
      { "config.toml": 'profile = "my w"\nmodel = "a"\n[profiles."my w"]\nmodel = "b"\n' },
      "choose names for them: codex-cfg migrate --rename 'my w=my-w'\n",
    ],
    [
      "whose file holds something else",
      { "config.toml": 'model = "a"\n[profiles.w]\nmodel = "b"\n', "w.config.toml": 'model = "c"\n' },
      "move it to a name of its own: codex-cfg migrate --rename w=w-legacy",
    ],
  ])("leaves a profile %s to a person, says why, and exits with 1", async (_, files, hint) => {
    const tale = story(files);
    const before = tale.files();
    const { exit, err } = await tale.run("doctor", "--fix", ...VERSION);
    expect([exit, err]).toEqual([1, expect.stringContaining("nothing to do\nleft: config.toml:")]);
    expect(err).toContain(hint);
    expect(tale.files()).toEqual(before);
    tale.write("config.toml", `${tale.read("config.toml")}[features]\nsteer = true\n`);
    expect((await tale.run("doctor", "--fix", ...VERSION)).exit).toBe(1);
    expect(tale.read("config.toml")).not.toContain("steer");
  });

  test("leaves a file that is no TOML as it is", async () => {
    const tale = story({ "config.toml": "a = \n" });
    expect(await tale.run("doctor", "--fix", ...VERSION)).toMatchObject({ exit: 1, out: "" });
    expect(tale.read("config.toml")).toBe("a = \n");
  });

  test("leaves a dead address to a person, byte for byte", async () => {
    const text = '# mine\nmodel = "x"\n# Auto-injected by opencodex\nopenai_base_url = "http://127.0.0.1:10100/v1"\n';
    const tale = story({ "config.toml": text });
    expect((await tale.run("doctor", "--fix", ...VERSION)).err).toContain("nothing to do");
    const wide = ["doctor", "--fix", "--symptom", "reconnect", ...VERSION];
    expect((await tale.run(...wide, "-y")).exit).toBe(1);
    expect(tale.read("config.toml")).toBe(text);
    await tale.run(...wide, "--choose", "loopback-address:config:openai_base_url=1");
    expect(tale.read("config.toml")).toBe('# mine\nmodel = "x"\n# Auto-injected by opencodex\n');
    await tale.run("revert", "-y");
    expect(tale.read("config.toml")).toBe(text);
  });

  test("leaves an MCP server that does not answer to a person", async () => {
    const text = '[mcp_servers.docs]\nurl = "http://127.0.0.1:7777/mcp"\n';
    const tale = story({ "config.toml": text });
    const { exit, err } = await tale.run("doctor", "--fix", "--network", ...VERSION);
    expect([exit, err]).toEqual([1, expect.stringContaining("left: config.toml:2:7: mcp_servers.docs.url points to")]);
    expect(tale.read("config.toml")).toBe(text);
  });

  test("brings the provider of a chat back out of the history", async () => {
    const table = '[model_providers.gone]\nname = "x" # mine\nenv_key = "X_KEY"\n';
    const tale = story({ "config.toml": table });
    tale.env.X_KEY = "sk-CANARY-0123456789";
    const meta = '{"type":"session_meta","payload":{"model_provider":"gone"}}\n';
    await tale.run("unset", "model_providers.gone", ...VERSION);
    tale.write("sessions/2030/01/01/rollout-a.jsonl", meta);
    expect((await tale.run("doctor", ...VERSION)).out).toContain(": codex-cfg doctor --fix");
    expect((await tale.run("doctor", "--fix", ...VERSION)).exit).toBe(1);
    const id = "chats-without-provider:config:model_providers.gone";
    expect((await tale.run("doctor", "--fix", "--choose", `${id}=1`, ...VERSION)).exit).toBe(0);
    expect(tale.read("config.toml")).toBe(table);
  });
});

describe("--explain", () => {
  function layered(): Story {
    const tale = story({ "config.toml": "", "lean.config.toml": 'model = "profile"\n' });
    const project = join(tale.cwd, ".codex", "config.toml");
    mkdirSync(dirname(project));
    writeFileSync(project, 'model = "project"\nopenai_base_url = "https://project.example"\n');
    tale.write("config.toml", `model = "user"\n[projects."${tale.cwd}"]\ntrust_level = "trusted"\n`);
    return tale;
  }

  test("says which file has the last word", async () => {
    const tale = layered();
    const { exit, out } = await tale.run("doctor", "--explain", "model", "-p", "lean", ...VERSION);
    expect(out).toBe(
      `  user    "user"   ${tale.home}/config.toml:1\n` +
        `  profile "profile"   ${tale.home}/lean.config.toml:1\n` +
        `* project "project"   ${tale.cwd}/.codex/config.toml:1\n`,
    );
    expect(exit).toBe(0);
  });

  test("knows what a project's config may not say", async () => {
    const { exit, out } = await layered().run("doctor", "--explain", "openai_base_url", ...VERSION);
    expect([exit, out]).toEqual([1, expect.stringMatching(/^ {2}project .*\(ignored there\)\n$/)]);
  });

  test("leaves out projects that are not trusted", async () => {
    const tale = layered();
    tale.write("config.toml", 'model = "user"\n');
    expect((await tale.run("doctor", "--explain", "model", ...VERSION)).out).toBe(
      `* user    "user"   ${tale.home}/config.toml:1\n`,
    );
  });

  test("reads a project's config and the administrator's through links", async () => {
    const tale = layered();
    const real = join(tale.root, "real.toml");
    const project = join(tale.cwd, ".codex", "config.toml");
    renameSync(project, real);
    symlinkSync("../../real.toml", project);
    const { out } = await tale.run("doctor", "--explain", "model", ...VERSION);
    expect(out).toContain(`* project "project"   ${project}:1\n`);
    const disk = new MemoryDisk();
    for (const folder of ["/etc", "/etc/codex", "/nix", "/home", "/home/u", "/home/u/.codex"]) disk.putFolder(folder);
    disk.put("/nix/codex.toml", 'model = "managed"\n');
    disk.putLink("/etc/codex/managed_config.toml", "/nix/codex.toml");
    const host = memoryHost({ disk });
    expect(await main(["doctor", "--explain", "model", ...VERSION], host), host.printed.err).toBe(0);
    expect(host.printed.out).toBe('* managed "managed"   /etc/codex/managed_config.toml:1\n');
  });

  const HOOKS = '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ncommand = "a"\n';
  const COMMAND = "hooks.Stop.0.hooks.0.command";

  test("finds the element of a list that get finds, by its line", async () => {
    const tale = story({ "config.toml": HOOKS });
    expect((await tale.run("get", COMMAND, ...VERSION)).out).toBe("a\n");
    expect(await tale.run("doctor", "--explain", COMMAND, ...VERSION)).toMatchObject({
      exit: 0,
      out: `* user    "a"   ${tale.home}/config.toml:3\n`,
    });
  });

  test("finds it in a profile that is a table, as get does", async () => {
    const tale = story({ "config.toml": '[[profiles.w.hooks.Stop]]\ncommand = "b"\n' });
    const old = ["-p", "w", "--codex-version", "0.130.0"];
    expect(await tale.run("get", "hooks.Stop.0.command", ...old)).toMatchObject({ exit: 0, out: "b\n" });
    expect((await tale.run("doctor", "--explain", "hooks.Stop.0.command", ...old)).out).toBe(
      `* profile "b"   ${tale.home}/config.toml:2\n`,
    );
  });

  test("knows that a later list replaces an earlier one", async () => {
    const tale = story({ "config.toml": HOOKS, "lean.config.toml": "hooks.Stop = []\n" });
    const { exit, out, err } = await tale.run("doctor", "--explain", COMMAND, "-p", "lean", ...VERSION);
    expect([exit, out]).toEqual([1, `  user    "a"   ${tale.home}/config.toml:3\n`]);
    expect(err).toContain(`${tale.home}/lean.config.toml (profile) sets anew what holds ${COMMAND}`);
  });

  test("takes a number for a name where there is no list", async () => {
    const tale = story({ "config.toml": '[mcp_servers.1]\nurl = "https://docs.example"\n' });
    expect((await tale.run("doctor", "--explain", "mcp_servers.1.url", ...VERSION)).out).toContain("config.toml:2");
  });

  test("puts a profile's table above the project and the managed file", async () => {
    const tale = legacy();
    const { out } = await tale.run("doctor", "--explain", "model", "-p", "fast", "--codex-version", "0.133.0");
    expect(out).toBe(
      `  user    "root"   ${tale.home}/config.toml:1\n` +
        `  project "project"   ${tale.cwd}/.codex/config.toml:1\n` +
        `* profile "fast"   ${tale.home}/config.toml:5\n`,
    );
    const { out: without } = await tale.run("doctor", "--explain", "model", "--codex-version", "0.133.0");
    expect(without).toMatch(/\* project .*\n$/);
    const host = memoryHost({ disk: administered('model = "managed"\n[profiles.fast]\nmodel = "fast"\n') });
    expect(await main(["doctor", "--explain", "model", "-p", "fast", "--codex-version", "0.130.0"], host)).toBe(0);
    expect(host.printed.out).toMatch(/ {2}managed .*\n\* profile "fast" .*managed_config.toml:3\n$/);
  });

  test("knows the profile that config.toml selects, where that is a table", async () => {
    const tale = legacy('profile = "fast"\n');
    const { out } = await tale.run("doctor", "--explain", "model", "--codex-version", "0.130.0");
    expect(out).toMatch(/\n\* profile "fast" {3}\S+config\.toml:6\n$/);
    expect((await tale.run("doctor", "--explain", "model", ...VERSION)).out).not.toContain("profile");
    const { out: other } = await tale.run("doctor", "--explain", "model", "-p", "no", "--codex-version", "0.130.0");
    expect(other).not.toContain("profile");
  });

  test("lets a project select a profile as long as Codex did", async () => {
    const tale = legacy();
    writeFileSync(join(tale.cwd, ".codex", "config.toml"), 'profile = "fast"\n');
    const last = async (version: string) =>
      (await tale.run("doctor", "--explain", "model", "--codex-version", version)).out.split("\n").at(-2);
    expect(await last("0.117.0")).toContain('* profile "fast"');
    expect(await last("0.130.0")).toContain('* user    "root"');
  });

  /** A profile as older releases had it, in a project of its own. */
  function legacy(head = ""): Story {
    const tale = layered();
    const trust = `[projects."${tale.cwd}"]\ntrust_level = "trusted"\n`;
    tale.write("config.toml", `${head}model = "root"\n${trust}[profiles.fast]\nmodel = "fast"\n`);
    return tale;
  }

  function administered(managed: string): MemoryDisk {
    const disk = new MemoryDisk();
    for (const folder of ["/etc", "/etc/codex", "/home", "/home/u", "/home/u/.codex"]) disk.putFolder(folder);
    disk.put("/etc/codex/managed_config.toml", managed);
    return disk;
  }

  test("says so when no file sets it", async () => {
    const { exit, err, out } = await story().run("doctor", "--explain", "model", ...VERSION);
    expect([exit, out, err]).toEqual([1, "", expect.stringContaining("model is set in no file")]);
  });

  test("shows no secret", async () => {
    const tale = story({ "config.toml": '[mcp_servers.x.env]\nA = "CANARY-0123456789"\n' });
    const { out } = await tale.run("doctor", "--explain", "mcp_servers.x.env.A", ...VERSION);
    expect(out).toContain('* user    "‹secret›"');
  });

  test("shows no argument that the one before it makes a secret, and the line of the list", async () => {
    const tale = story({ "config.toml": '[mcp_servers.x]\nargs = ["--token", "CANARY-0123456789"]\n' });
    const { out } = await tale.run("doctor", "--explain", "mcp_servers.x.args.1", ...VERSION);
    expect(out).toBe(`* user    "‹secret›"   ${tale.home}/config.toml:2\n`);
  });
});

describe("--report", () => {
  const CONFIG = 'model = "gpt-5.5"\n[mcp_servers.docs]\ncommand = "docs"\nenv = { A = "CANARY-0123456789" }\n';

  test("has versions, login, providers, servers, findings and the files, without secrets and without the user's name", async () => {
    const tale = tell({
      files: { "config.toml": `${CONFIG}[projects."/home/you/code"]\ntrust_level = "trusted"\n` },
      rows: rows([0, LOST]),
      out: [],
    });
    Object.assign(tale.env, { HTTPS_PROXY: "http://proxy.example", OPENAI_API_KEY: "sk-CANARY-0123456789" });
    const { exit, out } = await tale.run("doctor", "--report", ...VERSION);
    expect(exit).toBe(0);
    for (const line of [
      "- codex: 0.169.0 (unknown, flag); newest known 0.169.0",
      "- login: none, kept in file; variables set: OPENAI_API_KEY",
      "- proxy variables set: HTTPS_PROXY",
      "- providers: openai, WebSocket",
      "- MCP servers: docs (stdio, on)",
      "- logs: logs_2.sqlite",
      "- reconnect: the log has 1 reconnect of a WebSocket, the last at 2030-01-02 01:00 UTC",
      'model = "gpt-5.5"',
      'command = "‹text›"',
      'env = { A = "‹text›" }',
      '[projects."‹text›"]',
      'trust_level = "trusted"',
    ])
      expect(out.split("\n")).toContain(line);
    expect(out).not.toMatch(/CANARY|proxy\.example/);
    expect(out).not.toContain(tale.root);
  });

  test("says of a Codex that is newer than any known here that it is", async () => {
    const { out } = await story().run("doctor", "--report", "--codex-version", "99.0.0");
    expect(out).toContain("- codex: 99.0.0 (unknown, flag); newer than the newest known, 0.169.0\n");
  });

  test("names nobody, however a path is spelled", async () => {
    const config = [
      String.raw`command = "C:\\USERS\\alice\\docs.exe"`,
      String.raw`cwd = 'C:\USERS\John Smith\w'`,
      '[projects."/USERS/John Smith/w"]',
    ].map((line) => line.replace("USERS", "Users"));
    const tale = story({ "config.toml": `[mcp_servers.docs]\n${config.join("\n")}\n` });
    const { out } = await tale.run("doctor", "--report", ...VERSION);
    expect(out).toContain('[projects."‹text›"]');
    expect(out).not.toMatch(/alice|John|Smith/);
  });

  test("works in a home with nothing in it, and in one that is broken", async () => {
    expect((await story().run("doctor", "--report", ...VERSION)).out).toContain("## Found\n\n- nothing\n");
    const broken = await story({ "config.toml": 'token = "CANARY\n' }).run("doctor", "--report", ...VERSION);
    expect(broken.out).toContain("```toml\ntoken = ‹text›\n```\n");
  });
});

describe("options that cannot be meant together are refused, and nothing is written:", () => {
  const text = '[tui]\nmodel = "gpt-5.5"\n';

  test.each([
    [["--report", "--fix"], "--fix does not go with --report"],
    [["--explain", "model", "--fix"], "--explain does not go with --fix"],
    [["--explain", "model", "--report"], "--explain does not go with --report"],
    [["--explain", "model", "--network"], "--explain does not go with --network"],
    [["--explain", "model", "--symptom", "mcp"], "--explain does not go with --symptom"],
    [["--explain", "model", "--log", "x"], "--explain does not go with --log"],
    [["--fix", "--log", "x"], "--fix does not go with --log"],
    [["--fix", "-p", "lean"], "--fix does not go with --profile"],
    [["--choose", "x=1"], "--choose is for --fix alone"],
    [["--fix", "--choose", "x"], '--choose takes ID=NUMBER, not "x"'],
    [["-p", "zzz"], "--profile is for --explain alone"],
    [["-p", "no/such name!"], "--profile is for --explain alone"],
  ])("%j", async (argv, sentence) => {
    const tale = story({ "config.toml": text });
    const { exit, out, err } = await tale.run("doctor", ...argv, ...VERSION);
    expect([exit, out]).toEqual([2, ""]);
    expect(err).toMatch(/^error: .* \[usage\]\n {2}hint: .*codex-cfg doctor --/);
    expect(err).toContain(`error: ${sentence} [usage]`);
    expect(tale.read("config.toml")).toBe(text);
  });

  test.each([
    ["--fix", "--symptom", "start", "--network"],
    ["--report", "--symptom", "start", "--network"],
  ])("those that can be meant are not: %s", async (...argv) => {
    expect((await story({ "config.toml": 'model = "gpt-5.5"\n' }).run("doctor", ...argv, ...VERSION)).exit).toBe(0);
  });
});

describe("a provider that no start chooses", () => {
  const unused = '[model_providers.p]\nname = "x"\nenv_key = "P_KEY"\nbase_url = "http://p.example/v1"\n';

  test("makes no symptom, whatever validate warns of it", async () => {
    const tale = story({ "config.toml": unused });
    expect((await tale.run("validate", ...VERSION)).out).toContain("P_KEY is not set here");
    expect(await tale.run("doctor", ...VERSION)).toMatchObject({ exit: 0 });
  });

  test("is noted where somebody asks about credentials", async () => {
    const { out } = await story({ "config.toml": unused }).run("doctor", "--symptom", "auth", ...VERSION);
    expect(out).toContain("· config.toml:4:12: http to p.example sends credentials in clear");
    expect(out).not.toContain("P_KEY");
    const safe = story({ "config.toml": unused.replace("http:", "https:") });
    expect((await safe.run("doctor", "--symptom", "auth", ...VERSION)).out).not.toContain("in clear");
  });
});

test("a fix is made although it brings another fault to light, which is named", async () => {
  const twice = '[tui]\nanimations = true\n[features]\nbogus = "x"\n[tui]\nshow_tooltips = true\n';
  const tale = story({ "config.toml": twice });
  const { err, exit } = await tale.run("doctor", "--fix", "-y", ...VERSION);
  expect(exit).toBe(1);
  expect(err).toMatch(/^left: config\.toml:\d+:\d+: features\.bogus takes /m);
  expect(tale.read("config.toml").match(/^\[tui\]/gm)).toHaveLength(1);
  const sane = story({ "config.toml": twice.replace('bogus = "x"', "multi_agent = true") });
  expect((await sane.run("doctor", "--fix", "-y", ...VERSION)).err).not.toContain("features.bogus");
});

describe("a start is judged by the files that have a say in it:", () => {
  const GATEWAY = '[model_providers.gw]\nname = "gw"\nbase_url = "https://gw.example/v1"\n';
  const plain = `model_provider = "gw"\n${GATEWAY}experimental_bearer_token = "t"\n`;

  test.each<[string, string, string, string[]]>([
    [
      "a profile's variable and WebSocket are not those of a plain start",
      plain,
      '[model_providers.gw]\nenv_key = "WORK_KEY"\nsupports_websockets = true\n',
      ["codex --profile work uses gw, which begins with a WebSocket", "WORK_KEY is not set here"],
    ],
    [
      "a profile without WebSocket is one over HTTP",
      `${plain}supports_websockets = true\n`,
      "[model_providers.gw]\nsupports_websockets = false\n",
      ["a plain start uses gw, which begins with a WebSocket"],
    ],
  ])("%s", async (_, config, work, said) => {
    const tale = story({ "config.toml": config, "work.config.toml": work });
    const { out } = await tale.run("doctor", "--codex-version", "0.169.0", "--symptom", "reconnect");
    const auth = (await tale.run("doctor", "--codex-version", "0.169.0", "--symptom", "auth")).out;
    const lines = `${out}${auth}`.split("\n").filter((line) => /WebSocket|is not set/.test(line));
    expect(lines).toEqual(said.map((words) => expect.stringContaining(words)));
  });

  test("a server's program is looked for on the server's own PATH", async () => {
    const tale = story();
    mkdirSync(join(tale.root, "tools"));
    writeFileSync(join(tale.root, "tools", "mytool"), "", { mode: 0o755 });
    tale.write(
      "config.toml",
      `[mcp_servers.t]\ncommand = "mytool"\nenv = { PATH = ${JSON.stringify(join(tale.root, "tools"))} }\n`,
    );
    expect((await tale.run("doctor", "--codex-version", "0.169.0", "--symptom", "mcp")).out).not.toContain("mytool");
  });
});

test("what a project's config breaks or has ignored is named by path and line", async () => {
  const tale = story({ "config.toml": "" });
  const project = join(tale.cwd, ".codex", "config.toml");
  mkdirSync(dirname(project));
  tale.write("config.toml", `[projects."${tale.cwd}"]\ntrust_level = "trusted"\n`);
  writeFileSync(project, 'model = "m"\nmodel_provider = "x"\n');
  const { err, out } = await tale.run("doctor", ...VERSION);
  expect(out).toContain(
    `${project}:2: Codex ignores model_provider in a project's config; it counts in the Codex home`,
  );
  writeFileSync(project, "[mcp_servers.docs]\nenabled = true\n");
  const stopped = await tale.run("doctor", ...VERSION);
  expect(stopped.out, err).toContain(`decide what line 1 of ${project} should say`);
});
