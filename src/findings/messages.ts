/**
 * The wording of every finding, in one place. One sentence each, then the command that helps, if there is one.
 */
import { argvOf, type Hint } from "../model/hint.ts";
import { plural } from "../text/plural.ts";
import { word } from "../text/shell-quote.ts";
import type { Action, Cause, Finding, FindingCode, LogSign } from "./finding.ts";
import { type Given, hintText } from "./hints.ts";

type ArgsOf<Code extends FindingCode> = Extract<Finding, { code: Code }>["args"];

/** A table as its header names it. */
const table = (group: string, name: string) => `[${group}.${/^[\w-]+$/.test(name) ? name : JSON.stringify(name)}]`;
const list = (words: readonly string[]) => words.join(", ");

const SENTENCES: { readonly [Code in FindingCode]: (args: ArgsOf<Code>) => string } = {
  "codex-assumed": ({ mute, version }) =>
    `${mute === null ? "no codex found on PATH" : `${mute} does not say its version`}; this is for the newest known layout (${version}). Another one: --codex-version X.Y.Z`,
  "codex-newer": ({ version, newest }) => `Codex ${version} is newer than the newest release measured here (${newest})`,
  "home-will-be-created": ({ dir }) => `there is no ${dir} yet; this change creates it`,
  "no-websocket": ({ version }) =>
    `Codex ${version} does not begin with a WebSocket, so this preset cures no reconnect loop there`,
  "start-with-profile": ({ profile, behind }) =>
    behind
      ? `start Codex with: codex -p ${profile}   (with a subcommand, behind it: codex exec -p ${profile} …)`
      : `start Codex with: codex --profile ${profile}`,
  "start-plainly": () => "this holds for every start: codex, the IDE extension and the desktop app",
  "apps-need-default": () => "a profile reaches the command line only",
  "provider-case": ({ id, builtIn }) =>
    `the provider id ${id} differs from the built-in ${builtIn} only by case; Codex takes them for two different providers`,
  adopted: ({ id, keys }) =>
    `${table("model_providers", id)} holds a published variant of this recipe; put right: ${list(keys)}`,
  "legacy-moved": ({ profile }) =>
    `${table("profiles", profile)} moves to ${profile}.config.toml, where this Codex reads it`,
  "legacy-selector-removed": ({ profile }) =>
    `profile = "${profile}" leaves: this Codex has no default profile and would not start with that line`,
  "legacy-selector-left": ({ profile }) =>
    `profile = "${profile}" is still in config.toml, and this Codex does not start with it`,
  "api-key-beside-chatgpt": () =>
    "OPENAI_API_KEY is set beside a ChatGPT login; the login counts here, other tools may use the key",
  "keeps-address": ({ host }) =>
    `openai_base_url counts for the built-in provider alone, so the new one gets its address, too: ${host}`,
  "profile-wins": ({ profile, provider }) =>
    `config.toml starts Codex with the profile ${profile}, whose own provider ${provider} wins`,
  "login-to-other-host": ({ host }) =>
    `your OpenAI login will be sent to ${host}. If that gateway has a key of its own: --env-key NAME_OF_ITS_VARIABLE`,
  "plain-http": ({ host }) => `http to ${host} sends credentials in clear; use https`,
  "environment-key-unset": ({ name }) => `${name} is not set here; Codex needs it at every start with its provider`,
  "project-wins": ({ folder, keys }) =>
    `${folder}/.codex/config.toml is trusted and beats the profile in: ${list(keys)}`,
  "not-asked": ({ reason }) =>
    ({
      "other-version": "the Codex that this is for is not installed here, so it was not asked whether it loads this",
      disabled: "Codex was not asked whether it loads this (--no-preflight)",
      "no-answer": "Codex gave no answer when asked whether it loads this",
    })[reason],
  "still-refused": ({ words }) => `Codex does not load this home, before the change or after it: ${words}`,
  "refused-again": ({ words }) => `Codex will not load this home, which comes back just as it was: ${words}`,
  "provider-kept": ({ id, chats, more }) =>
    `${table("model_providers", id)} stays: ${more ? "at least " : ""}${plural(chats, "chat")} need${chats === 1 && !more ? "s" : ""} it to be resumed`,
  "conflicts-skipped": ({ count }) => `${plural(count, "path")} changed since and left alone`,
  "hard-links": ({ count }) => `this file has ${count} names (hard links); only this one gets the new text`,
  recovered: ({ id, outcome }) =>
    `an interrupted change (${id}) was found and ${
      {
        discarded: "discarded; nothing of it had been made",
        completed: "completed",
        conflict: "taken back, but for what others have changed since",
        damaged: "left alone, because its journal cannot be read",
      }[outcome]
    }`,
  "credentials-stay": () => "credentials do not move by themselves",
  "deletes-login": ({ reason }) =>
    ({
      "api-key":
        'forced_login_method = "chatgpt" beside a stored API key makes `codex exec` log out and delete auth.json; keep a copy of the key',
      "chatgpt-login":
        'forced_login_method = "api" beside a ChatGPT login makes `codex exec` log out and delete auth.json',
      "other-workspace":
        "forced_chatgpt_workspace_id names no workspace that your ChatGPT login is known to belong to; `codex exec` logs out and deletes auth.json unless it does",
    })[reason],
  "unknown-servers": ({ servers }) =>
    `no MCP ${servers.length === 1 ? "server is" : "servers are"} called ${list(servers)}`,
  "project-stops": ({ path, line, because }) =>
    `Codex does not start in this project because of ${path}${line === null ? "" : `:${line}`}: ${sentence(because)}`,
  "project-servers": ({ folder, servers }) =>
    `${folder}/.codex/config.toml is trusted and has the last word on: ${list(servers)}`,
  "required-servers": ({ servers }) =>
    `marked as required, and off all the same, so Codex starts without them: ${list(servers)}`,
  "bisect-step": ({ on, off, left }) =>
    `on: ${list(on) || "none"}; off: ${list(off) || "none"}. Try what fails (about ${plural(left, "try", "tries")} left)`,
  "bisect-found": ({ servers }) =>
    `${servers.length === 1 ? `it is ${servers[0]}` : `not one server: it takes ${servers.join(" together with ")}`}; all others are on again`,
  "bisect-no-server": () => "not an MCP server of config.toml: it fails with all of them off",
  "bisect-no-failure": () => "it does not fail with all of them on, so there is nothing to search for",
  "log-sign": ({ sign, count, last, subjects }) =>
    `the log has ${plural(count, ...LOG_NOUNS[sign])}${subjects.length === 0 ? "" : ` (${list(subjects)})`}, the last at ${last} UTC`,
  "log-unread": ({ file, reason }) =>
    `${file} was not read: ${
      {
        node: "this Node has no SQLite; Node 22.13 or newer has: node --version",
        "too-large": "it is too large",
        broken: "it cannot be read",
      }[reason]
    }`,
  "log-gap": ({ minutes, count, last }) =>
    `${plural(count, "connection")} failed right after a long silence, the last at ${last} UTC after ${minutes} minutes`,
  "at-once": ({ what, count, last }) =>
    `${count} ${what === "threads" ? "agents of one Codex" : "Codex processes"} lost their connection within two minutes, at ${last} UTC`,
  "agents-fail": ({ count, last }) =>
    `${plural(count, "connection")} of agents failed and none of your own turns, the last at ${last} UTC`,
  "request-ids": ({ ids }) => `request ids for OpenAI's support: ${list(ids)}`,
  "provider-transport": ({ id, profile, websocket }) =>
    `${profile === null ? "a plain start" : `codex --profile ${profile}`} uses ${id}, which ${websocket ? "begins with a WebSocket" : "uses HTTP alone"}`,
  "proxies-set": ({ names, heeded }) =>
    `proxies are set here: ${list(names)}${heeded ? "; Codex asks the system for its proxy as well" : ""}`,
  "proxy-without-scheme": ({ name }) => `${name} has no scheme: requests go through that proxy, WebSockets do not`,
  "newer-release": ({ installed, newest }) => `Codex ${installed} is installed, ${newest} is there`,
  "login-state": ({ mode, store }) =>
    `${
      {
        chatgpt: "signed in with ChatGPT",
        apikey: "signed in with an API key",
        none: store === "ephemeral" ? "no stored login" : "no login in auth.json",
        unknown: "a login that cannot be told",
      }[mode]
    }; credentials are kept in: ${store}`,
  "login-variable": ({ name, scope }) =>
    `${name} is set, and counts instead of the login${scope === "exec" ? " for codex exec" : ""}`,
  running: ({ sessions, servers }) =>
    `running now: ${plural(sessions, "session")} and ${plural(servers, "background server")}`,
  "agents-setting": ({ key, value }) => `${key} is ${value ?? "not set"}`,
  "server-program": ({ server, program }) =>
    `${table("mcp_servers", server)} starts ${program}, and there is no such program${program.includes("/") ? "" : " on PATH"}`,
  "servers-at-start": ({ enabled, required }) =>
    `${plural(enabled, "MCP server")} at every start${required.length === 0 ? "" : `; required: ${list(required)}`}`,
  "wsl-crossing": ({ what, path }) =>
    ({
      home: `this Codex home is on a Windows drive: ${path}`,
      program: `the codex on PATH is the one of Windows: ${path}`,
      "other-home": `Windows has a Codex home of its own: ${path}`,
    })[what],
  "loopback-address": ({ key, address, dead }) =>
    `${key} points to ${address}${dead === null ? "; whether somebody answers there, --network tells" : dead ? ", where nobody answers" : ", where somebody answers"}`,
  "foreign-mark": ({ tool, line }) => `made by ${tool}${line === null ? "" : ` (line ${line})`}`,
  "chats-without-provider": ({ id, chats }) =>
    `${plural(chats, "chat")} of the provider ${id} cannot be resumed, because no such provider is defined`,
  "codex-doctor": ({ check, words }) => `codex doctor says (${check}): ${words}`,
  "first-action": ({ action, subject }) => ACTIONS[action].message(subject),
  "profile-renamed": ({ profile, name }) =>
    `${table("profiles", profile)} moves to ${name}.config.toml; start Codex with: codex --profile ${name}`,
  "profile-joins": ({ profile, keys }) =>
    `${profile}.config.toml is there already and brings to the profile what the table did not have: ${list(keys)}`,
  "profile-was-default": ({ profile }) =>
    `profile = "${profile}" chose it at every start, in the IDE extension and the desktop app, too, which read no profile files`,
  "profile-is-default": ({ profile }) =>
    `${table("profiles", profile)} moves to the top of config.toml, for every start; there is no ${profile}.config.toml then, and --profile ${profile} changes nothing`,
  "default-shows-through": ({ profile, others, keys }) =>
    `other profiles were laid over config.toml without ${profile}; from now on they (${list(others)}) have beneath them what it sets: ${list(keys)}`,
  "profile-to-table": ({ profile, name }) =>
    `${profile}.config.toml becomes ${table("profiles", name)} of config.toml, where this Codex reads it`,
  "waking-key": ({ profile, key }) =>
    `${key} did nothing in ${table("profiles", profile)}, and counts where it is now; if that is not wanted, remove it`,
  "mixed-kinds": ({ profile, key }) =>
    `${key} is a table on one side of config.toml and the profile ${profile} and a plain value on the other: a profile file replaces it, a legacy profile did not; see that it is what you want`,
  "losing-name": ({ profile, key, other }) =>
    `${key} of the profile ${profile} and ${other} of config.toml are one setting by two names: the profile's counted, and from now on ${other} does; give it the value you want`,
  "not-toml": () => "not valid TOML from here on",
  "unreadable-file": ({ words }) => `cannot be read: ${words}`,
  "said-twice": ({ key, line }) => `${key} is defined a second time; the first is in line ${line}`,
  "wrong-type": ({ key, expected }) => `${key} takes ${expected}`,
  "missing-key": ({ key }) => `${key} is missing`,
  "unknown-key": ({ key, near }) =>
    `${key} is no setting of this Codex, which ignores it${near === null ? "" : `; did you mean ${near}?`}`,
  "stranded-key": ({ key, table }) => `${key} belongs to the top of the file; under [${table}] Codex ignores it`,
  "no-effect": ({ key }) => `${key} does nothing any more`,
  "reserved-provider": ({ id }) => `${id} is a provider of Codex's own, which refuses a table of that id`,
  "restricted-provider": ({ id, keys, allowed }) =>
    `${table("model_providers", id)} may change ${list(allowed)} only, not ${list(keys)}`,
  "provider-name": ({ id }) => `${table("model_providers", id)} needs a name that is not empty`,
  "wire-api": ({ id, allowed }) => `wire_api of ${table("model_providers", id)} takes ${list(allowed)} only`,
  "provider-auth-conflict": ({ id, key }) =>
    `${table("model_providers", id)} has auth, which cannot stand beside ${key}`,
  "provider-auth-command": ({ id }) => `auth.command of ${table("model_providers", id)} must not be empty`,
  "provider-aws": ({ id }) => `${table("model_providers", id)} is none of Amazon's providers, which alone may have aws`,
  "provider-gateway": ({ id, reason }) =>
    `gateway_oauth of ${table("model_providers", id)} ${
      {
        source: "names no single source: either credential_export, or authorization_url, token_url and client_id",
        command: "has an empty command",
        client: "needs a client_id that is not empty and a redirect_port that is not 0",
        "base-url": "needs a base_url with https",
        url: "has an address without https",
        header: "goes into the Authorization header, which another setting fills; gateway_oauth.delivery moves it",
      }[reason]
    }`,
  "provider-file": ({ id, key }) => `${key} of ${table("model_providers", id)} must be an absolute path`,
  "provider-catalog-host": ({ id }) => `model_catalog_url of ${table("model_providers", id)} must be on a ChatGPT host`,
  "provider-no-token": ({ id }) =>
    `${table("model_providers", id)} sends no token at all; with requires_openai_auth = true it sends that of your login`,
  "provider-wrong-service": ({ id, host, login }) =>
    `${table("model_providers", id)} sends your ${login === "chatgpt" ? "ChatGPT login" : "API key"} to ${host}, which does not take it; without base_url Codex picks the right address`,
  "provider-leaks-key": ({ id, host, login }) =>
    `${table("model_providers", id)} has neither env_key nor a token, so this Codex sends your ${
      { chatgpt: "ChatGPT login", apikey: "stored OpenAI key", unknown: "stored login" }[login]
    } to ${host}, whatever its headers`,
  "undefined-provider": ({ id, near }) =>
    `no provider ${id} is defined${near === null ? "" : `; did you mean ${near}?`}`,
  "removed-provider": ({ id, instead }) => `the provider ${id} is gone; ${instead} took its place`,
  "legacy-selector": ({ profile }) => `this Codex does not start with profile = "${profile}"`,
  "no-profile-file": ({ profile }) =>
    `there is no ${profile}.config.toml; Codex would go on without a word and without it`,
  "undefined-profile": ({ profile }) => `no profile ${profile} is defined`,
  "legacy-table": ({ profile }) =>
    `--profile ${profile} does not start while config.toml has ${table("profiles", profile)}`,
  "server-transport": ({ server, profile }) =>
    profile === null
      ? `${table("mcp_servers", server)} has neither command nor url`
      : `${table("mcp_servers", server)} has neither command nor url in this file; the strict view looks at each file alone`,
  "server-mixed": ({ server, key, transport }) =>
    `${table("mcp_servers", server)} is ${transport === "stdio" ? "a program (command)" : "an address (url)"} and cannot have ${key}`,
  "server-bearer-token": ({ server }) =>
    `${table("mcp_servers", server)} must not hold a bearer_token; name a variable instead: bearer_token_env_var`,
  "server-timeout": ({ server, key }) =>
    `${key} of ${table("mcp_servers", server)} is no number of seconds that Codex can wait`,
  "server-cwd": ({ server }) => `${table("mcp_servers", server)} has an environment_id and needs an absolute cwd`,
  "two-names": ({ key, other }) => `${key} and ${other} are one setting by two names`,
  "server-oauth": ({ server, key, needs }) => `oauth.${key} of ${table("mcp_servers", server)} needs ${needs}`,
  "preset-slot": ({ name }) => `tui.presets has no slot ${JSON.stringify(name)}; they are 0 to 9`,
  "server-disabled-key": ({ server }) =>
    `disabled does not turn ${table("mcp_servers", server)} off; enabled = false does`,
  "server-name": ({ server }) => `the server name ${server} loads, and fails when Codex starts it`,
  "removed-value": ({ key }) => `${key} has a value that this Codex no longer takes`,
  "removed-key": ({ key }) => `this Codex does not start with ${key}`,
  "permissions-default": ({ reason }) =>
    ({
      missing: "[permissions] needs default_permissions to say which profile counts",
      "no-table": "default_permissions names a profile, and there is no [permissions] table",
      undefined: "default_permissions names a profile that [permissions] does not have",
      "unknown-builtin": "default_permissions names a built-in profile that does not exist",
    })[reason],
  "permissions-name": ({ name }) => `[permissions.${name}]: names that begin with a colon are Codex's own`,
  "permissions-extends": ({ name, reason }) =>
    `[permissions.${name}] extends ${
      {
        undefined: "a profile that is not defined",
        "built-in": "a built-in profile that cannot be extended",
        cycle: "itself, by way of the profiles it extends",
      }[reason]
    }`,
  "permissions-path": ({ name }) =>
    `${JSON.stringify(name)} is no place of a permission profile: from the top (/, ~ or :name), below one without .., patterns only to deny`,
  "permissions-domain": ({ name }) => `${JSON.stringify(name)} cannot be denied: name hosts, or *.example.com`,
  "too-small": ({ key, least }) => `${key} must be ${least} at least`,
  "wait-order": ({ key }) => `${key}: min_wait_timeout_ms, default_wait_timeout_ms and max_wait_timeout_ms must rise`,
  "empty-value": ({ key }) => `${key} must not be empty`,
  "threads-conflict": () => "agents.max_threads cannot stand beside the feature multi_agent_v2",
  "filters-conflict": ({ key }) => `${key} cannot stand beside shell_environment_policy.filters, which replaces it`,
  keybinding: ({ key }) => `${key} holds what is no key: write it like ctrl-a, shift-enter, page-up or f5`,
  "integer-range": ({ key }) => `${key} is beyond the 64 bits that an integer has`,
  "missing-file": ({ key }) => `the file that ${key} names cannot be read`,
  "not-json": ({ key }) => `the file that ${key} names is not JSON`,
};

