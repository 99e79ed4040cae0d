/**
 * What makes an edit safe to write: a second, independent parser reads the new text and finds the old data with exactly
 * the wanted paths changed.
 *
 * It reads an excerpt of both texts: every section that changed, and every one whose header leads to a wanted path or
 * away from it. The other sections are the same characters in the same order on both sides, the old text was accepted
 * as a whole, and in TOML two tables of which neither contains the other have no say in one another.
 */
import { CfgError } from "../model/error.ts";
import type { KeyPath, TomlTable } from "../model/op.ts";
import { readToml } from "./read.ts";
import { applySplices, headerParts, type Source, type Splice } from "./source.ts";
import { isTable, type Model, valueAt } from "./value.ts";

/** Some sections of a text, in their order. */
export class Excerpt {
  readonly #source: Source;
  readonly #sections: ReadonlySet<number>;
  #data: TomlTable | undefined;

  /** Some sections by index, the root's among them. */
  constructor(source: Source, sections: ReadonlySet<number>, data?: TomlTable) {
    this.#source = source;
    this.#sections = sections;
    this.#data = data;
  }

  /** All of a text whose data is known. */
  static whole(source: Source, data: TomlTable): Excerpt {
    return new Excerpt(source, new Set(source.root.under), data);
  }

  /** What a text says above, of and below some paths; whether a path is there and what it holds is all in it. */
  static about(source: Source, paths: readonly KeyPath[]): Excerpt {
    const found = new Set([0]);
    for (const path of paths) for (const index of sectionsAbout(source, path)) found.add(index);
    return new Excerpt(source, found);
  }

  /** With every section that some splices reach into, and what it takes to read it. */
  around(splices: readonly Splice[]): Excerpt {
    if (this.isWhole) return this;
    const source = this.#source;
    const more = new Set(splices.flatMap((splice) => sectionsTouched(source, splice)));
    for (const index of more) if (this.#sections.has(index)) more.delete(index);
    if (more.size === 0) return this;
    const needed = [...more].flatMap((index) => sectionsAbout(source, source.sections.partsAt(index)));
    return new Excerpt(source, new Set([...this.#sections, ...needed]));
  }

  /** How many characters of the text it holds. */
  get length(): number {
    const { sections } = this.#source;
    let length = 0;
    for (const index of this.#sections) length += sections.startAt(index + 1) - sections.startAt(index);
    return length;
  }

  get isWhole(): boolean {
    return this.#sections.size === this.#source.sections.length;
  }

  /** So large a part of the text that the whole is hardly more. */
  get isMost(): boolean {
    return this.length * 2 > this.#source.text.length;
  }

  /** What its sections say. */
  get data(): TomlTable {
    this.#data ??= this.after([]);
    return this.#data;
  }

  /** What they say after some splices inside of them. Throws `invalid-toml`, and `internal` where a section ends elsewhere than the scanner says. */
  after(splices: readonly Splice[]): TomlTable {
    const { sections, text } = this.#source;
    const mark = markNotIn([text, ...splices.map((splice) => splice.text)]);
    const sorted = [...splices].sort((a, b) => a.start - b.start);
    let excerpt = "";
    let marks = 0;
    let used = 0;
    for (const [first, last] of runsOf(this.#sections)) {
      const end = last + 1 === sections.length ? text.length : sections.startAt(last + 1);
      const from = used;
      while (used < sorted.length && (sorted[used]?.end ?? 0) <= end) used++;
      excerpt += applySplices(text, sorted.slice(from, used), { start: sections.startAt(first), end });
      // What is left out begins with a header; so does this.
      if (end < text.length) excerpt += `[${mark}${marks++}]\n`;
    }
    if (used < sorted.length) throw new CfgError("internal", "an edit reaches into a section that it should not");
    const data = readToml(excerpt, "the edited text");
    for (let i = 0; i < marks; i++) {
      const found = valueAt(data, [mark + i]);
      if (!isTable(found) || Object.keys(found).length > 0)
        throw new CfgError("internal", "a section ends elsewhere than it should; nothing was written");
      Reflect.deleteProperty(data, mark + i);
    }
    return data;
  }
}

/** Proves that splices make of an excerpt what the model says, and gives what was read. Throws `internal` where they do not. */
export function prove(excerpt: Excerpt, splices: readonly Splice[], model: Model): TomlTable {
  let after: TomlTable;
  try {
    after = excerpt.after(splices);
  } catch (cause) {
    throw new CfgError("internal", "an edit gave a text that does not parse; nothing was written", { cause });
  }
  if (model.matches(after)) return after;
  throw new CfgError("internal", "an edit changed more, or less, than it should; nothing was written");
}

/** The sections, by index, whose headers lead to a path or away from it. */
function sectionsAbout(source: Source, path: KeyPath): readonly number[] {
  const above: number[] = [];
  let node = source.root;
  for (const part of headerParts(path)) {
    const next = node.children.get(part);
    if (!next) return above;
    // Whose element a header below an array of tables is, the headers before it decide.
    if (next.elements) return [...above, ...next.under];
    // The first header below a table makes it where it has none of its own, and dotted keys behind that may not add to it.
    const made = next.section?.index ?? next.under[0];
    if (made !== undefined) above.push(made);
    node = next;
  }
  return [...above, ...node.under];
}

/** The sections in which a splice takes something away or puts something; what stands at an edge is the one's before it. */
function sectionsTouched({ sections }: Source, { end, start }: Splice): number[] {
  const first = sections.ofOffset(Math.max(0, start - 1));
  const last = sections.ofOffset(Math.max(0, start - 1, end - 1));
  return Array.from({ length: last + 1 - first }, (_, i) => first + i);
}

/** The first and last of each row of neighbours. */
function runsOf(indexes: ReadonlySet<number>): [first: number, last: number][] {
  const runs: [number, number][] = [];
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && run[1] === index - 1) run[1] = index;
    else runs.push([index, index]);
  }
  return runs;
}

function markNotIn(texts: readonly string[]): string {
  let mark = "left-out-";
  while (texts.some((text) => text.includes(mark))) mark += "-";
  return mark;
}
