/** Splits a fragment into keys and sections for the table that it goes into. Does not know where in the text they go. */
import { CfgError } from "../model/error.ts";
import type { KeyPath } from "../model/op.ts";
import { commentLine } from "./fragment.ts";
import { applySplices, commentsAbove, Source, textOf } from "./source.ts";
import { nodeAt } from "./tree.ts";
import { renderKey } from "./value.ts";

/** A key of a fragment, the comment lines since the key before it and the comment behind it in its line. */
export type FragmentKey = {
  readonly name: string;
  readonly value: string;
  readonly above: string;
  readonly trailing: string;
};

/**
 * The keys of a fragment as they are written in the table at `path`, which has no header: each with its table as a dotted
 * prefix, below `prefix`. `below` are the comments below the last one.
 */
export function keysOf(
  fragment: string,
  path: KeyPath,
  prefix: readonly string[],
): { readonly keys: readonly FragmentKey[]; readonly below: string } {
  const source = new Source(fragment);
  const keys: FragmentKey[] = [];
  let above = "";
  let line = 0;
  const collectComments = (to: number) => {
    for (; line < to; line++)
      if (source.lines.kind(line) === "comment") above += textOf(source, { first: line, last: line });
  };
  const add = (name: readonly string[], value: string, trailing: string) => {
    keys.push({ name: renderKey([...prefix, ...name]), value, above, trailing });
    above = "";
    line++;
  };
  for (const section of source.sections) {
    const table = section.key?.parts ?? [];
    if (section.kind === "array") {
      const name = renderKey([...path, ...prefix, ...table]);
      const message = `${name} is an array of tables, which cannot go into a table written inline or with dotted keys`;
      throw new CfgError("unsupported-edit", message);
    }
    if (section.key) {
      collectComments(section.line);
      const trailing = commentLine(source, section.key.end, section.line);
      if (nodeAt(source.root, table)?.children.size === 0) add(table, "{}", trailing.trimEnd());
      else above += trailing;
    }
    for (const { key, line: at, value } of section.entries) {
      collectComments(at);
      const trailing = commentLine(source, value.end, at).trimEnd();
      add([...table, ...key.parts], source.text.slice(value.start, value.end), trailing);
    }
  }
  collectComments(source.lines.length);
  if (keys.length === 0 && prefix.length > 0) add([], "{}", "");
  return { keys, below: above };
}

/**
 * The plain keys of a fragment, and its sections with their headers below `prefix`; neither has blank lines around it.
 */
export function splitFragment(
  fragment: string,
  prefix: readonly string[],
): { readonly body: string; readonly tables: string } {
  const source = new Source(fragment);
  const firstHeader = source.sections.at(1);
  const cut = firstHeader ? source.lines.start(commentsAbove(source, firstHeader.line)) : fragment.length;
  const raw = prefix.length > 0 ? `${renderKey(prefix)}.` : "";
  const prefixes = source.sections.flatMap(({ key }) => (key ? [{ start: key.start, end: key.start, text: raw }] : []));
  const tables = applySplices(fragment, prefixes).slice(cut);
  return { body: trimBlankLines(fragment.slice(0, cut)), tables: trimBlankLines(tables) };
}

function trimBlankLines(text: string): string {
  const trimmed = text.replace(/^(?:[ \t]*\n)+/, "").trimEnd();
  return trimmed === "" ? "" : `${trimmed}\n`;
}
