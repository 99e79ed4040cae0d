/** Loads the measured shape of the config: about a thousand keys, so only for commands that judge values. */
import type { Shape, Struct } from "./schema.ts";

let loaded: Struct | undefined;

export async function loadShape(): Promise<Shape> {
  if (loaded) return loaded;
  const { default: data } = await import("./codex-schema.json", { with: { type: "json" } });
  const root = data.root as Struct;
  for (const field of Object.values(root.fields)) parseLater(field.kind === "map" ? field.values : field);
  loaded = root;
  return root;
}

/** The build keeps the largest tables as text, because few configs speak of them and parsing takes the most time. */
function parseLater(shape: Shape): void {
  const text: unknown = shape.kind === "struct" ? shape.fields : undefined;
  if (typeof text !== "string") return;
  let fields: Struct["fields"] | undefined;
  const get = () => {
    fields ??= JSON.parse(text) as Struct["fields"];
    return fields;
  };
  Object.defineProperty(shape, "fields", { get, enumerable: true });
}