const LOG_NOUNS: Readonly<Record<LogSign, readonly [one: string, many: string]>> = {
  certificate: ["certificate that Codex does not trust", "certificates that Codex does not trust"],
  unauthorized: ["refused login", "refused logins"],
  overloaded: ["answer of an overloaded service", "answers of an overloaded service"],
  "stream-idle": ["answer that fell silent", "answers that fell silent"],
  "websocket-lost": ["reconnect of a WebSocket", "reconnects of a WebSocket"],
  retry: ["reconnect", "reconnects"],
  "no-network": ["wait for a network", "waits for a network"],
  fallback: ["fall back from the WebSocket to HTTP", "falls back from the WebSocket to HTTP"],
  "websocket-refused": ["refused WebSocket", "refused WebSockets"],
  "variable-missing": ["missing variable", "missing variables"],
  "server-failed": ["MCP server that failed at start", "MCP servers that failed at start"],
  "database-locked": ["locked database", "locked databases"],
};

type ActionRow = { readonly message: (subject: string) => string; readonly hints?: (subject: string) => Hint[] };

const ACTIONS: Readonly<Record<Action, ActionRow>> = {
  fix: {
    message: () => "make every fix that is known; the change is shown first",
    hints: () => [{ note: "", argv: ["doctor", "--fix"] }],
  },
  "fix-leftovers": {
    message: () => "start the program that should answer, or take its address out of the config",
    hints: () => [{ note: "", argv: ["doctor", "--network", "--fix", "--symptom", "leftovers"] }],
  },
  "edit-line": {
    message: (line) => `correct line ${line} in an editor`,
    hints: () => [{ note: "then see", argv: ["validate"] }],
  },
  "plain-file": {
    message: (name) => `make ${name} a plain file of UTF-8 text that you may read`,
    hints: () => [{ note: "then see", argv: ["validate"] }],
  },
  validate: {
    message: (line) => `decide what line ${line} should say`,
    hints: () => [{ note: "all of it", argv: ["validate"] }],
  },
  "apply-http-sse": {
    message: () => "if it reconnects at every turn, use HTTP instead of a WebSocket",
    hints: () => [{ note: "", argv: ["apply", "http-sse"] }],
  },
  "update-then-apply": {
    message: () => "update Codex",
    hints: (update) => [
      { note: "", shell: update },
      { note: "and if it still reconnects at every turn", argv: ["apply", "http-sse"] },
    ],
  },
  "proxy-scheme": {
    message: (name) => `give ${name} a scheme in the shell that starts Codex`,
    hints: (name) => [{ note: "", shell: `export ${name}="http://$${name}"` }],
  },
  "ca-certificate": {
    message: () => "name the certificate, as PEM, of the proxy that looks into your traffic",
    hints: () => [{ note: "", shell: "export CODEX_CA_CERTIFICATE=/path/to/ca.pem" }],
  },
  "start-profile": {
    message: () => "start Codex with the profile that uses HTTP",
    hints: (profile) => [
      { note: "", shell: `codex --profile ${word(profile)}` },
      { note: "for every start", argv: ["apply", "http-sse", "--scope", "default"] },
    ],
  },
  report: {
    message: () => "paste a report into an issue",
    hints: () => [{ note: "", argv: ["doctor", "--report"] }],
  },
  "set-variable": {
    message: (name) => `set ${name} in the shell that starts Codex`,
    hints: (name) => [
      { note: "", shell: `export ${name}=…` },
      { note: "a background server keeps the variables it began with", shell: "codex app-server daemon restart" },
    ],
  },
  "drop-variable": {
    message: (name) => `try again without ${name}`,
    hints: (name) => [{ note: "", shell: `unset ${name}` }],
  },
  "log-in": {
    message: () => "sign in again",
    hints: () => [{ note: "", shell: "codex logout && codex login" }],
  },
  "log-in-keyring": {
    message: (store) => `sign in again (credentials are in ${store})`,
    hints: () => [
      { note: "", shell: "codex logout && codex login" },
      { note: "if the keyring is at fault", argv: ["auth-store", "set", "file"] },
    ],
  },
  "disable-server": {
    message: () => "turn off the server that fails",
    hints: (name) => [{ note: "", argv: argvOf("mcp disable", [name]) }],
  },
  bisect: {
    message: () => "find the server that fails",
    hints: () => [
      { note: "", argv: ["mcp", "bisect", "start"] },
      { note: "or try one server alone", argv: ["mcp", "isolate", "NAME"] },
    ],
  },
  "restart-app": {
    message: () => "quit the app or the editor and start it again",
    hints: () => [{ note: "if it comes back, attach", argv: ["doctor", "--report"] }],
  },
  "single-agent": {
    message: () => "try one agent at a time",
    hints: (key) => [{ note: "", argv: argvOf("set", [key, "1"]) }],
  },
  "stop-sessions": { message: () => "end every Codex (terminals, editor, app), wait a minute, start one" },
  "wsl-shutdown": {
    message: () => "keep the program and its home on one side",
    hints: () => [
      { note: "in Windows", shell: "wsl --shutdown" },
      { note: "in Linux", shell: "codex-cfg --codex-home ~/.codex status" },
    ],
  },
  "look-at-network": {
    message: () => "see whether somebody answers at the addresses of this machine",
    hints: () => [{ note: "", argv: ["doctor", "--network", "--symptom", "leftovers"] }],
  },
  "add-provider": {
    message: () => "define the provider again, or go on in a copy (codex fork)",
    hints: () => [{ note: "", argv: ["provider", "add", "ID"] }],
  },
};

