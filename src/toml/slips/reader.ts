/**
 * A place in a text that goes forward, and the slips on the way. A strict reader stops at the first of them, so that what is
 * in order is never read in a second way.
 */
import type { KeyPath } from "../../model/op.ts";
import type { SlipKind } from "../../model/slip.ts";
import type { Range } from "../scan.ts";
import { codeName, isInvisible, isOddSpace } from "./characters.ts";
import type { Expects, Reading, Slip } from "./slip.ts";

/** Nobody can tell where the text goes on; `readings` are of the whole statement. */
export class Lost extends Error {
  readonly kind: SlipKind;
  readonly at: number;
  readonly found: string | null;

  constructor(kind: SlipKind, at: number, found: string | null = null) {
    super(kind);
    this.kind = kind;
    this.at = at;
    this.found = found;
  }
}

export class Reader {
  readonly text: string;
  readonly expects: Expects;
  readonly strict: boolean;
  readonly slips: Slip[] = [];
  at: number;
  /** The key whose value is being read. */
  path: KeyPath = [];
  /** Where the statement's first line starts. */
  readonly start: number;

  constructor(text: string, at: number, expects: Expects, strict: boolean) {
    this.text = text;
    this.at = at;
    this.start = at;
    this.expects = expects;
    this.strict = strict;
  }

  get char(): string {
    return this.text.charAt(this.at);
  }

  /** Whether a line ends here. */
  get isEnd(): boolean {
    return this.at >= this.text.length || this.char === "\n" || this.text.startsWith("\r\n", this.at);
  }

  /** Where the line ends that `at` is in, in front of its line end. */
  lineEnd(at = this.at): number {
    const end = this.text.indexOf("\n", at);
    if (end < 0) return this.text.length;
    return this.text.charAt(end - 1) === "\r" && end > at ? end - 1 : end;
  }

  /** The text that a pattern finds here; empty where it finds none. The pattern is sticky. */
  match(pattern: RegExp, at = this.at): string {
    pattern.lastIndex = at;
    return pattern.exec(this.text)?.[0] ?? "";
  }

  /** With one reading it is sure, unless somebody says otherwise. */
  slip(
    kind: SlipKind,
    range: Range,
    readings: readonly Reading[],
    found: string | null = null,
    at = range.start,
    isSure = readings.length === 1,
  ): void {
    if (this.strict) throw new Lost(kind, at, found);
    this.slips.push({ kind, ...range, at, found, readings, isSure, path: this.path });
  }

  /** A slip with one reading: another text in its place. */
  replace(kind: SlipKind, start: number, end: number, text: string, found: string | null = null): void {
    this.slip(kind, { start, end }, [{ as: "correct", splices: [{ start, end, text }] }], found);
  }

  /** Spaces and tabs, and what looks like them. */
  skipSpace(): void {
    for (;;) {
      const { char } = this;
      if (char === " " || char === "\t") this.at++;
      else if (char !== "" && (isInvisible(char) || isOddSpace(char))) this.odd(this.at, isOddSpace(char) ? " " : "");
      else return;
    }
  }

  /** The run of one character that does not show, replaced. */
  odd(start: number, text: string): void {
    const { char } = this;
    let end = start;
    while (this.text.charAt(end) === char) end++;
    this.replace(char === "\0" ? "nul" : "invisible", start, end, text, codeName(char));
    this.at = end;
  }
}
