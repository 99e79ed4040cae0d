/**
 * Finds what is secret in a program's arguments, by the flag before them or by their form, and takes a command line
 * apart into them. Knows the habits of those who give secrets to programs that way.
 */
import type { Range, Value } from "../toml/scan.ts";
import { jsonIn } from "./json.ts";
import { isKeyPart } from "./known-tokens.ts";
import { isSecretName } from "./names.ts";
import { ARGUMENTS, FLAGS } from "./rules.ts";
import { closingMark, type Found, markAt } from "./text.ts";

/** What of one argument is secret; `before` is the argument before it. */
export function secretsInArgument(word: string, before: string): readonly Found[] {
  if (!before.startsWith("-") && !/^-|[=:\s]/.test(word)) return NOTHING;
  const own = partsOfArgument(word, before);
  if (own.length > 0) return own;
  const pair = partsOfPair(word, before);
  if (pair.length > 0 || SHELL.test(before)) return pair;
  for (const { kind, shown } of ARGUMENTS) {
    const start = shown.exec(word)?.[0].length ?? 0;
    if (start > 0 && start < word.length) return [{ start, end: word.length, kind }];
  }
  return NOTHING;
}

const NOTHING: readonly Found[] = [];

/** Words of a command line, as a shell would pass them on or nearly so; in prose a flag may be followed by more of it. */
export function secretsInCommandLine(line: string, isProse: boolean, depth = 0): Found[] {
  if (!/\s/.test(line) || !line.includes("-")) return [];
  let before = "";
  const found: Found[] = [];
  for (const word of wordsOf(line)) {
    const text = line.slice(word.start, word.end);
    // A flag in a sentence is followed by more of it, and at the end of a line by nothing.
    const isWord = !word.isQuoted && isProse && /^[a-z]{1,14}$/.test(text);
    const own = isWord ? NOTHING : partsOfArgument(text, !word.isQuoted && word.opensLine ? "" : before);
    found.push(...moved(word.isQuoted && own.length === 0 ? partsOfPair(text, before) : own, word.start));
    if (word.isQuoted && depth < MAX_DEPTH)
      found.push(...moved(secretsInCommandLine(text, isProse, depth + 1), word.start));
    before = text;
  }
  return found;
}

function moved(found: readonly Found[], by: number): readonly Found[] {
  return found.map(({ end, kind, start }) => ({ start: start + by, end: end + by, kind }));
}

/** How deep a command line may stand in another one. */
const MAX_DEPTH = 4;

/** `--flag value` in one or two words, `-H…`. */
function partsOfArgument(word: string, before: string): readonly Found[] {
  const [attached, flag = ""] =
    /^(-[Hu])(?=[^\s=-][^=]*:)/.exec(word) ??
    /^(-e)(?=[A-Z_][A-Z0-9_]*=)/.exec(word) ??
    /^(-p)(?=[^\s=-])(?=.*[A-Z\d])(?!\d+$)/.exec(word) ??
    /^(--?[A-Za-z][\w.-]*)(?:=|\s+)(?=\S)/.exec(word) ??
    [];
  if (attached === undefined) return IS_FLAG.test(word) ? NOTHING : partsOfValue(before, word);
  const mark = markAt(word, attached.length);
  const start = attached.length + mark.length;
  const end = mark === "" ? word.length : (closingMark(word, start, mark) ?? word.length);
  return moved(partsOfValue(flag, word.slice(start, end)), start);
}

const IS_FLAG = /^(?:--?[A-Za-z][A-Za-z-]*|-.)$/;

/** The flag of a shell behind which a command line stands. */
const SHELL = /^-[a-z]*c$/;

/** A telling name and all that follows it. */
function partsOfPair(word: string, before: string): readonly Found[] {
  const [sign = "", name = ""] = /^([\w.-]{1,80})\s?[=:]\s*(?!\/\/)/.exec(word) ?? [];
  const value = word.slice(sign.length);
  if (SHELL.test(before) && sign.includes("=")) return NOTHING;
  return sign !== "" && value !== "" && isSecretName(name, "pair", value)
    ? [{ start: sign.length, end: word.length, kind: `pair: ${name}` }]
    : NOTHING;
}

