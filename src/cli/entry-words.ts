/** What an entry of history did, in a few words: the command that made it, or what others changed. */
import type { Entry } from "../model/change.ts";
import { shownKey } from "../redact/shown.ts";

/** So many keys are named. */
const NAMED = 3;

export function entryWords({ by, command, counts, touched }: Entry): string {
  if (by !== "others" || counts === undefined) return command;
  const { added, changed, removed } = counts;
  const parts = [
    [added, "new"],
    [changed, "changed"],
    [removed, "gone"],
  ] as const;
  const said = parts.flatMap(([count, word]) => (count > 0 ? [`${count} ${word}`] : []));
  // What went is what people look for.
  const sorted = [...touched].sort((a, b) => Number(b.kind === "removed") - Number(a.kind === "removed"));
  const keys = sorted.filter(({ path }) => path.length > 0).map(({ path }) => shownKey(path));
  const more = added + changed + removed > NAMED ? ", …" : "";
  const names = keys.length === 0 ? "" : `: ${keys.slice(0, NAMED).join(", ")}${more}`;
  return said.length === 0 ? command : `${command} (${said.join(", ")}${names})`;
}
