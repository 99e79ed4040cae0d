/** Changes as unified diffs that are safe to show: secrets redacted, line ends shown only where they differ. Pure. */
import { formatPatch, type StructuredPatchHunk, structuredPatch } from "diff";
import { fileName } from "../codex/file-role.ts";
import type { Change } from "../model/change.ts";
import { checkWish } from "../model/wish.ts";
import { type Redacted, Redactor } from "../redact/redactor.ts";
import { documentOf } from "../toml/document.ts";
import type { Section } from "../toml/line-index.ts";
import type { Source } from "../toml/source.ts";
import type { Plan } from "./plan.ts";
import type { Snapshot } from "./snapshot.ts";

/** One file's diff; `text` is a unified diff with `/dev/null` for a file that is not there. */
export type FileDiff = {
  readonly file: string;
  readonly action: "create" | "modify" | "delete";
  readonly text: string;
};

/** Lines around a difference that are shown with it. */
const CONTEXT = 3;

/**
 * Diffs in the order of the changes, redacted together so that one secret has the same mask in all of them. `parsed`
 * are the files before and after the changes, where they are parsed already; `reveals`: nothing is masked.
 */
export function diffOf(
  changes: readonly Change[],
  parsed?: Pick<Plan, "before" | "after">,
  reveals = false,
): FileDiff[] {
  checkWish("diffOf", { changes }, { changes: "list" });
  const redactor = new Redactor(reveals);
  return changes.map((change) => {
    const { after, before, file } = change;
    const name = fileName(file);
    const { now, old, skipped } = shownOf(change, redactor, parsed);
    const patch = structuredPatch(
      before === null ? "/dev/null" : `a/${name}`,
      after === null ? "/dev/null" : `b/${name}`,
      ...sameLineEnds(change, old.text, now.text),
      undefined,
      undefined,
      { context: CONTEXT },
    );
    const text = formatPatch({ ...patch, hunks: patch.hunks.map((hunk) => inFiles(hunk, old, now, skipped)) });
    const action = before === null ? "create" : after === null ? "delete" : "modify";
    // The first line is only a rule of `=` above the header.
    return { file: name, action, text: text.slice(text.indexOf("\n") + 1) };
  });
}

type Shown = { readonly old: Redacted; readonly now: Redacted; readonly skipped: number };

/** Both texts redacted; of two documents only the sections that a diff shows, and how many lines stand before those. */
function shownOf({ after, before, file }: Change, redactor: Redactor, parsed?: Pick<Plan, "before" | "after">): Shown {
  const document = (text: string | null, files?: Snapshot) => (files ? files.readable(file) : documentOf(text ?? ""));
  const [from, to] = [document(before, parsed?.before), document(after, parsed?.after)];
  if (from === null || to === null)
    return { old: redactor.text(before ?? ""), now: redactor.text(after ?? ""), skipped: 0 };
  const { first, last } = sameSections(from.source, to.source);
  const between = ({ sections }: Source) => sections.slice(first, sections.length - last);
  redactor.learn(to, between(to.source));
  const old = redactor.document(from, between(from.source));
  const start = from.source.lines.start(Math.max(0, from.source.sections[first]?.line ?? 0));
  return {
    old,
    now: redactor.document(to, between(to.source)),
    skipped: from.text.slice(0, start).split("\n").length - 1,
  };
}

/** How many sections at either end are the same in two documents and stand too far from a difference to be shown. */
function sameSections(old: Source, now: Source): { readonly first: number; readonly last: number } {
  const most = Math.min(old.sections.length, now.sections.length);
  const isSame = (index: number) => textOf(old, old.sections.at(index)) === textOf(now, now.sections.at(index));
  let [first, last] = [0, 0];
  while (first < most && isSame(first)) first++;
  while (last < most - first && isSame(-1 - last)) last++;
  const linesOf = (section?: Section) => (section ? section.end - section.line : 0);
  for (let lines = 0; first > 0 && lines < CONTEXT; ) lines += linesOf(old.sections[--first]);
  for (let lines = 0; last > 0 && lines < CONTEXT; ) lines += linesOf(old.sections.at(-last--));
  return { first, last };
}

function textOf({ lines, text }: Source, section?: Section): string {
  return section ? text.slice(lines.start(Math.max(0, section.line)), lines.start(section.end)) : "";
}

/** A hunk with the line numbers of the real files: lines that are not shown count, too. */
function inFiles(hunk: StructuredPatchHunk, old: Redacted, now: Redacted, skipped: number): StructuredPatchHunk {
  const inFile = (line: number, { gaps }: Redacted) =>
    gaps.reduce((sum, gap) => (gap.line < line ? sum + gap.missing : sum), line + skipped);
  return { ...hunk, oldStart: inFile(hunk.oldStart, old), newStart: inFile(hunk.newStart, now) };
}

function sameLineEnds({ after, before }: Change, old: string, now: string): readonly [old: string, now: string] {
  const crlf = (text: string) => text.includes("\r\n");
  const plain = (text: string) => text.replaceAll("\r\n", "\n");
  if (!before || !after || crlf(before) === crlf(after)) return [plain(old), plain(now)];
  return [old.replaceAll("\r\n", "\u240d\n"), now.replaceAll("\r\n", "\u240d\n")];
}
