/**
 * Where the lines and sections of a TOML text are; every character belongs to exactly one line. What a section holds is
 * looked at when somebody asks, so that a large file costs little more than its lines. Relies on a parser having
 * accepted the text.
 */
import { type Entry, type Key, lineEnd, scanEntry, scanHeader, skipSpace } from "./scan.ts";

const LF = 10;
const CR = 13;
const HASH = 35;
const OPEN = 91;
const BOM = 0xfeff;

const KINDS = ["header", "entry", "comment", "blank"] as const;
const [HEADER, ENTRY, COMMENT, BLANK] = [0, 1, 2, 3];
export type LineKind = (typeof KINDS)[number];

export type Outline = { readonly text: string; readonly lines: Lines; readonly sections: Sections };

/** Anything that can make a value longer than its line. */
const MULTILINE = /[[{]|"""|'''/g;

/** Finds the lines and sections of a valid TOML text in one pass. */
export function outline(text: string): Outline {
  const lines = new Lines(text);
  const headers: number[] = [];
  // Nothing that ends before here can make a value longer than its line.
  let multiline = -1;
  let at = text.charCodeAt(0) === BOM ? 1 : 0;
  while (at < text.length) {
    const first = skipSpace(text, at);
    const code = text.charCodeAt(first);
    let kind = ENTRY;
    at = lineEnd(text, first);
    if (code === HASH) kind = COMMENT;
    else if (code === LF || code === CR || first === text.length) kind = BLANK;
    else if (code === OPEN) {
      kind = HEADER;
      headers.push(lines.length);
    } else {
      if (multiline < first) {
        MULTILINE.lastIndex = first;
        multiline = MULTILINE.test(text) ? MULTILINE.lastIndex : text.length;
      }
      if (multiline < at) at = lineEnd(text, scanEntry(text, first, 0).end);
    }
    lines.add(kind, at);
  }
  return { text, lines, sections: new Sections(lines, headers) };
}

/** Whole lines with their ends; an entry that spans several is one. Two numbers each: a large file has a great many. */
export class Lines {
  readonly text: string;
  #length = 0;
  #ends: Int32Array;
  #kinds: Uint8Array;

  constructor(text: string) {
    const capacity = (text.length >> 5) + 16;
    this.text = text;
    this.#ends = new Int32Array(capacity);
    this.#kinds = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Undefined where there is no such line. */
  kind(line: number): LineKind | undefined {
    return line < this.#length ? KINDS[this.#kinds[line] ?? -1] : undefined;
  }

  /** Behind the last line: the end of the text. */
  start(line: number): number {
    return this.end(line - 1);
  }

  end(line: number): number {
    return line < 0 ? 0 : (this.#ends[Math.min(line, this.#length - 1)] ?? 0);
  }

  /** Where a line's text begins; a BOM in front of the first one is not part of it. */
  textStart(line: number): number {
    const start = this.start(line);
    return start === 0 && this.text.charCodeAt(0) === BOM ? 1 : start;
  }

  /** Where it begins behind its indent. */
  content(line: number): number {
    return skipSpace(this.text, this.textStart(line));
  }

  /** `kind` is an index into {@link KINDS}. */
  add(kind: number, end: number): void {
    if (this.#length === this.#ends.length) this.#grow();
    this.#ends[this.#length] = end;
    this.#kinds[this.#length] = kind;
    this.#length++;
  }

  #grow(): void {
    const [ends, kinds] = [this.#ends, this.#kinds];
    this.#ends = new Int32Array(ends.length * 2);
    this.#kinds = new Uint8Array(ends.length * 2);
    this.#ends.set(ends);
    this.#kinds.set(kinds);
  }
}

/** A header and what follows it up to the next one; the root section has neither key nor header line. */
export class Section {
  /** Which one it is in the file, the root's being 0. */
  readonly index: number;
  readonly kind: "root" | "table" | "array";
  readonly key: Key | null;
  /** The header's line, -1 for the root; `end` is the line behind the last one. */
  readonly line: number;
  readonly end: number;
  readonly #lines: Lines;
  #entries: readonly Entry[] | undefined;

  constructor(lines: Lines, index: number, line: number, end: number) {
    const open = line < 0 ? -1 : lines.content(line);
    this.index = index;
    this.kind = line < 0 ? "root" : lines.text.charCodeAt(open + 1) === OPEN ? "array" : "table";
    this.key = line < 0 ? null : scanHeader(lines.text, open);
    this.line = line;
    this.end = end;
    this.#lines = lines;
  }

  /** Its keys in file order. Throws `unsafe-file` when one nests deeper than {@link MAX_DEPTH}. */
  get entries(): readonly Entry[] {
    this.#entries ??= this.#scanEntries();
    return this.#entries;
  }

  #scanEntries(): Entry[] {
    const depth = this.key?.parts.length ?? 0;
    const found: Entry[] = [];
    for (let line = this.line + 1; line < this.end; line++) {
      if (this.#lines.kind(line) !== "entry") continue;
      found.push(scanEntry(this.#lines.text, this.#lines.content(line), depth, line));
    }
    return found;
  }
}

/** The sections of a text in file order, the root's first, each made when it is first asked for. */
export class Sections {
  readonly #lines: Lines;
  /** The line of each but the root's. */
  readonly #headers: readonly number[];
  readonly #made = new Map<number, Section>();

  constructor(lines: Lines, headers: readonly number[]) {
    this.#lines = lines;
    this.#headers = headers;
  }

  get length(): number {
    return this.#headers.length + 1;
  }

  /** Undefined where there is no such section. */
  at(index: number): Section | undefined {
    if (index < 0 || index >= this.length) return undefined;
    let section = this.#made.get(index);
    if (!section) {
      section = new Section(this.#lines, index, this.#line(index), this.#line(index + 1));
      this.#made.set(index, section);
    }
    return section;
  }

  /** The parts of a section's header, looked at in passing. */
  partsAt(index: number): readonly string[] {
    const known = this.#made.get(index);
    if (index === 0 || known) return known?.key?.parts ?? [];
    return scanHeader(this.#lines.text, this.#lines.content(this.#line(index))).parts;
  }

  /** Where a section's text starts, and the one before it ends. */
  startAt(index: number): number {
    return index === 0 ? 0 : this.#lines.start(this.#line(index));
  }

  /** The section that a line belongs to. */
  ofLine(line: number): number {
    return lastWhere(this.length, (index) => this.#line(index) <= line);
  }

  /** The section that a character belongs to. */
  ofOffset(offset: number): number {
    return lastWhere(this.length, (index) => this.startAt(index) <= offset);
  }

  *[Symbol.iterator](): IterableIterator<Section> {
    for (let index = 0; index < this.length; index++) yield this.at(index) as Section;
  }

  #line(index: number): number {
    return index === 0 ? -1 : (this.#headers[index - 1] ?? this.#lines.length);
  }
}

/** The last number below `length` for which something holds that holds for 0, and for none behind one it does not hold for. */
export function lastWhere(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  for (let high = length; high - low > 1; ) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}
