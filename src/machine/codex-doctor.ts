/**
 * Runs `codex doctor --json` of the installed Codex. That tries its services, so it runs only when the network is allowed.
 */

import { forVersion } from "../codex/facts.ts";
import type { Codex } from "../codex/release.ts";
import type { Finding } from "../findings/finding.ts";
import type { Host } from "../host/host.ts";

/** One row for each check that did not end well; none where this Codex has no doctor or gives no answer. */
export async function askCodexDoctor(
  host: Host,
  codex: Codex,
  home: string,
  shown: (words: string) => string,
): Promise<Finding[]> {
  if (codex.program === null || !forVersion("doctor", codex.version)) return [];
  const env = { ...host.env, CODEX_HOME: home };
  const { stdout } = await host.run(codex.program, ["doctor", "--json"], { env, cwd: host.cwd, timeoutMs: 30_000 });
  return Object.entries(checksIn(stdout)).flatMap(([check, { status, summary }]): Finding[] => {
    if (status === "ok" || typeof status !== "string" || typeof summary !== "string") return [];
    const severity = /^(?:network|auth)\./.test(check) && /^(?:warn|fail|err)/i.test(status) ? "warning" : "info";
    const args = { check, status: status.slice(0, 20), words: shown(summary).slice(0, 300) };
    return [{ code: "codex-doctor", severity, args }];
  });
}

type Check = { readonly status?: unknown; readonly summary?: unknown };

function checksIn(text: string): Readonly<Record<string, Check>> {
  try {
    return (JSON.parse(text) as { checks?: Record<string, Check> }).checks ?? {};
  } catch {
    return {};
  }
}
