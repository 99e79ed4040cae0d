/** Loads the measured shape of the config: about a thousand keys, so only for commands that judge values. */
import type { Shape, Struct } from "./schema.ts";

let loaded: Struct | undefined;

export async function loadShape(): Promise<Shape> {
  if (loaded) return loaded;
  const { default: data } = await import("./codex-schema.json", { with: { type: "json" } });
  loaded = data.root as Struct;
  return loaded;
}
