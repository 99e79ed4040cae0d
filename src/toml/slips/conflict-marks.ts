/** Both sides of a merge that git left in a file. Which of them counts is for a person to say. */
import type { Splice } from "../../model/op.ts";
import type { Reader } from "./reader.ts";
import type { Reading } from "./slip.ts";

type Line = { readonly start: number; readonly end: number };

/** Reads from a mark to the last one that belongs to it; a mark without its others is read alone. */
export function conflict(reader: Reader): void {
  const { text } = reader;
  const start = text.lastIndexOf("\n", reader.at - 1) + 1;
  const first = lineAt(text, Math.max(start, reader.start));
  if (!text.startsWith("<<<<<<<", reader.at)) {
    alone(reader, first);
    return;
  }
  let base: Line | null = null;
  let middle: Line | null = null;
  for (let line = lineAt(text, first.end); line.start < text.length; line = lineAt(text, line.end)) {
    if (text.startsWith("<<<<<<<", line.start)) break;
    if (text.startsWith("|||||||", line.start)) base = line;
    if (/^={7}\r?\n/.test(text.slice(line.start, line.start + 9))) middle = line;
    if (!text.startsWith(">>>>>>>", line.start)) continue;
    if (!middle) break;
    const mine = { start: first.end, end: base?.start ?? middle.start };
    const theirs = { start: middle.end, end: line.start };
    const whole = { start: first.start, end: line.end };
    const keep = (kept: Line): Splice[] => [
      { start: whole.start, end: kept.start, text: "" },
      { start: kept.end, end: whole.end, text: "" },
    ];
    const readings: Reading[] = [{ as: "first", splices: keep(mine) }];
    if (text.slice(mine.start, mine.end) !== text.slice(theirs.start, theirs.end))
      readings.push({ as: "second", splices: keep(theirs) });
    reader.slip("conflict-marks", whole, readings);
    reader.at = line.end;
    return;
  }
  alone(reader, first);
}

function alone(reader: Reader, line: Line): void {
  const { at } = reader;
  reader.slip("conflict-marks", line, [{ as: "comment", splices: [{ start: at, end: at, text: "# " }] }]);
  reader.at = reader.lineEnd();
}

function lineAt(text: string, start: number): Line {
  const end = text.indexOf("\n", start);
  return { start, end: end < 0 ? text.length : end + 1 };
}
