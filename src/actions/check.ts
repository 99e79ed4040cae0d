/** Everything that is wrong with a home, or with one file that is in none. Looks; changes nothing. */
import { checkHome, type HomeResult } from "../check/check-home.ts";
import { checkStart } from "../check/check-start.ts";
import { fileSubject } from "../check/file-subject.ts";
import { releaseNotes } from "../check/release-note.ts";
import { checkProfileName } from "../codex/file-role.ts";
import type { Codex } from "../codex/release.ts";
import type { Home } from "../home.ts";
import type { Host } from "../host/host.ts";
import { detectCodex } from "../machine/detect.ts";
import { checkCall } from "../model/wish.ts";

/** Which start to check: as `codex --profile NAME` makes it; without a name the plain start and those of all profiles. */
export type CheckWish = { readonly profile?: string | undefined };

/**
 * Everything that is wrong with a home: its plain start and each of its profiles, or one start with a profile. `loads`
 * and `strict` are of the plain start, or of that one. What does not parse is a finding, no error. Throws `usage` for
 * what is no profile's name.
 */
export async function check(home: Home, wish: CheckWish = {}): Promise<HomeResult> {
  checkCall("check", home, wish, { profile: "text?" });
  const { profile } = wish;
  if (profile !== undefined) checkProfileName(profile);
  const found = profile === undefined ? await checkHome(home) : { ...(await checkStart(home, profile)), failing: [] };
  return { ...found, findings: [...releaseNotes(home.codex), ...found.findings] };
}

/**
 * Everything that is wrong with one file, as if it were config.toml, for a release or for the installed one. Throws
 * `unsafe-file` for what is no file that can be read, `usage` for what is no version or no profile's name.
 */
export async function checkFile(
  host: Host,
  file: string,
  { codexVersion, profile }: CheckWish & { readonly codexVersion?: string | undefined } = {},
): Promise<{ readonly codex: Codex; readonly result: HomeResult }> {
  if (profile !== undefined) checkProfileName(profile);
  const codex = detectCodex(host, codexVersion);
  const subject = fileSubject(host, codex, file);
  const result =
    profile === undefined ? await checkHome(subject) : { ...(await checkStart(subject, profile)), failing: [] };
  return { codex, result: { ...result, findings: [...releaseNotes(codex), ...result.findings] } };
}
