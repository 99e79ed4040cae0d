/**
 * Hides secrets in a text before anybody sees it: by key path on parsed values, by well-known shapes everywhere else.
 * Two texts masked together show whether a secret changed, never what it is or how long.
 */
import type { KeyPath } from "../op.ts";
import { type Document, parseDocument } from "../toml/document.ts";
import type { Entry, Value } from "../toml/scan.ts";
import type { Splice } from "../toml/source.ts";
import { applySplices, textOf } from "../toml/source.ts";

/** Gives each secret a letter of its own, the same in every text masked with it. */
export class Masker {
  readonly #letters = new Map<string, string>();

  /** The text with its secrets replaced. A text that does not parse is not shown at all. */
  text(text: string): string {
    let document: Document;
    try {
      document = parseDocument(text, "");
    } catch {
      return "(not valid TOML, hence not shown)\n";
    }
    return this.#loose(applySplices(text, this.#splices(document)));
  }

  /** Words of another program: every secret that a document holds is replaced, and everything that looks like one. */
  words(words: string, documents: readonly Document[]): string {
    let result = words;
    for (const document of documents) {
      for (const { start, end } of this.#splices(document)) {
        const secret = document.text.slice(start, end).replace(/^["']+|["']+$/g, "");
        if (secret.length > 3) result = result.replaceAll(secret, "‹secret›");
      }
    }
    return this.#loose(result);
  }

  #splices(document: Document): Splice[] {
    const { source } = document;
    const splices: Splice[] = [];
    const visit = (entry: Entry, above: KeyPath) => {
      const path = [...above, ...entry.key.parts];
      if (isSecretPath(path)) return this.#hide(entry.value, source.text, splices);
      if (entry.value.kind === "inline") for (const inner of entry.value.entries) visit(inner, path);
      else if (entry.value.kind === "array") this.#arguments(entry.value, source.text, splices);
    };
    for (const section of source.sections) for (const entry of section.entries) visit(entry, section.key?.parts ?? []);
    for (const [index, { kind, start, end }] of source.lines.entries()) {
      if (kind === "comment")
        splices.push({
          start,
          end,
          text: this.#comment(textOf(source, { first: index, last: index }), source.text.slice(start, end)),
        });
    }
    return splices;
  }

  /** `--token`, then its value: arguments hide what follows a telling flag. */
  #arguments(value: Extract<Value, { kind: "array" }>, text: string, splices: Splice[]): void {
    let telling = false;
    for (const item of value.items) {
      const word = text.slice(item.start + 1, item.end - 1);
      if (telling || (/[=:]/.test(word) && SECRET_NAME.test(word.split(/[=:]/, 1)[0] ?? "")))
        this.#hide(item, text, splices);
      telling = /^-/.test(word) && SECRET_NAME.test(word) && !word.includes("=");
    }
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

  /** A commented-out setting is hidden like a live one. */
  #comment(line: string, raw: string): string {
    const setting = /^\s*#+\s*([A-Za-z0-9_."'-]+)\s*=\s*(\S.*)$/m.exec(line);
    if (!setting?.[1] || !setting[2]) return raw;
    const name = setting[1].replace(/["']/g, "");
    return isSecretPath(name.split(".")) ? raw.replace(setting[2].trimEnd(), `"${this.#letter(setting[2])}"`) : raw;
  }

  #loose(text: string): string {
    return text
      .replace(/\b(?:sk|pk|ghp|gho|ghs|github_pat|xox[abprs]|glpat|AKIA|AIza)[-_A-Za-z0-9]{8,}/g, (secret) =>
        this.#letter(secret),
      )
      .replace(/\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,2}/g, (secret) => this.#letter(secret))
      .replace(/\b[Bb]earer\s+[^\s"'›]{4,}/g, (secret) => `Bearer ${this.#letter(secret)}`)
      .replace(/(--?[\w-]*(?:token|secret|api-?key|password)[\w-]*[=\s])[^\s"',‹]+/gi, (_, flag) => `${flag}‹secret›`)
      .replace(/(:\/\/)[^\s/@"']+@/g, (_, slashes) => `${slashes}‹secret›@`)
      .replace(
        /([?&][^=&\s"']*(?:token|key|secret|password|auth|sig)[^=&\s"']*=)[^&\s"'‹]+/gi,
        (_, name) => `${name}‹secret›`,
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

const SECRET_NAME = /token|secret|passw|api[-_]?key|apikey|authorization|cookie|credential|private[-_]?key/i;
/** Tables whose every value may be a secret. */
const SECRET_TABLES = ["env", "http_headers", "headers", "query_params"];
/** Names that sound like a secret and hold the name of a variable, a place or a choice instead. */
const HARMLESS =
  /^(?:env_key|env_key_instructions|env_http_headers|bearer_token_env_var|cli_auth_credentials_store|mcp_oauth_credentials_store|credential_file|model_auto_compact_token_limit|.*_tokens?_limit|.*max_.*tokens?.*|tool_output_token_limit)$/;

/** Whether the value at a path must never be shown. */
export function isSecretPath(path: KeyPath): boolean {
  const names = path.filter((part) => typeof part === "string");
  const name = names.at(-1) ?? "";
  if (names.some((part, i) => i > 0 && i < names.length - 1 && SECRET_TABLES.includes(part))) return true;
  if (
    names.length > 1 &&
    SECRET_TABLES.includes(name) &&
    (names[0] === "mcp_servers" || names[0] === "model_providers")
  )
    return true;
  if (names.includes("env_http_headers") || HARMLESS.test(name)) return false;
  return SECRET_NAME.test(name);
}
