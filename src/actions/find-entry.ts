/** Finds an entry of history by its id, the beginning of one, or a preset's name. Reads nothing but the history. */
import type { Entry } from "../model/change.ts";
import { CfgError } from "../model/error.ts";
import type { History } from "../plan/history.ts";

/** A shorter beginning of an id matches too many entries. */
const SHORTEST_PREFIX = 4;

/**
 * The entry named, or without a name the newest change that is active, else the newest entry; null when the history is
 * empty. Throws `unknown-name` for a name that fits no entry, or several, and `newer-state` when it may fit one that a
 * newer codex-cfg wrote.
 */
export function findEntry(history: History, name?: string): Entry | null {
  const { entries } = history;
  if (name === undefined) {
    const newest = history.activeChanges.at(-1) ?? entries.at(-1) ?? null;
    history.refuseNewer((id) => newest === null || id > newest.id);
    return newest;
  }
  const byPreset = entries.filter(({ preset }) => preset === name);
  const byId = history.all.filter(({ id, merged = [] }) => [id, ...merged].some((one) => isNamed(one, name)));
  const applied = byPreset.findLast((entry) => history.isActive(entry)) ?? byPreset.at(-1);
  history.refuseNewer((id) => (applied ? id > applied.id : isNamed(id, name)));
  const found = applied ?? (byId.length === 1 ? byId[0] : undefined);
  if (found) return found;
  const gone = history.pruned.findLast(({ id, preset }) => preset === name || isNamed(id, name));
  if (gone && byId.length === 0)
    throw new CfgError(
      "unknown-name",
      `the record of ${gone.id} (${gone.command}, made ${gone.time.slice(0, 10)}) was deleted ` +
        `on ${gone.pruned.slice(0, 10)}: it had been taken back, or its keys were set again since`,
      { hints: [{ note: "see what is left", argv: ["history"] }] },
    );
  const reason =
    byId.length > 1 ? `${byId.length} entries begin with ${name}` : `no entry or applied preset is called ${name}`;
  throw new CfgError("unknown-name", reason, { hints: [{ note: "see them all", argv: ["history"] }] });
}

/** Whether a name is an entry's id, or the beginning of it. */
export function isNamed(id: string, name: string): boolean {
  return id === name || (name.length >= SHORTEST_PREFIX && id.startsWith(name));
}
