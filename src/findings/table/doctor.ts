/** What `doctor` sees on a machine and in Codex's logs. Times are UTC, to the minute. */
import { count, flag, oneOf, orNull, text, texts } from "../../model/form.ts";
import { plural } from "../../text/plural.ts";
import { id, last, server, words } from "../args.ts";
import { header, listed, row } from "../row.ts";
import { ACTIONS, type Action } from "./action.ts";

/** The kind of a line in Codex's logs. */
export type LogEventKind = keyof typeof LOG_NOUNS;

const LOG_NOUNS = {
  certificate: ["certificate that Codex does not trust", "certificates that Codex does not trust"],
  unauthorized: ["refused login", "refused logins"],
  "not-found": ["answer that there is no such address", "answers that there is no such address"],
  "bad-request": ["refused request", "refused requests"],
  "bad-address": ["request to what is no address", "requests to what is no address"],
  "closed-stream": ["answer that ended before it was complete", "answers that ended before they were complete"],
  "turn-failed": ["turn that ended with an error of the service", "turns that ended with an error of the service"],
  overloaded: ["answer of an overloaded service", "answers of an overloaded service"],
  "stream-idle": ["answer that fell silent", "answers that fell silent"],
  "websocket-lost": ["reconnect of a WebSocket", "reconnects of a WebSocket"],
  retry: ["reconnect", "reconnects"],
  "no-network": ["wait for a network", "waits for a network"],
  fallback: ["fall back from the WebSocket to HTTP", "falls back from the WebSocket to HTTP"],
  "websocket-fatal": ["WebSocket that was refused for good", "WebSockets that were refused for good"],
  "websocket-refused": ["refused WebSocket", "refused WebSockets"],
  "variable-missing": ["missing variable", "missing variables"],
  "server-slow": ["MCP server that was not ready in time", "MCP servers that were not ready in time"],
  "server-login": ["MCP server that wants a login", "MCP servers that want a login"],
  "server-not-found": ["MCP server that is not at its url", "MCP servers that are not at their urls"],
  "server-unreachable": ["MCP server that cannot be reached", "MCP servers that cannot be reached"],
  "server-failed": ["MCP server that failed at start", "MCP servers that failed at start"],
  "database-locked": ["locked database", "locked databases"],
} as const;

const signs = Object.keys(LOG_NOUNS) as readonly LogEventKind[];

