/** One walk over a text that a parser has accepted: everything in it that must not be shown, in no order. */
import type { KeyPath } from "../model/op.ts";
import type { Section } from "../toml/line-index.ts";
import type { Key, Range } from "../toml/scan.ts";
import type { Source } from "../toml/source.ts";
import { secretsInComments, secretsInSetting } from "./commented-out.ts";
import { commentAt } from "./comments.ts";
import { secretsInName } from "./text.ts";
import type { Secret } from "./values.ts";

export function* secretsIn(source: Source, sections = source.sections): Iterable<Secret> {
  for (const section of sections) yield* secretsInSection(source, section);
}

function* secretsInSection(source: Source, section: Section): Iterable<Secret> {
  const { lines, text } = source;
  const table = section.key?.parts ?? [];
  if (section.key) yield* secretsInKey(text, section.key, table);
  const hasComments = text.slice(lines.start(section.line), lines.start(section.end)).includes("#");
  if (section.key && hasComments) yield* commentBehind(text, section.key.end, lines.end(section.line), table, false);
  let parts: Range[] = [];
  let next = 0;
  for (let line = section.line + 1; line < section.end; line++) {
    const kind = lines.kind(line);
    if (kind === "comment") parts.push(commentAt(text, lines.content(line)));
    if (kind !== "entry") continue;
    if (parts.length > 0) yield* secretsInComments(text, { parts, path: table, beside: false });
    parts = [];
    const entry = section.entries[next++];
    if (!entry) continue;
    const path = [...table, ...entry.key.parts];
    yield* secretsInKey(text, entry.key, path);
    const found = secretsInSetting(text, entry.value, path);
    yield* found;
    const beside = found.some(({ whole }) => whole);
    // Beside a secret there may be others of its kind.
    if (hasComments) yield* commentBehind(text, entry.value.end, lines.end(line), beside ? path : table, beside);
  }
  if (parts.length > 0) yield* secretsInComments(text, { parts, path: table, beside: false });
}

/** The comment in the rest of a line. */
function* commentBehind(text: string, from: number, end: number, path: KeyPath, beside: boolean): Iterable<Secret> {
  const sign = text.slice(from, end).indexOf("#");
  if (sign >= 0) yield* secretsInComments(text, { parts: [commentAt(text, from + sign)], path, beside });
}

function* secretsInKey(text: string, { end, start }: Key, path: KeyPath): Iterable<Secret> {
  for (const found of secretsInName(text.slice(start, end)))
    yield { ...found, start: start + found.start, end: start + found.end, path, whole: false };
}
