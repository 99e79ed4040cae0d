/** What changed about MCP servers between releases of Codex, as data like `facts`. */
import type { Since } from "./facts.ts";

/** A server can be turned off and keep its settings (`enabled = false`); before, the key was ignored. */
export const SERVER_SWITCH: Since<boolean> = [
  ["0.0.0", false],
  ["0.47.0", true],
];
