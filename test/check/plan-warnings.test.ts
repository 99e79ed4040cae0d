/** What a plan warns of: what the home after it has that the home before it had not, whatever part of it is looked at. */
import { describe, expect, test } from "vitest";
import { setSettings } from "../../src/actions/set-settings.ts";
import type { Subject } from "../../src/check/context.ts";
import { recheckPlan, startsAfter } from "../../src/check/plan-warnings.ts";
import { NEWEST } from "../../src/codex/facts.ts";
import { loadSchema } from "../../src/codex/load-schema.ts";
import { profileLayout } from "../../src/codex/profile-layout.ts";
import { CfgError } from "../../src/model/error.ts";
import type { FileRole, Op, TomlTable, TomlValue } from "../../src/model/op.ts";
import { applySteps, type Plan } from "../../src/plan/plan.ts";
import { Snapshot } from "../../src/plan/snapshot.ts";
import { type Document, documentOf } from "../../src/toml/document.ts";
import { leavesOf, valueAt } from "../../src/toml/value.ts";
import { MemoryDisk } from "../memory-disk.ts";
import { memoryHome } from "../memory-home.ts";
import { memoryHost } from "../memory-host.ts";
import { type Case, generate } from "../real-codex/generate.ts";
import { type Dice, dice } from "../real-codex/generate-dice.ts";
import { HOME as MEMORY_HOME } from "../store/world.ts";
import { PAIRS } from "./check-cases.ts";

const HOME = "/home/u/.codex";
const PROJECT = '[mcp_servers.a]\nenabled = false\n[model_providers.p]\nname = ""\n[features]\nmulti_agent = "x"\n';

/** A home in which a login, a variable and a trusted project count. */
function subject(version: string, texts: Partial<Record<FileRole, string>>, isBelowProject: boolean): Subject {
  const disk = new MemoryDisk();
  for (const folder of ["/home", "/home/u", HOME, "/.codex"]) disk.putFolder(folder);
  disk.put(`${HOME}/auth.json`, '{"auth_mode":"chatgpt","tokens":{}}');
  if (isBelowProject) disk.put("/.codex/config.toml", PROJECT);
  return {
    host: memoryHost({ disk, env: { OPENAI_API_KEY: "fake", SET: "1" } }),
    dir: HOME,
    codex: { version, layout: profileLayout(version), source: "flag", program: null },
    snapshot: new Snapshot((role) => texts[role] ?? null),
    profileFiles: [],
  };
}

const shape = await loadSchema();

describe.each(["0.169.0", "0.148.0", "0.134.0", "0.130.0"])("for Codex %s", (version) => {
  const roll = dice(7);
  const cases = [
    ...generate(shape, version, { keys: 60, unknown: 20, mutations: 40 }, 11),
    ...PAIRS.flatMap(({ trips, twin }) => [single(trips), single(twin)]),
    ...Array.from({ length: 20 }, () => single(TRUST)),
  ].filter(({ files }) => Object.values(files).every((text) => documentOf(text)));

  test("the check of what an edit can bear on says the same as the whole check", async () => {
    const told = { edits: 0, partly: 0, said: 0 };
    for (const one of cases) {
      const trusts = roll.below(2) === 0;
      const world = subject(version, textsOf(one, trusts), trusts || roll.below(2) === 0);
      const plan = planned(world.snapshot, edit(world.snapshot, roll.pick(cases), roll));
      if (!plan) continue;
      const whole = await startsAfter(world, plan, "whole");
      const touched = await startsAfter(world, plan, "touched");
      expect(said(touched), JSON.stringify(plan.changes)).toEqual(said(whole));
      told.edits += 1;
      told.said += said(whole).length;
      if (plan.changes.every(({ before }) => (before ?? "").length > 200)) told.partly += 1;
    }
    // An edit that brings in nothing, or bears on everything, would prove nothing.
    expect(told.edits).toBeGreaterThan(cases.length / 2);
    expect(told.said).toBeGreaterThan(50);
    expect(told.partly).toBeGreaterThan(10);
  });
});

