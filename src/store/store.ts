/**
 * The store of a home: reads a file safely, commits changes to several as one, and tells what was done or left undone.
 * Opening one touches nothing; only `commit` and `recover` write.
 */
import { join } from "node:path";
import type { Host } from "../host/host.ts";
import type { Change, Entry, Label, Pruned } from "../model/change.ts";
import type { FileRole } from "../model/op.ts";
import { decodeAny } from "./any-bytes.ts";
import { commit } from "./commit.ts";
import { type History, knownOf, readHistory, readImages } from "./history.ts";
import { isAtWork } from "./holder.ts";
import { withIoErrors } from "./io-errors.ts";
import { find, idsIn, isNewer } from "./journal.ts";
import { type KeepOptions, keep, readLog, unkept } from "./keep.ts";
import { hasLeftovers, madeByDead, recoverCommand } from "./leftovers.ts";
import { takeLock } from "./lock.ts";
import type { OutsideLog } from "./outside-log.ts";
import { ensureFolders, ensureState, hasState, type StoreOptions, storePaths } from "./paths.ts";
import { readPruned } from "./pruned.ts";
import { type Recovery, recoverAll, refuseDamaged, refuseNewer } from "./recover.ts";
import { decode, resolveLinks } from "./safe-read.ts";
import { readStable } from "./stable-read.ts";
import { type Rebase, refuseUnpublishable } from "./targets.ts";

export type { History } from "./history.ts";
export type { Described, KeepOptions } from "./keep.ts";
export { KEEP_LIMITS } from "./outside-thin.ts";
export type { Recovery } from "./recover.ts";
export type { Rebase } from "./targets.ts";

/** A file at one moment. */
export type FileState = {
  readonly file: FileRole;
  /** As named in the home. */
  readonly path: string;
  /** After following links. */
  readonly realPath: string;
  readonly text: string | null;
  /** How many names the file has; 0 when there is none. */
  readonly links: number;
  /** How long the file was, in bytes, before somebody made it shorter within the last second. */
  readonly shrankFrom?: number;
};

/** A transaction that has not reached its end. */
export type Pending = {
  readonly id: string;
  /** Where it lies, for people. */
  readonly folder: string;
  /** Past the point of no return: the next writing command finishes it. */
  readonly committed: boolean;
  /** It cannot be read: writing commands refuse until somebody moves it away. */
  readonly damaged: boolean;
  /** A newer codex-cfg began it: writing commands refuse until a newer one has finished it. */
  readonly newer: boolean;
  /** Somebody who may be alive holds the lock, so it may simply be at work. */
  readonly running: boolean;
  /** What was being done, and to which files; null and none when that cannot be read. */
  readonly command: string | null;
  readonly files: readonly FileRole[];
};

export type Store = {
  /**
   * The safe read: waits for a file that is being written, throws for one that is not to be touched. What is no UTF-8 is
   * such a file, too, unless `anyBytes` is wanted.
   */
  read(file: FileRole, anyBytes?: boolean): FileState;
  /** What others have done to these files and nobody has entered yet. */
  unkept(files: readonly FileRole[]): readonly Change[];
  /** Enters what others have done to the files; see `keep`. */
  keep(options: Parameters<typeof keep>[1]): Entry | null;
  /** Throws `unsafe-file` for changes that {@link commit} would refuse for what their files are now. */
  refuse(changes: readonly Change[]): void;
  /**
   * All of the changes or none. Null when nothing is left to change and the label takes no entry back. With `keeping`, what
   * others have done since is entered first.
   */
  commit(changes: readonly Change[], label: Label, rebase: Rebase, keeping?: KeepOptions): Entry | null;
  history(): History;
  /** What is still known of entries whose records were deleted, oldest first. */
  pruned(): readonly Pruned[];
  /** How many changes the last commit had to make into one, because too many were in force. */
  readonly merged: number;
  /** The before and after texts of an entry. Throws `newer-state` for one that a newer codex-cfg wrote. */
  images(id: string): readonly Change[];
  /** Where the image of an entry's file from before it lies. */
  imagePath(id: string, index: number): string;
  pending(): readonly Pending[];
  /**
   * Finishes or takes back what a dead process left, and waits for a live one that is publishing; {@link commit} does the
   * same first. Throws `damaged-journal` and `newer-state` for what nobody here can finish, `unconfirmed` where the disk
   * fails midway.
   */
  recover(): readonly Recovery[];
  /** What this store has recovered so far. */
  readonly recoveries: readonly Recovery[];
};

