/**
 * Names near a mistyped one, nearest first: by edit distance, a third of the name's length or two letters swapped, and
 * those that it is a part of. A very short name is near to nearly everything, so it gets one letter.
 */
export function nearestNames(name: string, known: readonly string[]): string[] {
  const limit = name.length < 4 ? 1 : Math.max(2, Math.floor(name.length / 3));
  const wanted = name.toLowerCase();
  const isPart = (candidate: string) => wanted.length > 2 && candidate.toLowerCase().includes(wanted);
  return known
    .map((candidate) => [distance(wanted, candidate.toLowerCase(), limit), candidate] as const)
    .filter(([far, candidate]) => far <= limit || isPart(candidate))
    .sort(([a], [b]) => a - b)
    .map(([, candidate]) => candidate)
    .slice(0, 3);
}

/**
 * How many slips lie between two words: a letter more, less or other, or two neighbours swapped. Beyond the limit it
 * stops and returns any larger number.
 */
export function slipsBetween(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (isSame ? 0 : 1),
          isSwapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    before = row;
    row = next;
    if (Math.min(...row) > limit) return limit + 1;
  }
  return row[b.length] ?? limit + 1;
}

/** Levenshtein distance, one row at a time; beyond the limit it stops and returns any larger number. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return Math.max(a.length, b.length);
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change));
    }
    row = next;
    if (Math.min(...row) > limit) return Math.max(a.length, b.length);
  }
  return row[b.length] ?? 0;
}
