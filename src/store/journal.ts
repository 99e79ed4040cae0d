/**
 * A transaction's folder: the images, and one record whose file name is its state. Only renaming the record changes the
 * state, so a crash leaves the transaction in one state or the next:
 *
 *     draft ──▶ commit ──▶ record ──▶ (moved to history)      commit ──▶ undo ──▶ draft ──▶ (deleted)
 */
import { join } from "node:path";
import type { Disk, Host } from "../host/host.ts";
import { CfgError, isErrno } from "../model/error.ts";
import { bestEffort } from "./io-errors.ts";
import { ensureFolder, type StorePaths, writeNew } from "./paths.ts";
import { ID, isNewerRecord, MAX_RECORD, parseRecord, printRecord, type Step, type TxRecord } from "./record.ts";
import { decode, digestOf, encode, MAX_FILE_BYTES } from "./safe-read.ts";
import { dropStage } from "./stage.ts";

/** `draft`: nothing is published. `commit`: go forward. `undo`: go back. `record`: done. */
export type Phase = "draft" | "commit" | "undo" | "record";

export type Tx = { readonly id: string; readonly dir: string; readonly record: TxRecord };

/** What lies in a transaction's folder. */
export type Found =
  | { readonly state: "gone" }
  | { readonly state: "damaged" }
  | { readonly state: "draft"; readonly record: TxRecord | null }
  | { readonly state: "commit" | "undo" | "record"; readonly record: TxRecord };

/** The texts of one file as bytes, in the order of the record's files. */
export type Images = { readonly before: Uint8Array | null; readonly after: Uint8Array | null };

/** Ids of the transactions in a folder, oldest first. Other names are not ours. Throws `unsafe-file` where it is none. */
export function idsIn(disk: Disk, folder: string): readonly string[] {
  try {
    return disk.list(folder).filter((name) => ID.test(name));
  } catch (error) {
    if (isErrno(error, "ENOENT")) return [];
    if (isErrno(error, "ENOTDIR")) throw new CfgError("unsafe-file", "it is not a folder", { path: folder });
    throw error;
  }
}

/** An id above all that exist, so that the order holds even when the clock stands still or goes back. */
export function newId(paths: StorePaths): string {
  const { host } = paths;
  const newest = [paths.tx, paths.history]
    .flatMap((folder) => host.disk.list(folder))
    .concat(lastOutside(paths))
    .map((name) => name.slice(0, 18))
    .filter((name) => ID.test(name))
    .sort()
    .at(-1);
  const stamp = `${base36(host.now(), 9)}00`;
  const last = newest?.slice(0, 11) ?? "";
  return `${stamp > last ? stamp : after(last)}-${host.randomHex(6)}`;
}

/** The newest id in the log of what others did: its last line begins with it. */
function lastOutside({ host: { disk }, outside }: StorePaths): readonly string[] {
  let rows: readonly string[] = [];
  try {
    const { bytes } = disk.read(join(outside, "log"), LONGEST_LINE, "tail");
    rows = new TextDecoder().decode(bytes).trimEnd().split("\n");
  } catch (error) {
    if (!isErrno(error, "ENOENT", "ENOTDIR", "ELOOP", "ENXIO", "EISDIR")) throw error;
  }
  return /^\{"v":\d+,"id":"([^"]+)"/.exec(rows.at(-1) ?? "")?.slice(1) ?? [];
}

const LONGEST_LINE = 1024 * 1024;

const base36 = (number: number, width: number): string => number.toString(36).padStart(width, "0");

function after(stamp: string): string {
  const [time, count] = [Number.parseInt(stamp.slice(0, 9), 36), Number.parseInt(stamp.slice(9), 36) + 1];
  return count < 36 ** 2 ? base36(time, 9) + base36(count, 2) : `${base36(time + 1, 9)}00`;
}

/**
 * Writes images and draft and flushes them. Only then may stages be written, because after a crash the draft tells where
 * they are. A crash before the draft is complete leaves a folder that is simply deleted.
 */
export function begin(paths: StorePaths, record: TxRecord, images: readonly Images[]): Tx {
  const tx = { id: record.id, dir: join(paths.tx, record.id), record };
  ensureFolder(paths, tx.dir);
  images.forEach((image, i) => {
    for (const side of ["before", "after"] as const) {
      const bytes = image[side];
      if (bytes !== null) writeNew(paths, imagePath(tx.dir, side, i), bytes);
    }
  });
  writeNew(paths, markerPath(tx.dir, "draft"), encode(printRecord(record)));
  for (const folder of [tx.dir, paths.tx, paths.dir, paths.home]) paths.host.disk.syncDir(folder);
  return tx;
}

