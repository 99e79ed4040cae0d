/** The files of a home, each read and parsed at most once. Pure but for the reader that it is given. */

import { fileName } from "../codex/file-role.ts";
import type { Change } from "../model/change.ts";
import { CfgError } from "../model/error.ts";
import type { FileRole } from "../model/op.ts";
import { Document, parseDocument } from "../toml/document.ts";
import { type Eol, eolOf } from "../toml/source.ts";

export class Snapshot {
  readonly #read: (role: FileRole) => string | null;
  readonly #texts = new Map<FileRole, string | null>();
  readonly #documents = new Map<FileRole, Document>();

  readonly #eol: Eol;

  /** `eol` is the line end of a new file where config.toml does not decide it. */
  constructor(read: (role: FileRole) => string | null, eol: Eol = "\n") {
    this.#read = read;
    this.#eol = eol;
  }

  /** The text of a file, null when there is none. */
  text(role: FileRole): string | null {
    let text = this.#texts.get(role);
    if (text === undefined) {
      text = this.#read(role);
      this.#texts.set(role, text);
    }
    return text;
  }

  /** The document of a file; a missing file is an empty one. Throws `invalid-toml`. */
  document(role: FileRole): Document {
    let document = this.#documents.get(role);
    if (!document) {
      const text = this.text(role);
      document = text === null ? new Document("", {}, this.#eolOfNew()) : parseDocument(text, fileName(role));
      this.#documents.set(role, document);
    }
    return document;
  }

  /** The same, and null for a text that does not parse. */
  readable(role: FileRole): Document | null {
    // Reads outside of the `try`: a file that cannot be read still throws.
    this.text(role);
    try {
      return this.document(role);
    } catch {
      return null;
    }
  }

  /** The document of a file; null for one that cannot be read or parsed, whatever the reason. */
  parsed(role: FileRole): Document | null {
    try {
      return this.document(role);
    } catch (error) {
      if (error instanceof CfgError && ["invalid-toml", "unsafe-file", "io"].includes(error.code)) return null;
      throw error;
    }
  }

  #eolOfNew(): Eol {
    const config = this.text("config");
    return config?.includes("\n") ? eolOf(config) : this.#eol;
  }

  exists(role: FileRole): boolean {
    return this.text(role) !== null;
  }

  /** The same home with something else in some files; a document given is not parsed again. */
  with(contents: ReadonlyMap<FileRole, Document | string | null>): Snapshot {
    const other = new Snapshot((role) => {
      const content = contents.get(role);
      return content === undefined ? this.text(role) : textOf(content);
    }, this.#eol);
    for (const [role, document] of this.#documents) if (!contents.has(role)) other.#documents.set(role, document);
    for (const [role, content] of contents)
      if (typeof content === "object" && content !== null) other.#documents.set(role, content);
    return other;
  }

  /** The home as some changes found it. */
  before(changes: readonly Change[]): Snapshot {
    return this.with(new Map(changes.map(({ file, before }) => [file, before])));
  }

  /** The home as some changes leave it. */
  after(changes: readonly Change[]): Snapshot {
    return this.with(new Map(changes.map(({ file, after }) => [file, after])));
  }
}

/** The text of a file's content; null where there is no file. */
export function textOf(content: Document | string | null): string | null {
  return typeof content === "object" && content !== null ? content.text : content;
}
