/** The first thing to do about a symptom. `subject` is what a sentence names: a line, a variable, a server, a command. */
import { argvOf, type Hint } from "../../model/hint.ts";
import { word } from "../../text/shell-quote.ts";
import { bare } from "../row.ts";

const action = (message: (subject: string) => string, hints: (subject: string) => readonly Hint[] = () => []) => ({
  message,
  hints,
});

/** As a shell reads it, whoever's home it is. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's own braces
const ENV_FILE = '"${CODEX_HOME:-$HOME/.codex}/.env"';

/** What `doctor` advises, by what it is about. */
export const ACTIONS = {
  fix: action(
    () => "make every safe fix; the change is shown first",
    () => [{ note: "", argv: ["doctor", "--fix"] }],
  ),
  "choose-fix": action(
    () => "choose among the fixes that are known; each is shown first",
    () => [{ note: "", argv: ["doctor", "--fix"] }],
  ),
  "finish-change": action(
    () => "finish the change that was interrupted: type its command again, or any other that writes",
    (id) => [{ note: "or finish it and take it back", argv: argvOf("revert", [id]) }],
  ),
  "look-at-change": action(
    () => "see to the change that was interrupted; nothing is written before that",
    () => [{ note: "", argv: ["status"] }],
  ),
  restore: action(
    () => "bring back what was lost; the change is shown first",
    () => [{ note: "", argv: ["restore"] }],
  ),
  "edit-line": action(
    (line) => `correct line ${line} in an editor`,
    () => [{ note: "then see", argv: ["validate"] }],
  ),
  "plain-file": action(
    (name) => `make ${name} a plain file of UTF-8 text that you may read`,
    () => [{ note: "then see", argv: ["validate"] }],
  ),
  validate: action(
    (line) => `decide what line ${line} should say`,
    () => [{ note: "all of it", argv: ["validate"] }],
  ),
  "apply-http-sse": action(
    () => "if it reconnects at every turn, use HTTP instead of a WebSocket",
    () => [{ note: "", argv: ["apply", "http-sse"] }],
  ),
  // The subject is the setting.
  "start-program": action(
    (key) => `start the program that should answer at ${key}, or take that setting out`,
    (key) => [{ note: "", argv: argvOf("unset", [key]) }],
  ),
  "change-provider": action(
    (key) => `start the program that should answer at ${key}, or choose another provider`,
    () => [{ note: "those that there are", argv: ["provider", "list"] }],
  ),
  "drop-proxy": action(
    (name) => `start the proxy that ${name} names, or go on without it`,
    (name) => [{ note: "", shell: `unset ${name}` }],
  ),
  "drop-proxy-line": action(
    (name) => `start the proxy that ${name} names, or take its line out of .env of the Codex home`,
    () => [{ note: "", shell: `\${EDITOR:-vi} ${ENV_FILE}` }],
  ),
  "http-proxy": action(
    (name) => `give ${name} the HTTP port of that proxy, which most of these programs have, too`,
    (name) => [{ note: "", shell: `export ${name}=http://HOST:PORT` }],
  ),
  "no-proxy": action(
    () => "let addresses of this machine pass the proxy by",
    () => [{ note: "", shell: "export NO_PROXY=localhost,127.0.0.1,::1" }],
  ),
  "provider-http": action(
    (id) => `where the service of ${id} takes no WebSockets, go on over HTTP at the same service`,
    (id) => [{ note: "", argv: argvOf("set", [`model_providers.${bare(id)}.supports_websockets`, "false"]) }],
  ),
  "look-at-address": action(
    (id) =>
      `correct base_url of ${id}: https://HOST/v1 or the like, to which Codex appends /responses; a service that speaks Chat Completions only does not work`,
    (id) => [{ note: "", argv: argvOf("get", [`model_providers.${bare(id)}.base_url`]) }],
  ),
  "look-at-service": action(
    (id) => `look at the service of ${id}: requests reach it, over HTTP already, and it fails`,
    () => [{ note: "what it answers now", argv: ["doctor", "--watch", "--", "codex", "exec", "say hello"] }],
  ),
  "wait-for-service": action(
    (id) => `the service of ${id} is overloaded, or has had enough of you: wait a few minutes`,
    () => [{ note: "what it answers now", argv: ["doctor", "--watch", "--", "codex", "exec", "say hello"] }],
  ),
  "look-at-request": action(
    (id) => `the service of ${id} refuses what is asked of it: compare model and settings with what it offers`,
    () => [{ note: "what it answers now", argv: ["doctor", "--watch", "--", "codex", "exec", "say hello"] }],
  ),
  "look-at-connection": action(
    (id) => `see whether ${id} can be reached from here: name, network, firewall, proxy`,
    () => [
      { note: "what Codex itself says", shell: "codex doctor" },
      { note: "in CI, to end instead of waiting", argv: ["set", "features.unbounded_connection_retries", "false"] },
    ],
  ),
  watch: action(
    () => "let doctor watch a run that fails",
    () => [{ note: "", argv: ["doctor", "--watch", "--", "codex", "exec", "say hello"] }],
  ),
  "proxy-scheme": action(
    (name) => `give ${name} a scheme in the shell that starts Codex`,
    (name) => [{ note: "", shell: `export ${name}="http://$${name}"` }],
  ),
  "ca-certificate": action(
    () => "name the certificate, as PEM, of the proxy that looks into your traffic",
    () => [{ note: "", shell: "export CODEX_CA_CERTIFICATE=/path/to/ca.pem" }],
  ),
  "start-profile": action(
    () => "start Codex with the profile that uses HTTP",
    (profile) => [
      { note: "", shell: `codex --profile ${word(profile)}` },
      { note: "for every start", argv: ["apply", "http-sse", "--scope", "default"] },
    ],
  ),
  report: action(
    () => "paste a report into an issue",
    () => [{ note: "", argv: ["doctor", "--report"] }],
  ),
  "set-variable": action(
    (name) => `set ${name} in .env of the Codex home, which the IDE and the desktop app read, too`,
    (name) => [
      { note: "", shell: `echo ${word(`${name}=…`)} >> ${ENV_FILE}` },
      { note: "or in the shell that starts Codex", shell: `export ${name}=…` },
    ],
  ),
  // A name that `.env` cannot set.
  "export-variable": action(
    (name) => `set ${name} in the shell that starts Codex`,
    (name) => [
      { note: "", shell: `export ${name}=…` },
      { note: "a background server keeps the variables it began with", shell: "codex app-server daemon restart" },
    ],
  ),
  "drop-variable": action(
    (name) => `try again without ${name}`,
    (name) => [{ note: "", shell: `unset ${name}` }],
  ),
  "log-in": action(
    () => "sign in again",
    () => [{ note: "", shell: "codex logout && codex login" }],
  ),
  "give-key": action(
    (id) => `give ${id} a key: it has none of its own, and this Codex sends it no login`,
    (id) => [
      {
        note: "the name of the variable that holds it",
        argv: argvOf("set", [`model_providers.${bare(id)}.env_key`, "NAME"]),
      },
    ],
  ),
  "check-key": action((name) => `the service refuses the key in ${name}: see whether it is the right one`),
  "log-in-keyring": action(
    (store) => `sign in again (credentials are in ${store})`,
    () => [
      { note: "", shell: "codex logout && codex login" },
      { note: "if the keyring is at fault", argv: ["auth-store", "set", "file"] },
    ],
  ),
  "more-time": action(
    (name) => `give ${name} more time to start`,
    (name) => [
      { note: "", argv: argvOf("set", [`mcp_servers.${bare(name)}.startup_timeout_sec`, "60"]) },
      { note: "or turn it off", argv: argvOf("mcp disable", [name]) },
    ],
  ),
  "pass-variable": action(
    (name) => `name the variable in env_vars of ${name}, and take it out of its env`,
    (name) => [{ note: "", argv: argvOf("set", [`mcp_servers.${bare(name)}.env_vars`, '["NAME"]']) }],
  ),
  "server-login": action(
    (name) => `sign in to ${name}`,
    (name) => [
      { note: "", shell: `codex mcp login ${word(name)}` },
      { note: "if it does not last", argv: ["auth-store", "set", "--mcp", "file"] },
    ],
  ),
  "server-url": action(
    (name) => `correct the url of ${name}: nobody there knows it`,
    (name) => [
      { note: "", argv: argvOf("get", [`mcp_servers.${bare(name)}.url`]) },
      { note: "or turn it off", argv: argvOf("mcp disable", [name]) },
    ],
  ),
  "server-start": action(
    (name) => `start the program that should answer at the url of ${name}, or turn it off`,
    (name) => [{ note: "", argv: argvOf("mcp disable", [name]) }],
  ),
  "server-install": action(
    (name) => `install the program of ${name}, or turn it off`,
    (name) => [{ note: "", argv: argvOf("mcp disable", [name]) }],
  ),
  "trust-hooks": action(
    () => "look at the hooks and trust them: open /hooks in a terminal once",
    () => [{ note: "", shell: "codex" }],
  ),
  "hook-switch": action(
    () => "turn the hooks on again",
    () => [{ note: "which ones are off", argv: ["get", "hooks.state"] }],
  ),
  "hooks-feature": action(
    () => "turn the feature hooks on",
    () => [{ note: "", argv: ["set", "features.hooks", "true"] }],
  ),
  "mend-file": action((name) => `mend ${name}, or move it away`),
  "file-store": action(
    () => "keep credentials in a file",
    () => [
      { note: "", argv: ["auth-store", "set", "file"] },
      { note: "then", shell: "codex login" },
    ],
  ),
  "rename-key": action(
    () => "give the settings the names that Codex knows",
    () => [{ note: "all of them", argv: ["validate"] }],
  ),
  "ask-administrator": action(
    (key) => `set ${key} to what is allowed here`,
    (key) => [{ note: "which files count", argv: ["doctor", "--explain", key] }],
  ),
  "change-at-source": action((name) => `change ${name} where it is made, or put a file of your own in its place`),
  "to-home": action(
    () => "move these settings into config.toml of the Codex home",
    () => [{ note: "what counts", argv: ["provider", "list"] }],
  ),
  "disable-server": action(
    () => "turn off the server that fails",
    (name) => [{ note: "", argv: argvOf("mcp disable", [name]) }],
  ),
  bisect: action(
    () => "find the server that fails",
    () => [
      { note: "", argv: ["mcp", "bisect", "start"] },
      { note: "or try one server alone", argv: ["mcp", "isolate", "NAME"] },
    ],
  ),
  "restart-app": action(
    () => "quit the app or the editor and start it again",
    () => [{ note: "if it comes back, attach", argv: ["doctor", "--report"] }],
  ),
  "single-agent": action(
    () => "try one agent at a time",
    (key) => [{ note: "", argv: argvOf("set", [key, "1"]) }],
  ),
  "stop-sessions": action(() => "end every Codex (terminals, editor, app), wait a minute, start one"),
  "wsl-shutdown": action(
    () => "keep the program and its home on one side",
    () => [
      { note: "in Windows", shell: "wsl --shutdown" },
      { note: "in Linux", shell: "codex-cfg --codex-home ~/.codex status" },
    ],
  ),
  "add-provider": action(
    () => "define the provider again, or go on in a copy (codex fork)",
    () => [{ note: "", argv: ["provider", "add", "ID"] }],
  ),
};

export type Action = keyof typeof ACTIONS;
