/** The files behind the verbs, of which only those are loaded that a line can mean. */
import type { Command } from "commander";
import type { Run } from "./context.ts";

/** `argv` lets a file with many commands leave out those that cannot be meant. */
export type CommandFile = {
  readonly register: (program: Command, run: Run, argv: readonly string[]) => void | Promise<void>;
};

/** One file may hold several verbs. */
export type Verbs = Readonly<Record<string, () => Promise<CommandFile>>>;

/** The files of the verbs among some words, of all verbs where there is none; `known` ones are left out. */
export function filesFor(
  verbs: Verbs,
  words: readonly string[],
  known: readonly string[] = [],
): Promise<CommandFile[]> {
  const all = Object.keys(verbs);
  const named = all.filter((verb) => words.includes(verb));
  const wanted = (named.length > 0 ? named : all).filter((verb) => !known.includes(verb));
  return Promise.all([...new Set(wanted.flatMap((verb) => verbs[verb] ?? []))].map((load) => load()));
}
