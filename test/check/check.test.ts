import { describe, expect, it } from "vitest";
import { type CheckResult, check } from "../../src/check/check.ts";
import { loadSchema } from "../../src/codex/load-schema.ts";
import type { Login } from "../../src/codex/login.ts";
import type { Finding } from "../../src/findings/finding.ts";
import { applySteps } from "../../src/plan/plan.ts";
import { Snapshot } from "../../src/plan/snapshot.ts";
import { parseDocument } from "../../src/toml/document.ts";
import { cpuTime } from "../cpu-time.ts";
import { PAIRS } from "./check-cases.ts";

const schema = await loadSchema();
const FILES: Readonly<Record<string, string>> = { "here.md": "# hello", "here.json": '{"models":[]}' };

type Settings = { readonly version?: string; readonly profile?: string; readonly login?: Login["mode"] };

/** Judges one text as config.toml, and a second one as the profile's file. */
function judge(text: string, { version = "0.169.0", ...settings }: Settings = {}, over?: string): CheckResult {
  const profile = settings.profile ?? (over === undefined ? null : "work");
  const layers = [
    { file: "config", document: parseDocument(text, "config.toml") } as const,
    ...(over === undefined
      ? []
      : [{ file: "profile:work", document: parseDocument(over, "work.config.toml") } as const]),
  ];
  const login = () => ({ mode: settings.login ?? "none", apiKeyInEnvironment: false }) as const;
  return check(layers, { version, schema, login, profile, fileText: (name) => FILES[name] ?? null });
}

function codes({ findings }: CheckResult): string[] {
  return findings.map(({ code }) => code);
}

/** The texts after a finding's fix: one for each way out. */
function mended(text: string, { fix }: Finding): string[] {
  const snapshot = new Snapshot((role) => (role === "config" ? text : null));
  const ways = fix === undefined ? [] : fix.kind === "safe" ? [fix.ops] : fix.options.map(({ ops }) => ops);
  return ways.map((ops) => {
    const { changes } = applySteps([ops], snapshot);
    return changes.find(({ file }) => file === "config")?.after ?? text;
  });
}

describe("each rule", () => {
  it.each(PAIRS)("$code: says it of the one and not of its twin ($trips)", ({ code, trips, twin, line, ...rest }) => {
    const settings = rest.version === undefined ? {} : { version: rest.version };
    const judgement = judge(trips, settings);
    const found = judgement.findings.find((finding) => finding.code === code);
    expect(found?.at?.line, codes(judgement).join(" ")).toBe(line);
    expect(codes(judge(twin, settings))).not.toContain(code);
    expect(found?.fix === undefined).toBe(rest.mendable === false);
  });

  it.each(PAIRS.filter(({ mendable }) => mendable !== false))(
    "$code: its fix makes it go away, and brings in no new error ($trips)",
    ({ code, trips, version }) => {
      const settings = version === undefined ? {} : { version };
      const before = judge(trips, settings);
      const found = before.findings.find((finding) => finding.code === code);
      if (!found) throw new Error("not found");
      const same = (finding: Finding) =>
        finding.code === code && JSON.stringify(finding.args) === JSON.stringify(found.args);
      const errors = (judgement: CheckResult) => judgement.findings.filter(({ stops }) => stops === "load").length;
      for (const text of mended(trips, found)) {
        const after = judge(text, settings);
        expect(after.findings.filter(same)).toEqual([]);
        expect(errors(after)).toBeLessThanOrEqual(Math.max(errors(before) - (found.stops === "load" ? 1 : 0), 0));
      }
    },
  );
});

describe("a setting of every start", () => {
  const setting = 'review_model = "m"';
  const fixOf = (text: string) => judge(text).findings.find(({ code }) => code === "misplaced-key")?.fix;

  it.each([
    'projects."/srv/a"',
    "profiles.work",
    "agents.commit",
    "mcp_servers.docs",
    "model_providers.p",
    "permissions.x",
    "apps.x",
    "plugins.x",
  ])("is never taken out of [%s], which holds for that one alone", (table) => {
    for (const text of [`[${table}]\n${setting}\n`, `${table} = { ${setting} }\n`]) {
      expect(codes(judge(text))).toContain("misplaced-key");
      expect(fixOf(text)).toBeUndefined();
    }
  });

  it("goes to the top out of a table that it only happens to stand below", () => {
    expect(fixOf(`[tui]\n${setting}\n`)).toMatchObject({
      kind: "choice",
      options: [{ ops: [{ op: "move", path: ["tui", "review_model"], to: { path: [] } }] }],
    });
  });

  it.each([
    '[tui]\nsandbox_mode = "danger-full-access"\n',
    '[tui]\napproval_policy = "never"\n',
    '[tui]\nforced_login_method = "chatgpt"\n',
    'sandbox_mod = "danger-full-access"\n',
    'approval_policy = "NEVER"\n',
    'forced_login_methd = "api"\n',
    '[projects."/srv/a"]\ntrust_level = "Trusted"\n',
  ])("that decides what Codex may do, or who is logged in, is put right by a person: %j", (text) => {
    const { findings } = judge(text);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.fix?.kind).not.toBe("safe");
  });
});

