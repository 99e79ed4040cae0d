/**
 * Asks the installed Codex, before a plan is made, whether it loads the home after it. Knows which starts a plan can
 * touch; how Codex is asked is the machine's matter.
 */
import { isProfileName, profileOf } from "../codex/file-role.ts";
import type { Finding } from "../findings/finding.ts";
import type { Home } from "../home.ts";
import { askCodex, type Files } from "../machine/preflight.ts";
import { CfgError } from "../model/error.ts";
import type { FileRole } from "../model/op.ts";
import { checkCall } from "../model/wish.ts";
import { checkPlan } from "../plan/checked.ts";
import { type Plan, touchesOf } from "../plan/plan.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import { redactedWords } from "../redact/redactor.ts";

/** How much is shown of what Codex says, in characters. */
const MAX_WORDS = 600;

/**
 * Asks the installed Codex, in a scratch home without login and network, whether it loads what a plan leaves: about 25 ms
 * for each start that the plan touches. Throws `codex-refuses`, in Codex's own words, when it loads the home now and would
 * not afterwards; otherwise says what could not be found out, and nothing where no Codex is installed. Where a plan takes
 * changes back and Codex did not load the home before these either, that is the user's own, and a warning.
 */
export async function preflight(home: Home, plan: Plan): Promise<Finding[]> {
  checkCall("preflight", home, {}, {});
  checkPlan(plan);
  const { codex } = home;
  if (plan.changes.length === 0) return [];
  if (codex.program === null) {
    return codex.source === "flag" ? [{ code: "not-asked", severity: "info", args: { reason: "other-version" } }] : [];
  }
  const ask = (side: Snapshot, profile: string | null) =>
    askCodex(home.host, {
      codex,
      home: home.dir,
      scratch: home.scratch,
      files: filesFor(side, profile),
      profile,
    });
  const refusals: Refused[] = [];
  let isMute = false;
  for (const profile of startsTouched(home, plan)) {
    const verdict = await ask(plan.after, profile);
    if (verdict.answer === "loads") continue;
    if (verdict.answer === "none") {
      isMute = true;
      continue;
    }
    const shown = [plan.after, plan.before].flatMap((side) =>
      [...filesFor(side, profile).keys()].flatMap((role) => side.readable(role) ?? []),
    );
    const masked = redactedWords(verdict.words, shown).slice(0, MAX_WORDS);
    const before = await ask(plan.before, profile);
    const isReturn = async () => {
      const found = foundBy(home, plan, profile);
      return found !== null && (found === plan.after || (await ask(found, profile)).answer === "refuses");
    };
    const known = before.answer === "refuses" ? "still-refused" : (await isReturn()) ? "refused-again" : null;
    if (known === null)
      throw new CfgError(
        "codex-refuses",
        `Codex ${codex.version} would no longer load this home: ${wordsFor([profile], masked)}`,
        {
          path: home.dir,
          hints: ["nothing was written; to write it all the same, add --no-preflight"],
        },
      );
    refusals.push({ code: known, profile, words: masked });
  }
  return [
    ...(isMute ? [{ code: "not-asked", severity: "warning", args: { reason: "no-answer" } } as const] : []),
    ...saidOnce(refusals),
  ];
}

type Refused = {
  readonly code: "still-refused" | "refused-again";
  readonly profile: string | null;
  readonly words: string;
};

/** One finding for the starts that are refused with the same words. */
function saidOnce(refusals: readonly Refused[]): Finding[] {
  const groups = new Map<string, Refused[]>();
  for (const one of refusals) {
    const key = `${one.code} ${one.words}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((group): Finding[] => {
    const [first] = group;
    const words =
      first &&
      wordsFor(
        group.map(({ profile }) => profile),
        first.words,
      );
    return first && words !== undefined ? [{ code: first.code, severity: "warning", args: { words } }] : [];
  });
}

/** Codex's words, with the starts that they are about. */
function wordsFor(profiles: readonly (string | null)[], words: string): string {
  const names = profiles.flatMap((profile) => profile ?? []);
  if (names.length === 0) return words;
  return `${profiles.includes(null) ? "with and without" : "with"} --profile ${names.join(", ")}: ${words}`;
}

/**
 * The home as the entries found it that a plan reverts, the plan's own after-state where that is the same; null where it
 * reverts none, or they do not know the profile.
 */
function foundBy({ codex, history, snapshot }: Home, plan: Plan, profile: string | null): Snapshot | null {
  const { after, changes, purpose } = plan;
  const own = profile === null ? null : codex.layout.fileOf(profile);
  if (own !== null && !changes.some(({ file }) => file === own)) return null;
  // Of several entries the oldest one found the file that comes back.
  const images = [...(purpose.reverts ?? [])]
    .sort()
    .reverse()
    .flatMap((id) => history.images({ id }).toReversed());
  if (images.length === 0) return null;
  const found = snapshot.before(images);
  const isSame = changes.every(({ file }) => found.text(file) === after.text(file));
  return isSame ? after : found;
}

/**
 * The starts to ask about: a plain one when config.toml changes, each profile that the plan touches, and each that
 * speaks of a provider or server that it touches.
 */
function startsTouched({ codex, profileFiles }: Home, plan: Plan): (string | null)[] {
  const { after } = plan;
  const names = new Set<string>();
  const shared = new Set<string>();
  for (const { file, path } of touchesOf(plan)) {
    const [group, id] = path;
    const profile = profileOf(file);
    if (profile !== null) names.add(profile);
    else if (group === "profiles" && typeof id === "string") names.add(id);
    else if ((group === "model_providers" || group === "mcp_servers") && typeof id === "string") shared.add(id);
  }
  const { layout } = codex;
  const textOf = (name: string) => {
    if (!layout.accepts(name)) return null;
    const { file, root } = layout.place(name);
    if (root.length === 0) return legible(after, file);
    const document = after.parsed(file);
    return document?.table(root) ? document.fragment(root) : null;
  };
  if (shared.size > 0) {
    const all = layout.names(
      () => profileFiles,
      () => after.parsed("config"),
    );
    for (const name of all) {
      const text = textOf(name) ?? "";
      if ([...shared].some((id) => text.includes(id))) names.add(name);
    }
  }
  const base = plan.changes.some(({ file }) => file === "config") ? [null] : [];
  return [...base, ...[...names].filter((name) => textOf(name) !== null)];
}

/** A file's text; null where nobody can read it: what has nothing to do with a plan does not stand in its way. */
function legible(side: Snapshot, role: FileRole): string | null {
  try {
    return side.text(role);
  } catch (error) {
    if (error instanceof CfgError && (error.code === "unsafe-file" || error.code === "io")) return null;
    throw error;
  }
}

function filesFor(snapshot: Snapshot, profile: string | null): Files {
  const files = new Map<FileRole, string | null>([["config", snapshot.text("config")]]);
  if (profile !== null && isProfileName(profile)) files.set(`profile:${profile}`, snapshot.text(`profile:${profile}`));
  return files;
}
