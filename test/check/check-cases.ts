/** One text that trips each rule, and its twin that does not; for 0.169.0 unless another release is named. */
import type { FindingCode } from "../../src/findings/finding.ts";

export type Pair = {
  readonly code: FindingCode;
  readonly trips: string;
  readonly twin: string;
  /** Where it stands. */
  readonly line: number;
  readonly version?: string;
  /** Nobody but the user knows what belongs there. */
  readonly mendable?: false;
};

const provider = (body: string, id = "p") => `[model_providers.${id}]\n${body}`;
const server = (body: string) => `[mcp_servers.docs]\n${body}`;
const permissions = (body: string) => `default_permissions = "x"\n[permissions.x${body}`;
const gateway = (settings: string) =>
  provider(`name = "P"\nbase_url = "https://example.com/v1"\ngateway_oauth = { ${settings} }`);

export const PAIRS: readonly Pair[] = [
  { code: "wrong-type", trips: 'hide_agent_reasoning = "true"', twin: "hide_agent_reasoning = true", line: 1 },
  {
    code: "wrong-type",
    trips: 'model_context_window = "200000"',
    twin: "model_context_window = 200000",
    line: 1,
  },
  {
    code: "wrong-type",
    trips: 'project_doc_fallback_filenames = "A.md"',
    twin: 'project_doc_fallback_filenames = ["A.md"]',
    line: 1,
  },
  { code: "wrong-type", trips: '[features]\nbogus = "x"', twin: "[features]\nbogus = true", line: 2, mendable: false },
  { code: "unknown-key", trips: 'modle = "m"', twin: 'model = "m"', line: 1 },
  { code: "unknown-key", trips: "[features]\nmulti_agnt = true", twin: "[features]\nmulti_agent = true", line: 2 },
  {
    code: "unknown-key",
    trips: "[features]\nmulti_agnt = true",
    twin: "[features]\ncodex_hooks = true",
    line: 2,
  },
  { code: "misplaced-key", trips: '[tools]\nmodel = "m"', twin: 'model = "m"\n[tools]', line: 2 },
  {
    code: "missing-key",
    trips: provider('name = "P"\nauth = {}'),
    twin: provider('name = "P"'),
    line: 3,
    mendable: false,
  },
  { code: "integer-range", trips: "x = 9223372036854775808", twin: "x = 9223372036854775807", line: 1 },
  {
    code: "reserved-provider",
    trips: provider('name = "O"', "openai"),
    twin: provider('name = "O"', "OpenAI"),
    line: 1,
  },
  {
    code: "reserved-provider",
    version: "0.134.0",
    trips: provider("supports_websockets = false", "openai"),
    twin: provider('name = "O"', "oss"),
    line: 1,
  },
  {
    code: "restricted-provider",
    trips: provider('env_key = "K"', "amazon-bedrock"),
    twin: provider('aws = { region = "r" }', "amazon-bedrock"),
    line: 1,
  },
  { code: "provider-name", trips: provider('base_url = "b"'), twin: provider('name = "P"'), line: 1 },
  {
    code: "wire-api",
    trips: provider('name = "P"\nwire_api = "chat"'),
    twin: provider('name = "P"\nwire_api = "responses"'),
    line: 3,
  },
  {
    code: "provider-auth-conflict",
    trips: provider('name = "P"\nenv_key = "K"\nauth = { command = "c" }'),
    twin: provider('name = "P"\nauth = { command = "c" }'),
    line: 3,
  },
  {
    code: "provider-auth-command",
    trips: provider('name = "P"\nauth = { command = " " }'),
    twin: provider('name = "P"\nauth = { command = "c" }'),
    line: 3,
    mendable: false,
  },
  {
    code: "provider-aws",
    trips: provider('name = "P"\naws = {}'),
    twin: provider("aws = {}", "amazon-bedrock"),
    line: 3,
  },
  {
    code: "provider-file",
    trips: provider('credential_file = "f"', "gcp"),
    twin: provider('credential_file = "/f"', "gcp"),
    line: 2,
  },
  {
    code: "provider-gateway",
    trips: gateway('credential_export = ["c"], client_id = "i"'),
    twin: gateway('credential_export = ["c"]'),
    line: 4,
    mendable: false,
  },
  {
    code: "provider-gateway",
    trips: gateway('authorization_url = "http://a.example", token_url = "https://t.example", client_id = "i"'),
    twin: gateway('authorization_url = "https://a.example", token_url = "https://t.example", client_id = "i"'),
    line: 4,
    mendable: false,
  },
  {
    code: "provider-gateway",
    trips: gateway('credential_export = ["c"]').replace("https://", "http://127."),
    twin: gateway('credential_export = ["c"]').replace("https://example.com", "http://127.0.0.1"),
    line: 4,
    mendable: false,
  },
  {
    code: "provider-catalog-host",
    trips: provider('model_catalog_url = "https://example.com"', "openai"),
    twin: provider('model_catalog_url = "https://chatgpt.com/models"', "openai"),
    line: 2,
  },
  { code: "undefined-provider", trips: 'model_provider = "opnai"', twin: 'model_provider = "openai"', line: 1 },
  ...["", "gpt", "open", "acme"].map(
    (id): Pair => ({
      code: "undefined-provider",
      trips: `model_provider = "${id}"`,
      twin: 'model_provider = "openai"',
      line: 1,
      mendable: false,
    }),
  ),
  { code: "removed-provider", trips: 'model_provider = "ollama-chat"', twin: 'model_provider = "ollama"', line: 1 },
  { code: "legacy-selector", trips: 'profile = "x"', twin: '[profiles.x]\nmodel = "m"', line: 1 },
  {
    code: "undefined-profile",
    version: "0.130.0",
    trips: 'profile = "x"',
    twin: 'profile = "x"\n[profiles.x]',
    line: 1,
  },
  { code: "server-transport", trips: server("enabled = false"), twin: server('command = "c"'), line: 1 },
  {
    code: "mixed-transport",
    trips: server('command = "c"\nurl = "u"'),
    twin: server('url = "u"'),
    line: 1,
  },
  { code: "mixed-transport", trips: server('url = "u"\nargs = []'), twin: server('command = "c"\nargs = []'), line: 1 },
  {
    code: "server-bearer-token",
    trips: server('url = "u"\nbearer_token = "t"'),
    twin: server('url = "u"\nbearer_token_env_var = "T"'),
    line: 3,
  },
  {
    code: "server-timeout",
    trips: server('command = "c"\ntool_timeout_sec = -1'),
    twin: server('command = "c"\ntool_timeout_sec = 0.5'),
    line: 3,
  },
  {
    code: "server-cwd",
    version: "0.134.0",
    trips: server('command = "c"\nenvironment_id = "e"'),
    twin: server('command = "c"\nenvironment_id = "e"\ncwd = "/w"'),
    line: 1,
    mendable: false,
  },
  {
    code: "removed-value",
    trips: 'approval_policy = "untrusted"',
    twin: 'approval_policy = "on-request"',
    line: 1,
  },
  { code: "removed-key", trips: 'experimental_thread_store_endpoint = "x"', twin: 'model = "m"', line: 1 },
  {
    code: "permissions-default",
    trips: "[permissions.x]\n[permissions.y]",
    twin: 'sandbox_mode = "read-only"\n[permissions.x]',
    line: 1,
    mendable: false,
  },
  {
    code: "permissions-default",
    trips: "[permissions.only]",
    twin: 'default_permissions = "only"\n[permissions.only]',
    line: 1,
    mendable: false,
  },
  {
    code: "permissions-default",
    trips: permissions("2]").replace('"x"', '"y"'),
    twin: permissions("]"),
    line: 1,
    mendable: false,
  },
  {
    code: "permissions-default",
    trips: 'default_permissions = ":nope"',
    twin: 'default_permissions = ":workspace"',
    line: 1,
    mendable: false,
  },
  {
    code: "permissions-name",
    trips: 'sandbox_mode = "read-only"\n[permissions.":x"]',
    twin: 'sandbox_mode = "read-only"\n[permissions.x]',
    line: 2,
    mendable: false,
  },
  {
    code: "permissions-extends",
    trips: permissions(']\nextends = ":danger-full-access"'),
    twin: permissions(']\nextends = ":read-only"'),
    line: 3,
  },
  { code: "permissions-extends", trips: permissions(']\nextends = "x"'), twin: permissions("]"), line: 3 },
  {
    code: "permissions-path",
    trips: permissions('.filesystem]\n"/a/*" = "read"'),
    twin: permissions('.filesystem]\n"/a/*" = "deny"\n"/b/**" = "read"\n"~" = "write"'),
    line: 3,
  },
  {
    code: "permissions-path",
    trips: permissions('.filesystem.":workspace_roots"]\n"../a" = "read"'),
    twin: permissions('.filesystem.":workspace_roots"]\n"." = "read"\n"a/b" = "write"\n"**/*.env" = "deny"'),
    line: 3,
  },
  {
    code: "permissions-domain",
    trips: permissions('.network.domains]\n"*" = "deny"'),
    twin: permissions('.network.domains]\n"*.example.com" = "deny"'),
    line: 3,
  },
  {
    code: "too-small",
    trips: permissions(".filesystem]\nglob_scan_max_depth = 0"),
    twin: permissions(".filesystem]\nglob_scan_max_depth = 1"),
    line: 3,
  },
  {
    code: "wait-order",
    trips: "[features.multi_agent_v2]\nmin_wait_timeout_ms = 30001",
    twin: "[features.multi_agent_v2]\nmin_wait_timeout_ms = 30000",
    line: 2,
  },
  { code: "empty-value", trips: 'model_reasoning_effort = ""', twin: 'model_reasoning_effort = "ultra"', line: 1 },
  {
    code: "threads-conflict",
    version: "0.134.0",
    trips: "[agents]\nmax_threads = 3\n[features]\nmulti_agent_v2 = true",
    twin: "[agents]\nmax_threads = 3\n[features]\nmulti_agent_v2 = false",
    line: 2,
  },
  {
    code: "alias-conflict",
    trips: "[agents]\nmax_threads = 3\nmax_concurrent_threads_per_session = 3",
    twin: "[agents]\nmax_concurrent_threads_per_session = 3",
    line: 2,
  },
  {
    code: "server-oauth",
    trips: server('url = "u"\noauth = { client_secret = "s" }'),
    twin: server('url = "u"\noauth = { client_id = "i", client_secret = "s" }'),
    line: 3,
  },
  {
    code: "empty-value",
    trips: server('url = "u"\nhttp_headers_helper = ""'),
    twin: server('url = "u"\nhttp_headers_helper = "h"'),
    line: 3,
  },
  { code: "preset-slot", trips: '[tui.presets.10]\ninput = "x"', twin: '[tui.presets.9]\ninput = "x"', line: 1 },
  {
    code: "missing-key",
    trips: "[features]\nrollout_budget = true",
    twin: "[features]\nrollout_budget = { limit_tokens = 1 }",
    line: 2,
  },
  {
    code: "wrong-type",
    trips: server('command = "c"\nenv_vars = [{ name = "A", source = "moon" }]'),
    twin: server('command = "c"\nenv_vars = ["B", { name = "A", source = "local" }]'),
    line: 3,
    mendable: false,
  },
  {
    code: "wrong-type",
    trips: "[features.guardianv2]\nreview_threshold = 1.5",
    twin: "[features.guardianv2]\nreview_threshold = 0.5",
    line: 2,
  },
  {
    code: "alias-conflict",
    trips: "[ghost_snapshot]\nignore_large_untracked_dirs = 1\nlarge_untracked_dir_warning_threshold = 1",
    twin: "[ghost_snapshot]\nignore_large_untracked_dirs = 1",
    line: 3,
  },
  {
    code: "wrong-type",
    version: "0.134.0",
    trips: 'model_reasoning_effort = "max"',
    twin: 'model_reasoning_effort = "xhigh"',
    line: 1,
    mendable: false,
  },
  {
    code: "wrong-type",
    version: "0.134.0",
    trips: "[agents]\nenabled = true",
    twin: '[agents.enabled]\ndescription = "d"',
    line: 2,
    mendable: false,
  },
  {
    code: "missing-key",
    trips: '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"\ntimeout = 5',
    twin: '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"\ncommand = "c"',
    line: 2,
    mendable: false,
  },
  {
    code: "wrong-type",
    trips: '[features.multi_agent_v2]\ntool_namespace = "a b"',
    twin: '[features.multi_agent_v2]\ntool_namespace = "a_b"',
    line: 2,
  },
  {
    code: "filters-conflict",
    trips: '[shell_environment_policy]\nexclude = []\nfilters = { A = "exclude" }',
    twin: '[shell_environment_policy]\nset = {}\nfilters = { A = "exclude" }',
    line: 2,
  },
  {
    code: "keybinding",
    trips: '[tui.keymap.editor]\ninsert_newline = ["enter", "ctrl+j"]',
    twin: '[tui.keymap.editor]\ninsert_newline = ["ctrl-j", "Shift-Enter", "page-down", "f24", "ctrl-x s", "cmd-a"]',
    line: 2,
  },
  {
    code: "missing-file",
    trips: 'model_instructions_file = "nope.md"',
    twin: 'model_instructions_file = "here.md"',
    line: 1,
  },
  { code: "not-json", trips: 'model_catalog_json = "here.md"', twin: 'model_catalog_json = "here.json"', line: 1 },
  {
    code: "server-disabled-key",
    trips: server('command = "c"\ndisabled = true'),
    twin: server('command = "c"\nenabled = false'),
    line: 3,
  },
  {
    code: "server-name",
    trips: '[mcp_servers."a b"]\ncommand = "c"',
    twin: '[mcp_servers."a/b:c@d.e"]\ncommand = "c"',
    line: 1,
    mendable: false,
  },
  {
    code: "server-name",
    version: "0.134.0",
    trips: '[mcp_servers."a.b"]\ncommand = "c"',
    twin: '[mcp_servers.a-b]\ncommand = "c"',
    line: 1,
    mendable: false,
  },
  {
    code: "ineffective-key",
    trips: "[features]\nresponses_websockets = true",
    twin: "[features]\nmulti_agent = true",
    line: 2,
  },
];