/** The text of any one file, read as safely as those of a home; null when there is none. */
export function readTextFile(host: Host, path: string): string | null {
  return withIoErrors(path, () => {
    const { bytes } = readStable(host, path, { ours: () => true });
    return bytes === null ? null : decode(bytes, path);
  });
}

/** Opens the store of a home, which the first commit creates when it is not there. Does nothing to the disk. */
export function openStore(
  host: Host,
  home: string,
  pathOf: (file: FileRole) => string,
  options: StoreOptions = {},
): Store {
  const paths = storePaths(host, home, pathOf, options);
  const recoveries: Recovery[] = [];
  const recovered = (done: readonly Recovery[]): void => {
    recoveries.push(...done);
  };
  let log: OutsideLog | undefined;
  let merged = 0;
  const guard = <T>(step: () => T): T => withIoErrors(home, step);
  return {
    recoveries,
    get merged() {
      return merged;
    },
    keep: (options) => guard(() => keep(paths, options)),
    unkept: (files) => guard(() => unkept(paths, files)),
    read: (file, anyBytes = false) =>
      guard(() => {
        const path = pathOf(file);
        const { realPath, bytes, shrankFrom, stat } = readStable(host, path, knownOf(paths, file));
        const text = bytes === null ? null : anyBytes ? decodeAny(bytes) : decode(bytes, path);
        return { file, path, realPath, text, links: stat?.nlink ?? 0, ...(shrankFrom && { shrankFrom }) };
      }),
    refuse: (changes) =>
      guard(() => refuseUnpublishable(paths, changes, (file) => resolveLinks(host.disk, pathOf(file)))),
    commit: (changes, label, rebase, keeping) =>
      guard(() => {
        const { entry, merged: made } = commit(paths, { changes, label, rebase, keeping }, recovered);
        merged = made;
        return entry;
      }),
    pruned: () => guard(() => (hasState(paths) ? readPruned(paths) : [])),
    history: () =>
      guard(() =>
        hasState(paths) ? readHistory(paths) : { entries: [], damaged: [], newer: [], outside: [], outsideDamaged: 0 },
      ),
    images: (id) =>
      guard(() => {
        hasState(paths);
        // An id means the same for ever, so a log that names it is read once.
        if (!log?.lines.some((line) => line.id === id)) log = readLog(paths);
        return readImages(paths, id, log);
      }),
    imagePath: (id, index) => join(paths.history, id, `before.${index}`),
    pending: () =>
      guard(() => {
        const ids = hasState(paths) ? idsIn(host.disk, paths.tx) : [];
        const running = ids.length > 0 && isAtWork(paths);
        return ids.flatMap((id): Pending[] => {
          const folder = join(paths.tx, id);
          const newer = isNewer(host.disk, folder);
          const found = find(host, folder, id);
          if (found.state === "gone") return [];
          const record = newer || found.state === "damaged" ? null : found.record;
          return [
            {
              id,
              folder,
              committed: record !== null && found.state !== "draft",
              damaged: !newer && found.state === "damaged",
              newer,
              running,
              command: record?.command ?? null,
              files: record?.files.map((step) => step.file) ?? [],
            },
          ];
        });
      }),
    recover: () =>
      guard(() => {
        if (!hasLeftovers(paths)) return [];
        ensureState(paths);
        const made = madeByDead(paths);
        const lock = takeLock(paths, recoverCommand(paths, made));
        host.holdSignals();
        try {
          refuseNewer(paths);
          ensureFolders(paths);
          const done = [...recoverAll(paths), ...made.map((id): Recovery => ({ id, outcome: "completed" }))];
          recovered(done);
          refuseDamaged(paths, done);
          return done;
        } finally {
          lock.release();
        }
      }),
  };
}