export const DOCTOR = {
  // `subjects` are the names in the lines, such as servers.
  "log-sign": row(
    {
      sign: oneOf(signs, "What they tell."),
      count: count("How many there are."),
      last,
      subjects: texts("What they name."),
    },
    ({ sign, count, last, subjects }) =>
      `the log has ${plural(count, LOG_NOUNS[sign][0], LOG_NOUNS[sign][1])}${subjects.length === 0 ? "" : ` (${listed(subjects)})`}, the last at ${last} UTC`,
  ),
  "log-unread": row(
    { file: text("Its name."), reason: oneOf(["node", "too-large", "broken"], "Why it was not read.") },
    ({ file, reason }) =>
      `${file} was not read: ${
        {
          node: "Node 20 has no SQLite, and the optional package node-sqlite3-wasm is not installed",
          "too-large": "it is too large",
          broken: "it cannot be read",
        }[reason]
      }`,
  ),
  "log-gap": row(
    { minutes: count("How long the last silence was."), count: count("How often it happened."), last },
    ({ minutes, count, last }) =>
      `${plural(count, "connection")} failed right after a long silence, the last at ${last} UTC after ${minutes} minutes`,
  ),
  // Several of them failed within two minutes.
  "at-once": row(
    { what: oneOf(["threads", "processes"], "What they belong to."), count: count("How many there were."), last },
    ({ what, count, last }) =>
      `${count} ${what === "threads" ? "agents of one Codex" : "Codex processes"} lost their connection within two minutes, at ${last} UTC`,
  ),
  "agents-fail": row(
    { count: count("How many there were."), last },
    ({ count, last }) =>
      `${plural(count, "connection")} of agents failed and none of your own turns, the last at ${last} UTC`,
  ),
  "request-ids": row({ ids: texts("Their ids.") }, ({ ids }) => `request ids for OpenAI's support: ${listed(ids)}`),
  "provider-transport": row(
    {
      id,
      profile: orNull(text("The profile that chooses it; null for a plain start.")),
      websocket: flag("Whether it begins with a WebSocket."),
    },
    ({ id, profile, websocket }) =>
      `${profile === null ? "a plain start" : `codex --profile ${profile}`} uses ${id}, which ${websocket ? "begins with a WebSocket" : "uses HTTP alone"}`,
  ),
  "proxies-set": row(
    {
      names: texts("Their names."),
      heeded: orNull(flag("Whether Codex asks the system for a proxy as well; null where it cannot.")),
    },
    ({ names, heeded }) =>
      `proxies are set here: ${listed(names)}${heeded ? "; Codex asks the system for its proxy as well" : ""}`,
    ({ heeded }) =>
      heeded === false
        ? [
            {
              note: "a proxy of the system's settings counts only with",
              argv: ["set", "features.respect_system_proxy", "true"],
            },
          ]
        : [],
  ),
  "proxy-without-scheme": row(
    { name: text("The variable that names it.") },
    ({ name }) => `${name} has no scheme: requests go through that proxy, WebSockets do not`,
  ),
  "newer-release": row(
    {
      installed: text("The version in use."),
      newest: text("The newest version known."),
      update: text("The command that brings it."),
    },
    ({ installed, newest }) => `Codex ${installed} is installed, ${newest} is there`,
    ({ update }) => [{ note: "update with", shell: update }],
  ),
  "login-state": row(
    {
      mode: oneOf(["chatgpt", "apikey", "none", "unknown"], "The kind of login."),
      store: text("Where credentials are kept."),
    },
    ({ mode, store }) =>
      `${
        {
          chatgpt: "signed in with ChatGPT",
          apikey: "signed in with an API key",
          none: store === "ephemeral" ? "no stored login" : "no login in auth.json",
          unknown: "a login that cannot be told",
        }[mode]
      }; credentials are kept in: ${store}`,
  ),
  "login-variable": row(
    { name: text("Its name."), scope: oneOf(["all", "exec"], "Which starts it counts for.") },
    ({ name, scope }) => `${name} is set, and counts instead of the login${scope === "exec" ? " for codex exec" : ""}`,
  ),
  running: row(
    { sessions: count("Terminals and single runs.", 0), servers: count("What editors and apps keep running.", 0) },
    ({ sessions, servers }) =>
      `running now: ${plural(sessions, "session")} and ${plural(servers, "background server")}`,
  ),
  "agents-setting": row(
    { key: text("The setting, dotted."), value: orNull(text("Its value; null when it is not set.")) },
    ({ key, value }) => `${key} is ${value ?? "not set"}`,
  ),
  "server-program": row(
    { server, program: text("The program's name.") },
    ({ server, program }) =>
      `${header("mcp_servers", server)} starts ${program}, and there is no such program${program.includes("/") ? "" : " on PATH"}`,
  ),
  "servers-at-start": row(
    { enabled: count("How many there are."), required: texts("Those that Codex does not start without.") },
    ({ enabled, required }) =>
      `${plural(enabled, "MCP server")} at every start${required.length === 0 ? "" : `; required: ${listed(required)}`}`,
  ),
  "wsl-crossing": row(
    { what: oneOf(["home", "program", "other-home"], "What crosses over."), path: text("Where it is.") },
    ({ what, path }) =>
      ({
        home: `this Codex home is on a Windows drive: ${path}`,
        program: `the codex on PATH is the one of Windows: ${path}`,
        "other-home": `Windows has a Codex home of its own: ${path}`,
      })[what],
  ),
  "loopback-address": row(
    {
      key: text("The setting that holds it, dotted."),
      address: text("Host and port."),
      dead: orNull(flag("Whether nobody answers there; null when nobody has tried.")),
    },
    ({ key, address, dead }) =>
      `${key} points to ${address}${dead === null ? "" : dead ? ", where nobody answers" : ", where somebody answers"}`,
  ),
  "other-tool-trace": row(
    { tool: text("The tool."), line: orNull(count("The line; null when it is the whole file.")) },
    ({ tool, line }) => `made by ${tool}${line === null ? "" : ` (line ${line})`}`,
  ),
  "chats-without-provider": row(
    { id, chats: count("How many chats there are.") },
    ({ id, chats }) =>
      `${plural(chats, "chat")} of the provider ${id} cannot be resumed, because no such provider is defined`,
  ),
  "codex-doctor": row(
    { check: text("Which check it was."), status: text("How it ended."), words },
    ({ check, status, words }) => `codex doctor says (${check}, ${status}): ${words}`,
  ),
  "first-action": row(
    { action: oneOf(Object.keys(ACTIONS) as readonly Action[], "What to do."), subject: text("What that names.") },
    ({ action, subject }) => ACTIONS[action].message(subject),
    ({ action, subject }) => ACTIONS[action].hints(subject),
  ),
};
