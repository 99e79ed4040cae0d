/** MCP servers, hooks, files beside the config, and lines that only a long wait brings about. */
import { AUTH, QUIET } from "../homes.ts";
import type { Version } from "../install.ts";
import type { Fault, Stage } from "./fault.ts";
import { gateway } from "./gateway.ts";

/** Releases that name the server in their log; before, only the terminal program did. */
const NAMES: readonly Version[] = ["0.155.0", "0.169.0", "0.171.0"];

const withServer =
  (lines: string, more: Readonly<Record<string, string>> = {}) =>
  ({ port, silent, url }: Stage) => ({
    "config.toml": `${gateway(url)}\n[mcp_servers.notes]\n${lines.replaceAll("PORT", `${port}`).replaceAll("SILENT", `${silent}`)}\n`,
    "auth.json": AUTH,
    ...more,
  });
const node = (script: string) =>
  `command = ${JSON.stringify(process.execPath)}\nargs = ["-e", ${JSON.stringify(script)}]`;
const withFile =
  (name: string, text: string, lines = "") =>
  ({ url }: Stage) => ({ "config.toml": `${lines}${gateway(url)}`, "auth.json": AUTH, [name]: text });
const withTables =
  (tables: string, roots = "") =>
  ({ url }: Stage) => ({ "config.toml": `${roots}${gateway(url)}\n${tables}\n`, "auth.json": AUTH });

const HOOK = '[[hooks.SessionStart]]\n[[hooks.SessionStart.hooks]]\ntype = "command"\ncommand = "true"\n';
const at = (minute: number) =>
  `${new Date(Date.now() - (10 - minute) * 60_000).toISOString().replace("Z", "000Z")}  WARN `;
const RETRY =
  "codex_core::responses_retry: stream disconnected - retrying sampling request (1/5 in 189ms)... retries=1 max_retries=5 sampling_error=";

