/** `codex-cfg doctor --report`: what to paste into an issue. Names and versions, never a secret or a user's name. */

import { faultOf } from "../../check/read-layer.ts";
import { isSet, LOGIN_VARIABLES } from "../../codex/environment.ts";
import { compareVersions } from "../../codex/facts.ts";
import { fileName, profileRole } from "../../codex/file-role.ts";
import type { Diagnosis } from "../../doctor/diagnose.ts";
import type { Evidence } from "../../doctor/evidence.ts";
import { textOf } from "../../findings/messages.ts";
import { VERSION } from "../../model/version.ts";
import { Redactor } from "../../redact/redactor.ts";
import { withoutUser } from "../../redact/user-names.ts";
import type { Context } from "../context.ts";
import { placeOf } from "../place.ts";

export function report(context: Context, evidence: Evidence, diagnoses: readonly Diagnosis[]): number {
  const { home, host, output } = context;
  const text = withoutUser(
    [...facts(context, evidence), ...found(diagnoses), ...files(context)].join("\n"),
    host.userHome,
  );
  for (const line of text.split("\n")) output.data(line);
  output.document("report", { codexHome: home.dir, report: text });
  return 0;
}

function facts({ host }: Context, evidence: Evidence): string[] {
  const { codex, inEnvFile, login, logs, newest, providers, proxies, servers, sessions, store } = evidence;
  const names = (words: readonly string[]) => words.join(", ") || "none";
  const listed = (name: string, value: string) => `- ${name}: ${value}`;
  const known = compareVersions(codex.version, newest) > 0 ? "newer than the newest known," : "newest known";
  const set = (variables: readonly string[]) =>
    names(variables.filter((name) => isSet(host.env, name) || inEnvFile.includes(name)));
  return [
    "## Codex configuration report",
    "",
    listed("codex", `${codex.version} (${evidence.installed}, ${codex.source}); ${known} ${newest}`),
    listed("codex-cfg", VERSION),
    listed("platform", `${host.platform} ${host.arch}${evidence.wsl ? ", WSL" : ""}`),
    listed("login", `${login.mode}, kept in ${store}; variables set: ${set(KEY_VARIABLES)}`),
    listed("proxy variables set", names(proxies.map(({ name }) => name))),
    listed("set in .env", names(inEnvFile)),
    listed("shell and editor", set(EDITOR_VARIABLES)),
    listed(
      "providers",
      names(
        providers.map(
          ({ id, profile, websocket }) => `${id}${profile ? ` (${profile})` : ""}${websocket ? ", WebSocket" : ""}`,
        ),
      ),
    ),
    listed(
      "MCP servers",
      names(servers.map(({ enabled, name, transport }) => `${name} (${transport ?? "?"}, ${enabled ? "on" : "off"})`)),
    ),
    listed("running", sessions ? `${sessions.sessions} sessions, ${sessions.servers} background servers` : "unknown"),
    listed("logs", names(logs.read)),
  ];
}

const KEY_VARIABLES = [...LOGIN_VARIABLES, "OPENAI_BASE_URL"];
const EDITOR_VARIABLES = [
  "TERM_PROGRAM",
  "VSCODE_PID",
  "CURSOR_TRACE_ID",
  "TERMINAL_EMULATOR",
  "SSH_CONNECTION",
  "TMUX",
];

function found(diagnoses: readonly Diagnosis[]): string[] {
  const lines = diagnoses.flatMap(({ evidence, symptom }) =>
    evidence.map((row) => `- ${symptom}: ${placeOf(row)}${textOf(row)}`),
  );
  return ["", "## Found", "", ...(lines.length > 0 ? lines : ["- nothing"])];
}

function files({ home }: Context): string[] {
  const redactor = new Redactor();
  const roles = ["config" as const, ...home.profileFiles.map(profileRole)];
  const shown = (text: string) => ["```toml", redactor.text(text).text.trimEnd(), "```"];
  return roles.flatMap((role) => {
    const isFaulty = faultOf(role, home.snapshot) !== null;
    const text = isFaulty ? "" : home.snapshot.text(role);
    if (text === null) return [];
    return ["", `## ${fileName(role)}`, "", ...(isFaulty ? ["(cannot be read, hence not shown)"] : shown(text))];
  });
}
