/** How `codex-cfg doctor` tells what it found: symptom by symptom, the evidence, and the first thing to do. */

import { releaseNotes } from "../../check/release-note.ts";
import { type Diagnosis, isFound } from "../../doctor/diagnose.ts";
import type { Evidence, Symptom } from "../../doctor/evidence.ts";
import type { Finding } from "../../findings/finding.ts";
import { plural } from "../../text/plural.ts";
import type { Context } from "../context.ts";
import { codexJson, findingJson, findingsJson } from "../json.ts";
import { placeOf, sourceOf } from "../place.ts";

/** Exit code 1 when something was found. */
export function tell({ home, output }: Context, evidence: Evidence, diagnoses: readonly Diagnosis[]): number {
  if (evidence.run) output.say(ended(evidence.run));
  for (const { action, evidence: rows, symptom } of diagnoses) {
    output.data(`${symptom}: ${TITLES[symptom]}`, "bold");
    for (const row of rows) {
      output.data(`  ${MARKS[row.severity]} ${placeOf(row)}${output.text(row)}`);
      for (const line of sourceOf(row)) output.data(`  ${line}`, "dim");
    }
    if (rows.length === 0) output.data("    nothing points to it");
    output.data(`  → ${output.text(action)}`);
  }
  const found = diagnoses.filter(({ evidence: rows }) => isFound(rows));
  const more =
    evidence.config.length - diagnoses.flatMap(({ evidence: rows }) => rows).filter(isOfConfig(evidence)).length;
  const notes = [...releaseNotes(home.codex), ...unread(evidence)];
  output.findings(notes);
  if (found.length > 0) output.say(`found: ${found.map(({ symptom }) => symptom).join(", ")}`);
  else for (const line of nothing(evidence, output.command(["doctor", "--symptom", "reconnect"]))) output.say(line);
  if (more > 0) output.say(`what validate says beside that: ${more}; see: ${output.command(["validate"])}`);
  output.document("doctor", {
    codexHome: home.dir,
    codex: codexJson(home.codex),
    symptoms: diagnoses.map(({ action, evidence: rows, symptom }) => ({
      symptom,
      found: isFound(rows),
      evidence: findingsJson(rows, output),
      action: findingJson(action, output),
    })),
    logs: evidence.logs.read,
    findings: findingsJson(notes, output),
  });
  return found.length === 0 ? 0 : 1;
}

function ended({ status, timedOut }: NonNullable<Evidence["run"]>): string {
  if (timedOut) return "the run did not come to an end and was stopped";
  return `the run ended ${status === null ? "by a signal" : `with exit code ${status}`}`;
}

/** That nothing was found is worth what was looked at, so both are said. */
function nothing({ codexDoctor, leftovers, logs, proxies }: Evidence, next: string): string[] {
  const addresses =
    leftovers.filter(({ code }) => code === "loopback-address").length +
    proxies.filter(({ address }) => address !== null).length;
  const seen = [
    "the config",
    logs.read.length > 0 ? logs.read.join(", ") : "no log (there is none)",
    ...(addresses > 0 ? [plural(addresses, "address of this machine", "addresses of this machine")] : []),
  ];
  const unseen = [
    ...(logs.named ? [] : ["runs of codex exec, which leave no log"]),
    ...(codexDoctor === null ? ["Codex's services (--network)"] : []),
  ];
  return [
    `nothing wrong was found in: ${seen.join("; ")}`,
    ...(unseen.length > 0 ? [`not looked at: ${unseen.join("; ")}`] : []),
    `"Reconnecting…", or something else? ${next}`,
  ];
}

const MARKS: Readonly<Record<Finding["severity"], string>> = { error: "✗", warning: "!", info: "·" };

const TITLES: Readonly<Record<Symptom, string>> = {
  lost: "settings are gone",
  start: "Codex does not start, or passes settings over",
  reconnect: "Reconnecting…, waiting for network, or no answer at all",
  auth: "401, 403, or asked to log in again",
  mcp: "MCP servers are slow or fail at start",
  hooks: "hooks that do not run",
  settings: "settings that do not take effect",
  idle: "Reconnecting after an hour or two of silence",
  subagents: "Reconnecting when several agents work",
  sessions: "several terminals hang at once",
  wsl: "Windows and WSL are mixed",
  leftovers: "what other tools left behind",
  chats: "chats that cannot be resumed",
};

function isOfConfig({ config }: Evidence): (row: Finding) => boolean {
  return (row) => config.includes(row);
}

/** Logs that were there and could not be read. */
function unread({ logs }: Evidence): Finding[] {
  return logs.unread.map((args) => ({ code: "log-unread", severity: "info", args }));
}
