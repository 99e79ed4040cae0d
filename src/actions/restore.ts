/**
 * Brings back what others have taken from the files of a home: what is lost since our last change, or what an entry of
 * history still had. Decides what comes back; how it comes back is the plan's matter.
 */
import { checkStartAmid, surroundingsOf } from "../check/check-start.ts";
import { type Loss, lossesIn, NAMED, restoredFinding, rowsOf, unknownLosses } from "../check/losses.ts";
import { fileName, profileOf } from "../codex/file-role.ts";
import type { Finding } from "../findings/finding.ts";
import type { Home } from "../home.ts";
import type { Entry } from "../model/change.ts";
import type { FileRole, KeyPath } from "../model/op.ts";
import { checkCall, type Kinds } from "../model/wish.ts";
import { type RecoverOptions, recover } from "../plan/lost.ts";
import type { Plan } from "../plan/plan.ts";
import { shownKey } from "../redact/shown.ts";
import { parseKeyPath } from "../toml/key.ts";
import { findEntry, isNamed } from "./find-entry.ts";

export type RestoreWish = {
  /** An entry of history, by its id; without one what is lost since our last change. */
  readonly from?: string | undefined;
  /** Names of files, and dotted keys of config.toml; everything without one. */
  readonly what?: readonly string[] | undefined;
  /** Take the files as they were, and drop what came since. */
  readonly all?: boolean | undefined;
  /** Names of files and dotted keys that were taken out on purpose. */
  readonly except?: readonly string[] | undefined;
};

const WISH: Kinds<RestoreWish> = { from: "text?", what: "texts?", all: "flag?", except: "texts?" };

/**
 * The plan that brings back what others have taken away; null where nothing is lost. Throws `unknown-name` for what is no
 * entry, and `usage` for what is no file and no key.
 */
export async function restore(home: Home, wish: RestoreWish = {}): Promise<Plan | null> {
  checkCall("restore", home, wish, WISH);
  home.readAnyBytes();
  const { all = false, from } = wish;
  const [what, except] = [placesOf(wish.what), placesOf(wish.except)];
  const loads = await loader(home);
  const optionsOf = (file: FileRole): RecoverOptions => ({
    only: keysIn(what, file),
    except: keysIn(except, file) ?? [],
    whole: all,
    loads: (text) => loads(file, text),
  });
  const isWanted = (file: FileRole) =>
    (what.length === 0 || what.some((one) => one.file === file)) &&
    !except.some((one) => one.file === file && one.path.length === 0);
  const found = from === undefined ? lostNow(home, optionsOf, isWanted) : lostSince(home, from, optionsOf, isWanted);
  if (found === null) return null;
  const { before, entry, losses } = found;
  const findings = losses.flatMap((loss) => findingsOf(loss));
  if (before !== null) findings.unshift({ code: "restore-earlier", severity: "info", args: { entry: before.id } });
  const steps = losses.flatMap(({ recovered }) => recovered.steps);
  const command = entry === null ? "restore" : `restore ${entry.id}`;
  return home.plan({ command, findings, mayBreak: "any-start" }, ...steps);
}

type Found = {
  readonly losses: readonly Loss[];
  readonly entry: Entry | null;
  /** Our change that came after the loss; null where there is none. */
  readonly before: Entry | null;
};

function lostNow(
  home: Home,
  optionsOf: (file: FileRole) => RecoverOptions,
  isWanted: (file: FileRole) => boolean,
): Found | null {
  let before: Entry | null = null;
  for (const row of rowsOf(home)) {
    const losses = lossesIn(home, row, optionsOf).filter(({ file }) => isWanted(file));
    if (losses.length > 0) return { losses, entry: null, before };
    before = row.after;
  }
  const losses = unknownLosses(home, []).filter(({ file }) => isWanted(file));
  return losses.length === 0 ? null : { losses, entry: null, before: null };
}

/** What an entry still had: what it left, and of what others did also what was there before. */
function lostSince(
  home: Home,
  from: string,
  optionsOf: (file: FileRole) => RecoverOptions,
  isWanted: (file: FileRole) => boolean,
): Found | null {
  const entry = findEntry(home.history, from);
  if (entry === null) return null;
  const losses = home.history.images(entry).flatMap(({ after, before, file }): Loss[] => {
    if (!isWanted(file)) return [];
    const isTheirs = entry.by === "others" && entry.counts?.removed !== 0;
    const states = isTheirs || after === null ? [before, after] : [after];
    const recovered = recover(file, states, home.anyText(file), optionsOf(file));
    return recovered === null ? [] : [{ file, kind: recovered.kind, keys: recovered.keys, since: null, recovered }];
  });
  return losses.length === 0 ? null : { losses, entry, before: null };
}

/** Whether a word of the command line names an entry of history. */
export function namesEntry({ history }: Home, word: string): boolean {
  return history.all.some(({ id }) => isNamed(id, word));
}

type Place = { readonly file: FileRole; readonly path: KeyPath };

function placesOf(words: readonly string[] = []): Place[] {
  return words.map((word) => {
    const [, profile] = /^(?:([\w-]+)\.)?config\.toml$/.exec(word) ?? [null, null];
    if (profile !== null) return { file: profile === undefined ? "config" : `profile:${profile}`, path: [] };
    return { file: "config", path: parseKeyPath(word) };
  });
}

/** The keys among some places of a file; undefined where the file itself is named, or none of it. */
function keysIn(places: readonly Place[], file: FileRole): readonly KeyPath[] | undefined {
  const own = places.filter((one) => one.file === file);
  if (own.length === 0 || own.some(({ path }) => path.length === 0)) return undefined;
  return own.map(({ path }) => path);
}

/** Whether Codex loads a start with this text in one file. */
async function loader(home: Home): Promise<(file: FileRole, text: string) => boolean> {
  const around = await surroundingsOf(home);
  return (file, text) => {
    const files = new Map<FileRole, string | null>([[file, text]]);
    // What another file is like is not this one's fault.
    if (file !== "config" && home.snapshot.readable("config") === null) files.set("config", "");
    return checkStartAmid(around, home, profileOf(file), home.snapshot.with(files)).loads;
  };
}

function findingsOf(loss: Loss): Finding[] {
  const { file, keys, kind, recovered } = loss;
  const { passedOver, stays, stuck } = recovered;
  const about = (code: "settings-read" | "restore-older" | "restore-stuck", paths: readonly KeyPath[]): Finding[] => {
    const args = { file: fileName(file), keys: paths.slice(0, NAMED).map(shownKey), count: paths.length };
    return paths.length === 0 ? [] : [{ code, severity: "warning", file, args }];
  };
  return [
    ...(keys.length > 0 || kind !== "keys" ? [restoredFinding(loss)] : []),
    ...about("settings-read", stays),
    ...about("restore-older", passedOver),
    ...about("restore-stuck", stuck),
  ];
}
