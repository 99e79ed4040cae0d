/**
 * Puts marks in the place of secrets before anybody sees a text. Texts redacted by one redactor can be compared: each
 * secret has a letter of its own in all of them, which tells whether it changed, never what it is or how long.
 */
import type { KeyPath, TomlValue } from "../model/op.ts";
import { type Document, documentOf } from "../toml/document.ts";
import { parseValue } from "../toml/key.ts";
import type { Section } from "../toml/line-index.ts";
import { type Range, scanEntry } from "../toml/scan.ts";
import { withoutSlips } from "../toml/slips/read-tolerantly.ts";
import { Source } from "../toml/source.ts";
import { renderValue } from "../toml/value.ts";
import { redactBrokenLine } from "./broken-line.ts";
import { secretsInSetting } from "./commented-out.ts";
import { SECRET } from "./marks.ts";
import { type Secret, secretsInString } from "./values.ts";
import { secretsIn } from "./walk.ts";

export { SECRET, TEXT } from "./marks.ts";

/** A text as it may be shown, and the lines of it behind which others are missing, which a secret took up. */
export type Redacted = { readonly text: string; readonly gaps: readonly Gap[] };
export type Gap = { readonly line: number; readonly missing: number };

export class Redactor {
  readonly #reveals: boolean;
  readonly #letters = new Map<string, string>();
  /** Whole values that are secret somewhere: they stay so where they are moved to. */
  readonly #values = new Set<string>();

  /** `reveals`: nothing is masked, for the person who asked for that on a terminal. */
  constructor(reveals = false) {
    this.#reveals = reveals;
  }

  /** A text that may be no document; lines that do not parse are shown as far as it is known what they are. */
  text(text: string): Redacted {
    if (this.#reveals) return { text, gaps: [] };
    const source = documentOf(text)?.source;
    if (source) return this.document({ source, text });
    const { passed, text: rest } = withoutSlips(text);
    const secrets = [...secretsIn(new Source(rest)), ...passed.flatMap((range) => brokenLines(text, range))];
    return replaced(text, secrets, (secret) => this.#markFor(secret));
  }

  /** A document, or a run of its sections; what stands outside of them is not in the result. */
  document({ source, text }: Pick<Document, "source" | "text">, sections = source.sections): Redacted {
    const range = rangeOf(source, sections);
    if (this.#reveals) return { text: text.slice(range.start, range.end), gaps: [] };
    const own = [...this.learn({ source, text }, sections)];
    const secrets = [...own, ...this.#movedIn(text.slice(range.start, range.end), range.start)].map((secret) => ({
      ...secret,
      start: secret.start - range.start,
      end: secret.end - range.start,
    }));
    return replaced(text.slice(range.start, range.end), secrets, (secret) => this.#markFor(secret));
  }

  /** What is secret in a document that is shown before or after this one. */
  learn({ source, text }: Pick<Document, "source" | "text">, sections = source.sections): readonly Secret[] {
    const secrets = [...secretsIn(source, sections)];
    for (const { end, start, whole } of secrets)
      if (whole && end - start >= LEAST) this.#values.add(text.slice(start, end));
    return secrets;
  }

  #movedIn(text: string, from: number): Stretch[] {
    if (this.#values.size === 0) return [];
    const found: Stretch[] = [];
    for (const { 0: quoted, index } of text.matchAll(/"[^"\n]+"|'[^'\n]+'/g)) {
      if (!this.#values.has(quoted.slice(1, -1))) continue;
      found.push({ start: from + index + 1, end: from + index + quoted.length - 1 });
    }
    return found;
  }

  /** A value as it is spelled; `path` says what it is. */
  spelling(spelling: string, path: KeyPath): string {
    if (this.#reveals) return spelling;
    return replaced(spelling, secretsInSpelling(spelling, path), (secret) => this.#markFor(secret)).text;
  }

  #markFor(secret: string): string {
    let mark = this.#letters.get(secret);
    if (mark === undefined) {
      const index = this.#letters.size;
      mark = `\u2039secret ${index < 26 ? String.fromCharCode(65 + index) : index + 1}\u203a`;
      this.#letters.set(secret, mark);
    }
    return mark;
  }
}

/** What is shorter is a word that may stand anywhere. */
const LEAST = 8;

/** A value with every secret in it replaced; `path` says what it is. */
export function redactedValue(value: TomlValue, path: KeyPath): TomlValue {
  const spelling = renderValue(value);
  const { text } = replaced(spelling, secretsInSpelling(spelling, path), () => SECRET);
  return text === spelling ? value : (parseValue(text) ?? SECRET);
}

/** Words of another program: what a document hides is not in them, nor what shows by itself that it is a secret. */
export function redactedWords(words: string, documents: readonly Document[]): string {
  let result = words;
  for (const { source, text } of documents) {
    for (const { end, start } of secretsIn(source)) {
      for (const secret of spellingsOf(text.slice(start, end)))
        if (secret.length > 3) result = result.replaceAll(secret, SECRET);
    }
  }
  return replaced(result, secretsInString(result, "words"), () => SECRET).text;
}

/** Where a run of sections stands. */
function rangeOf({ lines }: Source, sections: readonly Section[]): Range {
  return { start: lines.start(Math.max(0, sections[0]?.line ?? 0)), end: lines.start(sections.at(-1)?.end ?? 0) };
}

type Stretch = Range & { readonly whole?: boolean; readonly isBare?: boolean; readonly put?: string };

function replaced(text: string, secrets: Iterable<Stretch>, markFor: (secret: string) => string): Redacted {
  const gaps: Gap[] = [];
  let result = "";
  let line = 1;
  let at = 0;
  for (const { end, isBare, put, start } of merged(secrets)) {
    const [before, secret] = [text.slice(at, start), text.slice(start, end)];
    result += before + (put ?? (isBare ? `"${markFor(secret)}"` : markFor(secret)));
    line += lineEnds(before);
    at = end;
    const missing = lineEnds(secret);
    if (missing > 0) gaps.push({ line, missing });
  }
  return { text: result + text.slice(at), gaps };
}

function lineEnds(text: string): number {
  return text.split("\n").length - 1;
}

/** In their order; those that overlap become one. */
function merged(secrets: Iterable<Stretch>): readonly Stretch[] {
  const result: Stretch[] = [];
  for (const next of [...secrets].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1);
    if (last && next.start < last.end) result[result.length - 1] = { ...last, end: Math.max(last.end, next.end) };
    else if (next.whole || next.end > next.start) result.push(next);
  }
  return result;
}

function secretsInSpelling(spelling: string, path: KeyPath): Stretch[] {
  const { value } = scanEntry(`x=${spelling}`, 0, 0);
  return secretsInSetting(`x=${spelling}`, value, path).map((secret) => ({
    ...secret,
    start: secret.start - 2,
    end: secret.end - 2,
  }));
}

/** What stands in the place of lines that do not parse. */
function brokenLines(text: string, { end, start }: Range): Stretch[] {
  return [...text.slice(start, end).matchAll(/[^\r\n]+/g)].map(({ 0: line, index }) => ({
    start: start + index,
    end: start + index + line.length,
    put: redactBrokenLine(line).text,
  }));
}

/** A secret as a file spells it, as it is, and as another program may quote it. */
function spellingsOf(spelling: string): string[] {
  const value = parseValue(`"${spelling}"`);
  return [spelling, ...(typeof value === "string" ? [value] : [])].flatMap((secret) => [
    secret,
    JSON.stringify(secret).slice(1, -1),
  ]);
}
