/**
 * Turns the images of an entry and the files of now into the ops that take the entry back: byte for byte where nobody else
 * has written since, else line by line as far as the lines are still there, and key by key for the rest. Pure.
 */
import { type Change, type KeyPlace, touchesPlace } from "../model/change.ts";
import type { KeyPath, Op } from "../model/op.ts";
import { type Document, documentOf } from "../toml/document.ts";
import type { Edit } from "../toml/edit.ts";
import { type Eol, rewrittenEol } from "../toml/source.ts";
import { takenBack } from "../toml/take-back.ts";
import { sameValue } from "../toml/value.ts";
import { type Moves, movesOf, startsWith } from "./moves.ts";
import type { Snapshot } from "./snapshot.ts";
import { inOrder, isUnderway, undo, verdictOn, withoutEmpty, withUnitsBack } from "./undo-unit.ts";
import { nameOf, type Unit, unitsOf } from "./units.ts";
import { valueChanges } from "./value-changes.ts";

export type InvertOptions = {
  /** Added paths to leave where they are. */
  readonly keep?: readonly KeyPlace[];
  /** What of the change is still in force; all of it without. */
  readonly only?: readonly KeyPlace[] | undefined;
  /** The images of later changes that stay, which may have moved an added path elsewhere; read only when asked for. */
  readonly later?: Iterable<readonly Change[]>;
  /** Bring the old values back over whatever is there. */
  readonly force?: boolean;
};

/** A key that cannot be taken back; a table where others have put keys `beside` the one `needed`, which cannot stand alone. */
export type Conflict = KeyPlace & { readonly loners?: NonNullable<Unit["loners"]> };

export type Inversion = {
  readonly ops: readonly Op[];
  /** What holds neither what the change left nor what was there before, or whose value is elsewhere by now. */
  readonly conflicts: readonly Conflict[];
  readonly kept: readonly KeyPlace[];
  /** Whether anything of it is as it was before, once the ops are made. */
  readonly isBack: boolean;
};

/** The ops that take `images` back. Paths in conflict have none, unless forced. */
export function invert(images: readonly Change[], now: Snapshot, options: InvertOptions = {}): Inversion {
  const moves = movesOf(options.later ?? []);
  const parts = images.map((image) => invertFile(image, now, options, moves));
  return {
    ops: parts.flatMap(({ ops }) => ops),
    conflicts: parts.flatMap(({ conflicts }) => conflicts),
    kept: parts.flatMap(({ kept }) => kept),
    isBack: parts.some(({ isBack }) => isBack),
  };
}

const DONE: Inversion = { ops: [], conflicts: [], kept: [], isBack: true };

