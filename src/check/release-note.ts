/** What there is to say about the release itself wherever something is said about what Codex takes. */
import { compareVersions, NEWEST } from "../codex/facts.ts";
import type { Codex } from "../codex/release.ts";
import type { Finding } from "../findings/finding.ts";

/** That the facts end before this release; none where they do not. Edits do not repeat it. */
export function releaseNotes({ version }: Pick<Codex, "version">): Finding[] {
  if (compareVersions(version, NEWEST) <= 0) return [];
  return [{ code: "codex-newer", severity: "info", args: { version, newest: NEWEST } }];
}
