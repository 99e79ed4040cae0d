/**
 * What people outside may read: structure, numbers, switches, choices that Codex's config knows, names, hosts. Every other text
 * is masked, whether anything tells that it is secret or not. Knows TOML's parts, not what a report is.
 */
import type { KeyPath } from "../model/op.ts";
import { documentOf } from "../toml/document.ts";
import { type Key, type Range, rangesOf, type Value } from "../toml/scan.ts";
import type { Source } from "../toml/source.ts";
import { redactBrokenLine } from "./broken-line.ts";
import { isKeyPart, withoutTokens } from "./known-tokens.ts";
import { KNOWN_CHOICES, KNOWN_WORDS } from "./known-words.ts";
import { TEXT } from "./marks.ts";
import { isSecretPath } from "./names.ts";
import { VARIABLE_NAMES } from "./rules.ts";
import { contentOf } from "./values.ts";

/** A file of which nothing but what is listed can be read; where it does not parse, line by line. */
export function allowedFile(text: string): string {
  const source = documentOf(text)?.source;
  if (!source) return brokenLines(text);
  let result = "";
  let at = 0;
  for (const { end, put, start } of masksIn(source, text)) {
    result += text.slice(at, start) + put;
    at = end;
  }
  return result + text.slice(at);
}

/** A text as it stands somewhere, or as much of it as may be read; `key` is the name of what it belongs to. */
export function allowedText(text: string, key = ""): string {
  if (KNOWN_CHOICES.has(text) || KNOWN_WORDS.has(text) || MODEL.test(text) || /^-?\d{1,7}$/.test(text)) return text;
  if (NAMES_A_TABLE.has(key)) return allowedName(text);
  if (NAMES_A_VARIABLE.test(key) && /^[A-Z_][A-Z0-9_]{0,39}$/.test(text) && isName(text)) return text;
  return allowedAddress(text) ?? TEXT;
}

/** A name that somebody chose, if it looks like one. */
export function allowedName(name: string): string {
  return isName(name) ? name : TEXT;
}

/** A dotted key, its parts in TOML's spelling. */
export function allowedKey(key: string): string {
  return key.replace(/"(?:[^"\\]|\\.)*(?:"|$)|[^".]+/g, (part) =>
    isName(part.replace(/^"|"$/g, "")) ? part : `"${TEXT}"`,
  );
}

/** The model names that a service gave its own. */
const MODEL = /^(?:gpt-\d|o\d|codex)(?:[.-](?:\d{1,2}|codex|mini|max|nano|pro|latest|spark|oss|preview|[a-z]))*$/;
/** Settings whose text is the name of a table or of a file beside. */
const NAMES_A_TABLE = new Set(["model_provider", "profile", "default_permissions"]);
const NAMES_A_VARIABLE = /^env_key$|_env_var$|^env_vars$|^env_http_headers$/;

function isName(text: string): boolean {
  return /^[A-Za-z_][\w.@-]{0,49}$/.test(text) && !isKeyPart(text) && withoutTokens(text, "") === text;
}

/** Scheme, host and port; of the path only what every service has. Null for what is no address. */
function allowedAddress(text: string): string | null {
  const [, scheme = "", authority = "", rest = ""] = /^([a-z][a-z+]{0,12}:\/\/)([^\s/?#\\]*)(.*)$/is.exec(text) ?? [];
  if (scheme === "") return null;
  // What stands in front of the last @ logs in; with a slash in it nobody can tell where the host begins.
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  const isHost = host.length < 200 && /^(?:[\w-]+(?:\.[\w-]+){0,9}|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(host);
  if (!isHost || host.split(/[.:]/).some(isKeyPart) || (rest.includes("@") && host.includes(":"))) return scheme + TEXT;
  const login = host === authority ? "" : `${TEXT}@`;
  return `${scheme}${login}${host}${PATH.test(rest) ? rest : `/${TEXT}`}`;
}

const PATH = /^(?:\/(?:api|backend-api|chat|codex|completions|mcp|openai|responses|sse|v\d{1,2}))*\/?$/;

function brokenLines(text: string): string {
  let table: KeyPath = [];
  const lines = text.split(/\r?\n/).map((line) => {
    const header = /^[ \t]*\[{1,2}[ \t]*([\w.-]{1,200})[ \t]*(?:\]|$)/.exec(line)?.[1];
    // In a table whose name cannot be read any value may be a secret.
    if (/^[ \t]*\[/.test(line)) table = header?.split(".") ?? ["env"];
    return redactBrokenLine(line, 0, table).text;
  });
  return lines.join("\n");
}

type Mask = Range & { readonly put: string };

function* masksIn(source: Source, text: string): Iterable<Mask> {
  const { lines } = source;
  for (const section of source.sections) {
    const table = section.key?.parts ?? [];
    if (section.key) yield* inKey(text, section.key);
    let at = section.key?.end ?? lines.start(Math.max(0, section.line));
    for (const { key, value } of section.entries) {
      yield* commentsIn(text, at, key.start);
      yield* inKey(text, key);
      yield* inValue(text, value, [...table, ...key.parts]);
      at = value.end;
    }
    yield* commentsIn(text, at, lines.start(section.end));
  }
}

/** The comments in a stretch that holds nothing else but brackets, signs and blanks. */
function* commentsIn(text: string, from: number, to: number): Iterable<Mask> {
  for (const { 0: words, index } of text.slice(from, to).matchAll(/#[^\n]*/g)) {
    const start = from + index;
    const end = start + words.trimEnd().length;
    if (end > start + 1) yield { start, end, put: `# ${TEXT}` };
  }
}

function* inKey(text: string, key: Key): Iterable<Mask> {
  for (const [i, range] of rangesOf(text, key).entries())
    if (!isName(key.parts[i] ?? "")) yield { ...range, put: `"${TEXT}"` };
}

function* inValue(text: string, value: Value, path: KeyPath): Iterable<Mask> {
  if (value.kind === "scalar") {
    const put = allowedSpelling(text, value, path);
    if (put !== null) yield { start: value.start, end: value.end, put };
    return;
  }
  let at = value.start;
  for (const [i, part] of (value.kind === "array" ? value.items : value.entries).entries()) {
    yield* commentsIn(text, at, part.start);
    if ("key" in part) yield* inKey(text, part.key);
    if ("key" in part) yield* inValue(text, part.value, [...path, ...part.key.parts]);
    else yield* inValue(text, part, [...path, i]);
    at = part.end;
  }
  yield* commentsIn(text, at, value.end);
}

/** What to put in the place of a scalar; null where it may stay. */
function allowedSpelling(text: string, range: Range, path: KeyPath): string | null {
  const spelling = text.slice(range.start, range.end);
  const names = path.filter((part) => typeof part === "string");
  const key = names.at(-1) ?? "";
  if (isSecretPath(path, spelling)) return `"${TEXT}"`;
  const content = contentOf(text, range);
  if (content.isBare) return /^[\dA-Fa-fox_]{8,}$/.test(spelling) ? `"${TEXT}"` : null;
  const shown = allowedText(content.text, VARIABLE_NAMES.find((name) => names.includes(name)) ?? key);
  return shown === content.text ? null : JSON.stringify(shown);
}
