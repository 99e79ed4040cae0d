/** What `doctor` sees of the files and variables that Codex reads beside its config. Never a value, of an address its host and port alone. */
import { flag, oneOf, orNull, text, texts } from "../../model/form.ts";
import { argvOf } from "../../model/hint.ts";
import { plural } from "../../text/plural.ts";
import { id, server } from "../args.ts";
import { bare, header, listed, row } from "../row.ts";

const variable = text("The variable.");
const inFile = flag("Whether the env file of the home sets it, and not the shell.");
const place = (name: string, isInFile: boolean) => (isInFile ? `${name} (in .env)` : name);
const file = text("The file's name.");

export const SURROUNDINGS = {
  "proxy-dead": row(
    { name: variable, inFile, address: text("Host and port.") },
    ({ name, inFile, address }) => `${place(name, inFile)} names a proxy at ${address}, where nobody answers`,
  ),
  "proxy-socks": row(
    { name: variable, inFile },
    ({ name, inFile }) =>
      `${place(name, inFile)} names a SOCKS proxy: Codex's WebSocket goes through it, its HTTP requests do not`,
  ),
  "leaves-provider": row(
    { id, websocket: flag("Whether it begins with a WebSocket.") },
    ({ id, websocket }) =>
      `plain starts use ${id}, and this leads to OpenAI instead${websocket ? "" : `; ${id} uses HTTP already`}`,
    ({ id, websocket }) =>
      websocket
        ? [
            {
              note: `HTTP at ${id} itself`,
              argv: argvOf("set", [`model_providers.${bare(id)}.supports_websockets`, "false"]),
            },
          ]
        : [],
  ),
  "proxy-takes-local": row(
    { name: variable, inFile, key: text("The setting, dotted."), address: text("Host and port.") },
    ({ name, inFile, key, address }) =>
      `${key} points to ${address} on this machine, and ${place(name, inFile)} takes its requests to a proxy`,
  ),
  "variable-hidden": row(
    { name: variable },
    ({ name }) => `.env sets ${name} to nothing, and that counts instead of the one in the shell`,
  ),
  "server-variable-unset": row(
    { server, name: variable, key: text("The key that names it.") },
    ({ server, name, key }) => `${key} of ${header("mcp_servers", server)} names ${name}, which is not set here`,
  ),
  "base-url-form": row({ id, problem: oneOf(["scheme", "path"], "What is wrong with it.") }, ({ id, problem }) =>
    problem === "scheme"
      ? `base_url of ${header("model_providers", id)} is no address: it has to begin with https:// or http://`
      : `base_url of ${header("model_providers", id)} ends where requests go; Codex appends /responses itself`,
  ),
  "retry-for-ever": row(
    {},
    () =>
      "a connection that cannot be made is tried for ever, in codex exec, too (features.unbounded_connection_retries)",
    () => [
      { note: "to end after half a minute, as in CI", argv: ["set", "features.unbounded_connection_retries", "false"] },
    ],
  ),
  "retries-set": row(
    { id, keys: texts("The settings and their values.") },
    ({ id, keys }) => `how often ${header("model_providers", id)} tries again is set: ${listed(keys)}`,
  ),
  "hooks-idle": row(
    { events: texts("Their events."), reason: oneOf(["untrusted", "off", "feature"], "Why.") },
    ({ events, reason }) =>
      `${plural(events.length, "hook")} (${listed([...new Set(events)])}) ${events.length === 1 ? "does" : "do"} not run: ${
        {
          untrusted: "nobody has trusted them",
          off: "turned off in [hooks.state]",
          feature: "the feature hooks is off",
        }[reason]
      }`,
    ({ reason }) => (reason === "untrusted" ? [{ note: "open /hooks in a terminal once", shell: "codex" }] : []),
  ),
  "hooks-twice": row(
    {},
    () => "hooks are in hooks.json and in config.toml; Codex loads both, and says that one file is meant",
  ),
  "hook-state-stale": row(
    { file: text("The file that the entry names.") },
    ({ file }) => `[hooks.state] knows a hook of ${file}, which is not there any more`,
  ),
  "damaged-file": row(
    {
      file,
      reason: oneOf(
        [
          "empty",
          "zeros",
          "not-json",
          "not-toml",
          "no-name",
          "no-description",
          "no-instructions",
          "unknown-key",
          "no-rules",
        ],
        "What is wrong.",
      ),
    },
    ({ file, reason }) =>
      `${file} ${
        {
          empty: "is empty",
          zeros: "holds nothing but NUL bytes",
          "not-json": "is no complete JSON",
          "not-toml": "is no TOML that Codex could read",
          "no-name": "has no name, so Codex ignores it",
          "no-description": "has no description, so Codex ignores it",
          "no-instructions": "has no developer_instructions, so Codex ignores it",
          "unknown-key": "has a key that Codex does not know, so Codex ignores the whole file",
          "no-rules": "has a rule that Codex cannot read",
        }[reason]
      }`,
  ),
  "policy-file": row(
    { file, keys: texts("What it sets.") },
    ({ file, keys }) => `${file} of this machine's administrator has the last word on: ${listed(keys)}`,
  ),
  "policy-refuses": row(
    { key: text("The setting, dotted."), value: text("Its value."), allowed: texts("What is allowed."), file },
    ({ key, value, allowed, file }) => `${key} = "${value}" is not allowed by ${file}, which takes ${listed(allowed)}`,
  ),
  "config-unwritable": row(
    { file, target: orNull(text("Where the link leads; null for none.")) },
    ({ file, target }) =>
      `${file} ${target === null ? "cannot be written here" : `is a link to ${target}, which cannot be written here`}: Codex can keep neither trust nor a model that is chosen`,
    ({ target }) => (target === null ? [] : ["change it where it is made"]),
  ),
  "plugin-servers": row(
    { plugin: text("The plugin."), servers: texts("Its MCP servers.") },
    ({ plugin, servers }) =>
      `the plugin ${plugin} brings ${plural(servers.length, "MCP server")} of its own: ${listed(servers)}`,
    () => [{ note: "each is turned off like any other", argv: ["mcp", "disable", "NAME"] }],
  ),
  "keyring-silent": row(
    { key: text("The setting, dotted.") },
    ({ key }) => `${key} = "keyring", and no keyring answers here`,
  ),
  "project-has-last-word": row(
    { folder: text("The project."), key: text("The setting, dotted.") },
    ({ folder, key }) => `${folder}/.codex/config.toml is trusted and has the last word on ${key} here`,
  ),
};
