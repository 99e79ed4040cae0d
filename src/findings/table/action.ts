/** The first thing to do about a symptom. `subject` is what a sentence names: a line, a variable, a server, a command. */
import { argvOf, type Hint } from "../../model/hint.ts";
import { word } from "../../text/shell-quote.ts";

const action = (message: (subject: string) => string, hints: (subject: string) => readonly Hint[] = () => []) => ({
  message,
  hints,
});

/** What `doctor` advises, by what it is about. */
export const ACTIONS = {
  fix: action(
    () => "make every safe fix; the change is shown first",
    () => [{ note: "", argv: ["doctor", "--fix"] }],
  ),
  "fix-leftovers": action(
    () => "start the program that should answer, or take its address out of the config",
    () => [{ note: "", argv: ["doctor", "--network", "--fix", "--symptom", "leftovers"] }],
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
  "update-then-apply": action(
    () => "update Codex",
    (update) => [
      { note: "", shell: update },
      { note: "and if it still reconnects at every turn", argv: ["apply", "http-sse"] },
    ],
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
  "log-in-keyring": action(
    (store) => `sign in again (credentials are in ${store})`,
    () => [
      { note: "", shell: "codex logout && codex login" },
      { note: "if the keyring is at fault", argv: ["auth-store", "set", "file"] },
    ],
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
  "look-at-network": action(
    () => "see whether somebody answers at the addresses of this machine",
    () => [{ note: "", argv: ["doctor", "--network", "--symptom", "leftovers"] }],
  ),
  "add-provider": action(
    () => "define the provider again, or go on in a copy (codex fork)",
    () => [{ note: "", argv: ["provider", "add", "ID"] }],
  ),
};

export type Action = keyof typeof ACTIONS;
