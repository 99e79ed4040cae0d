/**
 * Shapes shared by the documents of `--json`; `schemas/output.schema.json` describes them.
 */
import type { Entry } from "../change.ts";
import { fileName } from "../codex/layout.ts";
import type { Finding } from "../finding.ts";
import { renderKey } from "../toml/value.ts";
import { sentence } from "./sentences.ts";

export function findingsJson(findings: readonly Finding[]) {
  return findings.map((finding) => ({
    code: finding.code,
    severity: finding.severity,
    file: finding.file === undefined ? null : fileName(finding.file),
    path: finding.path === undefined ? null : renderKey(finding.path),
    message: sentence(finding),
    args: finding.args,
  }));
}

/** An entry of history; `live` is false once it has been taken back. */
export function entryJson(entry: Entry, live: boolean) {
  return {
    id: entry.id,
    time: entry.time,
    command: entry.command,
    preset: entry.preset ?? null,
    reverts: entry.reverts ?? [],
    live,
    files: entry.files.map(({ file }) => fileName(file)),
    touched: entry.touched.map(({ file, path, kind }) => ({ file: fileName(file), path: renderKey(path), kind })),
    kept: (entry.kept ?? []).map(({ file, path }) => ({ file: fileName(file), path: renderKey(path) })),
  };
}
