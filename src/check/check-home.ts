/** Checks a whole home: its plain start, and what each of its profiles adds. */
import { isProfileName, profileRole } from "../codex/file-role.ts";
import { legacyProfile } from "../codex/rules/whole.ts";
import type { Finding } from "../findings/finding.ts";
import { orNull } from "../model/error.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import { type CheckResult, place } from "./check.ts";
import { asClientSays, checkStartAmid, surroundingsOf } from "./check-start.ts";
import type { Subject } from "./context.ts";
import { identityOf, inOrder } from "./identity.ts";
import { interruptedChanges } from "./interrupted.ts";

/** `failing` are the profiles with which Codex does not start although it does without. */
export type HomeResult = CheckResult & { readonly failing: readonly string[] };

/** Checks the plain start, and adds what is wrong only in a start with one of the profiles. */
export async function checkHome(subject: Subject, snapshot: Snapshot = subject.snapshot): Promise<HomeResult> {
  const { failing, findings, loads, strict } = await checkStarts(subject, snapshot);
  return { loads, strict, failing, findings: [...interruptedChanges(subject, "error"), ...findings] };
}

async function checkStarts(subject: Subject, snapshot: Snapshot): Promise<HomeResult> {
  const around = await surroundingsOf(subject);
  const plain = await asClientSays(subject, null, snapshot, checkStartAmid(around, subject, null, snapshot));
  // Where profiles are tables of config.toml, there is no further file to check.
  if (!subject.codex.layout.ownFiles) return { ...plain, failing: [] };
  const found = new Map(plain.findings.map((finding) => [identityOf(finding), finding]));
  const tables = snapshot.parsed("config")?.table(["profiles"]) ?? {};
  const names = [...new Set([...subject.profileFiles, ...Object.keys(tables).filter(isProfileName)])];
  const failing: string[] = [];
  for (const name of names) {
    // One that cannot be read is there.
    if (orNull(() => snapshot.exists(profileRole(name))) === false) {
      // Such a start reads config.toml alone, which is checked already, and looks for a table of the profile in it.
      const start = { loads: false, strict: false, findings: legacyTables(name, subject, snapshot) };
      const { findings: refused } = await asClientSays(subject, name, snapshot, start);
      for (const finding of refused) found.set(identityOf(finding), finding);
      if (plain.loads && refused.length > 0) failing.push(name);
      continue;
    }
    const start = checkStartAmid(around, subject, name, snapshot);
    const { findings, loads } = await asClientSays(subject, name, snapshot, start);
    if (plain.loads && !loads) failing.push(name);
    // What a start without the profile has, too, is already in the list.
    for (const finding of findings)
      if (finding.file === `profile:${name}` || finding.code === "legacy-table")
        found.set(identityOf(finding), finding);
  }
  return { ...plain, findings: inOrder([...found.values()], ["config", ...names.map(profileRole)]), failing };
}

function legacyTables(profile: string, { codex: { version } }: Subject, snapshot: Snapshot): Finding[] {
  const document = snapshot.parsed("config");
  if (!document) return [];
  const { violations } = legacyProfile(document.data, { base: document.data, profile, version });
  return violations
    .filter(({ code }) => code === "legacy-table")
    .map((violation) => place(violation, { file: "config", document }));
}
