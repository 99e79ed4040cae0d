/**
 * Hides secrets in a text before anybody sees it: by key path on parsed values, by well-known shapes everywhere else.
 * Two texts masked together show whether a secret changed, never what it is or how long.
 */
import type { KeyPath, TomlValue } from "../model/op.ts";
import { type Document, documentOf } from "../toml/document.ts";
import { fixDuplicates } from "../toml/duplicates.ts";
import { parseValue } from "../toml/key.ts";
import type { Section } from "../toml/line-index.ts";
import { lineEnd, type Range, type Value } from "../toml/scan.ts";
import { applySplices, Source, type Splice, whole } from "../toml/source.ts";
import { isTable, renderKey, renderValue, valueAt } from "../toml/value.ts";
import { KEY_SHAPES } from "./known-tokens.ts";

/** Gives each secret a letter of its own, the same in every text masked with it. */
export class Masker {
  readonly #letters = new Map<string, string>();

  /** The text with its secrets replaced. A text that does not parse is not shown at all. */
  text(text: string): string {
    const source = readable(text);
    if (source === null) return "(not valid TOML, hence not shown)\n";
    return this.#loose(applySplices(text, this.#splices(source)));
  }

  /** The same of a document, or of a stretch of it from the start of one section to the start of another. */
  document({ source, text }: Document, stretch = whole(text)): string {
    return this.#loose(applySplices(text, this.#splices(source, stretch), stretch));
  }

  /** Words of another program: every secret that a document holds is replaced, and everything that looks like one. */
  words(words: string, documents: readonly Document[]): string {
    let result = words;
    for (const document of documents) {
      for (const { start, end } of this.#splices(document.source)) {
        for (const secret of spellingsOf(document.text.slice(start, end)))
          if (secret.length > 3) result = result.replaceAll(secret, "‹secret›");
      }
    }
    return this.#loose(result);
  }

