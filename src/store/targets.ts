/**
 * What a commit works on: the files as they are under the lock, the changes as they apply to them, and what each file
 * is to become. Refuses here what could not be published without losing something. Writes nothing.
 */

import type { Attributes } from "../host/host.ts";
import type { Change } from "../model/change.ts";
import { CfgError } from "../model/error.ts";
import type { Hint } from "../model/hint.ts";
import type { FileRole } from "../model/op.ts";
import { word } from "../text/shell-quote.ts";
import { decodeAny } from "./any-bytes.ts";
import { knownOf } from "./history.ts";
import { leavesHome, type StorePaths } from "./paths.ts";
import type { Step } from "./record.ts";
import { digestOf, encode, type FileRead, MAX_FILE_BYTES, type ResolvedPath } from "./safe-read.ts";
import { readStable } from "./stable-read.ts";

/**
 * Plans again on texts that are not the ones planned on: the new changes, none when everything wanted is already there,
 * or a `stale-plan` error when it touches what somebody else has touched.
 */
export type Rebase = (fresh: ReadonlyMap<FileRole, string | null>) => readonly Change[];

/** One file of a transaction: where it really is, and its bytes on both sides. */
export type Target = {
  readonly step: Step;
  readonly realPath: string;
  readonly before: Uint8Array | null;
  readonly after: Uint8Array | null;
};

type Fresh = ReadonlyMap<FileRole, { readonly read: FileRead; readonly text: string | null }>;

export const isNothing = (change: Change): boolean => change.before === change.after;

/** Reads the files again, plans again if they have changed, and says what to write: nothing, maybe. */
export function targetsNow(paths: StorePaths, changes: readonly Change[], rebase: Rebase): readonly Target[] {
  const fresh = readAll(paths, changes);
  const fits = (change: Change): boolean => fresh.get(change.file)?.text === change.before;
  const wanted = changes.every(fits) ? changes : rebase(textsOf(fresh));
  if (!wanted.every(fits))
    throw new CfgError("stale-plan", "a file has changed since the plan was made", {
      hints: ["Nothing was written. Run the same command again."],
    });
  const differing = wanted.filter((change) => !isNothing(change));
  const readOf = (file: FileRole): FileRead => {
    const read = fresh.get(file)?.read;
    if (read === undefined) throw new CfgError("internal", "a change of a file that was not read", { path: file });
    return read;
  };
  refuseUnpublishable(paths, differing, readOf);
  return differing.map((change) => targetOf(paths, change, readOf(change.file)));
}

/** Throws `unsafe-file` for changes that could not be published without losing something. */
export function refuseUnpublishable(
  paths: StorePaths,
  changes: readonly Change[],
  placeOf: (file: FileRole) => ResolvedPath,
): void {
  const taken = new Set<string>();
  for (const { after, file } of changes) {
    const path = paths.pathOf(file);
    const place = placeOf(file);
    const refuse = (message: string, hint: Hint, at = path): never => {
      throw new CfgError("unsafe-file", message, { path: at, hints: [hint] });
    };
    if (after !== null && encode(after).length > MAX_FILE_BYTES)
      refuse("it would become larger than 16 MiB, and no larger file is read or written", {
        note: "See how large it is",
        shell: `ls -l ${word(path)}`,
      });
    if (place.stat !== null && (place.stat.mode & 0o200) === 0)
      refuse("it is read-only", { note: "Make it writable", shell: `chmod u+w ${word(place.realPath)}` });
    if (after === null && place.linked)
      refuse("it is a link, and this would remove the file behind it", {
        note: "Remove the link yourself",
        shell: `rm ${word(path)}`,
      });
    if (leavesHome(paths, place))
      refuse("it is a link in somebody else's home to what is not theirs, and root follows none", {
        note: "See",
        shell: `ls -l ${word(path)}`,
      });
    if (taken.has(place.realPath)) {
      const lead = { note: "See where they lead", shell: `ls -l ${word(paths.home)}` };
      refuse("two of the files to change are links to one and the same", lead, paths.home);
    }
    taken.add(place.realPath);
  }
}

/** Whether what was wanted is gone again, after somebody wrote a file that had just been published. */
export function isLost(paths: StorePaths, changes: readonly Change[], rebase: Rebase): boolean {
  try {
    return rebase(textsOf(readAll(paths, changes))).some((change) => !isNothing(change));
  } catch (error) {
    // They edited the same place after us: a later edit, not a lost one.
    if (error instanceof CfgError && error.code === "stale-plan") return false;
    throw error;
  }
}

function readAll(paths: StorePaths, changes: readonly Change[]): Fresh {
  return new Map(
    changes.map(({ file }) => {
      const path = paths.pathOf(file);
      const read = readStable(paths.host, path, knownOf(paths, file));
      return [file, { read, text: read.bytes === null ? null : decodeAny(read.bytes) }];
    }),
  );
}

function textsOf(fresh: Fresh): ReadonlyMap<FileRole, string | null> {
  return new Map([...fresh].map(([file, { text }]) => [file, text]));
}

function targetOf(paths: StorePaths, { file, after }: Change, read: FileRead): Target {
  const bytes = after === null ? null : encode(after);
  return {
    step: {
      file,
      before: read.digest,
      after: bytes === null ? null : digestOf(bytes),
      attributes: attributesFor(paths, read),
    },
    realPath: read.realPath,
    before: read.bytes,
    after: bytes,
  };
}

/** A changed file keeps its own, but for set-user-id bits; a new one is private and belongs to the home's owner. */
function attributesFor(paths: StorePaths, { stat }: FileRead): Attributes | null {
  if (stat !== null) return { mode: stat.mode & 0o777, uid: stat.uid, gid: stat.gid };
  const owner = paths.owner();
  return owner === undefined ? null : { mode: 0o600, ...owner };
}
