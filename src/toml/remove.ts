/**
 * Taking a path out of a text, in whatever form it is written. Comment lines above a removed key stay, because they may
 * describe a group.
 */
import { CfgError } from "../model/error.ts";
import type { KeyPath } from "../model/op.ts";
import { enclosingTable, inlineComment, removeInline } from "./inline.ts";
import type { Section } from "./line-index.ts";
import type { Entry } from "./scan.ts";
import {
  type Block,
  commentsAbove,
  lastLineOf,
  nearest,
  removeLines,
  type Source,
  type Splice,
  sectionEnd,
  trailingComment,
} from "./source.ts";
import { type Node, nodeAt } from "./tree.ts";
import { renderKey } from "./value.ts";

/** What else is removed, or kept, when a path is removed. */
export type UnsetOptions = {
  /** Removes the comment lines directly above as well. */
  readonly comments?: boolean;
  /** Removes the comment lines directly below as well. */
  readonly tail?: boolean;
  /** Removes the header as well if it has no other key and no comment of its own. */
  readonly header?: boolean;
  /** Comments that stay, each on a line of its own. */
  readonly keep?: readonly string[];
};

/** The splices that remove `path`; none when nothing is there. Parts inside an inline table have to be neighbours. */
export function unsetPath(source: Source, path: KeyPath, options: UnsetOptions = {}): Splice[] {
  const { comments = false, header = false, keep = [], tail = false } = options;
  const node = removableAt(source, path);
  if (!node) return [];
  const lone = header && keep.length === 0 ? loneSection(source, node, comments) : null;
  if (lone) return [removeLines(source, lone)];
  const inline = ownEntries(node).filter(({ line }) => line < 0);
  const [first, last] = [inline.at(0), inline.at(-1)];
  return [
    ...mergeBlocks(blocksOf(source, node, comments, tail)).flatMap((block) =>
      removeBlock(source, tail ? apart(source, block) : block, keep),
    ),
    ...(first && last
      ? removeInline(source, enclosingTable(node), [first, last], {
          name: renderKey(path),
          keepComment: keep.length > 0,
        })
      : []),
  ];
}

/** Removes lines, but for the comments to keep in them and behind what stands in them. */
function removeBlock(source: Source, block: Block, keep: readonly string[]): Splice[] {
  const splices: Splice[] = [];
  let { first } = block;
  const left = [...keep];
  for (let line = block.first; line <= block.last && left.length > 0; line++) {
    const comment = commentOfLine(source, line);
    const at = comment ? left.indexOf(comment.text) : -1;
    if (!comment || at < 0) continue;
    left.splice(at, 1);
    if (first < line) splices.push(removeLines(source, { first, last: line - 1 }));
    splices.push({ start: source.lines.content(line), end: comment.start, text: "" });
    first = line + 1;
  }
  return first > block.last ? splices : [...splices, removeLines(source, { first, last: block.last })];
}

/**
 * The node at a path, null when nothing is there. Throws `unsupported-edit` for a path into an array that is written as
 * one value, because its elements have no keys of their own.
 */
export function removableAt(source: Source, path: KeyPath): Node | null {
  const node = nodeAt(source.root, path);
  const { entry, path: array } = nearest(source, path).node;
  if (node || entry?.value.kind !== "array") return node;
  const message = `${renderKey(path)} cannot be taken out alone: ${renderKey(array)} is written as one value`;
  throw new CfgError("unsupported-edit", message, {
    hints: [{ note: "give it a new value as a whole", argv: ["set", "KEY", "VALUE"] }],
  });
}

/** The comments that are removed with a path: between its lines, and behind its keys and headers. */
export function commentsOf(source: Source, path: KeyPath): string[] {
  const node = nodeAt(source.root, path);
  if (!node) return [];
  const comments: string[] = [];
  for (const { first, last } of blocksOf(source, node))
    for (let line = first; line <= last; line++) {
      const comment = commentOfLine(source, line);
      if (comment) comments.push(comment.text);
    }
  const inline =
    node.entry && node.entry.line < 0 ? inlineComment(source.text, enclosingTable(node), node.entry) : null;
  return inline ? [...comments, inline.text] : comments;
}

