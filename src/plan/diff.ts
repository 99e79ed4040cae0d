/**
 * Changes as unified diffs that are safe to show: secrets masked, line ends left out unless they are what differs.
 */
import { diffLines, formatPatch, type StructuredPatchHunk } from "diff";
import { fileName } from "../codex/file-role.ts";
import type { Change } from "../model/change.ts";
import { Masker } from "../redact/redactor.ts";
import { type Document, documentOf } from "../toml/document.ts";
import { lastWhere } from "../toml/line-index.ts";

/** One file's diff; `text` is a unified diff with `/dev/null` for a file that is not there. */
export type FileDiff = {
  readonly file: string;
  readonly action: "create" | "modify" | "delete";
  readonly text: string;
};

type Pair = readonly [old: string, now: string];

/** Lines that go from a text and lines that come, at a line of the old text, counted from 0. */
type Edit = { readonly line: number; readonly gone: readonly string[]; readonly come: readonly string[] };

/** Lines around a difference that are shown with it. */
const CONTEXT = 3;

/** Diffs in the order of the changes, masked together so that one secret has one name in all of them. */
export function diffOf(changes: readonly Change[]): FileDiff[] {
  const masker = new Masker();
  return changes.map((change) => {
    const { after, before, file } = change;
    const name = fileName(file);
    const { skipped, texts } = maskedTexts(change, masker);
    const pair = sameLineEnds(change, texts);
    const text = formatPatch({
      oldFileName: before === null ? "/dev/null" : `a/${name}`,
      newFileName: after === null ? "/dev/null" : `b/${name}`,
      oldHeader: undefined,
      newHeader: undefined,
      hunks: hunksOf(linesOf(pair[0]), editsOf(pair), skipped),
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

/** What tells two texts apart, in their order. */
function editsOf(pair: Pair): Edit[] {
  let line = 0;
  return piecesOf(pair).flatMap(([old, now]) => {
    const lines = linesOf(old);
    const edits = old === now ? [] : compared(lines, linesOf(now), line);
    line += lines.length;
    return edits;
  });
}

/** The same of two runs of lines, of which the old one begins at a line. */
function compared(old: readonly string[], now: readonly string[], first: number): Edit[] {
  const most = Math.min(old.length, now.length);
  let head = 0;
  while (head < most && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const [gone, come] = [old.slice(head, old.length - tail), now.slice(head, now.length - tail)];
  let line = first + head;
  // Nearly every change only adds, or only removes.
  if (gone.length === 0 || come.length === 0) return [{ line, gone, come }];
  const edits: Edit[] = [];
  for (const { added, removed, value } of diffLines(gone.join(""), come.join(""))) {
    const lines = linesOf(value);
    if (added) edits.push({ line, gone: [], come: lines });
    else if (removed) edits.push({ line, gone: lines, come: [] });
    if (!added) line += lines.length;
  }
  return edits;
}

/** Lines with their ends; the last one may have none. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Every edit with some lines around it; those that touch are one hunk. `skipped` lines stand before the given ones. */
function hunksOf(lines: readonly string[], edits: readonly Edit[], skipped: number): StructuredPatchHunk[] {
  const hunks: StructuredPatchHunk[] = [];
  let end = 0;
  let shift = skipped + 1;
  for (const { come, gone, line } of edits) {
    let hunk = hunks.at(-1);
    if (!hunk || line - end > 2 * CONTEXT) {
      if (hunk) put(hunk, " ", lines.slice(end, end + CONTEXT));
      end = Math.max(0, line - CONTEXT);
      hunk = { oldStart: skipped + 1 + end, oldLines: 0, newStart: shift + end, newLines: 0, lines: [] };
      hunks.push(hunk);
    }
    put(hunk, " ", lines.slice(end, line));
    put(hunk, "-", gone);
    put(hunk, "+", come);
    end = line + gone.length;
    shift += come.length - gone.length;
  }
  const last = hunks.at(-1);
  if (last) put(last, " ", lines.slice(end, end + CONTEXT));
  return hunks;
}

function put(hunk: StructuredPatchHunk, sign: " " | "-" | "+", lines: readonly string[]): void {
  if (sign !== "+") hunk.oldLines += lines.length;
  if (sign !== "-") hunk.newLines += lines.length;
  for (const line of lines) {
    if (line.endsWith("\n")) hunk.lines.push(sign + line.slice(0, -1));
    else hunk.lines.push(sign + line, "\\ No newline at end of file");
  }
}

/** Both texts, or the stretch of each outside of which they are the same, and the number of lines before it. */
function maskedTexts(change: Change, masker: Masker): { readonly skipped: number; readonly texts: Pair } {
  const [before, after] = [documentOf(change.before ?? ""), documentOf(change.after ?? "")];
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
  const starts = (document: Document) =>
    document.source.sections.map(({ line }) => document.source.lines.start(line)).concat(document.text.length);
  const [was, is] = [starts(before), starts(after)];
  const start = from < 0 ? 0 : (was.findLast((at) => at <= from) ?? 0);
  const end = to < 0 ? old.length : (was.find((at) => at > to) ?? old.length);
  const rest = old.length - end;
  return is.includes(start) && is.includes(now.length - rest) ? { start, end, rest } : null;
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