function invertFile(image: Change, now: Snapshot, options: InvertOptions, moves: Moves): Inversion {
  const { file, before, after } = image;
  const { keep = [], only, force = false } = options;
  const current = now.text(file);
  const whole: Inversion = { ...DONE, ops: [{ op: "write", file, text: before, image: true }] };
  const refused: Inversion = { ...DONE, conflicts: [{ file, path: [] }], isBack: false };
  const eol = rewrittenEol(after ?? before ?? "", current ?? "");
  const [old, ours] = [documentOf(withEol(before, eol)), documentOf(withEol(after, eol))];
  // A text that did not parse, before the change or after it, comes back whole or not at all.
  if (!old || !ours) return current === before ? DONE : current === after || force ? whole : refused;
  const isKept = ({ kind, path }: Pick<Unit, "kind" | "path">) =>
    kind === "added" && touchesPlace(keep, { file, path });
  const changes = valueChanges(old.data, ours.data);
  const isWhole = only === undefined && !changes.some(isKept);
  if (isWhole && current === after) return whole;
  // What a later change has moved to another place cannot be taken back from this one.
  const isMoved = ({ kind, path }: Pick<Unit, "kind" | "path">) =>
    kind === "added" && !force && now.document(file).get(path) === undefined && moves(file, path);
  const moved = changes.filter(isMoved).map(({ path }) => ({ file, path }));
  if (isWhole && current === before)
    return { ...DONE, conflicts: moved, isBack: moved.length === 0 || moved.length < changes.length };
  // Somebody has removed the file since, or created the one again that the change removed.
  if (current === null || after === null) return force ? whole : current === before ? DONE : refused;
  const there = now.document(file);
  const byLine = isWhole ? linesBack({ before: before ?? "", after, current }, { old, ours, there }) : null;
  const base = byLine?.result ?? there;
  const isSplit = (path: KeyPath) =>
    keep.some((place) => startsWith(place.path, path) && place.path.length > path.length);
  // An element without what the change left in it may have nothing by which to be found.
  const units = unitsOf(old.data, ours.data, base.data, isSplit).filter(
    (unit) =>
      !(byLine?.isAll && unit.isLost) && (only === undefined || touchesPlace(only, { file, path: nameOf(unit) })),
  );
  const judged = units.map((unit) => ({ unit, verdict: isKept(unit) ? "kept" : verdictOn(unit, base, force) }));
  const of = (wanted: string) => judged.filter(({ verdict }) => verdict === wanted).map(({ unit }) => unit);
  const going = of("goes");
  const edits = inOrder(going.flatMap((unit) => undo(unit, { old, ours, there: base })));
  // These first, while the elements of arrays are still where the units have them.
  const left = base.edit([...headerComments(going, { old, ours, there: base }), ...edits]).text;
  const found = {
    conflicts: [
      ...moved,
      ...of("conflict").map((unit) => ({ file, path: nameOf(unit), ...(unit.loners ? { loners: unit.loners } : {}) })),
    ],
    kept: of("kept").map((unit) => ({ file, path: nameOf(unit) })),
    isBack: byLine !== null || units.length === 0 || of("goes").length > 0 || of("back").length > moved.length,
  };
  // A file that the change created goes when nothing but its own text was in it.
  const isBlank = left.replace("\ufeff", "").trim() === "";
  if (before === null && isBlank && found.conflicts.length + found.kept.length === 0)
    return { ...found, ops: whole.ops };
  return { ...found, ops: left === current ? [] : [{ op: "write", file, text: left }] };
}

/** An image with the line ends that the file has by now: those inside multi-line strings are part of their values. */
function withEol(image: string | null, eol: Eol | null): string {
  return eol ? (image ?? "").replaceAll("\r\n", "\n").replaceAll("\n", eol) : (image ?? "");
}

type Texts = { readonly before: string; readonly after: string; readonly current: string };
type LinesBack = { readonly result: Document; readonly isAll: boolean };
type Versions = { readonly old: Document; readonly ours: Document; readonly there: Document };

/**
 * The text without the lines that the change brought, and with those that it took; null where that would do more, or
 * other things, than to take units of the change back. `isAll`: all of them are back then.
 */
function linesBack({ after, before, current }: Texts, { old, ours, there }: Versions): LinesBack | null {
  const text = takenBack(before, after, current);
  const result = text === null || text === current ? null : documentOf(text);
  if (result === null) return null;
  const all = unitsOf(old.data, ours.data, there.data);
  const units = all.filter((unit) => isUnderway(unit, result));
  if (!sameValue(withoutEmpty(result.data), withoutEmpty(withUnitsBack(there.data, units)))) return null;
  const isBack = (unit: Unit) => units.includes(unit) || (!unit.isLost && sameValue(unit.now, unit.was));
  return { result, isAll: all.every(isBack) };
}

/** Behind which headers a comment comes back: their tables had gone, and others have made them again without it. */
function headerComments(going: readonly Unit[], { old, ours, there }: Versions): Edit[] {
  const tables = going.flatMap(({ oldPath, ourPath, path }) =>
    path.map((_, i) => {
      const upTo = (side: KeyPath) => side.slice(0, i + 1);
      return { path: upTo(path), oldPath: upTo(oldPath), ourPath: upTo(ourPath) };
    }),
  );
  const byPath = new Map(tables.map((table) => [JSON.stringify(table.path), table])).values();
  return [...byPath].flatMap(({ oldPath, ourPath, path }): Edit[] => {
    // An element comes back with its own header, and where it is to stand is another one.
    if (typeof path.at(-1) === "number") return [];
    const comment = ours.headerComment(ourPath) === null && there.table(path) ? old.headerComment(oldPath) : null;
    return comment === null || there.text.includes(comment) ? [] : [{ op: "trailing-comment", path, comment }];
  });
}
