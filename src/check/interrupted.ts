/**
 * What there is to say of a change that a dead process left midway: one source for checks, plans and commands. Says
 * nothing of one that is being made right now, nor of one that had not written anything yet.
 */
import type { Finding } from "../findings/finding.ts";
import { orNull } from "../model/error.ts";
import type { Pending } from "../store/store.ts";

/** A home as far as its unfinished changes go; a file by itself has none. */
type Unfinished = { readonly pending?: () => readonly Pending[] };

export function interruptedChanges(home: Unfinished, severity: "error" | "warning"): Finding[] {
  // Who may not look into the state folder is told so where it is needed.
  const pending = orNull(() => home.pending?.()) ?? [];
  return pending.flatMap(({ command, committed, damaged, folder, id, newer, running }): Finding[] => {
    if (running || !(committed || damaged || newer)) return [];
    const state = newer ? "newer" : damaged ? "damaged" : "midway";
    return [{ code: "interrupted-change", severity, args: { id, state, command, folder } }];
  });
}
