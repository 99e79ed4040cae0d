/**
 * Takes the difference between two texts back out of a third, line by line: what an edit added goes, what it removed comes
 * back to its place, and every line that somebody else has put there stays. Whether the result means what it should is
 * for the caller to verify: two edits may not go together.
 */

import { linesIn } from "./line-diff.ts";
import type { LineKind } from "./line-index.ts";
import { eolOf, rewrittenEol, Source } from "./source.ts";

/** The text of `now` without what came from `before` to `after`; null where the texts have too little in common. */
export function takenBack(before: string, after: string, now: string): string | null {
  const [old, ours, there] = [before, after, now].map(linesOf) as [Line[], Line[], Line[]];
  // Where the file has other line ends by now, those of its lines tell nothing.
  const eol = rewrittenEol(after, now);
  const keys = (lines: readonly Line[]) =>
    lines.map((line) => (eol ? line.body : line.body + (line.eol || eolOf(now))));
  const back = linesIn(keys(ours), keys(old));
  const found = linesIn(keys(ours), keys(there));
  if (back === null || found === null) return null;
  const own = (line: Line): Line => (eol && line.eol !== "" ? { ...line, eol } : line);
  const edit: LineEdit = { there, gone: new Set(), instead: new Map(), inserted: new Map() };
  for (const hunk of hunksOf(back, old.length)) {
    const lines = old.slice(hunk.old.from, hunk.old.to);
    const places = found.slice(hunk.ours.from, hunk.ours.to);
    if (places.length === lines.length) {
      for (const [i, at] of places.entries()) {
        const [was, made, is] = [lines[i], ours[hunk.ours.from + i], there[at]];
        if (was && made && is) edit.instead.set(at, is.eol === made.eol ? own(was) : { ...was, eol: is.eol });
      }
      continue;
    }
    // Somebody has written into the very lines that would have to go.
    if (places.some((at) => at < 0)) continue;
    for (const at of places) edit.gone.add(at);
    const first = places[0];
    if (first !== undefined) insert(edit, first, lines.map(own));
    else putBack(edit, found, hunk.ours.from, lines.map(own));
  }
  keepHeaders(edit);
  const isEnded = isEndedLike(before, after, now);
  return bomOf(before, after, now) + joined(keptApart(edit, new Set(found)), eolOf(now), isEnded);
}

/** A line of the file, `inside` where it continues a value of several lines. */
type Line = { readonly body: string; readonly eol: string; readonly kind: LineKind | "inside" };

/** What becomes of the lines that are there: gone, replaced, or with others in front of them. */
type LineEdit = {
  readonly there: readonly Line[];
  readonly gone: Set<number>;
  readonly instead: Map<number, Line>;
  readonly inserted: Map<number, readonly Line[]>;
};

function linesOf(text: string): Line[] {
  const { lines } = new Source(text);
  return Array.from({ length: lines.length }, (_, line) => line).flatMap((line) => {
    const parts = text.slice(lines.textStart(line), lines.end(line)).match(/[^\n]*\n|[^\n]+$/g) ?? [];
    return parts.map((part, i): Line => {
      const eol = /\r?\n$/.exec(part)?.[0] ?? "";
      return {
        body: part.slice(0, part.length - eol.length),
        eol,
        kind: i > 0 ? "inside" : (lines.kind(line) ?? "blank"),
      };
    });
  });
}

type Span = { readonly from: number; readonly to: number };

/** Where two texts differ: lines of ours that are none of the old ones, and the old ones in their place. */
function hunksOf(back: readonly number[], length: number): { readonly ours: Span; readonly old: Span }[] {
  const hunks: { ours: Span; old: Span }[] = [];
  let [ours, old] = [0, 0];
  for (const [i, at] of [...back, length].entries()) {
    if (at < 0) continue;
    if (i > ours || at > old) hunks.push({ ours: { from: ours, to: i }, old: { from: old, to: at } });
    [ours, old] = [i + 1, at + 1];
  }
  return hunks;
}

function insert({ inserted }: LineEdit, at: number, lines: readonly Line[]): void {
  if (lines.length > 0) inserted.set(at, [...(inserted.get(at) ?? []), ...lines]);
}

