/**
 * Walks a value and finds what in it is secret: by the path of each part, by the argument before it, by its text. Values
 * are those that a scanner found in a text: TOML, or JSON that stands in a string.
 */
import type { KeyPath } from "../model/op.ts";
import { decodeEscapes, type Range, type Value } from "../toml/scan.ts";
import { secretsInArgument, secretsInCommandLine } from "./command-line.ts";
import { jsonIn } from "./json.ts";
import { isSecretPath } from "./names.ts";
import { type Found, mayHoldSecret, secretsInText } from "./text.ts";

/** A stretch of a text that must not be shown, where it belongs, and the kind of the rule that says so. */
export type Secret = Range & {
  readonly path: KeyPath;
  readonly kind: string;
  /** It is all of a value, or else a part of a text. */
  readonly whole: boolean;
  /** A value that stands in no quotes, as a number: what takes its place needs some. */
  readonly isBare?: boolean;
};

/** What is secret in a value; `before` is the argument before the first item of a list. */
export function secretsInValue(text: string, value: Value, path: KeyPath, before = ""): readonly Secret[] {
  if (value.kind === "scalar") return secretsInScalar(text, value, path);
  if (value.kind === "inline")
    return value.entries.flatMap(({ key, value: inner }) => secretsInValue(text, inner, [...path, ...key.parts]));
  let last = before;
  return value.items.flatMap((item, i) => {
    if (item.kind !== "scalar") return secretsInValue(text, item, [...path, i]);
    const found = secretsInScalar(text, item, [...path, i], last);
    last = contentOf(text, item).text;
    return found;
  });
}

/** `before` is given for an item of a list: it may be an argument. */
function secretsInScalar(text: string, value: Range, path: KeyPath, before?: string): readonly Secret[] {
  const content = contentOf(text, value);
  const { length } = content.text;
  const own = before === undefined ? NOTHING : secretsInArgument(content.text, before);
  const isSecret = isSecretPath(path, text.slice(value.start, value.end));
  const isWhole = isSecret || (own[0]?.start === 0 && own[0].end === length);
  const others = isWhole ? NOTHING : secretsInString(content.text);
  if (!isWhole && own.length + others.length === 0) return NO_SECRETS;
  const found = isSecret ? [{ start: 0, end: length, kind: "path" }] : [...own, ...others];
  return found.map(({ end, kind, start }) => ({
    start: content.placeOf(start),
    end: content.placeOf(end),
    path,
    kind,
    whole: isWhole,
    isBare: isWhole && content.isBare,
  }));
}

/** What is secret in a text that may hold anything: a string, a comment, words of another program. */
export function secretsInString(text: string, kind: "string" | "comment" | "words" = "string"): readonly Found[] {
  if (!mayHoldSecret(text)) return NOTHING;
  const found = [...secretsInText(text, kind === "words"), ...secretsInCommandLine(text, kind !== "string")];
  for (const value of jsonIn(text)) {
    for (const { end, kind, start } of secretsInValue(text, value, [])) found.push({ start, end, kind });
  }
  return found;
}

const NOTHING: readonly Found[] = [];
const NO_SECRETS: readonly Secret[] = [];

/** What a string says, and where in the text its characters are spelled. */
type Content = { readonly text: string; readonly isBare: boolean; placeOf(at: number): number };

export function contentOf(text: string, { end, start }: Range): Content {
  const mark = /^\\*(?:(?:"""|''')(?:\r?\n)?|["'])/.exec(text.slice(start, start + 12))?.[0] ?? "";
  const isBare = mark === "";
  const from = start + mark.length;
  const body = text.slice(from, end - mark.trimEnd().length);
  if (!mark.startsWith('"') || !body.includes("\\")) return { text: body, isBare, placeOf: (at) => from + at };
  /** Where the text goes on behind each escape, decoded and as it is spelled. */
  const steps: (readonly [decoded: number, spelled: number])[] = [[0, 0]];
  let decoded = "";
  let at = 0;
  for (const { 0: code, index } of body.matchAll(ESCAPE)) {
    decoded += body.slice(at, index) + decodeEscapes(code);
    at = index + code.length;
    steps.push([decoded.length, at]);
  }
  const placeOf = (place: number) => {
    const [step, spelled] = steps.findLast(([first]) => first <= place) ?? [0, 0];
    return from + spelled + place - step;
  };
  return { text: decoded + body.slice(at), isBare, placeOf };
}

/** Of what was commented out nobody knows whether it is TOML: a number beyond all characters is none. */
const ESCAPE = /\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U00(?:0[\da-fA-F]|10)[\da-fA-F]{4}|.)/g;
