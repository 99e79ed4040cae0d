/**
 * What becomes of two definitions that do not go together: one joins the other, or one of them stays as a comment. Every
 * line is still there afterwards; only of two that say the same one goes.
 */
import type { Join, KeyPath, TomlTable } from "../../model/op.ts";
import { parseValue } from "../key.ts";
import { indexLines, type LineIndex, type Section } from "../line-index.ts";
import type { Entry } from "../scan.ts";
import { rangesOf } from "../scan.ts";
import { commentsAbove } from "../source.ts";
import { isTable, renderKey, sameValue } from "../value.ts";
import { type Collision, firstCollision, type Place } from "./collisions.ts";
import { commented, eolOf } from "./lines.ts";
import type { Expects } from "./slip.ts";
import { type Traced, type TracedSplice, withSplices } from "./traced.ts";

export type Keep = Join["keep"];

/** A limit against loops: a text with more collisions is left as it is. */
export const MOST_JOINS = 200;

/** The text with its collisions joined as far as `decide` says how; it may still hold others then. */
export function joined(
  start: Traced,
  decide: (collision: Collision, index: LineIndex, now: Traced) => Keep | null,
): Traced {
  let now = start;
  for (let i = 0; i < MOST_JOINS; i++) {
    const index = indexLines(now.text);
    const collision = firstCollision(index);
    const keep = collision && decide(collision, index, now);
    if (!collision || !keep) break;
    const next = withSplices(now, splicesFor(index, collision, keep));
    if (next.text === now.text) break;
    now = next;
  }
  return now;
}

/** The text after the joins that somebody has decided on; of several for one path each counts once, in their order. */
export function withJoins(start: Traced, joins: readonly Join[]): Traced {
  const left = [...joins];
  return joined(start, ({ kind, path }) => {
    const i = left.findIndex((join) => renderKey(join.path) === renderKey(path) && isFor(kind, join.keep));
    return i < 0 ? null : (left.splice(i, 1)[0]?.keep ?? null);
  });
}

function isFor(kind: Collision["kind"], keep: Keep): boolean {
  return keep === "first" || keep === "second" || (keep === "both") !== (kind === "table-list");
}

/** The ways out of a collision, the surest first, and whether that one needs no question. */
export function waysOut(
  { first, kind, path, second }: Collision,
  { text }: LineIndex,
  expects: Expects,
): { readonly keeps: readonly Keep[]; readonly isSure: boolean } {
  const expected = expects(path);
  const [value] = [first, second].flatMap(({ entry }) =>
    entry ? [text.slice(entry.value.start, entry.value.end)] : [],
  );
  switch (kind) {
    case "header-header":
      return halves(text, first.section, second.section);
    case "same-key": {
      const one = first.entry && text.slice(first.entry.value.start, first.entry.value.end);
      const other = second.entry && text.slice(second.entry.value.start, second.entry.value.end);
      const [old, now] = [parseValue(one ?? ""), parseValue(other ?? "")];
      const isOne = one === other || sameValue(old, now) || (isTable(old) && isTable(now) && areApart(old, now));
      return isOne
        ? { keeps: ["both", "first", "second"], isSure: true }
        : { keeps: ["first", "second"], isSure: false };
    }
    case "inline-header":
    case "dotted-header":
    case "inline-dotted":
      return { keeps: ["both"], isSure: true };
    case "value-table": {
      const isTable = expected?.kinds.has("table") ?? false;
      const takes = expected !== null && value !== undefined && isOfKind(value, expected.kinds);
      const ofValue: Keep = first.entry ? "first" : "second";
      const ofTable: Keep = first.entry ? "second" : "first";
      if (expected && takes !== isTable) return { keeps: [takes ? ofValue : ofTable], isSure: true };
      return { keeps: ["first", "second"], isSure: false };
    }
    case "table-list": {
      const list = first.section.kind === "array" ? first.section : second.section;
      const isList = expected?.kinds.has("array") ?? false;
      if (isList && !expected?.kinds.has("table")) return { keeps: ["as-list"], isSure: true };
      const isOfNamed = expects([...path, "x"])?.kinds.has("table") ?? false;
      if (isOfNamed && nameIn(text, list) !== null) return { keeps: ["by-name"], isSure: true };
      if (expected && !isList && !isOfNamed) return { keeps: ["as-table"], isSure: true };
      return { keeps: ["first", "second"], isSure: false };
    }
  }
}

function isOfKind(spelling: string, kinds: ReadonlySet<string>): boolean {
  const value = parseValue(spelling);
  if (typeof value === "bigint" || typeof value === "number") return kinds.has("number");
  if (typeof value === "string" || typeof value === "boolean") return kinds.has(typeof value);
  return kinds.has(Array.isArray(value) ? "array" : "table");
}

