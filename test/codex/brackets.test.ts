/** Each rule that a release brought or took away, judged on both sides of its bracket: the last without, the first with. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkConfig } from "../../src/index.ts";

type Change = { readonly without: string; readonly first: string };
const { facts } = JSON.parse(readFileSync(new URL("../../src/codex/facts.json", import.meta.url), "utf8"));

const provider = (body: string, id = "p") => `[model_providers.${id}]\n${body}\n`;
const server = (body: string) => `[mcp_servers.docs]\n${body}\n`;
const key = (binding: string) => `[tui.keymap.global]\nopen_transcript = "${binding}"\n`;

/** What each change of a fact makes of a config: the code of the finding, and a text that has it from then on. */
const BRINGS: readonly (readonly [fact: string, change: number, code: string, text: string])[] = [
  ["profileLayout", 0, "legacy-selector", 'profile = "x"\n[profiles.x]\nmodel = "m"\n'],
  ["reservedProviders", 0, "reserved-provider", provider('name = "P"\nbase_url = "https://a.example"', "ollama")],
  ["restrictedProviders", 0, "restricted-provider", provider('name = "P"', "amazon-bedrock")],
  ["restrictedProviders", 2, "restricted-provider", provider('name = "P"', "amazon-bedrock-runtime")],
  ["restrictedProviders", 3, "restricted-provider", provider('name = "P"', "gcp")],
  ["removedProviders", 0, "removed-provider", 'model_provider = "ollama-chat"\n'],
  ["wireApis", 1, "wire-api", provider('name = "P"\nwire_api = "responses_websocket"')],
  ["wireApis", 2, "wire-api", provider('name = "P"\nwire_api = "chat"')],
  ["providerAuthChecked", 0, "provider-auth-conflict", provider('name = "P"\nenv_key = "K"\nauth = { command = "c" }')],
  ["gatewayChecked", 0, "provider-gateway", provider('name = "P"\nbase_url = "https://a.example"\ngateway_oauth = {}')],
  ["awsProviders", 0, "provider-aws", provider('name = "P"\naws = { profile = "p" }')],
  ["httpOnlyServerKeys", 0, "mixed-transport", server('command = "c"\noauth_resource = "r"')],
  ["httpOnlyServerKeys", 1, "mixed-transport", server('command = "c"\noauth = { client_id = "i" }')],
  ["httpOnlyServerKeys", 2, "mixed-transport", server('command = "c"\nauth = "oauth"')],
  ["httpOnlyServerKeys", 3, "mixed-transport", server('command = "c"\nhttp_headers_helper = "h"')],
  ["remoteServerNeedsCwd", 0, "server-cwd", server('command = "c"\nenvironment_id = "remote"\ncwd = "tmp"')],
  ["serverNeverEmpty", 0, "empty-value", server('url = "u"\nhttp_headers_helper = ""')],
  ["serverNeverEmpty", 1, "empty-value", server('url = "u"\noauth = { client_id = "i", client_secret = "" }')],
  ["serverSecretNeedsId", 0, "server-oauth", server('url = "u"\noauth = { client_secret = "fake" }')],
  ["enterpriseOauthKeys", 0, "server-oauth", server('url = "u"\noauth = { authorization_server_issuer = "i" }')],
  [
    "enterpriseOauthKeys",
    1,
    "server-oauth",
    server('url = "u"\noauth = { token_endpoint_auth_method = "client_secret_post" }'),
  ],
  ["approvalUntrustedRemoved", 0, "removed-value", 'approval_policy = "untrusted"\n'],
  ["removedKeys", 0, "removed-key", 'experimental_thread_store_endpoint = "x"\n'],
  ["neverEmpty", 0, "empty-value", 'model_reasoning_effort = ""\n'],
  ["neverEmpty", 1, "empty-value", '[agents]\ndefault_subagent_reasoning_effort = ""\n'],
  ["atLeastOne", 1, "too-small", "[agents]\nmax_depth = 0\n"],
  ["multiAgentWaits", 0, "wait-order", "[features.multi_agent_v2]\nmin_wait_timeout_ms = 40000\n"],
  ["threadsExcludeMultiAgent", 0, "threads-conflict", "[agents]\nmax_threads = 2\n[features]\nmulti_agent_v2 = true\n"],
  ["toolNames", 0, "wrong-type", '[features.multi_agent_v2]\ntool_namespace = "a b"\n'],
  ["budgetNeedsLimit", 0, "missing-key", "[features]\nrollout_budget = true\n"],
  ["presetSlots", 0, "preset-slot", "[tui.presets.x]\n"],
  ["filtersReplace", 0, "filters-conflict", '[shell_environment_policy]\nexclude = ["a"]\nfilters = {}\n'],
  ["permissionsChecked", 0, "permissions-default", "[permissions.x]\n"],
  [
    "flatPermissionPaths",
    0,
    "permissions-path",
    'default_permissions = "p"\n[permissions.p.filesystem.":slash_tmp"]\na = "read"\n',
  ],
  [
    "sameSettings",
    0,
    "alias-conflict",
    "[memories]\ndisable_on_external_context = true\nno_memories_if_mcp_or_web_search = true\n",
  ],
  ["sameSettings", 1, "alias-conflict", "[agents]\nmax_threads = 2\nmax_concurrent_threads_per_session = 3\n"],
];

/** The same of findings that go. */
const ENDS: typeof BRINGS = [
  ["restrictedProviders", 1, "restricted-provider", provider('base_url = "https://a.example"', "amazon-bedrock")],
  ["openaiTableMayBeDefault", 0, "reserved-provider", provider("", "openai")],
  ["wireApis", 0, "wire-api", provider('name = "P"\nwire_api = "responses_websocket"')],
  ["remoteServerNeedsCwd", 1, "server-cwd", server('command = "c"\nenvironment_id = "remote"\ncwd = "tmp"')],
  ["atLeastOne", 3, "too-small", "[agents]\nmax_depth = 0\n"],
  ["threadsExcludeMultiAgent", 1, "threads-conflict", "[agents]\nmax_threads = 2\n[features]\nmulti_agent_v2 = true\n"],
  ["hookTypes", 0, "wrong-type", '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "mcp_tool"\nserver = "s"\ntool = "t"\n'],
  ["keyBindings", 0, "keybinding", key("f13")],
  ["keyBindings", 1, "keybinding", key("ctrl-x ctrl-y")],
  ["keyBindings", 2, "keybinding", key("super-a")],
];

async function codesOf(text: string, codexVersion: string): Promise<string[]> {
  return (await checkConfig(text, { codexVersion })).findings.map(({ code }) => code);
}

describe("a release brings", () => {
  test.each(BRINGS)("%s, change %i: %s", async (fact, change, code, text) => {
    const { first, without }: Change = facts[fact].changes[change];
    expect(await codesOf(text, without)).not.toContain(code);
    expect(await codesOf(text, first)).toContain(code);
  });
});

describe("a release ends", () => {
  test.each(ENDS)("%s, change %i: %s", async (fact, change, code, text) => {
    const { first, without }: Change = facts[fact].changes[change];
    expect(await codesOf(text, without)).toContain(code);
    expect(await codesOf(text, first)).not.toContain(code);
  });
});
