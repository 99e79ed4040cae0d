/** What no fix may do, whatever is wrong: for settings of all kinds in tables that they do and do not belong to. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check } from "../../src/check/check.ts";
import { grants } from "../../src/check/near-miss.ts";
import { loadSchema } from "../../src/codex/load-schema.ts";
import type { Finding } from "../../src/findings/finding.ts";
import type { Op } from "../../src/model/op.ts";
import { documentOf, parseDocument } from "../../src/toml/document.ts";
import { PAIRS } from "./check-cases.ts";

const schema = await loadSchema();
const SCOPED = ["projects", "profiles", "agents", "mcp_servers", "model_providers"];

function judge(text: string, version = "0.169.0"): readonly Finding[] {
  const layers = [{ file: "config", document: parseDocument(text, "config.toml") } as const];
  const login = () => ({ mode: "none", apiKeyInEnvironment: false }) as const;
  return check(layers, { version, schema, login, profile: null, fileText: () => null }).findings;
}

function opsOf({ fix }: Finding): readonly Op[] {
  if (fix === undefined) return [];
  return fix.kind === "safe" ? fix.ops : fix.options.flatMap(({ ops }) => ops);
}

/** Holds every finding of a text against the laws. */
function obeys(text: string, version?: string): void {
  const findings = judge(text, version);
  for (const finding of findings) {
    for (const op of opsOf(finding)) {
      if (op.op !== "move" || op.to.path.length > 0) continue;
      expect(SCOPED, `${finding.code} lifts ${op.path.join(".")}: ${text}`).not.toContain(op.path[0]);
    }
    if (finding.fix?.kind !== "safe") continue;
    for (const op of finding.fix.ops) {
      const what = `${finding.code} ${op.op}: ${text}`;
      if (op.op === "set") expect(grants(op.path, op.value), what).toBe(false);
      // Codex keeps what it uses: of a text that it loads only lines go that do nothing.
      if (findings.every(({ stops }) => stops !== "load")) expect(op.op, what).toBe("unset");
      if (op.op === "unset" && finding.stops === "load" && finding.code !== "removed-value")
        expect(["sandbox_mode", "approval_policy", "default_permissions", "permissions"], what).not.toContain(
          op.path[0],
        );
    }
  }
}

const KEYS = [
  ...["sandbox_mode", "approval_policy", "default_permissions", "forced_login_method", "cli_auth_credentials_store"],
  ...["model", "model_provider", "review_model", "notify", "developer_instructions", "model_context_window"],
  ...["network_access", "writable_roots", "trust_level", "theme", "web_search", "hide_agent_reasoning", "enabled"],
  ...["command", "url", "args", "env", "env_vars", "startup_timeout_sec", "base_url", "openai_base_url", "wire_api"],
  ...["sandbox", "sandbox_mod", "aproval_policy", "modle", "headers", "timeout", "token", "include", "persistence"],
];
const TABLES = [
  ...[
    "",
    'projects."/srv/a"',
    "profiles.p",
    "agents.c",
    "mcp_servers.docs",
    "mcp_servers.docs.env",
    "model_providers.m",
  ],
  ...["tui", "features", "history", "sandbox_workspace_write", "shell_environment_policy", "permissions.x", "agents"],
];
const VALUES = [
  ...['"danger-full-access"', '"danger_full_access"', '"read-only"', '"workspace_write"', '"never"', '"NEVER"'],
  ...['"on_request"', '"untrusted"', '"trusted"', '"api"', '"chatgpt"', '"keyring"', '"live"', '"true"', '"yes"'],
  ...["true", "false", "1", "30", '"30"', '["a"]', '"a b"', '"https://relay.example/v1"', "{ a = 1 }"],
];

describe("no fix lifts a setting out of its scope, grants anything unasked, or changes what Codex uses", () => {
  test("for one or two settings anywhere", () => {
    const setting = fc.tuple(fc.constantFrom(...TABLES), fc.constantFrom(...KEYS), fc.constantFrom(...VALUES));
    fc.assert(
      fc.property(setting, setting, (one, other) => {
        const lines = [one, other].sort(([a], [b]) => a.length - b.length);
        const text = lines.map(([table, key, value]) => `${table === "" ? "" : `[${table}]\n`}${key} = ${value}\n`);
        const whole = one[0] === other[0] ? (text[0] ?? "") : text.join("");
        fc.pre(documentOf(whole) !== null);
        obeys(whole);
      }),
      { numRuns: 1500 },
    );
  });

  test.each(PAIRS)("$code: $trips", ({ trips, twin, version }) => {
    obeys(trips, version);
    obeys(twin, version);
  });
});
