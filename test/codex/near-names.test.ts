/** What somebody meant by a key or a word: other styles, other programs' names, slips; never the opposite. */
import { describe, expect, test } from "vitest";
import { nearKeys, oneSlipAway } from "../../src/codex/near-names.ts";

const SERVER = ["args", "command", "cwd", "env", "http_headers", "startup_timeout_ms", "startup_timeout_sec", "url"];
const POLICY = ["exclude", "experimental_use_profile", "ignore_default_excludes", "include_only", "inherit"];

describe("a key", () => {
  test.each<[table: string[], name: string, known: string[], near: string[]]>([
    [[], "mcpServers", ["mcp_servers", "model"], ["mcp_servers"]],
    [[], "mcp-servers", ["mcp_servers"], ["mcp_servers"]],
    [[], "mcp", ["mcp_servers"], ["mcp_servers"]],
    [[], "base_url", ["openai_base_url"], []],
    [[], "provider", ["oss_provider", "model_provider"], ["model_provider"]],
    [[], "aproval_policy", ["approval_policy"], ["approval_policy"]],
    [[], "path", ["js_repl_node_path"], []],
    [["features"], "remote_connections", ["remote_control"], []],
    [["mcp_servers", "a"], "cmd", SERVER, ["command"]],
    [["mcp_servers", "a"], "headers", SERVER, ["http_headers"]],
    [["mcp_servers", "a"], "startup_timeout", SERVER, ["startup_timeout_sec"]],
    [["mcp_servers", "a"], "timeout", SERVER, []],
    [["mcp_servers", "a"], "token", ["bearer_token", ...SERVER], []],
    [["mcp_servers", "a"], "serverUrl", SERVER, ["url"]],
    [["shell_environment_policy"], "include", POLICY, ["include_only"]],
    [["tui"], "include", POLICY, []],
  ])("%j %s of %j is %j", (table, name, known, near) => {
    expect(nearKeys(table, name, known)).toEqual(near);
  });
});

describe("a word of a list", () => {
  const SANDBOX = ["read-only", "workspace-write", "danger-full-access"];
  test.each([
    ["workspace_write", SANDBOX, "workspace-write"],
    ["workspacewrite", SANDBOX, "workspace-write"],
    ["read-onyl", SANDBOX, "read-only"],
    ["ReadOnly", SANDBOX, "read-only"],
    ["full", SANDBOX, null],
    ["all", ["save-all", "none"], null],
    ["truste", ["trusted", "untrusted"], "trusted"],
    ["medum", ["low", "medium", "high"], "medium"],
    ["bat", ["cat", "hat"], null],
  ])("%s of %j is %j", (word, allowed, wanted) => {
    expect(oneSlipAway(word, allowed)).toBe(wanted);
  });
});
