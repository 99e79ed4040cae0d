/**
 * Writes a path again as an earlier text of the same file, the image, had it: the value in place where the key still
 * exists, else the old lines behind their old neighbour.
 */
import { CfgError } from "../model/error.ts";
import type { KeyPath } from "../model/op.ts";
import { fragmentOf, renderTable } from "./fragment.ts";
import { removeInline } from "./inline.ts";
import { elementText, putElement, putFragment } from "./insert.ts";
import { type Section, sectionOfLine } from "./line-index.ts";
import { readToml } from "./read.ts";
import { blocksOf } from "./remove.ts";
import { applySplices, type Block, lastLineOf, nearest, removeLines, Source, type Splice } from "./source.ts";
import { type Node, nodeAt } from "./tree.ts";
import { isTable, renderKey, valueAt } from "./value.ts";

/**
 * Whether the present value at `path` has to be removed before the old one comes back: one of the two is no single key.
 */
export function isInTheWay(source: Source, image: Source, { from, path }: Way): boolean {
  const is = nodeAt(source.root, path);
  return !isElement(path) && is !== null && !(is.entry && nodeAt(image.root, from)?.entry);
}

/** Where something comes back to, and where the image has it. */
type Way = { readonly path: KeyPath; readonly from: KeyPath };

const isElement = (path: KeyPath) => typeof path.at(-1) === "number";

/** The splices that bring `path` back from `image`; none while the present value is in the way. */
export function reinsertPath(source: Source, image: Source, { from, path }: Way): Splice[] {
  const was = nodeAt(image.root, from);
  if (isElement(path)) return [reinsertElement(source, image, { from, path })];
  const is = nodeAt(source.root, path);
  if (!was) throw new CfgError("internal", `the image has no ${renderKey(from)}`);
  if (is?.entry && was.entry) {
    const { start, end } = was.entry.value;
    return [{ start: is.entry.value.start, end: is.entry.value.end, text: image.text.slice(start, end) }];
  }
  if (is) return [];
  // Where elements have moved, the lines around the old place are others now.
  const hasMoved = path.some((part, i) => part !== from[i]);
  const inLines = hasMoved ? null : (reinsertInline(source, image, was) ?? reinsertLines(source, image, was));
  return inLines ?? reinsertFragment(source, image, was, { from, path });
}

/** Puts an element back in front of the one that has its index now; the first one of an array makes it. */
function reinsertElement(source: Source, image: Source, { from, path }: Way): Splice {
  const was = nodeAt(image.root, from);
  const { node, rest } = nearest(source, path.slice(0, -1));
  const element = was?.section ? null : valueAt(readToml(image.text, "an earlier text"), from);
  if (rest.some((part) => typeof part === "number") || (element !== null && !isTable(element)))
    throw new CfgError("unsupported-edit", `${renderKey(path)} cannot come back without the rest of its array`);
  if (was) refuseOtherEnds(source, image, was, path);
  const fragment = element === null ? withoutKnownComments(source, fragmentOf(image, from)) : renderTable(element);
  return putElement(source, node, elementText(path, fragment), Number(path.at(-1)));
}

/** Puts the old value into its table where that is now, in the form in which that is written now. */
function reinsertFragment(source: Source, image: Source, was: Node, { from, path }: Way): Splice[] {
  refuseOtherEnds(source, image, was, path);
  const isKey = was.entry !== null && was.entry.value.kind !== "inline";
  const fragment = withoutKnownComments(source, fragmentOf(image, from));
  return putFragment(source, isKey ? path.slice(0, -1) : path, fragment);
}

/** A fragment without the comment lines that the text still has: they stayed when the rest went. */
function withoutKnownComments(source: Source, fragment: string): string {
  const of = new Source(fragment);
  const known = commentsIn(source);
  const splices = commentsIn(of).flatMap((comment, line) => {
    const at = comment === null ? -1 : known.indexOf(comment);
    if (at < 0) return [];
    known[at] = null;
    return [removeLines(of, { first: line, last: line })];
  });
  return applySplices(fragment, splices);
}

/** The text of each line that is a comment; null for any other. */
function commentsIn({ lines, text }: Source): (string | null)[] {
  return Array.from({ length: lines.length }, (_, line) =>
    lines.kind(line) === "comment" ? text.slice(lines.content(line), lines.end(line)).trim() : null,
  );
}

