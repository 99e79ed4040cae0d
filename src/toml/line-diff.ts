/**
 * Which lines of one text stand in another, by the shortest edit between the two (Myers). Knows lines as strings, nothing
 * of what they mean.
 */

/** More differences than these are no edit but another text. */
const MOST_EDITS = 1500;

/** For each line of `from` its index in `to`, -1 where it is gone; null where the two have too little in common. */
export function linesIn(from: readonly string[], to: readonly string[]): readonly number[] | null {
  let [first, last] = [0, 0];
  const most = Math.min(from.length, to.length);
  while (first < most && from[first] === to[first]) first++;
  while (last < most - first && from.at(-1 - last) === to.at(-1 - last)) last++;
  const middle = pathBetween(from.slice(first, from.length - last), to.slice(first, to.length - last));
  if (middle === null) return null;
  return [
    ...Array.from({ length: first }, (_, i) => i),
    ...middle.map((at) => (at < 0 ? -1 : at + first)),
    ...Array.from({ length: last }, (_, i) => to.length - last + i),
  ];
}

function pathBetween(from: readonly string[], to: readonly string[]): readonly number[] | null {
  const found = from.map(() => -1);
  if (from.length === 0 || to.length === 0) return found;
  /** How far each diagonal got, before each round. */
  const rounds: Int32Array[] = [];
  const most = Math.min(from.length + to.length, MOST_EDITS);
  const width = 2 * most + 3;
  const reach = new Int32Array(width);
  const at = (diagonal: number) => reach[diagonal + most + 1] ?? 0;
  for (let edits = 0; edits <= most; edits++) {
    rounds.push(reach.slice(most + 1 - edits - 1, most + 1 + edits + 2));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const goesDown = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
      let x = goesDown ? at(diagonal + 1) : at(diagonal - 1) + 1;
      while (x < from.length && x - diagonal < to.length && from[x] === to[x - diagonal]) x++;
      reach[diagonal + most + 1] = x;
      if (x >= from.length && x - diagonal >= to.length) return traced(rounds, from.length, to.length, found);
    }
  }
  return null;
}

/** Walks the rounds back from the end and notes the lines that are the same. */
function traced(rounds: readonly Int32Array[], length: number, other: number, found: number[]): readonly number[] {
  let [x, y] = [length, other];
  for (let edits = rounds.length - 1; edits >= 0; edits--) {
    const reach = rounds[edits] as Int32Array;
    const at = (diagonal: number) => reach[diagonal + edits + 1] ?? 0;
    const diagonal = x - y;
    const goesDown = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
    const before = edits === 0 ? 0 : goesDown ? at(diagonal + 1) : at(diagonal - 1);
    const beforeY = edits === 0 ? 0 : before - (goesDown ? diagonal + 1 : diagonal - 1);
    const start = edits === 0 ? 0 : goesDown ? before : before + 1;
    while (x > start) found[--x] = --y;
    [x, y] = [before, beforeY];
  }
  return found;
}
