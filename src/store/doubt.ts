/** Whether a file may be half of what it is to become, by what it held when it was last known. Writes nothing. */
import { join } from "node:path";
import { orNull } from "../model/error.ts";
import type { FileRole } from "../model/op.ts";
import { idsIn, imagePath, readRecord } from "./journal.ts";
import type { OutsideLog } from "./outside-log.ts";
import type { StorePaths } from "./paths.ts";
import { decode } from "./safe-read.ts";
import type { Doubt } from "./stable-read.ts";

/** A file is shorter than it was when it was last known, or cannot be parsed where that could be; null for any other. */
export function doubtOf(paths: StorePaths, log: OutsideLog, file: FileRole, bytes: Uint8Array): Doubt | null {
  const { disk } = paths.host;
  const path = lastKnown(paths, log, file);
  if (path === null) return null;
  const size = disk.stat(path)?.size ?? 0;
  if (bytes.length < size) return { shrankFrom: size };
  const parses = (look: () => Uint8Array): boolean => orNull(() => paths.parses(decode(look(), path))) ?? false;
  return !parses(() => bytes) && parses(() => disk.read(path, size).bytes) ? {} : null;
}

/** Where the last state of a file lies that we left or saw; null where there is none. */
function lastKnown(paths: StorePaths, { held, lines }: OutsideLog, file: FileRole): string | null {
  const id = [...idsIn(paths.host.disk, paths.history)].reverse().find((one) => indexOf(paths, one, file) >= 0) ?? "";
  const seen = (lines.at(-1)?.id ?? "") > id ? held?.get(file) : undefined;
  if (seen !== undefined) return seen && join(paths.outside, seen);
  return id === "" ? null : imagePath(join(paths.history, id), "after", indexOf(paths, id, file));
}

const indexOf = ({ history, host: { disk } }: StorePaths, id: string, file: FileRole): number =>
  readRecord(disk, join(history, id, "record.json"), id)?.files.findIndex((step) => step.file === file) ?? -1;
