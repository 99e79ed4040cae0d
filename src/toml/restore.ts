/**
 * Writes a path again as an earlier text of the same file had it: the value in place where the key still stands, else
 * the old lines behind the neighbour they had.
 */
import { CfgError } from "../errors.ts";
import type { KeyPath } from "../op.ts";
import { removeInline } from "./inline.ts";
import { putFragment } from "./insert.ts";
import { blocksOf, fragmentOf } from "./remove.ts";
import { applySplices, type Block, insertLines, lastLineOf, type Source, type Splice, textOf } from "./source.ts";
import { type Node, nodeAt, nodeOfLine } from "./tree.ts";
import { renderKey } from "./value.ts";

/** The splices that bring `path` back from `image`. Refuses where something of another kind has taken its place. */
export function restorePath(source: Source, image: Source, path: KeyPath): Splice[] {
  const was = nodeAt(image.root, path);
  const is = nodeAt(source.root, path);
  if (!was) throw new CfgError("internal", `the image has no ${renderKey(path)}`);
  if (is?.entry && was.entry) {
    const { start, end } = was.entry.value;
    const text = image.text.slice(start, end).replaceAll("\r\n", "\n").replaceAll("\n", source.eol);
    return [{ start: is.entry.value.start, end: is.entry.value.end, text }];
  }
  const isKey = was.entry !== null && was.entry.value.kind !== "inline";
  if (is) throw new CfgError("conflict", `${renderKey(path)} is there again in another form`);
  return (
    restoreInline(source, image, was) ??
    restoreLines(source, image, was) ??
    putFragment(source, isKey ? path.slice(0, -1) : path, fragmentOf(image, path))
  );
}

/** Inside an inline table that is otherwise as it was, the whole table gets its old spelling back; null elsewhere. */
function restoreInline(source: Source, image: Source, was: Node): Splice[] | null {
  if (!was.entry || was.entry.line >= 0) return null;
  let table: Node | null = was.parent;
  while (table && table.entry?.value.kind !== "inline") table = table.parent;
  const old = table?.entry?.value;
  const now = table && nodeAt(source.root, table.path)?.entry?.value;
  if (old?.kind !== "inline" || !now) return null;
  const without = applySplices(image.text, [removeInline(image, old, was.entry)]).slice(old.start);
  const text = source.text.slice(now.start, now.end);
  const length = image.text.length - old.end;
  const expected = without.slice(0, without.length - length);
  return expected === text ? [{ start: now.start, end: now.end, text: image.text.slice(old.start, old.end) }] : null;
}

/** Puts the removed lines back one block at a time; null when their section is gone or they were no lines. */
function restoreLines(source: Source, image: Source, was: Node): Splice[] | null {
  const blocks = blocksOf(image, was);
  if (blocks.length === 0) return null;
  const commented = blocksOf(image, was, true);
  const splices: Splice[] = [];
  for (const [i, plain] of blocks.entries()) {
    const found = placeOf(source, image, plain, blocks);
    // The comment lines above come along when they went along.
    const block = found?.exact ? plain : (commented[i] ?? plain);
    const place = found?.exact ? found : placeOf(source, image, block, commented);
    if (place === null) return null;
    splices.push(insertLines(source, place.line, textOf(image, block)));
  }
  return splices;
}

/** `exact` when every line between that neighbour and the block is still there. */
type Place = { readonly line: number; readonly exact: boolean };

/** The line of `source` that corresponds to the one above `block` in `image`; -1 is the start of the file. */
function placeOf(source: Source, image: Source, block: Block, removed: readonly Block[]): Place | null {
  const isKey = !linesOf(block).some((line) => image.lines.kind(line) === "header");
  const isRemoved = (line: number) => removed.some(({ first, last }) => first <= line && line <= last);
  let anchor = block.first - 1;
  const root = source.sections.at(0);
  // A header without a neighbour above comes back below the root keys that somebody has added since.
  let line = isKey || !root ? -1 : lastLineOf(root);
  for (; anchor >= 0; anchor--) {
    const found = isRemoved(anchor) ? null : sameLine(source, image, anchor);
    if (found) {
      line = isKey ? found.line : Math.max(found.line, found.sectionLast);
      break;
    }
    if (isKey && image.lines.kind(anchor) === "header") return null;
  }
  // Comments and blank lines that still follow the neighbour as they did stay between it and what comes back.
  for (let i = anchor + 1; i < block.first; i++) {
    if (isRemoved(i)) continue;
    if (source.lines.kind(line + 1) === undefined || lineText(source, line + 1) !== lineText(image, i))
      return { line, exact: false };
    line++;
  }
  return { line, exact: true };
}

/** Where the header or key of an image's line stands now; null when it is gone or was neither. */
function sameLine(
  source: Source,
  image: Source,
  line: number,
): { readonly line: number; readonly sectionLast: number } | null {
  const kind = image.lines.kind(line);
  if (kind !== "header" && kind !== "entry") return null;
  const node = nodeOfLine(image.root, image.sections, line);
  const now = node && nodeAt(source.root, node.path);
  const found = kind === "header" ? now?.section?.line : now?.entry?.line;
  if (found === undefined || found < 0) return null;
  const section = source.sections.at(source.sections.ofLine(found));
  return { line: found, sectionLast: section ? lastLineOf(section) : found };
}

function lineText(source: Source, line: number): string {
  return textOf(source, { first: line, last: line });
}

function linesOf({ first, last }: Block): number[] {
  return Array.from({ length: last + 1 - first }, (_, i) => first + i);
}
