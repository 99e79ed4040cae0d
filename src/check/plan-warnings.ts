/**
 * The warnings of a plan: the findings of the home after it less those of the home before it, for the plain start and each
 * profile that it touches. Nothing else warns of a plan or refuses one that breaks a start.
 */
import { compareVersions, NEWEST } from "../codex/facts.ts";
import { profileOf } from "../codex/file-role.ts";
import type { Finding } from "../findings/finding.ts";
import { hintsOf, sentence } from "../findings/messages.ts";
import { CfgError } from "../model/error.ts";
import type { FileRole, KeyPath } from "../model/op.ts";
import { type Plan, touchesOf } from "../plan/plan.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import { checkStartAmid, surroundingsOf } from "./check-start.ts";
import type { Subject } from "./context.ts";
import { factOf, identityOf, inOrder } from "./identity.ts";
import { rootsToCheck } from "./rules.ts";

/** Which of the starts that load now a plan may break. */
export type MayBreak = "no-start" | "profiles" | "any-start";

/** When to refuse a plan after which Codex would not load the home any more, and with which hint. */
export type Refusal = {
  readonly mayBreak?: MayBreak | undefined;
  /** What to do instead; without it, the hint is that nothing was written. */
  readonly refusalHint?: string | undefined;
};

/** The findings that a plan adds to one start; `profile` is null for the plain one. */
type Start = { readonly profile: string | null; readonly findings: readonly Finding[] };

/**
 * The warnings of a plan before it is committed. Throws `invalid-config` or `reserved-provider` where it keeps Codex
 * from loading what it loads now.
 */
export async function planWarnings(subject: Subject, plan: Plan, refusal: Refusal = {}): Promise<Finding[]> {
  const starts = await startsAfter(subject, plan, "touched");
  refuseBroken(subject, starts, refusal);
  return [...releaseWarnings(subject), ...starts.flatMap(({ findings }) => findings)];
}

/**
 * Checks all root keys after a plan, right before its commit. Throws as {@link planWarnings} does for faults that the
 * plan's own findings do not include.
 */
export async function recheckPlan(subject: Subject, plan: Plan): Promise<void> {
  const shown = new Set(plan.findings.map(identityOf));
  const starts = await startsAfter(subject, plan, "whole");
  const unseen = starts.map(({ findings, profile }) => ({
    profile,
    findings: findings.filter((finding) => !shown.has(identityOf(finding))),
  }));
  refuseBroken(subject, unseen, {});
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
  const around = await surroundingsOf(subject);
  const files: FileRole[] = ["config", ...changes.map(({ file }) => file)];
  const look = (profile: string | null, side: Snapshot) =>
    checkStartAmid(around, subject, profile, side, roots).findings;
  const bringsIn = (profile: string | null, known: readonly Finding[]): Start => ({
    profile,
    findings: inOrder(without(known, look(profile, after)), files),
  });
  const known = look(null, before);
  const plain = bringsIn(null, known);
  const profiles = profilesTouched(subject, plan).map((profile) =>
    bringsIn(profile, [...known, ...plain.findings, ...look(profile, before)]),
  );
  return [plain, ...profiles];
}

/** The root keys whose values a plan changes; null where they are not known, or where it may affect all of them. */
function changedRoots({ codex }: Subject, plan: Plan): ReadonlySet<string> | null {
  const roots = touchesOf(plan).map(({ path: [root] }) => root);
  // A legacy profile overrides root keys, so a change of its table can affect any of them.
  const isOverAll = (root: KeyPath[0] | undefined) =>
    root === undefined || (!codex.layout.ownFiles && (root === "profile" || root === "profiles"));
  return roots.some(isOverAll) ? null : new Set(roots.map(String));
}

/** The profiles that a plan touches and leaves. */
function profilesTouched({ codex: { layout } }: Subject, plan: Plan): string[] {
  const names = touchesOf(plan).flatMap(({ file, path: [root, name] }) => {
    const profile = profileOf(file) ?? (root === "profiles" && typeof name === "string" ? name : null);
    return profile === null || !layout.accepts(profile) ? [] : [profile];
  });
  return [...new Set(names)].filter((profile) => {
    const { file, root } = layout.place(profile);
    const isFile = root.length === 0 && plan.after.exists(file);
    return isFile || plan.after.parsed("config")?.table(["profiles", profile]) !== undefined;
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

function refuseBroken({ codex, dir }: Subject, starts: readonly Start[], { mayBreak, refusalHint }: Refusal): void {
  if (mayBreak === "any-start") return;
  const counted = starts.filter(({ profile }) => profile === null || mayBreak !== "profiles");
  const broken = counted.flatMap(({ findings }) => findings).find(({ stops }) => stops === "load");
  if (!broken) return;
  const code = broken.code === "reserved-provider" ? "reserved-provider" : "invalid-config";
  throw new CfgError(code, `Codex ${codex.version} would no longer load this: ${sentence(broken)}`, {
    path: dir,
    hints: [...hintsOf(broken), refusalHint ?? "nothing was written"],
  });
}

function releaseWarnings({ codex: { mute, source, version } }: Subject): Finding[] {
  if (source === "assumed")
    return [{ code: "codex-assumed", severity: "warning", args: { version, mute: mute ?? null } }];
  if (compareVersions(version, NEWEST) <= 0) return [];
  return [{ code: "codex-newer", severity: "info", args: { version, newest: NEWEST } }];
}
