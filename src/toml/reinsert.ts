/**
 * Writes a path again as an earlier text of the same file had it: the value in place where the key still stands, else
 * the old lines behind the neighbour they had.
 */
import { CfgError } from "../errors.ts";
import type { KeyPath } from "../op.ts";
import { fragmentOf } from "./fragment.ts";
import { removeInline } from "./inline.ts";
import { putFragment } from "./insert.ts";
import { type Section, sectionOfLine } from "./line-index.ts";
import { blocksOf } from "./remove.ts";
import { applySplices, type Block, lastLineOf, nearest, type Source, type Splice } from "./source.ts";
import { type Node, nodeAt } from "./tree.ts";
import { renderKey } from "./value.ts";

/** Whether something is at `path` that can only go before the old comes back: one of the two is no single key. */
export function isInTheWay(source: Source, image: Source, path: KeyPath): boolean {
  const is = nodeAt(source.root, path);
  return is !== null && !(is.entry && nodeAt(image.root, path)?.entry);
}

/** The splices that bring `path` back from `image`; none as long as something is in the way. */
export function reinsertPath(source: Source, image: Source, path: KeyPath): Splice[] {
  const was = nodeAt(image.root, path);
  const is = nodeAt(source.root, path);
  refuseLoneElement(source, path);
  if (!was) throw new CfgError("internal", `the image has no ${renderKey(path)}`);
  if (is?.entry && was.entry) {
    const { start, end } = was.entry.value;
    return [{ start: is.entry.value.start, end: is.entry.value.end, text: image.text.slice(start, end) }];
  }
  if (is) return [];
  return (
    reinsertInline(source, image, was) ??
    reinsertLines(source, image, was) ??
    reinsertFragment(source, image, was, path)
  );
}

/** Elements are told apart by their place alone: what was in one that has gone could come into another. */
function refuseLoneElement(source: Source, path: KeyPath): void {
  for (const [i, part] of path.entries()) {
    if (typeof part !== "number") continue;
    const table = path.slice(0, i + 1);
    if (table.length < path.length && nodeAt(source.root, table)) continue;
    throw new CfgError("unsupported-edit", `${renderKey(table)} cannot come back without the rest of its array`);
  }
}

/** Puts it where the table it belongs to is by now, in the form that one has. */
function reinsertFragment(source: Source, image: Source, was: Node, path: KeyPath): Splice[] {
  if (hasOtherEnds(source, image, was)) {
    const message = `a string over several lines in ${renderKey(path)} has other line ends than the file has by now`;
    throw new CfgError("unsupported-edit", message);
  }
  const isKey = was.entry !== null && was.entry.value.kind !== "inline";
  return putFragment(source, isKey ? path.slice(0, -1) : path, fragmentOf(image, path));
}

/** Whether a string below a node has line ends that would not survive in another place: they are part of its value. */
function hasOtherEnds(source: Source, image: Source, { children, entry }: Node): boolean {
  if (!entry) return [...children.values()].some((child) => hasOtherEnds(source, image, child));
  const text = image.text.slice(entry.value.start, entry.value.end);
  return /"""|'''/.test(text) && text.replace(/\r?\n/g, source.eol) !== text;
}

/** Inside an inline table that is otherwise as it was, the whole table gets its old spelling back; null elsewhere. */
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

/** Puts the removed lines back one block at a time; null when their section is gone, or there is no room for lines. */
function reinsertLines(source: Source, image: Source, was: Node): Splice[] | null {
  const blocks = blocksOf(image, was);
  const { node: above } = nearest(source, was.path);
  const isInline = above.entry !== null || above.dottedKeyUses.some(({ entry }) => entry.line < 0);
  if (blocks.length === 0 || isInline || above.elements) return null;
  const commented = blocksOf(image, was, true);
  const home = homeOf(source, was);
  const splices: Splice[] = [];
  let place: Place = { line: -1, was: -1 };
  for (const [i, block] of blocks.entries()) {
    const isKey = image.lines.kind(block.first) === "entry";
    if (isKey && !home) return null;
    const neighbour = neighbourOf(source, image, block.first, place, isKey ? home : null);
    const withOwn = commented[i] ?? block;
    const own = Math.max(neighbour.was + 1, withOwn.first);
    const below = passLoose(source, image, neighbour, own);
    const belowOwn = passLoose(source, image, { line: below, was: own - 1 }, block.first);
    // The comment lines above come along when they went along.
    const isOwnThere = belowOwn - below === block.first - own;
    const line = isOwnThere ? belowOwn : below;
    if (!isKey && !mayStand(source, was.path, line)) return null;
    // A blank line between two of the blocks went with both.
    const next = blocks[i + 1]?.first ?? Number.POSITIVE_INFINITY;
    const last = Math.min(isOwnThere ? block.last : withOwn.last, next - 1);
    splices.push(putBack(source, line, image, { first: isOwnThere ? block.first : own, last }));
    place = { line, was: last };
  }
  return splices;
}

/** The section whose keys the plain or dotted keys of `was` are among; null when a table between has another form now. */
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

/** A line of the text and the line of the image that it was; -1 is the start of the file. */
type Place = { readonly line: number; readonly was: number };

/**
 * The nearest line above an image's line that is still there, not above `after`. A key finds it in its section; a header
 * goes below all keys of the section it stood behind, those that somebody has added since included.
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

/** Behind the comments and blank lines of an image, up to a line, that follow in the text as they did. */
function passLoose(source: Source, image: Source, { line, was }: Place, to: number): number {
  let at = line;
  for (let loose = was + 1; loose < to; loose++) {
    const kind = image.lines.kind(loose);
    if ((kind === "comment" || kind === "blank") && isNext(source, at, image, loose)) at++;
  }
  return at;
}

/** Whether a line of the image is the next one of the text, be it the empty one that an end of line leaves behind it. */
function isNext(source: Source, line: number, image: Source, was: number): boolean {
  const text = bodyOf(image, was);
  if (line + 1 < source.lines.length) return bodyOf(source, line + 1) === text;
  // The last lines of a file without a last line end were removed with the end of the line above them.
  return line + 1 === source.lines.length && text === "" && !isOpen(source) && isOpen(image);
}

/** Whether a header of a path may stand behind a line: in the elements that it names, below dotted keys for its tables. */
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

/** Lines of the image behind a line of the text, spelled as they were but with the line ends that the file has by now. */
function putBack(source: Source, line: number, image: Source, { first, last }: Block): Splice {
  const eol = source.text.includes("\n") ? source.eol : image.eol;
  const end = (of: number) => (eol === image.eol && endOf(image, of)) || eol;
  let text = bodyOf(image, first);
  for (let of = first + 1; of <= last; of++) text += end(of - 1) + bodyOf(image, of);
  // A file without a last line end stays without.
  if (line >= 0 && line >= source.lines.length - (isOpen(source) ? 1 : 0)) text = end(first - 1) + text;
  else text += source.lines.length > 0 ? end(last) : endOf(image, last);
  const at = Math.max(source.lines.end(line), source.lines.textStart(0));
  return { start: at, end: at, text };
}

/** Where the header or key of an image's line stands now; null when it is gone or was neither. */
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
