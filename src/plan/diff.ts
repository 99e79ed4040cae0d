/**
 * Changes as unified diffs that are safe to show: secrets masked, line ends left out unless they are what differs.
 */
import { createTwoFilesPatch } from "diff";
import type { Change } from "../change.ts";
import { fileName } from "../codex/layout.ts";
import type { Document } from "../toml/document.ts";
import { documentsOf } from "./documents.ts";
import { Masker } from "./mask.ts";

/** One file's diff; `text` is a unified diff with `/dev/null` for a file that is not there. */
export type FileDiff = {
  readonly file: string;
  readonly action: "create" | "modify" | "delete";
  readonly text: string;
};

/** Diffs in the order of the changes, masked together so that one secret has one name in all of them. */
export function diffOf(changes: readonly Change[]): FileDiff[] {
  const masker = new Masker();
  return changes.map((change) => {
    const { after, before, file } = change;
    const name = fileName(file);
    const known = documentsOf(change);
    const shown = (text: string | null, document: Document | null) =>
      document ? masker.document(document) : masker.text(text ?? "");
    const [old, now] = sameLineEnds(shown(before, known.before), shown(after, known.after));
    const patch = createTwoFilesPatch(
      before === null ? "/dev/null" : `a/${name}`,
      after === null ? "/dev/null" : `b/${name}`,
      old,
      now,
      undefined,
      undefined,
      {
        context: 3,
      },
    );
    const action = before === null ? "create" : after === null ? "delete" : "modify";
    // The first line only underlines the header that follows.
    return { file: name, action, text: patch.slice(patch.indexOf("\n") + 1) };
  });
}

function sameLineEnds(before: string, after: string): [string, string] {
  const crlf = (text: string) => text.includes("\r\n");
  const plain = (text: string) => text.replaceAll("\r\n", "\n");
  if (before === "" || after === "" || crlf(before) === crlf(after)) return [plain(before), plain(after)];
  return [before.replaceAll("\r\n", "␍\n"), after.replaceAll("\r\n", "␍\n")];
}
