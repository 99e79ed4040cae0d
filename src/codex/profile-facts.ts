/** What a legacy profile, `[profiles.x]` of config.toml, can hold and how it is laid over the root, as data like `facts`. */
import { type Growing, namesAt } from "./facts.ts";

/** The keys of a legacy profile that newer releases know too; any other is ignored there. Counted in the binaries. */
const PROFILE_KEYS: Growing = [
  [
    "0.0.0",
    "approval_policy chatgpt_base_url experimental_compact_prompt_file experimental_use_unified_exec_tool features model model_provider model_reasoning_effort model_reasoning_summary model_verbosity sandbox_mode",
  ],
  ["0.77.0", "oss_provider"],
  ["0.98.0", "analytics model_instructions_file personality web_search"],
  [
    "0.117.0",
    "approvals_reviewer js_repl_node_module_dirs js_repl_node_path model_catalog_json plan_mode_reasoning_effort service_tier tools windows zsh_path",
  ],
  ["0.130.0", "include_apps_instructions include_environment_context include_permissions_instructions tui"],
  ["0.133.0", "include_collaboration_mode_instructions"],
];

/** The last release that reads such tables. */
export const LAST_WITH_TABLES = "0.133.0";

/** Whether a legacy profile of this release takes a key. */
export function isLegacyProfileKey(key: string, version: string): boolean {
  return namesAt(PROFILE_KEYS, version).includes(key);
}

/**
 * One setting by two names, the one that loses in one table first. A legacy profile won over the root by either name;
 * in a file both stand in one merged table (measured from 0.130.0 to 0.169.0).
 */
export const LOSING_NAMES: readonly (readonly [loses: readonly string[], wins: readonly string[]])[] = [
  [["experimental_use_unified_exec_tool"], ["features", "unified_exec"]],
  [
    ["features", "experimental_use_unified_exec_tool"],
    ["features", "unified_exec"],
  ],
  [
    ["features", "codex_hooks"],
    ["features", "hooks"],
  ],
  [
    ["features", "collab"],
    ["features", "multi_agent"],
  ],
  [
    ["features", "apps"],
    ["features", "connectors"],
  ],
  [
    ["features", "enable_experimental_windows_sandbox"],
    ["features", "experimental_windows_sandbox"],
  ],
  [
    ["features", "memories"],
    ["features", "memory_tool"],
  ],
  [
    ["features", "exec_permission_approvals"],
    ["features", "request_permissions"],
  ],
  [
    ["features", "chronicle"],
    ["features", "telepathy"],
  ],
  [
    ["features", "web_search"],
    ["features", "web_search_request"],
  ],
];
