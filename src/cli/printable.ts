/**
 * The one gate for text that comes out of a config, a path or another program: whatever could steer a terminal or hide
 * its meaning is spelled out. Settings are masked long before; what looks like a key and stands where a name belongs is
 * caught here.
 */
import { KEY_SHAPES } from "../plan/key-shapes.ts";
import { UNREADABLE } from "../toml/value.ts";

/** Control, C1, bidi and zero-width characters become `\u{…}`; a tab stays a tab, a line feed a line feed. */
export function printable(text: string): string {
  return withoutKeys(text).replace(UNREADABLE, (c) =>
    c === "\n" || c === "\t" ? c : `\\u{${c.codePointAt(0)?.toString(16)}}`,
  );
}

/** The same for JSON text, in JSON's own escapes; line feeds between its members stay. */
export function printableJson(json: string): string {
  return withoutKeys(json).replace(UNREADABLE, (c) => (c === "\n" ? c : c.split("").map(escapeUnit).join("")));
}

function withoutKeys(text: string): string {
  return KEY_SHAPES.reduce((shown, shape) => shown.replace(shape, "‹secret›"), text);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
