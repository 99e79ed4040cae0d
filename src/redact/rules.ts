/**
 * What is secret, as rows. A new rule is a row here, or one in known-tokens.ts, with its two cases in the test. Knows
 * names, flags and shapes; how a text is taken apart stands in the files beside.
 */
import type { Schema } from "./known-tokens.ts";

/** Where a name is met: before a setting, as a flag, before a value in a text, in the query of an address. */
export type Place = "key" | "flag" | "pair" | "query";

/** Names that tell of a secret; everywhere, unless places are given. */
export const NAMES: readonly { readonly kind: string; readonly name: RegExp; readonly places?: readonly Place[] }[] = [
  {
    kind: "name",
    name: /token|secret|passw|passphrase|api[-_]?key|authorization|cookie|credential|private[-_]?key/i,
  },
  { kind: "flag", name: /bearer|auth$|\bkey$/i, places: ["flag"] },
  { kind: "query", name: /key|auth|sig/i, places: ["query"] },
];

/** What sounds like a secret and is none: by the name, by the value, or by both. */
export const HARMLESS: readonly { readonly kind: string; readonly name?: RegExp; readonly value?: RegExp }[] = [
  { kind: "variable's name", name: /^env_key(?:_instructions)?$|(?:^|_)env_var$/ },
  { kind: "place of a secret", name: /_credentials_store$|^credentials?_(?:store|file)$|^secret_file$/ },
  { kind: "service of a login", name: /(?:token|auth)\w{0,80}_(?:url|issuer|method|scope)$/ },
  { kind: "switch", value: /^(?:true|false)$/ },
  { kind: "count", name: /tokens|token[-_](?:limit|budget|weight)/i, value: /^[-+\d.,_\s[\]]+$/ },
];

/** Tables by the end of their path. `settings`: its name sounds like a secret, and what it holds is judged by itself. */
export const TABLES: readonly {
  readonly kind: string;
  readonly path: readonly string[];
  readonly holds: "secrets" | "settings";
}[] = [
  { kind: "variables", path: ["env"], holds: "secrets" },
  { kind: "variables of a shell", path: ["shell_environment_policy", "set"], holds: "secrets" },
  { kind: "headers", path: ["headers"], holds: "secrets" },
  { kind: "HTTP headers", path: ["http_headers"], holds: "secrets" },
  { kind: "query parameters", path: ["query_params"], holds: "secrets" },
  { kind: "budget", path: ["features", "token_budget"], holds: "settings" },
  { kind: "known credentials", path: ["network_proxy", "credentials"], holds: "settings" },
  { kind: "substitution", path: ["body_secret_substitution"], holds: "settings" },
  { kind: "AWS export", path: ["aws", "credential_export"], holds: "settings" },
  { kind: "gateway export", path: ["gateway_oauth", "credential_export"], holds: "settings" },
];

/** Tables in which a value is the name of a variable. */
export const VARIABLE_NAMES = ["env_http_headers"];

/** Tables whose keys are names that people chose, by path; `*` stands for such a name. Names are never judged. */
export const NAMED: ReadonlySet<string> = new Set([
  "agents",
  "apps",
  "apps.*.links",
  "apps.*.tools",
  "browser_use.origins",
  "computer_use.macos.bundle_ids",
  "computer_use.windows.aumids",
  "features.guardianv2.sync_elastic_sections",
  "features.network_proxy.credentials",
  "features.network_proxy.domains",
  "features.network_proxy.unix_sockets",
  "hooks.state",
  "marketplaces",
  "mcp_servers",
  "mcp_servers.*.tools",
  "model_providers",
  "notice.external_config_migration_prompts.project_last_prompted_at",
  "notice.external_config_migration_prompts.projects",
  "otel.tracestate",
  "permissions",
  "permissions.*.filesystem",
  "permissions.*.filesystem.*",
  "permissions.*.network.domains",
  "permissions.*.network.mitm.actions",
  "permissions.*.network.mitm.hooks",
  "permissions.*.network.unix_sockets",
  "permissions.*.workspace_roots",
  "plugins",
  "plugins.*.apps",
  "plugins.*.apps.*.links",
  "plugins.*.apps.*.tools",
  "plugins.*.mcp_servers",
  "plugins.*.mcp_servers.*.tools",
  "profiles",
  "projects",
  "shell_environment_policy.filters",
  "tui.default_hosts",
  "tui.model_availability_nux",
  "tui.presets",
]);

/** Flags whose value has a part that is shown: `pair`: up to `=` or a colon; `login`: up to the colon. */
export const FLAGS: readonly { readonly kind: string; readonly flag: RegExp; readonly hides: "pair" | "login" }[] = [
  { kind: "header", flag: /^(?:-H|--headers?)$/, hides: "pair" },
  { kind: "variable", flag: /^(?:-e|--env)$/, hides: "pair" },
  { kind: "login", flag: /^(?:-u|--user|--proxy-user)$/, hides: "login" },
];

/** Arguments that need no flag before them: what is matched is shown, the rest is a secret. */
export const ARGUMENTS: readonly { readonly kind: string; readonly shown: RegExp }[] = [
  { kind: "variable with its value", shown: /^[A-Z_][A-Z0-9_]*=/ },
  { kind: "header with its value", shown: /^[A-Za-z]\w*(?:-\w+)+:\s/ },
];

/** What shows by itself in any text, beside the tokens of services. */
export const SHAPES: readonly Schema[] = [
  {
    kind: "bearer",
    // "the bearer token of mine" says nothing.
    shape: /(\b[Bb](?:earer|EARER)\s+)(?![a-z]{1,14}(?![\w+/=.-]))[^\s"'\\]{4,}/g,
    words: ["earer", "EARER"],
    names: true,
  },
  { kind: "basic", shape: /(\bbasic\s+)(?=\S*[\d=])[A-Za-z0-9+/=]{8,}/gi, words: ["asic ", "ASIC "], names: true },
];
