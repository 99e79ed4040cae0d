/**
 * Keeps what others did to a home: where a file is other than it was left, its states go into the folder `outside`, each
 * under its digest, and a line into the log there. Everything is bounded. Never writes a config file; what the keys of a
 * change are is told by whoever asks.
 */
import { join } from "node:path";
import type { Change, Counts, Digest, Entry, Touch } from "../model/change.ts";
import { CfgError, isErrno } from "../model/error.ts";
import type { FileRole } from "../model/op.ts";
import { decodeAny } from "./any-bytes.ts";
import { doubtOf } from "./doubt.ts";
import { bestEffort } from "./io-errors.ts";
import { idsIn, newId, readImage, readRecord } from "./journal.ts";
import { takeLock } from "./lock.ts";
import {
  type Held,
  NO_LOG,
  type OutsideLine,
  type OutsideLog,
  outsideEntry,
  parseLog,
  printLog,
} from "./outside-log.ts";
import { KEEP_LIMITS, type KeepLimits, MOST_TOUCHED, thinned } from "./outside-thin.ts";
import { ensureFolder, ensureFolders, ensureState, hasState, type StorePaths, writeNew } from "./paths.ts";
import { digestOf, encode, MAX_FILE_BYTES } from "./safe-read.ts";
import { readStable } from "./stable-read.ts";

/** Which keys a change is about; their number where they are too many to be named. */
export type Described = { readonly touched: readonly Touch[]; readonly counts: Counts };

export type KeepOptions = {
  /** The files that are there. */
  readonly files: readonly FileRole[];
  readonly describe: (changes: readonly Change[]) => Described;
  readonly limits?: KeepLimits | undefined;
};

/**
 * Enters what others have done since somebody last looked. Null where they did nothing, and at the first look, which
 * remembers what there is. A command that only looks makes no state folder, waits for no lock, and keeps nothing where
 * anything is pending; else this throws for a lock that stays taken.
 */
export function keep(paths: StorePaths, options: KeepOptions & { readonly onlyLooks: boolean }): Entry | null {
  const { host } = paths;
  const { onlyLooks } = options;
  if (host.disk.stat(paths.home) === null || (!hasState(paths) && onlyLooks)) return null;
  if (onlyLooks && isBusy(paths)) return null;
  if (!isNews(look(paths, options))) return null;
  ensureState(paths);
  const lock = takeLock(paths, "record", !onlyLooks);
  host.holdSignals();
  try {
    ensureFolders(paths);
    if (idsIn(host.disk, paths.tx).length > 0) return null;
    const seen = look(paths, options);
    return isNews(seen) ? enter(paths, seen, options) : null;
  } finally {
    lock.release();
  }
}

/** The same under the lock, for a change of ours that is about to be made; our own changes before it are remembered. */
export function keepLocked(paths: StorePaths, options: KeepOptions): void {
  const seen = look(paths, options);
  const last = seen.log.lines.at(-1)?.id ?? "";
  const unsaid = seen.owns.filter((id) => id > last).length;
  if (isNews(seen) || (unsaid >= OWNS_UNSAID && !seen.log.newer)) enter(paths, seen, options);
}

/** What {@link keep} would enter now. Writes nothing. */
export function unkept(paths: StorePaths, files: readonly FileRole[]): readonly Change[] {
  if (!hasState(paths)) return [];
  const seen = look(paths, { files });
  return changesOf(paths, seen).flatMap((change, i) => {
    const was = seen.moved[i]?.before ?? null;
    return was !== null && change.before === null ? [] : [change];
  });
}

/** What others did, as entries of history, oldest first. */
export function outsideEntries(paths: StorePaths): { readonly entries: readonly Entry[]; readonly damaged: number } {
  const { damaged, lines } = readLog(paths);
  return { entries: lines.filter(({ files }) => files.length > 0).map(outsideEntry), damaged };
}

/** The texts of what others did in an entry; null where there is no such entry. */
export function outsideImages(paths: StorePaths, id: string, log = readLog(paths)): readonly Change[] | null {
  const line = log.lines.find((one) => one.id === id && one.files.length > 0);
  if (line === undefined) return null;
  const text = (digest: Digest) => {
    if (digest === null) return null;
    const bytes = stateOf(paths, digest);
    if (bytes !== null) return decodeAny(bytes);
    throw new CfgError("damaged-journal", "a kept state of this entry is gone", { path: join(paths.outside, digest) });
  };
  return line.files.map(({ after, before, file }) => ({ file, before: text(before), after: text(after) }));
}

