/**
 * Where new text goes and how it looks there: a key in a table, or a fragment (TOML text relative to a table, comments
 * included) put into it, in whatever form that table is written.
 */
import { CfgError } from "../model/error.ts";
import type { KeyPath, TomlTable, TomlValue } from "../model/op.ts";
import { addInline, enclosingTable } from "./inline.ts";
import type { Section } from "./outline.ts";
import { type Entry, rangesOf } from "./scan.ts";
import {
  applySplices,
  commentsAbove,
  headerParts,
  insertLines,
  lastLineOf,
  nearest,
  Source,
  type Splice,
  sectionEnd,
  sectionsUnder,
  styleOf,
  textOf,
} from "./source.ts";
import { type Node, nodeAt } from "./tree.ts";
import { isTable, renderKey, renderValue } from "./value.ts";

/** Gives a key a value where it has another or none. Refuses to put a value where a table stands, and the reverse. */
export function setValue(source: Source, path: KeyPath, value: TomlValue, comment: readonly string[] = []): Splice[] {
  const node = nodeAt(source.root, path);
  if (node?.entry && (node.entry.value.kind === "inline" || !isTable(value))) {
    const { start, end } = node.entry.value;
    return [{ start, end, text: renderValue(value, source.text.slice(start, end)) }];
  }
  if (node)
    throw new CfgError("would-overwrite", `${renderKey(path)} is ${node.entry ? "a value" : "a table"} already`);
  if (isTable(value)) return putFragment(source, path, renderTable(value));
  const { node: table, rest } = placeFor(source, path);
  const section = rest.length === 1 ? table.section : null;
  const name = renderKey(path.slice(-1));
  const { indent, equals } = section ? styleOf(source, section) : { indent: "", equals: " = " };
  const above = comment.map((line) => `${indent}# ${line}\n`).join("");
  const lines = `${above}${indent}${name}${equals}${renderValue(value)}\n`;
  return section ? [putKeys(source, section, lines)] : putFragment(source, path.slice(0, -1), lines);
}

/** Puts a fragment into the table at `path`, creating the table where it is not there. None of its keys may exist yet. */
export function putFragment(source: Source, path: KeyPath, fragment: string): Splice[] {
  const { node, rest } = placeFor(source, path);
  if (node.entry || (!node.section && node.passages.length > 0)) return putAsKeys(source, node, rest, fragment);
  return putAsSections(source, node, path, fragment);
}

