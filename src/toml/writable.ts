/** Refuses what TOML cannot express, or our parsers do not read, before any text is made. */
import { CfgError } from "../model/error.ts";
import type { KeyPath, TomlValue } from "../model/op.ts";
import { MAX_DEPTH } from "./scan.ts";
import { headerParts } from "./source.ts";
import { renderKey } from "./value.ts";

/** Throws `unsupported-edit` unless `path` can be written with this value, and these comment lines above it. */
export function checkWritable(path: KeyPath, value: TomlValue, comment: readonly string[] = []): void {
  const refuse: Refuse = (why) => {
    throw new CfgError("unsupported-edit", `${renderKey(path)} cannot be written: ${why}`);
  };
  const names = headerParts(path);
  for (const name of names) checkText(name, refuse);
  checkValue(value, names.length, refuse);
  // A tab is the one control character that may stand in a comment.
  if (comment.some((line) => /(?!\t)\p{Cc}/u.test(line)))
    refuse("its comment holds a line end or another control character");
}

type Refuse = (why: string) => never;

/** As a range of characters: loading the tables for `\p{Cs}` would slow down every edit. */
const HALF_CHARACTER = /[\ud800-\udfff]/u;

/** `depth` is how many names and brackets lead to the value. */
function checkValue(value: TomlValue, depth: number, refuse: Refuse): void {
  if (depth > MAX_DEPTH) refuse(`nested deeper than ${MAX_DEPTH} levels`);
  if (typeof value === "string") checkText(value, refuse);
  else if (typeof value === "bigint") {
    if (BigInt.asIntN(64, value) !== value) refuse("an integer of TOML has 64 bits");
  } else if (value instanceof Date) {
    // TOML has no year of more than four digits, which `toISOString` writes with a sign.
    if (Number.isNaN(value.getTime()) || !/^\d/.test(value.toISOString()))
      refuse("a date of TOML has a year up to 9999");
  } else if (Array.isArray(value)) {
    if (depth === MAX_DEPTH) refuse(`nested deeper than ${MAX_DEPTH} levels`);
    for (const item of value) checkValue(item, depth + 1, refuse);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      checkText(key, refuse);
      checkValue(item, depth + 1, refuse);
    }
  } else if (typeof value !== "number" && typeof value !== "boolean") refuse("TOML has no such value");
}

function checkText(text: string, refuse: Refuse): void {
  if (HALF_CHARACTER.test(text)) refuse("it holds half a character (a lone surrogate)");
}
