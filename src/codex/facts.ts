/**
 * What changed between releases of Codex, as data: each row holds from its version on. Measured on the released
 * binaries from 0.44.0 to 0.169.0; where a release in between was not measured, the first one seen with the new
 * behaviour is named.
 */

/** The newest release that the facts were measured on. */
export const NEWEST = "0.169.0";

const MODIFIERS = [["ctrl", "control"], ["alt", "option"], ["shift"]] as const;

/** Rows in ascending order; the last one whose version is not newer than the one asked for counts. */
export type Since<T> = readonly (readonly [since: string, value: T])[];

/** Names that came one after the other: each row adds some to those before, with a blank between two. */
export type Growing = readonly (readonly [since: string, added: string])[];

/** Where a profile lives: in `[profiles.x]` of config.toml, or in `x.config.toml`. */
export const LAYOUT: Since<"table" | "file"> = [
  ["0.0.0", "table"],
  ["0.134.0", "file"],
];

/** Provider ids that exist without a table. */
export const BUILT_IN_PROVIDERS: Since<readonly string[]> = [
  ["0.0.0", ["openai", "oss"]],
  ["0.63.0", ["openai", "ollama", "lmstudio"]],
  ["0.87.0", ["openai", "ollama", "lmstudio", "ollama-chat"]],
  ["0.95.0", ["openai", "ollama", "lmstudio"]],
  ["0.123.0", ["openai", "ollama", "lmstudio", "amazon-bedrock"]],
  ["0.148.0", ["openai", "ollama", "lmstudio", "amazon-bedrock", "amazon-bedrock-runtime"]],
  ["0.165.0", ["openai", "ollama", "lmstudio", "amazon-bedrock", "amazon-bedrock-runtime", "gcp"]],
];

/** A table of a built-in id loads and does nothing. */
export const BUILT_IN_TABLE_IGNORED: Since<boolean> = [
  ["0.0.0", true],
  ["0.115.0", false],
];

/** Built-in ids whose table is a load error (before 0.115 it loaded and did nothing). */
export const RESERVED_PROVIDERS: Since<readonly string[]> = [
  ["0.0.0", []],
  ["0.115.0", ["openai", "ollama", "lmstudio"]],
];

/** Built-in ids whose table may change these fields only; a field that holds its default counts as not there. */
export const RESTRICTED_PROVIDERS: Since<{ readonly [id: string]: readonly string[] }> = [
  ["0.0.0", {}],
  ["0.123.0", { "amazon-bedrock": ["aws"] }],
  ["0.145.0", { "amazon-bedrock": ["aws", "base_url", "auth", "http_headers"] }],
  [
    "0.148.0",
    {
      "amazon-bedrock": ["aws", "base_url", "auth", "http_headers"],
      "amazon-bedrock-runtime": ["aws", "base_url", "auth", "http_headers"],
    },
  ],
  [
    "0.165.0",
    {
      "amazon-bedrock": ["aws", "base_url", "auth", "http_headers"],
      "amazon-bedrock-runtime": ["aws", "base_url", "auth", "http_headers"],
      gcp: ["base_url", "auth", "http_headers", "project_id", "location", "credential_file"],
    },
  ],
];

/** A table for the built-in `openai` loads while it only says what holds anyway, and may name a model catalogue. */
export const OPENAI_TABLE_MAY_BE_DEFAULT: Since<boolean> = [
  ["0.0.0", false],
  ["0.166.0", true],
];

/** Ids that select nothing any more, and what took their place. */
export const REMOVED_PROVIDERS: Since<{ readonly [id: string]: string }> = [
  ["0.0.0", {}],
  ["0.95.0", { "ollama-chat": "ollama" }],
];

/** What `wire_api` takes; any other keeps the whole config from loading. */
export const WIRE_APIS: Since<readonly string[]> = [
  ["0.0.0", ["responses", "chat"]],
  ["0.87.0", ["responses", "chat", "responses_websocket"]],
  ["0.89.0", ["responses", "chat"]],
  ["0.95.0", ["responses"]],
];

/** Provider tables are checked for contradictions between `auth` and other ways to a key. */
export const PROVIDER_AUTH_CHECKED: Since<boolean> = [
  ["0.0.0", false],
  ["0.118.0", true],
];

