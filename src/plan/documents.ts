/**
 * The documents behind a change. A preview, its diff, its record and the preflight all look at the same two texts; each
 * is parsed once, and forgotten together with the change.
 */
import type { Change } from "../model/change.ts";
import { Document, documentOf } from "../toml/document.ts";

/** Both sides; a file that is not there is an empty one, and a text that does not parse is null. */
export type Documents = { readonly before: Document | null; readonly after: Document | null };

const known = new WeakMap<Change, Documents>();

/** Remembers what is known already of a change's texts. */
export function withDocuments(change: Change, { after, before }: Partial<Documents>): Change {
  const old = side(change.before, before);
  const now = side(change.after, after);
  known.set(change, {
    get before() {
      return old();
    },
    get after() {
      return now();
    },
  });
  return change;
}

export function documentsOf(change: Change): Documents {
  return known.get(change) ?? (known.get(withDocuments(change, {})) as Documents);
}

/** The document of a text, read once when it is first asked for, unless the given one is it. */
function side(text: string | null, given: Document | null | undefined): () => Document | null {
  let document: Document | null | undefined = given?.text === (text ?? "") ? given : undefined;
  return () => {
    if (document === undefined) document = text === null ? new Document("", {}) : documentOf(text);
    return document;
  };
}
