/**
 * The store's face: read a file safely, commit changes to several as one, and tell what was done or left undone.
 * Opening one touches nothing; only `commit` and `recover` write.
 */
import { join } from "node:path";
import type { Host } from "../host/host.ts";
import type { Change, Entry, Label } from "../model/change.ts";
import type { FileRole } from "../model/op.ts";
import { commit } from "./commit.ts";
import { guarded } from "./faults.ts";
import { isOurs, readHistory, readImages } from "./history.ts";
import { find, idsIn } from "./journal.ts";
import { isLocked, takeLock } from "./lock.ts";
import { type Recovery, recoverAll } from "./recover.ts";
import { decode, readStable, resolveLinks } from "./safe-read.ts";
import { ensureFolders, hasState, siteOf } from "./site.ts";
import { type Rebase, refuseUnpublishable } from "./targets.ts";

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
  /** Somebody who may be alive holds the lock, so it may simply be at work. */
  readonly running: boolean;
  /** What was being done, and to which files; null and none when that cannot be read. */
  readonly command: string | null;
  readonly files: readonly FileRole[];
};

export type Store = {
  /** The safe read: waits for a file that is being written, throws for one that is not to be touched. */
  read(file: FileRole): FileState;
  /** Throws `unsafe-file` for changes that {@link commit} would refuse for what their files are now. */
  refuse(changes: readonly Change[]): void;
  /** All of the changes or none. Null when nothing is left to change and the label takes no entry back. */
  commit(changes: readonly Change[], label: Label, rebase: Rebase): Entry | null;
  /** What was done, oldest first, and the ids of entries whose record cannot be read. */
  history(): { readonly entries: readonly Entry[]; readonly damaged: readonly string[] };
  /** The before and after texts of an entry. */
  images(id: string): readonly Change[];
  pending(): readonly Pending[];
  /** Finishes or takes back what a dead process left. {@link commit} does the same first. */
  recover(): readonly Recovery[];
  /** What this store has recovered so far. */
  readonly recoveries: readonly Recovery[];
};

/** The text of any one file, read as safely as those of a home; null when there is none. */
export function readTextFile(host: Host, path: string): string | null {
  return guarded(path, () => {
    const { bytes } = readStable(host, path, () => true);
    return bytes === null ? null : decode(bytes, path);
  });
}

/** Opens the store of a home, which the first commit creates when it is not there. Does nothing to the disk. */
export function openStore(host: Host, home: string, pathOf: (file: FileRole) => string): Store {
  const site = siteOf(host, home, pathOf);
  const recoveries: Recovery[] = [];
  const recovered = (done: readonly Recovery[]): void => {
    recoveries.push(...done);
  };
  const guard = <T>(step: () => T): T => guarded(home, step);
  return {
    recoveries,
    read: (file) =>
      guard(() => {
        const path = pathOf(file);
        const ours = (digest: string): boolean => hasState(site) && isOurs(site, file, digest);
        const { realPath, bytes, stat } = readStable(host, path, ours);
        const text = bytes === null ? null : decode(bytes, path);
        return { file, path, realPath, text, links: stat?.nlink ?? 0 };
      }),
    refuse: (changes) =>
      guard(() => refuseUnpublishable(site, changes, (file) => resolveLinks(host.disk, pathOf(file)))),
    commit: (changes, label, rebase) => guard(() => commit(site, { changes, label, rebase }, recovered)),
    history: () => guard(() => (hasState(site) ? readHistory(site) : { entries: [], damaged: [] })),
    images: (id) =>
      guard(() => {
        hasState(site);
        return readImages(site, id);
      }),
    pending: () =>
      guard(() => {
        const ids = hasState(site) ? idsIn(host.disk, site.tx) : [];
        const running = ids.length > 0 && isLocked(site);
        return ids.flatMap((id): Pending[] => {
          const folder = join(site.tx, id);
          const found = find(host, folder, id);
          if (found.state === "gone") return [];
          const record = found.state === "damaged" ? null : found.record;
          return [
            {
              id,
              folder,
              committed: found.state !== "draft" && found.state !== "damaged",
              damaged: found.state === "damaged",
              running,
              command: record?.command ?? null,
              files: record?.files.map((step) => step.file) ?? [],
            },
          ];
        });
      }),
    recover: () =>
      guard(() => {
        if (!hasState(site)) return [];
        const lock = takeLock(site, "recover");
        try {
          ensureFolders(site);
          const done = recoverAll(site);
          recovered(done);
          return done;
        } finally {
          lock.release();
        }
      }),
  };
}
