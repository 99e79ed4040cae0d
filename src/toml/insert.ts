/**
 * Where new text goes and how it looks there: a key in a table, or a fragment put into one, in whatever form that table
 * is written.
 */
import { CfgError } from "../model/error.ts";
import type { KeyPath, TomlValue } from "../model/op.ts";
import { editArray } from "./array.ts";
import { renderTable } from "./fragment.ts";
import { type FragmentKey, keysOf, splitFragment } from "./fragment-parts.ts";
import { addInline, enclosingTable } from "./inline.ts";
import type { Section } from "./line-index.ts";
import { readToml } from "./read.ts";
import { type Entry, rangesOf } from "./scan.ts";
import {
  commentsAbove,
  headerParts,
  insertLines,
  lastLineOf,
  nearest,
  Source,
  type Splice,
  sectionEnd,
  styleOf,
  textOf,
  trailingComment,
} from "./source.ts";
import { type Node, nodeAt } from "./tree.ts";
import { isTable, renderKey, renderValue, sameValue } from "./value.ts";

/** A value for a key: how it is spelled, and the comment lines above it where the key is new. */
type Wanted = { readonly value: TomlValue; readonly spelling?: string; readonly comment?: readonly string[] };

/** Gives a key a value where it has another or none. Refuses to put a value where a table stands, and the reverse. */
export function setValue(source: Source, path: KeyPath, wanted: Wanted): Splice[] {
  const { comment = [], value } = wanted;
  const node = nodeAt(source.root, path);
  if (node?.entry && (node.entry.value.kind === "inline" || !isTable(value))) {
    const { end, kind, start } = node.entry.value;
    const old = source.text.slice(start, end);
    const items =
      kind === "array" && Array.isArray(value) ? editArray(source, node.entry.value, itemsOf(old), value) : null;
    return items ?? [{ start, end, text: spelled(wanted, old) }];
  }
  if (node)
    throw new CfgError("would-overwrite", `${renderKey(path)} is ${node.entry ? "a value" : "a table"} already`);
  const element = newElement(source, path, value);
  if (element) return element;
  if (isTable(value)) return putFragment(source, path, renderTable(value));
  const { node: table, rest } = placeFor(source, path);
  const section = rest.length === 1 ? table.section : null;
  const name = renderKey(path.slice(-1));
  const { indent, equals } = section ? styleOf(source, section) : { indent: "", equals: " = " };
  const above = comment.map((line) => `${indent}# ${line}\n`).join("");
  const lines = `${above}${indent}${name}${equals}${spelled(wanted)}\n`;
  return section ? [putKeys(source, section, lines)] : putFragment(source, path.slice(0, -1), lines);
}

/** As the caller has spelled the value, if that is one line of TOML for it; else as it is usually spelled. */
function spelled({ spelling, value }: Wanted, like = ""): string {
  if (spelling !== undefined && !/[\r\n]/.test(spelling) && sameValue(valueSpelled(spelling), value))
    return spelling.trim();
  return renderValue(value, like);
}

function valueSpelled(spelling: string): TomlValue | undefined {
  const text = `value = ${spelling.trim()}`;
  try {
    const { value, ...others } = readToml(text, "value");
    // A comment behind the value is no part of it.
    const isAll = new Source(text).sections[0]?.entries[0]?.value.end === text.length;
    return isAll && Object.keys(others).length === 0 ? value : undefined;
  } catch {
    return undefined;
  }
}

function itemsOf(array: string): readonly TomlValue[] {
  const { value } = readToml(`value = ${array}`, "value");
  return Array.isArray(value) ? value : [];
}

/** One more element behind the last one of an array of tables, which the path names by the index after it. */
function newElement(source: Source, path: KeyPath, value: TomlValue): Splice[] | null {
  const { node, rest } = nearest(source, path);
  const [index, ...inside] = rest;
  if (!node.elements || index !== node.elements.length || inside.some((part) => typeof part === "number")) return null;
  const element = inside.reduceRight<TomlValue>((inner, part) => ({ [part]: inner }), value);
  return isTable(element) ? [putElement(source, node, elementText(node.path, renderTable(element)), index)] : null;
}

/** Puts an element, its header included, in front of the one that has its index, else behind the last one. */
export function putElement(source: Source, array: Node, text: string, index: number): Splice {
  const next = array.elements?.[index]?.sections[0];
  if (next) return insertLines(source, commentsAbove(source, next.line) - 1, `${text}\n`);
  return putSection(source, array, text);
}

