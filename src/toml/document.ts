/**
 * One TOML text, readable by path and editable by splices. Every edit is proved before its result is handed out: a
 * second, independent parser must read the old data with exactly the wanted paths changed. Knows TOML, never Codex.
 */
import { parse, TomlError } from "smol-toml";
import { CfgError } from "../errors.ts";
import type { KeyPath, TomlTable, TomlValue } from "../op.ts";
import { putFragment, setValue } from "./insert.ts";
import { fragmentOf, unsetPath } from "./remove.ts";
import { restorePath } from "./restore.ts";
import { MAX_DEPTH, type Range, type Section, type Value } from "./scan.ts";
import { applySplices, commentsAbove, type Source, type Splice, sourceOf, textOf } from "./source.ts";
import { type Node, nodeAt } from "./tree.ts";
import { isTable, Model, renderKey, sameValue, valueAt } from "./value.ts";

/** One wanted change of a document. */
export type Edit =
  | { readonly kind: "set"; readonly path: KeyPath; readonly value: TomlValue; readonly comment?: readonly string[] }
  /** `comments` takes the comment lines directly above, `tail` those directly below, `header` a header for this key alone. */
  | {
      readonly kind: "unset";
      readonly path: KeyPath;
      readonly comments?: boolean;
      readonly tail?: boolean;
      readonly header?: boolean;
    }
  /**
   * Puts a fragment, TOML text relative to the table `path`, into that table: its tables into those that are there, and
   * keys that hold the same already are left out. `eol` is for a text that has no lines yet.
   */
  | { readonly kind: "put"; readonly path: KeyPath; readonly fragment: string; readonly eol?: Source["eol"] }
  /** Brings `path` back as it stands in `image`. */
  | { readonly kind: "restore"; readonly path: KeyPath; readonly image: Document };

export type Position = { readonly line: number; readonly column: number };

export class Document {
  readonly text: string;
  readonly data: TomlTable;
  #source: Source | undefined;
  #lineStarts: number[] | undefined;
  readonly #eol: Source["eol"] | undefined;

