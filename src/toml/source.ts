/**
 * A scanned text with its tables, and what an editor asks of its lines: where a block of comments starts, where a
 * section ends, which line end and style the file uses. Splices are computed against one source and applied at once.
 */
import { CfgError } from "../errors.ts";
import type { KeyPath } from "../op.ts";
import { type Entry, type Scan, type Section, scan } from "./scan.ts";
import { buildTree, type Node, nodeAt, sectionsUnder } from "./tree.ts";

export type Source = Scan & { readonly root: Node; readonly eol: "\n" | "\r\n" };

/** Replace the characters from `start` to `end` by `text`. */
export type Splice = { readonly start: number; readonly end: number; readonly text: string };

/** Whole lines from `first` to `last`, both included. */
export type Block = { readonly first: number; readonly last: number };

/** Scans a text that a parser has accepted. */
export function sourceOf(text: string): Source {
  const scanned = scan(text);
  return { ...scanned, root: buildTree(scanned), eol: eolOf(text) };
}

/** The text after some splices, which do not overlap; those at one place go in the order given. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let result = "";
  let at = 0;
  for (const { start, end, text: inserted } of [...splices].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < at) throw new CfgError("internal", "two edits overlap");
    result += text.slice(at, start) + inserted;
    at = end;
  }
  return result + text.slice(at);
}

/** Inserts whole lines, each given with a `\n`, behind line `after` (-1: at the very start). */
export function insertLines(source: Source, after: number, lines: string): Splice {
  const line = source.lines[after];
  const at = line ? line.end : startOf(source, 0);
  const text = lines.replaceAll("\n", source.eol);
  // A file without a final line end stays without.
  const open = line !== undefined && !source.text.endsWith("\n", at);
  return { start: at, end: at, text: open ? source.eol + text.slice(0, -source.eol.length) : text };
}

/** Removes whole lines. At the end of a file without a final line end, the one before goes instead. */
export function removeLines(source: Source, { first, last }: Block): Splice {
  const start = startOf(source, first);
  const end = endOf(source, last);
  const unended = end === source.text.length && !source.text.endsWith("\n") && first > 0;
  return { start: unended ? start - (source.text.endsWith("\r\n", start) ? 2 : 1) : start, end, text: "" };
}

/** Lines as text with `\n` ends, the last one included. */
export function textOf(source: Source, { first, last }: Block): string {
  if (last < first) return "";
  const text = source.text.slice(startOf(source, first), endOf(source, last)).replaceAll("\r\n", "\n");
  return text.endsWith("\n") ? text : `${text}\n`;
}

/** Where a line's text begins; a BOM in front of the first one is not part of it. */
export function startOf(source: Source, line: number): number {
  const start = source.lines[line]?.start ?? source.text.length;
  return start === 0 && source.text.charCodeAt(0) === 0xfeff ? 1 : start;
}

export function endOf(source: Source, line: number): number {
  return source.lines[line]?.end ?? source.text.length;
}

/** The first of the comment lines directly above a line, or the line itself; a blank line ends ownership. */
export function commentsAbove(source: Source, line: number): number {
  let first = line;
  while (source.lines[first - 1]?.kind === "comment") first--;
  return first;
}

/** The line of a section's last key, or of its header; -1 for an empty root section. */
export function lastLineOf(section: Section): number {
  return section.entries.at(-1)?.line ?? section.line;
}

/** Where a section's text ends: behind its last key and the comments directly below it, unless those lead to a header. */
export function sectionEnd(source: Source, section: Section): number {
  const last = lastLineOf(section);
  let end = last;
  while (source.lines[end + 1]?.kind === "comment") end++;
  return source.lines[end + 1]?.kind === "header" ? last : end;
}

/** The last section, in file order, of a table and everything below it. */
export function lastSectionUnder(node: Node): Section | undefined {
  return sectionsUnder(node).reduce<Section | undefined>((a, b) => (a && a.line > b.line ? a : b), undefined);
}

/** How the last key of a section is written: what stands before it and around its `=`. */
export function styleOf(source: Source, section: Section): { readonly indent: string; readonly equals: string } {
  const entry = section.entries.at(-1);
  const line = entry?.line ?? section.line;
  const indent = line < 0 ? "" : (/^[ \t]*/.exec(source.text.slice(startOf(source, line)))?.[0] ?? "");
  return { indent, equals: entry ? equalsOf(source, entry) : " = " };
}

/** `=` as an entry has it, without alignment. */
export function equalsOf(source: Source, entry: Entry): string {
  return source.text.slice(entry.key.end, entry.value.start) === "=" ? "=" : " = ";
}

/** The deepest table on the way to a path that is there, and the rest of the path. */
export function nearest(source: Source, path: KeyPath): { readonly node: Node; readonly rest: KeyPath } {
  for (let depth = path.length; ; depth--) {
    const node = nodeAt(source.root, path.slice(0, depth));
    if (node) return { node, rest: path.slice(depth) };
  }
}

/** Header parts of a path: indices of array elements are not spelled. */
export function headerParts(path: KeyPath): readonly string[] {
  return path.filter((part) => typeof part === "string");
}

/** The line end that most lines of a text have. */
export function eolOf(text: string): "\n" | "\r\n" {
  let crlf = 0;
  let all = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    all++;
    if (text.charCodeAt(at - 1) === 13) crlf++;
  }
  return crlf * 2 > all ? "\r\n" : "\n";
}
