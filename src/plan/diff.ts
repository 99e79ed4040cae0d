/**
 * Changes as unified diffs that are safe to show: secrets masked, line ends left out unless they are what differs.
 */
import { formatPatch, structuredPatch } from "diff";
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

/** Lines around a difference that are shown with it. */
const CONTEXT = 3;

/** Diffs in the order of the changes, masked together so that one secret has one name in all of them. */
export function diffOf(changes: readonly Change[]): FileDiff[] {
  const masker = new Masker();
  return changes.map((change) => {
    const { after, before, file } = change;
    const name = fileName(file);
    const { skipped, texts } = maskedTexts(change, masker);
    const [old, now] = sameLineEnds(change, texts);
    const patch = structuredPatch(
      before === null ? "/dev/null" : `a/${name}`,
      after === null ? "/dev/null" : `b/${name}`,
      old,
      now,
      undefined,
      undefined,
      { context: CONTEXT },
    );
    const hunks = patch.hunks.map((hunk) => ({
      ...hunk,
      oldStart: hunk.oldStart + skipped,
      newStart: hunk.newStart + skipped,
    }));
    const text = formatPatch({ ...patch, hunks });
    const action = before === null ? "create" : after === null ? "delete" : "modify";
    // The first line only underlines the header that follows.
    return { file: name, action, text: text.slice(text.indexOf("\n") + 1) };
  });
}

/** Both texts, or the stretch of each outside of which they are the same, and the number of lines before it. */
function maskedTexts(change: Change, masker: Masker): { readonly skipped: number; readonly texts: [string, string] } {
  const { after, before } = documentsOf(change);
  const stretch = before && after ? stretchOf(before, after) : null;
  if (before && after && stretch) {
    const { end, rest, start } = stretch;
    const texts: [string, string] = [
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

function sameLineEnds({ after, before }: Change, [old, now]: readonly [string, string]): [string, string] {
  const crlf = (text: string) => text.includes("\r\n");
  const plain = (text: string) => text.replaceAll("\r\n", "\n");
  if (!before || !after || crlf(before) === crlf(after)) return [plain(old), plain(now)];
  return [old.replaceAll("\r\n", "␍\n"), now.replaceAll("\r\n", "␍\n")];
}
