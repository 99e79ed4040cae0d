/**
 * Taking a path out of a text, in whatever form it is written, and lifting it out as a fragment that can be put
 * elsewhere. Comment lines above a removed key stay, because they may describe a group; a fragment carries them.
 */
import { CfgError } from "../model/error.ts";
import type { KeyPath } from "../model/op.ts";
import { enclosingTable, type InlineTable, removeRun } from "./inline.ts";
import type { Section } from "./outline.ts";
import { type Entry, rangesOf } from "./scan.ts";
import {
  type Block,
  commentsAbove,
  headerParts,
  lastLineOf,
  nearest,
  removeLines,
  type Source,
  type Splice,
  sectionEnd,
  sectionsUnder,
  textOf,
} from "./source.ts";
import { type Node, nodeAt } from "./tree.ts";
import { renderKey } from "./value.ts";

/**
 * The splices that remove `path`, with the comment lines around it or its lone header when asked. Nothing there: none.
 * What stands of it inside an inline table has to be one run.
 */
export function unsetPath(
  source: Source,
  path: KeyPath,
  { comments = false, header = false, tail = false } = {},
): Splice[] {
  const node = nodeAt(source.root, path);
  if (!node) {
    refuseItem(nearest(source, path).node);
    return [];
  }
  const lone = header ? loneSection(source, node) : null;
  if (lone) return [removeLines(source, lone)];
  const inline = ownEntries(node).filter(({ line }) => line < 0);
  const [first, last] = [inline.at(0), inline.at(-1)];
  return [
    ...mergeBlocks(blocksOf(source, node, comments, tail)).map((block) =>
      removeLines(source, tail ? apart(source, block) : block),
    ),
    ...(first && last ? [removeRun(source, enclosingTable(node), first, last)] : []),
  ];
}

/** What stands inside an array written as one value has no place of its own. */
function refuseItem({ entry, path }: Node): void {
  if (entry?.value.kind !== "array") return;
  const message = `${renderKey(path)} is written as one value, so nothing inside it can be taken out alone`;
  throw new CfgError("unsupported-edit", message, {
    hints: [{ note: "give it a new value as a whole", argv: ["set", "KEY", "VALUE"] }],
  });
}

/** The lines that make up a path, as `unset` removes them: with the comment lines directly above and below, or without. */
export function blocksOf(source: Source, node: Node, comments = false, tail = false): Block[] {
  const keys = ownEntries(node).filter(({ line }) => line >= 0);
  const from = (line: number) => (comments ? commentsAbove(source, line) : line);
  return [
    ...keys.map(({ line }) => keyBlock(source, line, from(line))),
    ...sectionsUnder(source, node).map((section) =>
      apart(source, sectionBlock(source, section, from(section.line), tail)),
    ),
  ].sort((a, b) => a.first - b.first);
}

/**
 * The table or key at `path` as a fragment: a table's contents relative to itself, a plain key under its own name, the
 * whole text for the empty path.
 */
export function fragmentOf(source: Source, path: KeyPath): string {
  if (path.length === 0) return source.text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
  const node = nodeAt(source.root, path);
  if (!node) {
    refuseItem(nearest(source, path).node);
    throw new CfgError("internal", `nothing to lift at ${renderKey(path)}`);
  }
  if (node.elements) throw new CfgError("unsupported-edit", `${renderKey(path)} is an array of tables`);
  if (node.entry) return entryFragment(source, node.entry, path);
  const depth = headerParts(path).length;
  const dotted = node.passages.map(({ entry, depth: parts }) => {
    const rest = source.text.slice(rangesOf(source.text, entry.key)[parts]?.start ?? entry.key.end, entry.key.end);
    return commentsText(source, entry.line) + rest + restOfLine(source, entry, entry.key.end);
  });
  const fragment = (section: Section) => sectionFragment(source, section, depth);
  // Its own keys come first, wherever its sub-tables stand.
  const own = node.section ? fragment(node.section) : "";
  const below = sectionsUnder(source, node).filter((section) => section !== node.section);
  return [dotted.join("") + own, ...below.map(fragment)].filter((text) => text !== "").join("\n");
}

/** The header above a key, the key, and the blank line below, when the header has no other key. */
function loneSection(source: Source, node: Node): Block | null {
  const section = node.parent?.section;
  // An array of tables would lose an element.
  if (section?.kind !== "table" || !node.entry || section.entries.length !== 1 || section.entries[0] !== node.entry)
    return null;
  const last = node.entry.line;
  return { first: section.line, last: source.lines.kind(last + 1) === "blank" ? last + 1 : last };
}

function ownEntries(node: Node): Entry[] {
  return node.entry ? [node.entry] : node.passages.map(({ entry }) => entry);
}

