/**
 * Edits of a text, made one after the other as splices and verified together at the end. Decides which
 * splices an edit needs in which order; the other files of this folder know where each text goes.
 */
import { CfgError } from "../model/error.ts";
import type { KeyPath, Op, TomlTable, TomlValue } from "../model/op.ts";
import { fragmentOf } from "./fragment.ts";
import { enclosingTable, isRun } from "./inline.ts";
import { putFragment, putTrailingComment, setValue } from "./insert.ts";
import { readToml } from "./read.ts";
import { isInTheWay, reinsertPath } from "./reinsert.ts";
import { unsetPath } from "./remove.ts";
import { applySplices, type Eol, nearest, Source, type Splice, trailingComment } from "./source.ts";
import { nodeAt } from "./tree.ts";
import { isTable, renderKey, sameValue, valueAt } from "./value.ts";
import { verifyEdit, withElement, withMerged, withoutValue, withValue } from "./verify-edit.ts";
import { checkWritable } from "./writable.ts";

type InFile<Kind extends Op["op"]> = Omit<Extract<Op, { op: Kind }>, "file">;

/** One wanted change of a document: an op without its file, or the `put` that a move needs. */
export type Edit =
  | InFile<"set">
  /** `tail` takes the comment lines directly below. */
  | (InFile<"unset"> & { readonly tail?: boolean })
  | InFile<"reinsert">
  | TrailingComment
  | Put;

/** Puts a comment behind a key, or above it or the header of a table, unless it is there already. */
type TrailingComment = { readonly op: "trailing-comment"; readonly path: KeyPath; readonly comment: string };

/**
 * Puts a fragment, TOML text relative to the table `path`, into that table: tables are merged, and keys with the
 * same value already are left out. `eol` is for a text that has no lines yet.
 */
type Put = { readonly op: "put"; readonly path: KeyPath; readonly fragment: string; readonly eol?: Eol };

/** A text and what the second parser reads in it. */
export type Parsed = { readonly source: Source; readonly data: TomlTable };

/**
 * A text after some edits, verified; the same object when they change nothing. Throws the error of the first refused
 * edit.
 */
export function edited(before: Parsed, edits: readonly Edit[]): Parsed {
  const eol = edits.find((edit): edit is Put => edit.op === "put" && edit.eol !== undefined)?.eol;
  const start = eol && before.source.text === "" ? new Source("", eol) : before.source;
  let [source, data] = [start, before.data];
  for (const edit of edits) {
    const wanted = ofWholeArray(edit, source, data);
    for (const change of remaining(wanted, data)) {
      for (const step of stepsOf(source, change))
        source = new Source(applySplices(source.text, splicesFor(source, step)), source.eol);
      data = dataAfter(data, change, source);
    }
  }
  return data === before.data && source === start ? before : { source, data: verifyEdit(source.text, data) };
}

/** What an edit is made of: edits, and comments to put behind keys that are there already. */
type Change =
  | Exclude<Edit, InFile<"reinsert">>
  | { readonly op: "reinsert"; readonly path: KeyPath; readonly from: KeyPath; readonly image: Parsed };

/** An edit inside an array that is written as one value, as an edit of that value: its items have no keys of their own. */
function ofWholeArray(edit: Edit, source: Source, data: TomlTable): Edit {
  const isInside = edit.path.some((part) => typeof part === "number");
  const { node, rest } = isInside ? nearest(source, edit.path) : { node: null, rest: [] };
  if (edit.op === "put" || edit.op === "trailing-comment" || rest.length === 0 || node?.entry?.value.kind !== "array")
    return edit;
  refuseOddPath(valueAt(data, node.path), node.path, rest);
  return { op: "set", path: node.path, value: valueAt(dataWith(edit, data), node.path) ?? [] };
}

function dataWith(edit: Exclude<Edit, Put | TrailingComment>, data: TomlTable): TomlTable {
  const { path } = edit;
  const now = valueAt(data, path);
  if (edit.op === "set") return withValue(data, path, edit.value);
  if (edit.op === "unset") return now === undefined ? data : withoutValue(data, path, () => true);
  const value = valueAt(parsed(edit.image, "an earlier text").data, edit.from ?? path);
  if (value === undefined || sameValue(value, now)) return data;
  return typeof path.at(-1) === "number" ? withElement(data, path, value) : withValue(data, path, value);
}

/** Throws unless a path leads through items that are there, or to the one behind the last. */
function refuseOddPath(array: TomlValue | undefined, path: KeyPath, [part, ...rest]: KeyPath): void {
  if (part === undefined || array === undefined) return;
  const name = renderKey(path);
  if (typeof part === "string" && !isTable(array))
    throw new CfgError("would-overwrite", `${name} is a value, not a table`);
  if (typeof part === "number" && !(Array.isArray(array) && part <= array.length))
    throw new CfgError("unsupported-edit", `${name} has no element ${part}`);
  refuseOddPath(valueAt(array, [part]), [...path, part], rest);
}

