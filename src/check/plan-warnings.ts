/**
 * The warnings of a plan: the findings of the home after it less those of the home before it, for the plain start and each
 * profile that it touches. Nothing else warns of a plan or refuses one that breaks a start.
 */
import { profileOf } from "../codex/file-role.ts";
import type { Finding } from "../findings/finding.ts";
import { hintsOf, sentence } from "../findings/messages.ts";
import { CfgError } from "../model/error.ts";
import type { FileRole, TomlTable } from "../model/op.ts";
import { diffOf } from "../plan/diff.ts";
import type { Plan } from "../plan/plan.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import { sameValue, valueAt } from "../toml/value.ts";
import { checkStartAmid, surroundingsOf } from "./check-start.ts";
import type { Subject } from "./context.ts";
import { factOf, identityOf, inOrder } from "./identity.ts";
import { withLastWord } from "./last-word.ts";
import { rootsToCheck } from "./rules.ts";

/** Which of the starts that load now a plan may break. */
export type MayBreak = "no-start" | "profiles" | "any-start";

/** When to refuse a plan after which Codex would not load the home any more, and with which hint. */
export type Refusal = {
  readonly mayBreak?: MayBreak | undefined;
  /** What to do instead; without it, the hint is that nothing was written. */
  readonly refusalHint?: string | undefined;
  /** Somebody has been told that Codex will delete the stored login, and wants it. */
  readonly mayLogOut?: boolean | undefined;
};

/** The findings that a plan adds to one start; `profile` is null for the plain one. */
type Start = { readonly profile: string | null; readonly findings: readonly Finding[] };

/**
 * The warnings of a plan before it is committed. Throws `invalid-config` or `reserved-provider` where it keeps Codex
 * from loading what it loads now.
 */
export async function planWarnings(subject: Subject, plan: Plan, refusal: Refusal = {}): Promise<Finding[]> {
  const starts = await asClientSays(subject, plan, await startsAfter(subject, plan, "touched"));
  refuseBroken(subject, plan, starts, refusal);
  // What comes back is the user's own, whatever it does.
  if (!refusal.mayLogOut && !plan.purpose.reverts) refuseLogout(subject, plan, starts);
  // What is left is what this plan may bring, such as a revert to a broken file; "error" would say that the plan failed.
  const asWarning = (finding: Finding): Finding =>
    finding.severity === "error" ? { ...finding, severity: "warning" } : finding;
  return [...releaseWarnings(subject), ...starts.flatMap(({ findings }) => findings.map(asWarning))];
}

/**
 * Checks all root keys after a plan, right before its commit. Throws as {@link planWarnings} does for faults that the
 * plan's own findings do not include.
 */
export async function recheckPlan(subject: Subject, plan: Plan): Promise<void> {
  const shown = new Set(plan.findings.map(identityOf));
  const starts = await asClientSays(subject, plan, await startsAfter(subject, plan, "whole"));
  const unseen = starts.map(({ findings, profile }) => ({
    profile,
    findings: findings.filter((finding) => !shown.has(identityOf(finding))),
  }));
  refuseBroken(subject, plan, unseen, {});
}

/**
 * The findings of each start after a plan that were not there before; `touched` checks only root keys that the plan
 * affects.
 */
export async function startsAfter(subject: Subject, plan: Plan, scope: "touched" | "whole"): Promise<readonly Start[]> {
  const { after, before, changes } = plan;
  const changed = changedRoots(subject, plan);
  const roots = scope === "whole" || changed === null ? undefined : rootsToCheck(changed);
  if (changes.length === 0 || roots?.size === 0) return [];
  const around = await surroundingsOf(subject, roots);
  const files: FileRole[] = ["config", ...changes.map(({ file }) => file)];
  // A removed profile file needs no finding, because the change itself shows it.
  const look = (profile: string | null, side: Snapshot) =>
    checkStartAmid(around, subject, profile, side, roots).findings.filter(({ code }) => code !== "no-profile-file");
  let found: readonly Finding[] = [];
  return [null, ...profilesTouched(subject, plan)].map((profile): Start => {
    const now = look(profile, after);
    // Nearly every plan leaves no findings at all; then those from before need not be looked up.
    if (now.length === 0) return { profile, findings: [] };
    const known = [...found, ...look(null, before), ...(profile === null ? [] : look(profile, before))];
    const findings = inOrder(without(known, now), files);
    found = [...found, ...findings];
    return { profile, findings };
  });
}

/**
 * The root keys whose values a plan changes, in whichever file; null where they are not known, or where it may affect
 * all of them.
 */
