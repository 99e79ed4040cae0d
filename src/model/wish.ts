/**
 * What a caller of the library hands in, checked where no compiler did: each member of a wish is of its kind, or the error
 * names it. Knows kinds of values, never what they mean.
 */
import { CfgError } from "./error.ts";

const KINDS = {
  text: (value: unknown) => typeof value === "string",
  flag: (value: unknown) => typeof value === "boolean",
  function: (value: unknown) => typeof value === "function",
  texts: (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === "string"),
  "texts by name": (value: unknown) =>
    isObject(value) && Object.values(value).every((item) => typeof item === "string"),
  map: (value: unknown) => value instanceof Map,
  list: (value: unknown) => Array.isArray(value),
  object: (value: unknown) => isObject(value),
  "text or null": (value: unknown) => value === null || typeof value === "string",
  "key path": (value: unknown) => Array.isArray(value) && value.every((part) => /^(string|number)$/.test(typeof part)),
  value: (value: unknown) => value !== undefined,
} as const;

type Kind = keyof typeof KINDS;

/** The kind of each member of a wish, with a question mark where it may be left out. */
export type Kinds<Wish> = {
  readonly [Name in keyof Required<Wish>]: undefined extends Wish[Name] ? `${Kind}?` : Kind;
};

/** Throws `usage` unless the home is one, and the wish has the members that `verb` takes. Others are nobody's business. */
export function checkCall<Wish>(verb: string, home: unknown, wish: Wish, kinds: Kinds<Wish>): void {
  if (typeof (home as { plan?: unknown } | null | undefined)?.plan !== "function")
    throw new CfgError("usage", `${verb}: the home is none that openHome has opened`);
  checkWish(verb, wish, kinds);
}

/** The same for what needs no home. */
export function checkWish<Wish>(verb: string, wish: Wish, kinds: Kinds<Wish>): void {
  if (!isObject(wish)) throw new CfgError("usage", `${verb}: what is wanted is no object`);
  for (const [name, kind] of Object.entries<string>(kinds)) {
    const value: unknown = wish[name];
    if (value === undefined && kind.endsWith("?")) continue;
    const wanted = kind.replace("?", "") as Kind;
    if (!KINDS[wanted](value)) throw new CfgError("usage", `${verb}: ${name} takes a ${wanted}, not ${nameOf(value)}`);
  }
}

/** Throws `usage` for what is no text. */
export function checkText(what: string, value: unknown): void {
  if (typeof value !== "string") throw new CfgError("usage", `${what} takes a text, not ${nameOf(value)}`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A word for a value: the value itself may be a secret. */
function nameOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "a list" : typeof value;
}