export const SURROUNDINGS: readonly Fault[] = [
  {
    name: "an MCP server that is not ready in time",
    clients: NAMES,
    files: withServer(`${node("setTimeout(() => {}, 60000)")}\nstartup_timeout_sec = 1`),
    by: "watching",
    symptom: "mcp",
    action: "more-time",
    subject: "notes",
  },
  {
    name: "an MCP server that ends at once",
    clients: NAMES,
    files: withServer(node("process.exit(3)")),
    by: "watching",
    symptom: "mcp",
    action: "disable-server",
    subject: "notes",
  },
  {
    name: "an MCP server whose program is not there",
    files: withServer('command = "no-such-program"'),
    symptom: "mcp",
    action: "server-install",
    subject: "notes",
  },
  {
    name: "an MCP server whose program is no file",
    files: withServer('command = "/no/such/program"'),
    symptom: "mcp",
    action: "server-install",
  },
  {
    name: "an MCP server that wants a login",
    clients: NAMES,
    files: withServer('url = "http://127.0.0.1:PORT/login"'),
    by: "watching",
    symptom: "mcp",
    action: "server-login",
    subject: "notes",
  },
  {
    name: "an MCP server that is not at its url",
    clients: NAMES,
    files: withServer('url = "http://127.0.0.1:PORT/nowhere"'),
    by: "watching",
    symptom: "mcp",
    action: "server-url",
    subject: "notes",
  },
  {
    name: "an MCP server of this machine that nobody has started",
    files: withServer('url = "http://127.0.0.1:SILENT/mcp"'),
    symptom: "mcp",
    action: "server-start",
    subject: "notes",
  },
  {
    name: "an MCP server whose host is not there",
    clients: NAMES,
    // A label that long is refused at once, where a resolver that cannot be reached outlasts the run.
    files: withServer(`url = "http://${"no-such-host".repeat(6)}.invalid/mcp"`),
    by: "watching",
    symptom: "mcp",
    action: "server-url",
  },
  ...[
    ['url = "https://mcp.example/mcp"\nbearer_token_env_var = "NOTES_KEY"', "bearer_token_env_var"],
    ['url = "https://mcp.example/mcp"\nenv_http_headers = { X-Key = "NOTES_KEY" }', "env_http_headers"],
    [`${node("0")}\nenv_vars = ["NOTES_KEY"]`, "env_vars"],
  ].map(
    ([lines = "", key]): Fault => ({
      name: `an MCP server's ${key} that nobody sets`,
      files: withServer(lines),
      symptom: "mcp",
      action: "set-variable",
      subject: "NOTES_KEY",
    }),
  ),
  {
    name: "half a server",
    files: withServer("startup_timeout_sec = 60"),
    symptom: "start",
    action: "choose-fix",
  },
  {
    name: "hooks that nobody has trusted",
    files: withTables(HOOK),
    symptom: "hooks",
    action: "trust-hooks",
  },
  {
    name: "hooks of hooks.json that nobody has trusted",
    files: withFile("hooks.json", '{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"true"}]}]}}'),
    symptom: "hooks",
    action: "trust-hooks",
  },
  {
    name: "a hooks.json that is cut off",
    files: withFile("hooks.json", '{"hooks":{"Stop":[{"hoo'),
    symptom: "hooks",
    action: "mend-file",
    subject: "hooks.json",
  },
  {
    name: "hooks without their feature",
    files: ({ url }) => ({
      "config.toml": `${gateway(url).replace("[features]\n", "[features]\nhooks = false\n")}\n${HOOK}`,
      "auth.json": AUTH,
    }),
    symptom: "hooks",
    action: "hooks-feature",
  },
  {
    name: "a role without a name",
    files: withFile("agents/a.toml", 'description = "d"\ndeveloper_instructions = "x"\n'),
    symptom: "settings",
    action: "mend-file",
    subject: "agents/a.toml",
  },
  {
    name: "a role with a key that nobody knows",
    files: withFile("agents/a.toml", 'name = "a"\ndescription = "d"\ndeveloper_instructions = "x"\nbogus = 1\n'),
    symptom: "settings",
    action: "mend-file",
  },
  {
    name: "a rule with a decision that nobody knows",
    files: withFile("rules/default.rules", 'prefix_rule(pattern = ["git"], decision = "maybe")\n'),
    symptom: "settings",
    action: "mend-file",
    subject: "rules/default.rules",
  },
  {
    name: "servers under a name that is nearly the right one",
    files: withTables('[mcpServers.a]\ncommand = "true"\n'),
    symptom: "start",
    action: "choose-fix",
  },
  {
    name: "sandbox_mode beside default_permissions",
    files: withTables("", 'sandbox_mode = "read-only"\ndefault_permissions = ":workspace"\n'),
    symptom: "settings",
    action: "choose-fix",
  },
  {
    name: "a base_url that ends where requests go, looked at",
    files: ({ url }) => ({ "config.toml": gateway(`${url}/responses`), "auth.json": AUTH }),
    symptom: "settings",
    action: "look-at-address",
    cure: { files: ({ url }) => ({ "config.toml": gateway(url) }) },
  },
  {
    name: "a handshake that nobody answers",
    files: () => ({ "config.toml": QUIET, "auth.json": AUTH }),
    env: () => ({}),
    by: {
      log: [1, 2, 3]
        .map(
          (n) =>
            `${at(n)}${RETRY}stream disconnected before completion: websocket connect timed out, url: wss://chatgpt.com/backend-api/codex/responses`,
        )
        .join("\n"),
    },
    symptom: "reconnect",
    action: "apply-http-sse",
  },
  {
    name: "an edge that refuses the WebSocket with 403",
    files: () => ({ "config.toml": QUIET, "auth.json": AUTH }),
    env: () => ({}),
    by: {
      log: [
        ...[1, 2, 3].map(
          (n) =>
            `${at(n)}${RETRY}unexpected status 403 Forbidden: Unknown error, url: wss://chatgpt.com/backend-api/codex/responses`,
        ),
        `${at(4)}codex_core::client: falling back to HTTP`,
      ].join("\n"),
    },
    symptom: "reconnect",
    action: "apply-http-sse",
  },
  {
    name: "a network that is not there",
    files: () => ({ "config.toml": QUIET, "auth.json": AUTH }),
    env: () => ({}),
    by: { log: "ERROR: Reconnecting... waiting for network\nERROR: Reconnecting... waiting for network" },
    symptom: "reconnect",
    action: "look-at-connection",
  },
  {
    name: "a proxy that looks into the traffic",
    files: () => ({ "config.toml": QUIET, "auth.json": AUTH }),
    env: () => ({}),
    by: {
      log: `${at(1)}${RETRY}stream disconnected before completion: IO error: invalid peer certificate: UnknownIssuer, url: wss://chatgpt.com/x`,
    },
    symptom: "reconnect",
    action: "ca-certificate",
  },
  {
    name: "an answer that falls silent",
    files: withTables(""),
    env: () => ({}),
    by: { log: `${at(1)}${RETRY}stream disconnected before completion: idle timeout waiting for SSE` },
    symptom: "reconnect",
    action: "look-at-service",
  },
];
