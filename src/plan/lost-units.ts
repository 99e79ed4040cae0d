/**
 * The keys of a state that another one has not, and the edits that bring one back. A table of which nothing is left is one
 * key; an element of an array of tables is one, too, found again by its content or by what names it. Pure.
 */
import type { KeyPath, TomlTable, TomlValue } from "../model/op.ts";
import type { Document } from "../toml/document.ts";
import { isTable, sameValue, valueAt } from "../toml/value.ts";
import { aligned, isArrayOfTables } from "./align.ts";

/** A key by its path in the state; `to` is where its table is in the other one, where elements have moved. */
export type LostUnit = { readonly path: KeyPath; readonly to?: KeyPath };

/** What a state has and another one has not. A key that has another value there is not lost. */
export function lostUnits(state: TomlTable, there: TomlTable): LostUnit[] {
  return lostIn(state, there, { path: [], to: [] });
}

type Place = { readonly path: KeyPath; readonly to: KeyPath };

function lostIn(state: TomlTable, there: TomlTable, { path, to }: Place): LostUnit[] {
  return Object.keys(state).flatMap((name): LostUnit[] => {
    const [old, now] = [valueAt(state, [name]), valueAt(there, [name])];
    const place = { path: [...path, name], to: [...to, name] };
    if (isTable(old) && (isTable(now) || (now === undefined && isGroup(old)))) return lostIn(old, now ?? {}, place);
    if (now === undefined) return [unitAt(place)];
    if (isArrayOfTables(old) && Array.isArray(now) && now.every((item: TomlValue) => isTable(item)))
      return lostElements(old, now as readonly TomlTable[], place);
    return [];
  });
}

function lostElements(old: readonly TomlTable[], now: readonly TomlTable[], { path, to }: Place): LostUnit[] {
  return aligned(old, now).forward.flatMap((j, i): LostUnit[] => {
    const element = { path: [...path, i], to: [...to, j] };
    return j < 0 ? [{ path: element.path }] : lostIn(old[i] ?? {}, now[j] ?? {}, element);
  });
}

const unitAt = ({ path, to }: Place): LostUnit => (path.every((part, i) => part === to[i]) ? { path } : { path, to });

/** A table that only gathers other tables. */
function isGroup(value: TomlTable): boolean {
  return Object.keys(value).length > 0 && Object.values(value).every((item) => isTable(item));
}

type Edit = Parameters<Document["edit"]>[0][number];

/** The edits to try, one after the other, until one can be made. */
export function reinsertsOf({ path, to = path }: LostUnit, state: Document, there: Document): readonly Edit[] {
  const image = state.text;
  if (typeof path.at(-1) === "number") return elementEdits(path, state, there);
  const value = state.get(path);
  const set: Edit[] = value === undefined ? [] : [{ op: "set", path: to, value }];
  return [{ op: "reinsert", path: to, ...(to === path ? {} : { from: path }), image }, ...set];
}

/**
 * An element comes back behind the one that stood before it, as far as that is there still; else the array as it was, where
 * that loses nothing, or as one value.
 */
function elementEdits(path: KeyPath, state: Document, there: Document): readonly Edit[] {
  const [array, index] = [path.slice(0, -1), Number(path.at(-1))];
  const [old, now] = [state.get(array) as readonly TomlTable[], (there.get(array) ?? []) as readonly TomlTable[]];
  const { forward } = aligned(old, now);
  const last = forward.slice(0, index).findLast((to) => to >= 0);
  const next = forward.slice(index + 1).find((to) => to >= 0);
  const at = last === undefined ? (next ?? now.length) : last + 1;
  const merged = [...now.slice(0, at), ...old.slice(index, index + 1), ...now.slice(at)];
  const image = state.text;
  return [
    { op: "reinsert", path: [...array, at], from: path, image },
    ...(isPartOf({ array: now }, { array: old }) ? [{ op: "reinsert" as const, path: array, image }] : []),
    { op: "set", path: array, value: merged },
  ];
}

/** Whether a key is there again, brought back together with another one. */
export function isBack({ path, to = path }: LostUnit, state: Document, there: Document): boolean {
  if (typeof path.at(-1) !== "number") return there.get(to) !== undefined && sameValue(there.get(to), state.get(path));
  const elements = there.get(to.slice(0, -1));
  return Array.isArray(elements) && elements.some((one: TomlValue) => sameValue(one, state.get(path)));
}

/** Whether everything that is there is in the state, too; of an array of tables in the same order. */
export function isPartOf(there: TomlTable, state: TomlTable): boolean {
  return Object.keys(there).every((name) => {
    const [now, old] = [valueAt(there, [name]), valueAt(state, [name])];
    if (isTable(now) && isTable(old)) return isPartOf(now, old);
    if (isArrayOfTables(now) && isArrayOfTables(old)) {
      let at = 0;
      return now.every((element) => {
        at = old.findIndex((one, i) => i >= at && sameValue(one, element)) + 1;
        return at > 0;
      });
    }
    return sameValue(now, old);
  });
}