/** The deepest table on the way to a path, and the names that come into being below it. */
function placeFor(source: Source, path: KeyPath): ReturnType<typeof nearest> {
  const { node, rest } = nearest(source, path);
  if (node.entry && node.entry.value.kind !== "inline") {
    throw new CfgError("would-overwrite", `${renderKey(node.path)} is a value, not a table`);
  }
  if (node.elements) {
    throw new CfgError(
      "unsupported-edit",
      `${renderKey(node.path)} is an array of tables; name one element, as in ${renderKey(node.path)}.0`,
    );
  }
  const index = rest.findIndex((part) => typeof part === "number");
  if (index >= 0) {
    const table = renderKey([...node.path, ...rest.slice(0, index)]) || "the file";
    throw new CfgError("unsupported-edit", `${table} is no array of tables, so it has no element ${rest[index]}`);
  }
  return { node, rest };
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

/** Into an inline table or behind dotted keys: every key of the fragment becomes one more key in that style. */
function putAsKeys(source: Source, node: Node, rest: KeyPath, fragment: string): Splice[] {
  const { keys, below } = keysOf(fragment, headerParts(rest));
  const remarks = keys.map(({ above, behind }) => above + (behind && `${behind}\n`)).join("") + below;
  const passage = node.passages.at(-1);
  if (node.entry?.value.kind === "inline") {
    return [...remarkOn(source, node, remarks), ...addAllInline(source, node.entry.value, keys)];
  }
  if (!passage) throw new CfgError("internal", "a table without a form");
  const { entry, depth } = passage;
  const prefixEnd = rangesOf(source.text, entry.key)[depth - 1]?.end ?? entry.key.end;
  const prefix = source.text.slice(entry.key.start, prefixEnd);
  const dotted = keys.map((key) => ({ ...key, name: `${prefix}.${key.name}` }));
  if (entry.line < 0)
    return [...remarkOn(source, node, remarks), ...addAllInline(source, enclosingTable(node), dotted, entry)];
  const indent = /^[ \t]*/.exec(textOf(source, { first: entry.line, last: entry.line }))?.[0] ?? "";
  const lines = dotted.map(
    ({ above, behind, name, value }) => `${above}${indent}${name} = ${value}${behind && ` ${behind}`}\n`,
  );
  return [insertLines(source, entry.line, lines.join("") + below)];
}

/** Puts a comment behind a key, or above it where another one is there or no room; nothing where it says so already. */
export function putRemark(source: Source, path: KeyPath, comment: string): Splice[] {
  const node = nodeAt(source.root, path);
  if (!node) throw new CfgError("internal", `nothing to remark on at ${renderKey(path)}`);
  const line = node.entry?.line ?? sectionsUnder(source, node)[0]?.line ?? -1;
  if (line < 0) return remarkOn(source, node, `${comment}\n`);
  const there = behindEntry(source, node.entry);
  if (there === comment) return [];
  if (!node.entry || there !== "") return [insertLines(source, line - 1, `${comment}\n`)];
  return [{ start: node.entry.value.end, end: node.entry.value.end, text: ` ${comment}` }];
}

/** The comment behind a key in its line; empty when there is none. */
export function behindEntry(source: Source, entry: Entry | null): string {
  return entry && entry.line >= 0 ? remarkBehind(source, entry.value.end, entry.line) : "";
}

/** The comment that stands in a line behind what ends at `end`. */
function remarkBehind({ lines, text }: Source, end: number, line: number): string {
  return /#.*/.exec(text.slice(end, lines.end(line)))?.[0].trimEnd() ?? "";
}

/** A table in one line has no room for comments: they go above the line that it stands in. */
function remarkOn(source: Source, node: Node, remarks: string): Splice[] {
  let host: Node | null = node;
  while (host && (host.entry?.line ?? -1) < 0) host = host.parent;
  return host?.entry && remarks !== "" ? [insertLines(source, host.entry.line - 1, remarks)] : [];
}

/** `above` are the comment lines since the key before, `behind` is the comment in the same line. */
type FragmentKey = { readonly name: string; readonly value: string; readonly above: string; readonly behind: string };

/** The keys of a fragment, each with the table it is under written as a dotted prefix, and the comments below the last. */
function keysOf(
  fragment: string,
  prefix: readonly string[],
): { readonly keys: readonly FragmentKey[]; readonly below: string } {
  const source = new Source(fragment);
  const keys: FragmentKey[] = [];
  let above = "";
  let line = 0;
  const readOn = (to: number) => {
    for (; line < to; line++)
      if (source.lines.kind(line) === "comment") above += textOf(source, { first: line, last: line });
  };
  const add = (name: readonly string[], value: string, behind: string) => {
    keys.push({ name: renderKey([...prefix, ...name]), value, above, behind });
    above = "";
    line++;
  };
  for (const section of source.sections) {
    if (section.kind === "array") {
      throw new CfgError(
        "unsupported-edit",
        "an array of tables cannot go into a table that is written inline or with dotted keys",
      );
    }
    const table = section.key?.parts ?? [];
    if (section.key) {
      readOn(section.line);
      const remark = remarkBehind(source, section.key.end, section.line);
      if (nodeAt(source.root, table)?.children.size === 0) add(table, "{}", remark);
      else above += remark && `${remark}\n`;
    }
    for (const { key, line: at, value } of section.entries) {
      readOn(at);
      add([...table, ...key.parts], source.text.slice(value.start, value.end), remarkBehind(source, value.end, at));
    }
  }
  readOn(source.lines.length);
  if (keys.length === 0 && prefix.length > 0) add([], "{}", "");
  return { keys, below: above };
}

function addAllInline(
  source: Source,
  table: Parameters<typeof addInline>[1],
  fragmentKeys: readonly FragmentKey[],
  after?: Entry,
): Splice[] {
  const keys = fragmentKeys.map(({ name, value }) => ({ name, value: value.replaceAll("\n", source.eol) }));
  return addInline(source, table, keys, after);
}

/** Under a header: plain keys behind the last key of the table's section, sub-tables as sections of their own. */
function putAsSections(source: Source, node: Node, path: KeyPath, fragment: string): Splice[] {
  const parts = headerParts(path);
  const { body, tables } = splitFragment(fragment, parts);
  const splices: Splice[] = [];
  const section = node.path.length === path.length ? node.section : null;
  if (section) {
    if (body) splices.push(putKeys(source, section, body));
    // In an empty text nothing else keeps the two apart.
    const apart = body !== "" && source.lines.length === 0;
    if (tables) splices.push(putSection(source, node, apart ? `\n${tables}` : tables));
    return splices;
  }
  const header = `[${renderKey(parts)}]\n`;
  const first = node.path.length === path.length ? sectionsUnder(source, node)[0] : undefined;
  if (first && body) {
    // Only sub-tables imply this table: its own header goes above the first of them.
    splices.push(insertLines(source, commentsAbove(source, first.line) - 1, `${header}${body}\n`));
    if (tables) splices.push(putSection(source, node, tables));
    return splices;
  }
  const needsHeader = body !== "" || tables === "";
  splices.push(putSection(source, node, needsHeader ? header + body + (tables && `\n${tables}`) : tables));
  return splices;
}

/** Keys go behind the last one; root keys without a predecessor stand above the first header's comments. */
function putKeys(source: Source, section: Section, lines: string): Splice {
  const last = lastLineOf(section);
  const firstHeader = source.sections.at(1);
  if (section.kind !== "root" || last >= 0) return insertLines(source, last, lines);
  if (!firstHeader) return insertLines(source, source.lines.length - 1, lines);
  return insertLines(source, commentsAbove(source, firstHeader.line) - 1, `${lines}\n`);
}

/** A section goes behind the last one of its nearest relative, else at the end, after one blank line. */
function putSection(source: Source, node: Node, lines: string): Splice {
  let relative: Section | undefined;
  for (let above: Node | null = node; above?.parent && !relative; above = above.parent)
    relative = sectionsUnder(source, above).at(-1);
  const after = relative ? sectionEnd(source, relative) : source.lines.length - 1;
  return insertLines(source, after, after < 0 ? lines : `\n${lines}`);
}

/** The plain keys of a fragment, and its sections with their headers below `prefix`; neither has blank lines around it. */
function splitFragment(
  fragment: string,
  prefix: readonly string[],
): { readonly body: string; readonly tables: string } {
  const source = new Source(fragment);
  const firstHeader = source.sections.at(1);
  const cut = firstHeader ? source.lines.start(commentsAbove(source, firstHeader.line)) : fragment.length;
  const raw = prefix.length > 0 ? `${renderKey(prefix)}.` : "";
  const prefixes = [...source.sections].flatMap(({ key }) =>
    key ? [{ start: key.start, end: key.start, text: raw }] : [],
  );
  const tables = applySplices(fragment, prefixes, { start: cut, end: fragment.length });
  return { body: trimBlankLines(fragment.slice(0, cut)), tables: trimBlankLines(tables) };
}

function trimBlankLines(text: string): string {
  const trimmed = text.replace(/^(?:[ \t]*\n)+/, "").replace(/\s+$/, "");
  return trimmed === "" ? "" : `${trimmed}\n`;
}
