/** Rows of evidence, made and picked. */

import type { Action, Finding, FindingCode } from "../findings/finding.ts";
import type { Evidence, ProviderInUse } from "./evidence.ts";

/** The row that names the first thing to do. */
export function first(action: Action, subject = ""): Finding {
  return { code: "first-action", severity: "info", args: { action, subject } };
}

type Row = Finding extends infer One ? (One extends Finding ? Pick<One, "code" | "args"> : never) : never;

/** A row that makes no symptom. */
export function note(row: Row): Finding {
  return { ...row, severity: "info" } as Finding;
}

export function warning(row: Row): Finding {
  return { ...row, severity: "warning" } as Finding;
}

/** The rows with one code, typed as such. */
export function rowsOf<Code extends FindingCode>(
  rows: readonly Finding[],
  code: Code,
): readonly Extract<Finding, { code: Code }>[] {
  return rows.filter((row): row is Extract<Finding, { code: Code }> => row.code === code);
}

/** The results of `codex doctor` about one part. */
export function asked({ codexDoctor }: Evidence, part: string): Finding[] {
  return rowsOf(codexDoctor ?? [], "codex-doctor").filter(({ args }) => args.check.startsWith(part));
}

/** The line of a finding that has one. */
export function lineOf(row: Finding): string {
  const { at, file } = row;
  // A project's config is no file of the home, and says itself where it is.
  if (row.code === "project-stops" || row.code === "project-ignores")
    return row.args.line === null ? `of ${row.args.path}` : `${row.args.line} of ${row.args.path}`;
  return at && file ? `${at.line}` : "";
}

/** The provider of the start that the evidence is about. */
export function providerOf({ profile, providers }: Evidence): ProviderInUse | undefined {
  return providers.find((one) => one.profile === profile) ?? providers.find((one) => one.profile === null);
}

/** The way to the fixes of some rows: made at once where one is safe, else a person chooses. */
export function toFix(rows: readonly Finding[]): Finding {
  return first(rows.some(({ fix }) => fix?.kind === "safe") ? "fix" : "choose-fix");
}