/** What was seen: the log, our own changes, and each file as it was left and as it is. */
type Seen = {
  readonly log: OutsideLog;
  readonly owns: readonly string[];
  /** As somebody last saw them, or as we left them since. */
  readonly left: Held;
  /** Without those that cannot be read. */
  readonly now: ReadonlyMap<FileRole, State>;
  readonly moved: readonly { readonly file: FileRole; readonly before: Digest; readonly after: Digest }[];
};

type State = { readonly digest: Digest; readonly bytes: Uint8Array | null };

function isBusy({ host: { disk }, lock, tx }: StorePaths): boolean {
  return disk.stat(lock) !== null || idsIn(disk, tx).length > 0;
}

/** After so many of our own changes the log says what the files hold: their records are pruned some time. */
const OWNS_UNSAID = 40;

/** Whether others have done something, or there is a file of which nothing is known at all. */
function isNews({ left, log, moved, now }: Seen): boolean {
  if (log.newer) return false;
  const isUnknown = ([file, { digest }]: readonly [FileRole, State]) => digest !== null && !left.has(file);
  return moved.length > 0 || (log.held === null && [...now].some(isUnknown));
}

function look(paths: StorePaths, { files }: Pick<KeepOptions, "files">): Seen {
  const { disk } = paths.host;
  const log = lastOfLog(paths);
  const last = log.lines.at(-1)?.id ?? "";
  const owns = idsIn(disk, paths.history);
  const since = owns
    .filter((id) => id > last)
    .map((id) => readRecord(disk, join(paths.history, id, "record.json"), id));
  // A record of ours that says nothing may have been about any file, so this is like the first look.
  const isSure = since.every((record) => record !== null);
  const left = new Map<FileRole, Digest>((isSure && log.held) || []);
  for (const record of since) for (const { after, file } of (isSure && record?.files) || []) left.set(file, after);
  const roles = [...new Set<FileRole>(["config", ...files, ...left.keys()])];
  const now = new Map(
    roles.flatMap((file): [FileRole, State][] => {
      const state = stateNow(paths, log, file, left.get(file) ?? null);
      return state === null ? [] : [[file, state]];
    }),
  );
  const moved = [...now].flatMap(([file, { digest: after }]) => {
    const before = left.get(file) ?? null;
    // Before the first look only what we have written ourselves is known.
    const isKnown = (isSure && log.held !== null) || left.has(file);
    return before === after || !isKnown ? [] : [{ file, before, after }];
  });
  return { log: isSure ? log : { ...log, held: null }, owns, left, now, moved };
}

/** How old a file is that nobody writes any more. */
const WRITING_MS = 1000;

/** Null for a file that cannot be read safely: the command that needs it says so. */
function stateNow(paths: StorePaths, log: OutsideLog, file: FileRole, left: Digest): State | null {
  try {
    const { host } = paths;
    const { bytes, digest, realPath, stat } = readStable(host, paths.pathOf(file), { ours: (one) => one === left });
    // What is being written right now is no state.
    const isYoung = stat !== null && host.now() - Number(stat.mtimeNs / 1_000_000n) < WRITING_MS;
    const isHalf = () => host.isOpenForWriting(realPath) || (bytes && doubtOf(paths, log, file, bytes));
    if (isYoung && digest !== left && isHalf()) return null;
    return { bytes, digest };
  } catch (error) {
    if (error instanceof CfgError || isErrno(error)) return null;
    throw error;
  }
}

/** Under the lock: the states first, then the log, which a rename replaces as a whole. */
function enter(paths: StorePaths, seen: Seen, options: KeepOptions): Entry | null {
  const { host } = paths;
  const { left, moved, now, owns } = seen;
  const log = readLog(paths);
  ensureFolder(paths, paths.outside);
  const changes = changesOf(paths, seen);
  for (const { after, before } of changes)
    for (const text of [before, after]) if (text !== null) put(paths, encode(text));
  for (const { bytes } of now.values()) if (bytes !== null) put(paths, bytes);
  const { counts, touched } = moved.length > 0 ? options.describe(changes) : NOTHING;
  const line: OutsideLine = {
    id: newId(paths),
    time: host.timestamp(),
    files: moved.map((step) => ({ ...step, bytes: now.get(step.file)?.bytes?.length ?? 0 })),
    touched: touched.slice(0, MOST_TOUCHED).map(({ file, kind, path }) => ({ file, path, kind })),
    counts,
  };
  const held = new Map<FileRole, Digest>([...left, ...[...now].map(([file, { digest }]) => [file, digest] as const)]);
  const lines = thinned([...log.lines, line], owns, host.now(), options.limits ?? KEEP_LIMITS);
  replaceLog(paths, printLog(lines, held));
  if (lines.length <= log.lines.length) bestEffort(() => sweep(paths, lines, held));
  return moved.length > 0 ? outsideEntry(line) : null;
}

