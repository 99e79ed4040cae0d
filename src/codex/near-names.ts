/**
 * Which key or word of Codex somebody meant by one that it does not know: the same in another style, one that other
 * programs use for it, or a slip of the pen. Never the opposite, nor a name that merely holds the other. Pure.
 */
import type { KeyPath } from "../model/op.ts";
import { slipsBetween } from "../text/closest-match.ts";

/** The known keys of a table that a name may stand for, nearest first. */
export function nearKeys(table: KeyPath, name: string, known: readonly string[]): string[] {
  const meant = synonymOf(table, name);
  if (meant !== undefined) return meant !== null && known.includes(meant) ? [meant] : [];
  return nearWords(name, known);
}

/** The same for words of a closed list. */
export function nearWords(name: string, known: readonly string[]): string[] {
  const alike = known.filter((word) => plain(word) === plain(name));
  if (alike.length > 0) return alike;
  const most = name.length < 3 ? 0 : name.length < 6 ? 1 : name.length < 12 ? 2 : 3;
  return known
    .map((word) => ({ word, slips: slipsBetween(plain(name), plain(word), most) }))
    .filter(({ slips, word }) => slips <= most && !isOpposite(name, word))
    .sort((a, b) => a.slips - b.slips)
    .map(({ word }) => word)
    .slice(0, 3);
}

/** The one allowed word that is at most one slip away; null where there is none, or more than one. */
export function oneSlipAway(name: string, allowed: readonly string[]): string | null {
  const alike = allowed.filter((word) => plain(word) === plain(name));
  const near = alike.length > 0 ? alike : allowed.filter((word) => slipsBetween(plain(name), plain(word), 1) <= 1);
  const [only] = near;
  return near.length === 1 && only !== undefined && !isOpposite(name, only) ? only : null;
}

/** Without what only tells styles apart: camelCase, kebab-case, snake_case, capitals. */
function plain(word: string): string {
  return word.toLowerCase().replace(/[-_ ]/g, "");
}

/** Pairs of words that turn a meaning round. */
const OPPOSITES = [
  ["include", "exclude"],
  ["enable", "disable"],
  ["allow", "deny"],
  ["untrusted", "trusted"],
  ["min", "max"],
  ["show", "hide"],
] as const;

function isOpposite(a: string, b: string): boolean {
  const has = (word: string, part: string) => word.toLowerCase().includes(part);
  return OPPOSITES.some(([one, other]) => {
    const sideOf = (word: string) => (has(word, one) ? one : has(word, other) ? other : null);
    const [left, right] = [sideOf(a), sideOf(b)];
    return left !== null && right !== null && left !== right;
  });
}

/**
 * What other programs, older releases and people call a key, by table; null for a name that is near to keys which do
 * something else, as a number of milliseconds under the name of one of seconds.
 */
const SYNONYMS: Readonly<Record<string, Readonly<Record<string, string | null>>>> = {
  "": {
    ask_for_approval: "approval_policy",
    approval_mode: "approval_policy",
    approvals: "approval_policy",
    base_url: null,
    env: null,
    mcp: "mcp_servers",
    name: null,
    path: null,
    prompt: null,
    provider: "model_provider",
    providers: "model_providers",
    reasoning_effort: "model_reasoning_effort",
    reasoning_summary: "model_reasoning_summary",
    sandbox: "sandbox_mode",
    servers: "mcp_servers",
    verbosity: "model_verbosity",
  },
  "mcp_servers.*": {
    bearer: null,
    cmd: "command",
    endpoint: "url",
    environment: "env",
    headers: "http_headers",
    program: "command",
    server_url: "url",
    serverUrl: "url",
    startup_timeout: "startup_timeout_sec",
    timeout: null,
    token: null,
    tool_timeout: "tool_timeout_sec",
    type: null,
  },
  "model_providers.*": {
    api_base: "base_url",
    api_key: null,
    api_key_env: "env_key",
    api_key_env_var: "env_key",
    headers: "http_headers",
    key_env: "env_key",
    url: "base_url",
  },
  history: { persist: "persistence" },
  shell_environment_policy: { include: "include_only" },
};

function synonymOf(table: KeyPath, name: string): string | null | undefined {
  const [group, ...rest] = table;
  const place = rest.length === 1 && SYNONYMS[`${String(group)}.*`] ? `${String(group)}.*` : table.join(".");
  const words = Object.hasOwn(SYNONYMS, place) ? SYNONYMS[place] : undefined;
  return words && Object.hasOwn(words, name) ? words[name] : undefined;
}