/** The fields of a provider's table, as far as they say something about a built-in one. */
export const PROVIDER_FIELDS: Growing = [
  [
    "0.0.0",
    "name base_url env_key env_key_instructions experimental_bearer_token wire_api query_params http_headers env_http_headers request_max_retries stream_max_retries stream_idle_timeout_ms requires_openai_auth",
  ],
  ["0.93.0", "supports_websockets"],
  ["0.116.0", "websocket_connect_timeout_ms"],
  ["0.118.0", "auth"],
  ["0.123.0", "aws"],
  ["0.148.0", "supports_standalone_web_search"],
  ["0.157.0", "model_catalog_url gateway_oauth"],
  ["0.162.0", "capabilities"],
  ["0.166.0", "project_id location credential_file"],
];

/** `gateway_oauth` is a setting, and checked. */
export const GATEWAY_CHECKED: Since<boolean> = [
  ["0.0.0", false],
  ["0.157.0", true],
];

/** Texts that must not be empty; dotted keys, `*` for any name. */
export const NEVER_EMPTY: Since<readonly string[]> = [
  ["0.0.0", []],
  [
    "0.140.0",
    [
      "model_reasoning_effort",
      "plan_mode_reasoning_effort",
      "agents.default_subagent_reasoning_effort",
      "profiles.*.model_reasoning_effort",
      "profiles.*.plan_mode_reasoning_effort",
    ],
  ],
];

/** `aws` belongs to Amazon's own providers. */
export const AWS_PROVIDERS: Since<readonly string[] | null> = [
  ["0.0.0", null],
  ["0.123.0", ["amazon-bedrock"]],
  ["0.148.0", ["amazon-bedrock", "amazon-bedrock-runtime"]],
];

/** A provider without a token of its own gets the stored login, whatever its headers (measured 0.98.0 to 0.148.0). */
export const LEAKS_LOGIN: Since<boolean> = [
  ["0.0.0", true],
  ["0.150.0", false],
];

/** Names of MCP servers that work at start-up; others load and fail then. */
export const SERVER_NAME: Since<RegExp> = [
  ["0.0.0", /^[a-zA-Z0-9_-]+$/],
  ["0.153.4", /^[a-zA-Z0-9_:@/.-]+$/],
];

/** `openai_base_url` moves the built-in provider to another address. */
export const OPENAI_BASE_URL: Since<boolean> = [
  ["0.0.0", false],
  ["0.115.0", true],
];

/** There is a `--strict-config`. */
export const HAS_STRICT_CONFIG: Since<boolean> = [
  ["0.0.0", false],
  ["0.131.0", true],
];

/** A server can be turned off and keep its settings (`enabled = false`); before, the key was ignored. */
export const SERVER_SWITCH: Since<boolean> = [
  ["0.0.0", false],
  ["0.47.0", true],
];

/** What a server's `oauth` and its `http_headers_helper` hold is looked at. */
export const SERVER_OAUTH_CHECKED: Since<boolean> = [
  ["0.0.0", false],
  ["0.155.0", true],
];

/** How a server's `oauth` is used is looked at as well. */
export const SERVER_OAUTH_METHODS: Since<boolean> = [
  ["0.0.0", false],
  ["0.164.0", true],
];

/** `[tui.presets.N]` has room for these. */
export const PRESET_SLOTS: Since<RegExp | null> = [
  ["0.0.0", null],
  ["0.164.0", /^\d$/],
];

/** The feature `rollout_budget` is nothing without its limit. */
export const BUDGET_NEEDS_LIMIT: Since<boolean> = [
  ["0.0.0", false],
  ["0.145.0", true],
];

/** Keys that a server started as a program must not have, and since when. */
export const HTTP_ONLY_SERVER_KEYS: Since<readonly string[]> = [
  ["0.0.0", ["url", "bearer_token_env_var", "http_headers", "env_http_headers"]],
  ["0.107.0", ["url", "bearer_token_env_var", "http_headers", "env_http_headers", "oauth_resource"]],
  ["0.131.0", ["url", "bearer_token_env_var", "http_headers", "env_http_headers", "oauth_resource", "oauth"]],
  ["0.145.0", ["url", "bearer_token_env_var", "http_headers", "env_http_headers", "oauth_resource", "oauth", "auth"]],
  [
    "0.148.0",
    [
      "url",
      "bearer_token_env_var",
      "http_headers",
      "env_http_headers",
      "oauth_resource",
      "oauth",
      "auth",
      "http_headers_helper",
    ],
  ],
];

