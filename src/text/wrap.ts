/** Lines that fit a terminal: text broken between its words, a command so that a shell still takes it as one. */

/** Prose, or a command line to paste. */
export type Part = string | { readonly command: string };

/**
 * Breaks text into lines of at most `width` columns; every line but the first begins with `indent`. A word longer than
 * that keeps a line of its own. Inside a command each broken line ends with the backslash that a shell takes for it.
 */
export function wrap(parts: Part | readonly Part[], width: number, indent = ""): string[] {
  const lines: string[] = [];
  let line: string | null = null;
  for (const { goesOn, isWithin, text } of wordsOf(Array.isArray(parts) ? parts : [parts as Part])) {
    const reserved = goesOn ? CONTINUED.length : 0;
    if (line === null) line = text;
    else if (line.length + 1 + text.length + reserved <= width) line += ` ${text}`;
    else {
      lines.push(isWithin ? line + CONTINUED : line);
      line = indent + text;
    }
  }
  return [...lines, line ?? ""];
}

/** Wraps each line of a text; what is broken off stands `indent` further in than its line began. */
export function wrapLines(text: string, width: number, indent = "  "): string {
  const wrapped = text.split("\n").flatMap((line) => {
    if (line.length <= width) return [line];
    const [before = ""] = /^ */.exec(line) ?? [];
    const rest = line.slice(before.length);
    const part = /^(?:\$ )?codex-cfg /.test(rest) ? { command: rest } : rest;
    return wrap(part, width - before.length, indent).map((piece) => before + piece);
  });
  return wrapped.join("\n");
}

/** Very long lines are hard to read, however wide the terminal is. */
export const fitted = (columns: number) => Math.min(120, columns);

const CONTINUED = " \\";

type Word = {
  readonly text: string;
  /** A word of the same command stands before it. */
  readonly isWithin: boolean;
  /** A word of the same command comes after it. */
  readonly goesOn: boolean;
};

function wordsOf(parts: readonly Part[]): Word[] {
  return parts.flatMap((part) => {
    if (typeof part === "string") return part.split(" ").map((text) => ({ text, isWithin: false, goesOn: false }));
    // What is quoted stays in one piece: a backslash inside of quotes is a character.
    const words = part.command.match(/(?:'[^']*'|[^\s'])+/g) ?? [];
    return words.map((text, i) => ({ text, isWithin: i > 0, goesOn: i < words.length - 1 }));
  });
}
