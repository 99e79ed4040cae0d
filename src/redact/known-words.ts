/**
 * Words of Codex's own config, which say nothing about anybody: what a setting may choose among, and the tables and keys
 * that stand at the root. A test holds the choices against the schema.
 */

/** Every choice that a setting knows, in any release. */
const CHOICES =
  "after_user_or_tool_output agent all allow alloy always always_on any_inference api approve arbor ash assertion_only aube auto auto_review ballad bel binary body_after_prefix breeze bubbie cached catalog cedar chatgpt client_secret_basic client_secret_post code_mode comfortable command composer concise connection connector conversational cookie coral core cove current cursor danger-full-access default deferred dense deny detailed direct disabled dual_header echo elevated ema_auth ember ephemeral exclude external file friendly full git guardian_subagent haetsal hanul header high himari in_memory include indexed json juniper keyring leher limited live local low maple marin mcp_tool medium miko minimal model model_driven mxc neer never none oauth off on on-failure on-request osc777 osc9 plugin porto pragmatic project prompt read read-only reasoning responses rindo rio rivage sage save-all screen-bottom search_mcp selva session shimmer sol sonna spruce standalone statsig status strict system tinta tool_calls tool_outputs total transcription trusted unelevated unfocused unsupported untrusted user v1 v2 v3 vale verse viola vscode vscode-insiders webrtc websocket windsurf workspace-write write writes xhigh";

/** Tables at the root, and below them names that people chose. */
const TABLES =
  "agents analytics apps audio auto_review browser_use cloud computer_use desktop features feedback ghost_snapshot goals history hooks marketplaces mcp_enterprise_managed_auth mcp_servers memories model_providers notice orchestrator otel permissions plugins profiles projects realtime responses_api_metadata sandbox_workspace_write shell_environment_policy skills tool_suggest tools tui windows";

/** Keys that are one word; those of several, with `_` between, show by themselves that they are keys. */
const KEYS = "args command cwd enabled env history model name notify personality profile required url";

export const KNOWN_CHOICES: ReadonlySet<string> = new Set(CHOICES.split(" "));
export const KNOWN_TABLES: ReadonlySet<string> = new Set(TABLES.split(" "));
export const KNOWN_KEYS: ReadonlySet<string> = new Set(KEYS.split(" "));

/** What the arguments and settings of nearly everybody have in common. */
const WORDS =
  "OpenAI npx npm node pnpm yarn bun bunx deno uv uvx pipx python python3 docker podman sh bash zsh cmd cmd.exe powershell pwsh curl mcp-remote mcp run exec dlx tool stdio http fast flex priority ultra -- -c -e -i -m -q -u -p -v -y -H --rm --yes --stdio --env --header --api-key --token --port --host --config --transport";

export const KNOWN_WORDS: ReadonlySet<string> = new Set(WORDS.split(" "));
