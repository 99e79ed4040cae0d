/**
 * Turns the images of an entry and the files of now into the ops that take the entry back: byte for byte where nobody else
 * has written since, else value by value, so that reformatting by Codex is no conflict. Pure.
 */

import { equalAfterCodexRewrite, secondsOf } from "../codex/normalize.ts";
import type { Change } from "../model/change.ts";
import type { FileRole, KeyPath, Op, TomlValue } from "../model/op.ts";
import { type Document, documentOf } from "../toml/document.ts";
import { eolOf } from "../toml/source.ts";
import { isTable, leavesOf, renderKey, sameValue, valueAt } from "../toml/value.ts";
import type { Snapshot } from "./snapshot.ts";
import { type ValueChange, valueChanges } from "./value-changes.ts";

/** One key of one file; the empty path is the whole file. */
export type KeyPlace = { readonly file: FileRole; readonly path: KeyPath };

export type InvertOptions = {
  /** Added paths to leave where they are. */
  readonly keep?: readonly KeyPlace[];
  /** The images of later changes that stay, which may have moved an added path elsewhere; read only when asked for. */
  readonly later?: Iterable<readonly Change[]>;
  /** Bring the old values back over whatever is there. */
  readonly force?: boolean;
};

export type Inversion = {
  readonly ops: readonly Op[];
  /** What holds neither what the change left nor what was there before, or whose value is elsewhere by now. */
  readonly conflicts: readonly KeyPlace[];
  readonly kept: readonly KeyPlace[];
};

/** The ops that take `images` back. Paths in conflict have none, unless forced. */
export function invert(images: readonly Change[], now: Snapshot, options: InvertOptions = {}): Inversion {
  const parts = images.map((image) => invertFile(image, now, options));
  return {
    ops: parts.flatMap(({ ops }) => ops),
    conflicts: parts.flatMap(({ conflicts }) => conflicts),
    kept: parts.flatMap(({ kept }) => kept),
  };
}

function invertFile(image: Change, now: Snapshot, { keep = [], later = [], force = false }: InvertOptions): Inversion {
  const { file, before, after } = image;
  const current = now.text(file);
  const whole: Op = { op: "write", file, text: before, image: true };
  const old = documentOf(withEolOf(before, current));
  const ours = documentOf(withEolOf(after, current));
  // A text that did not parse, before the change or after it, comes back whole or not at all.
  if (!old || !ours) {
    const back = { ops: current === before ? [] : [whole], conflicts: [], kept: [] };
    return current === before || current === after || force
      ? back
      : { ops: [], conflicts: [{ file, path: [] }], kept: [] };
  }
  const units = valueChanges(old.data, ours.data);
  const kept = units
    .filter(({ path, kind }) => kind === "added" && isAmong(keep, file, path))
    .map(({ path }) => ({ file, path }));
  if (current === after && kept.length === 0) return { ops: [whole], conflicts: [], kept };
  // What a later change has moved to another place cannot be taken back from this one.
  const moved = units
    .filter(
      ({ path, kind }) =>
        kind === "added" &&
        now.document(file).get(path) === undefined &&
        [...later].some((images) => hasMoved(images, file, path)),
    )
    .map(({ path }) => ({ file, path }));
  const conflicts: KeyPlace[] = force ? [] : moved;
  if (current === before) return { ops: [], conflicts, kept: [] };
  // Somebody has removed the file since, or created the one again that the change removed.
  if (current === null || after === null) {
    return force ? { ops: [whole], conflicts: [], kept: [] } : { ops: [], conflicts: [{ file, path: [] }], kept: [] };
  }
  const ops: Op[] = [];
  const there = now.document(file);
  for (const unit of units.map((one) => reachable(one, old, there))) {
    if (kept.some(({ path }) => path === unit.path)) continue;
    const value = there.get(unit.path);
    const [was, made] = [old.get(unit.path), ours.get(unit.path)];
    const seconds = secondsOf(unit.path, made, there);
    if (seconds && ours.get(seconds) === undefined) ops.push({ op: "unset", file, path: seconds });
    if (sameValue(value, was)) continue;
    const isOurs = seconds !== null || sameValue(value, made) || force;
    if (!isOurs && equalAfterCodexRewrite(value, was, unit.path)) continue;
    if (isOurs || equalAfterCodexRewrite(value, made, unit.path)) ops.push(undo(unit, file, { old, ours, there }));
    else conflicts.push(...differences(made, value, unit.path).map((path) => ({ file, path })));
  }
  // A file that the change created goes when nothing but its own text was in it.
  if (before === null && conflicts.length === 0 && kept.length === 0 && isEmptyAfter(ops, there)) {
    return { ops: [whole], conflicts, kept };
  }
  return { ops, conflicts, kept };
}

/**
 * An image with the line ends that the file has now, because those inside multi-line strings are part of their values.
 */
