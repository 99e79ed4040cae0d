/**
 * Makes one entry of the oldest changes in force where there are too many to keep one by one. Nothing of what they wrote is
 * lost, but from then on they can only be taken back together.
 */
import { join } from "node:path";
import { type Entry, inForceOf, takenBackOf } from "../model/change.ts";
import { bestEffort } from "./io-errors.ts";
import { readImage, readRecord } from "./journal.ts";
import { type StorePaths, writeNew } from "./paths.ts";
import { makeRecord, printRecord, type Step, type TxRecord } from "./record.ts";
import { encode } from "./safe-read.ts";

/** So many changes in force are kept each for itself. */
const MOST = 2000;

/** How many changes are one now that were several; 0 where there are not too many of them. */
export function mergeOldest(paths: StorePaths, entries: readonly Entry[], most = MOST): number {
  const left = takenBackOf(entries);
  const presets = new Map(entries.flatMap(({ id, preset }): [string, string][] => (preset ? [[preset, id]] : [])));
  const newest = new Set(presets.values());
  const changes = inForceOf(entries).filter(({ bisect, id }) => !bisect && !left.has(id) && !newest.has(id));
  const surplus = changes.length - most;
  if (surplus <= 0) return 0;
  const ids = changes.slice(0, surplus + 1).map(({ id }) => id);
  const records = ids.flatMap((id) => readRecord(paths.host.disk, join(paths.history, id, "record.json"), id) ?? []);
  const parts = partsOf(paths, records);
  if (parts === null) return 0;
  const record = recordOf(paths, records, parts);
  const folder = join(paths.history, record.id);
  const { disk } = paths.host;
  disk.mkdir(`${folder}.merge`, 0o700, paths.owner());
  for (const [i, { after, before }] of parts.entries()) {
    if (before !== null) writeNew(paths, join(`${folder}.merge`, `before.${i}`), before);
    if (after !== null) writeNew(paths, join(`${folder}.merge`, `after.${i}`), after);
  }
  writeNew(paths, join(`${folder}.merge`, "record.json"), encode(printRecord(record)));
  disk.syncDir(`${folder}.merge`);
  disk.rename(`${folder}.merge`, folder);
  disk.syncDir(paths.history);
  for (const id of ids) bestEffort(() => removeEntry(paths, id));
  return records.length;
}

/** One step of one file, and its texts. */
type Part = { readonly step: Step; readonly before: Uint8Array | null; readonly after: Uint8Array | null };

/** Steps of one file that follow each other with nobody between are one step; null where an image is gone. */
function partsOf(paths: StorePaths, records: readonly TxRecord[]): readonly Part[] | null {
  const parts: Part[] = [];
  for (const { files, id } of records)
    for (const [i, step] of files.entries()) {
      const image = (side: "before" | "after") =>
        step[side] === null ? null : readImage(paths.host.disk, join(paths.history, id), side, step, i);
      const [before, after] = [image("before"), image("after")];
      if ((before === null) !== (step.before === null) || (after === null) !== (step.after === null)) return null;
      const at = parts.findLastIndex((part) => part.step.file === step.file);
      const last = parts[at];
      if (last && last.step.after === step.before && last.step.before !== step.after)
        parts[at] = { step: { ...last.step, after: step.after }, before: last.before, after };
      else parts.push({ step, before, after });
    }
  return parts;
}

/** The record of all of them; it takes the place of the newest one. */
function recordOf(paths: StorePaths, records: readonly TxRecord[], parts: readonly Part[]): TxRecord {
  const last = records.at(-1) as TxRecord;
  const touched = new Map(
    records.flatMap((one) => one.touched).map((one) => [JSON.stringify([one.file, ...one.path]), one]),
  );
  const merged = records.flatMap(({ id, merged: inside = [] }) => [...inside, id]);
  const label = { command: "older changes", merged, touched: [...touched.values()] };
  const id = `${last.id.slice(0, 12)}${paths.host.randomHex(6)}`;
  return makeRecord(
    id,
    last.time,
    label,
    parts.map(({ step }) => step),
  );
}

/** In the order of names the record comes last, so an entry that is half deleted is still listed. */
export function removeEntry(paths: StorePaths, name: string): void {
  const dir = join(paths.history, name);
  for (const file of paths.host.disk.list(dir)) paths.host.disk.remove(join(dir, file));
  paths.host.disk.remove(dir);
}