/** Keys that a server reached by address must not have. */
export const STDIO_ONLY_SERVER_KEYS: readonly string[] = ["args", "env", "env_vars", "cwd"];

/** A server with an `environment_id` needs an absolute `cwd` (seen in 0.134 and 0.145, gone in 0.155). */
export const REMOTE_SERVER_NEEDS_CWD: Since<boolean> = [
  ["0.0.0", false],
  ["0.134.0", true],
  ["0.148.0", false],
];

/** `approval_policy = "untrusted"` is a known value that keeps the config from loading. */
export const UNTRUSTED_POLICY_REMOVED: Since<boolean> = [
  ["0.0.0", false],
  ["0.150.0", true],
];

/** Keys that keep the config from loading by being there. */
export const REMOVED_KEYS: Since<readonly string[]> = [
  ["0.0.0", []],
  ["0.134.0", ["experimental_thread_store_endpoint"]],
];

/** `[permissions]` and `default_permissions` must agree. */
export const PERMISSIONS_CHECKED: Since<boolean> = [
  ["0.0.0", false],
  ["0.113.0", true],
];

/** The permission profiles of Codex itself (measured with 0.134.0, 0.155.0 and 0.169.0). */
export const BUILT_IN_PERMISSIONS: readonly string[] = [":read-only", ":workspace", ":danger-full-access"];

/** Those of them that a profile of one's own may extend. */
export const EXTENDABLE_PERMISSIONS: readonly string[] = [":read-only", ":workspace"];

/** Places of a permission profile that have no places below them. */
export const FLAT_PERMISSION_PATHS: Since<readonly string[]> = [
  ["0.0.0", [":root", ":minimal", ":tmpdir"]],
  ["0.155.0", [":root", ":minimal", ":tmpdir", ":slash_tmp"]],
];

/** Numbers that must be 1 at least, beyond what their types say; dotted keys. */
export const AT_LEAST_ONE: Since<readonly string[]> = [
  ["0.0.0", []],
  [
    "0.134.0",
    [
      "agents.max_threads",
      "agents.max_depth",
      "agents.job_max_runtime_seconds",
      "features.multi_agent_v2.max_concurrent_threads_per_session",
    ],
  ],
  [
    "0.155.0",
    [
      "agents.max_threads",
      "agents.max_concurrent_threads_per_session",
      "features.multi_agent_v2.max_concurrent_threads_per_session",
    ],
  ],
];

/** Milliseconds that the feature `multi_agent_v2` waits: least, usual and most, each below the next one. */
export const V2_WAITS: Since<{ readonly [key: string]: bigint } | null> = [
  ["0.0.0", null],
  ["0.134.0", { min_wait_timeout_ms: 10_000n, default_wait_timeout_ms: 30_000n, max_wait_timeout_ms: 3_600_000n }],
];

/** `agents.max_threads` cannot stand beside the feature `multi_agent_v2` (seen in 0.134, gone in 0.155). */
export const THREADS_EXCLUDE_V2: Since<boolean> = [
  ["0.0.0", false],
  ["0.134.0", true],
  ["0.155.0", false],
];

/** `shell_environment_policy.filters` cannot stand beside what it replaced, in one file. */
export const FILTERS_REPLACED: Since<readonly string[]> = [
  ["0.0.0", []],
  ["0.155.0", ["exclude", "include_only"]],
];

/**
 * Tables that Codex also reads from an array, in the order of their settings: by the name of the struct, whether an
 * empty one will do, and the setting that the first element stands for. Measured with 0.169.0.
 */
