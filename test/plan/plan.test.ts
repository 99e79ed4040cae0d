/** Ops and texts in, changes out; and what a plan does when the files have moved on. */
import { describe, expect, test } from "vitest";
import type { FileRole, Op } from "../../src/model/op.ts";
import { invert } from "../../src/plan/invert.ts";
import { applySteps, replan, touchesOf } from "../../src/plan/plan.ts";
import { Snapshot } from "../../src/plan/snapshot.ts";
import { valueChanges } from "../../src/plan/value-changes.ts";
import { parseDocument } from "../../src/toml/document.ts";

const files = (texts: Partial<Record<FileRole, string>>) => new Snapshot((role) => texts[role] ?? null);
const set = (path: string, value: bigint): Op => ({ op: "set", file: "config", path: path.split("."), value });

const planOn = (before: Snapshot, ...steps: readonly (readonly Op[])[]) => ({ steps, before });

describe("a plan", () => {
  test("holds only files that really change", () => {
    const plan = applySteps(
      [[set("a", 1n), { op: "set", file: "profile:x", path: ["b"], value: 2n }]],
      files({ config: "a = 1\n" }),
    );
    expect(plan.changes).toEqual([{ file: "profile:x", before: null, after: "b = 2\n" }]);
  });

  test("moves a table from one file into another with its comments", () => {
    const move: Op = { op: "move", file: "config", path: ["profiles", "x"], to: { file: "profile:x", path: [] } };
    const { changes } = applySteps([[move]], files({ config: "a = 1\n\n# why\n[profiles.x]\nb = 2 # two\n" }));
    expect(changes).toEqual([
      { file: "config", before: "a = 1\n\n# why\n[profiles.x]\nb = 2 # two\n", after: "a = 1\n" },
      { file: "profile:x", before: null, after: "# why\nb = 2 # two\n" },
    ]);
  });

  test("never replaces a whole file by what is not TOML", () => {
    expect(() => applySteps([[{ op: "write", file: "config", text: "a = \n" }]], files({}))).toThrow(
      expect.objectContaining({ code: "invalid-toml" }),
    );
  });

  test("never replaces a whole file by what no file can hold", () => {
    expect(() => applySteps([[{ op: "write", file: "config", text: "a = '\ud800'\n" }]], files({}))).toThrow(
      expect.objectContaining({ code: "unsupported-edit", message: expect.stringContaining("half a character") }),
    );
    expect(() => applySteps([[{ op: "write", file: "profile:x", text: "a = '\ud800'\n" }]], files({}))).toThrow(
      "x.config.toml",
    );
  });

  test("brings back an image as it was, whether it is TOML or not", () => {
    const image: Op = { op: "write", file: "config", text: "a = \n", image: true };
    expect(applySteps([[image]], files({})).changes).toEqual([{ file: "config", before: null, after: "a = \n" }]);
  });

  test("does not create a file only to leave it empty", () => {
    expect(applySteps([[{ op: "unset", file: "profile:x", path: ["a"] }]], files({})).changes).toEqual([]);
  });

  test("creates an empty file when that is what is wanted, as when one comes back", () => {
    const write: Op = { op: "write", file: "profile:x", text: "" };
    expect(applySteps([[write]], files({})).changes).toEqual([{ file: "profile:x", before: null, after: "" }]);
    expect(applySteps([[write]], files({ "profile:x": "" })).changes).toEqual([]);
  });

  test("replaces one file and edits another in one step, and leaves the others alone", () => {
    const write: Op = { op: "write", file: "profile:x", text: "" };
    const unset: Op = { op: "unset", file: "profile:y", path: ["a"] };
    expect(applySteps([[write, set("a", 2n), unset]], files({ config: "a = 1\nb = 1\n" })).changes).toEqual([
      { file: "profile:x", before: null, after: "" },
      { file: "config", before: "a = 1\nb = 1\n", after: "a = 2\nb = 1\n" },
    ]);
  });
});

