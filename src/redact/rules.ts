/**
 * What is secret, as rows. A new rule is a row here, or one in known-tokens.ts, with its two cases in the test. Knows
 * names, flags and shapes; how a text is taken apart stands in the files beside.
 */
import { VARIABLE_NAME } from "../codex/environment.ts";
import type { Schema } from "./known-tokens.ts";

/** Where a name is met: before a setting, as a flag, before a value in a text, in the query of an address. */
export type Place = "key" | "flag" | "pair" | "query";

/** Names that tell of a secret; everywhere, unless places are given. */
export const NAMES: readonly { readonly kind: string; readonly name: RegExp; readonly places?: readonly Place[] }[] = [
  {
    kind: "name",
    name: /token|secret|passw|passphrase|api[-_]?key|authorization|cookie|credential|private[-_]?key/i,
  },
  {
    kind: "last word",
    name: /(?:^|[-_.])(?:keys?|pat|pats|pass|pwd|pw|pin|otp|totp|dsn|jwt|sas|auth|bearer|creds?|license|licence|conn(?:ection)?[-_]?str(?:ing)?|access[-_]?key[-_]?id|session[-_]?(?:id|key)|webhook(?:[-_]?ur[li])?)$/i,
  },
  {
    kind: "flag",
    name: /bearer|auth$|\bkey$|^-{0,2}(?:session|user-?pass|login|psk|sig|signature)$/i,
    places: ["flag"],
  },
  {
    kind: "query",
    name: /key|auth|sig|^(?:code|k|t|access|session|sid|pass|pwd|cred|hash|jwt|s)$/i,
    places: ["query"],
  },
  { kind: "name that is none", name: /^env_key$|_env_var$/, places: ["key"] },
];

/** A variable's name, in quotes or not. */
export const VARIABLE = new RegExp(`^["']?${VARIABLE_NAME.source.slice(1, -1)}["']?$`);

/** What sounds like a secret and is none: by the name, by the value, or by both. */
export const HARMLESS: readonly {
  readonly kind: string;
  readonly name?: RegExp;
  readonly value?: RegExp;
  readonly places?: readonly Place[];
}[] = [
  { kind: "variable's name", name: /^env_key$|(?:^|_)env_var$/, value: VARIABLE },
  { kind: "words about a key", name: /^env_key_instructions$/ },
  { kind: "plain word", name: /^key$/, value: /^["']?[a-z]{1,8}["']?$/, places: ["key", "pair"] },
  { kind: "kind of login", name: /^auth$/, value: /^["']?(?:oauth|chatgpt|ema_auth|none|basic|bearer|auto)["']?$/ },
  { kind: "place of a secret", name: /_credentials_store$|^credentials?_(?:store|file)$|^secret_file$/ },
  { kind: "service of a login", name: /(?:token|auth)\w{0,80}_(?:url|issuer|method|scope)$/ },
  { kind: "switch", value: /^(?:true|false)$/ },
  { kind: "count", name: /tokens|token[-_](?:limit|budget|weight)/i, value: /^[-+\d.,_\s[\]]+$/ },
];

/** Tables by the end of their path; `*` stands for a name that somebody chose. `settings`: its name sounds like a secret, and what it holds is judged by itself. */
export const TABLES: readonly {
  readonly kind: string;
  readonly path: readonly (string | RegExp)[];
  readonly holds: "secrets" | "settings";
}[] = [
  { kind: "variables", path: ["env"], holds: "secrets" },
  { kind: "variables of a shell", path: ["shell_environment_policy", "set"], holds: "secrets" },
  { kind: "headers", path: ["headers"], holds: "secrets" },
  { kind: "HTTP headers", path: ["http_headers"], holds: "secrets" },
  { kind: "query parameters", path: ["query_params"], holds: "secrets" },
  {
    kind: "variables, misspelt",
    path: [/^env(?:s|iron?ments?|_?vars?|_?variables?)?$|^variables$/i],
    holds: "secrets",
  },
  { kind: "headers, misspelt", path: [/^(?:http[-_]?|request[-_]?|extra[-_]?)?headers?$/i], holds: "secrets" },
  { kind: "parameters, misspelt", path: [/^(?:query|url)[-_]?param(?:eter)?s?$/i], holds: "secrets" },
  { kind: "budget", path: ["features", "token_budget"], holds: "settings" },
  { kind: "known credentials", path: ["network_proxy", "credentials"], holds: "settings" },
  { kind: "substitution", path: ["body_secret_substitution"], holds: "settings" },
  { kind: "AWS export", path: ["aws", "credential_export"], holds: "settings" },
  { kind: "login of a provider", path: ["*", "auth"], holds: "settings" },
  { kind: "gateway export", path: ["gateway_oauth", "credential_export"], holds: "settings" },
];

/** Tables in which a value is the name of a variable. */
export const VARIABLE_NAMES = ["env_http_headers", "env_vars"];

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

/** Flags by what of their value is shown. `pair`: up to `=` or a colon; `login`: up to the colon; `text`: ports and paths. */
export const FLAGS: readonly {
  readonly kind: string;
  readonly flag: RegExp;
  readonly hides: "pair" | "login" | "text";
  /** A whole value that is none of it. */
  readonly shown?: RegExp;
}[] = [
  { kind: "header", flag: /^(?:-H|--headers?)$/, hides: "pair", shown: /^[a-z.-]{1,20}$/ },
  { kind: "variable", flag: /^(?:-e|--env)$/, hides: "pair", shown: VARIABLE },
  { kind: "login", flag: /^(?:-[uU]|--(?:proxy-)?user(?:name)?)$/, hides: "login" },
  { kind: "password", flag: /^-p$/, hides: "text" },
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
  {
    kind: "telling word",
    shape:
      /(\b(?:pass(?:word|wd|phrase|code)?|pwd|token|secret|api[ _-]?key|key|credentials?|pin)\s{1,4}(?:[a-z:=]{1,12}\s{1,4}){0,2})(?=[^\s"',;]{0,80}\d)(?=[^\s"',;]{0,80}[A-Za-z])[^\s"',;]{8,}/gi,
    words: [
      "pass",
      "pwd",
      "token",
      "secret",
      "key",
      "credential",
      "pin",
      "Pass",
      "Token",
      "Secret",
      "Key",
      "PASS",
      "TOKEN",
      "KEY",
    ],
    names: false,
  },
  {
    // Digits and letters take turns in it as in no name. Behind a slash or an @ it belongs to a path or a version.
    kind: "random text",
    shape:
      /(?<![\w./@:#%+-])(?:(?=[A-Za-z_-]{0,40}\d{1,40}[A-Za-z_-]{1,40}\d{1,40}[A-Za-z_-])(?=[\da-z_-]{0,60}[A-Z])(?=[\dA-Z_-]{0,60}[a-z])[A-Za-z0-9_-]{24,}|(?=[\da-f]{0,31}[a-f])[\da-f]{32,}|(?=[\dA-F]{0,31}[A-F])[\dA-F]{32,})={0,2}(?![\w./@:-])/g,
    words: [],
    names: false,
  },
  { kind: "basic", shape: /(\bbasic\s+)(?=\S*[\d=])[A-Za-z0-9+/=]{8,}/gi, words: ["asic ", "ASIC "], names: true },
];
