/** Small homes in, the files after a migration out; and what it says or refuses. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planMoves } from "../../../src/actions/migrate/to-files.ts";
import { loadSchema } from "../../../src/codex/load-schema.ts";
import { profileLayout } from "../../../src/codex/profile-layout.ts";
import type { Codex } from "../../../src/codex/release.ts";
import type { FileRole, TomlTable } from "../../../src/model/op.ts";
import { applySteps } from "../../../src/plan/plan.ts";
import { Snapshot } from "../../../src/plan/snapshot.ts";
import { parseDocument } from "../../../src/toml/document.ts";
import { isTable } from "../../../src/toml/value.ts";

const schema = await loadSchema();

type Texts = Readonly<Record<string, string | null>>;
type Settings = {
  readonly version?: string;
  readonly rename?: Readonly<Record<string, string>>;
  readonly asDefault?: boolean;
};

/** Files by name, `config` or a profile's. */
function moved(files: Texts, { version = "0.169.0", rename = {}, asDefault = false }: Settings = {}) {
  const nameOf = (role: FileRole) => role.replace(/^profile:/, "");
  const snapshot = new Snapshot((role) => files[nameOf(role)] ?? null);
  const codex: Codex = { version, layout: profileLayout(version), source: "flag", program: null };
  const names = Object.keys(files).filter((name) => name !== "config");
  const options = { rename: new Map(Object.entries(rename)), asDefault };
  const { findings, ops, steps } = planMoves(options, { codex, schema, snapshot, files: names });
  const { changes } = applySteps([ops], snapshot);
  return {
    after: { ...files, ...Object.fromEntries(changes.map(({ file, after }) => [nameOf(file), after])) },
    changed: changes.length,
    said: findings.map(({ code, args }) => [code, ...Object.values(args)].join(" ")),
    codes: findings.map(({ code }) => code),
    steps: steps.map(({ profile, from, to }) => `${profile}: ${from} > ${to}`),
  };
}

/** Rows of any length, each behind its name. */
const named = <R extends readonly [string, ...unknown[]]>(rows: readonly R[]) =>
  rows.map((row) => [row[0], row] as const);

type Row = readonly [name: string, before: Texts, after: Texts, settings?: Settings];

const forward: readonly Row[] = [
  ["a table", { config: 'a = 1\n\n[profiles.x]\nmodel = "b"\n' }, { config: "a = 1\n", x: 'model = "b"\n' }],
  [
    "several, each with what is above it, behind it and below it",
    {
      config:
        '# x\n[profiles.x] # 1\nmodel = "b" # 2\n# 3\n\n# y\n[profiles.y]\nmodel = "c"\n\n[tools]\nweb_search = true\n',
    },
    { config: "[tools]\nweb_search = true\n", x: '# x\n# 1\nmodel = "b" # 2\n# 3\n', y: '# y\nmodel = "c"\n' },
  ],
  [
    "a group with a header of its own, which goes with the last of them",
    { config: 'a = 1\n\n[profiles]\nx = { model = "b" }\ny.model = "c"\n' },
    { config: "a = 1\n", x: 'model = "b"\n', y: 'model = "c"\n' },
  ],
  ["a group in one line", { config: 'profiles = { x = { model = "b" } }\n' }, { config: "", x: 'model = "b"\n' }],
  [
    "a table without keys, which would otherwise be a name that nobody knows",
    { config: "[profiles.x]\n" },
    { config: "", x: "# this profile sets nothing\n" },
  ],
  [
    "a table of comments alone",
    { config: "# x\n[profiles.x]\n# model = 1\n" },
    { config: "", x: "# x\n# model = 1\n" },
  ],
  [
    "a table without keys into a file that is there",
    { config: "[profiles.x]\n", x: 'model = "b"\n' },
    { config: "", x: 'model = "b"\n' },
  ],
  [
    "a table into a file that is there, once more",
    {
      config: '[profiles.x]\nmodel = "b"\n[profiles.x.features]\ngoals = true\n',
      x: 'model = "b"\n[features]\napps = true\n',
    },
    { config: "", x: 'model = "b"\n[features]\napps = true\ngoals = true\n' },
  ],
  [
    "the line that chooses one",
    { config: 'profile = "x"\na = 1\n[profiles.x]\nmodel = "b"\n' },
    { config: "a = 1\n", x: 'model = "b"\n' },
  ],
  ["the line that chooses one that there is not", { config: 'profile = "x"\na = 1\n' }, { config: "a = 1\n" }],
  [
    "such a line in a profile's file",
    { config: "", x: 'profile = "y"\nmodel = "b"\n' },
    { config: "", x: 'model = "b"\n' },
  ],
  [
    "such a line in a table, which was of no meaning there",
    { config: '[profiles.x]\nprofile = "y"\nmodel = "b"\n' },
    { config: "", x: 'model = "b"\n' },
  ],
  [
    "a name that no file can bear",
    { config: 'profile = "my work"\n[profiles."my work"]\nmodel = "b"\n' },
    { config: "", work: 'model = "b"\n' },
    { rename: { "my work": "work" } },
  ],
  [
    "what it can, and leaves what is no table",
    { config: '[profiles]\nx.model = "b"\ny = 3\n' },
    { config: "[profiles]\ny = 3\n", x: 'model = "b"\n' },
  ],
  ["CRLF", { config: 'a = 1\r\n\r\n[profiles.x]\r\nmodel = "b"\r\n' }, { config: "a = 1\r\n", x: 'model = "b"\r\n' }],
  [
    "a profile for every start into the root, where it wins",
    {
      config:
        '# m\nmodel = "a" # old\nprofile = "x"\nz = 1\n\n[features]\ngoals = false\napps = true\n\n[profiles.x]\n# why\nmodel = "b" # new\n[profiles.x.features]\ngoals = true\n',
    },
    { config: '# m\nz = 1\n# why\nmodel = "b" # new\n\n[features]\napps = true\ngoals = true\n' },
    { asDefault: true },
  ],
  [
    "a profile for every start whatever its name, and the others as ever",
    { config: 'profile = "my work"\n[profiles."my work"]\nmodel = "b"\n[profiles.y]\nmodel = "c"\n' },
    { config: 'model = "b"\n', y: 'model = "c"\n' },
    { asDefault: true },
  ],
];

