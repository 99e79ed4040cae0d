/**
 * Backslashes between double quotes: which are no escapes, and how the string is to be spelled so that they are backslashes.
 * Windows paths are what they come from.
 */
import type { Splice } from "../../model/op.ts";
import type { Range } from "../scan.ts";

/** A path of Windows, or something with one in it. */
const WINDOWS = /(?:^|[\s=:"'(;,])[A-Za-z]:\\|^\\\\|^(?:~|\.{1,2}|%\w+%|\$\w+|\$\{\w+\}|\$env:\w+)\\/;

/** An escape, or a backslash that begins none. */
const ESCAPE = /\\(?:([btnfre"\\]|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})|)/g;

export function isWindowsPath(body: string): boolean {
  return WINDOWS.test(body);
}

/** Where the backslashes of a basic string's body are that begin no escape. */
export function looseBackslashes(body: string): number[] {
  return [...body.matchAll(ESCAPE)].flatMap(({ 1: sign, index }) =>
    sign === undefined || isNoCharacter(sign) ? [index] : [],
  );
}

/** Whether an escape names what is no character: half of one, or one beyond the last. */
function isNoCharacter(sign: string): boolean {
  const code = /^[uU]/.test(sign) ? Number.parseInt(sign.slice(1), 16) : 0;
  return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff);
}

/** Splices that make every backslash of a string a backslash; `range` includes its quotes. Null where that is a guess. */
export function asWritten(text: string, { start, end }: Range): Splice[] | null {
  const body = text.slice(start + 1, end - 1);
  const isPath = isWindowsPath(body);
  const escapes = [...body.matchAll(ESCAPE)];
  const isPaired = escapes.some(({ 1: sign, index }) => sign === "\\" && !(index === 0 && /^\\\\[^\\]/.test(body)));
  const meant = escapes.filter(({ 1: sign }) => sign === '"' || (isPaired && sign === "\\"));
  const real = escapes.filter(({ 1: sign }) => sign !== undefined && !/^[\\"]/.test(sign));
  // JSON alone escapes a slash.
  if (!isPath && /\\\//.test(body) && looseBackslashes(body).every((at) => body.charAt(at + 1) === "/"))
    return looseBackslashes(body).map((at) => ({ start: start + 1 + at, end: start + 2 + at, text: "" }));
  if (!isPath && real.length > 0) return null;
  if (meant.length === 0 && !body.includes("'"))
    return [
      { start, end: start + 1, text: "'" },
      { start: end - 1, end, text: "'" },
    ];
  return escapes.flatMap(({ 0: all, 1: sign, index }): Splice[] => {
    if (sign === '"' || (sign === "\\" && isPaired)) return [];
    const at = start + 1 + index;
    // A pair at the start of a network path stands for two.
    const text = all === "\\\\" ? "\\\\\\\\" : "\\\\";
    return [{ start: at, end: at + (all === "\\\\" ? 2 : 1), text }];
  });
}
