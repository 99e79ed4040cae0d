/** What a key of Codex's takes, in the words in which a text that does not parse asks for it. */
import type { Expected, Expects } from "../toml/slips/slip.ts";
import { knownSchemaAt, type Schema } from "./schema.ts";

/** Answers for one release; null for a key that it does not know. */
export function expectsOf(schema: Schema, version: string): Expects {
  return (path) => {
    const found = path.length === 0 ? null : knownSchemaAt(schema, path, version);
    return found && expectedOf(found);
  };
}

function expectedOf(schema: Schema): Expected | null {
  switch (schema.kind) {
    case "boolean":
    case "array":
      return { kinds: new Set([schema.kind]), words: null };
    case "integer":
    case "number":
      return { kinds: new Set(["number"]), words: null };
    case "string":
      return { kinds: new Set(["string"]), words: null };
    case "enum":
      return { kinds: new Set(["string"]), words: [...schema.values, ...(schema.aliases ?? [])] };
    case "map":
    case "struct":
      return { kinds: new Set(["table"]), words: null };
    case "any":
      return null;
    case "oneOf": {
      const options = schema.options.map(expectedOf);
      const words = options.map((option) => option?.words ?? null);
      const texts = options.filter((option) => option?.kinds.has("string"));
      return {
        kinds: new Set(options.flatMap((option) => [...(option?.kinds ?? [])])),
        words: texts.every((option) => option?.words) ? words.flatMap((some) => some ?? []) : null,
      };
    }
  }
}