const back: readonly Row[] = [
  [
    "a file",
    { config: "a = 1\n", x: '# why\nmodel = "b" # c\n\n[features]\ngoals = true\n' },
    { config: 'a = 1\n\n[profiles.x]\n# why\nmodel = "b" # c\n\n[profiles.x.features]\ngoals = true\n', x: null },
  ],
  [
    "several, in the order of their names",
    { config: "", x: 'model = "b"\n', y: 'model = "c"\n' },
    { config: '[profiles.x]\nmodel = "b"\n\n[profiles.y]\nmodel = "c"\n', x: null, y: null },
  ],
  [
    "a file that says nothing",
    { config: "a = 1\n", x: "# soon\n" },
    { config: "a = 1\n\n[profiles.x]\n# soon\n", x: null },
  ],
  [
    "a file beside such a table",
    { config: '[profiles.x]\nmodel = "b"\n', x: 'model = "b"\nsandbox_mode = "read-only"\n' },
    { config: '[profiles.x]\nmodel = "b"\nsandbox_mode = "read-only"\n', x: null },
  ],
  [
    "a file under another name",
    { config: "", x: 'model = "b"\n' },
    { config: '[profiles."my work"]\nmodel = "b"\n', x: null },
    { rename: { x: "my work" } },
  ],
  [
    "keys that no release knows",
    { config: "", x: "modell = 1\nconstructor = 1\ntools.serch = 1\n" },
    { config: "[profiles.x]\nmodell = 1\nconstructor = 1\ntools.serch = 1\n", x: null },
  ],
];

describe("a migration moves", () => {
  test.each(named(forward))("%s", (_, [, before, after, settings]) => {
    const first = moved(before, settings);
    expect(first.after).toEqual(after);
    expect(first.steps).not.toEqual([]);
    const again = moved(first.after, settings);
    expect({ changed: again.changed, steps: again.steps }).toEqual({ changed: 0, steps: [] });
  });

  test.each(named(back))("back %s", (_, [, before, after, settings]) => {
    const first = moved(before, { ...settings, version: "0.133.0" });
    expect(first.after).toEqual(after);
    const left = Object.fromEntries(Object.entries(first.after).filter(([, text]) => text !== null));
    expect(moved(left, { ...settings, version: "0.133.0" })).toMatchObject({ changed: 0, steps: [] });
  });

  test("there and back what means the same", () => {
    const config = 'a = 1\n\n[profiles.x]\nmodel = "b"\n\n[profiles.x.features]\ngoals = true\n';
    expect(moved(moved({ config }).after, { version: "0.130.0" }).after).toEqual({ config, x: null });
  });

  test("nothing where there is nothing", () => {
    const files = { config: 'model = "a"\n[profiles]\n', x: 'model = "b"\n' };
    expect(moved(files)).toMatchObject({ changed: 0, said: [], steps: [] });
    expect(moved({ config: '[profiles.x]\nmodel = "b"\n' }, { version: "0.133.0" })).toMatchObject({
      changed: 0,
      said: [],
      steps: [],
    });
    expect(moved(files, { asDefault: true })).toMatchObject({ changed: 0 });
  });
});

