/** Which keys a table of Codex's config must have, because a table without them keeps the whole config from loading. */
import type { KeyPath } from "../model/op.ts";

const NEEDED: Readonly<Record<string, readonly string[]>> = {
  model_providers: ["name"],
  mcp_servers: ["command", "url"],
};

/** The keys of which a table at this path needs one; none where it may hold anything. */
export function neededKeys([group, , ...rest]: KeyPath): readonly string[] {
  return rest.length === 0 && typeof group === "string" && Object.hasOwn(NEEDED, group) ? (NEEDED[group] ?? []) : [];
}