/** A fragment as the element of an array of tables, with headers. */
export function elementText(path: KeyPath, fragment: string): string {
  const parts = headerParts(path);
  const { body, tables } = splitFragment(fragment, parts);
  return `[[${renderKey(parts)}]]\n${body}${tables && `\n${tables}`}`;
}

/** Puts a fragment into the table at `path`, creating the table where it is not there. None of its keys may exist yet. */
export function putFragment(source: Source, path: KeyPath, fragment: string): Splice[] {
  const { node, rest } = placeFor(source, path);
  if (node.entry || (!node.section && node.dottedKeyUses.length > 0)) return putAsKeys(source, node, rest, fragment);
  return putAsSections(source, node, path, fragment);
}

/** The deepest existing table on the way to a path, and the names that have to be created below it. */
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

/** Puts a fragment into an inline table or behind dotted keys: each of its keys is added in that style. */
function putAsKeys(source: Source, node: Node, rest: KeyPath, fragment: string): Splice[] {
  const { keys, below } = keysOf(fragment, node.path, headerParts(rest));
  const comments = keys.map(({ above, trailing }) => above + (trailing && `${trailing}\n`)).join("") + below;
  const use = node.dottedKeyUses.at(-1);
  if (node.entry?.value.kind === "inline") {
    return [...commentsOver(source, node, comments), ...addAllInline(source, node.entry.value, keys)];
  }
  if (!use) throw new CfgError("internal", "a table without a form");
  const { entry, depth } = use;
  const prefixEnd = rangesOf(source.text, entry.key)[depth - 1]?.end ?? entry.key.end;
  const prefix = source.text.slice(entry.key.start, prefixEnd);
  const dotted = keys.map((key) => ({ ...key, name: `${prefix}.${key.name}` }));
  if (entry.line < 0)
    return [...commentsOver(source, node, comments), ...addAllInline(source, enclosingTable(node), dotted, entry)];
  const indent = /^[ \t]*/.exec(textOf(source, { first: entry.line, last: entry.line }))?.[0] ?? "";
  const lines = dotted.map(
    ({ above, name, trailing, value }) => `${above}${indent}${name} = ${value}${trailing && ` ${trailing}`}\n`,
  );
  return [insertLines(source, entry.line, lines.join("") + below)];
}

/**
 * Puts a comment behind a key, or above it where another comment or no room is; nothing where the comment is there
 * already.
 */
export function putTrailingComment(source: Source, path: KeyPath, comment: string): Splice[] {
  const node = nodeAt(source.root, path);
  if (!node) throw new CfgError("internal", `no key to put a comment behind at ${renderKey(path)}`);
  const line = node.entry?.line ?? node.sections[0]?.line ?? -1;
  if (line < 0) return commentsOver(source, node, `${comment}\n`);
  const there = node.entry && trailingComment(source, node.entry.value.end, line);
  if (there?.text === comment) return [];
  if (!node.entry || there) return [insertLines(source, line - 1, `${comment}\n`)];
  return [{ start: node.entry.value.end, end: node.entry.value.end, text: ` ${comment}` }];
}

/** Puts comments above the line of an inline table, as there is no room in it. */
function commentsOver(source: Source, node: Node, comments: string): Splice[] {
  let host: Node | null = node;
  while (host && (host.entry?.line ?? -1) < 0) host = host.parent;
  return host?.entry && comments !== "" ? [insertLines(source, host.entry.line - 1, comments)] : [];
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

/**
 * Puts a fragment under a header: plain keys behind the last key of the table's section, sub-tables as sections of their
 * own.
 */
function putAsSections(source: Source, node: Node, path: KeyPath, fragment: string): Splice[] {
  const parts = headerParts(path);
  const { body, tables } = splitFragment(fragment, parts);
  const splices: Splice[] = [];
  const section = node.path.length === path.length ? node.section : null;
  if (section) {
    if (body) splices.push(putKeys(source, section, body));
    // In an empty text keys and sections would touch, so a blank line is added between them.
    const apart = body !== "" && source.lines.length === 0;
    if (tables) splices.push(putSection(source, node, apart ? `\n${tables}` : tables));
    return splices;
  }
  const header = `[${renderKey(parts)}]\n`;
  const first = node.path.length === path.length ? node.sections[0] : undefined;
  if (first && body) {
    // The table exists only through sub-tables, so its header goes above the first of them.
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
    relative = above.sections.at(-1);
  const after = relative ? sectionEnd(source, relative) : source.lines.length - 1;
  return insertLines(source, after, after < 0 ? lines : `\n${lines}`);
}
