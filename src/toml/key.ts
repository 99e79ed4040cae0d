/** Keys and values as people type them on a command line, in TOML's own syntax. */
import { CfgError } from "../model/error.ts";
import type { TomlValue } from "../model/op.ts";
import { parseDocument } from "./document.ts";
import { scanEntry } from "./scan.ts";

/** The parts of a dotted key: `mcp_servers."a b".enabled`. Throws `usage` for anything else. */
export function parseKeyPath(text: string): string[] {
  try {
    const [entry] = parseDocument(`${text} = 0`, "key").source.sections.at(0)?.entries ?? [];
    // The scanner may have read less than the whole text: a comment or a second line is refused.
    if (entry && entry.key.end === text.trimEnd().length && !/[\r\n]/.test(text)) return [...entry.key.parts];
  } catch {
    // The scanner's error is dropped: the one below says what a key is.
  }
  throw new CfgError("usage", `not a dotted key: ${shownPart(text)}`, {
    hints: ["quote parts with other characters than letters, digits, - and _: 'mcp_servers.\"a b\".enabled'"],
  });
}

/** Behind an equals sign, or a quote that is none of a key, a value may stand that must not be shown. */
function shownPart(text: string): string {
  const end = /[=\s:]|$/.exec(text)?.index ?? 0;
  return end === text.length ? JSON.stringify(text) : `${JSON.stringify(text.slice(0, end))} and what follows it`;
}

/** A TOML value, or undefined when the text is none. */
export function parseValue(text: string): TomlValue | undefined {
  try {
    const { data } = parseDocument(`value = ${text}`, "value");
    return Object.keys(data).length === 1 ? data.value : undefined;
  } catch {
    return undefined;
  }
}

/** What is wrong with a text that begins or ends as a TOML value and is none; null for any other text. */
export function faultOfValue(text: string): string | null {
  const trimmed = text.trim();
  const [first = ""] = trimmed;
  if (!"\"'[{".includes(first) || first === "")
    return /^[^"]*"$/.test(trimmed) ? "a quote closes that nothing opens" : null;
  try {
    const { end } = scanEntry(`x=${trimmed}`, 0).value;
    if (end < trimmed.length + 2 && trimmed[end - 2] !== "#")
      return `something follows its end, behind character ${end - 2}`;
  } catch {
    // It has no end: the words below say which kind of it.
  }
  if (first === "[") return "the array is not closed, or an item of it is no value";
  if (first === "{") return "the inline table is not closed, or a key or a value in it is none";
  return "the quote is not closed, or an escape in it is none";
}
