/**
 * Bytes that are no UTF-8 as a text that can be compared, kept and written back to the byte: each byte that belongs to no
 * character becomes half a character (U+DC80 to U+DCFF), which no text of ours has. No TOML reader takes such a text.
 */
import { CfgError } from "../model/error.ts";

/** Any bytes as text; those of valid UTF-8 as a strict decoder reads them, a BOM included. */
export function decodeAny(bytes: Uint8Array): string {
  try {
    return STRICT.decode(bytes);
  } catch {
    let text = "";
    for (let at = 0, from = 0; at <= bytes.length; ) {
      const length = at < bytes.length ? characterAt(bytes, at) : 0;
      if (length > 0) {
        at += length;
        continue;
      }
      text += STRICT.decode(bytes.subarray(from, at));
      const byte = bytes[at];
      if (byte !== undefined) text += String.fromCharCode(FIRST + byte);
      at += 1;
      from = at;
    }
    return text;
  }
}

/** The bytes of such a text. Throws `internal` for any other half of a character. */
export function encodeAny(text: string): Uint8Array {
  const parts = text.split(/([\uDC80-\uDCFF]+)/u).map((part) => {
    if (/^[\uDC80-\uDCFF]/u.test(part)) return Uint8Array.from(part, (half) => half.charCodeAt(0) - FIRST);
    if (/[\uD800-\uDFFF]/u.test(part)) throw new CfgError("internal", "a text with half a character cannot be written");
    return new TextEncoder().encode(part);
  });
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const FIRST = 0xdc00;
const STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** How many bytes the character has that begins here; 0 where none does. */
function characterAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0;
  // Overlong forms, surrogates and what is beyond the last character are told by the second byte.
  const second = bytes[at + 1] ?? 0;
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (let i = 2; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}
