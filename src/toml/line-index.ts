/**
 * Where the lines and sections of a TOML text are; every character belongs to exactly one line. Knows where things stand,
 * not what they mean. Relies on a parser having accepted the text.
 */
import { type Entry, type Key, lineEnd, scanEntry, scanHeader, skipSpace } from "./scan.ts";

export type LineIndex = { readonly text: string; readonly lines: Lines; readonly sections: readonly Section[] };

export type LineKind = "header" | "entry" | "comment" | "blank";

/**
 * A header and what follows it up to the next one; the root section, always the first, has neither key nor header line.
 */
export type Section = {
  /** Its number in the file, from 0. */
  readonly index: number;
  readonly kind: "root" | "table" | "array";
  readonly key: Key | null;
  /** The header's line, -1 for the root; `end` is the line behind the last one. */
  readonly line: number;
  readonly end: number;
  /** Its keys in file order. */
  readonly entries: readonly Entry[];
};

const LF = 10;
const CR = 13;
const HASH = 35;
const OPEN = 91;
const BOM = 0xfeff;

/** Finds the lines and sections of a valid TOML text in one pass. */
export function indexLines(text: string): LineIndex {
  const lines = new Lines(text);
  const sections: (Section & { end: number; entries: Entry[] })[] = [];
  const begin = (kind: Section["kind"], key: Key | null, line: number) => {
    const section = { index: sections.length, kind, key, line, end: line + 1, entries: [] as Entry[] };
    sections.push(section);
    return section;
  };
  let section = begin("root", null, -1);
  for (let at = lines.textStart(0); at < text.length; at = lines.start(lines.length)) {
    const first = skipSpace(text, at);
    const code = text.charCodeAt(first);
    if (code === HASH) lines.add("comment", lineEnd(text, first));
    else if (code === LF || code === CR || first === text.length) lines.add("blank", lineEnd(text, first));
    else if (code === OPEN) {
      const kind = text.charCodeAt(first + 1) === OPEN ? "array" : "table";
      section = begin(kind, scanHeader(text, first), lines.length);
      lines.add("header", lineEnd(text, first));
    } else {
      const entry = scanEntry(text, first, lines.length);
      section.entries.push(entry);
      lines.add("entry", lineEnd(text, entry.end));
    }
    section.end = lines.length;
  }
  return { text, lines, sections };
}

/** Whole lines with their ends; an entry that spans several is one. */
export class Lines {
  readonly #text: string;
  readonly #ends: number[] = [];
  readonly #kinds: LineKind[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  get length(): number {
    return this.#ends.length;
  }

  /** Undefined where there is no such line. */
  kind(line: number): LineKind | undefined {
    return this.#kinds[line];
  }

  /** Where a line starts; for the line behind the last one, the end of the text. */
  start(line: number): number {
    return this.end(line - 1);
  }

  end(line: number): number {
    return line < 0 ? 0 : (this.#ends[Math.min(line, this.length - 1)] ?? 0);
  }

  /** Where a line's text begins; a BOM in front of the first one is not part of it. */
  textStart(line: number): number {
    const start = this.start(line);
    return start === 0 && this.#text.charCodeAt(0) === BOM ? 1 : start;
  }

  /** Where a line's text begins behind its indent. */
  content(line: number): number {
    return skipSpace(this.#text, this.textStart(line));
  }

  add(kind: LineKind, end: number): void {
    this.#kinds.push(kind);
    this.#ends.push(end);
  }
}

/** The section that a line belongs to. */
export function sectionOfLine(sections: readonly Section[], line: number): Section {
  return sections[lastWhere(sections.length, (index) => (sections[index]?.line ?? 0) <= line)] as Section;
}

/** Binary search: the last index below `length` that `holds`, which is true up to some index and false behind it. */
export function lastWhere(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  for (let high = length; high - low > 1; ) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}
