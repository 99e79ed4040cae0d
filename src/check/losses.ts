/**
 * What others have taken from the files of a home: the states of each file since our last change, and what is lost of
 * them. One source for `restore`, `status` and `doctor`; plans nothing.
 */
import { fileName } from "../codex/file-role.ts";
import type { Finding } from "../findings/finding.ts";
import type { Change, Entry } from "../model/change.ts";
import { orNull } from "../model/error.ts";
import type { FileRole, KeyPath } from "../model/op.ts";
import { checkCall } from "../model/wish.ts";
import type { History } from "../plan/history.ts";
import { isBlank, type LossKind, type Recovered, type RecoverOptions, recover, salvage } from "../plan/lost.ts";
import { shownKey } from "../redact/shown.ts";
import { documentOf } from "../toml/document.ts";

/** A home as far as its earlier states go. */
export type Kept = {
  readonly history: History;
  readonly unrecorded: readonly Change[];
  readonly profileFiles: readonly string[];
  anyText(file: FileRole): string | null;
};

/** A row of what others did, with nothing of ours in between, or of what came before it. */
export type Row = {
  /** Our change that the row comes after; null for the beginning of history. */
  readonly after: Entry | null;
  /** What each file held, the oldest first, its state of now left out. */
  readonly states: ReadonlyMap<FileRole, readonly (string | null)[]>;
  /** What we have set or taken away since: it is not lost. */
  readonly ours: readonly { readonly file: FileRole; readonly path: KeyPath }[];
  /** When somebody first saw each file without something that it had. */
  readonly times: ReadonlyMap<FileRole, string>;
};

export type Loss = {
  readonly file: FileRole;
  readonly kind: LossKind;
  readonly keys: readonly KeyPath[];
  /** When that was first seen; null where it is seen just now. */
  readonly since: string | null;
  readonly recovered: Recovered;
};

/** The rows of others, newest first, back to the last `restore`: that brought back what was to come back. */
export function* rowsOf(home: Kept, most = Number.POSITIVE_INFINITY): Generator<Row> {
  const { history } = home;
  const ours: { file: FileRole; path: KeyPath }[] = [];
  const broken = new Map<FileRole, boolean>();
  const isBrokenNow = ({ file }: { readonly file: FileRole }) => {
    const known = broken.get(file) ?? isBroken(home, file);
    broken.set(file, known);
    return known;
  };
  let changes: Seen[] = home.unrecorded.map((change) => ({ change, time: null, hasLoss: true }));
  for (const entry of [...history.all].reverse()) {
    if (entry.by === "others") {
      // A state from which nothing went has nothing that the next one has not.
      if (changes.length > most) continue;
      if (entry.counts?.removed !== 0 || entry.files.some(isBrokenNow)) changes = [...seenIn(home, entry), ...changes];
      continue;
    }
    yield rowOf(entry, changes, ours);
    changes = [];
    if (isRestore(entry)) return;
    ours.push(...entry.touched.map(({ file, path }) => ({ file, path })));
    // A file that does not parse may have been whole before our own change only.
    changes = home.history.imagesLeft(entry).map((change) => ({ change, time: entry.time, hasLoss: false }));
  }
  yield rowOf(null, changes, ours);
}

/** What is lost by a row. */
export function lossesIn(home: Kept, row: Row, options: (file: FileRole) => RecoverOptions = () => ({})): Loss[] {
  return [...row.states].flatMap(([file, states]): Loss[] => {
    const decided = row.ours.flatMap((one) => (one.file === file && one.path.length > 0 ? [one.path] : []));
    const now = home.anyText(file);
    const recovered = recover(file, states, now, { ...options(file), decided });
    if (recovered === null) return [];
    return [{ file, kind: recovered.kind, keys: recovered.keys, since: row.times.get(file) ?? null, recovered }];
  });
}

/** What is lost since our last change, and files that cannot be read at all; nothing where nobody can tell. */
export function losses(home: Kept): readonly Loss[] {
  checkCall("losses", home, {}, {});
  const known =
    orNull(() => {
      for (const row of rowsOf(home, MOST_LOOKED_AT)) return lossesIn(home, row).filter(isLoss);
      return [];
    }) ?? [];
  const broken = orNull(() => unknownLosses(home, known)) ?? [];
  // A slip in a line is no loss: there are better cures.
  return [...known, ...broken.filter(({ kind }) => kind !== "unreadable")];
}

