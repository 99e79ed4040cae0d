/** Which findings are one and the same, and in which order they stand. */
import type { Finding } from "../findings/finding.ts";
import type { FileRole } from "../model/op.ts";
import { renderKey } from "../toml/value.ts";

/** Two findings of one code at one place are the same finding, whatever view or round they come from. */
export function identityOf(finding: Finding): string {
  return `${finding.file} ${factOf(finding)}`;
}

/** What a finding is about without the file: its code, path and arguments; for a project, which one and why. */
export function factOf(finding: Finding): string {
  // A key may have several slips in its value, and be defined more than twice.
  if (finding.code === "not-toml" || finding.code === "duplicate-key") {
    return `${codeAt(finding)} ${finding.at?.line}:${finding.at?.column} ${JSON.stringify(finding.args)}`;
  }
  if (finding.code !== "project-stops") return codeAt(finding);
  const { because, path } = finding.args;
  return `${codeAt(finding)} ${path} ${because.code} ${JSON.stringify(because.args)}`;
}

/** Which code at which path, whatever the file. */
export function codeAt({ code, path = [] }: Pick<Finding, "code" | "path">): string {
  return `${code} ${renderKey(path)}`;
}

/**
 * The name by which a person picks an option of a finding's choice: its code, file and key. Line and column stand for the
 * key of a finding that has none, as of a text that does not parse.
 */
export function choiceIdOf(finding: Finding): string {
  const { args, at, code, file = "config", path = [] } = finding;
  const named = "key" in args && typeof args.key === "string" ? args.key : at ? `${at.line}:${at.column}` : "";
  return [code, file, path.length > 0 ? renderKey(path) : named].join(":");
}

/** Findings in the order of these files, and of the lines in each. */
export function inOrder(findings: readonly Finding[], files: readonly FileRole[]): Finding[] {
  const rank = ({ file }: Finding) => (file === undefined ? -1 : files.indexOf(file));
  return [...findings].sort(
    (a, b) => rank(a) - rank(b) || (a.at?.line ?? 0) - (b.at?.line ?? 0) || (a.at?.column ?? 0) - (b.at?.column ?? 0),
  );
}
