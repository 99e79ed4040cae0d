/**
 * What to do with a document of the state folder that a newer codex-cfg wrote: refuse it by name, never guess what it
 * means. Each kind of document has a format number of its own, `v`; knows nothing else of what they look like.
 */

import { CfgError } from "../model/error.ts";
import type { Hint } from "../model/hint.ts";

/** Whether a document says that it is of a later format than the latest one understood here. */
export function isNewerFormat(document: unknown, understood: number): boolean {
  if (typeof document !== "object" || document === null) return false;
  const { v } = document as { readonly v?: unknown };
  return Number.isInteger(v) && Number(v) > understood;
}

/** The refusal; `what` names the document, with a small letter at the beginning. */
export function newerState(what: string, path: string, ...hints: readonly Hint[]): CfgError {
  return new CfgError("newer-state", `${what} was written by a newer codex-cfg, and this one does not understand it`, {
    path,
    hints: [...hints, "Update codex-cfg, then run the same command again."],
  });
}
