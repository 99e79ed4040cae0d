/** Lines that begin neither a key nor a header: comments of other languages, marks of other tools, brackets left over. */
import type { KeyPath } from "../../model/op.ts";
import { conflict } from "./conflict-marks.ts";
import { jsonObject } from "./json.ts";
import type { Reader } from "./reader.ts";
import { isForeignComment } from "./statement.ts";

/** Reads such a line; false for any other, of which nothing has been read then. */
export function oddLine(reader: Reader, table: KeyPath): boolean {
  const { at, text } = reader;
  const eol = reader.lineEnd();
  const line = text.slice(at, eol);
  if (/^(?:<{7}|\|{7}|={7}|>{7})(?: |$)/.test(line)) return conflict(reader);
  if (/^(?:```|~~~)[\w-]*\s*$/.test(line) || /^(?:-{3,}|={3,}|\*{3,}|_{3,}|\.{3}|\u2026)\s*$/.test(line)) {
    reader.replace("fence", at, at, "# ");
    reader.at = eol;
    return true;
  }
  if (line.startsWith("/*") && !line.includes("*/")) return block(reader);
  if (isForeignComment(line)) {
    reader.replace("foreign-comment", at, at, "# ");
    reader.at = eol;
    return true;
  }
  const stray = /^[\]})]+[,;]*(?=[ \t]*(?:#.*)?$)/.exec(line)?.[0];
  if (stray !== undefined) {
    reader.replace("stray-bracket", at, at + stray.length, "", stray.charAt(0));
    reader.at = eol;
    return true;
  }
  if (line.startsWith("{")) {
    jsonObject(reader, table);
    return true;
  }
  return false;
}

/** A comment of several lines. */
function block(reader: Reader): boolean {
  const { at: start, text } = reader;
  const close = text.indexOf("*/", start);
  if (close < 0) return false;
  const end = reader.lineEnd(close);
  const splices = [];
  for (let at = start; at >= 0 && at < end; at = text.indexOf("\n", at) + 1 || end)
    splices.push({ start: at, end: at, text: "# " });
  reader.slip("foreign-comment", { start, end }, [{ as: "comment", splices }]);
  reader.at = end;
  return true;
}
