/**
 * Finds the entry of history that a person means: an id or the start of one, a preset's name, or nothing for the newest;
 * and says why one cannot be taken back.
 */
import type { Entry } from "../change.ts";
import { fileName } from "../codex/layout.ts";
import { CfgError } from "../errors.ts";
import type { Home, Undo } from "../home.ts";
import { renderKey } from "../toml/value.ts";

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

/** The refusal to take back what others have changed since; `command` is how to ask for it all the same. */
export function conflictError({ conflicts }: Undo, command: string): CfgError {
  const names = conflicts.map(
    ({ file, path, by }) =>
      `${fileName(file)} ${path.length === 0 ? "(the whole file)" : renderKey(path)}${by ? ` (by ${by})` : ""}`,
  );
  return new CfgError("conflict", `changed by somebody else since, so nothing was written: ${names.join(", ")}`, {
    hints: [
      `take the rest back and leave these: ${command} --skip-conflicts`,
      `bring the old values back over them: ${command} --force`,
    ],
  });
}