export const STRUCTS_FROM_ARRAYS: {
  readonly [struct: string]: { readonly empty: boolean; readonly first?: string };
} = {
  AnalyticsConfigToml: { empty: false, first: "enabled" },
  AppConfig: { empty: true, first: "enabled" },
  AppLinkConfig: { empty: true },
  AppToolConfig: { empty: true, first: "enabled" },
  CloudToml: { empty: false, first: "skills" },
  ComputerUseMacosConfigToml: { empty: false, first: "bundle_ids" },
  FeatureToggleToml: { empty: false, first: "enabled" },
  FeedbackConfigToml: { empty: false, first: "enabled" },
  GoalsToml: { empty: false, first: "max_goal_token_budget" },
  History: { empty: true },
  HookStateToml: { empty: true, first: "enabled" },
  MatcherGroup: { empty: true, first: "matcher" },
  MarketplaceConfig: { empty: true, first: "last_updated" },
  McpServerOAuthConfig: { empty: true, first: "client_id" },
  McpServerToolConfig: { empty: true },
  ModelProviderAuthInfo: { empty: false, first: "command" },
  PluginConfig: { empty: true, first: "enabled" },
  PluginMcpServerConfig: { empty: true, first: "enabled" },
  ExperimentalRequestUserInput: { empty: true, first: "enabled" },
  UpdatePlanToolConfig: { empty: true, first: "enabled" },
  ProfileTui: { empty: true },
  SandboxWorkspaceWrite: { empty: true },
  SkillsConfig: { empty: true, first: "bundled" },
  BundledSkillsConfig: { empty: true, first: "enabled" },
  ToolResultLogConfig: { empty: true },
  ToolSuggestConfig: { empty: true },
  TuiEffects: { empty: true, first: "shimmer" },
  TuiKeymap: { empty: true, first: "global" },
};

/** What a hook may be, and the settings that it cannot be without. */
export const HOOK_TYPES: Since<{ readonly [type: string]: readonly string[] }> = [
  ["0.0.0", { command: ["command"], prompt: [], agent: [] }],
  ["0.155.0", { command: ["command"], prompt: [], agent: [], mcp_tool: ["server", "tool"] }],
];

/** Settings that become part of a tool's name; dotted keys. */
export const TOOL_NAMES: Since<readonly string[]> = [
  ["0.0.0", []],
  ["0.134.0", ["features.multi_agent_v2.tool_namespace"]],
];

/** One setting by two names, the newer one first, which only the strict view minds together. */
export const SAME_SETTINGS: readonly {
  readonly table: string;
  readonly names: readonly [string, string];
  readonly since: string;
}[] = [
  { table: "agents", names: ["max_concurrent_threads_per_session", "max_threads"], since: "0.155.0" },
  { table: "memories", names: ["disable_on_external_context", "no_memories_if_mcp_or_web_search"], since: "0.131.0" },
];

/** Settings between 0 and 1; dotted keys, `*` for any name. */
export const SHARES: Since<readonly string[]> = [
  ["0.0.0", []],
  ["0.169.0", ["features.guardianv2.review_threshold", "profiles.*.features.guardianv2.review_threshold"]],
];

/** What becomes of an unknown key: `--strict-config` minds it, nobody does, or the config does not load. */
export type Manner = "strict" | "blind" | "closed";

const KEYMAPS: { readonly [struct: string]: Manner } = Object.fromEntries(
  "Agents Approval Chat Composer Editor Global List Pager VimSearch VimTextObject"
    .split(" ")
    .map((name) => [`Tui${name}Keymap`, "closed"]),
);

/** Where older releases treated unknown keys in another way than the newest, by the name of the struct. */
export const OLDER_MANNERS: Since<{ readonly [struct: string]: Manner }> = [
  [
    "0.0.0",
    {
      ...KEYMAPS,
      TuiKeymap: "closed",
      ProfileTui: "closed",
      Tui: "blind",
      TuiEffects: "blind",
      TuiRendering: "blind",
      PluginConfig: "strict",
      PluginMcpServerConfig: "strict",
      McpServerToolConfig: "strict",
    },
  ],
  ["0.157.0", { ...KEYMAPS, TuiKeymap: "closed", ProfileTui: "closed" }],
  ["0.164.0", { McpEnterpriseManagedAuthConfig: "closed" }],
];

/** Older names of features: taken as before, and listed nowhere. */
export const FEATURE_ALIASES: Growing = [
  [
    "0.0.0",
    "codex_hooks collab connectors enable_experimental_windows_sandbox experimental_use_unified_exec_tool memory_tool request_permissions telepathy web_search",
  ],
  ["0.155.0", "imagegenext"],
];

