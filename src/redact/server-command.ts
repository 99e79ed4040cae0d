/**
 * How a server is reached, for people: its program and arguments, or its address, without anything that may be a
 * secret. Knows the habits of those who put keys into arguments and addresses.
 */
import type { Server } from "../codex/servers.ts";
import { isKeyPart, Masker, SECRET_NAME } from "./redactor.ts";

const SECRET = "‹secret›";
const TELLING = new RegExp(`${SECRET_NAME.source}|\\bkey$`, "i");
/** Flags whose value names a variable or a header before it comes to the value. */
const PAIRS = /^(?:-e|--env|-H|--header)$/;

export function serverTarget({ command, args, url }: Server["launch"]): string {
  if (typeof command !== "string") return typeof url === "string" ? bareAddress(url) : "";
  const words = Array.isArray(args) ? args.map((word) => (typeof word === "string" ? word : "")) : [];
  const shown = words.map((word, i) => argument(word, words[i - 1] ?? ""));
  return new Masker().words([command, ...shown].join(" "), []);
}

function argument(word: string, before: string): string {
  const flag = /^--?[\w-]+$/.test(before) && !PAIRS.test(before);
  if (flag && TELLING.test(before)) return SECRET;
  const pair = /^(--?[\w-]+=|[A-Za-z_][\w-]*(?:=|:\s))/.exec(word)?.[1];
  if (/^[a-z][\w+.-]*:\/\//i.test(word)) return bareAddress(word);
  if (pair === undefined) return PAIRS.test(before) && !/^\w+$/.test(word) ? SECRET : word;
  // `NAME=value` is a variable and `Name: value` a header; of a flag's value only a telling one, or such a pair, hides.
  if (!pair.startsWith("-")) return `${pair}${SECRET}`;
  const value = word.slice(pair.length);
  if (TELLING.test(pair.slice(0, -1)) || PAIRS.test(pair.slice(0, -1))) return `${pair}${SECRET}`;
  return `${pair}${argument(value, "")}`;
}

/** Scheme, host and path of an address; parts of the path that look like a key are hidden. */
function bareAddress(address: string): string {
  try {
    const { protocol, host, pathname } = new URL(address);
    const path = pathname.split("/").map((part) => (isKeyPart(part) ? SECRET : part));
    return `${protocol}//${host}${pathname === "/" ? "" : path.join("/")}`;
  } catch {
    return "(no address)";
  }
}
