/**
 * Hides secrets in a text before anybody sees it: by key path on parsed values, by well-known shapes everywhere else.
 * Two texts masked together show whether a secret changed, never what it is or how long.
 */
import type { KeyPath, TomlValue } from "../op.ts";
import { type Document, documentOf } from "../toml/document.ts";
import { mendDuplicates } from "../toml/duplicates.ts";
import type { Section } from "../toml/outline.ts";
import type { Entry, Range, Value } from "../toml/scan.ts";
import { applySplices, Source, type Splice, textOf, whole } from "../toml/source.ts";
import { isTable, renderKey } from "../toml/value.ts";
import { KEY_SHAPES } from "./key-shapes.ts";

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
        const secret = document.text.slice(start, end).replace(/^["']+|["']+$/g, "");
        if (secret.length > 3) result = result.replaceAll(secret, "‹secret›");
      }
    }
    return this.#loose(result);
  }

  #splices(source: Source, { end, start }: Range = whole(source.text)): Splice[] {
    const splices: Splice[] = [];
    const visit = (entry: Entry, above: KeyPath) => {
      const path = [...above, ...entry.key.parts];
      if (isSecretPath(path)) return this.#hide(entry.value, source.text, splices);
      if (entry.value.kind === "inline") for (const inner of entry.value.entries) visit(inner, path);
      else if (entry.value.kind === "array") this.#arguments(entry.value, source.text, splices);
    };
    const { sections } = source;
    const shown: Section[] = [];
    for (let i = sections.ofOffset(start); i < sections.length && sections.startAt(i) < end; i++)
      shown.push(sections.at(i) as Section);
    for (const { entries, key } of shown) for (const entry of entries) visit(entry, key?.parts ?? []);
    for (const section of shown) this.#comments(source, section, splices);
    return splices;
  }

  /** `--token`, then its value: arguments hide what follows a telling flag. */
  #arguments(value: Extract<Value, { kind: "array" }>, text: string, splices: Splice[]): void {
    const words = value.items.map((item) => text.slice(item.start + 1, item.end - 1));
    for (const [i, item] of value.items.entries()) if (isSecretWord(words, i)) this.#hide(item, text, splices);
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

  /** Commented-out settings are hidden like live ones: below the header above them, commented out or not. */
  #comments(source: Source, section: Section, splices: Splice[]): void {
    const table = section.key?.parts ?? [];
    const { lines } = source;
    // A commented header counts until the comment lines end, an unclosed secret until its brackets do.
    let commented: readonly string[] | null = null;
    let open = 0;
    for (let index = section.line + 1; index < section.end; index++) {
      if (lines.kind(index) !== "comment") {
        commented = null;
        open = 0;
        continue;
      }
      const line = textOf(source, { first: index, last: index }).trimEnd();
      const [, header] = /^\s*#+\s*\[+([^[\]]+)\]+\s*$/.exec(line) ?? [];
      const [, name, value] = /^\s*#+\s*(?:([A-Za-z0-9_."'-]+)\s*=\s*)?(.*)$/.exec(line) ?? [];
      if (open <= 0 && header !== undefined) commented = namesOf(header);
      const secret = name !== undefined && isSecretPath([...(commented ?? table), ...namesOf(name)]);
      if (!value || (open <= 0 && !secret)) continue;
      open = Math.max(0, open) + count(value, /[[{]/g) - count(value, /[\]}]/g);
      const from = lines.start(index) + source.text.slice(lines.start(index), lines.end(index)).lastIndexOf(value);
      splices.push({ start: from, end: from + value.length, text: `"${this.#letter(value)}"` });
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
  if (/[=:]/.test(word) && SECRET_NAME.test(word.split(/[=:]/, 1)[0] ?? "")) return true;
  return /^-/.test(before) && SECRET_NAME.test(before) && !before.includes("=");
}

/** A value with every secret in it replaced; `path` says what it is. */
export function maskedValue(value: TomlValue, path: KeyPath): TomlValue {
  if (isTable(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskedValue(item, [...path, key])]));
  if (isSecretPath(path)) return "‹secret›";
  if (Array.isArray(value)) {
    const words = value.map((item: TomlValue) => (typeof item === "string" ? item : ""));
    return value.map((item, i) => (isSecretWord(words, i) ? "‹secret›" : maskedValue(item, path)));
  }
  return typeof value === "string" ? new Masker().words(value, []) : value;
}

/** The same of a value as it is spelled in a file. */
export function maskedSpelling(spelling: string, path: KeyPath): string {
  const key = renderKey(path);
  return new Masker().text(`${key} = ${spelling}`).slice(key.length + 3);
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
  { shape: /(\b[Bb]earer\s+)([^\s"'›]{4,})/g, words: ["earer"], named: true },
  {
    shape:
      /(--?[\w-]{0,40}(?:token|secret|api-?key|password)[\w-]{0,40}(?:[=\s]|["']\s{0,9},\s{0,9}["']))([^\s"',‹]+)/gi,
    words: ["-"],
    named: false,
  },
  { shape: /(:\/\/)([^\s/@"']{1,999})(?=@)/g, words: ["@"], named: false },
  {
    shape: /([?&][^=&?\s"']{0,40}(?:token|key|secret|password|auth|sig)[^=&?\s"']{0,40}=)([^&\s"'‹]+)/gi,
    words: ["?", "&"],
    named: false,
  },
];

const SECRET_NAME = /token|secret|passw|api[-_]?key|apikey|authorization|cookie|credential|private[-_]?key/i;
/** Tables whose every value may be a secret. */
const SECRET_TABLES = ["env", "http_headers", "headers", "query_params"];
/** Names that sound like a secret and hold the name of a variable, a place or a choice instead. */
const HARMLESS =
  /^(?:env_key|env_key_instructions|env_http_headers|bearer_token_env_var|cli_auth_credentials_store|mcp_oauth_credentials_store|credential_file|model_auto_compact_token_limit|.*_tokens?_limit|.*max_.*tokens?.*|tool_output_token_limit)$/;

/** A text that can be taken apart safely: it parses, or would if it said nothing twice. */
function readable(text: string): Source | null {
  return documentOf(text)?.source ?? (mendDuplicates(text) && new Source(text));
}

function namesOf(key: string): string[] {
  return key.split(".").map((name) => name.trim().replace(/^["']|["']$/g, ""));
}

function count(text: string, what: RegExp): number {
  return text.match(what)?.length ?? 0;
}

/** Whether the value at a path must never be shown. */
export function isSecretPath(path: KeyPath): boolean {
  const last = path.findLastIndex((part) => typeof part === "string");
  const name = String(path[last] ?? "");
  for (let i = 1; i < last; i++) if (SECRET_TABLES.includes(String(path[i]))) return true;
  if (last > 0 && SECRET_TABLES.includes(name) && (path[0] === "mcp_servers" || path[0] === "model_providers"))
    return true;
  return soundsSecret(name) && !path.includes("env_http_headers");
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
