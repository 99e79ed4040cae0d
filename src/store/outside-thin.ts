/**
 * Which lines of the log of others go, so that it stays small: everything of the last day stays, then one line for each
 * day, then for each week. A state from which something was taken away is never merged into another one. Pure.
 */
import type { Digest } from "../model/change.ts";
import type { OutsideLine, OutsideStep } from "./outside-log.ts";

/** How much of what others did is kept. */
export type KeepLimits = { readonly entries: number; readonly bytes: number };

export const KEEP_LIMITS: KeepLimits = { entries: 1000, bytes: 20 * 1024 * 1024 };

const DAY = 86_400_000;
/** From this age on one line stands for a week. */
const WEEKS_AFTER = 30 * DAY;

/** `owns` are the ids of our own changes: what they lie between does not merge. `held` are states that stay anyway. */
export function thinned(
  lines: readonly OutsideLine[],
  owns: readonly string[],
  now: number,
  limits: KeepLimits = KEEP_LIMITS,
): readonly OutsideLine[] {
  const newest = lines.at(-1);
  const kept: OutsideLine[] = [];
  for (const line of lines) {
    // One that only says what the files held has said so for as long as it was the last.
    if (line.files.length === 0 && line !== newest) continue;
    const last = kept.at(-1);
    const one = last && line !== newest && mayMerge(last, line, owns, now) ? merged(last, line) : null;
    if (one === null) kept.push(line);
    else kept.splice(-1, 1, one);
  }
  return withinLimits(kept, owns, limits);
}

function mayMerge(a: OutsideLine, b: OutsideLine, owns: readonly string[], now: number): boolean {
  const [from, to] = [Date.parse(a.time), Date.parse(b.time)];
  const age = now - to;
  if (age < DAY || b.counts.removed > 0 || a.files.length === 0 || b.files.length === 0) return false;
  const span = age < WEEKS_AFTER ? DAY : 7 * DAY;
  return Math.floor(from / span) === Math.floor(to / span) && !owns.some((id) => id > a.id && id < b.id);
}

/** Both as one, under the name of the later; null where one does not begin as the other ends. */
function merged(a: OutsideLine, b: OutsideLine): OutsideLine | null {
  const files = new Map<string, OutsideStep>(a.files.map((step) => [step.file, step]));
  for (const step of b.files) {
    const first = files.get(step.file);
    if (first !== undefined && first.after !== step.before) return null;
    files.set(step.file, first === undefined ? step : { ...step, before: first.before });
  }
  const seen = new Set(b.touched.map(({ file, path }) => JSON.stringify([file, path])));
  const earlier = a.touched.filter(({ file, path }) => !seen.has(JSON.stringify([file, path])));
  return {
    ...b,
    files: [...files.values()].filter(({ after, before }) => after !== before),
    touched: [...earlier, ...b.touched].slice(0, MOST_TOUCHED),
    counts: {
      added: a.counts.added + b.counts.added,
      changed: a.counts.changed + b.counts.changed,
      removed: a.counts.removed + b.counts.removed,
    },
  };
}

/** So many keys are named in a line; a rewritten file may have thousands. */
export const MOST_TOUCHED = 32;

/** Drops the oldest, but never the first loss since our last change: what it took away may still be asked for. */
function withinLimits(
  lines: readonly OutsideLine[],
  owns: readonly string[],
  limits: KeepLimits,
): readonly OutsideLine[] {
  const ours = owns.at(-1) ?? "";
  const loss = lines.find(({ counts, id }) => id > ours && counts.removed > 0);
  let bytes = 0;
  let count = 0;
  const seen = new Set<Digest>();
  const stays = [...lines].reverse().filter((line, i) => {
    for (const { after, bytes: size } of line.files) {
      if (!seen.has(after)) bytes += size;
      seen.add(after);
    }
    count += 1;
    return i === 0 || line === loss || (count <= limits.entries && bytes <= limits.bytes);
  });
  return stays.reverse();
}
