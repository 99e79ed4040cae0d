/**
 * One TOML text, readable by path and editable by splices. Every edit is proved before its result is handed out: a
 * second, independent parser must read the old data with exactly the wanted paths changed. Knows TOML, never Codex.
 */
import { CfgError } from "../model/error.ts";
import type { KeyPath, TomlTable, TomlValue } from "../model/op.ts";
import { enclosingTable, isRun } from "./inline.ts";
import { behindEntry, putFragment, putRemark, setValue } from "./insert.ts";
import { isLarge, isValidByStretches } from "./large.ts";
import { Excerpt, prove } from "./proof.ts";
import { lineStartsOf, type Position, positionIn, readToml, refuseDeep } from "./read.ts";
import { fragmentOf, unsetPath } from "./remove.ts";
import { isInTheWay, restorePath } from "./restore.ts";
import { Rewrite } from "./rewrite.ts";
import type { Range } from "./scan.ts";
import { applySplices, commentsAbove, type Eol, Source, type Splice, textOf } from "./source.ts";
import { type Node, nodeAt } from "./tree.ts";
import { isTable, Model, renderKey, sameValue, valueAt } from "./value.ts";
import { checkWritable } from "./writable.ts";

type Put = Extract<Edit, { kind: "put" }>;

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
  | { readonly kind: "put"; readonly path: KeyPath; readonly fragment: string; readonly eol?: Eol }
  /** Puts a comment behind a key that is there. */
  | { readonly kind: "remark"; readonly path: KeyPath; readonly comment: string }
  /** Brings `path` back as it stands in `image`. */
  | { readonly kind: "restore"; readonly path: KeyPath; readonly image: Document };

export class Document {
  readonly text: string;
  #data: TomlTable | undefined;
  #source: Source | undefined;
  #lineStarts: readonly number[] | undefined;
  readonly #eol: Eol | undefined;

  /** A text that a parser has accepted, read when `data` is not given. `eol`: how new lines end, if not as most. */
  constructor(text: string, data?: TomlTable, eol?: Eol) {
    this.text = text;
    this.#data = data;
    this.#eol = eol;
  }

  get data(): TomlTable {
    this.#data ??= readToml(this.text, "");
    return this.#data;
  }