/** Takes a transaction from one state to the next, durably. */
export function mark(paths: StorePaths, tx: Tx, from: Phase, to: Phase): void {
  paths.host.disk.rename(markerPath(tx.dir, from), markerPath(tx.dir, to));
  paths.host.disk.syncDir(tx.dir);
}

/** Reads what a transaction's folder holds, strictly: a file that does not belong there is damage. */
export function find(host: Host, dir: string, id: string): Found {
  const { disk } = host;
  const stat = disk.stat(dir);
  if (stat === null) return { state: "gone" };
  if (stat.kind !== "dir") return { state: "damaged" };
  const names = disk.list(dir);
  if (!names.every((name) => KNOWN.test(name))) return { state: "damaged" };
  for (const state of ["record", "undo", "commit"] as const) {
    if (!names.includes(`${state}.json`)) continue;
    const record = readRecord(disk, markerPath(dir, state), id);
    return record === null ? { state: "damaged" } : { state, record };
  }
  return {
    state: "draft",
    record: names.includes("draft.json") ? readRecord(disk, markerPath(dir, "draft"), id) : null,
  };
}

/** Whether a transaction is past the point of no return, as far as anybody can tell. */
export function isCommitted({ host, tx }: StorePaths, id: string): boolean {
  return !["gone", "draft"].includes(find(host, join(tx, id), id).state);
}

/** Where the image of the record's i-th file lies in the folder of its transaction. */
export const imagePath = (dir: string, side: "before" | "after", i: number): string => join(dir, `${side}.${i}`);

/** An image's bytes, if they still are what the record says; null when the file is missing. */
export function readImage(disk: Disk, dir: string, side: "before" | "after", step: Step, i: number): Uint8Array | null {
  const path = imagePath(dir, side, i);
  const bytes = readPlain(disk, path, MAX_FILE_BYTES);
  if (bytes !== null && digestOf(bytes) !== step[side])
    throw new CfgError("damaged-journal", "a kept image is not what was written", { path });
  return bytes;
}

/** Deletes a transaction that published nothing: its stages first, while the record still tells where they are. */
export function discard(paths: StorePaths, dir: string, id: string, record: TxRecord | null): void {
  const { disk } = paths.host;
  for (const step of record?.files ?? []) dropStage(paths, id, step.file);
  if (disk.stat(dir) === null) return;
  for (const name of disk.list(dir)) disk.remove(join(dir, name));
  disk.remove(dir);
}

/** Moves a finished transaction into history under this name. */
export function archive(paths: StorePaths, tx: Tx, name: string): void {
  const { disk } = paths.host;
  disk.rename(tx.dir, join(paths.history, name));
  // When a power loss undoes the move, the next command makes it again.
  bestEffort(() => disk.syncDir(paths.history));
}

/**
 * The record's files by index, in the order in which they are published: one that gains before one that loses, so that
 * what moves from one to the other is at no moment in neither.
 */
export function publishingOrder(disk: Disk, { dir, record }: Tx): readonly number[] {
  const size = (side: "before" | "after", i: number): number =>
    disk.stat(imagePath(dir, side, i))?.size ?? Number.NEGATIVE_INFINITY;
  const gains = record.files.map((_, i) => size("after", i) - size("before", i));
  return [...gains.keys()].sort((a, b) => (gains[b] ?? 0) - (gains[a] ?? 0));
}

export function readRecord(disk: Disk, path: string, id: string): TxRecord | null {
  const text = readText(disk, path);
  return text === null ? null : parseRecord(text, id);
}

/**
 * Whether a newer codex-cfg wrote the transaction in a folder, pending or done. A record of any name may say so: a newer
 * format may have other states.
 */
export function isNewer(disk: Disk, dir: string): boolean {
  if (disk.stat(dir)?.kind !== "dir") return false;
  return disk.list(dir).some((name) => name.endsWith(".json") && isNewerRecord(readText(disk, join(dir, name)) ?? ""));
}

function readText(disk: Disk, path: string): string | null {
  const bytes = readPlain(disk, path, MAX_RECORD);
  try {
    return bytes === null ? null : decode(bytes, path);
  } catch (error) {
    if (error instanceof CfgError) return null;
    throw error;
  }
}

const KNOWN = /^((before|after)\.\d+|(draft|commit|undo|record)\.json)$/;
const markerPath = (dir: string, phase: Phase): string => join(dir, `${phase}.json`);

/** A regular file of at most `limit` bytes, else null. */
function readPlain(disk: Disk, path: string, limit: number): Uint8Array | null {
  try {
    const { bytes, stat } = disk.read(path, limit + 1);
    return stat.kind === "file" && bytes.length <= limit ? bytes : null;
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "ELOOP", "ENXIO")) return null;
    throw error;
  }
}