/** Of two sections with one name: whether they can be one, as they are where no key has two values. */
function halves(text: string, first: Section, second: Section): { keeps: readonly Keep[]; isSure: boolean } {
  const values = new Map(first.entries.map((entry) => [renderKey(entry.key.parts), entry.value]));
  const differs = second.entries.some(({ key, value }) => {
    const there = values.get(renderKey(key.parts));
    if (!there) return false;
    const [old, now] = [there, value].map(({ end, start }) => parseValue(text.slice(start, end)));
    return !(sameValue(old, now) || (isTable(old) && isTable(now) && areApart(old, now)));
  });
  return differs ? { keeps: ["first", "second"], isSure: false } : { keeps: ["both", "first", "second"], isSure: true };
}

/** The name that an element of a list gives itself. */
function nameIn(text: string, { entries }: Section): string | null {
  const entry = entries.find(({ key }) => key.parts.length === 1 && /^(?:name|id)$/.test(key.parts[0] ?? ""));
  const value = entry && parseValue(text.slice(entry.value.start, entry.value.end));
  return typeof value === "string" ? value : null;
}

function splicesFor(source: LineIndex, { first, kind, path, second }: Collision, keep: Keep): TracedSplice[] {
  const { text } = source;
  if (keep === "first") return outOf(source, second);
  if (keep === "second") return outOf(source, first);
  const list = first.section.kind === "array" ? first.section : second.section;
  const table = list === first.section ? second.section : first.section;
  if (keep === "as-list") return [headerAs(source, table, `[[${spelling(text, table)}]]`)];
  if (keep === "as-table") return [headerAs(source, list, `[${spelling(text, list)}]`)];
  if (keep === "by-name")
    return [headerAs(source, list, `[${spelling(text, list)}.${renderKey([nameIn(text, list) ?? ""])}]`)];
  switch (kind) {
    case "header-header":
      return oneSection(source, first.section, second.section);
    case "same-key":
      return first.entry && second.entry ? oneKey(source, first.entry, second.entry) : [];
    case "inline-header":
      return first.entry
        ? intoHeader(source, path, first.entry, second)
        : second.entry
          ? intoHeader(source, path, second.entry, first)
          : [];
    case "dotted-header": {
      const entry = first.entry ?? second.entry;
      const section = first.entry ? second.section : first.section;
      return entry ? movedKey(source, entry, entry.key.parts.length - remaining(path, first, second), section) : [];
    }
    case "inline-dotted": {
      const inline =
        first.entry?.value.kind === "inline" && first.entry.key.parts.length <= (second.entry?.key.parts.length ?? 0)
          ? first.entry
          : second.entry;
      return inline ? asDotted(source, inline) : [];
    }
    default:
      return [];
  }
}

/** How many parts of the dotted key are left below the table that it goes into. */
function remaining(path: KeyPath, first: Place, second: Place): number {
  const { entry, section } = first.entry ? first : second;
  const depth = (section.key?.parts.length ?? 0) + (entry?.key.parts.length ?? 0);
  return depth - path.filter((part) => typeof part === "string").length;
}

/** Comments a definition out: the lines of a key, or a header with its keys. */
function outOf({ lines, text }: LineIndex, { entry, section }: Place): TracedSplice[] {
  const line = entry ? entry.line : section.line;
  const last = entry ? entry.line : (section.entries.at(-1)?.line ?? section.line);
  return commented(text, { start: lines.textStart(line), end: lines.end(last) });
}

function headerAs({ lines, text }: LineIndex, section: Section, header: string): TracedSplice {
  const start = lines.content(section.line);
  const key = section.key?.end ?? start;
  const close = text.indexOf("]", key) + (section.kind === "array" ? 2 : 1);
  return { start, end: close, text: header };
}

function spelling(text: string, { key }: Section): string {
  return key ? text.slice(key.start, key.end) : "";
}

/** The keys of the second header move below the first one, with the comments; a comment behind the header stays one. */
function oneSection(source: LineIndex, first: Section, second: Section): TracedSplice[] {
  const { lines, text } = source;
  const end = lines.end(first.entries.at(-1)?.line ?? first.line);
  const top = lines.start(commentsAbove(source, second.line));
  const line = { start: lines.start(second.line), end: lines.end(second.line) };
  const last = lines.end(second.entries.at(-1)?.line ?? second.line);
  const header = text.slice(line.start, line.end);
  const comment = header.includes("#") ? `# ${header}` : "";
  return [
    // Without a line end at the end of the text, the first of two sections that meet gets one.
    ...(end > 0 && !text.endsWith("\n", end) ? [{ start: end, end, text: eolOf(text) }] : []),
    { start: end, end, text: ended(text, text.slice(top, line.start)), from: top },
    { start: end, end, text: ended(text, comment), from: line.start },
    { start: end, end, text: ended(text, text.slice(line.end, last)), from: line.end },
    { start: top, end: last, text: "" },
  ].filter(({ end: stop, start, text: put }) => put !== "" || stop > start);
}