function withEolOf(image: string | null, current: string | null): string {
  if (image === null || current === null || eolOf(image) === eolOf(current)) return image ?? "";
  return image.replaceAll("\r\n", "\n").replaceAll("\n", eolOf(current));
}

/**
 * The op that removes one value that a change added, and the table around it if it was added for this value alone; null
 * when the change did not add it, its value is another one now, or a later comment would go with it.
 */
export function removeAdded({ file, before, after }: Change, path: KeyPath, there: Document): Op | null {
  const old = documentOf(before ?? "");
  const ours = documentOf(after ?? "");
  if (!old || !ours) return null;
  const unit = valueChanges(old.data, ours.data).find(
    (one) => one.kind === "added" && one.path.every((part, i) => part === path[i]),
  );
  if (!unit || !sameValue(there.get(path), ours.get(path))) return null;
  const parent = path.slice(0, -1);
  const holdsItAlone = (side: Document) => Object.keys(side.table(parent) ?? {}).length === 1;
  if (unit.path.length < path.length && !holdsItAlone(ours)) return null;
  const whole = unit.path.length === parent.length && holdsItAlone(there);
  const gone: ValueChange = whole ? unit : { path, kind: "added" };
  return hasForeignComment(gone.path, ours, there) ? null : undo(gone, file, { old, ours, there });
}

/** Whether a change moved the value at a path to another place under the same name, as a migration does. */
function hasMoved(images: readonly Change[], file: FileRole, path: KeyPath): boolean {
  const image = images.find((one) => one.file === file);
  const value = image && documentOf(image.before ?? "")?.get(path);
  if (!image || value === undefined || documentOf(image.after ?? "")?.get(path) !== undefined) return false;
  const gone = leavesAt(value, path);
  return images.some(({ after, before }) => {
    const [old, now] = [documentOf(before ?? ""), documentOf(after ?? "")];
    if (!old || !now) return false;
    const came = valueChanges(old.data, now.data).filter(({ kind }) => kind === "added");
    return came
      .flatMap((unit) => leavesAt(now.get(unit.path), unit.path))
      .some((there) => gone.some((was) => isTail(was, there) || isTail(there, was)));
  });
}

function isAmong(places: readonly KeyPlace[], file: FileRole, path: KeyPath): boolean {
  return places.some((one) => one.file === file && renderKey(one.path) === renderKey(path));
}

function leavesAt(value: TomlValue | undefined, path: KeyPath): KeyPath[] {
  return isTable(value) ? leavesOf(value).map(([below]) => [...path, ...below]) : [path];
}

function isTail(path: KeyPath, tail: KeyPath): boolean {
  return tail.length <= path.length && tail.every((part, i) => part === path[path.length - tail.length + i]);
}

/** A unit, or the table above it where that has been replaced by a plain value since. */
function reachable(unit: ValueChange, old: Document, there: Document): ValueChange {
  const lengths = Array.from(unit.path.slice(1), (_, i) => i + 1);
  const above = lengths.map((length) => unit.path.slice(0, length));
  const taken = above.find((path) => there.get(path) !== undefined && !there.table(path) && old.table(path));
  return taken ? { path: taken, kind: "changed" } : unit;
}

/** The paths below a unit whose values are not those that the change left there. */
function differences(ours: TomlValue | undefined, there: TomlValue | undefined, path: KeyPath): KeyPath[] {
  if (!isTable(ours) || !isTable(there)) return sameValue(ours, there) ? [] : [path];
  const names = [...new Set([...Object.keys(ours), ...Object.keys(there)])];
  return names.flatMap((name) => differences(valueAt(ours, [name]), valueAt(there, [name]), [...path, name]));
}

type Versions = { readonly old: Document; readonly ours: Document; readonly there: Document };

function undo({ path, kind }: ValueChange, file: FileRole, { old, ours, there }: Versions): Op {
  if (kind !== "added") return { op: "reinsert", file, path, image: old.text };
  const parent = path.slice(0, -1);
  const above = ours.commentsAbove(path);
  return {
    op: "unset",
    file,
    path,
    // Removed as well is what the change added for this key: its comment lines, and a header for it alone.
    comments: above !== "" && !old.text.includes(above.trimEnd()) && there.commentsAbove(path) === above,
    header: parent.length > 0 && ours.hasHeader(parent) && !old.hasHeader(parent),
    keepComment: hasForeignComment(path, ours, there),
  };
}

/** Whether removing what a change added would remove a comment that the change did not write. */
function hasForeignComment(path: KeyPath, ours: Document, there: Document): boolean {
  const left = ours.commentsOf(path);
  return there.commentsOf(path).some((comment) => !left.includes(comment));
}

function isEmptyAfter(ops: readonly Op[], there: Document): boolean {
  const edits = ops.filter((op) => op.op === "unset");
  return edits.length === ops.length && there.edit(edits).text.trim().replace("\ufeff", "") === "";
}
