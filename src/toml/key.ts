/** Keys and values as people type them on a command line, in TOML's own syntax. */
import { CfgError } from "../model/error.ts";
import type { TomlValue } from "../model/op.ts";
import { parseDocument } from "./document.ts";

/** The parts of a dotted key: `mcp_servers."a b".enabled`. Throws `usage` for anything else. */
export function parseKeyPath(text: string): string[] {
  try {
    const [entry] = parseDocument(`${text} = 0`, "key").source.sections.at(0)?.entries ?? [];
    // The scanner may have read less than the whole text: a comment or a second line is refused.
    if (entry && entry.key.end === text.trimEnd().length && !/[\r\n]/.test(text)) return [...entry.key.parts];
  } catch {
    // The scanner's error is dropped: the one below says what a key is.
  }
  throw new CfgError("usage", `not a dotted key: ${JSON.stringify(text)}`, {
    hints: ["quote parts with other characters than letters, digits, - and _: 'mcp_servers.\"a b\".enabled'"],
  });
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
