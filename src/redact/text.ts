/**
 * Finds what is secret in a text by the text alone: shapes, pairs of a telling name and a value, parts of addresses.
 * Knows neither TOML nor what the text is for.
 */
import type { Range } from "../toml/scan.ts";
import { isKeyPart, KNOWN_TOKENS, looksSecret } from "./known-tokens.ts";
import { isSecretName } from "./names.ts";
import { SHAPES } from "./rules.ts";

/** A part of a text that must not be shown, and the kind of the rule that says so. */
export type Found = Range & { readonly kind: string };

/** Whether a text is worth a closer look: nearly every string is a name or a plain word. */
export function mayHoldSecret(text: string): boolean {
  return MAY_HOLD.test(text);
}

/** `hasNames`: names that people chose stand in it. */
export function secretsInText(text: string, hasNames: boolean): Found[] {
  return [...shapesIn(text, hasNames), ...pairsIn(text), ...addressesIn(text)];
}

/** Tokens in a name that somebody chose. */
export function secretsInName(text: string): Found[] {
  return shapesIn(text, true);
}

function shapesIn(text: string, hasNames: boolean): Found[] {
  const found: Found[] = [];
  if (!MAY_HOLD.test(text)) return found;
  for (const { kind, names, shape, words } of ALL_SHAPES) {
    if ((hasNames && !names) || !(words.length === 0 || words.some((word) => text.includes(word)))) continue;
    for (const { 0: all, 1: before = "", index } of text.matchAll(shape))
      found.push({ start: index + before.length, end: index + all.length, kind });
  }
  return found;
}

const ALL_SHAPES = [...KNOWN_TOKENS, ...SHAPES];
const MAY_HOLD = new RegExp(
  `[=:{]|(?:^|[\\s"'([,])-|[\\w-]{24}|${ALL_SHAPES.flatMap(({ words }) => words.map(escaped)).join("|")}`,
);

function escaped(word: string): string {
  return word.replaceAll(".", String.raw`\.`);
}

/** A name, then `=` or a colon; either may stand in quotes. */
const PAIR = /(?<![\w.-])([\w.-]{1,80})(\\{0,9}["']?[ \t]{0,4}[=:][ \t]{0,4})/g;

/** `name=value`, `"name": "value"`, `?name=value`. */
function* pairsIn(text: string): Iterable<Found> {
  if (!text.includes("=") && !text.includes(":")) return;
  let done = 0;
  for (const { 0: all, 1: name = "", 2: sign = "", index } of text.matchAll(PAIR)) {
    const place = "?&#;".includes(text[index - 1] || " ") ? "query" : "pair";
    if (index < done || !isSecretName(name, place)) continue;
    const mark = markAt(text, index + all.length);
    const start = index + all.length + mark.length;
    const bare = place === "query" ? QUERY : BARE;
    const head = mark === "" ? matchAt(bare, text.slice(start, start + MOST), 0) : mark;
    // Prose has colons, too; behind the name of a header it has none.
    const isValue = sign.includes("=") || mark !== "" || looksSecret(head) || HEADER_NAME.test(name);
    if (head === "" || !isValue || !isSecretName(name, place, head)) continue;
    const end =
      mark === "" ? start + matchAt(bare, text, start).length : (closingMark(text, start, mark) ?? text.length);
    done = end;
    const last = mark === "" ? withoutClosers(text, start, end) : end;
    if (last > start) yield { start, end: last, kind: `${place}: ${name}` };
  }
}

const HEADER_NAME = /^[A-Z]\w*(?:-\w+)+$/;

/** A bracket that closes what was opened before a value is none of it. */
function withoutClosers(text: string, start: number, end: number): number {
  let last = end;
  while (last > start && "}])".includes(text.charAt(last - 1))) last--;
  return /[{[(]/.test(text.slice(start, last)) ? end : last;
}

const BARE = /[^\s"'\\,;&|<>]+/y;
const QUERY = /[^\s"'\\,;&|<>#]+/y;
/** How much of a value is looked at, to tell whether it is one. */
const MOST = 200;

/** Where the quote that ends a quoted text begins; undefined where there is none. */
export function closingMark(text: string, from: number, mark: string): number | undefined {
  for (let at = text.indexOf(mark, from); at >= 0; at = text.indexOf(mark, at + 1))
    if (mark === "'" || text[at - 1] !== "\\") return at;
  return undefined;
}

/** The quote that opens at a place, and the backslashes that make it one of a text inside of others. */
export function markAt(text: string, at: number): string {
  return matchAt(MARK, text, at);
}

const MARK = /\\*["']/y;

function matchAt(shape: RegExp, text: string, at: number): string {
  shape.lastIndex = at;
  return shape.exec(text)?.[0] ?? "";
}

const ADDRESS = /[^\s"'`<>\\]+/y;
/** Name and password before a host; in a password there may be what ends a host. */
const LOGIN = /^(?:(?:[^\s/?#@]{1,999}@)+|[^/?#@:]{1,99}:(?!\d{1,5}(?:[/?#]|$))[^@]{1,999}@)/;

/** Who logs in at an address, and keys in its path. What stands behind `?` is pairs. */
function* addressesIn(text: string): Iterable<Found> {
  for (let sign = text.indexOf("://"); sign >= 0; ) {
    const start = sign + 3;
    sign = text.indexOf("://", start);
    const address = matchAt(ADDRESS, text.slice(start, sign < 0 ? undefined : sign), 0);
    const login = LOGIN.exec(address)?.[0].length ?? 0;
    if (login > 0) yield { start, end: start + login - 1, kind: "login of an address" };
    const path = /\/[^?#]*/.exec(address.slice(login));
    for (const { 0: part, index } of path?.[0].matchAll(/[^/]+/g) ?? []) {
      const at = start + login + (path?.index ?? 0) + index;
      if (isKeyPart(part)) yield { start: at, end: at + part.length, kind: "key in an address" };
    }
  }
}