/** The part of an edit that the data do not hold already; empty when nothing is left to do. */
function remaining(edit: Edit, data: TomlTable): Change[] {
  if (edit.path.length === 0 && edit.op !== "put") throw new CfgError("usage", "an empty path names no key");
  const now = valueAt(data, edit.path);
  switch (edit.op) {
    case "set":
      if (sameValue(now, edit.value)) return [];
      checkWritable(edit.path, edit.value, edit.comment);
      return [edit];
    case "unset":
      return now === undefined ? [] : [edit];
    case "reinsert": {
      const image = parsed(edit.image, "an earlier text");
      const from = edit.from ?? edit.path;
      return sameValue(now, valueAt(image.data, from)) ? [] : [{ ...edit, from, image }];
    }
    case "trailing-comment":
      return now === undefined ? [] : [edit];
    case "put": {
      const fragment = parsed(edit.fragment.replace(/^\ufeff/, "").replaceAll("\r\n", "\n"), "fragment");
      checkWritable(edit.path, fragment.data);
      return putsOf(edit.path, fragment, now);
    }
  }
}

/** One put for the table itself, then one for each of its tables that is there already. Throws `would-overwrite`. */
function putsOf(path: KeyPath, wanted: Parsed, now: TomlValue | undefined): Change[] {
  const there = isTable(now) ? now : {};
  const shared = Object.keys(wanted.data).filter((key) => isTable(wanted.data[key]) && isTable(valueAt(there, [key])));
  const rest = edited(
    wanted,
    shared.map((key) => ({ op: "unset", path: [key], comments: true, tail: true })),
  );
  const known = Object.keys(rest.data).filter((key) => {
    const [old, value] = [shared.includes(key) ? undefined : valueAt(there, [key]), valueAt(rest.data, [key])];
    if (old === undefined || sameValue(old, value)) return old !== undefined;
    throw new CfgError("would-overwrite", `${renderKey([...path, key])} is there already with another value`);
  });
  const { text: fragment } = edited(
    rest,
    known.map((key) => ({ op: "unset", path: [key] })),
  ).source;
  const comments = known.flatMap((key): Change[] => {
    const entry = nodeAt(rest.source.root, [key])?.entry;
    const comment = entry && trailingComment(rest.source, entry.value.end, entry.line);
    return comment ? [{ op: "trailing-comment", path: [...path, key], comment: comment.text }] : [];
  });
  const own: Change[] = fragment.trim() === "" && now !== undefined ? [] : [{ op: "put", path, fragment }];
  const below = shared.flatMap((key) =>
    putsOf([...path, key], parsed(fragmentOf(wanted.source, [key]), "fragment"), valueAt(there, [key])),
  );
  return [...comments, ...own, ...below];
}

/**
 * The smaller changes that a change is made of, each applied before the next is planned: keys of one inline table that are
 * not neighbours share commas with others, so they are removed one by one; and what stands in the place of a value that
 * comes back is removed first.
 */
function stepsOf(source: Source, change: Change): Change[] {
  if (change.op === "reinsert" && isInTheWay(source, change.image.source, change))
    return [...stepsOf(source, { op: "unset", path: change.path }), change];
  const node = change.op === "unset" ? nodeAt(source.root, change.path) : null;
  const inline = node?.dottedKeyUses.filter(({ entry }) => entry.line < 0) ?? [];
  const entries = inline.map(({ entry }) => entry);
  if (!node || inline.length < 2 || isRun(source, enclosingTable(node), entries)) return [change];
  return inline.map(({ entry, depth }) => ({ op: "unset", path: [...node.path, ...entry.key.parts.slice(depth)] }));
}

function splicesFor(source: Source, change: Change): Splice[] {
  switch (change.op) {
    case "set":
      return setValue(source, change.path, change);
    case "unset":
      return unsetPath(source, change.path, change);
    case "put":
      return putFragment(source, change.path, change.fragment);
    case "trailing-comment":
      return putTrailingComment(source, change.path, change.comment);
    case "reinsert":
      return reinsertPath(source, change.image.source, change);
  }
}

/** The data that a text must hold after a change; `source` says which tables that are empty now are still written. */
function dataAfter(data: TomlTable, change: Change, source: Source): TomlTable {
  switch (change.op) {
    case "set":
      return withValue(data, change.path, change.value);
    case "unset":
      return withoutValue(data, change.path, (path) => nodeAt(source.root, path) !== null);
    case "put":
      // A fragment of several lines gets the line ends of the file.
      return withMerged(data, change.path, readToml(change.fragment.replaceAll("\n", source.eol), "fragment"));
    case "trailing-comment":
      return data;
    case "reinsert": {
      const value = valueAt(change.image.data, change.from) ?? {};
      return typeof change.path.at(-1) === "number"
        ? withElement(data, change.path, value)
        : withValue(data, change.path, value);
    }
  }
}

function parsed(text: string, name: string): Parsed {
  return { source: new Source(text), data: readToml(text, name) };
}
