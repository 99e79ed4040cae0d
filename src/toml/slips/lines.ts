/** Whole lines of a text, as they are kept as comments. */
import type { Splice } from "../../model/op.ts";
import type { Range } from "../scan.ts";
import { CONTROLS } from "./characters.ts";

/** Keeps lines as comments; characters that no comment may hold go. */
export function commented(text: string, { end, start }: Range): Splice[] {
  const splices: Splice[] = [];
  for (let at = start; at < end; at = afterLine(text, at)) {
    const line = text.slice(at, afterLine(text, at));
    const said = line.replace(CONTROLS, "").trim();
    if (said !== "" && !said.startsWith("#")) splices.push({ start: at, end: at, text: "# " });
    for (const { 0: odd, index } of [...line.matchAll(CONTROLS), ...line.matchAll(/\r(?!\n)/g)])
      splices.push({ start: at + index, end: at + index + odd.length, text: "" });
  }
  return splices;
}

export function afterLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
}

/** The line end of lines that are put in. */
export function eolOf(text: string): "\n" | "\r\n" {
  return text.includes("\r\n") ? "\r\n" : "\n";
}
