/**
 * Lays a profile over config.toml, so that it counts for every start, the IDE extension and the desktop app included;
 * another one takes its place key by key, and none gives back what was there. Each is one change.
 */
import type { Finding } from "../../findings/finding.ts";
import type { Home } from "../../home.ts";
import type { Laid } from "../../model/change.ts";
import { CfgError } from "../../model/error.ts";
import type { KeyPath, TomlTable } from "../../model/op.ts";
import { checkCall } from "../../model/wish.ts";
import { isRelated, keysLaid, layOps } from "../../plan/lay.ts";
import { applySteps, type Plan, type Purpose } from "../../plan/plan.ts";
import { word } from "../../text/shell-quote.ts";
import { type Document, documentOf } from "../../toml/document.ts";
import { renderKey } from "../../toml/value.ts";
import { type InUse, inUse, settingsToLay, takeOff, usesTakenBack } from "./in-use.ts";
import { checkThere } from "./names.ts";
import { afterUse, changedMeanwhile, nobodyRemembers } from "./use-findings.ts";

/** The profile to use; null for none. */
export type UseWish = { readonly profile: string | null };

/**
 * The plan that puts a profile to use, or takes the one in use off; without changes where it is so already. Keys that
 * somebody has changed since they were laid stay as they are, and a finding names them. Throws `unknown-name`,
 * `invalid-toml` for a profile that cannot be read, `invalid-config` where Codex would not load the result.
 */
export async function useProfile(home: Home, wish: UseWish): Promise<Plan> {
  checkCall("useProfile", home, wish, { profile: "text or null" });
  const { profile } = wish;
  if (profile !== null) checkThere(home, profile, "use");
  const former = inUse(home);
  const off = former === null ? { steps: [], changed: [] } : takeOff(home, former);
  const taken = applySteps(off.steps, home.snapshot).after;
  const base = taken.document("config");
  const settings = profile === null ? {} : wanted(home, profile);
  const ops = profile === null && former === null ? selectorOff(home) : layOps(base, settings);
  const changed = former === null ? [] : changedMeanwhile(former, off.changed);
  const command = profile === null ? "use --none" : `use ${word(profile)}`;
  const { after, changes } = applySteps([...off.steps, ops], home.snapshot);
  const isAsItWas = changes.length === 0 && former?.profile === (profile ?? undefined);
  const purpose: Purpose = {
    command,
    ...(profile === null ? {} : { use: { profile, laid: laidBy(home, base, settings, former, off.changed) } }),
    ...(former === null ? {} : { reverts: usesTakenBack(home, former) }),
    ...(off.changed.length === 0 ? {} : { kept: off.changed.map((path) => ({ file: "config", path })) }),
  };
  const findings: Finding[] = [
    ...changed,
    ...(former === null ? nobodyRemembers(home) : []),
    ...afterUse(home, { profile, settings, before: home.snapshot.document("config"), after: after.document("config") }),
  ];
  if (isAsItWas || (former === null && changes.length === 0))
    return home.plan({ command, findings: former === null ? nobodyRemembers(home) : changed });
  // What comes back was there before, whether Codex loads it or not.
  return home.plan({ ...purpose, findings, mayBreak: profile === null ? "any-start" : "no-start" }, ...off.steps, ops);
}

/** Throws the error of a profile's file that cannot be read. */
function wanted(home: Home, profile: string): TomlTable {
  const settings = settingsToLay(home, profile);
  if (settings !== null) return settings;
  home.snapshot.document(home.codex.layout.place(profile).file);
  throw new CfgError("internal", `no settings of the profile ${profile}`);
}

/** What takes a selector away that nobody remembers to have put there, in the layout that has one. */
function selectorOff({ codex, snapshot }: Home) {
  const selected = codex.layout.selected(snapshot.document("config"));
  return selected === null ? [] : [{ op: "unset", file: "config", path: ["profile"] } as const];
}

/**
 * The keys that are laid, each with the entry whose image knows what it replaces: this one's own, unless the profile in use
 * before had laid the key, too; then what that one remembers goes on.
 */
function laidBy(
  { history }: Home,
  base: Document,
  settings: TomlTable,
  former: InUse | null,
  changed: readonly KeyPath[],
): Laid[] {
  const known =
    former === null ? [] : former.use.laid.filter(({ path }) => !changed.some((one) => isRelated(one, path)));
  const first = former === null ? undefined : (known[0]?.from ?? former.entry.id);
  const text = first && history.imagesLeft({ id: first }).find(({ file }) => file === "config")?.before;
  const anchor = text === undefined ? null : documentOf(text ?? "");
  return keysLaid(base, settings).map((path): Laid => {
    const own = known.find((one) => isRelated(one.path, path));
    if (former !== null && own !== undefined) return { path, from: own.from ?? former.entry.id };
    // One image for all keys brings back every byte where nobody else has written.
    return first && anchor && isSame(anchor, base, path) ? { path, from: first } : { path };
  });
}

/** Whether two texts spell a key alike, its comments included. */
function isSame(one: Document, other: Document, path: KeyPath): boolean {
  const depths = path.map((_, depth) => path.slice(0, depth + 1));
  const [mine, theirs] = [one, other].map((document) => depths.filter((part) => document.get(part) !== undefined));
  if (mine?.length !== theirs?.length) return false;
  const place = mine?.at(-1);
  return place === undefined || spelled(one, place) === spelled(other, place);
}

function spelled(document: Document, path: KeyPath): string {
  return [document.commentsAbove(path), document.spelling(path) ?? renderKey(path)].join("\n");
}
