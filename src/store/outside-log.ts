/**
 * The log of what others did to a home: one line of JSON for each time that a file was found other than it was left, the
 * oldest first. Its last line also says what every file held then. Knows lines, not files; holds no value of a setting.
 */
import type { Counts, Digest, Entry, Touch } from "../model/change.ts";
import type { FileRole } from "../model/op.ts";
import { isNewerFormat } from "./format.ts";
import { ID, isDigest, isRole, isTouch } from "./record.ts";

/** What each file of a home held at one moment; one that is not listed was not there. */
export type Held = ReadonlyMap<FileRole, Digest>;

/** One file that others changed; `bytes` is the size of what they left. */
export type OutsideStep = {
  readonly file: FileRole;
  readonly before: Digest;
  readonly after: Digest;
  readonly bytes: number;
};

export type OutsideLine = {
  readonly id: string;
  readonly time: string;
  /** None where somebody only looked, to remember what the files hold. */
  readonly files: readonly OutsideStep[];
  readonly touched: readonly Touch[];
  readonly counts: Counts;
};

export type OutsideLog = {
  readonly lines: readonly OutsideLine[];
  /** What the files held when the last line was written; null where nothing has been written yet. */
  readonly held: Held | null;
  /** Lines that cannot be read. */
  readonly damaged: number;
  /** A newer codex-cfg writes this log, and nobody else may. */
  readonly newer: boolean;
};

const FORMAT = 1;

export const NO_LOG: OutsideLog = { lines: [], held: null, damaged: 0, newer: false };

export function parseLog(text: string): OutsideLog {
  const lines: OutsideLine[] = [];
  let held: Held | null = null;
  let damaged = 0;
  for (const row of text.split("\n")) {
    if (row === "") continue;
    const value = parseJson(row);
    if (isNewerFormat(value, FORMAT)) return { ...NO_LOG, newer: true };
    if (!isLine(value)) {
      damaged += 1;
      continue;
    }
    lines.push(value);
    held = value.held === undefined ? null : new Map(value.held);
  }
  return { lines, held, damaged, newer: false };
}

export function printLog(lines: readonly OutsideLine[], held: Held): string {
  const rows = lines.map(({ counts, files, id, time, touched }, i) => ({
    ...{ v: FORMAT, id, time, files, touched, counts },
    ...(i === lines.length - 1 ? { held: [...held] } : {}),
  }));
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

/** A line as an entry of history. */
export function outsideEntry({ counts, files, id, time, touched }: OutsideLine): Entry {
  return {
    ...{ v: 1, id, time, by: "others", command: "changed by others", touched, counts },
    files: files.map(({ after, before, file }) => ({ file, before, after })),
  };
}

type Line = OutsideLine & { readonly held?: readonly (readonly [FileRole, Digest])[] };

function isLine(value: unknown): value is Line {
  if (!isObject(value) || value.v !== FORMAT) return false;
  const { counts, files, held, id, time, touched } = value;
  return (
    typeof id === "string" &&
    ID.test(id) &&
    typeof time === "string" &&
    Number.isFinite(Date.parse(time)) &&
    Array.isArray(files) &&
    files.every(isStep) &&
    Array.isArray(touched) &&
    touched.every(isTouch) &&
    isObject(counts) &&
    [counts.added, counts.changed, counts.removed].every(isCount) &&
    (held === undefined || (Array.isArray(held) && held.every(isHeld)))
  );
}

const isStep = (value: unknown): boolean =>
  isObject(value) && isRole(value.file) && isDigest(value.before) && isDigest(value.after) && isCount(value.bytes);
const isHeld = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && isRole(value[0]) && isDigest(value[1]);
const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0;
const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