describe("a rule that looks at several tables", () => {
  const limit = "[permissions.a.filesystem]\nglob_scan_max_depth = -1\n";

  test.each<[what: string, version: string, before: string, path: readonly string[], value: TomlValue, code: string[]]>(
    [
      ["a provider chosen", "0.169.0", "", ["model_provider"], "p", ["undefined-provider"]],
      ["a provider gone", "0.169.0", 'model_provider = "p"\n', ["model_providers"], {}, []],
      ["permissions", "0.169.0", "[permissions.a]\n", ["default_permissions"], "b", ["permissions-default"]],
      [
        "a limit of permissions",
        "0.169.0",
        `sandbox_mode = "read-only"\n${limit}`,
        ["default_permissions"],
        "a",
        ["beaten-setting"],
      ],
      ["agents", "0.134.0", "[agents]\nmax_threads = 3\n", ["features", "multi_agent_v2"], true, ["threads-conflict"]],
      [
        "trust",
        "0.169.0",
        'model = "m"\n',
        ["projects", "/"],
        { trust_level: "trusted" },
        ["project-stops", "project-ignores"],
      ],
      ["a login", "0.169.0", 'forced_login_method = "api"\n', ["cli_auth_credentials_store"], "file", []],
      [
        "a login that comes into sight",
        "0.169.0",
        'forced_login_method = "api"\ncli_auth_credentials_store = "keyring"\n',
        ["cli_auth_credentials_store"],
        "file",
        ["deletes-login"],
      ],
      [
        "an address that the login went to",
        "0.169.0",
        'openai_base_url = "https://g.example"\n[model_providers.p]\nname = "P"\nbase_url = "https://g.example"\nrequires_openai_auth = true\n',
        ["openai_base_url"],
        "https://other.example",
        ["login-to-other-host"],
      ],
    ],
  )("finds the same whichever of them changes: %s", async (_, version, before, path, value, wanted) => {
    const world = subject(version, { config: before }, true);
    const { snapshot } = world;
    const steps = put(snapshot.document("config"), "config", path, value);
    const plan = planned(snapshot, steps);
    if (!plan) throw new Error("no plan");
    const touched = said(await startsAfter(world, plan, "touched"));
    expect([...new Set(touched.map(({ code }) => code))]).toEqual(wanted);
    expect(touched).toEqual(said(await startsAfter(world, plan, "whole")));
  });
});

const said = (starts: Awaited<ReturnType<typeof startsAfter>>) =>
  starts.flatMap(({ findings, profile }) => findings.map((finding) => ({ profile, ...finding })));

const single = (text: string): Case => ({ name: text, files: { "config.toml": text }, profile: null });

const TRUST = '[projects."/"]\ntrust_level = "trusted"\n';

function textsOf({ files }: Case, trusts: boolean): Partial<Record<FileRole, string>> {
  const profile = files["x.config.toml"];
  const text = files["config.toml"] ?? "";
  const trusting = `${text}\n${TRUST}`;
  const config = trusts && documentOf(trusting) ? trusting : text;
  return { config, ...(profile === undefined ? {} : { "profile:x": profile }) };
}

function planned(before: Snapshot, steps: readonly (readonly Op[])[]): Plan | null {
  try {
    const outcome = applySteps(steps, before);
    return outcome.changes.length === 0 ? null : { purpose: { command: "test" }, steps, findings: [], ...outcome };
  } catch (error) {
    // What cannot be edited is no edit.
    if (error instanceof CfgError && error.code !== "internal") return null;
    throw error;
  }
}

/** Some root keys or single settings of another config, put into one file of the home; or some of its own taken out. */
function edit(home: Snapshot, donor: Case, roll: Dice): Op[][] {
  const file: FileRole = roll.below(3) === 0 ? "profile:x" : "config";
  const there = home.document(file);
  const data = documentOf(donor.files["config.toml"] ?? "")?.data ?? {};
  const own = Object.keys(there.data);
  switch (roll.below(4)) {
    case 0:
      return own.length === 0 ? [] : [[{ op: "unset", file, path: [roll.pick(own)] }]];
    case 1:
      return settings(data, roll).flatMap(([path, value]) => put(there, file, path, value));
    default:
      return roots(data, roll).flatMap((name) => put(there, file, [name], valueAt(data, [name])));
  }
}

function put(there: Document, file: FileRole, path: readonly string[], value: TomlValue | undefined): Op[][] {
  if (value === undefined) return [];
  const set: Op[] = [{ op: "set", file, path, value }];
  return there.get(path) === undefined ? [set] : [[{ op: "unset", file, path }], set];
}