  #splices(source: Source, { end, start }: Range = whole(source.text)): Splice[] {
    const splices: Splice[] = [];
    const { text } = source;
    // Below a telling name everything is secret but what could be none.
    const visit = (value: Value, path: KeyPath, below = false): void => {
      if (value.kind === "inline") {
        const telling = below || isSecretPath(path);
        for (const inner of value.entries) visit(inner.value, [...path, ...inner.key.parts], telling);
        return;
      }
      // Nearly nothing is secret, and then its spelling does not matter.
      if ((below || isSecretPath(path)) && isSecretValue(path, below, text.slice(value.start, value.end)))
        this.#hide(value, text, splices);
      else if (value.kind === "array") {
        for (const [i, item] of value.items.entries()) if (item.kind !== "scalar") visit(item, [...path, i]);
        this.#arguments(value, text, splices);
      }
    };
    const { lines, sections } = source;
    const shown = sections.filter((section) => lines.start(section.end) > start && lines.start(section.line) < end);
    for (const { entries, key } of shown)
      for (const entry of entries) visit(entry.value, [...(key?.parts ?? []), ...entry.key.parts]);
    for (const section of shown) this.#remarks(remarksOf(source, section), text, splices);
    return splices;
  }

  /** `--token`, then its value: arguments hide what follows a telling flag. */
  #arguments(value: Extract<Value, { kind: "array" }>, text: string, splices: Splice[]): void {
    const words = value.items.map((item) => wordOf(text.slice(item.start, item.end)));
    for (const [i, item] of value.items.entries())
      if (item.kind === "scalar" && isSecretWord(words, i)) this.#hide(item, text, splices);
  }

  #hide(value: Value, text: string, splices: Splice[]): void {
    if (value.kind === "inline") for (const entry of value.entries) this.#hide(entry.value, text, splices);
    else if (value.kind === "array") for (const item of value.items) this.#hide(item, text, splices);
    else
      splices.push({
        start: value.start,
        end: value.end,
        text: `"${this.#letter(text.slice(value.start, value.end))}"`,
      });
  }

  /** Commented-out settings are hidden like live ones, and so is all that is said of a secret beside it. */
  #remarks(remarks: Iterable<Remark>, text: string, splices: Splice[]): void {
    /** The commented-out header that the lines stand below, brackets or quotes that are open, and a flag's next word. */
    let commented: KeyPath | null = null;
    let open = 0;
    let quotes: string | null = null;
    let awaited = false;
    for (const { before, end, hidden, start, table } of remarks) {
      const words = text.slice(start, end);
      if (before !== "remark") [open, quotes, awaited] = [0, null, false];
      if (before === "setting" || before === "same line") commented = null;
      const mayBeHeader = before !== "same line" && open <= 0 && words.startsWith("[");
      const header = mayBeHeader ? COMMENTED_HEADER.exec(words)?.[1] : undefined;
      if (header !== undefined) {
        commented = namesOf(header);
        continue;
      }
      const goesOn: boolean = hidden || open > 0 || quotes !== null || awaited;
      const from: number | null = goesOn ? 0 : secretIn(words, commented ?? table);
      const said: string = from === null ? "" : words.slice(from);
      awaited = words.includes("-") && TELLING_FLAG.test(words.replace(/^["'\s]+|["',\s]+$/g, ""));
      if (from === null || said === "") continue;
      splices.push({ start: start + from, end, text: `"${this.#letter(said)}"` });
      const quote: string | null = quotes ?? /"""|'''/.exec(said)?.[0] ?? null;
      if (quote !== null) quotes = (said.split(quote).length - 1) % 2 === (quotes === null ? 0 : 1) ? null : quote;
      const bare = said.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, "");
      open = Math.max(0, open) + count(bare, /[[{]/g) - count(bare, /[\]}]/g);
    }
  }

  /** What shows by itself that it is a secret. A rule is tried only where a word of it is there at all: most texts have none. */
  #loose(text: string): string {
    return LOOSE.reduce(
      (masked, { named, shape, words }) =>
        words.some((word) => masked.includes(word))
          ? masked.replace(shape, (_, before, secret) => before + (named ? this.#letter(secret) : "‹secret›"))
          : masked,
      text,
    );
  }

  #letter(secret: string): string {
    let label = this.#letters.get(secret);
    if (label === undefined) {
      const index = this.#letters.size;
      label = `‹secret ${index < 26 ? String.fromCharCode(65 + index) : index + 1}›`;
      this.#letters.set(secret, label);
    }
    return label;
  }
}

/** Whether one of a program's arguments is a secret: `--token=…`, `Authorization: …`, or what follows a telling flag. */
function isSecretWord(words: readonly string[], i: number): boolean {
  const [word = "", before = ""] = [words[i], words[i - 1]];
  const isPair = word.includes("=") || word.includes(":");
  if (isPair && (TELLING_PAIR.test(word) || /^(?:(?:-H|--header)[= ]?\S+:|(?:-e|--env)=)/.test(word))) return true;
  if (!before.startsWith("-") || word === "") return false;
  if (before === "-H" || before === "--header") return isPair;
  if (before === "-e" || before === "--env") return /^\w+=/.test(word);
  // No flag as short as `-y`, which is the usual one, tells of a secret.
  return before.length > 3 && TELLING_FLAG.test(before) && !word.startsWith("-");
}

/** A value with every secret in it replaced; `path` says what it is. */
export function maskedValue(value: TomlValue, path: KeyPath, below = false): TomlValue {
  if (isTable(value)) {
    const telling = below || isSecretPath(path);
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, maskedValue(item, [...path, key], telling)]),
    );
  }
  const spelling = renderValue(value);
  if (isSecretValue(path, below, spelling)) return "‹secret›";
  if (Array.isArray(value)) {
    const words = value.map((item: TomlValue) => (typeof item === "string" ? item : ""));
    return value.map((item, i) => (isSecretWord(words, i) ? "‹secret›" : maskedValue(item, [...path, i])));
  }
  return typeof value === "string" ? new Masker().words(value, []) : value;
}

/** The same of the value at a path. An argument does not tell that it is secret, the one before it in its list does. */
export function maskedAt(document: Document, path: KeyPath): TomlValue | undefined {
  const value = document.get(path);
  const depth = path.findIndex((part) => typeof part === "number");
  const list = depth < 0 ? undefined : document.get(path.slice(0, depth));
  if (value === undefined || list === undefined) return value === undefined ? undefined : maskedValue(value, path);
  return valueAt(maskedValue(list, path.slice(0, depth)), path.slice(depth)) ?? "‹secret›";
}

/** The same of a value as it is spelled in a file. */
export function maskedSpelling(spelling: string, path: KeyPath): string {
  const key = renderKey(path);
  return new Masker().text(`${key} = ${spelling}`).slice(key.length + 3);
}

/** A text that strangers will read, with what looks like a key in the path of an address replaced, too. */
export function withoutKeyParts(text: string): string {
  return text.replace(/\b[a-z][\w+.-]*:\/\/[^\s"'`<>]+/gi, (address) =>
    address.replace(/(?<=[^/]\/)[^/?#]+/g, (part) => (isKeyPart(part) ? "‹secret›" : part)),
  );
}

/** Part of a path that is more likely a key than a name. */
export function isKeyPart(part: string): boolean {
  return /^(?=.*\d)(?=.*[A-Za-z])[\w~%.=-]{10,}$/.test(part);
}

type LooseRule = {
  /** What stands before the secret, and the secret. */
  readonly shape: RegExp;
  readonly words: readonly string[];
  /** Shown as a letter of its own, so that two texts can be compared. */
  readonly named: boolean;
};

const LOOSE: readonly LooseRule[] = [
  ...KEY_SHAPES.map(({ shape, words }) => ({ shape: new RegExp(`()(${shape.source})`, "g"), words, named: true })),
  { shape: /(\bbearer\s+)([^\s"'\u203a]{4,})/gi, words: ["earer", "EARER"], named: true },
  { shape: /(\bbasic\s+)((?=\S*[\d=])[A-Za-z0-9+/=]{8,})/gi, words: ["asic ", "ASIC "], named: true },
  {
    shape:
      /(--?[\w-]{0,40}(?:token|secret|api-?key|password)[\w-]{0,40}(?:[=\s]["']?|["']\s{0,9},\s{0,9}["']))([^\s"',\u2039]+)/gi,
    words: ["-"],
    named: false,
  },
  {
    // A variable in a command line. Settings of Codex are lower-case, and theirs are hidden by path.
    shape:
      /(\b[A-Z0-9_]{0,40}(?:TOKEN(?!S)|SECRET|PASSW|API_?KEY|CREDENTIAL)[A-Z0-9_]{0,40}=\\{0,9}["']?)([^\s"'\\,;&|\u2039]+)/g,
    words: ["TOKEN", "SECRET", "PASSW", "APIKEY", "API_KEY", "CREDENTIAL"],
    named: true,
  },
  {
    shape: /(["'\s](?:token|secret|password|passwd|api[-_]?key)=\\{0,9}["']?)([^\s"'\\,;&|\u2039]+)/g,
    words: ["token=", "secret=", "password=", "passwd=", "key="],
    named: true,
  },
  { shape: /(:\/\/)([^\s/@"']{1,999})(?=@)/g, words: ["@"], named: false },
  {
    shape: /([?&][^=&?\s"']{0,40}(?:token|key|secret|password|auth|sig)[^=&?\s"']{0,40}=)([^&\s"'\u2039]+)/gi,
    words: ["?", "&"],
    named: false,
  },
];

export const SECRET_NAME = /token|secret|passw|api[-_]?key|apikey|authorization|cookie|credential|private[-_]?key/i;
/** A flag after which a secret comes. */
const TELLING_FLAG = new RegExp(`^--?[\\w-]*(?:${SECRET_NAME.source}|bearer|auth$|\\bkey$)[\\w-]*$`, "i");
/** `name=value` or `Name: value`, alone or one of several. */
const TELLING_PAIR = new RegExp(`(?:${SECRET_NAME.source})[\\w-]*\\s*[=:]`, "i");
/** Tables whose every value may be a secret. */
const SECRET_TABLES = ["env", "http_headers", "headers", "query_params"];
/** Names that sound like a secret and hold the name of a variable, a place or a choice instead. */
const HARMLESS =
  /^(?:env_key|env_key_instructions|env_http_headers|.*_env_var|.*_credentials_store|credentials?_(?:store|file)|secret_file|.*(?:token|authorization|auth).*_(?:url|issuer|method|scope))$/;
/** Where tokens are counted, a number is no secret. */
const COUNTED = /tokens|token_(?:limit|budget|weight)/;

/** A text that can be taken apart safely: it parses, or would if it said nothing twice. */
function readable(text: string): Source | null {
  return documentOf(text)?.source ?? (fixDuplicates(text) && new Source(text));
}

/** What a comment says, without its sign. */
type Remark = Range & {
  /** The table that it stands in. */
  readonly table: KeyPath;
  /** Said of a secret. */
  readonly hidden: boolean;
  readonly before: "remark" | "blank line" | "setting" | "same line";
};

/** Everything that is said in a section, in its order. */
function* remarksOf(source: Source, section: Section): Generator<Remark> {
  const { lines, text } = source;
  if (!text.slice(lines.start(section.line), lines.start(section.end)).includes("#")) return;
  const table = section.key?.parts ?? [];
  const behind = (from: number, line: number, hidden: boolean): Remark[] => {
    const at = text.slice(from, lines.end(line)).indexOf("#");
    return at < 0 ? [] : [remark(text, from + at, { table, hidden, before: "same line" })];
  };
  if (section.key) yield* behind(section.key.end, section.line, false);
  let before: Remark["before"] = "setting";
  let next = 0;
  for (let line = section.line + 1; line < section.end; line++) {
    const kind = lines.kind(line);
    if (kind === "comment") yield remark(text, lines.content(line), { table, hidden: false, before });
    const entry = kind === "entry" ? section.entries[next++] : undefined;
    if (entry && text.slice(entry.key.end, lines.end(line)).includes("#")) {
      const { end, start } = entry.value;
      const path = [...table, ...entry.key.parts];
      const spelling = text.slice(start, end);
      if (spelling.includes("\n")) yield* inside(text, entry.value, path);
      yield* behind(end, line, isSecretPath(path, spelling));
    }
    before = kind === "comment" ? "remark" : kind === "blank" && before !== "setting" ? "blank line" : "setting";
  }
}

/** What is said between the parts of a value over several lines. */
function* inside(text: string, value: Value, path: KeyPath): Generator<Remark> {
  if (value.kind === "scalar") return;
  const parts = value.kind === "array" ? value.items : value.entries;
  const hidden = isSecretPath(path);
  let at = value.start;
  let before: Remark["before"] = "setting";
  for (const part of [...parts, { start: value.end, end: value.end }]) {
    for (let sign = text.indexOf("#", at); sign >= 0 && sign < part.start; sign = text.indexOf("#", at)) {
      const said = remark(text, sign, { table: path, hidden, before });
      yield said;
      at = said.end;
      before = "remark";
    }
    before = "setting";
    if ("value" in part) yield* inside(text, part.value, [...path, ...part.key.parts]);
    else if ("kind" in part) yield* inside(text, part, path);
    at = part.end;
  }
}

function remark(text: string, sign: number, about: Omit<Remark, "start" | "end">): Remark {
  const line = text.slice(sign, lineEnd(text, sign)).trimEnd();
  return { start: sign + line.search(/[^#\s]|$/), end: sign + line.length, ...about };
}

const NAME = /(?:[\w-]+|"[^"]*"|'[^']*')/.source;
const NAMES = new RegExp(NAME, "g");
const COMMENTED_KEY = new RegExp(`(${NAME}(?:\\s*\\.\\s*${NAME})*)\\s*=\\s*`, "g");
const COMMENTED_HEADER = new RegExp(`^\\[\\[?\\s*(${NAME}(?:\\s*\\.\\s*${NAME})*)\\s*\\]\\]?\\s*(?:#.*)?$`);

/** Where a secret begins in what is said in a table; null where there is none. */
function secretIn(words: string, table: KeyPath): number | null {
  if (!words.includes("=")) return null;
  for (const { 0: said, 1: key = "", index } of words.matchAll(COMMENTED_KEY)) {
    const from = index + said.length;
    if (isSecretPath([...table, ...namesOf(key)], words.slice(from).trim())) return from;
  }
  return null;
}

/** An argument as the program gets it. */
function wordOf(spelling: string): string {
  if (!/\\|^"""|^'''/.test(spelling)) return spelling.slice(1, -1);
  const word = parseValue(spelling);
  return typeof word === "string" ? word : spelling;
}

function namesOf(key: string): string[] {
  return [...key.matchAll(NAMES)].map(([name]) => name.replace(/^["']|["']$/g, ""));
}

function count(text: string, what: RegExp): number {
  return text.match(what)?.length ?? 0;
}

/** Whether the value at a path must never be shown; `spelling` is how it is written. */
export function isSecretPath(path: KeyPath, spelling = ""): boolean {
  const last = path.findLastIndex((part) => typeof part === "string");
  const name = String(path[last] ?? "");
  for (let i = 1; i < last; i++) {
    if (SECRET_TABLES.includes(String(path[i]))) return true;
    if (path[i] === "set" && path[i - 1] === "shell_environment_policy") return true;
  }
  if (last > 0 && SECRET_TABLES.includes(name) && (path[0] === "mcp_servers" || path[0] === "model_providers"))
    return true;
  return soundsSecret(name) && !path.includes("env_http_headers") && !isPlain(path, spelling);
}

function isSecretValue(path: KeyPath, below: boolean, spelling: string): boolean {
  return isSecretPath(path, spelling) || (below && !isPlain(path, spelling));
}

/** A choice, or a number of tokens: whatever its name sounds like, there is no secret in it. */
function isPlain(path: KeyPath, spelling: string): boolean {
  if (/^(?:true|false)$/.test(spelling)) return true;
  return COUNTED.test(String(path.findLast((part) => typeof part === "string"))) && /^[-+\d.,_\s[\]]+$/.test(spelling);
}

/** A secret as a file spells it, as it is, and as another program may quote it. */
function spellingsOf(spelling: string): string[] {
  const value = parseValue(spelling);
  const bare = spelling.replace(/^["']+|["']+$/g, "");
  return typeof value === "string" ? [bare, value, JSON.stringify(value).slice(1, -1)] : [bare];
}

/** The same few names come again and again. */
const sounds = new Map<string, boolean>();

function soundsSecret(name: string): boolean {
  let secret = sounds.get(name);
  if (secret === undefined) {
    secret = SECRET_NAME.test(name) && !HARMLESS.test(name);
    if (sounds.size < 1000) sounds.set(name, secret);
  }
  return secret;
}