/** What brings files that do not parse back to their newest state that does, for a command that works on keys. */
export function repairs(home: Kept, files: readonly FileRole[]): Loss[] {
  const broken = files.filter((file) => {
    const text = home.anyText(file);
    return text !== null && !(isBlank(text) && !text.includes("\0")) && isBroken(home, file);
  });
  const found = new Map<FileRole, Loss>();
  if (broken.length > 0)
    for (const row of rowsOf(home))
      for (const loss of lossesIn(home, row)) if (!found.has(loss.file)) found.set(loss.file, loss);
  return broken.flatMap((file) => found.get(file) ?? []);
}

/** A slip in a line is no loss: there are better cures. */
function isLoss(loss: Loss): boolean {
  return loss.kind !== "unreadable" || isMuch(loss);
}

/** Whether so much is lost that nobody will have meant it. */
export function isMuch({ keys, kind, recovered: { values } }: Loss): boolean {
  if (kind === "cut" && keys.length === 0) return false;
  return (kind !== "keys" && kind !== "unreadable") || keys.length >= MANY || values.back >= values.there;
}

/** So many changes of others are looked at by a command that is in a hurry. */
const MOST_LOOKED_AT = 25;

/** So many keys and tables are not taken out one by one. */
const MANY = 3;

/** What is lost of a file, as a finding. */
export function lossFinding(loss: Loss, severity: "warning" | "info"): Finding {
  return { code: "settings-lost", severity, args: argsOf(loss) };
}

/** That it comes back. */
export function restoredFinding(loss: Loss): Finding {
  return { code: "settings-restored", severity: "info", file: loss.file, args: argsOf(loss) };
}

function argsOf({ file, keys, kind, since }: Loss) {
  return { file: fileName(file), kind, count: keys.length, keys: keys.slice(0, NAMED).map(shownKey), since };
}

/** So many keys are named. */
export const NAMED = 8;

/** The files that hold nothing readable and of which no earlier state is known, with what can be read of them. */
export function unknownLosses(home: Kept, known: readonly Loss[]): Loss[] {
  const roles: FileRole[] = ["config", ...home.profileFiles.map((name): FileRole => `profile:${name}`)];
  return roles.flatMap((file): Loss[] => {
    const now = home.anyText(file);
    if (now === null || known.some((one) => one.file === file)) return [];
    // An empty file is a config, too: it may never have been another.
    if (documentOf(now) !== null && !(isBlank(now) && now.includes("\0"))) return [];
    // Every second byte of UTF-16 is NUL, and nothing of it is lost.
    if (/^(?:\udcff\udcfe|\udcfe\udcff)/.test(now)) return [];
    const recovered = salvage(file, now);
    return recovered === null ? [] : [{ file, kind: recovered.kind, keys: [], since: null, recovered }];
  });
}

export function isRestore({ command }: Entry): boolean {
  return command === "restore" || command.startsWith("restore ");
}

/** Whether nothing can be read of a file, so that any earlier state may be the one to start from again. */
function isBroken(home: Kept, file: FileRole): boolean {
  const text = home.anyText(file);
  return text === null || isBlank(text) || documentOf(text) === null;
}

type Seen = { readonly change: Change; readonly time: string | null; readonly hasLoss: boolean };

function seenIn(home: Kept, entry: Entry): Seen[] {
  return home.history.imagesLeft(entry).map((change) => ({ change, time: entry.time, hasLoss: true }));
}

function rowOf(after: Entry | null, changes: readonly Seen[], ours: Row["ours"]): Row {
  const states = new Map<FileRole, (string | null)[]>();
  const times = new Map<FileRole, string>();
  for (const { change, hasLoss, time } of changes) {
    const { after: is, before, file } = change;
    const texts = states.get(file) ?? [];
    if (texts.at(-1) !== before) texts.push(before);
    texts.push(is);
    states.set(file, texts);
    if (hasLoss && time !== null && !times.has(file)) times.set(file, time);
  }
  return { after, states, ours: [...ours], times };
}
