/** Keys, dotted or not, in front of a sign or in a header, with characters that need quotes, and the sign itself. */
import { codeName, isInvisible, LIKE_DOUBLE, LIKE_SINGLE } from "./characters.ts";
import { type Frame, isQuote, quoted, trimmed } from "./quoted.ts";
import { Lost, type Reader } from "./reader.ts";
import { inQuotes } from "./word.ts";

const BARE = /[A-Za-z0-9_-]+/y;
/** As far as a name may go in front of a sign, whatever it is made of. */
const NAME = /[^\s.=:,"'`[\]{}#\uff1d\uff1a]+/y;
/** The same in a header, where a name has a bracket behind it. */
const IN_HEADER = /[^\n\r\].#"'[]+/y;
/** Paths and names of packages, whose dots are no dots of a key. */
const WITH_DOTS = /(?:[A-Za-z]:[\\/]|[/~@])[^\n\r\]"#]*/y;

/** The parts of a key; `reader.at` is behind it. */
export function keyParts(reader: Reader, frame: Extract<Frame, "key" | "header">): string[] {
  const parts: string[] = [];
  for (;;) {
    parts.push(part(reader, frame));
    reader.skipSpace();
    if (reader.char !== ".") return parts;
    const dot = reader.at;
    reader.at++;
    reader.skipSpace();
    if (frame === "header" && reader.text.startsWith("]", reader.at)) {
      reader.replace("key-characters", dot, dot + 1, "");
      return parts;
    }
  }
}

function part(reader: Reader, frame: Extract<Frame, "key" | "header">): string {
  const { at: start, char, text } = reader;
  if (char === '"' || char === "'" || (isQuote(char) && !reader.strict)) {
    // A key has no three quotes around it.
    if (text.startsWith(char.repeat(3), start)) throw new Lost("unreadable", start);
    return quoted(reader, frame);
  }
  const bare = start + reader.match(BARE).length;
  if (reader.strict) {
    if (bare === start) throw new Lost("key-characters", start);
    reader.at = bare;
    return text.slice(start, bare);
  }
  const dotted = frame === "header" ? reader.match(WITH_DOTS) : "";
  const run = dotted || reader.match(frame === "header" ? IN_HEADER : NAME);
  const stop = frame === "header" ? run.search(/[ \t]\/\/|[)}][ \t]*$/) : -1;
  const end = trimmed(text, start, start + (stop < 0 ? run.length : stop));
  const next = text.charAt(end);
  const isBare = end === bare || /[ \t.=:\]#]/.test(text.charAt(bare));
  // A quote at the end of a name misses the one in front of it.
  if (next !== "" && `"'${LIKE_DOUBLE}${LIKE_SINGLE}`.includes(next) && end > start) {
    if (!(frame === "key" ? /^[ \t]*[=:]/ : /^[ \t]*[.\]]/).test(text.slice(end + 1)))
      throw new Lost("unreadable", end, codeName(next));
    reader.replace("missing-quote", end, end + 1, "");
    reader.at = end + 1;
    return text.slice(start, end);
  }
  const hasWords = frame === "header" && /[^\s.\]#"'[]/.test(text.slice(bare, end).trim());
  if (bare > start && (isBare || bare >= text.length) && !hasWords) {
    reader.at = bare;
    return text.slice(start, bare);
  }
  if (end === start) throw new Lost(end >= text.length ? "cut-off" : "key-characters", start);
  const name = text.slice(start, end);
  const seen = [...name].filter((one) => !isInvisible(one)).join("");
  const odd = [...name].find((one) => isInvisible(one));
  reader.at = end;
  if (odd !== undefined) {
    reader.replace("invisible", start, end, seen, codeName(odd));
    return seen;
  }
  if (/[<>$!*?|&\0]/.test(name)) throw new Lost("unreadable", start);
  const found = [...name].find((one) => !/[\w-]/.test(one)) ?? null;
  reader.slip(
    "key-characters",
    { start, end },
    [{ as: "correct", splices: inQuotes(start, end, name) }],
    found !== null && found > "~" ? codeName(found) : null,
  );
  return name;
}

/** The sign between a key and its value. */
export function sign(reader: Reader): void {
  reader.skipSpace();
  const { at, char, text } = reader;
  const next = text.charAt(at + 1);
  if (char === "=") {
    reader.at++;
    if (next !== "=" && next !== ">") return;
    const end = at + 1 + (/^[=>]+/.exec(text.slice(at + 1, at + 4))?.[0].length ?? 1);
    reader.replace("extra-equals", at + 1, end, "");
    reader.at = end;
    return;
  }
  if (char === "\uff1d") {
    reader.replace("missing-equals", at, at + 1, "=", "U+FF1D, a wide equals sign");
    reader.at++;
    return;
  }
  if (char === ":" || char === "\uff1a" || (char === "-" && next === ">")) {
    const length = char === "-" || (char === ":" && next === "=") ? 2 : 1;
    const before = /[ \t]/.test(text.charAt(at - 1)) ? "" : " ";
    const after = /[ \t\r\n]/.test(text.charAt(at + length)) ? "" : " ";
    reader.replace("colon", at, at + length, `${before}=${after}`);
    reader.at += length;
    return;
  }
  if (reader.strict) throw new Lost("missing-equals", at);
  if (reader.isEnd || char === "#") throw new Lost(at >= text.length ? "cut-off" : "missing-value", at);
  const isBehindBlank = /[ \t]/.test(text.charAt(at - 1));
  if (
    /["'[{]/.test(char) ||
    (isBehindBlank && /^(?:true|false|\d+)[ \t]*(?:#.*)?$/m.test(text.slice(at, reader.lineEnd())))
  ) {
    reader.replace("missing-equals", at, at, isBehindBlank ? "= " : " = ");
    return;
  }
  throw new Lost("missing-equals", at);
}