describe("a move", () => {
  const table = "[s.a]\nx = 1\n[s.a.in]\ny = 2\n";
  const moved = (path: string, to: string, text = table, file: FileRole = "config") => {
    const parts = (key: string) => (key === "" ? [] : key.split("."));
    const op: Op = { op: "move", file: "config", path: parts(path), to: { file, path: parts(to) } };
    return applySteps([[op]], files({ config: text })).changes.map(({ after }) => after);
  };
  const refusal = (message: string) => expect.objectContaining({ code: "unsupported-edit", message });

  test("of what is not there, or is at its place already, does nothing", () => {
    for (const [path, to] of [
      ["s.b", "t"],
      ["s.a", "s.a"],
      ["s.a.x", "s.a"],
      ["", ""],
    ] as const)
      expect(moved(path, to)).toEqual([]);
  });

  test("takes a table to another name, up, and to another file by the same path", () => {
    expect(moved("s.a.in", "s.b")).toEqual(["[s.a]\nx = 1\n\n[s.b]\ny = 2\n"]);
    expect(moved("s.a.in", "s.a")).toEqual(["[s.a]\nx = 1\ny = 2\n"]);
    expect(moved("s.a.x", "s")).toEqual(["[s]\nx = 1\n\n[s.a]\n[s.a.in]\ny = 2\n"]);
    expect(moved("s.a", "s.a", table, "profile:x")).toEqual(["", "[s.a]\nx = 1\n\n[s.a.in]\ny = 2\n"]);
  });

  test("is refused into itself, and over something that it holds", () => {
    expect(() => moved("s.a", "s.a.in")).toThrow(refusal("s.a cannot move into itself"));
    expect(() => moved("s", "s.new")).toThrow(refusal("s cannot move into itself"));
    const named = "[s.a.in]\na = { b = 1 }\n[s.a.in.in]\nz = 1\n";
    expect(() => moved("s.a.in", "s.a", named)).toThrow(
      refusal("s.a.in holds something that would come into its place"),
    );
    expect(moved("s.a.in.in", "s.a", named)).toEqual(["[s.a]\nz = 1\n\n[s.a.in]\na = { b = 1 }\n"]);
  });
});

describe("steps", () => {
  test("count from what the one before leaves", () => {
    const { changes } = applySteps(
      [[set("a", 2n)], [{ op: "move", file: "config", path: ["a"], to: { file: "config", path: ["t"] } }]],
      files({ config: "[t]\nb = 1\n" }),
    );
    expect(changes.map(({ after }) => after)).toEqual(["[t]\nb = 1\na = 2\n"]);
  });

  test("that come to nothing together change nothing", () => {
    const undo: Op = { op: "unset", file: "config", path: ["a"] };
    expect(applySteps([[set("a", 2n)], [undo]], files({ config: "b = 1\n" })).changes).toEqual([]);
  });

  test("are made again one by one on a file that has moved on", () => {
    const write = (text: string): Op => ({ op: "write", file: "config", text });
    const plan = planOn(files({ config: "a = 1\nb = 1\n" }), [write("a = 2\nb = 1\n")], [write("a = 2\nb = 2\n")]);
    const [change] = replan(plan, files({ config: "a = 1\nb = 1\nnew = 1\n" })).changes;
    expect(change?.after).toBe("a = 2\nb = 2\nnew = 1\n");
    expect(() => replan(plan, files({ config: "a = 1\nb = 5\n" }))).toThrow(
      expect.objectContaining({ code: "stale-plan" }),
    );
  });
});

describe("a plan on files that have moved on", () => {
  const seen = files({ config: "a = 1\nz = 1\n" });
  const plan = planOn(seen, [set("a", 2n)]);

  test("is made again when the touched paths are as they were", () => {
    expect(replan(plan, files({ config: "# new\na = 1\nz = 9\n" })).changes[0]?.after).toBe("# new\na = 2\nz = 9\n");
  });

  test("comes to nothing when somebody has done the same", () => {
    expect(replan(plan, files({ config: "a = 2\nz = 1\n" })).changes).toEqual([]);
  });

  test("is stale when a touched path holds something else", () => {
    expect(() => replan(plan, files({ config: "a = 3\nz = 1\n" }))).toThrow(
      expect.objectContaining({
        code: "stale-plan",
        path: "config.toml",
        message: "a has changed since the preview; nothing was written",
        hints: ["run the same command again to see the new preview"],
      }),
    );
  });

  test("is stale when something has come to where a move was to go, or what was to go there is another", () => {
    const table = "[t]\nx = 1\n";
    const move: Op = { op: "move", file: "config", path: ["t"], to: { file: "profile:x", path: ["u"] } };
    const moving = planOn(files({ config: table }), [move]);
    const stale = (path: string, key: string) =>
      expect.objectContaining({ code: "stale-plan", path, message: expect.stringMatching(`^${key} has changed`) });
    expect(replan(moving, files({ config: table, "profile:x": "a = 1\n" })).changes).toHaveLength(2);
    expect(() => replan(moving, files({ config: table, "profile:x": "[u]\nx = 2\n" }))).toThrow(
      stale("x.config.toml", "u"),
    );
    expect(() => replan(moving, files({ config: "[t]\nx = 2\n" }))).toThrow(stale("config.toml", "t"));
  });

  test("replaces a whole file byte for byte where that is as it was, whatever has become of others", () => {
    const text = "# new\na = 0x2\n";
    const whole = planOn(seen, [{ op: "write", file: "config", text }]);
    expect(replan(whole, files({ config: "a = 1\nz = 1\n", "profile:x": "new = 1\n" })).changes[0]?.after).toBe(text);
    expect(replan(whole, files({ config: text })).changes).toEqual([]);
  });

  test("is stale by the name of the file where that as a whole is another", () => {
    const whole = planOn(files({ config: "a = 1\na = 2\n" }), [{ op: "write", file: "config", text: "a = 2\n" }]);
    expect(() => replan(whole, files({ config: "a = 1\n" }))).toThrow(
      "the file has changed since the preview; nothing was written",
    );
  });

  test.each<[string, string | null, string, string | null]>([
    [
      "changes a whole file by value where somebody has changed the rest of it",
      "a = 2\nz = 1\n",
      "# x\na = 1\nz = 9\n",
      "# x\na = 2\nz = 9\n",
    ],
    ["takes out of a whole file that was to go what it had seen in it", null, "a = 1\nz = 1\nnew = 1\n", "new = 1\n"],
    ["removes a whole file in which only the spelling has changed", null, "z = 1\na = 0x1\n", null],
  ])("%s", (_, text, now, after) => {
    const whole = planOn(seen, [{ op: "write", file: "config", text }]);
    expect(replan(whole, files({ config: now })).changes[0]?.after).toBe(after);
  });

  test.each<[string, string | null, string]>([
    ["a value that a whole file was to change", "a = 2\nz = 1\n", "a = 3\nz = 1\n"],
    ["a value that was to go with a whole file", null, "a = 3\nz = 1\n"],
    ["a whole file that did not parse", "a = 2\n", "a = 1\nz = 1\n"],
  ])("is stale when somebody has changed %s", (_, text, now) => {
    const old = text === "a = 2\n" ? files({ config: "a = 1\na = 2\n" }) : seen;
    const whole = planOn(old, [{ op: "write", file: "config", text }]);
    expect(() => replan(whole, files({ config: now }))).toThrow(expect.objectContaining({ code: "stale-plan" }));
  });
});

