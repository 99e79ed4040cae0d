/** Which keys differ between two states of files that others have changed, and how many came and went. Pure. */
import type { Change, Counts, Touch } from "../model/change.ts";
import type { TomlTable, TomlValue } from "../model/op.ts";
import { documentOf } from "../toml/document.ts";
import { isTable, sameValue } from "../toml/value.ts";
import { valueChanges } from "./value-changes.ts";

/** A state that does not parse holds no keys: all of them went, or came. */
export function describeOutside(changes: readonly Change[]): {
  readonly touched: readonly Touch[];
  readonly counts: Counts;
} {
  const counts = { added: 0, changed: 0, removed: 0 };
  const touched = changes.flatMap(({ after, before, file }): Touch[] => {
    const [old, now] = [documentOf(before ?? ""), documentOf(after ?? "")];
    const units = valueChanges(old?.data ?? {}, now?.data ?? {});
    for (const { kind, path } of units) {
      counts[kind] += 1;
      if (kind === "changed" && losesElements(old?.get(path), now?.get(path))) counts.removed += 1;
    }
    // The last value of a file that was cut may be a shorter one.
    if (units.every(({ kind }) => kind !== "removed") && isCut(before, after)) counts.removed += 1;
    return units.length === 0 ? [{ file, path: [], kind: "changed" }] : units.map((unit) => ({ file, ...unit }));
  });
  return { touched, counts };
}

/** Whether a text is the beginning of an earlier one; blank ends do not count. */
export function isCut(earlier: string | null, text: string | null): boolean {
  if (earlier === null || text === null || text.length >= earlier.length || !earlier.startsWith(text)) return false;
  return earlier.slice(text.length).trim() !== "";
}

/** Whether an array of tables has lost one of its elements, or has become something else. */
function losesElements(old: TomlValue | undefined, now: TomlValue | undefined): boolean {
  if (!isTables(old)) return false;
  return !isTables(now) || old.some((element) => !now.some((one) => sameValue(one, element)));
}

export function isTables(value: TomlValue | undefined): value is readonly TomlTable[] {
  return Array.isArray(value) && value.length > 0 && value.every(isTable);
}
