/** The last lines of `codex-cfg validate`: how much was found, what Codex does with it, and what helps. */
import type { CheckResult } from "../check/check.ts";
import { forVersion } from "../codex/facts.ts";
import type { Finding } from "../findings/finding.ts";
import { plural } from "../text/plural.ts";

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

/** How many findings have which kind of fix; null where none has one. */
export function fixSummary(findings: readonly Finding[]): string | null {
  const of = (kind: "safe" | "choice") => findings.filter(({ fix }) => fix?.kind === kind).length;
  const [safe, choices] = [of("safe"), of("choice")];
  return safe + choices === 0 ? null : `${plural(safe, "safe fix", "safe fixes")}, ${plural(choices, "choice")}`;
}