describe("a migration of any home", () => {
  const lead = fc.constantFrom("", "", "# C\n", "\n", "\n# C\n", "# C\n\n");
  const value = fc.constantFrom("1", '"x"', "[1, 2]", '"""\na\nb"""', "[\n 1, # C\n 2 ]", "{ q = 1 }", "{}");
  const key = fc.constantFrom("a", "b", "tools", "features", "'k k'", "d.e", "d.f");
  const keys = fc.array(fc.tuple(lead, key, value, fc.constantFrom("", " # C")), { maxLength: 2 });
  const written = keys.map((rows) =>
    rows.map(([above, name, text, behind]) => `${above}${name} = ${text}${behind}\n`).join(""),
  );
  const headers =
    "[profiles.x] [profiles.y] [profiles] [profiles.x.tools] [[profiles.x.arr]] [profiles.y.z.w] [tools] [zzz]";
  const section = fc.tuple(lead, fc.constantFrom(...headers.split(" ")), fc.constantFrom("\n", " # C\n"), written);
  const inline = fc.constantFrom(
    "",
    "profiles.x = { a = 1, tools = { b = 2 } } # C\n",
    "profiles.y.a = 1 # C\n# C\nprofiles.y.d.e = 2\n",
    "profiles = { x = { a = 1 }, y = {} }\n",
  );
  const home = fc
    .tuple(written, inline, fc.array(section, { maxLength: 4 }), fc.boolean(), fc.boolean())
    .map(([top, middle, sections, crlf, isEnded]) => {
      let count = 0;
      const numbered = `${top}${middle}${sections.flat().join("")}`.replace(/# C/g, () => `# C${count++}`);
      return (isEnded ? numbered : numbered.replace(/\n$/, "")).replaceAll("\n", crlf ? "\r\n" : "\n");
    })
    .filter((text) => tablesOf(text) !== null);

  /** The profiles of a text; null when it does not parse or has one that is no table. */
  function tablesOf(text: string): Record<string, TomlTable> | null {
    try {
      const profiles = parseDocument(text, "").table(["profiles"]) ?? {};
      return Object.values(profiles).every(isTable) ? (profiles as Record<string, TomlTable>) : null;
    } catch {
      return null;
    }
  }

  test("loses no value, no comment, and nothing of what is no profile", () => {
    const comments = (texts: readonly (string | null)[]) =>
      texts.flatMap((text) => text?.match(/# C\d+/g) ?? []).sort();
    fc.assert(
      fc.property(home, (config) => {
        const tables = tablesOf(config) ?? {};
        const rename = "k k" in tables ? { "k k": "k-k" } : {};
        const { after } = moved({ config }, { rename });
        for (const [name, table] of Object.entries(tables))
          expect(parseDocument(after[name.replace(" ", "-")] ?? "", "").data).toEqual(table);
        const { profiles: _, ...rest } = parseDocument(config, "").data;
        const { profiles, ...kept } = parseDocument(after.config ?? "", "").data;
        expect([kept, profiles ?? {}]).toEqual([rest, {}]);
        expect(comments(Object.values(after))).toEqual(comments([config]));
        const again = moved(Object.fromEntries(Object.entries(after)), { rename });
        expect(again.changed).toBe(0);
      }),
      {
        numRuns: 300,
        // A comment of the file's own once stuck to the table behind the one that went.
        examples: [
          ["# C0\n\n[profiles.y]\n[[profiles.x.arr]]"],
          ["# C0\n\n[profiles.x]\n\n# C1\n[[profiles.x.arr]]\n[profiles.y.z.w]"],
        ],
      },
    );
  });
});

describe("a migration says", () => {
  const said: readonly (readonly [name: string, files: Texts, said: string, settings?: Settings])[] = [
    ["which profile moves", { config: '[profiles.x]\nmodel = "b"\n' }, "legacy-moved x"],
    [
      "what it is called from now on",
      { config: '[profiles."a b"]\nmodel = "b"\n' },
      "profile-renamed a b c",
      { rename: { "a b": "c" } },
    ],
    [
      "how to start Codex in place of the line",
      { config: 'profile = "x"\n[profiles.x]\n' },
      "start-with-profile x false",
    ],
    [
      "so by the new name",
      { config: 'profile = "a b"\n[profiles."a b"]\n' },
      "start-with-profile c false",
      { rename: { "a b": "c" } },
    ],
    [
      "that the line reached more than the command line",
      { config: 'profile = "x"\n[profiles.x]\n' },
      "profile-was-default x",
    ],
    ["that the line chose nothing", { config: 'profile = "x"\n' }, "undefined-profile x"],
    [
      "how to start Codex with a profile that has its file already",
      { config: 'profile = "x"\n', x: 'model = "b"\n' },
      "start-with-profile x false",
    ],
    ["that the line in a file goes", { config: "", x: 'profile = "y"\n' }, "legacy-selector-removed y"],
    [
      "what a file adds",
      { config: "[profiles.x]\n", x: 'model = "b"\nfeatures.goals = true\n' },
      "profile-joins x model,features.goals",
    ],
    [
      "that a profile is for every start",
      { config: 'profile = "x"\n[profiles.x]\nmodel = "b"\n' },
      "profile-is-default x",
      { asDefault: true },
    ],
    [
      "what then stands beneath the others",
      { config: 'profile = "x"\n[profiles.x]\nmodel = "b"\n[profiles.y]\n', z: "" },
      "default-shows-through x y,z model",
      { asDefault: true },
    ],
    [
      "which key did nothing before",
      { config: "[profiles.x]\nmodel_context_window = 1\n" },
      "newly-effective-key x model_context_window",
    ],
    [
      "where a value replaces a table",
      { config: '[tools.web_search]\ncontext_size = "low"\n[profiles.x]\ntools.web_search = true\n' },
      "table-value-mismatch x tools.web_search",
    ],
    [
      "where a table replaces a value",
      { config: "[features]\nmulti_agent_v2 = true\n[profiles.x.features.multi_agent_v2]\n" },
      "table-value-mismatch x features.multi_agent_v2",
    ],
    [
      "which older name no longer wins",
      { config: "[features]\nmulti_agent = false\n[profiles.x.features]\ncollab = true\n" },
      "shadowed-alias x features.collab features.multi_agent",
    ],
    [
      "which older key no longer wins",
      { config: "[features]\nunified_exec = true\n[profiles.x]\nexperimental_use_unified_exec_tool = false\n" },
      "shadowed-alias x experimental_use_unified_exec_tool features.unified_exec",
    ],
    [
      "which file becomes a table",
      { config: "", x: 'model = "b"\n' },
      "profile-to-table x y",
      { version: "0.133.0", rename: { x: "y" } },
    ],
  ];
  test.each(named(said))("%s", (_, [, files, finding, settings]) => {
    expect(moved(files, settings).said).toContain(finding);
  });

  const silent: readonly (readonly [name: string, files: Texts, code: string])[] = [
    [
      "of a key that a legacy profile had",
      { config: '[profiles.x]\nzsh_path = "/bin/zsh"\nmodel = "b"\n' },
      "newly-effective-key",
    ],
    [
      "of a key that this release does not know either",
      { config: "[profiles.x]\ninclude_apply_patch_tool = true\n" },
      "newly-effective-key",
    ],
    [
      "of tables over tables",
      { config: '[tools.web_search]\ncontext_size = "low"\n[profiles.x.tools.web_search]\ncontext_size = "high"\n' },
      "table-value-mismatch",
    ],
    [
      "of an older name that says the same",
      { config: "[features]\nmulti_agent = true\n[profiles.x.features]\ncollab = true\n" },
      "shadowed-alias",
    ],
    [
      "of an older name beside the newer one",
      { config: "[features]\nmulti_agent = false\n[profiles.x.features]\ncollab = true\nmulti_agent = true\n" },
      "shadowed-alias",
    ],
    [
      "of the newer name over an older one",
      { config: "[features]\ncollab = false\n[profiles.x.features]\nmulti_agent = true\n" },
      "shadowed-alias",
    ],
    [
      "of a line that chose no one when it names a file",
      { config: 'profile = "x"\n', x: 'model = "b"\n' },
      "undefined-profile",
    ],
    ["of a file that holds the same", { config: '[profiles.x]\nmodel = "b"\n', x: 'model = "b"\n' }, "profile-joins"],
  ];
  test.each(silent)("nothing %s", (_, files, code) => {
    expect(moved(files).codes).not.toContain(code);
  });
});

describe("a migration refuses", () => {
  const refused: readonly (readonly [name: string, files: Texts, error: object, settings?: Settings])[] = [
    [
      "names that no file can bear, all at once, with a command that helps",
      { config: '[profiles."my work"]\n[profiles.é]\n[profiles.CON]\n[profiles.my-work]\n'.replace("é", '"é"') },
      {
        code: "invalid-config",
        message: 'no file can bear the name of: "my work", "é", "CON"',
        hints: [
          {
            note: "choose names for them",
            argv: ["migrate", ...["my work=my-work-2", "é=e", "CON=CON-profile"].flatMap((one) => ["--rename", one])],
          },
        ],
      },
    ],
    ["a name that is too long", { config: `[profiles.${"x".repeat(65)}]\n` }, { code: "invalid-config" }],
    ["a new name that no file can bear", { config: "[profiles.x]\n" }, { code: "usage" }, { rename: { x: "../y" } }],
    [
      "to rename what there is not",
      { config: "[profiles.x]\n" },
      { code: "unknown-name", message: 'there is no profile "y" to rename' },
      { rename: { y: "z" } },
    ],
    [
      "two profiles under one name",
      { config: "[profiles.x]\n[profiles.y]\n" },
      { code: "would-overwrite", message: 'the profiles "x" and "y" would become one' },
      { rename: { y: "x" } },
    ],
    [
      "names that differ by case alone, one file on many a disk",
      { config: "[profiles.Work]\n[profiles.work]\n" },
      { code: "would-overwrite" },
    ],
    [
      "a file with other values, naming them",
      {
        config: '[profiles.x]\nmodel = "b"\nfeatures = { goals = true }\n',
        x: 'model = "c"\nfeatures = { goals = false }\n',
      },
      {
        code: "would-overwrite",
        message: "x.config.toml has other values than [profiles.x]: model, features.goals",
        hints: [
          { note: "move it to a name of its own", argv: ["migrate", "--rename", "x=x-legacy"] },
          { note: "or let the file win", argv: ["unset", "profiles.x.model"] },
        ],
      },
    ],
    [
      "such a file under a new name",
      { config: '[profiles.x]\nmodel = "b"\n', y: 'model = "c"\n' },
      { code: "would-overwrite" },
      { rename: { x: "y" } },
    ],
    [
      "to choose for every start where nothing is chosen",
      { config: "[profiles.x]\n" },
      { code: "usage" },
      { asDefault: true },
    ],
    [
      "to choose for every start on the way back",
      { config: "", x: "" },
      { code: "usage" },
      { asDefault: true, version: "0.130.0" },
    ],
    [
      "back what a legacy profile cannot hold, naming it",
      { config: "", x: 'model = "b"\n[mcp_servers.docs]\nenabled = false\n[tui]\ntheme = "dark"\n' },
      {
        code: "invalid-config",
        path: "x.config.toml",
        message: "a profile of Codex 0.133.0 cannot hold: mcp_servers, tui.theme",
      },
      { version: "0.133.0" },
    ],
    [
      "back what only a later release takes",
      { config: "", x: 'model_reasoning_effort = "utmost"\n' },
      { code: "invalid-config" },
      { version: "0.133.0" },
    ],
    [
      "back a key that a later release put there",
      { config: "", x: "include_collaboration_mode_instructions = true\n" },
      {
        code: "invalid-config",
        message: "a profile of Codex 0.130.0 cannot hold: include_collaboration_mode_instructions",
      },
      { version: "0.130.0" },
    ],
    [
      "back over a table with other values",
      { config: '[profiles.x]\nmodel = "b"\n', x: 'model = "c"\n' },
      { code: "would-overwrite", message: "[profiles.x] has other values than x.config.toml: model" },
      { version: "0.133.0" },
    ],
    [
      "back two files into one table",
      { config: "", x: "", y: "" },
      { code: "would-overwrite" },
      { version: "0.133.0", rename: { x: "y" } },
    ],
  ];
  test.each(named(refused))("%s", (_, [, files, error, settings]) => {
    expect(() => moved(files, settings)).toThrow(expect.objectContaining(error));
  });

  test("no key that every release with legacy profiles has, and a key of a later one just after it came", () => {
    const known = 'approval_policy = "never"\nfeatures.goals = true\nmodel = "b"\nmodel_verbosity = "low"\n';
    expect(moved({ config: "", x: known }, { version: "0.58.0" }).changed).toBe(2);
    expect(
      moved({ config: "", x: "include_collaboration_mode_instructions = true\n" }, { version: "0.133.0" }).changed,
    ).toBe(2);
  });
});