function roots(data: TomlTable, roll: Dice): string[] {
  const names = Object.keys(data);
  return names.length === 0 ? [] : [...new Set([roll.pick(names), roll.pick(names)])];
}

function settings(data: TomlTable, roll: Dice): (readonly [readonly string[], TomlValue])[] {
  const leaves = leavesOf(data);
  return leaves.length === 0 ? [] : [roll.pick(leaves)];
}

describe("a plan", () => {
  const files = { "config.toml": 'modle = "m"\n\n[mcp_servers.docs]\ncommand = "docs"\n' };

  const home = (texts: Readonly<Record<string, string>>) => memoryHome(texts).open();
  const set = (path: readonly string[], value: TomlValue, file: FileRole = "config"): Op => ({
    op: "set",
    file,
    path,
    value,
  });
  const codes = ({ findings }: Plan) => findings.map(({ code }) => code);
  const planOf = (texts: Readonly<Record<string, string>>, ...ops: Op[]) => home(texts).plan({ command: "test" }, ops);

  test("warns of what it brings in, with its place in the file after it", async () => {
    const { findings } = await planOf(files, set(["features", "multi_agnt"], true));
    expect(findings).toMatchObject([{ code: "unknown-key", path: ["features", "multi_agnt"], at: { line: 7 } }]);
  });

  test("says where its release is assumed, and nothing of one that is known or that checks speak of", async () => {
    const saysOf = async (version: string | null) => {
      const opened = memoryHome(files, { version }).open();
      return (await opened.plan({ command: "test" }, [set(["model"], "m")])).findings;
    };
    expect(await saysOf(null)).toEqual([
      { code: "codex-assumed", severity: "warning", args: { version: NEWEST, mute: null } },
    ]);
    for (const version of ["999.0.0", NEWEST]) expect(await saysOf(version)).toEqual([]);
  });

  test("warns neither of what was wrong before nor of what it cures", async () => {
    expect(codes(await planOf(files, set(["model"], "m")))).toEqual([]);
    expect(codes(await planOf(files, { op: "unset", file: "config", path: ["modle"] }))).toEqual([]);
    expect(codes(await planOf(files))).toEqual([]);
  });

  test("does not take what is wrong in config.toml for new because a profile touches the same table", async () => {
    const server = { "config.toml": '[mcp_servers."a b"]\ncommand = "x"\n' };
    const ops = set(["mcp_servers", "a b", "enabled"], false, "profile:lean");
    expect(codes(await planOf(server, ops))).toEqual(["server-transport"]);
  });

  test("looks at the profiles that it touches, by file or by table, and at no other", async () => {
    const twice = { ...files, "a.config.toml": "bogus = 1\n", "b.config.toml": "" };
    const plan = await planOf(twice, set(["wrong"], true, "profile:b"));
    expect(plan.findings).toMatchObject([{ code: "unknown-key", file: "profile:b" }]);
    const legacy = home({ "x.config.toml": "" }).plan({ command: "test", mayBreak: "profiles" }, [
      set(["profiles", "x", "model"], "m"),
    ]);
    expect((await legacy).findings).toMatchObject([{ code: "legacy-table", args: { profile: "x" } }]);
  });

  test("warns of no profile whose file it takes away, a table of that name or not", async () => {
    const gone: Op = { op: "write", file: "profile:x", text: null };
    expect(codes(await planOf({ ...files, "x.config.toml": "bogus = 1\n" }, gone))).toEqual([]);
    const table = { "config.toml": "[profiles.x]\n", "x.config.toml": "" };
    expect(codes(await planOf(table, gone))).toEqual([]);
  });

  test("leaves alone a table whose name no profile may bear", async () => {
    expect(codes(await planOf(files, set(["profiles", "a b", "model"], "m")))).toEqual([]);
  });

  test("warns of a fault that config.toml has, too, where each file is checked by itself, and only there", async () => {
    const unknown = await planOf(files, set(["modle"], "m", "profile:x"));
    expect(unknown.findings).toMatchObject([{ code: "unknown-key", file: "profile:x" }]);
    const pitfall = { "config.toml": '[model_providers.OpenAI]\nname = "O"\nrequires_openai_auth = true\n' };
    expect(codes(await planOf(pitfall, set(["model_providers", "OpenAI", "name"], "P", "profile:x")))).toEqual([]);
  });

  describe("that keeps Codex from loading", () => {
    const broken = set(["hide_agent_reasoning"], "yes");
    const reserved = set(["model_providers", "openai"], { name: "mine" });
    const inProfile = set(["hide_agent_reasoning"], "yes", "profile:x");

    test.each([
      ["config.toml", broken, "invalid-config"],
      ["a reserved provider", reserved, "reserved-provider"],
      ["a profile that it touches", inProfile, "invalid-config"],
    ])("is refused: %s", async (_, op, code) => {
      await expect(planOf(files, op)).rejects.toMatchObject({ code, hints: ["nothing was written"] });
    });

    test("is made where its maker says so, and warns", async () => {
      const all = await home(files).plan({ command: "test", mayBreak: "any-start" }, [broken]);
      expect(all.findings).toMatchObject([{ code: "wrong-type", severity: "warning", stops: "load" }]);
      const profiles = await home(files).plan({ command: "test", mayBreak: "profiles" }, [inProfile]);
      expect(profiles.findings).toMatchObject([{ code: "wrong-type", file: "profile:x" }]);
      await expect(home(files).plan({ command: "test", mayBreak: "profiles" }, [broken])).rejects.toBeInstanceOf(
        CfgError,
      );
    });

    test("is refused with the hint of its maker", async () => {
      const plan = home(files).plan({ command: "test", refusalHint: "do this" }, [broken]);
      await expect(plan).rejects.toMatchObject({ hints: ["do this"] });
    });

    test("is none where Codex did not load for the same reason before", async () => {
      const old = { "config.toml": "hide_agent_reasoning = 1\n" };
      expect(codes(await planOf(old, broken))).toEqual([]);
      expect(codes(await planOf(old, set(["model"], "m")))).toEqual([]);
    });

    test("is one that makes worse what only the strict view refused", async () => {
      const split = {
        "config.toml": '[mcp_servers.a]\ncommand = "c"\n',
        "x.config.toml": "[mcp_servers.a]\nenabled = false\n",
      };
      const ops: Op[] = [
        { op: "unset", file: "config", path: ["mcp_servers", "a"] },
        { ...set(["model"], "m", "profile:x") },
      ];
      await expect(planOf(split, ...ops)).rejects.toMatchObject({ code: "invalid-config" });
    });
  });
});

