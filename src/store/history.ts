/**
 * What was done, newest last, with the images to take it back. Reads strictly and only what is asked for; keeps itself
 * small. Never writes a record: that is the journal's move.
 */
import { join } from "node:path";
import { activeOf, type Change, type Entry } from "../model/change.ts";
import { CfgError } from "../model/error.ts";
import type { FileRole } from "../model/op.ts";
import { quietly } from "./faults.ts";
import { idsIn, readImage, readRecord } from "./journal.ts";
import { ID, type Step, type TxRecord, toEntry } from "./record.ts";
import { decode } from "./safe-read.ts";
import type { Site } from "./site.ts";

/** Oldest first, and the ids of those whose record cannot be read. */
export function readHistory(site: Site): { readonly entries: readonly Entry[]; readonly damaged: readonly string[] } {
  const entries: Entry[] = [];
  const damaged: string[] = [];
  for (const id of idsIn(site.host.disk, site.history)) {
    const record = recordOf(site, id);
    if (record === null) damaged.push(id);
    else entries.push(toEntry(record));
  }
  return { entries, damaged };
}

/** The texts of an entry, each proved by its digest. */
export function readImages(site: Site, id: string): readonly Change[] {
  if (!ID.test(id) || !idsIn(site.host.disk, site.history).includes(id))
    throw new CfgError("unknown-name", `there is no entry ${JSON.stringify(id)} in the history`, {
      hints: [
        `The newest ${KEEP} entries of the last ${DAYS} days are kept, up to ${MAX_BYTES / MIB} MiB.`,
        { note: "See them", argv: ["history"] },
      ],
    });
  const record = recordOf(site, id);
  const dir = join(site.history, id);
  if (record === null) throw new CfgError("damaged-journal", "this entry's record cannot be read", { path: dir });
  return record.files.map((step, i) => ({
    file: step.file,
    before: imageText(site, dir, step, i, "before"),
    after: imageText(site, dir, step, i, "after"),
  }));
}

/** True when one of the newest entries left this file with exactly these bytes. */
export function isOurs(site: Site, file: FileRole, digest: string): boolean {
  const newest = idsIn(site.host.disk, site.history).slice(-3).reverse();
  return newest.some((id) => recordOf(site, id)?.files.some((step) => step.file === file && step.after === digest));
}

/** Forgets what is beyond 50 entries, 90 days or 20 MiB, but never the newest 5, nor a search that is under way. */
export function prune(site: Site): void {
  const { disk } = site.host;
  const names = disk.list(site.history).filter((name) => ID.test(name.replace(/\.conflict$/, "")));
  const oldest = site.host.now() - DAYS * 86_400_000;
  let bytes = 0;
  const beyond = names.reverse().filter((name, age) => {
    const dir = join(site.history, name);
    bytes += disk.list(dir).reduce((sum, file) => sum + (disk.stat(join(dir, file))?.size ?? 0), 0);
    const tooOld = Number.parseInt(name.slice(0, 9), 36) < oldest;
    return age >= KEEP_ALWAYS && (age >= KEEP || tooOld || bytes > MAX_BYTES);
  });
  const kept = beyond.length > 0 ? searchUnderWay(site) : [];
  // The oldest first: without what takes it back an entry would count again.
  for (const name of beyond.reverse()) {
    if (kept.includes(name)) continue;
    const dir = join(site.history, name);
    quietly(() => {
      // The record, last in the order of names, last: a half forgotten entry is still known as one.
      for (const file of disk.list(dir)) disk.remove(join(dir, file));
      disk.remove(dir);
    });
  }
}

const KEEP = 50;
const KEEP_ALWAYS = 5;
const DAYS = 90;
const MIB = 1024 * 1024;
const MAX_BYTES = 20 * MIB;

/** The looks of a search are one way back: the oldest of them says how everything was. */
function searchUnderWay(site: Site): readonly string[] {
  return activeOf(readHistory(site).entries).flatMap(({ bisect, id }) => (bisect ? [id] : []));
}

function recordOf(site: Site, id: string): TxRecord | null {
  return readRecord(site.host.disk, join(site.history, id, "record.json"), id);
}

function imageText(site: Site, dir: string, step: Step, i: number, side: "before" | "after"): string | null {
  if (step[side] === null) return null;
  const bytes = readImage(site.host.disk, dir, side, step, i);
  if (bytes === null) throw new CfgError("damaged-journal", "the images of this entry are gone", { path: dir });
  return decode(bytes, dir);
}
