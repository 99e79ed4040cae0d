/**
 * What a change did, as units that can be taken back one by one from the file as it is now: a key, an element of an array
 * of tables, or a table of which nothing else is there. Knows where each of them is by now, not what is to be done.
 */
import { equalAfterCodexRewrite } from "../codex/normalize.ts";
import { neededKeys } from "../codex/stand-alone.ts";
import type { Touch } from "../model/change.ts";
import type { KeyPath, TomlTable, TomlValue } from "../model/op.ts";
import { isTable, leavesOf, sameValue, valueAt } from "../toml/value.ts";
import { aligned, isArrayOfTables } from "./align.ts";

export type Unit = {
  readonly kind: Touch["kind"];
  /** Where it is now, or would be. */
  readonly path: KeyPath;
  /** Where it was before the change, and where the change left it. */
  readonly oldPath: KeyPath;
  readonly ourPath: KeyPath;
  readonly was: TomlValue | undefined;
  readonly made: TomlValue | undefined;
  readonly now: TomlValue | undefined;
  /** Holds nothing but what the change left there, be it less by now. */
  readonly isOurs: boolean;
  /** A table of ours that others have put keys into, which cannot stand without the one that it needs. */
  readonly loners?: { readonly needed: KeyPath; readonly beside: readonly KeyPath[] };
  /** The element that held it is gone. */
  readonly isLost?: boolean;
};

/** What history calls a unit: where the change left it, or where it was when it went. */
export function nameOf({ kind, oldPath, ourPath }: Pick<Unit, "kind" | "oldPath" | "ourPath">): KeyPath {
  return kind === "removed" ? oldPath : ourPath;
}

/** Tells of a table whether its keys are to be units of their own in any case. */
type IsSplit = (path: KeyPath) => boolean;

/** The units of a change, in the order of the old text. */
export function unitsOf(
  old: TomlTable,
  ours: TomlTable,
  there: TomlTable,
  isSplit: IsSplit = () => false,
): readonly Unit[] {
  return unitsIn({ was: old, made: ours, now: there, path: [], oldPath: [], ourPath: [] }, isSplit);
}

type Sides = Pick<Unit, "was" | "made" | "now" | "path" | "oldPath" | "ourPath">;

function unitsIn(sides: Sides, isSplit: IsSplit): readonly Unit[] {
  const { made, now, was } = sides;
  if (sameValue(was, made)) return [];
  const known = [was, made].filter((side) => side !== undefined);
  const all = [...known, ...(now === undefined ? [] : [now])];
  if (made === undefined && now === undefined) return [unit(sides)];
  const wasEmpty = was === undefined || (isTable(was) && isTable(made) && Object.keys(was).length === 0);
  if (wasEmpty && now !== undefined && isPart(now, made, sides.path) && !isSplit(sides.path))
    return [{ ...unit(sides), isOurs: true }];
  if (all.every(isTable) && known.some((side) => Object.keys(side).length > 0)) return unitsInTable(sides, isSplit);
  if (all.every(isArrayOfTables)) return unitsInArray(sides, isSplit);
  return [unit(sides)];
}

function unit(sides: Sides): Unit {
  const { made, now, was } = sides;
  const kind = was === undefined ? "added" : made === undefined ? "removed" : "changed";
  return { ...sides, kind, isOurs: sameValue(now, made) };
}

/** Whether a table holds nothing but what another one holds, too, be it as Codex writes it. */
function isPart(part: TomlValue, of: TomlValue | undefined, path: KeyPath): boolean {
  if (!isTable(part) || !isTable(of)) return sameValue(part, of);
  return leavesOf(part).every(([key, value]) => {
    const made = valueAt(of, key);
    return made !== undefined && equalAfterCodexRewrite(value, made, [...path, ...key]);
  });
}

function below(sides: Sides, name: string): Sides {
  const at = (side: TomlValue | undefined) => (side === undefined ? undefined : valueAt(side, [name]));
  return {
    was: at(sides.was),
    made: at(sides.made),
    now: at(sides.now),
    path: [...sides.path, name],
    oldPath: [...sides.oldPath, name],
    ourPath: [...sides.ourPath, name],
  };
}

function unitsInTable(sides: Sides, isSplit: IsSplit): readonly Unit[] {
  const names = [...new Set([sides.was, sides.made].flatMap((side) => Object.keys(side ?? {})))];
  const units = names.flatMap((name) => unitsIn(below(sides, name), isSplit));
  const needed = sides.was === undefined ? neededKeys(sides.path) : [];
  const goes = units.find(
    ({ isOurs, made, path }) => isOurs && made !== undefined && isKeyOf(path, sides.path, needed),
  );
  if (!goes || !isTable(sides.now)) return units;
  const beside = leavesOf(sides.now).flatMap(([key]) =>
    valueAt(sides.made ?? {}, key) === undefined ? [[...sides.path, ...key]] : [],
  );
  return beside.length > 0 ? [{ ...unit(sides), loners: { needed: goes.path, beside } }] : units;
}

function isKeyOf(path: KeyPath, table: KeyPath, names: readonly string[]): boolean {
  return path.length === table.length + 1 && names.includes(String(path.at(-1)));
}

type Elements = readonly TomlTable[];

function unitsInArray(sides: Sides, isSplit: IsSplit): readonly Unit[] {
  const [old, ours, there] = [sides.was, sides.made, sides.now].map((side) => side ?? []) as [
    Elements,
    Elements,
    Elements,
  ];
  const mine = aligned(old, ours, true);
  const found = aligned(ours, there);
  const asLeft = old.map((_, i) => found.forward[mine.forward[i] ?? -1] ?? -1);
  // What is back already is found by what it was.
  const missing = [...asLeft.keys()].filter((i) => asLeft[i] === -1);
  const free = [...there.keys()].filter((i) => found.backward[i] === -1);
  const asBefore = aligned(
    missing.map((i) => old[i] as TomlTable),
    free.map((i) => there[i] as TomlTable),
  );
  const placeOf = (i: number): number => {
    const left = asLeft[i] ?? -1;
    return left >= 0 ? left : (free[asBefore.forward[missing.indexOf(i)] ?? -1] ?? -1);
  };
  const element = (was: number, made: number, now: number, path = now): Sides => ({
    was: old[was],
    made: ours[made],
    now: there[now],
    path: [...sides.path, path],
    oldPath: [...sides.oldPath, was],
    ourPath: [...sides.ourPath, made],
  });
  const added = ours.flatMap((_, made): readonly Unit[] => {
    const now = found.forward[made] ?? -1;
    return mine.backward[made] === -1 && now >= 0 ? unitsIn(element(-1, made, now), isSplit) : [];
  });
  const leaving = added.flatMap(({ path }) => (path.length === sides.path.length + 1 ? [Number(path.at(-1))] : []));
  let next = 0;
  let brought = 0;
  const others = old.flatMap((_, was): readonly Unit[] => {
    const made = mine.forward[was] ?? -1;
    const now = placeOf(was);
    if (now >= 0) next = now + 1;
    if (made >= 0 && now >= 0) return unitsIn(element(was, made, now), isSplit);
    if (made >= 0)
      return sameValue(old[was], ours[made]) ? [] : [{ ...unit(element(was, made, -1, was)), isLost: true }];
    if (now >= 0) return [];
    const at = next - leaving.filter((index) => index < next).length + brought++;
    return [unit(element(was, -1, -1, at))];
  });
  return [...others, ...added];
}
