/** JSON that was pasted into a config: an object by itself, whose members are keys of the root. */
import type { KeyPath, Splice } from "../../model/op.ts";
import { renderKey } from "../value.ts";
import { eolOf } from "./lines.ts";
import { Lost, type Reader } from "./reader.ts";
import { beginsHeader, nextStart } from "./restart.ts";
import { inline, type Member } from "./value.ts";

/** Reads an object that begins here. */
export function jsonObject(reader: Reader, table: KeyPath): void {
  const { at: open, text } = reader;
  const first = reader.slips.length;
  const members = inline(reader, [], 0);
  const close = reader.at - 1;
  if (text.charAt(close) !== "}") throw new Lost("json", open);
  const rest = /^[ \t]*[,;]?[ \t]*/.exec(text.slice(reader.at, reader.lineEnd()))?.[0] ?? "";
  const end = reader.at + rest.length;
  reader.at = end;
  if (!reader.isEnd && reader.char !== "#") throw new Lost("json", reader.at);
  const inside = reader.slips.splice(first);
  if (inside.some(({ readings }) => readings.length !== 1)) throw new Lost("json", open);
  const isLast = isBeforeHeader(text, end);
  const asHeaders = isLast && members.length > 0 && members.every(isOfTables);
  if (!asHeaders && table.length > 0) throw new Lost("json", open);
  const splices = [
    ...inside.flatMap(({ readings }) => readings[0]?.splices ?? []),
    ...(asHeaders ? members.flatMap((member) => headerFor(text, member)) : []),
    ...unwrapped(text, open, close, members),
    { start: close + 1, end, text: "" },
  ];
  reader.path = [];
  const merged = withoutInner(splices);
  reader.slip("json", { start: open, end }, [{ as: "correct", splices: merged }]);
  reader.at = reader.lineEnd();
}

/**
 * A key with an object of objects that stands in a table where nobody knows it: it was pasted, so it belongs to the root.
 * Returns the splices that make it a header there, or null where other keys follow.
 */
export function asRootTable(text: string, member: Member): Splice[] | null {
  return isOfTables(member) && isBeforeHeader(text, member.end) ? headerFor(text, member) : null;
}

function isOfTables({ read }: Member): boolean {
  return read.kind === "inline" && read.members.length > 0 && read.members.every((one) => one.read.kind === "inline");
}

/** Whether nothing but a header follows, so that keys that come to stand under one here take none of the others along. */
function isBeforeHeader(text: string, end: number): boolean {
  const line = text.indexOf("\n", end);
  const next = line < 0 ? text.length : nextStart(text, line + 1);
  return next === text.length || beginsHeader(text, next);
}

/** `"name": { … }` as a header with its members below. */
function headerFor(text: string, { end, parts, read, start, valueStart }: Member): Splice[] {
  if (read.kind !== "inline") return [];
  const [first] = read.members;
  const isSameLine = first !== undefined && !text.slice(valueStart, first.start).includes("\n");
  return [
    { start, end: valueStart + 1, text: `[${renderKey(parts)}]${isSameLine ? eolOf(text) : ""}` },
    ...unwrapped(text, null, end - 1, read.members),
  ];
}

/** Removes the braces around members and the commas between them; each of them gets a line of its own. */
function unwrapped(text: string, open: number | null, close: number, members: readonly Member[]): Splice[] {
  const between = members.flatMap((member, index): Splice[] => {
    const next = members[index + 1];
    const gap = text.slice(member.end, next?.start ?? close);
    const comma = gap.indexOf(",");
    if (comma < 0) return [];
    const at = member.end + comma;
    if (!next || gap.includes("\n")) return [{ start: at, end: at + 1, text: "" }];
    return [{ start: at, end: next.start, text: eolOf(text) }];
  });
  const opening = open === null ? [] : [{ start: open, end: open + 1, text: "" }];
  return [...opening, ...between, { start: close, end: close + 1, text: "" }];
}

/** A splice that lies inside of another one has nothing left to change. */
export function withoutInner(splices: readonly Splice[]): Splice[] {
  return splices.filter(
    (one) =>
      !splices.some(
        (other) =>
          other !== one &&
          other.start <= one.start &&
          one.end <= other.end &&
          other.end - other.start > one.end - one.start,
      ),
  );
}
