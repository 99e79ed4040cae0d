/**
 * What helps the user on, as data: a note, and at most one command to paste. Does not know how the command is quoted, nor
 * the options for home and release that are added when it is printed.
 */

export type Hint =
  /** A note alone. */
  | string
  /** Arguments of codex-cfg, without the options that name the home and the release. */
  | { readonly note: string; readonly argv: readonly string[] }
  /** The line of another program, as a shell takes it. */
  | { readonly note: string; readonly shell: string };

/** The arguments of one of our commands. Names that begin with a dash go behind `--`, so that they are no options. */
export function argvOf(
  verb: string,
  operands: readonly string[] = [],
  options: readonly string[] = [],
): readonly string[] {
  const words = verb.split(" ");
  return operands.some((operand) => operand.startsWith("-"))
    ? [...words, ...options, "--", ...operands]
    : [...words, ...operands, ...options];
}

/** The arguments of the command that was given, with more options. */
export type Again = (...options: readonly string[]) => readonly string[];