function changesOf(paths: StorePaths, { moved, now, owns }: Seen): Change[] {
  return moved.map(({ before, file }) => {
    const [was, is] = [before === null ? null : imageOf(paths, owns, before), now.get(file)?.bytes ?? null];
    return { file, before: was && decodeAny(was), after: is && decodeAny(is) };
  });
}

const NOTHING: Described = { touched: [], counts: { added: 0, changed: 0, removed: 0 } };

const logPath = ({ outside }: StorePaths): string => join(outside, "log");

export function readLog(paths: StorePaths): OutsideLog {
  const bytes = bytesAt(paths, logPath(paths));
  return bytes === null ? NO_LOG : parseLog(decodeAny(bytes));
}

/** The log as far as its last line, which says what the files held. */
function lastOfLog(paths: StorePaths): OutsideLog {
  const bytes = bytesAt(paths, logPath(paths), TAIL, "tail") ?? new Uint8Array();
  const text = decodeAny(bytes);
  const start = text.lastIndexOf("\n", text.length - 2) + 1;
  const last = start > 0 || bytes.length < TAIL ? parseLog(text.slice(start)) : NO_LOG;
  return last.held !== null || last.newer ? last : readLog(paths);
}

/** A last line is hardly ever longer: it names some keys and each file. */
const TAIL = 64 * 1024;

function replaceLog(paths: StorePaths, text: string): void {
  const { disk } = paths.host;
  // The first log has nothing to lose: one that is not written to its end counts as none.
  if (disk.stat(logPath(paths)) === null) {
    writeNew(paths, logPath(paths), encode(text));
    return;
  }
  const draft = `${logPath(paths)}.new`;
  if (disk.stat(draft) !== null) disk.remove(draft);
  writeNew(paths, draft, encode(text));
  disk.rename(draft, logPath(paths));
  disk.syncDir(paths.outside);
}

/** Removes the states that no line speaks of. */
function sweep(paths: StorePaths, lines: readonly OutsideLine[], held: Held): void {
  const { disk } = paths.host;
  const named = new Set<string | null>(held.values());
  for (const { files } of lines) for (const { after, before } of files) named.add(before).add(after);
  for (const name of disk.list(paths.outside))
    if (/^[0-9a-f]{64}$/.test(name) && !named.has(name)) disk.remove(join(paths.outside, name));
}

function put(paths: StorePaths, bytes: Uint8Array): void {
  const { disk } = paths.host;
  const path = join(paths.outside, digestOf(bytes));
  const stat = disk.stat(path);
  if (stat?.size === bytes.length) return;
  // A power loss may have torn it.
  if (stat !== null) disk.remove(path);
  writeNew(paths, path, bytes);
}

/** A state by its digest, from what is kept of others or of our own newest changes; null where it is gone. */
function imageOf(paths: StorePaths, owns: readonly string[], digest: string): Uint8Array | null {
  const state = stateOf(paths, digest);
  if (state !== null) return state;
  const { disk } = paths.host;
  for (const id of [...owns].reverse()) {
    const dir = join(paths.history, id);
    for (const [i, step] of (readRecord(disk, join(dir, "record.json"), id)?.files ?? []).entries()) {
      const side = step.after === digest ? "after" : step.before === digest ? "before" : null;
      const bytes = side && imageAt(paths, dir, side, step, i);
      if (bytes) return bytes;
    }
  }
  return null;
}

function imageAt(
  paths: StorePaths,
  ...at: Parameters<typeof readImage> extends [unknown, ...infer Rest] ? Rest : never
) {
  try {
    return readImage(paths.host.disk, ...at);
  } catch (error) {
    if (error instanceof CfgError) return null;
    throw error;
  }
}

/** The bytes of a kept state, proved by its digest. */
function stateOf(paths: StorePaths, digest: string): Uint8Array | null {
  const bytes = bytesAt(paths, join(paths.outside, digest));
  return bytes !== null && digestOf(bytes) === digest ? bytes : null;
}

function bytesAt(
  { host: { disk } }: StorePaths,
  path: string,
  limit = 4 * MAX_FILE_BYTES,
  part: "head" | "tail" = "head",
): Uint8Array | null {
  try {
    const { bytes, stat } = disk.read(path, limit, part);
    return stat.kind === "file" ? bytes : null;
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "ELOOP", "ENXIO")) return null;
    throw error;
  }
}
