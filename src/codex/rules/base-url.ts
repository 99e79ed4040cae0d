/** The form of a provider's address: Codex appends `/responses` to it, and asks nobody about the rest. Pure. */
import type { Violation } from "../../findings/finding.ts";
import type { TomlTable } from "../../model/op.ts";
import { tablesIn } from "../../toml/value.ts";

export function baseUrlRules(config: TomlTable): Violation[] {
  return tablesIn(config, ["model_providers"]).flatMap(([id, { base_url }]): Violation[] => {
    if (typeof base_url !== "string") return [];
    const problem = !/^https?:\/\/[^/\s]/i.test(base_url) ? "scheme" : END.test(base_url) ? "path" : null;
    if (problem === null) return [];
    return [{ code: "base-url-form", args: { id, problem }, path: ["model_providers", id, "base_url"], stops: null }];
  });
}

/** Where requests end themselves, of the protocol that Codex speaks and of the one it does not any more. */
const END = /^[^?#]*\/(?:responses|chat\/completions|completions)\/*(?:[?#]|$)/i;