describe("value changes", () => {
  const between = (before: string, after: string) =>
    valueChanges(parseDocument(before, "").data, parseDocument(after, "").data).map(
      ({ path, kind }) => `${kind} ${path.join(".")}`,
    );

  test.each([
    ["nothing for the same meaning in another form", "a = { b = 1, c = 0x10 }\n", "[a]\nc = 16\nb = 1\n", []],
    ["a value", "a = 1\nb = 2\n", "a = 1\nb = 3\nc = 4\n", ["changed b", "added c"]],
    ["the keys of a table one by one", "", "[p.x]\na = 1\n[p.x.s]\nb = 2\n", ["added p.x.a", "added p.x.s.b"]],
    ["an empty table", "[p]\n", "[q]\n", ["removed p", "added q"]],
    [
      "elements by what they hold, wherever they stand",
      "[[e]]\nname = 1\n[[e]]\nname = 2\nk = 1\n",
      "[[e]]\nname = 3\n[[e]]\nname = 2\nk = 2\n",
      ["changed e.0.name", "changed e.1.k"],
    ],
    ["an element that went, and one that came", "[[e]]\na = 1\n[[e]]\na = 2\n", "[[e]]\na = 2\n", ["removed e.0"]],
    ["an integer that became a float", "a = 1\n", "a = 1.0\n", ["changed a"]],
  ])("count %s", (_, before, after, expected) => {
    expect(between(before, after)).toEqual(expected);
  });

  test("are what history remembers: names, never values", () => {
    const secret: Op = { op: "set", file: "config", path: ["a"], value: "secret" };
    expect(touchesOf(applySteps([[secret]], files({ config: "a = 1\n" })))).toEqual([
      { file: "config", path: ["a"], kind: "changed" },
    ]);
  });

  test.each([
    ["a = \n", "a = 1\n"],
    ["a = 1\n", "a = \n"],
  ])("are the file as a whole where one of its texts does not parse: %j to %j", (config, text) => {
    const write: Op = { op: "write", file: "config", text, image: true };
    expect(touchesOf(applySteps([[write]], files({ config })))).toEqual([
      { file: "config", path: [], kind: "changed" },
    ]);
  });
});

