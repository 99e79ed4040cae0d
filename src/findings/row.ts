/** What one row of the table of findings is made of, and how its sentences write names. */
import type { Data, Members } from "../model/form.ts";
import type { Hint } from "../model/hint.ts";

export type Row<Args> = {
  readonly args: Members;
  /** One sentence that states the fact, without severity, place or command. */
  readonly message: (args: Args) => string;
  /** What helps, the last of them with a command to paste. */
  readonly hints: (args: Args) => readonly Hint[];
};

/** The arguments that a row names are those of its functions. */
export function row<const All extends Members>(
  args: All,
  message: (args: Data<All>) => string,
  hints: (args: Data<All>) => readonly Hint[] = () => [],
): Row<Data<All>> {
  return { args, message, hints };
}

/** A name as a part of a dotted key. */
export const bare = (name: string) => (/^[\w-]+$/.test(name) ? name : JSON.stringify(name));

/** A table as its header names it. */
export const header = (group: string, name: string) => `[${group}.${bare(name)}]`;

export const listed = (words: readonly string[]) => words.join(", ");
