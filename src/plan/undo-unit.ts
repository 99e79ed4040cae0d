/**
 * What is to be done about one unit of a change that is taken back: whether it goes, is back already or is a conflict, by
 * which edits, and which data that leaves.
 */
import { equalAfterCodexRewrite, secondsOf } from "../codex/normalize.ts";
import type { Change } from "../model/change.ts";
import type { KeyPath, Op, TomlTable, TomlValue } from "../model/op.ts";
import { type Document, documentOf } from "../toml/document.ts";
import type { Edit } from "../toml/edit.ts";
import { isTable, leavesOf, sameValue } from "../toml/value.ts";
import { withElement, withoutValue, withValue } from "../toml/verify-edit.ts";
import { isArrayOfTables } from "./align.ts";
import type { Unit } from "./units.ts";

/** `back`: it is as it was before the change. */
export type Verdict = "goes" | "back" | "conflict";

/** The verdict on a unit of what is there; forced, nothing is a conflict. */
export function verdictOn(unit: Unit, there: Document, force: boolean): Verdict {
  const { isLost, loners, made, now, path, was } = unit;
  if (isLost || loners) return force ? "goes" : "conflict";
  if (secondsOf(path, made, there)) return "goes";
  if (sameValue(now, was)) return "back";
  if (unit.isOurs || force || goalOf(unit) !== null) return "goes";
  if (equalAfterCodexRewrite(now, was, path)) return "back";
  return equalAfterCodexRewrite(now, made, path) ? "goes" : "conflict";
}

/** The edits that take a unit back from the text that is there. */
export function undo(unit: Unit, { old, ours, there }: Versions): Edit[] {
  const { kind, now, oldPath, ourPath, path, was } = unit;
  const seconds = secondsOf(path, unit.made, there);
  const more: Edit[] = seconds && ours.get(seconds) === undefined ? [{ op: "unset", path: seconds }] : [];
  if (was === undefined || kind === "added") return [...more, unset(unit, { old, ours, there })];
  // The keys of a table that was empty before go one by one, unless it comes back as one value, spelled as it was.
  if (isTable(was) && isTable(now) && !(old.spelling(oldPath) && there.spelling(path)))
    return leavesOf(now).map(([key]) => unset(below(unit, key), { old, ours, there }));
  const goal = goalOf(unit);
  // Comments that others have put into an array stay, which they would not if it came back as it was spelled.
  const isRespelled = Array.isArray(now) && there.spelling(path) !== ours.spelling(ourPath);
  if (goal !== null && (isRespelled || !unit.isOurs) && goal !== undefined)
    return [...more, { op: "set", path, value: goal }];
  return [...more, { op: "reinsert", path, from: oldPath, image: old.text }];
}

const below = ({ oldPath, ourPath, path }: Unit, key: KeyPath): Places => ({
  oldPath: [...oldPath, ...key],
  ourPath: [...ourPath, ...key],
  path: [...path, ...key],
});

type Versions = { readonly old: Document; readonly ours: Document; readonly there: Document };

type Places = Pick<Unit, "loners" | "oldPath" | "ourPath" | "path">;
type Unset = Extract<Edit, { op: "unset" }>;

/** Removed with a key is what the change added for it: comment lines, and a header for it alone. Comments of others stay. */
function unset({ loners, oldPath, ourPath, path }: Places, { old, ours, there }: Versions): Unset {
  const above = ours.commentsAbove(ourPath);
  const parent = ourPath.slice(0, -1);
  return {
    op: "unset",
    path,
    comments: above !== "" && !old.text.includes(above.trimEnd()) && there.commentsAbove(path) === above,
    header: parent.length > 0 && ours.hasHeader(parent) && !old.hasHeader(oldPath.slice(0, -1)),
    ...(loners ? {} : { keep: foreignComments(path, ourPath, { ours, there }) }),
  };
}

/**
 * The edit that removes one value that a change added, and the table around it if it was added for this value alone; null
 * when the change did not add it, its value is another one now, or a later comment would go with it.
 */
export function removeAdded({ after, before, file }: Change, path: KeyPath, there: Document): Op | null {
  const [old, ours] = [documentOf(before ?? ""), documentOf(after ?? "")];
  if (!old || !ours || old.get(path) !== undefined || ours.get(path) === undefined) return null;
  if (!sameValue(there.get(path), ours.get(path))) return null;
  const parent = path.slice(0, -1);
  const isNew = parent.length > 0 && old.get(parent) === undefined;
  const holdsItAlone = (side: Document) => Object.keys(side.table(parent) ?? {}).length === 1;
  if (isNew && !holdsItAlone(ours)) return null;
  const gone = isNew && holdsItAlone(there) ? parent : path;
  if (foreignComments(gone, gone, { ours, there }).length > 0) return null;
  return { ...unset({ path: gone, oldPath: gone, ourPath: gone }, { old, ours, there }), file };
}

