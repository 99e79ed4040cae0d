/** A change is taken back after others, ourselves included, have written beside it: every byte of theirs stays. */
import { describe, expect, test } from "vitest";
import { revert } from "../../src/actions/revert.ts";
import { setSettings } from "../../src/actions/set-settings.ts";
import { type MemoryHome, memoryHome } from "../memory-home.ts";

const CONFIG = "config.toml";
const text = (home: MemoryHome) => home.text(CONFIG) ?? "";
const set = (home: MemoryHome, key: string, value: string | null, force = false) =>
  home.commit((opened) => setSettings(opened, { settings: [{ key, value }], allowUnknown: true, force }));
const back = (home: MemoryHome, change?: string | null, force = false) =>
  home.commit((opened) => revert(opened, { change: change ?? undefined, force }));

/** What the file holds when one setting was changed, somebody else has written, and the change is taken back. */
async function afterwards(given: string, key: string, value: string | null, others: (now: string) => string) {
  const home = memoryHome({ [CONFIG]: given });
  await set(home, key, value, true);
  home.write(CONFIG, others(text(home)));
  await back(home);
  return text(home);
}

const append = (more: string) => (now: string) => now + more;
const behind = (line: string, more: string) => (now: string) => {
  if (!now.includes(line)) throw new Error(`no ${line} in ${now}`);
  return now.replace(line, line + more);
};

type Case = readonly [
  what: string,
  given: string,
  key: string,
  value: string | null,
  others: (now: string) => string,
  left: string,
];

describe("in a table that the change made", () => {
  test.each<Case>([
    [
      "a key stays with the header",
      'model = "x"\n',
      "features.goals",
      "true",
      append("memories = true\n"),
      'model = "x"\n\n[features]\nmemories = true\n',
    ],
    [
      "a key of an interface setting, too",
      'model = "x"\n',
      "tui.notifications",
      "true",
      append('theme = "dark"\n'),
      'model = "x"\n\n[tui]\ntheme = "dark"\n',
    ],
    [
      "a comment stays, and the header goes",
      'model = "x"\n',
      "features.goals",
      "true",
      behind("[features]\n", "# my note\n"),
      'model = "x"\n# my note\n',
    ],
    [
      "a comment behind the key stays",
      'model = "x"\n',
      "features.goals",
      "true",
      behind("goals = true", " # mine"),
      'model = "x"\n# mine\n',
    ],
    [
      "a comment behind the header stays",
      'model = "x"\n',
      "features.goals",
      "true",
      behind("[features]", " # mine"),
      'model = "x"\n# mine\n',
    ],
    [
      "a table below it stays",
      'model = "x"\n',
      "features.goals",
      "true",
      append("\n[features.more]\nk = 1\n"),
      'model = "x"\n\n[features.more]\nk = 1\n',
    ],
    [
      "keys and comments between stay as they are",
      "",
      "features.goals",
      "true",
      () => "[features]\n# a\na = true # b\n# c\ngoals = true\n# d\n",
      "[features]\n# a\na = true # b\n# c\n# d\n",
    ],
  ])("%s", async (_, ...[given, key, value, others, left]) => {
    expect(await afterwards(given, key, value, others)).toBe(left);
  });

  test("a comment at its end gets no header below it to describe", async () => {
    const left = await afterwards("[a]\nk = 1\n", "b.k", "1", (now) => `${now}# theirs\n\n[c]\nk = 1\n`);
    expect(left).toBe("[a]\nk = 1\n# theirs\n\n[c]\nk = 1\n");
  });
});

