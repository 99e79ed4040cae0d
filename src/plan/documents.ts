/**
 * The documents behind a change. A preview, its diff, its record and the preflight all look at the same two texts; each
 * is parsed once, and forgotten together with the change.
 */
import type { Change } from "../change.ts";
import { Document, documentOf } from "../toml/document.ts";

/** Both sides; a file that is not there is an empty one, and a text that does not parse is null. */
export type Documents = { readonly before: Document | null; readonly after: Document | null };

const known = new WeakMap<Change, Documents>();

/** Remembers what is known already of a change's texts. */
export function withDocuments(change: Change, { after, before }: Partial<Documents>): Change {
  const side = (text: string | null, document: Document | null | undefined) =>
    document?.text === (text ?? "") ? document : undefined;
  const parts = { before: side(change.before, before), after: side(change.after, after) };
  let parsed: Partial<Documents> = {};
  known.set(change, {
    get before() {
      parsed = { ...parsed, before: parts.before ?? parsed.before ?? read(change.before) };
      return parsed.before ?? null;
    },
    get after() {
      parsed = { ...parsed, after: parts.after ?? parsed.after ?? read(change.after) };
      return parsed.after ?? null;
    },
  });
  return change;
}

export function documentsOf(change: Change): Documents {
  return known.get(change) ?? (known.get(withDocuments(change, {})) as Documents);
}

function read(text: string | null): Document | null {
  return text === null ? new Document("", {}) : documentOf(text);
}
