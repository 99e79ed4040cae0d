/** Loads the measured shape of the config: about a thousand keys, so only for commands that judge values. */
import type { Shape } from "./shape.ts";

export async function loadShape(): Promise<Shape> {
  const { default: data } = await import("./config-shape.json", { with: { type: "json" } });
  return data.root as Shape;
}
