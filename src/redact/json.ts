/**
 * JSON objects that stand in a text, as values with places: what is said of tables of a config counts for them, too.
 * Their quotes may be escaped, all of them alike, as those of JSON in a command line are.
 */
import type { Entry, Value } from "../toml/scan.ts";
import { closingMark, markAt } from "./text.ts";

export function jsonIn(text: string): Value[] {
  const found: Value[] = [];
  for (let at = text.indexOf("{"); at >= 0; at = text.indexOf("{", at)) {
    const mark = markAt(text, skipBlank(text, at + 1));
    const value = mark === "" ? null : valueAt(text, at, mark, 0);
    if (value) found.push(value);
    at = value?.end ?? at + 1;
  }
  return found;
}

/** How deep a value may lie; below stands none, but for those who want to keep us busy. */
const MAX_DEPTH = 30;

/** Null for anything but JSON. */
function valueAt(text: string, start: number, mark: string, depth: number): Value | null {
  if (depth > MAX_DEPTH) return null;
  if (text[start] === "{") {
    const entries: Entry[] = [];
    const end = membersAt(text, start + 1, "}", (at) => {
      const name = stringAt(text, at, mark);
      const colon = name === null ? -1 : skipBlank(text, name);
      if (name === null || text[colon] !== ":") return null;
      const value = valueAt(text, skipBlank(text, colon + 1), mark, depth + 1);
      const key = { start: at, end: name, parts: [text.slice(at + mark.length, name - mark.length)] };
      if (value) entries.push({ start: at, end: value.end, key, value, line: -1 });
      return value?.end ?? null;
    });
    return end === null ? null : { kind: "inline", start, end, entries };
  }
  if (text[start] === "[") {
    const items: Value[] = [];
    const end = membersAt(text, start + 1, "]", (at) => {
      const value = valueAt(text, at, mark, depth + 1);
      if (value) items.push(value);
      return value?.end ?? null;
    });
    return end === null ? null : { kind: "array", start, end, items };
  }
  const end = stringAt(text, start, mark) ?? plainAt(text, start);
  return end === null ? null : { kind: "scalar", start, end };
}

/** Where the bracket that closes members ends; `member` says where the one at a place does. */
function membersAt(text: string, from: number, close: string, member: (at: number) => number | null): number | null {
  for (let at = skipBlank(text, from); at < text.length; ) {
    if (text[at] === close) return at + 1;
    const end = member(at);
    if (end === null) return null;
    at = skipBlank(text, end);
    if (text[at] === ",") at = skipBlank(text, at + 1);
    else if (text[at] !== close) return null;
  }
  return null;
}

function stringAt(text: string, start: number, mark: string): number | null {
  if (!text.startsWith(mark, start)) return null;
  const close = closingMark(text, start + mark.length, mark);
  return close === undefined ? null : close + mark.length;
}

const PLAIN = /[\w.+-]+/y;

function plainAt(text: string, start: number): number | null {
  PLAIN.lastIndex = start;
  return PLAIN.test(text) ? PLAIN.lastIndex : null;
}

function skipBlank(text: string, from: number): number {
  let at = from;
  while (at < text.length && " \t\r\n".includes(text.charAt(at))) at++;
  return at;
}