const HINTS: { readonly [Code in FindingCode]?: (args: ArgsOf<Code>) => readonly Hint[] } = {
  "apps-need-default": ({ preset }) => [
    {
      note: "for the IDE extension and the desktop app",
      argv: argvOf("apply", [preset], ["--scope", "default"]),
    },
  ],
  "legacy-selector-left": () => [{ note: "what brings every profile into its file", argv: ["migrate"] }],
  "profile-wins": ({ profile }) => [
    {
      note: "to let it go",
      argv: argvOf("unset", [
        `profiles.${/^[\w-]+$/.test(profile) ? profile : JSON.stringify(profile)}.model_provider`,
      ]),
    },
  ],
  "provider-kept": ({ entry }) => [{ note: "to drop it all the same", argv: ["revert", entry, "--purge"] }],
  "credentials-stay": ({ next }) => [{ note: "sign in once more", shell: next }],
  "unknown-servers": () => [{ note: "see them all", argv: ["mcp", "list"] }],
  "bisect-step": () => [
    { note: "if it works", argv: ["mcp", "bisect", "good"] },
    { note: "if it fails", argv: ["mcp", "bisect", "bad"] },
  ],
  "bisect-found": ({ servers }) => [
    { note: "everything as it was before", argv: ["mcp", "bisect", "reset"] },
    { note: "and to keep it off from then on", argv: argvOf("mcp disable", servers.slice(0, 1)) },
  ],
  "proxies-set": ({ heeded }) =>
    heeded === false
      ? [
          {
            note: "a proxy of the system's settings counts only with",
            argv: ["set", "features.respect_system_proxy", "true"],
          },
        ]
      : [],
  "newer-release": ({ update }) => [{ note: "update with", shell: update }],
  "first-action": ({ action, subject }) => ACTIONS[action].hints?.(subject) ?? [],
  "profile-was-default": () => [{ note: "to keep that", argv: ["migrate", "--as-default"] }],
  "undefined-provider": ({ near }) =>
    near === null ? [{ note: "see which ones are", argv: ["provider", "list"] }] : [],
  "legacy-selector": ({ profile }) => [
    { note: "start it with", shell: `codex --profile ${word(profile)}` },
    { note: "what takes such a line out, and moves a profile of older releases", argv: ["migrate"] },
  ],
  "legacy-table": () => [{ note: "what puts it right", argv: ["migrate"] }],
};

/** The sentence of a finding, without severity or place. */
export function sentence(finding: Cause): string {
  return (SENTENCES[finding.code] as (args: unknown) => string)(finding.args);
}

/** What helps against it. */
export function hintsOf(finding: Cause): readonly Hint[] {
  return (HINTS[finding.code] as ((args: unknown) => readonly Hint[]) | undefined)?.(finding.args) ?? [];
}

/** The sentence and what helps, as one line. */
export function textOf(finding: Cause, given: Given = {}): string {
  const [first, ...more] = hintsOf(finding);
  if (first === undefined) return sentence(finding);
  const sign = typeof first === "object" && first.note === "" ? ":" : ";";
  return [`${sentence(finding)}${sign} ${hintText(first, given)}`, ...more.map((hint) => hintText(hint, given))].join(
    "   ",
  );
}
