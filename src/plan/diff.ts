/** Changes as unified diffs that are safe to show: secrets redacted, line ends shown only where they differ. Pure. */
import { formatPatch, type StructuredPatchHunk, structuredPatch } from "diff";
import { fileName } from "../codex/file-role.ts";
import type { Change } from "../model/change.ts";
import { type Gap, Redactor } from "../redact/redactor.ts";

/** One file's diff; `text` is a unified diff with `/dev/null` for a file that is not there. */
export type FileDiff = {
  readonly file: string;
  readonly action: "create" | "modify" | "delete";
  readonly text: string;
};

/** Lines around a difference that are shown with it. */
const CONTEXT = 3;

/** Diffs in the order of the changes, redacted together so that one secret has the same mask in all of them. */
export function diffOf(changes: readonly Change[]): FileDiff[] {
  const redactor = new Redactor();
  return changes.map((change) => {
    const { after, before, file } = change;
    const name = fileName(file);
    const [old, now] = [redactor.text(before ?? ""), redactor.text(after ?? "")];
    const patch = structuredPatch(
      before === null ? "/dev/null" : `a/${name}`,
      after === null ? "/dev/null" : `b/${name}`,
      ...sameLineEnds(change, old.text, now.text),
      undefined,
      undefined,
      { context: CONTEXT },
    );
    const text = formatPatch({ ...patch, hunks: patch.hunks.map((hunk) => inFiles(hunk, old.gaps, now.gaps)) });
    const action = before === null ? "create" : after === null ? "delete" : "modify";
    // The first line is only a rule of `=` above the header.
    return { file: name, action, text: text.slice(text.indexOf("\n") + 1) };
  });
}

/** A hunk with the line numbers of the real files: lines that are not shown count, too. */
function inFiles(hunk: StructuredPatchHunk, old: readonly Gap[], now: readonly Gap[]): StructuredPatchHunk {
  return { ...hunk, oldStart: lineInFile(hunk.oldStart, old), newStart: lineInFile(hunk.newStart, now) };
}

function lineInFile(line: number, gaps: readonly Gap[]): number {
  return gaps.reduce((sum, gap) => (gap.line < line ? sum + gap.missing : sum), line);
}

function sameLineEnds({ after, before }: Change, old: string, now: string): readonly [old: string, now: string] {
  const crlf = (text: string) => text.includes("\r\n");
  const plain = (text: string) => text.replaceAll("\r\n", "\n");
  if (!before || !after || crlf(before) === crlf(after)) return [plain(old), plain(now)];
  return [old.replaceAll("\r\n", "\u240d\n"), now.replaceAll("\r\n", "\u240d\n")];
}