/** A key's lines. The blank line below goes too when it only separated the sole root key from the first header. */
function keyBlock(source: Source, line: number, first: number): Block {
  const root = source.sections.at(0);
  const sole = root?.entries.length === 1 && root.entries[0]?.line === line;
  const separator = source.lines.kind(line + 1) === "blank" && source.sections.length > 1;
  const opens = first === 0 || source.lines.kind(first - 1) === "blank";
  return { first, last: sole && separator && opens ? line + 1 : line };
}

/** From `first` to the last key, or to the comments below it; the blank line above goes too where none is needed afterwards. */
function sectionBlock(source: Source, section: Section, first: number, tail: boolean): Block {
  const last = tail ? sectionEnd(source, section) : Math.max(lastLineOf(section), section.line);
  const next = source.lines.kind(last + 1);
  // What is carried away from the top of a file leaves no blank line there.
  if (tail && first === 0 && next === "blank") return { first, last: last + 1 };
  let below = last + 1;
  while (source.lines.kind(below) === "comment") below++;
  // Comments that lead to a header belong to it; any others keep their distance.
  const separated = next !== "comment" || source.lines.kind(below) === "header";
  return { first: separated && source.lines.kind(first - 1) === "blank" ? first - 1 : first, last };
}

/** Neighbours, too: what the last of them takes at the end of a file may belong to the one before. */
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

/** Leaves the blank line between a comment above and a header below, which the comment is not about. */
function apart({ lines }: Source, { first, last }: Block): Block {
  const below = lines.kind(last + 1);
  const meets = lines.kind(first - 1) === "comment" && (below === "header" || below === "comment");
  return { first: meets && lines.kind(first) === "blank" ? first + 1 : first, last };
}

function entryFragment(source: Source, entry: Entry, path: KeyPath): string {
  if (entry.value.kind === "inline") {
    const behind = entry.line < 0 ? "" : restOfLine(source, entry, entry.value.end).trim();
    return commentsText(source, entry.line) + (behind && `${behind}\n`) + inlineFragment(source, entry.value);
  }
  return commentsText(source, entry.line) + renderKey(path.slice(-1)) + restOfLine(source, entry, entry.key.end);
}

/** The keys of an inline table, a line each; its comments stand where they stood, above a key or behind it. */
function inlineFragment({ text }: Source, { end, entries, start }: InlineTable): string {
  const gaps = [...entries.map((entry) => entry.start), end - 1].map((to, i) => {
    const gap = text.slice(entries[i - 1]?.end ?? start + 1, to);
    const [behind = "", ...above] = gap.split("\n").map((line) => /#.*/.exec(line)?.[0].trimEnd() ?? "");
    return {
      behind: behind && ` ${behind}`,
      above: above.flatMap((line) => (line === "" ? [] : [`${line}\n`])).join(""),
    };
  });
  const [first, ...after] = gaps;
  const opening = `${first?.behind.trim() ?? ""}\n`.trimStart() + (first?.above ?? "");
  const lines = entries.map(({ end: to, start: from }, i) => {
    const gap = after[i];
    return `${text.slice(from, to).replaceAll("\r\n", "\n")}${gap?.behind ?? ""}\n${gap?.above ?? ""}`;
  });
  return opening + lines.join("");
}

/** From `=` to the line's end, trailing comment included; inside an inline table only the value. */
function restOfLine(source: Source, entry: Entry, from: number): string {
  const end = entry.line < 0 ? entry.end : source.lines.end(entry.line);
  return `${source.text.slice(from, end).replaceAll("\r\n", "\n").trimEnd()}\n`;
}

function commentsText(source: Source, line: number): string {
  return line < 0 ? "" : textOf(source, { first: commentsAbove(source, line), last: line - 1 });
}

/** A section relative to a table `depth` levels down; the header of that table itself leaves only its comment. */
function sectionFragment(source: Source, section: Section, depth: number): string {
  if (!section.key) throw new CfgError("internal", "the root cannot be lifted");
  const { parts, end } = section.key;
  const ranges = rangesOf(source.text, section.key);
  const body = textOf(source, { first: section.line + 1, last: sectionEnd(source, section) });
  const header = textOf(source, { first: section.line, last: section.line });
  const above = commentsText(source, section.line);
  if (parts.length === depth) {
    const comment = header
      .slice(source.text.slice(source.lines.start(section.line), end).length)
      .replace(/^[\s\]]*/, "")
      .trim();
    return above + (comment === "" ? "" : `${comment}\n`) + body;
  }
  const open = section.kind === "array" ? "[[" : "[";
  return `${above}${open}${source.text.slice(ranges[depth]?.start ?? end, source.lines.end(section.line)).trimEnd()}\n${body}`;
}
