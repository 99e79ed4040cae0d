/** Lines that begin neither a key nor a header: comments of other languages, marks of other tools, brackets left over. */
import type { KeyPath } from "../../model/op.ts";
import { conflict } from "./conflict-marks.ts";
import { jsonObject } from "./json.ts";
import { keyParts } from "./key.ts";
import type { Reader } from "./reader.ts";
import { isForeignComment } from "./statement.ts";

const HEADER = /^([({<]?)[\w-]+(?:\.(?:[\w-]+|"[^"]*"|'[^']*'))*[ \t]*[\])}>]{1,2}[ \t]*(?:#.*)?$/;

/** What was read: the table that it opens, where it opens one. */
export type Odd = { readonly opens: KeyPath | null };

const PLAIN: Odd = { opens: null };

/** Reads such a line; null for any other, of which nothing has been read then. */
export function oddLine(reader: Reader, table: KeyPath): Odd | null {
  const { at, text } = reader;
  const eol = reader.lineEnd();
  const line = text.slice(at, eol);
  if (/^(?:<{7}|\|{7}|={7}|>{7})(?: |$)/.test(line)) {
    conflict(reader);
    return PLAIN;
  }
  if (/^(?:```|~~~)[\w-]*\s*$/.test(line) || /^(?:-{3,}|={3,}|\*{3,}|_{3,}|\.{3}|\u2026)\s*$/.test(line)) {
    reader.replace("fence", at, at, "# ");
    reader.at = eol;
    return PLAIN;
  }
  if (line.startsWith("/*") && !line.includes("*/")) return block(reader);
  if (isForeignComment(line)) {
    reader.replace("foreign-comment", at, at, "# ");
    reader.at = eol;
    return PLAIN;
  }
  const stray = /^[\]})]+[,;]*(?=[ \t]*(?:#.*)?$)/.exec(line)?.[0];
  if (stray !== undefined) {
    reader.replace("stray-bracket", at, at + stray.length, "", stray.charAt(0));
    reader.at = eol;
    return PLAIN;
  }
  // A header that begins with another bracket, or with none.
  const bracket = HEADER.exec(line)?.[1];
  if (bracket !== undefined) return oddHeader(reader, bracket);
  if (line.startsWith("{")) {
    jsonObject(reader, table);
    return PLAIN;
  }
  return null;
}

function oddHeader(reader: Reader, bracket: string): Odd {
  const { at: start, text } = reader;
  reader.at += bracket.length;
  const opens = keyParts(reader, "header");
  const close = reader.at;
  const closing = /^[\])}>]+/.exec(text.slice(close, reader.lineEnd()))?.[0] ?? "";
  const isList = bracket === "" && closing === "]]";
  const splices = [
    { start, end: start + bracket.length, text: isList ? "[[" : "[" },
    { start: close, end: close + closing.length, text: isList ? "]]" : "]" },
  ];
  reader.slip("unclosed-header", { start, end: close + closing.length }, [{ as: "correct", splices }]);
  reader.at = reader.lineEnd();
  return { opens: isList ? [...opens, 0] : opens };
}

/** A comment of several lines. */
function block(reader: Reader): Odd | null {
  const { at: start, text } = reader;
  const close = text.indexOf("*/", start);
  if (close < 0) return null;
  const end = reader.lineEnd(close);
  const splices = [];
  for (let at = start; at >= 0 && at < end; at = text.indexOf("\n", at) + 1 || end)
    splices.push({ start: at, end: at, text: "# " });
  reader.slip("foreign-comment", { start, end }, [{ as: "comment", splices }]);
  reader.at = end;
  return PLAIN;
}