describe("in an array of tables", () => {
  const two = '[[hooks.Stop]]\nmatcher = "a"\n\n[[hooks.Stop]]\nmatcher = "b"\n';
  const skill = '[[skills.config]]\npath = "/a"\nenabled = true\n';

  test.each<Case>([
    [
      "a comment above another element's key stays",
      two,
      "hooks.Stop.0.matcher",
      '"z"',
      behind('Stop]]\nmatcher = "z"\n\n[[hooks.Stop]]\n', "# mine\n"),
      two.replace('matcher = "b"', '# mine\nmatcher = "b"'),
    ],
    [
      "a comment above the key itself stays",
      two,
      "hooks.Stop.0.matcher",
      '"z"',
      behind("[[hooks.Stop]]\n", "# mine\n"),
      two.replace("[[hooks.Stop]]\n", "[[hooks.Stop]]\n# mine\n"),
    ],
    [
      "a comment behind the key stays",
      two,
      "hooks.Stop.0.matcher",
      '"z"',
      behind('"z"', " # mine"),
      two.replace('"a"', '"a" # mine'),
    ],
    [
      "an element that was added stays",
      skill,
      "skills.config.0.enabled",
      "false",
      append('\n[[skills.config]]\npath = "/b"\n'),
      `${skill}\n[[skills.config]]\npath = "/b"\n`,
    ],
    [
      "an element that was put in front stays",
      skill,
      "skills.config.0.enabled",
      "false",
      (now) => `[[skills.config]]\npath = "/b"\n\n${now}`,
      `[[skills.config]]\npath = "/b"\n\n${skill}`,
    ],
    [
      "a key that was added to the element stays",
      skill,
      "skills.config.0.enabled",
      "false",
      append('name = "n"\n'),
      `${skill}name = "n"\n`,
    ],
    [
      "an element that came back is found its place beside others",
      `${skill}\n[[skills.config]]\npath = "/b"\n`,
      "skills.config.0",
      null,
      append('\n[[skills.config]]\npath = "/c"\n'),
      `${skill}\n[[skills.config]]\npath = "/b"\n\n[[skills.config]]\npath = "/c"\n`,
    ],
    [
      "elements in another order are found by what they hold",
      `${skill}\n[[skills.config]]\npath = "/b"\n`,
      "skills.config.0.enabled",
      "false",
      () => '[[skills.config]]\npath = "/b"\n\n[[skills.config]]\nenabled = false\npath = "/a"\n',
      '[[skills.config]]\npath = "/b"\n\n[[skills.config]]\nenabled = true\npath = "/a"\n',
    ],
    [
      "an element that the change added goes, and its neighbours stay",
      skill,
      "skills.config.1.path",
      '"/n"',
      append('\n[[skills.config]]\npath = "/c"\n'),
      `${skill}\n[[skills.config]]\npath = "/c"\n`,
    ],
    [
      "an inline element gets its key back",
      "notes = [{ a = 1 }, { b = 2 }]\n",
      "notes.0.a",
      "5",
      (now) => now.replace("{ b = 2 }", "{ b = 2 }, { c = 3 }"),
      "notes = [{ a = 1 }, { b = 2 }, { c = 3 }]\n",
    ],
  ])("%s", async (_, ...[given, key, value, others, left]) => {
    expect(await afterwards(given, key, value, others)).toBe(left);
  });

  test("an element without a name that others have changed is still the one from which a key goes", async () => {
    const given = "[[t]]\na = 1\n\n[[t]]\nb = 1\n";
    const others = (now: string) => now.replace("b = 1", "b = 2");
    expect(await afterwards(given, "t.1.c", "3", others)).toBe(others(given));
  });

  test("an element that is gone is a conflict, and never another one's value", async () => {
    const home = memoryHome({ [CONFIG]: skill });
    await set(home, "skills.config.0.enabled", "false");
    home.write(CONFIG, '[[skills.config]]\npath = "/b"\nenabled = false\n');
    await expect(back(home)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("skills.config.0"),
    });
  });
});

describe("our own later changes stay, in whatever order", () => {
  const skills = '[[skills.config]]\npath = "/a"\nenabled = true\n\n[[skills.config]]\npath = "/b"\nenabled = true\n';
  type Change = readonly [key: string, value: string | null];
  test.each<readonly [string, string, Change, Change, string]>([
    [
      "two elements",
      skills,
      ["skills.config.0.enabled", "false"],
      ["skills.config.1.enabled", "false"],
      skills.replace('"/b"\nenabled = true', '"/b"\nenabled = false'),
    ],
    [
      "two keys of a table that the first made",
      'model = "x"\n',
      ["features.goals", "true"],
      ["features.memories", "true"],
      'model = "x"\n\n[features]\nmemories = true\n',
    ],
    [
      "a dotted key, and a table that came after it",
      "features.goals = true\n",
      ["features.goals", null],
      ["features.memories", "true"],
      "[features]\nmemories = true\ngoals = true\n",
    ],
    [
      "a table that went, and came with another key",
      '[mcp_servers.a]\ncommand = "c"\n\n[mcp_servers.a.env]\nK = "1"\n',
      ["mcp_servers.a.env", null],
      ["mcp_servers.a.env.Z", '"2"'],
      '[mcp_servers.a]\ncommand = "c"\n\n[mcp_servers.a.env]\nK = "1"\nZ = "2"\n',
    ],
    [
      "two items of a list",
      'notify = ["a"]\n',
      ["notify", '["a", "b"]'],
      ["notify", '["a", "b", "c"]'],
      'notify = ["a", "c"]\n',
    ],
  ])("%s", async (_, given, one, other, left) => {
    const home = memoryHome({ [CONFIG]: given });
    const first = await set(home, ...one);
    const second = await set(home, ...other);
    await back(home, first);
    expect(text(home)).toBe(left);
    await back(home, second);
    await set(home, "model_verbosity", '"low"');
    await back(home);
    const values = (of: string) =>
      memoryHome({ [CONFIG]: of })
        .open()
        .snapshot.document("config").data;
    expect(values(text(home))).toEqual(values(given));
  });
});