function refuseOtherEnds(source: Source, image: Source, was: Node, path: KeyPath): void {
  if (!hasOtherEnds(source, image, was)) return;
  const message = `a string over several lines in ${renderKey(path)} has other line ends than the file has by now`;
  throw new CfgError("unsupported-edit", message);
}

/** Whether a multi-line string would get other line ends in the text, which would change its value. */
function hasOtherEnds(source: Source, image: Source, { children, entry }: Node): boolean {
  if (!entry) return [...children.values()].some((child) => hasOtherEnds(source, image, child));
  const text = image.text.slice(entry.value.start, entry.value.end);
  return /"""|'''/.test(text) && text.replace(/\r?\n/g, source.eol) !== text;
}

/** Brings back the whole inline table around `was` if nothing else in it has changed; else null. */
function reinsertInline(source: Source, image: Source, was: Node): Splice[] | null {
  if (!was.entry || was.entry.line >= 0) return null;
  let table: Node | null = was.parent;
  while (table && table.entry?.value.kind !== "inline") table = table.parent;
  const old = table?.entry?.value;
  const now = table && nodeAt(source.root, table.path)?.entry?.value;
  if (old?.kind !== "inline" || !now) return null;
  const without = applySplices(
    image.text,
    removeInline(image, old, [was.entry, was.entry], { name: renderKey(was.path) }),
  ).slice(old.start);
  const text = source.text.slice(now.start, now.end);
  const length = image.text.length - old.end;
  const expected = without.slice(0, without.length - length);
  return expected === text ? [{ start: now.start, end: now.end, text: image.text.slice(old.start, old.end) }] : null;
}

/** Brings back the removed lines, block by block; null when their section is gone or its table is inline now. */
function reinsertLines(source: Source, image: Source, was: Node): Splice[] | null {
  const blocks = blocksOf(image, was);
  const { node: table } = nearest(source, was.path);
  const isInline = table.entry !== null || table.dottedKeyUses.some(({ entry }) => entry.line < 0);
  if (blocks.length === 0 || isInline || table.elements) return null;
  const commented = blocksOf(image, was, true);
  const home = homeOf(source, was);
  const known = new Set(commentsIn(source));
  const splices: Splice[] = [];
  let place: Place = { line: -1, was: -1 };
  for (const [i, block] of blocks.entries()) {
    const isKey = image.lines.kind(block.first) === "entry";
    if (isKey && !home) return null;
    const neighbour = neighbourOf(source, image, block.first, place, isKey ? home : null);
    // The comment lines directly above come back with the block unless all of them are still there.
    const withComments = commented[i] ?? block;
    const comments = Math.max(neighbour.was + 1, withComments.first);
    const above = pastComments(source, image, neighbour, comments);
    const below = pastComments(source, image, { line: above, was: comments - 1 }, block.first);
    const areThere = below - above === block.first - comments;
    const line = areThere ? below : above;
    // Those that are elsewhere by now stay there.
    let first = block.first;
    while (!areThere && first > comments && !known.has(bodyOf(image, first - 1).trim())) first--;
    if (!isKey && !mayStand(source, was.path, line)) return null;
    // The blank line between two removed blocks belongs to both and comes back once.
    const next = blocks[i + 1]?.first ?? Number.POSITIVE_INFINITY;
    const last = Math.min(areThere ? block.last : withComments.last, next - 1);
    splices.push(putBack(source, line, image, { first, last }));
    place = { line, was: last };
  }
  return splices;
}

/** The section for the key of `was`; null when a table on the way to it is written in another form now. */
function homeOf(source: Source, was: Node): Section | null {
  let firstHeader = Number.POSITIVE_INFINITY;
  for (let table = was.parent; table; table = table.parent) {
    const now = nodeAt(source.root, table.path);
    // Dotted keys may not add to a table that a header above them has made.
    if (table.section) return now?.section && now.section.index < firstHeader ? now.section : null;
    if (now?.section || now?.elements) return null;
    firstHeader = now?.sections[0]?.index ?? firstHeader;
  }
  return null;
}

/** A line of the text and the same line in the image; -1 is the start of the file. */
type Place = { readonly line: number; readonly was: number };

/**
 * The nearest line above an image's line that the text still has, but none above `after`. For a key it is in the key's
 * section; a header goes below all keys of the section before it, with those that were added since.
 */
function neighbourOf(source: Source, image: Source, below: number, after: Place, home: Section | null): Place {
  let was = below - 1;
  let line = home ? home.line : -1;
  for (; was > after.was; was--) {
    const found = lineNow(source, image, was);
    if (found === null || (home && (found < home.line || found >= home.end))) continue;
    line = found;
    break;
  }
  line = Math.max(line, after.line);
  const section = home ? null : sectionOfLine(source.sections, line);
  return { line: section ? Math.max(line, lastLineOf(section)) : line, was };
}

/**
 * The last of the comments and blank lines below a place that the text and the image, up to its line `to`, have in
 * common.
 */
function pastComments(source: Source, image: Source, { line, was }: Place, to: number): number {
  let at = line;
  for (let next = was + 1; next < to; next++) {
    const kind = image.lines.kind(next);
    if ((kind === "comment" || kind === "blank") && isNext(source, at, image, next)) at++;
  }
  return at;
}

/** Whether the next line of the text equals a line of the image; a final line end counts as one more, empty line. */
function isNext(source: Source, line: number, image: Source, was: number): boolean {
  const text = bodyOf(image, was);
  if (line + 1 < source.lines.length) return bodyOf(source, line + 1) === text;
  // When the last line of a text without final line end is removed, the line end above it goes, too.
  return line + 1 === source.lines.length && text === "" && !isOpen(source) && isOpen(image);
}

/**
 * Whether TOML allows the header of a path behind a line: within the array elements of the path, below dotted keys of
 * its tables.
 */
function mayStand(source: Source, path: KeyPath, line: number): boolean {
  const { index } = sectionOfLine(source.sections, line);
  return path.every((part, i) => {
    const table = nodeAt(source.root, path.slice(0, i + 1));
    const dotted = sectionOfLine(source.sections, table?.dottedKeyUses[0]?.entry.line ?? -1).index;
    const next = typeof part === "number" ? table?.parent?.elements?.[part + 1]?.sections[0]?.index : undefined;
    const from = typeof part === "number" ? (table?.sections[0]?.index ?? 0) : 0;
    return Math.max(from, dotted) <= index && index < (next ?? Number.POSITIVE_INFINITY);
  });
}

/** Puts lines of the image behind a line of the text, spelled as they were, with the line ends that the file has now. */
function putBack(source: Source, line: number, image: Source, { first, last }: Block): Splice {
  const eol = source.text.includes("\n") ? source.eol : image.eol;
  const end = (of: number) => (eol === image.eol && endOf(image, of)) || eol;
  let text = bodyOf(image, first);
  for (let of = first + 1; of <= last; of++) text += end(of - 1) + bodyOf(image, of);
  // A file without a final line end stays without one.
  if (line >= 0 && line >= source.lines.length - (isOpen(source) ? 1 : 0)) text = end(first - 1) + text;
  else text += source.lines.length > 0 ? end(last) : endOf(image, last);
  const at = Math.max(source.lines.end(line), source.lines.textStart(0));
  return { start: at, end: at, text };
}

/** The present line of the header or key in an image's line; null when that is gone, or the line has neither. */
function lineNow(source: Source, image: Source, line: number): number | null {
  const kind = image.lines.kind(line);
  if (kind !== "header" && kind !== "entry") return null;
  const node = image.nodeOfLine(line);
  const now = node && nodeAt(source.root, node.path);
  const found = (kind === "header" ? now?.section?.line : now?.entry?.line) ?? -1;
  return found < 0 ? null : found;
}

function isOpen({ lines, text }: Source): boolean {
  return lines.length > 0 && !text.endsWith("\n");
}

function endOf({ lines, text }: Source, line: number): string {
  return /\r?\n$/.exec(text.slice(Math.max(0, lines.end(line) - 2), lines.end(line)))?.[0] ?? "";
}

function bodyOf(source: Source, line: number): string {
  const { lines, text } = source;
  return text.slice(lines.textStart(line), lines.end(line) - endOf(source, line).length);
}
