/**
 * `codex-cfg doctor --report`: what to paste into an issue. It passes a list of what may be shown: structure, names,
 * versions, numbers, switches, hosts. Every other text is masked, and so is the user's name.
 */

import { faultOf } from "../../check/read-layer.ts";
import { isSet, LOGIN_VARIABLES } from "../../codex/environment.ts";
import { compareVersions } from "../../codex/facts.ts";
import { fileName, profileRole } from "../../codex/file-role.ts";
import type { Diagnosis } from "../../doctor/diagnose.ts";
import type { Evidence } from "../../doctor/evidence.ts";
import type { Cause, Finding, FindingCode } from "../../findings/finding.ts";
import { sentence } from "../../findings/messages.ts";
import { FINDINGS } from "../../findings/table.ts";
import type { Form } from "../../model/form.ts";
import { VERSION } from "../../model/version.ts";
import { allowedFile, allowedKey, allowedName, allowedText } from "../../redact/allow-list.ts";
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
  output.document("report", { codexHome: withoutUser(home.dir, host.userHome), report: text });
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
    listed("login", `${login.mode}, kept in ${allowedText(store)}; variables set: ${set(KEY_VARIABLES)}`),
    listed("proxy variables set", names(proxies.map(({ name }) => name))),
    listed("set in .env", names(inEnvFile.map(allowedName))),
    listed("shell and editor", set(EDITOR_VARIABLES)),
    listed(
      "providers",
      names(
        providers.map(
          ({ id, profile, websocket }) =>
            `${allowedName(id)}${profile ? ` (${allowedName(profile)})` : ""}${websocket ? ", WebSocket" : ""}`,
        ),
      ),
    ),
    listed(
      "MCP servers",
      names(
        servers.map(
          ({ enabled, name, transport }) => `${allowedName(name)} (${transport ?? "?"}, ${enabled ? "on" : "off"})`,
        ),
      ),
    ),
    listed("running", sessions ? `${sessions.sessions} sessions, ${sessions.servers} background servers` : "unknown"),
    listed("logs", names(logs.read.map(allowedName))),
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
    evidence.map((row) => `- ${symptom}: ${placeOf(row)}${sentence(allowed(row))}`),
  );
  return ["", "## Found", "", ...(lines.length > 0 ? lines : ["- nothing"])];
}

/** A finding whose texts are names, or masked. Hints are left out: they are for whoever has the file. */
function allowed<One extends Cause | Finding>(finding: One): One {
  const args = Object.entries(finding.args).map(([name, value]) => [name, allowedArg(finding, name, value)]);
  return { ...finding, args: Object.fromEntries(args) };
}

function allowedArg(finding: Cause, name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => allowedArg(finding, name, item));
  if (name === "because") return allowed(value as Cause);
  if (typeof value !== "string" || OUR_WORDS.has(name) || isOwn(finding, name, value)) return value;
  if (KEYS.has(name)) return allowedKey(value);
  return NAMES.has(name) ? allowedName(value) : allowedText(value, name === "name" ? "env_key" : name);
}

/** Of what cannot be read it is us who say why, and a choice of the table is nobody's text. */
function isOwn({ code }: Cause, name: string, value: string): boolean {
  if (code === "not-toml") return true;
  if (code === "unreadable-file" && /^[\w ,;()'-]+$/.test(value)) return true;
  const form = FINDINGS[code as FindingCode].args[name as never] as Form | undefined;
  return choicesOf(form).includes(value);
}

function choicesOf(form: Form | undefined): readonly unknown[] {
  if (form?.of) return choicesOf(form.of);
  return form?.items ? choicesOf(form.items) : ((form?.schema.enum as readonly unknown[] | undefined) ?? []);
}

/** Arguments of findings whose texts are our own, or those of a release; those that are keys; and those that are names. */
const OUR_WORDS = new Set(
  "action allowed code expected installed kind last newest reason since tool update version what".split(" "),
);
const KEYS = new Set("key keys near other table".split(" "));
const NAMES = new Set("entry file id ids names near profile provider required server servers".split(" "));

function files({ home }: Context): string[] {
  const roles = ["config" as const, ...home.profileFiles.map(profileRole)];
  const shown = (text: string) => ["```toml", allowedFile(text).trimEnd(), "```"];
  return roles.flatMap((role) => {
    const isFaulty = faultOf(role, home.snapshot) !== null;
    const text = isFaulty ? "" : home.snapshot.text(role);
    if (text === null) return [];
    return ["", `## ${fileName(role)}`, "", ...(isFaulty ? ["(cannot be read, hence not shown)"] : shown(text))];
  });
}
