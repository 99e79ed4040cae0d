/** What the library adds to the actions: a home on the real machine, checks, a config as plain data. */
import { describe, expect, test } from "vitest";
import * as library from "../src/index.ts";
import {
  check,
  checkConfig,
  openHome,
  type Plan,
  parseConfig,
  revert,
  setSettings,
  toggleServers,
} from "../src/index.ts";
import { story } from "./story.ts";

const homeOf = (files: Readonly<Record<string, string>>) =>
  openHome({ dir: story(files).home, codexVersion: "0.169.0" });

describe("the check of a home", () => {
  const broken = {
    "config.toml": 'model = "a"\n',
    "work.config.toml": "model = 3\n",
    "calm.config.toml": 'model = "b"\n',
  };

  test("names the profiles that fail although a plain start does not", async () => {
    const { failing, findings, loads } = await check(homeOf(broken));
    expect([loads, failing]).toEqual([true, ["work"]]);
    expect(findings).toMatchObject([{ code: "wrong-type", file: "profile:work", at: { line: 1 } }]);
  });

  test("of one start is about that one", async () => {
    expect(await check(homeOf(broken), { profile: "work" })).toMatchObject({ loads: false, failing: [] });
    expect(await check(homeOf(broken), { profile: "calm" })).toEqual({
      loads: true,
      strict: true,
      findings: [],
      failing: [],
    });
  });

  test("tells what is no TOML as a finding, and refuses what is no name of a profile", async () => {
    const { findings, loads } = await check(homeOf({ "config.toml": "model = \n" }));
    expect([loads, findings]).toMatchObject([false, [{ code: "not-toml", file: "config", at: { line: 1 } }]]);
    await expect(check(homeOf(broken), { profile: "../x" })).rejects.toMatchObject({ code: "usage" });
  });
});

describe("a text that is in no home", () => {
  test("is plain data: numbers where they hold an integer, bigint beyond, names like any other", () => {
    const { config, document } = parseConfig(
      "model_context_window = 9007199254740991\n[desktop]\nbig = 9007199254740993\n[mcp_servers.__proto__]\nargs = ['a']\n",
    );
    expect(config.model_context_window).toBe(9007199254740991);
    expect(config).toHaveProperty(["desktop", "big"], 9007199254740993n);
    expect(Object.keys(config.mcp_servers ?? {})).toEqual(["__proto__"]);
    expect(document.get(["model_context_window"])).toBe(9007199254740991n);
  });

  test("that is no TOML is an error with its place, by the name given", async () => {
    const wrong = { code: "invalid-toml", line: 2, column: 5 };
    expect(() => parseConfig("a = 1\nb = \n", "mine.toml")).toThrow(
      expect.objectContaining({ ...wrong, path: "mine.toml" }),
    );
    await expect(checkConfig("a = 1\nb = \n")).rejects.toMatchObject(wrong);
  });

  test("is checked for the release that is named", async () => {
    const text = "[profiles.x]\nmodel = 'a'\n[model_providers.openai]\nname = 'x'\n";
    const codes = async (codexVersion: string) =>
      (await checkConfig(text, { codexVersion })).findings
        .filter(({ stops }) => stops === "load")
        .map(({ code }) => code);
    expect(await codes("0.169.0")).toEqual(["reserved-provider"]);
    expect(await codes("0.114.0")).toEqual([]);
    await expect(checkConfig(text, { codexVersion: "newest" })).rejects.toMatchObject({ code: "usage" });
  });
});

describe("a plan that was altered before it is committed", () => {
  const CONFIG = 'model = "a"\n[mcp_servers.docs]\ncommand = "x"\n';
  const planned = async () => {
    const home = homeOf({ "config.toml": CONFIG });
    const plan = await toggleServers(home, { servers: ["docs"], enabled: false });
    return {
      home,
      plan,
      leaving: (after: string | null): Plan => ({ ...plan, changes: [{ ...change(plan), after }] }),
    };
  };
  const change = ({ changes: [first] }: Plan) => first ?? { file: "config" as const, before: null, after: null };
  const textOf = (home: library.Home) => openHome({ dir: home.dir }).snapshot.text("config");

  test("is refused where it leaves what nobody can read, and nothing is written", async () => {
    const { home, leaving } = await planned();
    for (const text of ["[[[\n", "a = 1\na = 2\n", "a = \r1\n"])
      expect(() => home.commit(leaving(text))).toThrow(expect.objectContaining({ code: "invalid-toml" }));
    expect([textOf(home), home.history.entries]).toEqual([CONFIG, []]);
  });

  test("is committed where it leaves TOML, and as it was planned when it was not altered", async () => {
    for (const text of ['model = "b"\n', null]) {
      const { home, leaving } = await planned();
      expect(home.commit(leaving(text))).not.toBeNull();
      expect(textOf(home)).toBe(text);
    }
    const { home, plan } = await planned();
    expect(home.commit(plan)?.command).toBe("mcp disable docs");
  });

  test("is refused where it is no plan any more, and nothing is written", async () => {
    const wrong: readonly object[] = [
      { purpose: { command: "x", reverts: "abc" } },
      { purpose: { command: "x", reverts: [5] } },
      { purpose: { command: "x", kept: [{}] } },
      { purpose: { command: "x", bisect: { servers: 5 } } },
      { purpose: { command: "x", bisect: { servers: ["a"], answers: [5], testing: [] } } },
      { purpose: { command: "x", bisect: { servers: ["a"], answers: [], testing: ["b"] } } },
      { findings: [null] },
      { changes: [{ file: "config", before: CONFIG, after: 'a = "\ud800"\n' }] },
    ];
    for (const more of wrong) {
      const { home, plan } = await planned();
      expect(() => home.commit({ ...plan, ...more } as Plan), JSON.stringify(more)).toThrow(
        expect.objectContaining({ code: "usage" }),
      );
      expect([textOf(home), home.history.entries]).toEqual([CONFIG, []]);
    }
  });

  test("may leave what does not parse where the file has been like that: a revert brings it back", async () => {
    const torn = "[tui]\n[tui]\n";
    const home = homeOf({ "config.toml": torn });
    const { plan } = await library.fix(home);
    home.commit(plan);
    const back = await revert(home);
    home.commit(back ?? plan);
    expect(textOf(home)).toBe(torn);
  });
});

