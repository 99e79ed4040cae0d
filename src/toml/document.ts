/**
 * One TOML text, readable by path and editable by splices. Every edit is verified before its result is handed out: a
 * second, independent parser must read the old data with exactly the wanted paths changed. Knows TOML, never Codex.
 */
import type { KeyPath, TomlTable, TomlValue } from "../model/op.ts";
import { type Edit, edited } from "./edit.ts";
import { fragmentOf } from "./fragment.ts";
import { lineStartsOf, type Position, positionIn, readToml } from "./read.ts";
import { commentsOf } from "./remove.ts";
import type { Range } from "./scan.ts";
import { commentsAbove, type Eol, Source, textOf, trailingComment } from "./source.ts";
import { type Node, nodeAt } from "./tree.ts";
import { isTable, valueAt } from "./value.ts";

/** The text that a document's text was made from, and where in it a place of the document's text stood. */
type Origin = { readonly text: string; readonly at: (offset: number) => number };

export class Document {
  readonly text: string;
  readonly data: TomlTable;
  readonly source: Source;
  readonly #origin: Origin | undefined;
  #lineStarts: readonly number[] | undefined;

  /**
   * A text that a parser has accepted, and what it has read. `eol`: the line end of new lines, if not that of most
   * lines. `origin`: where the text was made from another one, whose places count.
   */
  constructor(text: string, data: TomlTable, eol?: Eol, origin?: Origin) {
    this.text = text;
    this.data = data;
    this.source = new Source(text, eol);
    this.#origin = origin;
  }

  /** The value at a path; undefined when nothing is there. */
  get(path: KeyPath): TomlValue | undefined {
    return valueAt(this.data, path);
  }

  /** The table at a path; undefined when nothing, or no table, is there. */
  table(path: KeyPath): TomlTable | undefined {
    const value = this.get(path);
    return isTable(value) ? value : undefined;
  }

  /** The range of a value or of a table's header; of a table without a header, that of its first key. */
  range(path: KeyPath): Range | undefined {
    const node = nodeAt(this.source.root, path);
    return node ? rangeOf(node) : undefined;
  }

  /** A value as it is spelled behind its key; undefined where there is no such key, as for a table with a header. */
  spelling(path: KeyPath): string | undefined {
    const value = nodeAt(this.source.root, path)?.entry?.value;
    return value && this.text.slice(value.start, value.end);
  }

  /** Line and column of an offset, both from 1. */
  position(offset: number): Position {
    this.#lineStarts ??= lineStartsOf(this.#origin?.text ?? this.text);
    return positionIn(this.#lineStarts, this.#origin?.at(offset) ?? offset);
  }

  /** Whether a table has a `[header]` of its own. */
  hasHeader(path: KeyPath): boolean {
    return nodeAt(this.source.root, path)?.section?.key != null;
  }

  /** The comment lines directly above a key, with `\n` ends; empty when there are none. */
  commentsAbove(path: KeyPath): string {
    const line = nodeAt(this.source.root, path)?.entry?.line ?? -1;
    return line < 0 ? "" : textOf(this.source, { first: commentsAbove(this.source, line), last: line - 1 });
  }

  /** The comment behind the header of a table; null when there is none. */
  headerComment(path: KeyPath): string | null {
    const section = nodeAt(this.source.root, path)?.section;
    return (section?.key && trailingComment(this.source, section.key.end, section.line)?.text) ?? null;
  }

  /** The comments that go when a path is unset: behind its keys and headers, and in lines between them. */
  commentsOf(path: KeyPath): readonly string[] {
    return commentsOf(this.source, path);
  }

  /** A table's contents, or a key, as text that can be put elsewhere, comments included. */
  fragment(path: KeyPath): string {
    return fragmentOf(this.source, path);
  }

  /** The text after some edits, one after the other, verified; the same document when they change nothing. */
  edit(edits: readonly Edit[]): Document {
    const after = edited(this, edits);
    return after === this ? this : new Document(after.source.text, after.data, after.source.eol);
  }
}

/**
 * Parses a text. Throws `invalid-toml` with line and column, never with the text of the line, and `unsafe-file` where
 * names lead too deep.
 */
export function parseDocument(text: string, name: string): Document {
  return new Document(text, readToml(text, name));
}

/** The same, and null for a text that does not parse. */
export function documentOf(text: string): Document | null {
  try {
    return parseDocument(text, "");
  } catch {
    return null;
  }
}

function rangeOf(node: Node): Range | undefined {
  if (node.entry) return node.entry.value;
  const written = node.dottedKeyUses[0]?.entry.key ?? node.section?.key;
  if (written) return written;
  for (const below of [...node.children.values(), ...(node.elements ?? [])]) {
    const range = rangeOf(below);
    if (range) return range;
  }
  return undefined;
}
