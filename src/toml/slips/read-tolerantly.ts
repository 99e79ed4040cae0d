/**
 * Reads what can be read of a text that does not parse: what is wrong is passed over up to the next line that begins a key
 * or a header, and the rest is a document whose lines stand where they stood.
 */
import { CfgError } from "../../model/error.ts";
import { Document } from "../document.ts";
import { lineStartsOf, readToml } from "../read.ts";
import type { Range } from "../scan.ts";

/** A stretch of a text that is no TOML. */
export type Slip = Range;

/** A text as far as it can be read. */
export type Tolerant = {
  /** The text with blanks in the place of what was passed over. */
  readonly document: Document;
  /** In the order of the text; empty for a text that parses. */
  readonly slips: readonly Slip[];
};

/** Throws `unsafe-file` alone, where names lead too deep. */
export function readTolerantly(text: string): Tolerant {
  const slips: Slip[] = [];
  for (let now = text; ; ) {
    try {
      return { document: new Document(now, readToml(now, "")), slips };
    } catch (error) {
      if (!(error instanceof CfgError) || error.code !== "invalid-toml") throw error;
      const starts = lineStartsOf(now);
      const slip = { start: starts[(error.line ?? 1) - 1] ?? 0, end: starts[error.line ?? 1] ?? now.length };
      if (now.slice(slip.start, slip.end).trim() === "")
        return { document: new Document("", {}), slips: [...slips, slip] };
      slips.push(slip);
      now = now.slice(0, slip.start) + blank(now.slice(slip.start, slip.end)) + now.slice(slip.end);
    }
  }
}

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, " ");
}
