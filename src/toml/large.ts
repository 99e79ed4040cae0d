/**
 * Finds out whether a large text is valid TOML without ever holding all of its data: stretch by stretch, each read
 * together with the sections above its own. Says "no" wherever it is not sure; whoever asks then reads the whole.
 */
import { Excerpt } from "./proof.ts";
import type { Source } from "./source.ts";

/** Up to here a text is read in one go: its data is wanted soon enough. */
const LARGE = 1024 * 1024;
/** How many characters are read at once beyond. Small enough for most of what comes of it to be gone before the next. */
const STRETCH = 32 * 1024;

export function isLarge(text: string): boolean {
  return text.length > LARGE;
}

/** Whether the second parser accepts every stretch, and no two of them have a say in one another. */
export function isValidByStretches(text: { readonly source: Source }, length = STRETCH): boolean {
  try {
    const { source } = text;
    const owners = ownersOf(source);
    if (owners === null) return false;
    let read = 0;
    for (const stretch of stretchesOf(source, length)) {
      const excerpt = new Excerpt(source, withOwners(source, stretch, owners));
      read += excerpt.length;
      // Where the same owners come again and again the whole is the lesser work.
      if (read > source.text.length * 3) return false;
      // Looked at and let go: data of its own would stay as long as the excerpt.
      excerpt.after([]);
    }
    return true;
  } catch {
    return false;
  }
}

/** Neighbours, together no longer than `length` unless one section is. */
function* stretchesOf({ sections }: Source, length: number): Iterable<number[]> {
  let stretch: number[] = [];
  for (let index = 0; index < sections.length; index++) {
    const start = sections.startAt(stretch[0] ?? index);
    if (stretch.length > 0 && sections.startAt(index + 1) - start > length) {
      yield stretch;
      stretch = [];
    }
    stretch.push(index);
  }
  yield stretch;
}

function withOwners({ sections }: Source, stretch: readonly number[], owners: ReadonlyMap<string, number[]>) {
  const wanted = new Set([0, ...stretch]);
  for (const index of stretch)
    for (const name of namesAbove(sections.partsAt(index)))
      for (const owner of owners.get(name) ?? []) wanted.add(owner);
  return wanted;
}

/** The sections whose headers lead to other headers, by name; null when one table has two headers, or seems to. */
function ownersOf({ sections }: Source): Map<string, number[]> | null {
  const owners = new Map<string, number[]>();
  for (let index = 1; index < sections.length; index++)
    for (const name of namesAbove(sections.partsAt(index))) if (!owners.has(name)) owners.set(name, []);
  const seen = new Set<string>();
  for (let index = 1; index < sections.length; index++) {
    const name = nameOf(sections.partsAt(index));
    if (seen.has(name)) return null;
    seen.add(name);
    owners.get(name)?.push(index);
  }
  return owners;
}

function namesAbove(parts: readonly string[]): string[] {
  return parts.slice(1).map((_, i) => nameOf(parts.slice(0, i + 1)));
}

function nameOf(parts: readonly string[]): string {
  // Two tables that look the same this way are read as a whole, and none that are the same look different.
  return parts.join("\0");
}
