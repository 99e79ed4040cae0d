/** The last lines of `validate`: how much was found, whether Codex starts, and how much of it has a fix. */
import type { CheckResult } from "../../check/check.ts";
import { forVersion } from "../../codex/facts.ts";
import type { Finding } from "../../findings/finding.ts";
import { pageOf } from "../../model/version.ts";
import { plural } from "../../text/plural.ts";
import type { Output } from "../output.ts";

export function summary(
  findings: readonly Finding[],
  { failing = [], loads, strict }: CheckResult & { readonly failing?: readonly string[] },
  version: string,
): string {
  const count = (severity: Finding["severity"]) => findings.filter((finding) => finding.severity === severity).length;
  const withFlag = strict ? ", with --strict-config, too" : ", but not with --strict-config";
  const verdict = loads ? `loads this${forVersion("strictConfig", version) ? withFlag : ""}` : "does not load this";
  const starts = failing.length === 0 ? "" : `; it does not start with --profile ${failing.join(", ")}`;
  return `${plural(count("error"), "error")}, ${plural(count("warning"), "warning")}; Codex ${version} ${verdict}${starts}`;
}

/** Nothing where nothing has a fix. */
export function fixable(findings: readonly Finding[], output: Output): readonly string[] {
  const fixes = findings.flatMap(({ fix }) => fix ?? []);
  const safe = fixes.filter(({ kind }) => kind === "safe").length;
  const see = output.command(["doctor", "--fix"]);
  return fixes.length === 0 ? [] : [`${safe} with a safe fix, ${fixes.length - safe} with a choice; see: ${see}`];
}

/** Where the codes are explained, by the first of what is worst; nothing where there are none. */
export function explained(findings: readonly Finding[], output: Output): readonly string[] {
  const of = (severity: Finding["severity"]) => findings.filter((finding) => finding.severity === severity);
  const [first] = [...of("error"), ...of("warning")];
  return first ? [`what a code means: ${pageOf(first.code) ?? output.command(["describe", first.code])}`] : [];
}