function changedRoots({ codex }: Subject, { after, before, changes }: Plan): ReadonlySet<string> | null {
  const roots = new Set<string>();
  for (const { file } of changes) {
    const [old, now] = [before.readable(file)?.data, after.readable(file)?.data];
    if (!old || !now) return null;
    for (const key of namesChanged(old, now)) roots.add(key);
  }
  // A legacy profile overrides root keys, so a change of its table can affect any of them.
  return !codex.layout.ownFiles && (roots.has("profile") || roots.has("profiles")) ? null : roots;
}

function namesChanged(old: TomlTable, now: TomlTable): string[] {
  const names = new Set([...Object.keys(old), ...Object.keys(now)]);
  return [...names].filter((name) => !sameValue(valueAt(old, [name]), valueAt(now, [name])));
}

/** The profiles that a plan touches, by their file or their table, and that are still there. */
function profilesTouched({ codex: { layout } }: Subject, { after, before, changes }: Plan): string[] {
  const tablesIn = (side: Snapshot) => side.parsed("config")?.table(["profiles"]) ?? {};
  const isConfig = changes.some(({ file }) => file === "config");
  const names = [
    ...changes.flatMap(({ file }) => profileOf(file) ?? []),
    ...(isConfig ? namesChanged(tablesIn(before), tablesIn(after)) : []),
  ];
  return [...new Set(names)].filter((profile) => {
    if (!layout.accepts(profile)) return false;
    const { file, root } = layout.place(profile);
    return (root.length === 0 && after.exists(file)) || Object.hasOwn(tablesIn(after), profile);
  });
}

/**
 * The findings that are not among known ones, or that stop more than those do. A strict-only one is known for its own file
 * alone, because the strict view checks each file by itself.
 */
function without(known: readonly Finding[], findings: readonly Finding[]): Finding[] {
  const facts = new Set(
    known.flatMap((finding) => {
      const fact = factOf(finding);
      return [fact, `${fact} in ${finding.file}`, ...(finding.stops === "load" ? [`${fact} stops`] : [])];
    }),
  );
  return findings.filter((finding) => {
    const { file, stops } = finding;
    const fact = factOf(finding);
    if (facts.has(`${fact} stops`)) return false;
    if (stops === "load") return true;
    return !facts.has(stops === "strict" ? `${fact} in ${file}` : fact);
  });
}

function refuseBroken(
  { codex, dir }: Subject,
  plan: Plan,
  starts: readonly Start[],
  { mayBreak, refusalHint }: Refusal,
): void {
  if (mayBreak === "any-start") return;
  const counted = starts.filter(({ profile }) => profile === null || mayBreak !== "profiles");
  const broken = counted.flatMap(({ findings }) => findings).find(({ stops }) => stops === "load");
  if (!broken) return;
  const code = broken.code === "reserved-provider" ? "reserved-provider" : "invalid-config";
  throw new CfgError(code, `Codex ${codex.version} would no longer load this: ${sentence(broken)}`, {
    path: dir,
    hints: [...hintsOf(broken), refusalHint ?? "nothing was written"],
    diffs: diffOf(plan.changes, plan),
  });
}

/** Throws `would-log-out` where Codex would delete auth.json at its next start, and does not do so now. */
function refuseLogout({ dir }: Subject, plan: Plan, starts: readonly Start[]): void {
  const loss = starts.flatMap(({ findings }) => findings).find(({ code }) => code === "deletes-login");
  if (!loss) return;
  throw new CfgError("would-log-out", sentence(loss), {
    path: dir,
    hints: [{ note: "keep a copy of the login, sign out, then type the command again", shell: "codex logout" }],
    diffs: diffOf(plan.changes, plan),
  });
}

function releaseWarnings({ codex: { mute, source, version } }: Subject): Finding[] {
  if (source === "assumed")
    return [{ code: "codex-assumed", severity: "warning", args: { version, mute: mute ?? null } }];
  return [];
}

/** The findings of starts without those that the installed client contradicts. */
async function asClientSays(subject: Subject, { after }: Plan, starts: readonly Start[]): Promise<readonly Start[]> {
  return Promise.all(
    starts.map(async ({ findings, profile }) => {
      const files = [...new Set(findings.flatMap(({ file }) => file ?? []))];
      const kept = await withLastWord(subject, after, findings, files);
      return { profile, findings: kept.filter((one) => findings.some((own) => identityOf(own) === identityOf(one))) };
    }),
  );
}
