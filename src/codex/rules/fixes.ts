/** How rules write a fix: what makes it safe, or the options of a choice, for the file that is named later. */
import type { Fix } from "../../findings/finding.ts";
import type { FileRole, KeyPath, Op, TomlValue } from "../../model/op.ts";

/** An op for a file that is not known yet. */
export type Draft = (file: FileRole) => Op;

export type DraftFix = (file: FileRole) => Fix;

export function unset(path: KeyPath): Draft {
  return (file) => ({ op: "unset", file, path });
}

export function set(path: KeyPath, value: TomlValue): Draft {
  return (file) => ({ op: "set", file, path, value });
}

/** Carries a key or table into another table of the same file. */
export function move(path: KeyPath, to: KeyPath): Draft {
  return (file) => ({ op: "move", file, path, to: { file, path: to } });
}

/** A fix that anybody would make; the reason says why. */
export function safe(reason: string, ...drafts: readonly Draft[]): DraftFix {
  return (file) => ({ kind: "safe", reason, ops: drafts.map((draft) => draft(file)) });
}

/** A fix that a person has to choose, even where there is one option; the reason says what hangs on it. */
export function choice(
  reason: string,
  ...options: readonly (readonly [label: string, ...drafts: readonly Draft[]])[]
): DraftFix {
  return (file) => ({
    kind: "choice",
    reason,
    options: options.map(([label, ...drafts]) => ({ label, ops: drafts.map((draft) => draft(file)) })),
  });
}

/** The choice to remove what Codex does not take, after which its default counts. */
export function remove(path: KeyPath): DraftFix {
  return choice("without it Codex takes its default", ["remove it", unset(path)]);
}

/** The fix of one setting under two names: the older name goes where both say the same, else a person chooses. */
export function oneName(table: KeyPath, name: string, older: string, isSame: boolean): DraftFix {
  const drop = unset([...table, older]);
  if (isSame) return safe("both names say the same", drop);
  return choice(
    "they are one setting and say two things",
    [`keep ${name}`, drop],
    [`keep ${older}`, unset([...table, name])],
  );
}
