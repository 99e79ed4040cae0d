/** Lines by which a text shows that something new begins, whatever came before. */

const PART = String.raw`(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')`;
const KEY = new RegExp(String.raw`[ \t]*${PART}(?:[ \t]*\.[ \t]*${PART})*[ \t]*=(?!=)`, "y");
/** A header with or without its last bracket; a list in a line of its own begins otherwise. */
const HEADER =
  /[ \t]*\[\[?[ \t]*(?!(?:true|false|inf|nan)\b)[A-Za-z_][\w-]*[ \t]*(?:\.[^\n,]*)?\]{0,2}[ \t]*(?:#[^\n]*)?\r?$/my;

/** Whether a key and its sign begin in the line that starts at `at`. */
export function beginsKey(text: string, at: number): boolean {
  KEY.lastIndex = at;
  return KEY.test(text);
}

export function beginsHeader(text: string, at: number): boolean {
  HEADER.lastIndex = at;
  return HEADER.test(text);
}

/** The start of the next line that begins a key or a header; the text's end where there is none. */
export function nextStart(text: string, from: number, headersOnly = false): number {
  for (let at = from; at < text.length; ) {
    if (beginsHeader(text, at) || (!headersOnly && beginsKey(text, at))) return at;
    const end = text.indexOf("\n", at);
    at = end < 0 ? text.length : end + 1;
  }
  return text.length;
}