/** What a key binding may be made of. */
export const KEY_BINDINGS: Since<{
  /** How many strokes, one after the other. */
  readonly strokes: number;
  readonly functionKeys: number;
  /** Each row is one modifier, by all its names. */
  readonly modifiers: readonly (readonly string[])[];
}> = [
  ["0.0.0", { strokes: 1, functionKeys: 12, modifiers: MODIFIERS }],
  ["0.155.0", { strokes: 2, functionKeys: 24, modifiers: MODIFIERS }],
  ["0.169.0", { strokes: 2, functionKeys: 24, modifiers: [...MODIFIERS, ["super", "cmd", "command"]] }],
];

/** The first release that insists on the file that a key names. */
export const FILE_KEY_CHECKED: Readonly<Record<string, string>> = {
  model_instructions_file: "0.92.0",
  model_catalog_json: "0.105.0",
  experimental_compact_prompt_file: "0.92.0",
};

/** Keys that name a file which must exist for the config to load. */
export const FILE_KEYS = Object.keys(FILE_KEY_CHECKED);

/** Where the built-in provider's model catalogue may come from. */
export const CATALOG_ADDRESS =
  /^https:\/\/(?:(?:[^/?#@]+\.)?(?:chatgpt|chatgpt-staging)\.com|chat\.openai\.com)(?=[:/?#]|$)/i;

/** Variables that count instead of a login, for every start or for `codex exec` alone (measured 0.117.0 to 0.169.0). */
export const LOGIN_BEATING_VARIABLES: Since<{ readonly [name: string]: "all" | "exec" }> = [
  ["0.0.0", { CODEX_API_KEY: "exec" }],
  ["0.129.0", { CODEX_API_KEY: "exec", CODEX_ACCESS_TOKEN: "all" }],
];

/** `codex doctor --json` answers. */
export const HAS_DOCTOR: Since<boolean> = [
  ["0.0.0", false],
  ["0.131.0", true],
];

/** The built-in provider tries a WebSocket first, whatever is configured. */
export const WEBSOCKET_FIRST: Since<boolean> = [
  ["0.0.0", false],
  ["0.116.0", true],
];

/** Questions that load a profile, leave no trace and talk to nobody. */
export const PROFILE_PROBE: Since<readonly string[]> = [
  ["0.0.0", ["features", "list"]],
  ["0.134.0", ["mcp", "get", "__probe__", "--json"]],
];

/** How such a question is answered by a Codex that loads the home and has no such server. */
export const PROFILE_PROBE_ANSWER = "No MCP server named '__probe__'";

/** `--profile x` in front of a subcommand counts; before, only behind it. */
export const PROFILE_BEFORE_SUBCOMMAND: Since<boolean> = [
  ["0.0.0", false],
  ["0.123.0", true],
];

/** The value that holds for a version. */
export function at<T>(facts: Since<T>, version: string): T {
  const row = facts.findLast(([since]) => compareVersions(since, version) <= 0) ?? facts[0];
  if (!row) throw new RangeError("a fact without rows");
  return row[1];
}

/** All names that there are in a version; none before the first row. */
export function namesAt(facts: Growing, version: string): readonly string[] {
  return facts.flatMap(([since, added]) => (compareVersions(since, version) <= 0 ? added.split(" ") : []));
}

/** Negative, zero or positive as `a` is older than, as old as or newer than `b`; pre-release tags do not count. */
export function compareVersions(a: string, b: string): number {
  const left = numbers(a);
  const right = numbers(b);
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `X.Y.Z` out of a text such as `codex-cli 0.169.0` or `0.170.0-alpha.2`; null when there is none. */
export function versionIn(text: string): string | null {
  return /\b(\d+\.\d+\.\d+)(?![\d.])/.exec(text)?.[1] ?? null;
}

/** A judgement compares the same few versions with every key. */
const parsed = new Map<string, readonly number[]>();

function numbers(version: string): readonly number[] {
  const known = parsed.get(version);
  if (known) return known;
  const found = version.split(/[.-]/, 3).map(Number);
  parsed.set(version, found);
  return found;
}
