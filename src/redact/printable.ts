/**
 * The one gate for text that comes out of a config, a path or another program: whatever could steer a terminal or hide
 * its meaning is spelled out. Settings are redacted long before; a token that stands where a name belongs is caught here.
 */

import { spellOut } from "../toml/value.ts";
import { withoutTokens } from "./known-tokens.ts";

/**
 * Control, C1, bidi and zero-width characters become `\u{…}`; a tab stays a tab, a line feed a line feed. `reveals`: tokens
 * are shown to who asked for them.
 */
export function printable(text: string, reveals = false): string {
  return readable(text, (c) => `\\u{${c.codePointAt(0)?.toString(16)}}`, reveals);
}

/** The same for JSON text, in JSON's own escapes; line feeds between its members stay. */
export function printableJson(json: string): string {
  return readable(json, (c) => c.split("").map(escapeUnit).join(""));
}

function readable(text: string, spell: (character: string) => string, reveals = false): string {
  const shown = reveals ? text : withoutTokens(text, "\u2039secret\u203a");
  return PLAIN.test(shown) ? shown : spellOut(shown, (c) => (c === "\n" || c === "\t" ? c : spell(c)));
}

/** Nearly every text, masks of secrets included; the pattern for all the others takes its time to compile. */
const PLAIN = /^[\x20-\x7e\n\t\u2039\u203a]*$/;

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