describe("an inversion", () => {
  const before = "a = 1\n";
  const after = 'a = 1\n\n# ours\n[p.x]\nname = "n"\n';
  const image = { file: "config" as const, before, after };
  const undone = (now: string | null, options = {}) => {
    const snapshot = now === null ? files({}) : files({ config: now });
    const { ops, conflicts, kept } = invert([image], snapshot, options);
    return {
      text: applySteps([ops], snapshot).changes[0]?.after,
      conflicts: conflicts.map(({ path }) => path.join(".")),
      kept: kept.length,
    };
  };

  test("of an untouched file is its old bytes", () => {
    expect(undone(after)).toEqual({ text: before, conflicts: [], kept: 0 });
  });

  test("of a file that is back already is nothing", () => {
    expect(undone(before)).toEqual({ text: undefined, conflicts: [], kept: 0 });
  });

  test("goes by value when the text is another", () => {
    expect(undone('[p]\nx = { name = "n" }\n[b]\nc = 1\n').text).toBe("[b]\nc = 1\n");
  });

  test("names what is neither old nor ours, and forces it only when told", () => {
    const other = after.replace('"n"', '"m"');
    expect(undone(other)).toEqual({ text: undefined, conflicts: ["p.x.name"], kept: 0 });
    expect(undone(other, { force: true }).text).toBe("a = 1\n\n# ours\n");
  });

  const server = (...lines: string[]) => ["[mcp_servers.a]", 'command = "c"', ...lines, ""].join("\n");

  test.each<[string, string, string, string, string]>([
    [
      "a default that it leaves out",
      server("enabled = false"),
      server("enabled = true"),
      server(),
      server("enabled = false"),
    ],
    [
      "a default that was another value",
      server("required = true"),
      server("required = false"),
      server(),
      server("required = true"),
    ],
    ["an empty list", server('args = ["x"]'), server("args = []"), server(), server('args = ["x"]')],
    [
      "a whole number that is a float by now",
      server(),
      server("startup_timeout_sec = 7"),
      server("startup_timeout_sec = 7.0"),
      server(),
    ],
    [
      "one that was another number",
      server("tool_timeout_sec = 20"),
      server("tool_timeout_sec = 60"),
      server("tool_timeout_sec = 60.0"),
      server("tool_timeout_sec = 20"),
    ],
    [
      "milliseconds that are seconds by now",
      server(),
      server("startup_timeout_ms = 7000"),
      server("startup_timeout_sec = 7.0"),
      server(),
    ],
    [
      "milliseconds that were others",
      server("startup_timeout_ms = 20000"),
      server("startup_timeout_ms = 7000"),
      server("startup_timeout_sec = 7.0"),
      server("startup_timeout_ms = 20000"),
    ],
    [
      "a number in a server of ours",
      "",
      server("startup_timeout_sec = 7", "enabled = true"),
      server("startup_timeout_sec = 7.0"),
      "",
    ],
  ])("sees through what Codex writes otherwise: %s", (_, old, made, rewritten, back) => {
    const other = '[mcp_servers.zz]\ncommand = "true"\n';
    const now = files({ config: `${rewritten}\n${other}` });
    const { conflicts, ops } = invert([{ file: "config", before: old, after: made }], now);
    expect(conflicts).toEqual([]);
    expect(parseDocument(applySteps([ops], now).changes[0]?.after ?? "", "").data).toEqual(
      parseDocument(`${back}\n${other}`, "").data,
    );
  });

  test.each<[string, string, string, string]>([
    ["another number", server(), server("startup_timeout_sec = 7"), server("startup_timeout_sec = 8.0")],
    [
      "other seconds",
      server("startup_timeout_ms = 1"),
      server("startup_timeout_ms = 7000"),
      server("startup_timeout_sec = 8.0"),
    ],
    [
      "what is no default",
      server("enabled = true"),
      server("enabled = false"),
      `${server()}cwd = 1\n`.replace("cwd", "enabled"),
    ],
  ])("takes %s for a change", (_, old, made, now) => {
    expect(invert([{ file: "config", before: old, after: made }], files({ config: now })).conflicts).toHaveLength(1);
  });

  test("goes by value when only the line ends are others, those inside of a long string, too", () => {
    const old = 'long = """\r\none\r\ntwo"""\r\nb = 1\r\n';
    const image = { file: "config" as const, before: old, after: "b = 1\r\n" };
    const restored = applySteps(
      [invert([image], files({ config: "b = 1\nc = 2\n" })).ops],
      files({ config: "b = 1\nc = 2\n" }),
    );
    expect(restored.changes[0]?.after).toBe('long = """\none\ntwo"""\nb = 1\nc = 2\n');
    const set = { ...image, before: null, after: old };
    expect(invert([set], files({ config: old.replaceAll("\r\n", "\n") })).conflicts).toEqual([]);
  });

  test("brings a header without a neighbour back below the root keys that came since", () => {
    for (const header of ["[t]\na = 1\n", "[[t]]\na = 1\n\n[[t]]\n"]) {
      const image = { file: "config" as const, before: header, after: "" };
      const now = files({ config: "theirs = 1\n" });
      expect(applySteps([invert([image], now).ops], now).changes[0]?.after).toBe(`theirs = 1\n${header}`);
    }
  });

  test("leaves what it is told to keep", () => {
    expect(undone(after, { keep: [{ file: "config", path: ["p", "x"] }] })).toEqual({
      text: undefined,
      conflicts: [],
      kept: 1,
    });
  });

  test("of a file that somebody removed is a conflict", () => {
    expect(undone(null)).toEqual({ text: undefined, conflicts: [""], kept: 0 });
  });
});