  /** The value at a path; undefined when nothing is there. */
  get(path: KeyPath): TomlValue | undefined {
    if (this.#data) return valueAt(this.#data, path);
    const excerpt = Excerpt.about(this.source, [path]);
    return valueAt(excerpt.isMost ? this.data : excerpt.data, path);
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

  /** A value as it is written behind its key; undefined for what has no key of its own, as a table with a header. */
  spelling(path: KeyPath): string | undefined {
    const value = nodeAt(this.source.root, path)?.entry?.value;
    return value && this.text.slice(value.start, value.end);
  }

  /** Line and column of an offset, both from 1. */
  position(offset: number): Position {
    this.#lineStarts ??= lineStartsOf(this.text);
    return positionIn(this.#lineStarts, offset);
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

  /** The comment behind a key in its line; empty when there is none. */
  commentBehind(path: KeyPath): string {
    return behindEntry(this.source, nodeAt(this.source.root, path)?.entry ?? null);
  }

  /** A table's contents, or a key, as text that can be put elsewhere, comments included. */
  fragment(path: KeyPath): string {
    return fragmentOf(this.source, path);
  }

  /** The text after some edits, proved; the same document when they change nothing. */
  edit(edits: readonly Edit[]): Document {
    try {
      return this.#edited(edits);
    } catch (error) {
      // One of them may need what another has done in a way that shows in the text alone.
      if (edits.length < 2 || !(error instanceof CfgError)) throw error;
      return edits.reduce<Document>((document, edit) => document.#edited([edit]), this);
    }
  }

  #edited(edits: readonly Edit[]): Document {
    const eol = edits.find((edit): edit is Put => edit.kind === "put" && edit.eol !== undefined)?.eol;
    const source = eol && this.text === "" ? new Source("", eol) : this.source;
    const rewrite = new Rewrite(source);
    const excerpt = this.#about(
      source,
      edits.map(({ path }) => path),
    );
    const model = new Model(excerpt.data);
    const done: Edit[] = [];
    for (const edit of edits) {
      const scope = scopeOf(edit);
      rewrite.turnTo(scope);
      model.settle(scope, (path) => nodeAt(rewrite.source.root, path) !== null);
      for (const wanted of settled(edit, model)) {
        for (const step of stepsOf(rewrite.source, wanted)) rewrite.add(scope, (now) => splicesFor(now, step));
        record(model, wanted, source.eol);
        done.push(wanted);
      }
    }
    if (done.length === 0) return this;
    const { splices } = rewrite;
    const changed = excerpt.around(splices);
    const after = prove(changed, splices, changed === excerpt ? model : modelOf(changed, done, source.eol));
    return new Document(applySplices(source.text, splices), changed.isWhole ? after : undefined, source.eol);
  }

  #about(source: Source, paths: readonly KeyPath[]): Excerpt {
    const excerpt = Excerpt.about(source, paths);
    return this.#data && excerpt.isMost ? Excerpt.whole(source, this.#data) : excerpt;
  }

  get source(): Source {
    this.#source ??= new Source(this.text, this.#eol);
    return this.#source;
  }
}

/**
 * Parses a text. Throws `invalid-toml` with line and column, never with the text of the line, and `unsafe-file` where
 * names lead too deep.
 */
export function parseDocument(text: string, name: string): Document {
  const unread = new Document(text);
  if (isLarge(text) && isValidByStretches(unread)) return unread;
  const data = readToml(text, name);
  refuseDeep(text, data, name);
  return new Document(text, data);
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
  const written = node.passages[0]?.entry.key ?? node.section?.key;
  if (written) return written;
  for (const below of [...node.children.values(), ...(node.elements ?? [])]) {
    const range = rangeOf(below);
    if (range) return range;
  }
  return undefined;
}

/** What an edit has a say in: a header that goes along with its last key is the table's. */
function scopeOf(edit: Edit): KeyPath {
  return edit.kind === "unset" && edit.header ? edit.path.slice(0, -1) : edit.path;
}

/** What is left to do of an edit as the model stands; nothing when it holds all of it already. */
function settled(edit: Edit, model: Model): Edit[] {
  if (edit.path.length === 0 && edit.kind !== "put") throw new CfgError("usage", "an empty path names no key");
  const now = valueAt(model.root, edit.path);
  switch (edit.kind) {
    case "set":
      if (sameValue(now, edit.value)) return [];
      checkWritable(edit.path, edit.value, edit.comment);
      return [edit];
    case "unset":
      return now === undefined ? [] : [edit];
    case "restore":
      return sameValue(now, edit.image.get(edit.path)) ? [] : [edit];
    case "remark":
      return [edit];
    case "put": {
      const fragment = edit.fragment.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
      const wanted = parseDocument(fragment, "fragment");
      checkWritable(edit.path, wanted.data);
      return putsOf(edit.path, wanted, now);
    }
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
  const remarks = double.flatMap((key): Edit[] => {
    const comment = rest.commentBehind(key);
    return comment === "" ? [] : [{ kind: "remark", path: [...path, ...key], comment }];
  });
  return [
    ...remarks,
    ...own,
    ...shared.flatMap((key) =>
      putsOf([...path, key], parseDocument(wanted.fragment([key]), "fragment"), valueAt(there, [key])),
    ),
  ];
}

/**
 * The edits that an edit comes to, each to be seen through before the next: keys of one inline table that do not stand
 * together share their commas with others, so they are taken out one by one, and what comes back finds its place where
 * the new has gone.
 */
function stepsOf(source: Source, edit: Edit): Edit[] {
  if (edit.kind === "restore" && isInTheWay(source, edit.image.source, edit.path))
    return [...stepsOf(source, { kind: "unset", path: edit.path }), edit];
  const node = edit.kind === "unset" ? nodeAt(source.root, edit.path) : null;
  const inline = node?.passages.filter(({ entry }) => entry.line < 0) ?? [];
  const entries = inline.map(({ entry }) => entry);
  if (!node || inline.length < 2 || isRun(source, enclosingTable(node), entries)) return [edit];
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
    case "remark":
      return putRemark(source, edit.path, edit.comment);
    case "restore":
      return restorePath(source, edit.image.source, edit.path);
  }
}

function modelOf({ data }: Excerpt, edits: readonly Edit[], eol: Eol): Model {
  const model = new Model(data);
  for (const edit of edits) record(model, edit, eol);
  return model;
}

function record(model: Model, edit: Edit, eol: Eol): void {
  if (edit.kind === "set") model.set(edit.path, edit.value);
  else if (edit.kind === "unset") model.unset(edit.path);
  else if (edit.kind === "remark") return;
  // A text over several lines gets the line ends of the file that it comes into.
  else if (edit.kind === "put")
    model.merge(edit.path, parseDocument(edit.fragment.replaceAll("\n", eol), "fragment").data);
  else model.set(edit.path, edit.image.get(edit.path) ?? {});
}