/** The comments that would go with a path and that the change did not write. */
function foreignComments(path: KeyPath, ourPath: KeyPath, { ours, there }: Omit<Versions, "old">): string[] {
  const left = [...ours.commentsOf(ourPath)];
  return there.commentsOf(path).filter((comment) => {
    const at = left.indexOf(comment);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/**
 * What a unit is to hold once it is taken back: what it held before, or of a list to which others have added, and from which
 * they have taken, the rest. Null where that is a conflict.
 */
function goalOf({ isOurs, made, now, was }: Unit): TomlValue | undefined | null {
  if (isOurs) return was;
  if (![was, made, now].every(Array.isArray) || [was, made, now].some(isArrayOfTables)) return null;
  return listWithout(made as List, was as List, now as List);
}

type List = readonly TomlValue[];

function listWithout(made: List, was: List, now: List): List | null {
  const added = without(made, was);
  const removed = without(was, made);
  const result = without(now, added);
  const isReplaced = removed.length > 0 && result.length !== now.length - added.length;
  if (isReplaced || added.length + removed.length === 0) return null;
  for (const item of removed) {
    if (result.some((one) => sameValue(one, item))) continue;
    const before = was.slice(0, was.indexOf(item)).findLast((one) => result.some((other) => sameValue(one, other)));
    const at = before === undefined ? 0 : result.findIndex((one) => sameValue(one, before)) + 1;
    result.splice(at, 0, item);
  }
  return result;
}

/** A list without the items of another one, each taken out once, from its end. */
function without(list: List, items: List): TomlValue[] {
  const left = [...list];
  for (const item of items) {
    const at = left.findLastIndex((one) => sameValue(one, item));
    if (at >= 0) left.splice(at, 1);
  }
  return left;
}

/** Whether a result has a unit back, as far as its path tells; elements may be elsewhere in it. */
export function isUnderway(unit: Unit, result: Document): boolean {
  const goal = unit.isLost || unit.loners ? null : goalOf(unit);
  if (goal === null || sameValue(unit.now, unit.was)) return false;
  return unit.path.some((part) => typeof part === "number") || sameValue(result.get(unit.path), goal);
}

/** The data with units taken back. */
export function withUnitsBack(data: TomlTable, units: readonly Unit[]): TomlTable {
  return inOrder(units).reduce((now, unit) => {
    const goal = goalOf(unit) ?? undefined;
    if (goal === undefined) return withoutValue(now, unit.path, () => false);
    if (isElement(unit.path) && unit.now === undefined) return withElement(now, unit.path, goal);
    return withValue(now, unit.path, goal);
  }, data);
}

/**
 * Keys first; then elements, innermost arrays first: the last one goes first, and the first one comes first, so that each
 * index counts as it was given.
 */
export function inOrder<T extends { readonly path: KeyPath } & (Unit | Edit)>(items: readonly T[]): T[] {
  const goes = (item: T) => ("op" in item ? item.op === "unset" : item.kind === "added");
  const rank = (item: T) => (isElement(item.path) ? [-item.path.length, goes(item) ? 0 : 1] : [-Infinity, 0]);
  return [...items].sort((a, b) => {
    const [[depthA = 0, orderA = 0], [depthB = 0, orderB = 0]] = [rank(a), rank(b)];
    if (depthA !== depthB) return depthA < depthB ? -1 : 1;
    if (orderA !== orderB) return orderA - orderB;
    if (depthA === -Infinity) return 0;
    return (Number(a.path.at(-1)) - Number(b.path.at(-1))) * (goes(a) ? -1 : 1);
  });
}

const isElement = (path: KeyPath) => typeof path.at(-1) === "number";

/** The data without tables that hold nothing. */
export function withoutEmpty(data: TomlTable): TomlTable {
  const entries = Object.entries(data).map(([key, value]): [string, TomlValue] => [
    key,
    isTable(value) ? withoutEmpty(value) : isArrayOfTables(value) ? value.map(withoutEmpty) : value,
  ]);
  return Object.fromEntries(entries.filter(([, value]) => !isTable(value) || Object.keys(value).length > 0));
}
