/** A text made from another one, that remembers where each part of it stood there. */
import { CfgError } from "../../model/error.ts";
import { lastWhere } from "../line-index.ts";

/** From `start` on, the text stood from `from` on in the first one. */
type Piece = { readonly start: number; readonly from: number };

export type Traced = { readonly text: string; readonly pieces: readonly Piece[] };

/** A splice; `from` is where its text stood before, for one that moves or blanks. */
export type TracedSplice = {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly from?: number;
};

export function untouched(text: string): Traced {
  return { text, pieces: [{ start: 0, from: 0 }] };
}

/** Where a place of the text stood in the first one; for what was put in, the place where it was. */
export function originOf({ pieces }: Traced, offset: number): number {
  const piece = pieces[lastWhere(pieces.length, (index) => (pieces[index]?.start ?? 0) <= offset)];
  const next = pieces[lastWhere(pieces.length, (index) => (pieces[index]?.start ?? 0) <= offset) + 1];
  if (!piece) return offset;
  const from = piece.from + offset - piece.start;
  return next && next.from > piece.from ? Math.min(from, next.from) : from;
}

export function withSplices(traced: Traced, splices: readonly TracedSplice[]): Traced {
  const pieces: Piece[] = [];
  let text = "";
  let at = 0;
  const copy = (start: number, end: number) => {
    if (end <= start) return;
    const first = lastWhere(traced.pieces.length, (index) => (traced.pieces[index]?.start ?? 0) <= start);
    pieces.push({ start: text.length, from: originOf(traced, start) });
    for (let index = first + 1; index < traced.pieces.length; index++) {
      const piece = traced.pieces[index];
      if (!piece || piece.start >= end) break;
      pieces.push({ start: text.length + piece.start - start, from: piece.from });
    }
    text += traced.text.slice(start, end);
  };
  for (const { start, end, text: put, from } of [...splices].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < at) throw new CfgError("internal", "two edits overlap");
    copy(at, start);
    if (put !== "") pieces.push({ start: text.length, from: originOf(traced, from ?? start) });
    text += put;
    at = end;
  }
  copy(at, traced.text.length);
  return { text, pieces };
}
