/** How Codex reaches a provider, as its tables say. Pure; starts nothing and asks nobody. */
import type { TomlTable } from "../model/op.ts";
import { isTable, valueAt } from "../toml/value.ts";
import { forVersion } from "./facts.ts";

export type Transport = "websocket" | "http";

/** Null for a provider that neither this release nor the config has. `config` is the merged one. */
export function transportOf(config: TomlTable, id: string, version: string): Transport | null {
  const table = valueAt(config, ["model_providers", id]);
  const builtIn = forVersion("builtInProviders", version).includes(id);
  if (!builtIn && !isTable(table)) return null;
  const asks = builtIn ? id === "openai" : isTable(table) && valueAt(table, ["supports_websockets"]) === true;
  return asks && forVersion("websocketFirst", version) ? "websocket" : "http";
}
