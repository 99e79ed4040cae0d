/**
 * Finds what is secret in a program's arguments, by the flag before them or by their form, and takes a command line
 * apart into them. Knows the habits of those who give secrets to programs that way.
 */
import type { Range } from "../toml/scan.ts";
import { looksSecret } from "./known-tokens.ts";
import { isSecretName } from "./names.ts";
import { ARGUMENTS, FLAGS } from "./rules.ts";
import { closingMark, type Found, markAt } from "./text.ts";

/** What of one argument is secret; `before` is the argument before it. */
export function secretOfArgument(word: string, before: string): Found | null {
  if (!before.startsWith("-") && !/[=:\s]/.test(word)) return null;
  const own = partOfArgument(word, before) ?? partOfPair(word, before);
  if (own !== null || SHELL.test(before)) return own;
  for (const { kind, shown } of ARGUMENTS) {
    const start = shown.exec(word)?.[0].length ?? 0;
    if (start > 0 && start < word.length) return { start, end: word.length, kind };
  }
  return null;
}

/** Words of a command line, as a shell would pass them on or nearly so; in prose a flag may be followed by more of it. */
export function secretsInCommandLine(line: string, isProse: boolean, depth = 0): Found[] {
  if (!/\s/.test(line) || !line.includes("-")) return [];
  let before = "";
  const found: Found[] = [];
  for (const word of wordsOf(line)) {
    const text = line.slice(word.start, word.end);
    const parts = word.isQuoted
      ? [partOfArgument(text, before) ?? partOfPair(text, before)]
      : // A flag in a sentence is followed by more of it, and at the end of a line by nothing.
        [isProse && /^[a-z]{1,14}$/.test(text) ? null : partOfArgument(text, word.opensLine ? "" : before)];
    if (word.isQuoted && depth < MAX_DEPTH) parts.push(...secretsInCommandLine(text, isProse, depth + 1));
    for (const part of parts)
      if (part) found.push({ start: word.start + part.start, end: word.start + part.end, kind: part.kind });
    before = text;
  }
  return found;
}

/** How deep a command line may stand in another one. */
const MAX_DEPTH = 4;

/** `--flag value` in one or two words, `-H…`. */
function partOfArgument(word: string, before: string): Found | null {
  const [attached, flag = ""] =
    /^(-[Hu])(?=[^\s=-][^=]*:)/.exec(word) ??
    /^(-e)(?=[A-Z_][A-Z0-9_]*=)/.exec(word) ??
    /^(--?[A-Za-z][\w.-]*)(?:=|\s+)(?=\S)/.exec(word) ??
    [];
  if (attached === undefined) return IS_FLAG.test(word) ? null : partOfValue(before, word);
  const mark = markAt(word, attached.length);
  const start = attached.length + mark.length;
  const end = mark === "" ? word.length : (closingMark(word, start, mark) ?? word.length);
  const found = partOfValue(flag, word.slice(start, end));
  return found && { start: start + found.start, end: start + found.end, kind: found.kind };
}

const IS_FLAG = /^(?:--?[A-Za-z][A-Za-z-]*|-.)$/;

/** The flag of a shell behind which a command line stands. */
const SHELL = /^-[a-z]*c$/;

/** A telling name and all that follows it. */
function partOfPair(word: string, before: string): Found | null {
  const [sign = "", name = ""] = /^([\w.-]{1,80})\s?[=:]\s*(?!\/\/)/.exec(word) ?? [];
  const value = word.slice(sign.length);
  if (SHELL.test(before) && sign.includes("=")) return null;
  return sign !== "" && value !== "" && isSecretName(name, "pair", value)
    ? { start: sign.length, end: word.length, kind: `pair: ${name}` }
    : null;
}

/** What of the value of a flag is secret. */
function partOfValue(flag: string, value: string): Found | null {
  if (value === "" || !/^--?[A-Za-z][\w.-]*$/.test(flag)) return null;
  const end = value.length;
  const rule = FLAGS.find((one) => one.flag.test(flag));
  // No flag as short as `-y` tells of a secret by its name.
  if (!rule)
    return flag.length > 3 && isSecretName(flag, "flag", value) ? { start: 0, end, kind: `flag ${flag}` } : null;
  const sign = rule.hides === "login" ? /:(?!\/\/)/.exec(value) : /\s*[=:]\s*/.exec(value);
  if (sign) return { start: sign.index + sign[0].length, end, kind: rule.kind };
  return rule.hides === "login" || (/^\w+$/.test(value) && !looksSecret(value))
    ? null
    : { start: 0, end, kind: rule.kind };
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
