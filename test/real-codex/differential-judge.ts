/** What codex-cfg says of the same home, in this process: starting a program for each would take most of the time. */
import { join } from "node:path";
import type { CheckResult } from "../../src/check/check.ts";
import { checkStart } from "../../src/check/check-start.ts";
import { profileRole } from "../../src/codex/file-role.ts";
import { profileLayout } from "../../src/codex/profile-layout.ts";
import { realHost } from "../../src/host/node/host.ts";
import { Snapshot } from "../../src/plan/snapshot.ts";
import type { Case } from "./generate.ts";

export function judgement({ files, profile }: Case, version: string, home: string): Promise<CheckResult> {
  const host = Object.create(realHost(), {
    env: { value: {} },
    cwd: { value: join(home, "..", "cwd") },
    userHome: { value: join(home, "..", "user") },
  });
  const name = profile === null ? null : profileRole(profile);
  const snapshot = new Snapshot((role) => {
    return files[role === "config" ? "config.toml" : role === name ? `${profile}.config.toml` : ""] ?? null;
  });
  const codex = { version, layout: profileLayout(version), source: "flag", program: null } as const;
  return checkStart({ host, dir: home, codex, snapshot, profileFiles: [] }, profile);
}
