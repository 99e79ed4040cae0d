/** Where comments are, in a text that a scanner has taken apart, and what stands in them without their signs. */
import type { KeyPath } from "../model/op.ts";
import { lineEnd, type Range, type Value } from "../toml/scan.ts";
import { contentOf } from "./values.ts";

/** Comments with nothing but blanks between them, each from its sign to the end of its line. */
export type Comments = {
  readonly parts: readonly Range[];
  /** The table, or the list, that they stand in. */
  readonly path: KeyPath;
  /** In a list: the item before them. */
  readonly before?: string;
  /** They stand beside a secret, and may tell of it. */
  readonly beside: boolean;
};

/** A comment from its sign on. */
export function commentAt(text: string, sign: number): Range {
  return { start: sign, end: sign + text.slice(sign, lineEnd(text, sign)).trimEnd().length };
}

/** The comments between the parts of a list or of an inline table. */
export function* commentsInside(text: string, value: Value, path: KeyPath, beside: boolean): Iterable<Comments> {
  if (value.kind === "scalar") return;
  const parts = value.kind === "array" ? value.items : value.entries;
  let at = value.start;
  let before = "";
  for (const part of [...parts, { start: value.end, end: value.end }]) {
    const comments: Range[] = [];
    for (let sign = text.indexOf("#", at); sign >= 0 && sign < part.start; sign = text.indexOf("#", at)) {
      comments.push(commentAt(text, sign));
      at = lineEnd(text, sign);
    }
    if (comments.length > 0) yield { parts: comments, path, beside, ...(value.kind === "array" ? { before } : {}) };
    if ("value" in part) yield* commentsInside(text, part.value, [...path, ...part.key.parts], beside);
    else if ("kind" in part) {
      yield* commentsInside(text, part, path, beside);
      before = part.kind === "scalar" ? contentOf(text, part).text : "";
    }
    at = part.end;
  }
}

/** The words of the comments alone, each in its place. */
export function uncommented(text: string, { parts }: Comments): string {
  let at = parts[0]?.start ?? 0;
  let result = "";
  for (const { end, start } of parts) {
    const words = text.slice(start, end);
    const sign = /^#+/.exec(words)?.[0].length ?? 0;
    result += text.slice(at, start).replace(/[^\n]/g, " ") + " ".repeat(sign) + words.slice(sign);
    at = end;
  }
  return result;
}
