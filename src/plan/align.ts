/**
 * Finds the elements of one array of tables in another: by content, then by the key that names them, then by what they
 * have in common. An index alone says nothing, because others insert elements and take some away.
 */
import type { TomlTable, TomlValue } from "../model/op.ts";
import { isTable, leavesOf, sameValue, valueAt } from "../toml/value.ts";

/** Keys by which Codex and people tell one element from another, the most telling first. */
const NAMES = ["path", "name", "id", "matcher"];

export type Alignment = {
  /** The index in `to` of each element of `from`; -1 where there is none. */
  readonly forward: readonly number[];
  /** The other way round. */
  readonly backward: readonly number[];
};

/** An array whose elements are tables, and not an empty one. */
export function isArrayOfTables(value: TomlValue | undefined): value is readonly TomlTable[] {
  return Array.isArray(value) && value.length > 0 && value.every((item: TomlValue) => isTable(item));
}

/** `byPlace`: what is left between two that were found counts as the same where there is as much of it on both sides. */
export function aligned(from: readonly TomlTable[], to: readonly TomlTable[], byPlace = false): Alignment {
  const forward = from.map(() => -1);
  const backward = to.map(() => -1);
  const pair = (i: number, j: number) => {
    forward[i] = j;
    backward[j] = i;
  };
  let [first, last] = [0, 0];
  const most = Math.min(from.length, to.length);
  for (; first < most && sameValue(from[first], to[first]); first++) pair(first, first);
  for (; last < most - first && sameValue(from.at(-1 - last), to.at(-1 - last)); last++)
    pair(from.length - 1 - last, to.length - 1 - last);
  for (const likeness of [same, named, common])
    for (const [i, element] of from.entries()) {
      if (forward[i] !== -1) continue;
      const scores = to.map((other, j) => (backward[j] === -1 ? likeness(element, other) : 0));
      const best = Math.max(0, ...scores);
      if (best > 0) pair(i, scores.indexOf(best));
    }
  if (byPlace) pairGaps(forward, backward, pair);
  return { forward, backward };
}

const same = (a: TomlTable, b: TomlTable) => (sameValue(a, b) ? 1 : 0);

function named(a: TomlTable, b: TomlTable): number {
  const name = nameIn(a);
  return name !== undefined && sameValue(valueAt(a, [name]), valueAt(b, [name])) ? 1 : 0;
}

/** How many values two elements share, where the first has no name to go by. */
function common(a: TomlTable, b: TomlTable): number {
  if (nameIn(a) !== undefined) return 0;
  const leaves = leavesOf(a);
  const shared = leaves.filter(([path, value]) => sameValue(valueAt(b, path), value)).length;
  // One that holds all of the other, and be that nothing, is likelier than one that does not.
  return shared + (shared === leaves.length ? 0.5 : 0);
}

const nameIn = (element: TomlTable) => NAMES.find((key) => valueAt(element, [key]) !== undefined);

function pairGaps(forward: readonly number[], backward: readonly number[], pair: (i: number, j: number) => void): void {
  let [i, j] = [0, 0];
  while (i < forward.length && j < backward.length) {
    const left = forward.slice(i).findIndex((to) => to !== -1);
    const right = backward.slice(j).findIndex((from) => from !== -1);
    const [many, others] = [left < 0 ? forward.length - i : left, right < 0 ? backward.length - j : right];
    if (many === others && (left < 0 || forward[i + left] === j + right))
      for (let k = 0; k < many; k++) pair(i + k, j + k);
    [i, j] = [i + many + 1, j + others + 1];
  }
}
