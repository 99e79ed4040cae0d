/**
 * Changes as unified diffs that are safe to show: secrets masked, line ends left out unless they are what differs.
 */
import { diffLines, formatPatch, type StructuredPatchHunk } from "diff";
import type { Change } from "../change.ts";
import { fileName } from "../codex/layout.ts";
import type { Document } from "../toml/document.ts";
import { lastWhere } from "../toml/outline.ts";
import { documentsOf } from "./documents.ts";
import { Masker } from "./mask.ts";

/** One file's diff; `text` is a unified diff with `/dev/null` for a file that is not there. */
export type FileDiff = {
  readonly file: string;
  readonly action: "create" | "modify" | "delete";
  readonly text: string;
};

type Pair = readonly [old: string, now: string];

/** Lines around a difference that are shown with it. */
const CONTEXT = 3;

/** Diffs in the order of the changes, masked together so that one secret has one name in all of them. */
export function diffOf(changes: readonly Change[]): FileDiff[] {
  const masker = new Masker();
  return changes.map((change) => {
    const { after, before, file } = change;
    const name = fileName(file);
    const { skipped, texts } = maskedTexts(change, masker);
    const lines = piecesOf(sameLineEnds(change, texts)).flatMap(compared);
    const text = formatPatch({
      oldFileName: before === null ? "/dev/null" : `a/${name}`,
      newFileName: after === null ? "/dev/null" : `b/${name}`,
      oldHeader: undefined,
      newHeader: undefined,
      hunks: hunksOf(lines, skipped),
    });
    const action = before === null ? "create" : after === null ? "delete" : "modify";
    // The first line only underlines the header that follows.
    return { file: name, action, text: text.slice(text.indexOf("\n") + 1) };
  });
}

/** Table by table where both texts have the same ones in the same order, for many changes are compared sooner so. */
function piecesOf([old, now]: Pair): readonly Pair[] {
  const [before, after] = [tablesOf(old), tablesOf(now)];
  if (before.length !== after.length) return [[old, now]];
  const pieces: Pair[] = [];
  for (const [i, piece] of before.entries()) {
    const other = after[i] ?? "";
    if (i > 0 && !other.startsWith(piece.slice(0, piece.indexOf("\n") + 1))) return [[old, now]];
    pieces.push([piece, other]);
  }
  return pieces;
}

/**
 * A text cut before its `[header]`s, or what looks like one: it says nothing but what is compared with what. Elements of
 * an array of tables stay together, for they have no names to be told apart by.
 */
function tablesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  let start = 0;
  for (let at = text.indexOf("\n["); at >= 0; at = text.indexOf("\n[", at + 1)) {
    if (text.charAt(at + 2) === "[") continue;
    pieces.push(text.slice(start, at + 1));
    start = at + 1;
  }
  return [...pieces, text.slice(start)];
}

/** The lines of both texts with their ends, each with its sign in front. */
function compared([old, now]: Pair): readonly string[] {
  const signed = (sign: string, text: string): string[] => {
    const lines = text.split("\n");
    const unended = lines.pop();
    const ended = lines.map((line) => `${sign}${line}\n`);
    return unended ? [...ended, sign + unended] : ended;
  };
  if (old === now) return signed(" ", old);
  return diffLines(old, now).flatMap(({ added, removed, value }) => signed(added ? "+" : removed ? "-" : " ", value));
}

/** Every change with some lines around it; those that touch are one hunk. `skipped` lines stand before the given ones. */
function hunksOf(lines: readonly string[], skipped: number): StructuredPatchHunk[] {
  const shown = new Uint8Array(lines.length);
  for (const [i, line] of lines.entries())
    if (!line.startsWith(" ")) shown.fill(1, Math.max(0, i - CONTEXT), i + CONTEXT + 1);
  const hunks: StructuredPatchHunk[] = [];
  let oldStart = skipped + 1;
  let newStart = skipped + 1;
  for (const [i, line] of lines.entries()) {
    const isOld = !line.startsWith("+");
    const isNew = !line.startsWith("-");
    if (shown[i]) {
      if (!shown[i - 1]) hunks.push({ oldStart, oldLines: 0, newStart, newLines: 0, lines: [] });
      const hunk = hunks.at(-1) as StructuredPatchHunk;
      if (isOld) hunk.oldLines++;
      if (isNew) hunk.newLines++;
      hunk.lines.push(...(line.endsWith("\n") ? [line.slice(0, -1)] : [line, "\\ No newline at end of file"]));
    }
    if (isOld) oldStart++;
    if (isNew) newStart++;
  }
  return hunks;
}

/** Both texts, or the stretch of each outside of which they are the same, and the number of lines before it. */
function maskedTexts(change: Change, masker: Masker): { readonly skipped: number; readonly texts: Pair } {
  const { after, before } = documentsOf(change);
  const stretch = before && after ? stretchOf(before, after) : null;
  if (before && after && stretch) {
    const { end, rest, start } = stretch;
    const texts: Pair = [
      masker.document(before, { start, end }),
      masker.document(after, { start, end: after.text.length - rest }),
    ];
    return { skipped: start === 0 ? 0 : before.text.slice(0, start).split("\n").length - 1, texts };
  }
  const shown = (text: string | null, document: Document | null) =>
    document ? masker.document(document) : masker.text(text ?? "");
  return { skipped: 0, texts: [shown(change.before, before), shown(change.after, after)] };
}

type Stretch = { readonly start: number; readonly end: number; readonly rest: number };

/**
 * The sections of `before` that differ, with the lines around them, and how many characters follow in either text; null
 * where sections do not tell the two apart.
 */
function stretchOf(before: Document, after: Document): Stretch | null {
  const [old, now] = [before.text, after.text];
  const most = Math.min(old.length, now.length);
  const front = longest(most, (length) => now.startsWith(old.slice(0, length)));
  const back = longest(most - front, (length) => now.endsWith(old.slice(old.length - length)));
  let from = front;
  for (let line = 0; line <= CONTEXT && from >= 0; line++) from = old.lastIndexOf("\n", from - 1);
  let to = old.length - back;
  for (let line = 0; line <= CONTEXT && to >= 0; line++) to = old.indexOf("\n", to) + 1 || -1;
  const { sections } = before.source;
  const start = from < 0 ? 0 : sections.startAt(sections.ofOffset(from));
  const last = to < 0 ? sections.length : sections.ofOffset(to) + 1;
  const end = last >= sections.length ? old.length : sections.startAt(last);
  const rest = old.length - end;
  const there = after.source.sections;
  const isStart = (offset: number) => offset === now.length || there.startAt(there.ofOffset(offset)) === offset;
  return isStart(start) && isStart(now.length - rest) ? { start, end, rest } : null;
}

/** The greatest length up to `most` for which something holds that holds for every shorter one. */
function longest(most: number, holds: (length: number) => boolean): number {
  return lastWhere(most + 1, holds);
}

function sameLineEnds({ after, before }: Change, [old, now]: Pair): Pair {
  const crlf = (text: string) => text.includes("\r\n");
  const plain = (text: string) => text.replaceAll("\r\n", "\n");
  if (!before || !after || crlf(before) === crlf(after)) return [plain(old), plain(now)];
  return [old.replaceAll("\r\n", "␍\n"), now.replaceAll("\r\n", "␍\n")];
}
