/** What a plan brings in that its user should know before it is made: the findings of the home after it, less those before. */
import { compareVersions, NEWEST } from "../codex/facts.ts";
import { loginTraps } from "../codex/login.ts";
import type { Finding } from "../findings/finding.ts";
import { readLogin } from "../machine/login.ts";
import type { Plan } from "../plan/plan.ts";
import type { Document } from "../toml/document.ts";
import { renderKey } from "../toml/value.ts";
import type { Subject } from "./check-home.ts";

export async function planWarnings(home: Subject, plan: Plan): Promise<Finding[]> {
  return [...releaseWarnings(home), ...loginWarnings(home, plan)];
}

function releaseWarnings({ codex: { mute, source, version } }: Subject): Finding[] {
  if (source === "assumed")
    return [{ code: "codex-assumed", severity: "warning", args: { version, mute: mute ?? null } }];
  if (compareVersions(version, NEWEST) <= 0) return [];
  return [{ code: "codex-newer", severity: "info", args: { version, newest: NEWEST } }];
}

/** What a plan brings in that makes Codex delete the stored login. */
function loginWarnings({ dir, host }: Subject, { after, before, changes }: Plan): Finding[] {
  return changes.flatMap(({ file, after: text }): Finding[] => {
    // Hardly any config says it, and none says it without these letters but with an escape.
    if (!/forced_|\\/.test(text ?? "")) return [];
    const login = readLogin(host, dir, after.readable("config"));
    const trapsIn = (document: Document | null) => loginTraps(document?.data ?? {}, login);
    const had = trapsIn(before.readable(file)).map(({ path }) => renderKey(path));
    const fresh = trapsIn(after.readable(file)).filter(({ path }) => !had.includes(renderKey(path)));
    return fresh.map(({ args, code, path }) => ({ code, args, path, severity: "warning", file }) as Finding);
  });
}
