/**
 * What a plan does to files and what history remembers of it. Texts are the exact bytes as strict UTF-8, a BOM
 * included, so text and bytes determine each other; null means that there is no file.
 */
import type { FileRole, KeyPath } from "./op.ts";

/** One key of one file; the empty path is the whole file. */
export type KeyPlace = { readonly file: FileRole; readonly path: KeyPath };

/** One file before and after. */
export type Change = { readonly file: FileRole; readonly before: string | null; readonly after: string | null };

/** What an entry did to one path; holds no value. */
export type Touch = { readonly file: FileRole; readonly path: KeyPath; readonly kind: "added" | "changed" | "removed" };

/** What history records of a commit beside the files. Holds no value of any setting. */
export type Label = {
  /** The verb and its subject, for people: `apply http-sse`. */
  readonly command: string;
  /** The preset applied, when one was. */
  readonly preset?: string;
  /** Ids of the entries that this one takes back. */
  readonly reverts?: readonly string[];
  /**
   * Paths that a revert left in place, because chats need them or the user chose to skip conflicts: as far as these go, the
   * entries are not taken back.
   */
  readonly kept?: readonly KeyPlace[];
  /** The state of a search for a failing server. */
  readonly bisect?: BisectState;
  /** Ids of the changes that were made into this one, which can only be taken back together. */
  readonly merged?: readonly string[];
  readonly touched: readonly Touch[];
};

/** A search by halving, in names of servers: the answers so far, and which servers are on for the next try. */
export type BisectState = {
  readonly servers: readonly string[];
  readonly answers: readonly { readonly on: readonly string[]; readonly fails: boolean }[];
  readonly testing: readonly string[];
};

/** What is still known of an entry whose record was deleted. */
export type Pruned = Pick<Entry, "id" | "time" | "command" | "preset"> & {
  /** When it was deleted, ISO 8601, UTC. */
  readonly pruned: string;
};

/** SHA-256 of a file's bytes in hex; null when there was no file. */
export type Digest = string | null;

/** How many settings came, changed and went. */
export type Counts = { readonly added: number; readonly changed: number; readonly removed: number };

/** One line of history. Its before and after images are kept beside it. */
export type Entry = Label & {
  /** The format of its record. */
  readonly v: number;
  /** Somebody else did it: another program, an editor, a crash. Missing for what codex-cfg did. */
  readonly by?: "others";
  /** Of what others did, where `touched` names the first of many only. */
  readonly counts?: Counts;
  /** Sortable by time. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Empty for a revert of a change of which nothing was left; of merged changes each file as often as they changed it. */
  readonly files: readonly { readonly file: FileRole; readonly before: Digest; readonly after: Digest }[];
};

/** Whether two paths are the same, or one leads to the other. */
export function isRelated(a: KeyPath, b: KeyPath): boolean {
  const [start, path] = a.length <= b.length ? [a, b] : [b, a];
  return start.every((part, i) => part === path[i]);
}

/** Whether one of the places is this key, above it or below it. */
export function touchesPlace(places: readonly KeyPlace[], { file, path }: KeyPlace): boolean {
  return places.some((place) => place.file === file && isRelated(place.path, path));
}

/**
 * What of each entry of a history, oldest first, still counts although an active entry takes it back: the keys that were
 * left in place, or none. An entry that no active one takes back is not in it.
 */
export function takenBackOf(entries: readonly Entry[]): ReadonlyMap<string, readonly KeyPlace[]> {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const left = new Map<string, readonly KeyPlace[]>();
  for (const { id, kept = [], reverts = [], touched } of [...entries].reverse()) {
    const own = left.get(id);
    if (own?.length === 0) continue;
    // A revert that was itself taken back in part counts for the rest alone.
    const undone = own === undefined ? [] : touched.filter((place) => !touchesPlace(own, place));
    for (const other of reverts.flatMap((name) => byId.get(name) ?? [])) {
      const stays = [...kept, ...undone].filter((place) => touchesPlace(left.get(other.id) ?? other.touched, place));
      left.set(other.id, stays);
    }
  }
  return left;
}

/** The active entries of a history that is oldest first: those that no other active entry takes back as a whole. */
export function activeOf(entries: readonly Entry[]): readonly Entry[] {
  const takenBack = takenBackOf(entries);
  return entries.filter(({ id }) => takenBack.get(id)?.length !== 0);
}

/**
 * The changes in force: not taken back, not even in part as far as the keys say, and with at least one key that no later
 * change that still counts has set again. An element of an array is never the same key for certain.
 */
export function inForceOf(entries: readonly Entry[]): readonly Entry[] {
  const later = new Set<string>();
  const name = (file: FileRole, path: KeyPath) => JSON.stringify([file, ...path]);
  const isSetAgain = ({ file, path }: KeyPlace) =>
    !path.some((part) => typeof part === "number") && path.some((_, i) => later.has(name(file, path.slice(0, i + 1))));
  const found = [...activeOf(entries)].reverse().filter(({ reverts, touched }) => {
    if (reverts) return false;
    const counts = touched.some((place) => !isSetAgain(place));
    for (const { file, path } of touched) later.add(name(file, path));
    return counts;
  });
  return found.reverse();
}
