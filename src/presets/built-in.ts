/** The built-in presets: `http-sse`, whose rules are code, and some that are data like a user's own. */
import type { TomlTable } from "../model/op.ts";
import { valueAt } from "../toml/value.ts";

const DATA: Readonly<Record<string, TomlTable>> = {
  ci: {
    description: "for a job that must end: no endless retries, no look for updates",
    profile: {
      name: "ci",
      settings: { check_for_update_on_startup: false, features: { unbounded_connection_retries: false } },
    },
  },
  local: {
    description: "a model on this machine, through Codex's own ollama or lmstudio",
    parameters: {
      provider: { description: "ollama or lmstudio", default: "ollama" },
      model: { description: "a model that it has" },
    },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a preset's parameter.
    profile: { name: "local", settings: { model_provider: "${provider}", model: "${model}" } },
  },
  gateway: {
    description: "an OpenAI-compatible gateway with a key of its own",
    parameters: {
      url: { description: "where it answers" },
      key: { description: "the environment variable that holds its key", default: "GATEWAY_KEY" },
      model: { description: "a model that it knows" },
    },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: preset's parameters.
    provider: { id: "gateway", name: "Gateway", base_url: "${url}", env_key: "${key}", wire_api: "responses" },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a preset's parameter.
    profile: { name: "gateway", settings: { model_provider: "gateway", model: "${model}" } },
  },
};

/** Where a built-in preset says it is from. */
export const BUILT_IN = "built in";

/** Those that are data. */
export const BUILT_IN_DATA = Object.entries(DATA).map(([name, body]) => ({ name, origin: BUILT_IN, body }));

/** Every one by name, with a description each. */
export const BUILT_IN_PRESETS: Readonly<Record<string, string>> = {
  "http-sse": "lets Codex answer over HTTP at once instead of trying a WebSocket seven times first",
  ...Object.fromEntries(BUILT_IN_DATA.map(({ body, name }) => [name, String(valueAt(body, ["description"]))])),
};

/** The name behind `builtin:`, by which a built-in preset is meant whatever the user's own are called; null without. */
export function builtInName(word: string): string | null {
  return word.startsWith(PREFIX) ? word.slice(PREFIX.length) : null;
}

/** The word that leads to a built-in preset, where the user may have one of that name. */
export function builtInWord(name: string, own: readonly { readonly name: string }[]): string {
  return name !== "http-sse" && own.some((preset) => preset.name === name) ? `${PREFIX}${name}` : name;
}

const PREFIX = "builtin:";
