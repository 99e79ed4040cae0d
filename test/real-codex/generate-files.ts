/** Configs as people have them, hand-written for this suite; most load, and their mutations often do not. */
export const realisticFiles: readonly string[] = [
  `# a small one
model = "gpt-5.5"
model_reasoning_effort = "high"
personality = "pragmatic"

[projects."/srv/ann/work"]
trust_level = "trusted"

[tui.model_availability_nux]
"gpt-5.5" = 4
`,
  `model = "gpt-5.4"
approval_policy = "on-request"
sandbox_mode = "workspace-write"
web_search = "cached"
notify = ["notify-send", "Codex"]

[sandbox_workspace_write]
network_access = true
writable_roots = ["/srv/ann/.cache"]

[features]
multi_agent = true
unified_exec = true
web_search_request = true

[history]
persistence = "save-all"
max_bytes = 1048576

[notice]
hide_full_access_warning = true

[notice.model_migrations]
"gpt-5.3-codex" = "gpt-5.4"
`,
  `model = "gpt-5.5"

[mcp_servers.docs]
command = "npx"
args = ["-y", "docs-mcp"]
startup_timeout_sec = 20
tool_timeout_sec = 60.0
env_vars = ["DOCS_TOKEN"]

[mcp_servers.docs.env]
LOG_LEVEL = "error"

[mcp_servers.tracker]
url = "https://mcp.example.com/mcp"
bearer_token_env_var = "TRACKER_TOKEN"
enabled_tools = ["search", "read"]

[mcp_servers.old]
command = "uvx"
args = ["old-mcp"]
enabled = false

[mcp_servers.browser]
command = "npx"
required = false

[mcp_servers.browser.tools.open]
approval_mode = "approve"
`,
  `model_provider = "gateway"
model = "some/model"
model_context_window = 200000
disable_response_storage = true

[model_providers.gateway]
name = "Gateway"
base_url = "https://gateway.example.com/v1"
env_key = "GATEWAY_KEY"
wire_api = "responses"
request_max_retries = 4
stream_max_retries = 10
stream_idle_timeout_ms = 300000

[model_providers.local]
name = "Local"
base_url = "http://localhost:8080/v1"
query_params = { api-version = "2025-04-01" }
http_headers = { X-Team = "core" }
`,
  `model = "gpt-5.4"
model_provider = "openai-http"
model_verbosity = "low"

[model_providers.openai-http]
name = "OpenAI"
wire_api = "responses"
requires_openai_auth = true
supports_websockets = false

[profiles.deep]
model_reasoning_effort = "xhigh"
approval_policy = "never"

[profiles.fast]
model = "gpt-5.4-mini"
model_reasoning_effort = "low"
`,
  `project_doc_fallback_filenames = ["CLAUDE.md"]
file_opener = "cursor"
cli_auth_credentials_store = "auto"

[shell_environment_policy]
inherit = "core"
exclude = ["*TOKEN*"]
set = { EDITOR = "vim" }

[otel]
environment = "dev"
exporter = "none"
log_user_prompt = false

[tui]
notifications = ["agent-turn-complete"]
notification_method = "bel"
theme = "dracula"
status_line = [
  "model-with-reasoning",
  "git-branch",
]

[analytics]
enabled = false
`,
  `approvals_reviewer = "user"

[agents]
max_threads = 6
max_depth = 1

[agents.reviewer]
description = "Reads the diff."
nickname_candidates = ["Rex", "Ada"]

[[skills.config]]
path = "/srv/ann/skills/x/SKILL.md"
enabled = true

[features]
codex_hooks = true
memories = true

[memories]
use_memories = true

[[hooks.SessionStart]]
matcher = "startup"

[[hooks.SessionStart.hooks]]
type = "command"
command = "git fetch"
timeout = 10

[[hooks.Stop]]

[[hooks.Stop.hooks]]
type = "command"
command = "notify-send done"
`,
  `service_tier = "fast"
tool_output_token_limit = 25000
suppress_unstable_features_warning = true

[plugins."github@openai-curated"]
enabled = true

[marketplaces.own]
last_updated = "2026-01-02T03:04:05Z"
source_type = "git"
source = "https://git.example.com/plugins.git"

[desktop]
followUpQueueMode = "queue"
preventSleepWhileRunning = true

[windows]
sandbox = "elevated"

[tui.keymap.editor]
insert_newline = ["ctrl-j", "shift-enter"]
`,
  `default_permissions = "build"
model_instructions_file = "config.toml"

[permissions.build]
extends = ":workspace"

[permissions.build.filesystem]
"/tmp" = "write"

[permissions.build.network]
enabled = true

[tools]
view_image = true

[apps._default]
enabled = true
`,
  `# settings below the wrong header
[tools]
web_search = true
sandbox_mode = "read-only"
model = "gpt-5.5"

[mcp_servers.x]
command = "x"
type = "stdio"
disabled = true

[mcp]
timeout = 3
`,
];
