/** Objects that several documents of `--json` share. Knows their members, not how they are printed. */

import { choiceIdOf } from "../check/identity.ts";
import { fileName } from "../codex/file-role.ts";
import type { Codex } from "../codex/release.ts";
import type { Finding, Fix } from "../findings/finding.ts";
import { hintsOf, sentence } from "../findings/messages.ts";
import type { Home } from "../home.ts";
import type { Entry, KeyPlace } from "../model/change.ts";
import type { KeyPath, Op } from "../model/op.ts";
import type { History } from "../plan/history.ts";
import { redactedValue } from "../redact/redactor.ts";
import { shownKey, shownValue } from "../redact/shown.ts";
import type { Output } from "./output.ts";

/** The Codex that a document is about. */
export function codexJson({ version, source, layout }: Codex) {
  return { version, source, layout: layout.kind };
}

export function findingsJson(findings: readonly Finding[], output: Output) {
  return findings.map((finding) => findingJson(finding, output));
}

export function findingJson(finding: Finding, output: Output) {
  return {
    code: finding.code,
    severity: finding.severity,
    file: finding.file === undefined ? null : fileName(finding.file),
    path: finding.path === undefined ? null : shownKey(finding.path),
    line: finding.at?.line ?? null,
    column: finding.at?.column ?? null,
    stops: finding.stops ?? null,
    message: sentence(finding),
    hints: output.hints(hintsOf(finding)),
    args: finding.args,
    fix: finding.fix === undefined ? null : fixJson(finding, finding.fix),
  };
}

function fixJson(finding: Finding, fix: Fix) {
  const { kind, reason } = fix;
  const shown = (ops: readonly Op[]) => ops.map((op) => opJson(op, finding.path));
  if (kind === "safe") return { kind, reason, ops: shown(fix.ops) };
  const options = fix.options.map(({ label, ops }) => ({ label, ops: shown(ops) }));
  return { kind, id: choiceIdOf(finding), reason, options };
}

/** An entry of history; `live` is false once it has been taken back as a whole. */
export function entryJson(entry: Entry, history: History) {
  const [live, left] = [history.isActive(entry), history.left(entry)];
  const keys = (places: readonly KeyPlace[]) =>
    places.map(({ file, path }) => ({ file: fileName(file), path: shownKey(path) }));
  return {
    id: entry.id,
    time: entry.time,
    by: entry.by ?? ("codex-cfg" as const),
    command: entry.command,
    preset: entry.preset ?? null,
    reverts: entry.reverts ?? [],
    live,
    state: left ? ("partly" as const) : live ? ("in-force" as const) : ("taken-back" as const),
    left: keys(left ?? []),
    merged: entry.merged ?? [],
    files: [...new Set(entry.files.map(({ file }) => fileName(file)))],
    touched: entry.touched.map(({ file, path, kind }) => ({ file: fileName(file), path: shownKey(path), kind })),
    counts: entry.counts ?? null,
    kept: keys(entry.kept ?? []),
  };
}

/** Changes that are not at their end. */
export function pendingJson(pending: ReturnType<Home["pending"]>) {
  return pending.map(({ id, committed, damaged, files, newer, running }) => ({
    id,
    committed,
    damaged,
    newer,
    running,
    files: files.map(fileName),
  }));
}

/** An op as people would read it: values in TOML, secrets redacted. What it moves from `from` is as secret as it was there. */
function opJson(op: Op, from: KeyPath | undefined) {
  const place = { op: op.op, file: fileName(op.file) };
  if (op.op === "write" || op.op === "splice") return place;
  const path = shownKey(op.path);
  if (op.op === "move") return { ...place, path, to: { file: fileName(op.to.file), path: shownKey(op.to.path) } };
  if (op.op !== "set") return { ...place, path };
  return { ...place, path, value: shownValue(from ? redactedValue(op.value, from) : op.value, op.path) };
}

/** What stands behind an entry that does not count as a whole. */
export function stateWords(entry: Entry, history: History): string {
  const left = history.left(entry);
  if (left) return `   (partly taken back; still there: ${left.map(({ path }) => shownKey(path)).join(", ")})`;
  return history.isActive(entry) ? "" : "   (taken back)";
}
