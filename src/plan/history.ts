/**
 * The history of a home: which changes are active, which were taken back, and what is left of their images. Pure but for
 * the reader of images that it is given; does not know how history is stored.
 */
import {
  activeOf,
  type Change,
  type Digest,
  type Entry,
  isRevert,
  type KeyPlace,
  type Pruned,
  takenBackOf,
} from "../model/change.ts";
import { CfgError } from "../model/error.ts";
import type { FileRole } from "../model/op.ts";

/** The history of a home as it was read once. */
export class History {
  /** Oldest first. */
  readonly entries: readonly Entry[];
  /** Ids of entries that cannot be read; they are nowhere else in this object. */
  readonly damaged: readonly string[];
  /** Ids of entries that a newer codex-cfg wrote; nothing else is known of them here. */
  readonly newer: readonly string[];
  /** What others did, oldest first; never among the entries. */
  readonly outside: readonly Entry[];
  /** How many of these cannot be read. */
  readonly outsideDamaged: number;
  readonly #images: (id: string) => readonly Change[];
  readonly #pruned: () => readonly Pruned[];
  #all: readonly Entry[] | undefined;
  #active: readonly Entry[] | undefined;
  #activeIds: ReadonlySet<string> | undefined;
  #takenBack: ReadonlyMap<string, readonly KeyPlace[]> | undefined;

  constructor(
    {
      damaged,
      entries,
      newer,
      outside = [],
      outsideDamaged = 0,
    }: Pick<History, "entries" | "damaged" | "newer"> & Partial<Pick<History, "outside" | "outsideDamaged">>,
    images: (id: string) => readonly Change[],
    pruned: () => readonly Pruned[] = () => [],
  ) {
    this.entries = entries;
    this.damaged = damaged;
    this.newer = newer;
    this.outside = outside;
    this.outsideDamaged = outsideDamaged;
    this.#images = images;
    this.#pruned = pruned;
  }

  /** The active entries, reverts included, oldest first: those that no other active entry takes back as a whole. */
  get active(): readonly Entry[] {
    this.#active ??= activeOf(this.entries);
    return this.#active;
  }

  /** The active entries that are changes and not reverts, oldest first. */
  get activeChanges(): readonly Entry[] {
    return this.active.filter((entry) => !isRevert(entry));
  }

  /** What was done by anybody, oldest first. */
  get all(): readonly Entry[] {
    this.#all ??=
      this.outside.length === 0
        ? this.entries
        : [...this.entries, ...this.outside].sort((a, b) => (a.id < b.id ? -1 : 1));
    return this.#all;
  }

  /** Whether an entry counts: nothing that counts itself takes it back. */
  isActive({ id }: Pick<Entry, "id">): boolean {
    this.#activeIds ??= new Set(activeOf(this.all).map((entry) => entry.id));
    return this.#activeIds.has(id);
  }

  /** The keys of an entry that still count although the rest of it was taken back; null where that is not so. */
  left({ id }: Pick<Entry, "id">): readonly KeyPlace[] | null {
    this.#takenBack ??= takenBackOf(this.all);
    const left = this.#takenBack.get(id) ?? [];
    return left.length > 0 ? left : null;
  }

  /** The earlier entries that were taken back after this one was made, newest first. */
  takenBackSince({ id }: Pick<Entry, "id">): readonly Entry[] {
    const since = this.active.flatMap((entry) => (entry.id > id ? (entry.reverts ?? []) : []));
    return this.entries.filter((entry) => entry.id < id && since.includes(entry.id)).reverse();
  }

  /**
   * The oldest entry of a file after which nothing is left in force but what was before it, once some more are taken back;
   * undefined when there is none, or another program has written the file since.
   */
  sameAs(file: FileRole, reverts: readonly string[]): Entry | undefined {
    const about = this.entries.filter(({ files }) => files.some((one) => one.file === file));
    const inForce = (entries: readonly Entry[]) =>
      activeOf(entries).flatMap((entry) => (isRevert(entry) ? [] : [entry.id]));
    const then = { id: "~", v: 0, time: "", command: "", files: [], touched: [], reverts };
    const left = new Set(inForce([...about, then]));
    const since: Entry[] = [];
    let next: Digest | undefined;
    for (const entry of [...about].reverse()) {
      const step = entry.files.find((one) => one.file === file);
      const isKept = isRevert(entry) ? (entry.kept?.length ?? 0) > 0 : left.has(entry.id);
      if (isKept || (next !== undefined && step?.after !== next)) break;
      next = step?.before;
      since.push(entry);
    }
    return since.findLast((first) => {
      const before = inForce(about.filter(({ id }) => id < first.id));
      return before.length === left.size && before.every((id) => left.has(id));
    });
  }

  /** What is still known of entries whose records were deleted, oldest first. Read each time. */
  get pruned(): readonly Pruned[] {
    return this.#pruned();
  }

  /** Throws `newer-state` when an entry that a newer codex-cfg wrote may be one of the wanted ones. */
  refuseNewer(isMeant: (id: string) => boolean): void {
    const id = this.newer.findLast(isMeant);
    // Reading the images of such an entry throws the error.
    if (id !== undefined) this.images({ id });
  }

  /** The files before and after an entry. Throws the code of the reason where they cannot be read. */
  images({ id }: Pick<Entry, "id">): readonly Change[] {
    return this.#images(id);
  }

  /** The same, and none for an entry whose images are damaged or have just been pruned. */
  imagesLeft(entry: Pick<Entry, "id">): readonly Change[] {
    try {
      return this.images(entry);
    } catch (error) {
      if (error instanceof CfgError && (error.code === "damaged-journal" || error.code === "unknown-name")) return [];
      throw error;
    }
  }
}