describe("a file with ten different problems", () => {
  const text = `model_provider = "opnai"
profile = "work"
approval_policy = "untrusted"
modle = "m"
hide_agent_reasoning = "yes"

[tools]
review_model = "m"

[model_providers.openai]
name = "mine"

[model_providers.gateway]
base_url = "https://example.com"
wire_api = "chat"

[mcp_servers.docs]
command = "docs"
url = "https://example.com/mcp"

[features]
responses_websockets = true
`;

  it("has all ten said at once, each at its line", () => {
    const { findings, loads, strict } = judge(text);
    expect(findings.map(({ code, at }) => `${at?.line} ${code}`)).toEqual([
      "1 undefined-provider",
      "2 legacy-selector",
      "3 removed-value",
      "4 unknown-key",
      "5 wrong-type",
      "8 misplaced-key",
      "10 reserved-provider",
      "13 provider-name",
      "15 wire-api",
      "17 mixed-transport",
      "22 ineffective-key",
    ]);
    expect({ loads, strict }).toEqual({ loads: false, strict: false });
  });

  it("loads strictly when every fix has been applied, one after the other", () => {
    let now = text;
    for (let i = 0; i < 20; i++) {
      const next = judge(now).findings.find(({ fix }) => fix !== undefined);
      if (!next) break;
      now = mended(now, next)[0] ?? now;
    }
    // What somebody meant by "yes" is not for a program to know.
    now = now.replace('"yes"', "true");
    expect(judge(now)).toEqual({ loads: true, strict: true, findings: [] });
  });
});

describe("two layers", () => {
  it("a profile masks an error of the base for a start, not for the strict view", () => {
    const { findings, loads, strict } = judge("model = 3", {}, 'model = "m"');
    expect({ loads, strict }).toEqual({ loads: true, strict: false });
    expect(findings).toMatchObject([{ code: "wrong-type", file: "config", stops: "strict", severity: "warning" }]);
  });

  it("a toggle alone in a profile is whole with the base, and not by itself", () => {
    const base = '[mcp_servers.a]\ncommand = "c"';
    expect(judge(base, {}, "[mcp_servers.a]\nenabled = false")).toMatchObject({
      loads: true,
      strict: false,
      findings: [{ code: "server-transport", file: "profile:work", stops: "strict" }],
    });
    expect(judge("", {}, "[mcp_servers.a]\nenabled = false").loads).toBe(false);
  });

  it("only config.toml's table of the profile stands in its way", () => {
    expect(codes(judge("[profiles.work]", {}, ""))).toEqual(["legacy-table"]);
    expect(judge("", {}, '[profiles.work]\nmodel = "m"')).toMatchObject({ loads: true, strict: true });
  });

  it("an integer beyond 64 bits is masked by nothing", () => {
    expect(judge("x = 9223372036854775808", {}, "x = 1").loads).toBe(false);
  });
});

describe("strange input", () => {
  it("takes __proto__ and constructor for names like any other", () => {
    const text = `__proto__ = 1
[constructor.prototype]
polluted = true
[mcp_servers.__proto__]
command = "c"
[model_providers.constructor]
name = "P"
env_key = "K"
[features]
__proto__ = true
toString = true
`;
    const { findings, loads } = judge(text);
    expect(loads).toBe(true);
    expect(findings.map(({ code, at }) => `${at?.line} ${code}`)).toEqual([
      "1 unknown-key",
      "2 unknown-key",
      "10 unknown-key",
      "11 unknown-key",
    ]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it("compares integers of 64 bits exactly", () => {
    const of = (number: string) => codes(judge(`model_context_window = ${number}`));
    expect(of("9223372036854775807")).toEqual([]);
    expect(of("9223372036854775808")).toContain("integer-range");
  });

  it.each(["1979-05-27T07:32:00Z", "1979-05-27", "07:32:00", "inf", "nan", "[[1, [2]], {}]"])(
    "says what a key takes instead of %s",
    (value) => {
      expect(codes(judge(`hide_agent_reasoning = ${value}`))).toEqual(["wrong-type"]);
    },
  );

  it("takes a date without quotes for a string, and an array for some tables, as Codex does", () => {
    const text = "model = 1979-05-27\nhistory = []\n[marketplaces.own]\nlast_updated = 2026-01-02T03:04:05Z\n";
    expect(judge(text)).toEqual({ loads: true, strict: true, findings: [] });
    expect(codes(judge("history = [1]\ntui = []\n"))).toEqual(["wrong-type", "wrong-type"]);
  });

  it("reads 10,000 unknown keys in less than two seconds", () => {
    const text = Array.from({ length: 10_000 }, (_, i) => `unknown_setting_${i} = ${i}`).join("\n");
    expect(cpuTime(() => expect(judge(text).findings).toHaveLength(10_000))).toBeLessThan(2000);
  });

  it("reads 10,000 tables in less than two seconds", () => {
    const text = Array.from({ length: 10_000 }, (_, i) => `[projects."/p/${i}"]\ntrust_level = "trusted"`).join("\n");
    expect(cpuTime(() => expect(judge(text).findings).toEqual([]))).toBeLessThan(2000);
  });

  it("reads 10,000 servers without a transport in less than two seconds", () => {
    const text = Array.from({ length: 10_000 }, (_, i) => `[mcp_servers.s${i}]\nenabled = false`).join("\n");
    expect(cpuTime(() => expect(judge(text).findings).toHaveLength(10_000))).toBeLessThan(2000);
  });

  it("reads five megabytes", () => {
    const text = `developer_instructions = """\n${"all work and no play\n".repeat(250_000)}"""\nmodle = "m"\n`;
    expect(text.length).toBeGreaterThan(5_000_000);
    expect(cpuTime(() => expect(codes(judge(text))).toEqual(["unknown-key"]))).toBeLessThan(5000);
  });
});
