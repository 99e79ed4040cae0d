/**
 * Fixes a text whose only fault is a duplicate table or key: a second header of a table joins the first, and of two values
 * of one key the later counts while the earlier stays as a comment. No parser reads such a text, so its fix cannot be
 * verified as an edit is: it counts when a parser reads the result and every line is still there.
 */
import { CfgError } from "../model/error.ts";
import type { KeyPath } from "../model/op.ts";
import { indexLines, type LineIndex, type Section } from "./line-index.ts";
import { readToml } from "./read.ts";
import type { Entry } from "./scan.ts";
import { applySplices, commentsAbove, type Splice } from "./source.ts";
import { renderKey } from "./value.ts";

/** The table or key that a text has twice, and on which lines, from 1. */
export type Duplicate = { readonly path: KeyPath; readonly first: number; readonly second: number };

export type FixedText = {
  readonly text: string;
  /** The first duplicate; there may be more. */
  readonly duplicate: Duplicate;
  /** Two values of one key differ in spelling, so which of them should count is a guess. */
  readonly differs: boolean;
};

/** A limit: a text with more duplicates is left as it is. */
const MOST = 1000;

/** Null when the text parses as it is, or has another fault as well. */
export function fixDuplicates(text: string): FixedText | null {
  let fixed = text;
  let duplicate: Duplicate | undefined;
  let differs = false;
  const headers = new Set<string>();
  for (let i = 0; i < MOST; i++) {
    const step = orNull(() => firstDuplicate(indexLines(fixed)));
    if (!step) break;
    duplicate ??= { path: step.path, first: lineOf(text, step.earlier.start), second: lineOf(text, step.later.start) };
    differs ||= step.differs ?? false;
    if (step.header !== undefined) headers.add(step.header);
    fixed = applySplices(fixed, step.splices);
  }
  if (!duplicate || !orNull(() => readToml(fixed, ""))) return null;
  const lines = new Set(linesOf(fixed).map(bare));
  const isThere = (line: string) => line === "" || lines.has(line) || headers.has(line);
  return linesOf(text).map(bare).every(isThere) ? { text: fixed, duplicate, differs } : null;
}

type Place = { readonly start: number };
type Step = {
  readonly path: KeyPath;
  readonly earlier: Place;
  readonly later: Place;
  readonly splices: Splice[];
  /** A header line that goes, because its table has one already. */
  readonly header?: string;
  /** Of two different values one is commented out. */
  readonly differs?: boolean;
};

/** What the text has defined so far: by a header, or as the value of a key. */
type Definition =
  | { readonly section: Section; readonly entry?: undefined }
  | { readonly section: Section; readonly entry: Entry };

function firstDuplicate(source: LineIndex): Step | null {
  const known = new Map<string, Definition>();
  const elements = new Map<string, number>();
  for (const section of source.sections) {
    const path = pathOf(section, elements);
    const earlier = section.kind === "table" ? known.get(renderKey(path)) : undefined;
    if (section.key && earlier) return sameTable(source, path, earlier, section);
    if (section.kind === "table") known.set(renderKey(path), { section });
    for (const entry of section.entries) {
      const full = [...path, ...entry.key.parts];
      const before = known.get(renderKey(full));
      if (before) return sameKey(source, full, before, entry);
      known.set(renderKey(full), { section, entry });
    }
  }
  return null;
}

/** The path of a section, with the index of the last element for every array of tables on the way. */
function pathOf(section: Section, elements: Map<string, number>): KeyPath {
  const path: (string | number)[] = [];
  const parts = section.key?.parts ?? [];
  for (const [i, part] of parts.entries()) {
    path.push(part);
    const name = renderKey(path);
    const opens = section.kind === "array" && i === parts.length - 1;
    if (opens) elements.set(name, (elements.get(name) ?? -1) + 1);
    const element = elements.get(name);
    if (element !== undefined) path.push(element);
  }
  return path;
}

/**
 * The fix of a second header: its keys move below the first one; where a key defined the table, that key is commented
 * out.
 */
function sameTable(source: LineIndex, path: KeyPath, earlier: Definition, later: Section): Step {
  const places = { path, later: later.key as Place };
  if (earlier.entry) {
    const splices = [commentedOut(source, blockOf(source, earlier.entry))];
    return { ...places, earlier: earlier.entry, splices, differs: true };
  }
  const { section } = earlier;
  const end = source.lines.end(section.entries.at(-1)?.line ?? section.line);
  const top = source.lines.start(commentsAbove(source, later.line));
  const line = { start: source.lines.start(later.line), end: source.lines.end(later.line) };
  const last = source.lines.end(later.entries.at(-1)?.line ?? later.line);
  const header = source.text.slice(line.start, line.end);
  // The comments move as well, also one behind the header.
  const comment = header.includes("#") ? `# ${header}` : "";
  const moved = source.text.slice(top, line.start) + comment + source.text.slice(line.end, last);
  const eol = source.text.includes("\r\n") ? "\r\n" : "\n";
  const splices = [
    { start: end, end, text: moved === "" || moved.endsWith("\n") ? moved : moved + eol },
    { start: top, end: last, text: "" },
  ];
  return { ...places, earlier: section.key ?? { start: 0 }, splices, header: bare(header) };
}

/** The fix of a second value of a key: the same one is removed, of two different ones the earlier is commented out. */
function sameKey(source: LineIndex, path: KeyPath, earlier: Definition, later: Entry): Step {
  if (earlier.entry) {
    const old = blockOf(source, earlier.entry);
    const now = blockOf(source, later);
    const [first, second] = [old, now].map(({ start, end }) => source.text.slice(start, end).trim());
    const splice = first === second ? { ...now, text: "" } : commentedOut(source, old);
    const [value, other] = [earlier.entry, later].map((entry) => source.text.slice(entry.value.start, entry.value.end));
    return { path, earlier: earlier.entry, later, splices: [splice], differs: value !== other };
  }
  const { key, line, entries } = earlier.section;
  const last = entries.at(-1)?.line ?? line;
  const block = { start: source.lines.start(line), end: source.lines.end(last) };
  return { path, earlier: key ?? { start: 0 }, later, splices: [commentedOut(source, block)], differs: true };
}

type Stretch = { readonly start: number; readonly end: number };

/** The lines that a key takes up. */
function blockOf(source: LineIndex, { line }: Entry): Stretch {
  return { start: source.lines.textStart(line), end: source.lines.end(line) };
}

function commentedOut(source: LineIndex, { end, start }: Stretch): Splice {
  const text = source.text.slice(start, end).replace(/^(?=.)/gm, "# ");
  return { start, end, text };
}

function linesOf(text: string): string[] {
  return text.replace(/^\ufeff/, "").split(/\r?\n/);
}

/** A line without the comment sign that the fix may have put in front. */
function bare(line: string): string {
  return line.replace(/^(?:# )+/, "").trim();
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function orNull<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (error instanceof CfgError) return null;
    throw error;
  }
}
