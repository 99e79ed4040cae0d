/**
 * Fragments: TOML text relative to a table, comments included. Cuts one out of a text, or makes one of a value; does not
 * know where it goes.
 */
import { CfgError } from "../model/error.ts";
import type { KeyPath, TomlTable } from "../model/op.ts";
import { enclosingTable, type InlineTable, inlineComment } from "./inline.ts";
import type { Section } from "./line-index.ts";
import { removableAt } from "./remove.ts";
import { type Entry, rangesOf } from "./scan.ts";
import { commentsAbove, headerParts, type Source, sectionEnd, textOf, trailingComment } from "./source.ts";
import { isTable, renderKey, renderValue } from "./value.ts";

/**
 * The table or key at `path` as a fragment: a table's contents relative to itself, a plain key under its own name, the
 * whole text for the empty path.
 */
export function fragmentOf(source: Source, path: KeyPath): string {
  if (path.length === 0) return source.text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
  const node = removableAt(source, path);
  if (!node) throw new CfgError("internal", `nothing to lift at ${renderKey(path)}`);
  if (node.elements) throw new CfgError("unsupported-edit", `${renderKey(path)} is an array of tables`);
  if (node.entry) {
    const comment = node.entry.line < 0 ? inlineComment(source.text, enclosingTable(node), node.entry) : null;
    const text = entryFragment(source, node.entry, path);
    return comment && node.entry.value.kind !== "inline" ? `${text.trimEnd()} ${comment.text}\n` : text;
  }
  const depth = headerParts(path).length;
  const dotted = node.dottedKeyUses.map(({ entry, depth: parts }) => {
    const rest = source.text.slice(rangesOf(source.text, entry.key)[parts]?.start ?? entry.key.end, entry.key.end);
    return commentsText(source, entry.line) + rest + restOfLine(source, entry, entry.key.end);
  });
  const fragment = (section: Section) => sectionFragment(source, section, depth);
  // Its own keys come first, wherever its sub-tables stand.
  const own = node.section ? fragment(node.section) : "";
  const below = node.sections.filter((section) => section !== node.section);
  return [dotted.join("") + own, ...below.map(fragment)].filter((text) => text !== "").join("\n");
}

function entryFragment(source: Source, entry: Entry, path: KeyPath): string {
  if (entry.value.kind === "inline") {
    const trailing = entry.line < 0 ? "" : commentLine(source, entry.value.end, entry.line);
    return commentsText(source, entry.line) + trailing + inlineFragment(source, entry.value);
  }
  return commentsText(source, entry.line) + renderKey(path.slice(-1)) + restOfLine(source, entry, entry.key.end);
}

/** The keys of an inline table, a line each; each comment stays above or behind the key that it was above or behind. */
function inlineFragment({ text }: Source, { end, entries, start }: InlineTable): string {
  const gaps = [...entries.map((entry) => entry.start), end - 1].map((to, i) => {
    const gap = text.slice(entries[i - 1]?.end ?? start + 1, to);
    const [trailing = "", ...above] = gap.split("\n").map((line) => /#.*/.exec(line)?.[0].trimEnd() ?? "");
    return {
      trailing: trailing && ` ${trailing}`,
      above: above.flatMap((line) => (line === "" ? [] : [`${line}\n`])).join(""),
    };
  });
  const [first, ...after] = gaps;
  const opening = `${first?.trailing.trim() ?? ""}\n`.trimStart() + (first?.above ?? "");
  const lines = entries.map(({ end: to, start: from }, i) => {
    const gap = after[i];
    return `${text.slice(from, to).replaceAll("\r\n", "\n")}${gap?.trailing ?? ""}\n${gap?.above ?? ""}`;
  });
  return opening + lines.join("");
}

/** From `=` to the line's end, trailing comment included; inside an inline table only the value. */
function restOfLine(source: Source, entry: Entry, from: number): string {
  const end = entry.line < 0 ? entry.end : source.lines.end(entry.line);
  return `${source.text.slice(from, end).replaceAll("\r\n", "\n").trimEnd()}\n`;
}

/** The comment lines directly above a line. */
function commentsText(source: Source, line: number): string {
  return line < 0 ? "" : textOf(source, { first: commentsAbove(source, line), last: line - 1 });
}

/** The comment behind a key or value, as a line of its own. */
export function commentLine(source: Source, end: number, line: number): string {
  const comment = trailingComment(source, end, line);
  return comment ? `${comment.text}\n` : "";
}

/** A section relative to a table `depth` levels down; the header of that table itself leaves only its comment. */
function sectionFragment(source: Source, section: Section, depth: number): string {
  if (!section.key) throw new CfgError("internal", "the root cannot be lifted");
  const { parts, end } = section.key;
  const ranges = rangesOf(source.text, section.key);
  const body = textOf(source, { first: section.line + 1, last: sectionEnd(source, section) });
  const above = commentsText(source, section.line);
  if (parts.length === depth) return above + commentLine(source, end, section.line) + body;
  const open = section.kind === "array" ? "[[" : "[";
  return `${above}${open}${source.text.slice(ranges[depth]?.start ?? end, source.lines.end(section.line)).trimEnd()}\n${body}`;
}

/** A table as TOML text relative to itself: plain keys first, then a section for each table that has keys. */
export function renderTable(value: TomlTable, path: readonly string[] = []): string {
  const entries = Object.entries(value);
  const keys = entries
    .filter(([, item]) => !isTable(item))
    .map(([key, item]) => `${renderKey([key])} = ${renderValue(item)}\n`);
  const tables = entries.map(([key, item]) =>
    isTable(item) ? `\n[${renderKey([...path, key])}]\n${renderTable(item, [...path, key])}` : "",
  );
  return keys.join("") + tables.join("");
}