describe("right before a commit", () => {
  const set = (path: readonly string[], value: TomlValue): Op => ({ op: "set", file: "config", path, value });

  test("a plan is refused for a fault that it does not warn of, and made where it does", async () => {
    const home = memoryHome({ "config.toml": 'model = "m"\n' }).open();
    const plan = await home.plan({ command: "test", mayBreak: "any-start" }, [set(["model"], 3n)]);
    await expect(recheckPlan(home, plan)).resolves.toBeUndefined();
    await expect(recheckPlan(home, { ...plan, findings: [] })).rejects.toMatchObject({ code: "invalid-config" });
  });

  test("a plan is refused for what has gone wrong since it was made", async () => {
    const { disk, open } = memoryHome({ "config.toml": 'model = "m"\n', "here.md": "x" });
    const home = open();
    const plan = await home.plan({ command: "test" }, [set(["model_instructions_file"], "here.md")]);
    await expect(recheckPlan(home, plan)).resolves.toBeUndefined();
    disk.take(`${MEMORY_HOME}/here.md`);
    await expect(recheckPlan(home, plan)).rejects.toMatchObject({
      code: "invalid-config",
      message: expect.stringContaining("the file that model_instructions_file names cannot be read"),
    });
  });
});

test("a setting of a legacy profile is looked at as the setting that it is", async () => {
  const home = memoryHome({ "config.toml": '[profiles.x]\nmodel = "m"\n' }, { version: "0.130.0" }).open();
  const wish = (value: string) => setSettings(home, { settings: [{ key: "model_provider", value }], profile: "x" });
  await expect(wish('"nobody"')).rejects.toMatchObject({ code: "invalid-config" });
  expect((await wish('"openai"')).findings).toEqual([]);
});