/**
 * Puts removed lines back between the two lines that they stood between. What others have added there comes first as far as
 * it goes on with what stands above: comments below a comment; and keys, where a header follows.
 */
function putBack(edit: LineEdit, found: readonly number[], at: number, lines: readonly Line[]): void {
  const { there } = edit;
  const above = at === 0 ? -1 : (found[at - 1] ?? -1);
  const next = found[at] ?? there.length;
  if (at > 0 && above < 0) {
    if (next >= 0) insert(edit, next, lines);
    return;
  }
  const below = next >= 0 ? next : (found.slice(at).find((line) => line > above) ?? there.length);
  const firstHeader = lines.findIndex(({ kind }) => kind === "header");
  let cut = firstHeader < 0 ? lines.length : firstHeader;
  while (cut > 0 && firstHeader >= 0 && /blank|comment/.test(lines[cut - 1]?.kind ?? "")) cut--;
  const isComment = (line: number) => line < below && there[line]?.kind === "comment";
  let place = above + 1;
  if (there[above]?.kind === "comment") while (isComment(place)) place++;
  insert(edit, place, lines.slice(0, cut));
  for (let line = place; line < below && there[line]?.kind !== "header"; line++)
    if (/entry|inside/.test(there[line]?.kind ?? "")) place = line + 1;
  let end = place;
  while (isComment(end)) end++;
  // Comments directly above a header are about that one.
  insert(edit, there[end]?.kind === "header" ? place : end, lines.slice(cut));
}

/** A header stays with the blank lines above it while its table has a key of somebody else's. */
function keepHeaders({ gone, there }: LineEdit): void {
  for (const at of [...gone]) {
    if (there[at]?.kind !== "header") continue;
    let key = at + 1;
    while (key < there.length && there[key]?.kind !== "header" && (there[key]?.kind !== "entry" || gone.has(key)))
      key++;
    if (there[key]?.kind !== "entry") continue;
    gone.delete(at);
    for (let line = at - 1; gone.has(line) && /blank|comment/.test(there[line]?.kind ?? ""); line--)
      if (there[line]?.kind === "blank") gone.delete(line);
  }
}

/** The lines after an edit; a comment of somebody else's gets no header to describe that it did not stand above. */
function keptApart({ gone, inserted, instead, there }: LineEdit, known: ReadonlySet<number>): Line[] {
  const lines: Line[] = [];
  let [foreign, hasLost]: [boolean, boolean] = [false, false];
  for (let at = 0; at <= there.length; at++) {
    const before = inserted.get(at) ?? [];
    lines.push(...before);
    if (before.length > 0) foreign = false;
    const line = instead.get(at) ?? there[at];
    if (line === undefined) continue;
    if (gone.has(at)) {
      hasLost = true;
      continue;
    }
    if (foreign && hasLost && isAboveHeader(there, at)) lines.push({ body: "", eol: line.eol, kind: "blank" });
    lines.push(line);
    [foreign, hasLost] = [line.kind === "comment" && !known.has(at), false];
  }
  return lines;
}

/** Whether a line is a header, or one of the comments directly above one. */
function isAboveHeader(there: readonly Line[], at: number): boolean {
  let line = at;
  while (there[line]?.kind === "comment") line++;
  return there[line]?.kind === "header";
}

/** A text without a final line end stays without one, unless that was the edit's doing. */
function isEndedLike(before: string, after: string, now: string): boolean {
  const [was, made, is] = [before, after, now].map((text) => text === "" || text.endsWith("\n")) as boolean[];
  return (is === made ? was : is) ?? true;
}

function joined(lines: readonly Line[], eol: string, isEnded: boolean): string {
  const last = lines.length - 1;
  return lines.map(({ body, eol: own }, i) => body + (i < last || isEnded ? own || eol : "")).join("");
}

function bomOf(before: string, after: string, now: string): string {
  const [was, made, is] = [before, after, now].map((text) => text.startsWith("\ufeff"));
  return (is === made ? was : is) ? "\ufeff" : "";
}