describe("a call that no compiler has seen", () => {
  const home = () => homeOf({ "config.toml": 'model = "a"\n[mcp_servers.docs]\ncommand = "x"\n' });
  const wrong = [undefined, null, 5, 5n, "text", true, [], {}, () => 1, Symbol("s")];
  const face = library as unknown as Readonly<Record<string, (...args: unknown[]) => unknown>>;
  const op = { op: "set", file: "config", path: ["model"], value: "b" };
  const to = { file: "config", path: ["x"] };
  const ops: readonly (Readonly<Record<string, unknown>> & { readonly op: string })[] = [
    op,
    { ...op, op: "unset" },
    { ...op, op: "move", to },
    { ...op, op: "reinsert", image: 'model = "z"\n' },
    { op: "write", file: "config", text: "" },
  ];

  /** The kind of error; "none" where the call is a good one after all. */
  async function codeOf(call: () => unknown): Promise<string> {
    try {
      await call();
      return "none";
    } catch (error) {
      return error instanceof library.CfgError ? error.code : String(error);
    }
  }

  /** Members of the wishes whose kind counts; a function with none takes a home alone, or no home. */
  const members: Readonly<Record<string, readonly string[]>> = {
    addProvider: ["id", "baseUrl"],
    applyPreset: ["preset", "set"],
    bisect: ["answer"],
    check: ["profile"],
    diagnose: ["log"],
    explain: ["key"],
    fix: ["symptom"],
    isolateServers: ["except"],
    listServers: ["profile"],
    migrate: ["rename"],
    removeProvider: ["id"],
    revert: ["change"],
    setAuthStore: ["store"],
    setSettings: ["settings"],
    toggleServers: ["servers"],
  };

  test.each(Object.keys(library).filter((name) => name !== "CfgError"))(
    "%s answers wrong arguments with an error of the package",
    async (name) => {
      const one = home();
      const calls = wrong.flatMap((value) => [
        () => face[name]?.(value),
        ...(name in members || name === "preflight" ? [() => face[name]?.(one, value)] : []),
        ...(members[name] ?? []).map((member) => () => face[name]?.(one, { [member]: value })),
      ]);
      const codes: string[] = [];
      for (const call of calls) codes.push(await codeOf(call));
      expect(codes.filter((code) => !/^[a-z-]+$/.test(code) || code === "internal")).toEqual([]);
      expect(codes).toContain("usage");
    },
  );

  test.each(ops)("a home plans no op $op with a member of another kind", async (good) => {
    const bad = Object.keys(good).flatMap((member) => wrong.map((value) => ({ ...good, [member]: value })));
    const at = home();
    for (const one of [...bad, ...wrong]) {
      const code = await codeOf(() => at.plan({ command: "x" }, [one] as never));
      expect([one, code]).not.toEqual([one, expect.stringMatching(/Error|internal/)]);
    }
    expect(await codeOf(() => home().plan({ command: "x" }, [good] as never))).toBe("none");
  });

  test("a home commits and plans nothing that is no plan", async () => {
    const at = home();
    const plan = await setSettings(at, { settings: [{ key: "model", value: "b" }] });
    const broken = Object.keys(plan).flatMap((member) => wrong.map((value) => ({ ...plan, [member]: value })));
    const changes = wrong.map((value) => ({ ...plan, changes: [value] }));
    for (const one of [...wrong, ...broken, ...changes]) {
      const code = await codeOf(() => at.commit(one as never));
      expect([one, code]).not.toEqual([one, expect.stringMatching(/Error|internal/)]);
    }
    expect(await codeOf(() => at.commit(JSON.parse(JSON.stringify(plan))))).toBe("usage");
    for (const one of wrong) expect(await codeOf(() => at.plan(one as never))).toMatch(/^(usage|none)$/);
  });

  test("a wrong member is named, and its value is not", async () => {
    const call = toggleServers(home(), { enabled: false, servers: "FAKE-SECRET" } as never);
    await expect(call).rejects.toMatchObject({
      code: "usage",
      message: "toggleServers: servers takes a texts, not string",
    });
  });
});