  /** `eol` is for a text that has no lines yet. */
  constructor(text: string, data: TomlTable, eol?: Source["eol"]) {
    this.text = text;
    this.data = data;
    this.#eol = eol;
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

  /** Where a value, or the header of a table, is written; of a table without one, its first key. */
  range(path: KeyPath): Range | undefined {
    const node = nodeAt(this.source.root, path);
    return node ? rangeOf(node) : undefined;
  }

  /** Line and column of an offset, both from 1. */
  position(offset: number): Position {
    this.#lineStarts ??= lineStartsOf(this.text);
    const starts = this.#lineStarts;
    let low = 0;
    for (let high = starts.length; high - low > 1; ) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: Math.max(1, offset - (starts[low] ?? 0) + 1) };
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

  /** A table's contents, or a key, as text that can be put elsewhere, comments included. */
  fragment(path: KeyPath): string {
    return fragmentOf(this.source, path);
  }

  /** The text after some edits, proved; the same text when they change nothing. */
  edit(edits: readonly Edit[]): Document {
    const model = new Model(this.data);
    let source = this.source;
    let pending: Splice[] = [];
    const settle = () => {
      if (pending.length > 0) source = sourceOf(applySplices(source.text, pending));
      pending = [];
    };
    const take = (edit: Edit) => {
      for (const step of stepsOf(source, edit)) {
        let splices = splicesFor(source, step);
        // Edits that touch each other, or need each other, are computed one after the other; all others share one scan.
        if (splices.length === 0 || splices.some((splice) => pending.some((other) => touches(splice, other)))) {
          settle();
          splices = splicesFor(source, step);
        }
        pending.push(...splices);
      }
      record(model, edit, source.eol);
      changed = true;
    };
    let changed = false;
    for (const edit of edits) {
      if (edit.kind === "put" && edit.eol && source.text === "") source = { ...source, eol: edit.eol };
      for (const wanted of settled(edit, model)) take(wanted);
    }
    return changed ? prove(applySplices(source.text, pending), model) : this;
  }

  get source(): Source {
    if (!this.#source) {
      const source = sourceOf(this.text);
      this.#source = this.#eol && this.text === "" ? { ...source, eol: this.#eol } : source;
    }
    return this.#source;
  }
}

/** Parses a text. Throws `invalid-toml` with line and column, never with the text of the line. */
export function parseDocument(text: string, name: string): Document {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  // A bare CR or a second BOM would slip through the parser, and Codex refuses them.
  const bare = /\r(?!\n)|^\ufeff/.exec(body);
  if (bare) throw invalid(name, new Document(body, {}).position(bare.index));
  try {
    const doc = new Document(text, parse(body, { integersAsBigInt: true, maxDepth: MAX_DEPTH }) as TomlTable);
    if (DATES.test(body)) refuseOddDates(doc, name);
    return doc;
  } catch (error) {
    if (error instanceof TomlError) throw invalid(name, error);
    throw error;
  }
}

/** The same, and null for a text that does not parse. */
export function documentOf(text: string): Document | null {
  try {
    return parseDocument(text, "");
  } catch {
    return null;
  }
}

/** Where a date or a time may be. */
const DATES = /\d{4}-..-|\d\d:\d/s;
const DATE = /^(?:\d{4}-\d\d-\d\d(?:[Tt ]TIME(?:[Zz]|[+-]\d\d:\d\d)?)?|TIME)$/.source;
const STRICT_DATE = new RegExp(DATE.replaceAll("TIME", String.raw`\d\d:\d\d(?::\d\d(?:\.\d+)?)?`));

/** The parser takes some letters for digits of a date (smol-toml 1.9.1: `1979-05-#7`), and Codex does not. */
function refuseOddDates(doc: Document, name: string): void {
  const look = (value: Value): void => {
    if (value.kind === "array") value.items.forEach(look);
    else if (value.kind === "inline") for (const entry of value.entries) look(entry.value);
    else {
      const text = doc.text.slice(value.start, value.end);
      if (/^(?:\d{4}-|\d\d:)/.test(text) && !STRICT_DATE.test(text)) throw invalid(name, doc.position(value.start));
    }
  };
  for (const { entries } of sectionsOf(doc, name)) for (const { value } of entries) look(value);
}

/** One of those letters may be a line end, and the scanner takes that for what it is. */
function sectionsOf(doc: Document, name: string): readonly Section[] {
  try {
    return doc.source.sections;
  } catch (error) {
    if (error instanceof CfgError && error.code === "internal")
      throw invalid(name, doc.position(doc.text.search(DATES)));
    throw error;
  }
}

function rangeOf(node: Node): Range | undefined {
  if (node.entry) return node.entry.value;
  const written = node.passages[0]?.entry.key ?? node.section?.key;
  if (written) return written;
  for (const below of [...node.children.values(), ...(node.elements ?? [])]) {
    const range = rangeOf(below);
    if (range) return range;
  }
  return undefined;
}

function lineStartsOf(text: string): number[] {
  const starts = [text.charCodeAt(0) === 0xfeff ? 1 : 0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function invalid(name: string, { line, column }: Position): CfgError {
  return new CfgError("invalid-toml", `not valid TOML at line ${line}, column ${column}`, {
    path: name,
    line,
    column,
    hints: [
      "mend that line in an editor, then run the same command again; nothing was written",
      "where a table or key is only there twice: codex-cfg doctor --fix",
    ],
  });
}

/** What is left to do of an edit as the model stands; nothing when it holds all of it already. */
function settled(edit: Edit, model: Model): Edit[] {
  const now = valueAt(model.root, edit.path);
  switch (edit.kind) {
    case "set":
      return sameValue(now, edit.value) ? [] : [edit];
    case "unset":
      return now === undefined ? [] : [edit];
    case "restore":
      return sameValue(now, edit.image.get(edit.path)) ? [] : [edit];
    case "put":
      return putsOf(edit.path, parseDocument(edit.fragment, "fragment"), now);
  }
}

/** One put for the table itself, then one for each of its tables that is there already. Throws `would-overwrite`. */
function putsOf(path: KeyPath, wanted: Document, now: TomlValue | undefined): Edit[] {
  const there = isTable(now) ? now : {};
  const shared = Object.keys(wanted.data).filter((key) => isTable(wanted.data[key]) && isTable(valueAt(there, [key])));
  const rest = wanted.edit(shared.map((key) => ({ kind: "unset", path: [key], comments: true, tail: true })));
  const double = Object.entries(rest.data).flatMap(([key, value]): KeyPath[] => {
    const held = shared.includes(key) ? value : valueAt(there, [key]);
    if (held === undefined) return [];
    if (sameValue(held, value)) return [[key]];
    throw new CfgError("would-overwrite", `${renderKey([...path, key])} is there already with another value`);
  });
  const fragment = rest.edit(double.map((key) => ({ kind: "unset", path: key }))).text;
  const own: Edit[] = fragment.trim() === "" && now !== undefined ? [] : [{ kind: "put", path, fragment }];
  return [
    ...own,
    ...shared.flatMap((key) =>
      putsOf([...path, key], parseDocument(wanted.fragment([key]), "fragment"), valueAt(there, [key])),
    ),
  ];
}

/** Several keys of one inline table share their commas, so they are taken out one by one. */
function stepsOf(source: Source, edit: Edit): Edit[] {
  const node = edit.kind === "unset" ? nodeAt(source.root, edit.path) : null;
  const inline = node?.passages.filter(({ entry }) => entry.line < 0) ?? [];
  if (!node || inline.length < 2) return [edit];
  return inline.map(({ entry, depth }) => ({ kind: "unset", path: [...node.path, ...entry.key.parts.slice(depth)] }));
}

function splicesFor(source: Source, edit: Edit): Splice[] {
  switch (edit.kind) {
    case "set":
      return setValue(source, edit.path, edit.value, edit.comment);
    case "unset":
      return unsetPath(source, edit.path, edit);
    case "put":
      return putFragment(source, edit.path, edit.fragment);
    case "restore":
      return restorePath(source, edit.image.source, edit.path);
  }
}

function record(model: Model, edit: Edit, eol: Source["eol"]): void {
  if (edit.kind === "set") model.set(edit.path, edit.value);
  else if (edit.kind === "unset") model.unset(edit.path);
  // A text over several lines gets the line ends of the file that it comes into.
  else if (edit.kind === "put")
    model.merge(edit.path, parseDocument(edit.fragment.replaceAll("\n", eol), "fragment").data);
  else model.set(edit.path, edit.image.get(edit.path) ?? {});
}

function prove(text: string, model: Model): Document {
  let after: Document;
  try {
    after = parseDocument(text, "the edited text");
  } catch (cause) {
    throw new CfgError("internal", "an edit gave a text that does not parse; nothing was written", { cause });
  }
  if (model.matches(after.data)) return after;
  throw new CfgError("internal", "an edit changed more, or less, than it should; nothing was written");
}

function touches(a: Splice, b: Splice): boolean {
  return a.start <= b.end && b.start <= a.end;
}
