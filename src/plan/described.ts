/** Which keys differ between two states of files that others have changed, and how many came and went. Pure. */
import type { Change, Counts, Touch } from "../model/change.ts";
import { documentOf } from "../toml/document.ts";
import { lostUnits } from "./lost-units.ts";
import { valueChanges } from "./value-changes.ts";

/** A state that does not parse holds no keys: all of them went, or came. */
export function describeOutside(changes: readonly Change[]): {
  readonly touched: readonly Touch[];
  readonly counts: Counts;
} {
  const counts = { added: 0, changed: 0, removed: 0 };
  const touched = changes.flatMap(({ after, before, file }): Touch[] => {
    const [old, now] = [documentOf(before ?? "")?.data ?? {}, documentOf(after ?? "")?.data ?? {}];
    const removed = lostUnits(old, now).map(({ path }): Touch => ({ file, path, kind: "removed" }));
    const added = lostUnits(now, old).map(({ path }): Touch => ({ file, path, kind: "added" }));
    const changed = valueChanges(old, now).flatMap(({ kind, path }): Touch[] =>
      kind === "changed" ? [{ file, path, kind }] : [],
    );
    counts.removed += removed.length;
    counts.added += added.length;
    counts.changed += changed.length;
    // The last value of a file that was cut may be a shorter one.
    if (removed.length === 0 && isCut(before, after)) counts.removed += 1;
    const all = [...removed, ...changed, ...added];
    return all.length === 0 ? [{ file, path: [], kind: "changed" }] : all;
  });
  return { touched, counts };
}

/** Whether a text is the beginning of an earlier one; blank ends do not count. */
export function isCut(earlier: string | null, text: string | null): boolean {
  if (earlier === null || text === null || text.length >= earlier.length || !earlier.startsWith(text)) return false;
  return earlier.slice(text.length).trim() !== "";
}