/** What of the value of a flag is secret. */
function partsOfValue(flag: string, value: string): readonly Found[] {
  if (value === "" || !/^--?[A-Za-z][\w.-]*$/.test(flag)) return NOTHING;
  const part = (start: number, kind: string): readonly Found[] => [{ start, end: value.length, kind }];
  const rule = FLAGS.find((one) => one.flag.test(flag));
  // No flag as short as `-y` tells of a secret by its name.
  const tells = rule ? rule.hides === "pair" : flag.length > 3 && isSecretName(flag, "flag", value);
  const [json] = tells && value.startsWith("{") ? jsonIn(value) : [];
  if (json?.start === 0) return leavesOf(value, json).map((leaf) => ({ ...leaf, kind: rule?.kind ?? `flag ${flag}` }));
  if (!rule) return tells ? part(0, `flag ${flag}`) : NOTHING;
  if (rule.hides === "text") return isPlace(value) ? NOTHING : part(0, rule.kind);
  const sign = rule.hides === "login" ? /:(?!\/\/)/.exec(value) : /[=:]\s*/.exec(value);
  if (sign) return part(sign.index + sign[0].length, rule.kind);
  return rule.hides === "login" || rule.shown?.test(value) ? NOTHING : part(0, rule.kind);
}

/** The texts and numbers in JSON, without their quotes. */
function leavesOf(text: string, value: Value): Range[] {
  if (value.kind === "array") return value.items.flatMap((item) => leavesOf(text, item));
  if (value.kind === "inline") return value.entries.flatMap((entry) => leavesOf(text, entry.value));
  const mark = markAt(text, value.start).length;
  return [{ start: value.start + mark, end: value.end - mark }];
}

/** A port, an address with one, or a path. */
function isPlace(value: string): boolean {
  const isPort = /^(?:[\d.]{1,15}:)?\d{1,5}(?:[-:]\d{1,5}){0,2}(?:\/(?:tcp|udp))?$/.test(value);
  return isPort || (/^[\w.~-]*\//.test(value) && !value.split("/").some(isKeyPart));
}

type Word = Range & { readonly isQuoted: boolean; readonly opensLine: boolean };

/** Blanks part words unless they stand in quotes; brackets, commas and quotes around a word are none of it. */
function* wordsOf(line: string): Iterable<Word> {
  const unclosed = new Set<string>();
  let opensLine = true;
  for (let at = 0; at < line.length; at++) {
    if (/\s/.test(line.charAt(at))) {
      opensLine ||= line[at] === "\n";
      continue;
    }
    const from = at;
    for (; at < line.length && !/\s/.test(line.charAt(at)); at++) {
      const mark = at === from || OPENERS.includes(line.charAt(at - 1)) ? markAt(line, at) : "";
      if (mark === "" || unclosed.has(mark)) continue;
      const close = closingMark(line, at + mark.length, mark);
      if (close === undefined) unclosed.add(mark);
      else at = close + mark.length - 1;
    }
    yield { ...coreOf(line, from, at), opensLine };
    opensLine = line[at] === "\n";
  }
}

/** What may stand before a quote that opens: an apostrophe between two letters does not. */
const OPENERS = "=:,([{";

function coreOf(line: string, from: number, to: number): Range & { readonly isQuoted: boolean } {
  let start = from;
  while (start < to && "[({,".includes(line.charAt(start))) start++;
  const mark = markAt(line, start);
  if (mark !== "" && start + mark.length < to) {
    const close = line.lastIndexOf(mark, to - mark.length);
    if (close >= start + mark.length && /^[\])},;]*$/.test(line.slice(close + mark.length, to)))
      return { start: start + mark.length, end: close, isQuoted: true };
  }
  let end = to;
  while (end > start && ",;".includes(line.charAt(end - 1))) end--;
  return { start, end, isQuoted: false };
}