/** The comment in a line: the whole line, or behind its header or key. */
function commentOfLine(source: Source, line: number): Splice | null {
  const { lines } = source;
  if (lines.kind(line) === "comment") return trailingComment(source, lines.content(line), line);
  const node = source.nodeOfLine(line);
  const end = lines.kind(line) === "header" ? node?.section?.key?.end : node?.entry?.value.end;
  return end === undefined ? null : trailingComment(source, end, line);
}

/**
 * The lines that make up a path, as `unset` removes them: with the comment lines directly above and below, or without.
 */
export function blocksOf(source: Source, node: Node, comments = false, tail = false): Block[] {
  const keys = ownEntries(node).filter(({ line }) => line >= 0);
  const from = (line: number) => (comments ? commentsAbove(source, line) : line);
  return [
    ...keys.map(({ line }) => keyBlock(source, line, from(line))),
    ...node.sections.map((section) => apart(source, sectionBlock(source, section, from(section.line), tail))),
  ].sort((a, b) => a.first - b.first);
}

/**
 * The lines from a header to its only key, with the blank line below. Null where the header has other keys, or where that
 * would remove a comment beside or below the header; those directly above the key do not count if `comments` is set.
 */
function loneSection(source: Source, node: Node, comments: boolean): Block | null {
  const section = node.parent?.section;
  // Removing the header of an array element would remove the element.
  if (section?.kind !== "table" || !section.key || !node.entry) return null;
  if (section.entries.length !== 1 || section.entries[0] !== node.entry) return null;
  const last = node.entry.line;
  const between = { from: section.line + 1, to: comments ? commentsAbove(source, last) : last };
  for (let line = between.from; line < between.to; line++) if (source.lines.kind(line) === "comment") return null;
  if (trailingComment(source, section.key.end, section.line)) return null;
  return { first: section.line, last: source.lines.kind(last + 1) === "blank" ? last + 1 : last };
}

function ownEntries(node: Node): Entry[] {
  return node.entry ? [node.entry] : node.dottedKeyUses.map(({ entry }) => entry);
}

/** A key's lines, with the blank line below when it only separated the sole root key from the first header. */
function keyBlock(source: Source, line: number, first: number): Block {
  const root = source.sections.at(0);
  const sole = root?.entries.length === 1 && root.entries[0]?.line === line;
  const separator = source.lines.kind(line + 1) === "blank" && source.sections.length > 1;
  const opens = first === 0 || source.lines.kind(first - 1) === "blank";
  return { first, last: sole && separator && opens ? line + 1 : line };
}

/**
 * From `first` to the last key, or to the comments below it; with the blank line above where none is needed afterwards.
 */
function sectionBlock(source: Source, section: Section, first: number, tail: boolean): Block {
  const last = tail ? sectionEnd(source, section) : Math.max(lastLineOf(section), section.line);
  const next = source.lines.kind(last + 1);
  // A section that moves away from the top of a file leaves no blank line behind.
  if (tail && first === 0 && next === "blank") return { first, last: last + 1 };
  let below = last + 1;
  while (source.lines.kind(below) === "comment") below++;
  // Comments directly above a header belong to it; any others stay separated by a blank line.
  const separated = next !== "comment" || source.lines.kind(below) === "header";
  return { first: separated && source.lines.kind(first - 1) === "blank" ? first - 1 : first, last };
}

/**
 * Joins blocks that overlap or touch: at the end of a file without a final line end, removing the last block also removes
 * the line end of the one before.
 */
function mergeBlocks(blocks: readonly Block[]): Block[] {
  const merged: Block[] = [];
  for (const block of blocks) {
    const before = merged.at(-1);
    if (before && block.first <= before.last + 1)
      merged[merged.length - 1] = { first: before.first, last: Math.max(before.last, block.last) };
    else merged.push(block);
  }
  return merged;
}

/**
 * Keeps the blank line between a comment above and a header below: without it the comment would belong to that header.
 */
function apart({ lines }: Source, { first, last }: Block): Block {
  const below = lines.kind(last + 1);
  const meets = lines.kind(first - 1) === "comment" && (below === "header" || below === "comment");
  return { first: meets && lines.kind(first) === "blank" ? first + 1 : first, last };
}
