/** Values without quotes: numbers, booleans and dates as they must be, and words that are meant as something else. */
import type { Splice } from "../../model/op.ts";
import type { SlipKind } from "../../model/slip.ts";
import { renderValue } from "../value.ts";
import { isInvisible, isOddSpace } from "./characters.ts";
import type { Frame } from "./quoted.ts";
import { trimmed } from "./quoted.ts";
import { Lost, type Reader } from "./reader.ts";
import type { Reading } from "./slip.ts";

const TIME = String.raw`\d\d:\d\d(?::\d\d(?:\.\d+)?)?`;
const INTEGER = String.raw`[+-]?(?:0|[1-9](?:_?\d)*)`;
/** What may stand without quotes. */
const VALID = new RegExp(
  `^(?:true|false|[+-]?(?:inf|nan)|0x[\\dA-Fa-f](?:_?[\\dA-Fa-f])*|0o[0-7](?:_?[0-7])*|0b[01](?:_?[01])*|${INTEGER}(?:\\.\\d(?:_?\\d)*)?(?:[eE][+-]?\\d(?:_?\\d)*)?|\\d{4}-\\d\\d-\\d\\d(?:[Tt ]${TIME}(?:[Zz]|[+-]\\d\\d:\\d\\d)?)?|${TIME})$`,
);

/** How far a word goes in each place; in front of a comment there is a blank. */
const RUN: Readonly<Record<"top" | "array" | "inline", RegExp>> = {
  top: /(?:(?![ \t]+(?:#|\/\/))[^\r\n])*/y,
  array: /(?:(?![ \t]+(?:#|\/\/))[^\r\n,\])])*/y,
  inline: /(?:(?![ \t]+(?:#|\/\/))[^\r\n,}])*/y,
};
const STRICT = /[^\r\n,\]}#]*/y;

/** A value that has no quotes; true where it says that there is none, as `None` does. */
export function word(reader: Reader, frame: Exclude<Frame, "key" | "header">): boolean {
  const { at: start, text } = reader;
  const plain = trimmed(text, start, start + reader.match(STRICT).length);
  const isGrouped = frame === "top" && !reader.strict && /^,\d{3}(?!\d)/.test(text.slice(plain, plain + 5));
  if (plain > start && VALID.test(text.slice(start, plain)) && !isGrouped) {
    reader.at = plain;
    return false;
  }
  if (reader.strict) throw new Lost("bare-word", start);
  let end = start + reader.match(RUN[frame]).length;
  if (frame === "top") {
    while (end > start && /[ \t]/.test(text.charAt(end - 1))) end--;
    while (end > start && /[,;]/.test(text.charAt(end - 1))) end--;
  }
  end = trimmed(text, start, end);
  while (end > start && (isInvisible(text.charAt(end - 1)) || isOddSpace(text.charAt(end - 1)))) end--;
  if (end === start) throw new Lost(reader.isEnd && end >= text.length ? "cut-off" : "missing-value", start);
  reader.at = end;
  const said = text.slice(start, end);
  if (VALID.test(said)) return false;
  if (/[ \t][=:][ \t]|<<<<<<<|=======|>>>>>>>|\0/.test(said)) throw new Lost("unreadable", start);
  return meant(reader, frame, start, end, said);
}

function meant(
  reader: Reader,
  frame: Exclude<Frame, "key" | "header">,
  start: number,
  end: number,
  said: string,
): boolean {
  const expected = reader.expects(reader.path);
  const can = (kind: "array" | "boolean" | "number" | "string") => expected?.kinds.has(kind) ?? null;
  const put = (text: string): Splice[] => [{ start, end, text }];
  const say = (kind: SlipKind, ...readings: Reading[]) => reader.slip(kind, { start, end }, readings);
  const asText: Reading = { as: "as-text", splices: inQuotes(start, end, said) };
  const lower = said.toLowerCase();
  const isText = can("string") === true && can("boolean") === false;
  if (lower === "true" || lower === "false") {
    say("boolean-case", isText ? asText : { as: lower === "true" ? "as-true" : "as-false", splices: put(lower) });
    return false;
  }
  if (/^(?:yes|no|on|off)$/.test(lower)) {
    const isTrue = lower === "yes" || lower === "on";
    const asBoolean: Reading = { as: isTrue ? "as-true" : "as-false", splices: put(String(isTrue)) };
    if (can("boolean") === true && can("string") === false) say("boolean-case", asBoolean);
    else if (isText) say("bare-word", asText);
    else say("boolean-case", asBoolean, asText);
    return false;
  }
  if (/^(?:none|null|nil|undefined)$/.test(lower)) {
    const isWord = expected?.words?.includes(lower) ?? false;
    if (isWord) {
      say("bare-word", { as: "as-text", splices: put(`"${lower}"`) });
      return false;
    }
    return true;
  }
  const digits = numberIn(said);
  if (digits !== null && can("string") !== true) {
    const unit = /[A-Za-z%]{0,20}$/.exec(said)?.[0].toLowerCase() ?? "";
    const name = String(reader.path.at(-1));
    const ofName = name.endsWith("_ms") ? /^ms$/ : name.endsWith("_sec") ? /^s(?:ec|ecs|econds?)?$/ : /^$/;
    const isSure = unit === "" || ofName.test(unit);
    say(
      "number",
      { as: "as-number", splices: put(unit === "k" ? `${digits}000` : digits) },
      ...(isSure ? [] : [asText]),
    );
    return false;
  }
  const last = said.at(-1) ?? "";
  if (/^["']$/.test(last)) {
    if (said.slice(0, -1).includes(last) || said.includes("\\")) throw new Lost("missing-quote", start);
    say("missing-quote", { as: "correct", splices: [{ start, end: start, text: last }] });
    return false;
  }
  const words = said.split(/[ \t,]+/).filter((one) => one !== "");
  const several = words.length > 1;
  const list = frame === "array" ? words.map((one) => renderValue(one)).join(", ") : renderValue(words);
  if (several && (frame === "array" || (can("array") === true && can("string") !== true))) {
    say("bare-word", { as: "as-list", splices: put(list) }, { as: "as-one", splices: asText.splices });
    return false;
  }
  say("bare-word", asText);
  return false;
}

/** The number that a text of digits spells, in TOML's spelling; null where it spells none. */
function numberIn(said: string): string | null {
  const [, sign = "", whole = "", fraction = ""] =
    /^([+-]?)([\d_,]*)(\.[\d_]*)?(?:\s?[A-Za-z%]{1,7})?$/.exec(said) ?? [];
  const digits = whole.replace(/[_,]/g, "").replace(/^0+(?=\d)/, "");
  const rest = fraction.replace(/_/g, "");
  if (digits === "" && rest.length < 2) return null;
  return `${sign}${digits || "0"}${rest === "." ? ".0" : rest}`;
}

/** Puts quotes around a text, or a string in its place where it holds quotes itself. */
export function inQuotes(start: number, end: number, said: string): Splice[] {
  const mark = !/["\\]/.test(said) ? '"' : said.includes("'") ? null : "'";
  if (mark === null) return [{ start, end, text: renderValue(said) }];
  return [
    { start, end: start, text: mark },
    { start: end, end, text: mark },
  ];
}
