/** The last line of `validate`: how much was found, and whether Codex starts. */
import type { CheckResult } from "../../check/check.ts";
import { forVersion } from "../../codex/facts.ts";
import type { Finding } from "../../findings/finding.ts";
import { plural } from "../../text/plural.ts";

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
