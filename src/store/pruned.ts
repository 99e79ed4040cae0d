/** What is remembered of entries whose records were deleted: when they were made, by which command, and when they went. */
import { join } from "node:path";
import type { Entry, Pruned } from "../model/change.ts";
import { isErrno } from "../model/error.ts";
import { type StorePaths, writeNew } from "./paths.ts";
import { ID } from "./record.ts";

/** Older ones are forgotten as well. */
const MOST = 500;
const MAX_BYTES = 1024 * 1024;

const fileOf = (paths: StorePaths): string => join(paths.history, "pruned");

/** Oldest first; what is no line of ours is passed over. */
export function readPruned(paths: StorePaths): readonly Pruned[] {
  try {
    const { bytes, stat } = paths.host.disk.read(fileOf(paths), MAX_BYTES);
    if (stat.kind !== "file") return [];
    return new TextDecoder().decode(bytes).split("\n").flatMap(prunedOf);
  } catch (error) {
    if (isErrno(error)) return [];
    throw error;
  }
}

/** Adds one more line, once. */
export function noteAsPruned(paths: StorePaths, { command, id, preset, time }: Entry): void {
  const { disk, timestamp } = { disk: paths.host.disk, timestamp: paths.host.timestamp() };
  const known = readPruned(paths).filter((one) => one.id !== id);
  const now: Pruned = { id, time, command, ...(preset === undefined ? {} : { preset }), pruned: timestamp };
  const text = [...known, now].slice(-MOST).map((one) => `${JSON.stringify(one)}\n`);
  const path = fileOf(paths);
  if (disk.stat(`${path}.new`) !== null) disk.remove(`${path}.new`);
  writeNew(paths, `${path}.new`, new TextEncoder().encode(text.join("")), undefined, false);
  disk.rename(`${path}.new`, path);
}

function prunedOf(line: string): Pruned[] {
  try {
    const { command, id, preset, pruned, time } = JSON.parse(line) as Record<string, unknown>;
    const isText = (value: unknown): value is string => typeof value === "string";
    if (!isText(id) || !ID.test(id) || !isText(time) || !isText(command) || !isText(pruned)) return [];
    return [{ id, time, command, ...(isText(preset) ? { preset } : {}), pruned }];
  } catch {
    return [];
  }
}