/** The second of two values of a key goes; what a table in braces has that the first one has not goes into that. */
function oneKey(source: LineIndex, first: Entry, second: Entry): TracedSplice[] {
  const { text } = source;
  const gone = removed(source, second);
  if (first.value.kind !== "inline" || second.value.kind !== "inline") return [gone];
  const known = new Set(first.value.entries.map(({ key }) => renderKey(key.parts)));
  const more = second.value.entries.filter(({ key }) => !known.has(renderKey(key.parts)));
  const last = first.value.entries.at(-1);
  const at = last?.end ?? first.value.start + 1;
  const put = more.map(
    ({ end, start }, i): TracedSplice => ({
      start: at,
      end: at,
      text: `${i === 0 && !last ? " " : ", "}${text.slice(start, end)}`,
      from: start,
    }),
  );
  return [...put, gone];
}

/** Whether no key of two tables has two values. */
function areApart(one: TomlTable, other: TomlTable): boolean {
  return Object.keys(other).every((key) => !Object.hasOwn(one, key) || sameValue(one[key], other[key]));
}

function removed({ lines }: LineIndex, { line }: Entry): TracedSplice {
  return { start: lines.textStart(line), end: lines.end(line), text: "" };
}

/** The members of a table in braces move below the header of that table; one of a table below it gets that header first. */
function intoHeader(source: LineIndex, path: KeyPath, entry: Entry, { section }: Place): TracedSplice[] {
  const { lines, text } = source;
  const names = path.filter((part) => typeof part === "string");
  const isOwn = section.kind === "table" && section.key?.parts.length === names.length;
  const end = isOwn ? lines.end(section.line) : lines.start(commentsAbove(source, section.line));
  const eol = eolOf(text);
  const trailing = /#[^\n]*/.exec(text.slice(entry.value.end, lines.end(entry.line)))?.[0].trimEnd();
  const members = [...(trailing ? [{ text: trailing, from: entry.value.end }] : []), ...membersOf(text, entry)];
  const opening = isOwn ? [] : [{ text: `[${renderKey(names)}]`, from: entry.start }];
  const unended = !text.endsWith("\n", end) && end > 0 ? eol : "";
  const put = [...opening, ...members].map(
    (one, i): TracedSplice => ({
      start: end,
      end,
      text: `${i === 0 ? unended : ""}${one.text}${eol}`,
      from: one.from,
    }),
  );
  const blank = isOwn ? [] : [{ start: end, end, text: eol }];
  return [removed(source, entry), ...put, ...blank];
}

/** The members of a table in braces, and the comments between them, as lines. */
function membersOf(text: string, { value }: Entry): { readonly text: string; readonly from: number }[] {
  if (value.kind !== "inline") return [];
  const found: { text: string; from: number }[] = [];
  let at = value.start + 1;
  const comments = (end: number) => {
    for (const { 0: comment, index } of text.slice(at, end).matchAll(/#[^\r\n]*/g))
      found.push({ text: comment, from: at + index });
  };
  for (const { start, end } of value.entries) {
    comments(start);
    found.push({ text: text.slice(start, end), from: start });
    at = end;
  }
  comments(value.end - 1);
  return found;
}

/** A dotted key moves into the section that its first `strip` parts name, with the comments above it. */
function movedKey(source: LineIndex, entry: Entry, strip: number, section: Section): TracedSplice[] {
  const { lines, text } = source;
  const top = lines.start(commentsAbove(source, entry.line));
  const start = Math.max(top, lines.textStart(entry.line));
  const end = lines.end(entry.line);
  const at = lines.end(section.line);
  const rest = rangesOf(text, entry.key)[strip]?.start ?? entry.start;
  const from = top === lines.start(entry.line) ? start : top;
  return [
    ...(at > 0 && !text.endsWith("\n", at) ? [{ start: at, end: at, text: eolOf(text) }] : []),
    ...(from < start ? [{ start: at, end: at, text: text.slice(from, start), from }] : []),
    { start: at, end: at, text: ended(text, text.slice(rest, end)), from: rest },
    { start: from, end, text: "" },
  ];
}

/** A table in braces as dotted keys, one in each line. */
function asDotted(source: LineIndex, entry: Entry): TracedSplice[] {
  const { lines, text } = source;
  const key = text.slice(entry.key.start, entry.key.end);
  const line = { start: lines.textStart(entry.line), end: lines.end(entry.line) };
  const members = membersOf(text, entry);
  const trailing = text.slice(entry.value.end, line.end).trim();
  const all = [...(trailing ? [{ text: trailing, from: entry.value.end }] : []), ...members];
  if (all.length === 0) return [removed(source, entry)];
  return all.map((member, i) => ({
    start: i === 0 ? line.start : line.end,
    end: line.end,
    text: ended(text, member.text.startsWith("#") ? member.text : `${key}.${member.text}`),
    from: member.from,
  }));
}

function ended(text: string, lines: string): string {
  return lines === "" || lines.endsWith("\n") ? lines : lines + eolOf(text);
}
