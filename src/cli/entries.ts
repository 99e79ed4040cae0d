/**
 * Finds the entry of history that a person means: an id or the start of one, a preset's name, or nothing for the newest.
 */
import type { Entry } from "../change.ts";
import { CfgError } from "../errors.ts";
import type { Home } from "../home.ts";

/** The entry named, or the newest change that still counts; null when the history is empty. Throws `unknown-name`. */
export function findEntry(home: Home, name: string | undefined): Entry | null {
  const entries = home.entries();
  if (name === undefined)
    return entries.findLast((entry) => !entry.reverts && home.isLive(entry)) ?? entries.at(-1) ?? null;
  const byPreset = entries.filter(({ preset }) => preset === name);
  const byId = entries.filter(({ id }) => id === name || (name.length >= 4 && id.startsWith(name)));
  const found =
    byPreset.findLast((entry) => home.isLive(entry)) ?? byPreset.at(-1) ?? (byId.length === 1 ? byId[0] : undefined);
  if (found) return found;
  const reason =
    byId.length > 1 ? `${byId.length} entries begin with ${name}` : `no entry or applied preset is called ${name}`;
  throw new CfgError("unknown-name", reason, { hints: ["see them all: codex-cfg history"] });
}