describe("what cannot stand alone", () => {
  const others = "stream_max_retries = 3\n";
  test("is named with the key that it needs, and goes with it where that is forced", async () => {
    const home = memoryHome({ [CONFIG]: 'model = "x"\n' });
    const id = await set(home, "model_providers.gw", '{ name = "G", base_url = "https://g.example/v1" }');
    home.write(CONFIG, text(home) + others);
    const before = text(home);
    await expect(back(home, id)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining(
        "config.toml model_providers.gw.name (model_providers.gw.stream_max_retries cannot stand without it)",
      ),
    });
    expect(text(home)).toBe(before);
    await back(home, id, true);
    expect(text(home)).toBe('model = "x"\n');
  });

  test("is none where the change brought only another key", async () => {
    const given = '[mcp_servers.a]\ncommand = "c"\n';
    expect(await afterwards(given, "mcp_servers.a.enabled", "false", append('args = ["x"]\n'))).toBe(
      `${given}args = ["x"]\n`,
    );
  });
});

describe("what comes back comes back as it was, beside a line that somebody has added elsewhere", () => {
  const shapes: readonly (readonly [string, string])[] = [
    ['model_providers = { gw = { name = "G", base_url = "https://g/v1" } } # mine\nmodel = "x"\n', "model_providers"],
    [
      'model = "x"\n\n# team list\n[mcp_servers] # ours\n# docs first\n\n[mcp_servers.docs]\ncommand = "x"\n',
      "mcp_servers",
    ],
    [
      '[projects] # trusted by me\n"/a" = { trust_level = "trusted" } # why a\n"/b" = { trust_level = "trusted" }\n',
      "projects",
    ],
    ["[t]\ninl = { a = { b = 1 } } # why\n", "t.inl"],
    ['t = {1979-05-27=1,"0"."e" =false}\n', "t.0"],
    ["a = 1\n\n\n[t]", "t"],
    ["t = { }\n", "t"],
    ["[t]\nk = {\n  a = 1, # one\n  b = 2 # two\n}\n", "t.k"],
    ['a = """x\r\ny"""\r\nb = 1\nc = 2\n', "a"],
    ["[t]\r\na = 1\r\n\n[u]\nb = 2\n", "t"],
  ];
  test.each(shapes)("%j without %s", async (given, key) => {
    const others = (now: string) => (given.endsWith("\n") ? `${now}# theirs\n` : `# theirs\n${now}`);
    const left = await afterwards(given, key, null, others);
    expect(left.split("# theirs\n")).toHaveLength(2);
    expect(left.replace("# theirs\n", "")).toBe(given);
  });
});

describe("comments are there once, and where they were", () => {
  const three = "a = 1\n# one\n# two\n[t]\n[u]\nk = 1\n";
  test.each<readonly [string, string, (now: string) => string, string]>([
    [
      "between two others",
      three,
      (now) => now.replace("# two", "# mine\n# two"),
      three.replace("# two", "# mine\n# two"),
    ],
    ["in place of one", three, (now) => now.replace("# two", "# changed"), three.replace("# two", "# changed")],
    [
      "below one",
      "a = 1\n\n# one\n[t]\nx = 1\n\n[u]\n",
      (now) => now.replace("# one\n", "# one\n# mine\n"),
      "a = 1\n\n# one\n# mine\n[t]\nx = 1\n\n[u]\n",
    ],
  ])("where one came %s", async (_, given, others, left) => {
    expect(await afterwards(given, "t", null, others)).toBe(left);
  });

  test("and one behind the last key of a multi-line inline table stays with that key", async () => {
    const given = '[mcp_servers]\nb = {\n  command = "y",\n  args = ["z"] # pinned, do not change\n}\n';
    const home = memoryHome({ [CONFIG]: given });
    await set(home, "mcp_servers.b.enabled", "false");
    expect(text(home)).toBe(given.replace('["z"]', '["z"],').replace("change\n}", "change\n  enabled = false\n}"));
    await back(home);
    expect(text(home)).toBe(given);
  });

  test("and one behind an element's header, where another element has its index by now", async () => {
    const home = memoryHome({ [CONFIG]: "[[t]]\na = 1\n\n# above b\n[[t]] # about b\nb = 2\n\n[u]\n" });
    const first = await set(home, "t.1", null);
    await set(home, "t.1.path", '"/n"');
    await back(home, first);
    expect(text(home)).toBe('[[t]]\na = 1\n\n[[t]]\n# about b\nb = 2\n\n[[t]]\npath = "/n"\n\n# above b\n\n[u]\n');
  });

  test("and one behind the header of a table in an element that has another index by now", async () => {
    const given = '[[t]]\npath = "/a"\n[t.sub] # about it\nk = 1\n';
    const left = await afterwards(
      given,
      "t.0.sub",
      null,
      (now) => `[[t]]\npath = "/n"\n[t.sub]\nm = 2\n\n${now}[t.sub]\no = 1\n`,
    );
    expect(left).toBe('[[t]]\npath = "/n"\n[t.sub]\nm = 2\n\n[[t]]\npath = "/a"\n# about it\n[t.sub]\no = 1\nk = 1\n');
  });
});
