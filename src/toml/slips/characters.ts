/** Characters that do not show, or look like others: which they are, and their names. */

/** Controls that TOML allows nowhere, one after the other; tab and line ends are no such. */
export const CONTROLS = /(?:(?![\t\n\r\u0080-\u009f])\p{Cc})+/gu;

export function isControl(char: string): boolean {
  return new RegExp(`^${CONTROLS.source}$`, "u").test(char);
}

/** Takes no place where it is shown; controls count, but for tab and line ends. */
export function isInvisible(char: string): boolean {
  return isControl(char) || /^[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]$/.test(char);
}

/** Looks like a space and is none to TOML. */
export function isOddSpace(char: string): boolean {
  return /^[\f\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/.test(char);
}

/** Quotes that a word processor or an input method puts in the place of `"`. */
export const LIKE_DOUBLE = "\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02\u2033";
/** The same for `'`, a backtick included. */
export const LIKE_SINGLE = "\u2018\u2019\u201a\u201b\u2032\u00b4\uff07`";

const NAMES: Readonly<Record<string, string>> = {
  "\0": "a NUL character",
  "\u001b": "an escape character",
  "\u00a0": "a no-break space",
  "\u00ad": "a soft hyphen",
  "\u200b": "a zero-width space",
  "\u200c": "a zero-width mark",
  "\u200d": "a zero-width mark",
  "\u200e": "a direction mark",
  "\u200f": "a direction mark",
  "\u2060": "a zero-width mark",
  "\ufeff": "a byte order mark",
  "\u3000": "a wide space",
};

/** A character by its code and, where it has one here, its name. */
export function codeName(char: string): string {
  const code = `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  const name = NAMES[char] ?? kindOf(char);
  return name === "" ? code : `${code}, ${name}`;
}

function kindOf(char: string): string {
  if (LIKE_DOUBLE.includes(char) || LIKE_SINGLE.includes(char))
    return char === "`" ? "a backtick" : "a typographic quote";
  if (isOddSpace(char)) return "a space that TOML does not know";
  if (isControl(char)) return "a control character";
  return isInvisible(char) ? "an invisible character" : "";
}
