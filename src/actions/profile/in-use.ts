/**
 * Which profile is laid over config.toml, as history remembers it, and what takes it off again: every key that still holds
 * what was laid goes back to what was there before, every other one stays as it is.
 */
import type { Home } from "../../home.ts";
import { type Entry, isRevert, type Use } from "../../model/change.ts";
import type { KeyPath, Op, TomlTable, TomlValue } from "../../model/op.ts";
import { invert } from "../../plan/invert.ts";
import { laidImages } from "../../plan/lay.ts";
import { applySteps } from "../../plan/plan.ts";
import type { Snapshot } from "../../plan/snapshot.ts";
import { type Document, documentOf } from "../../toml/document.ts";
import { sameValue, valueAt } from "../../toml/value.ts";
import { ownSettings, profileNames } from "./names.ts";

/** A profile in use; `profile` is the name that it has now. */
export type InUse = { readonly entry: Entry; readonly use: Use; readonly profile: string };

/** Null where none is, and where nobody remembers it. */
export function inUse({ history }: Home): InUse | null {
  const { active } = history;
  // One that was taken back but for some keys is in use no more.
  const gone = new Set(active.filter(isRevert).flatMap(({ reverts = [] }) => reverts));
  const entry = active.findLast(({ id, use }) => use !== undefined && !gone.has(id));
  if (entry?.use === undefined) return null;
  const later = active.slice(active.indexOf(entry) + 1);
  const profile = later.reduce((name, { renamed }) => (renamed?.from === name ? renamed.to : name), entry.use.profile);
  return { entry, use: entry.use, profile };
}

/** The entries that count no more once a profile is taken off: the newest use, and all those that it took the place of. */
export function usesTakenBack({ history }: Home, { entry }: InUse): string[] {
  const known = new Set(history.entries.map(({ id }) => id));
  return [entry.id, ...(entry.reverts ?? []).filter((id) => known.has(id))];
}

/** The entry that laid the keys: a save after it writes the profile alone. */
export function entryOfConfig({ history }: Home, { entry }: InUse): Entry {
  const former = (entry.reverts ?? []).flatMap((id) => history.entries.find((one) => one.id === id) ?? []);
  return [entry, ...former].find(({ files }) => files.some(({ file }) => file === "config")) ?? entry;
}

export type TakenOff = {
  /** One step for each image that knows what comes back: the next one counts from what it leaves. */
  readonly steps: readonly (readonly Op[])[];
  /** Keys that were laid and that somebody has changed since; they stay as they are. */
  readonly changed: readonly KeyPath[];
};

/** What takes a profile off config.toml as it is in `files`. */
export function takeOff(home: Home, one: InUse, files: Snapshot = home.snapshot): TakenOff {
  const { history } = home;
  const { entry, use } = one;
  const imageOf = (id: string) => history.imagesLeft({ id }).find(({ file }) => file === "config");
  const now = files.document("config");
  const laid = laidValue(home, one, now);
  const lost = use.laid.filter(({ from }) => imageOf(from ?? entry.id) === undefined);
  // The newest first: a key that was laid into a table of an earlier use would count there as one that others have put in.
  const known = use.laid
    .filter((key) => !lost.includes(key))
    .sort((a, b) => compareIds(b.from ?? entry.id, a.from ?? entry.id));
  const images = laidImages(known, (from) => imageOf(from ?? entry.id)?.before ?? null, laid);
  const steps: (readonly Op[])[] = [];
  const changed: KeyPath[] = lost.map(({ path }) => path);
  let left = files;
  for (const image of images) {
    const { conflicts, ops } = invert([image], left);
    steps.push(ops);
    changed.push(...conflicts.map(({ path }) => path));
    left = applySteps([ops], left).after;
  }
  return { steps, changed };
}

/** Ids sort by time. */
const compareIds = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * What was laid at a path: what config.toml holds there now, if the profile says the same by now, else what the entry left
 * there. The first is so after `profile save`, which moves a change into the profile.
 */
export function laidValue(home: Home, current: InUse, now: Document): (path: KeyPath) => TomlValue | undefined {
  const { history } = home;
  const { profile } = current;
  const left = documentOf(
    history.imagesLeft(entryOfConfig(home, current)).find(({ file }) => file === "config")?.after ?? "",
  );
  const settings = settingsToLay(home, profile);
  return (path) => {
    const [value, wanted] = [now.get(path), settings === null ? undefined : valueAt(settings, path)];
    return value !== undefined && sameValue(value, wanted) ? value : (left?.get(path) ?? wanted);
  };
}

/**
 * What is laid over config.toml for a profile: all that its file sets, but for what Codex ignores there; the selector where
 * profiles are tables. Null where there is no such profile, or none that can be read.
 */
export function settingsToLay(home: Home, profile: string): TomlTable | null {
  const { codex, snapshot } = home;
  if (!codex.layout.ownFiles) return { profile };
  if (!profileNames(home).includes(profile)) return null;
  if (snapshot.parsed(codex.layout.place(profile).file) === null) return null;
  const { profile: _, profiles: __, ...settings } = ownSettings(home, profile);
  return settings;
}
