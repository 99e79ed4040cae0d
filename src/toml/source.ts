/**
 * A scanned text with its tables, and what edits need to know of its lines: where a block of comments starts, where a
 * section ends, which line end and style the file uses.
 */
import { CfgError } from "../model/error.ts";
import type { KeyPath, Splice } from "../model/op.ts";
import { indexLines, type LineIndex, type Section } from "./line-index.ts";
import type { Entry, Range } from "./scan.ts";
import { type Node, nodeAt, type Tree, treeOf } from "./tree.ts";

export type Eol = "\n" | "\r\n";

/** A text that a parser has accepted. Its lines and its tables are looked up when somebody first asks for them. */
export class Source {
  readonly text: string;
  #index: LineIndex | undefined;
  #tree: Tree | undefined;
  #eol: Eol | undefined;

  /** `eol` is the line end of new lines; without it, that of most lines in the text. */
  constructor(text: string, eol?: Eol) {
    this.text = text;
    this.#eol = eol;
  }

  get lines(): LineIndex["lines"] {
    return this.#lineIndex.lines;
  }

  get sections(): readonly Section[] {
    return this.#lineIndex.sections;
  }

  /** The root table. */
  get root(): Node {
    return this.#keys.root;
  }

  /** The table whose header, or the key whose value, stands on a line; undefined for any other line. */
  nodeOfLine(line: number): Node | undefined {
    return this.#keys.byLine[line];
  }

  get eol(): Eol {
    this.#eol ??= eolOf(this.text);
    return this.#eol;
  }

  get #lineIndex(): LineIndex {
    this.#index ??= indexLines(this.text);
    return this.#index;
  }

  get #keys(): Tree {
    this.#tree ??= treeOf(this.sections);
    return this.#tree;
  }
}

export type { Splice } from "../model/op.ts";

/** Whole lines from `first` to `last`, both included. */
export type Block = { readonly first: number; readonly last: number };

/**
 * The text, or the part of it `within` a range, after splices that do not overlap; those at one place are applied in the
 * order given.
 */
export function applySplices(text: string, splices: readonly Splice[], within: Range = whole(text)): string {
  let result = "";
  let at = within.start;
  for (const { start, end, text: inserted } of [...splices].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < at || end > within.end) throw new CfgError("internal", "two edits overlap");
    result += text.slice(at, start) + inserted;
    at = end;
  }
  return result + text.slice(at, within.end);
}

/** All of a text. */
export function whole(text: string): Range {
  return { start: 0, end: text.length };
}

/** Inserts whole lines, each given with a `\n`, behind line `after` (-1: at the very start). */
export function insertLines(source: Source, after: number, lines: string): Splice {
  const follows = source.lines.kind(after) !== undefined;
  const at = follows ? source.lines.end(after) : source.lines.textStart(0);
  const text = lines.replaceAll("\n", source.eol);
  // A file without a final line end stays without one.
  const open = follows && !source.text.endsWith("\n", at);
  return { start: at, end: at, text: open ? source.eol + text.slice(0, -source.eol.length) : text };
}

/** Removes whole lines. At the end of a file without a final line end, the line end before them is removed. */
export function removeLines(source: Source, { first, last }: Block): Splice {
  const start = source.lines.textStart(first);
  const end = source.lines.end(last);
  const unended = end === source.text.length && !source.text.endsWith("\n") && first > 0;
  return { start: unended ? start - (source.text.endsWith("\r\n", start) ? 2 : 1) : start, end, text: "" };
}

/** Lines as text with `\n` ends, the last one included. */
export function textOf(source: Source, { first, last }: Block): string {
  if (last < first) return "";
  const text = source.text.slice(source.lines.textStart(first), source.lines.end(last)).replaceAll("\r\n", "\n");
  return text.endsWith("\n") ? text : `${text}\n`;
}

/** The comment in a line behind the key or value that ends at `end`; null when there is none. */
export function trailingComment({ lines, text }: Source, end: number, line: number): Splice | null {
  const at = text.slice(end, lines.end(line)).indexOf("#");
  if (at < 0) return null;
  const comment = text.slice(end + at, lines.end(line)).trimEnd();
  return { start: end + at, end: end + at + comment.length, text: comment };
}

/** The first of the comment lines directly above a line, or the line itself; a blank line ends ownership. */
export function commentsAbove({ lines }: Pick<Source, "lines">, line: number): number {
  let first = line;
  while (lines.kind(first - 1) === "comment") first--;
  return first;
}

/** The line of a section's last key, or of its header; -1 for an empty root section. */
export function lastLineOf(section: Section): number {
  return section.entries.at(-1)?.line ?? section.line;
}

/**
 * Where a section's text ends: behind its last key and the comments directly below it, unless those belong to a header.
 */
export function sectionEnd(source: Source, section: Section): number {
  const last = lastLineOf(section);
  let end = last;
  while (source.lines.kind(end + 1) === "comment") end++;
  return source.lines.kind(end + 1) === "header" ? last : end;
}

/** How the last key of a section is written: what stands before it and around its `=`. */
export function styleOf(source: Source, section: Section): { readonly indent: string; readonly equals: string } {
  const entry = section.entries.at(-1);
  const line = entry?.line ?? section.line;
  const indent = line < 0 ? "" : (/^[ \t]*/.exec(source.text.slice(source.lines.textStart(line)))?.[0] ?? "");
  return { indent, equals: entry ? equalsOf(source.text, entry) : " = " };
}

/** `=` with or without spaces around it, as an entry has it, but without alignment. */
export function equalsOf(text: string, entry: Entry): string {
  return text.slice(entry.key.end, entry.value.start) === "=" ? "=" : " = ";
}

/** The deepest table on the way to a path that is there, and the rest of the path. */
export function nearest(source: Source, path: KeyPath): { readonly node: Node; readonly rest: KeyPath } {
  for (let depth = path.length; ; depth--) {
    const node = nodeAt(source.root, path.slice(0, depth));
    if (node) return { node, rest: path.slice(depth) };
  }
}

/** The names in a path as a header has them: without the indexes of array elements. */
export function headerParts(path: KeyPath): readonly string[] {
  return path.filter((part) => typeof part === "string");
}

/** The line end that most lines of a text have. */
export function eolOf(text: string): Eol {
  // Most texts have no CRLF at all.
  if (!text.includes("\r\n")) return "\n";
  let crlf = 0;
  let all = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    all++;
    if (text.charCodeAt(at - 1) === 13) crlf++;
  }
  return crlf * 2 > all ? "\r\n" : "\n";
}

/** The line end that all lines of a text have by now, where most of them had another one before; else null. */
export function rewrittenEol(before: string, now: string): Eol | null {
  const eol = eolOf(now);
  const isMixed = eol === "\r\n" ? /(?<!\r)\n/.test(now) : now.includes("\r\n");
  return isMixed || !now.includes("\n") || eolOf(before) === eol ? null : eol;
}
