/**
 * Lays a profile over config.toml, so that it counts for every start, the IDE extension and the desktop app included;
 * another one takes its place key by key, and none gives back what was there. Each is one change.
 */
import type { Finding } from "../../findings/finding.ts";
import type { Home } from "../../home.ts";
import { isRelated, type Laid } from "../../model/change.ts";
import { CfgError } from "../../model/error.ts";
import type { KeyPath, TomlTable } from "../../model/op.ts";
import { checkCall } from "../../model/wish.ts";
import { keysLaid, layOps } from "../../plan/lay.ts";
import { applySteps, type Plan, type Purpose } from "../../plan/plan.ts";
import type { Snapshot } from "../../plan/snapshot.ts";
import { word } from "../../text/shell-quote.ts";
import { leavesOf, renderKey, sameValue } from "../../toml/value.ts";
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
  const isAsItWas =
    former?.profile === (profile ?? undefined) && (changes.length === 0 || isLaid(home, former, settings));
  const purpose: Purpose = {
    command,
    ...(profile === null ? {} : { use: { profile, laid: laidBy(home, taken, settings, former, off.changed) } }),
    ...(former === null ? {} : { reverts: usesTakenBack(home, former) }),
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

/** Whether all that a profile sets is in config.toml, and nothing that it set when it was laid. */
function isLaid({ snapshot }: Home, former: InUse | null, settings: TomlTable): boolean {
  const config = snapshot.document("config");
  const leaves = leavesOf(settings).filter(([path]) => path.length > 0);
  const isSet = (path: KeyPath) => leaves.some(([other]) => renderKey(other) === renderKey(path));
  return (
    leaves.every(([path, value]) => sameValue(config.get(path), value)) &&
    (former?.use.laid ?? []).every(({ path }) => isSet(path))
  );
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
 * The keys that are laid, each with the entry whose image before it knows what they replace. Where one image is just what
 * they are laid over, it serves for all, and brings back every byte; else it is this entry's own, but for keys that the
 * profile in use before had laid, too: what that one remembers goes on.
 */
function laidBy(
  { history }: Home,
  base: Snapshot,
  settings: TomlTable,
  former: InUse | null,
  changed: readonly KeyPath[],
): Laid[] {
  const keys = keysLaid(base.document("config"), settings);
  if (former === null) return keys.map((path) => ({ path }));
  const { entry, use } = former;
  const known = use.laid.filter(({ path }) => !changed.some((one) => isRelated(one, path)));
  const ids = [...new Set([...use.laid.flatMap(({ from }) => from ?? []), entry.id, ...(entry.reverts ?? [])])];
  const whole = ids.slice(0, MOST_IMAGES).find((id) => {
    const image = history.imagesLeft({ id }).find(({ file }) => file === "config");
    return image !== undefined && image.before === base.text("config");
  });
  return keys.map((path): Laid => {
    const own = known.find((one) => isRelated(one.path, path));
    const from = whole ?? (own && (own.from ?? entry.id));
    return from === undefined ? { path } : { path, from };
  });
}

/** How many earlier images are looked at; the one that fits is nearly always the first. */
const MOST_IMAGES = 10;
