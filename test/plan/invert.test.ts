/** What a change of a file comes to when it is taken back from the file as it is now. */
import { describe, expect, test } from "vitest";
import type { Change } from "../../src/model/change.ts";
import type { FileRole, KeyPath } from "../../src/model/op.ts";
import { type InvertOptions, invert } from "../../src/plan/invert.ts";
import { applySteps } from "../../src/plan/plan.ts";
import { Snapshot } from "../../src/plan/snapshot.ts";
import { removeAdded } from "../../src/plan/undo-unit.ts";
import { parseDocument } from "../../src/toml/document.ts";
import { renderKey } from "../../src/toml/value.ts";

type Text = string | null;

const change = (before: Text, after: Text, file: FileRole = "config"): Change => ({ file, before, after });
const filesOf = (config: Text) => new Snapshot((role) => (role === "config" ? config : null));

/** What the file holds when a change is taken back, and the paths that are in conflict or stay. */
function back(before: Text, after: Text, now: Text, options?: InvertOptions) {
  const files = filesOf(now);
  const { conflicts, kept, ops } = invert([change(before, after)], files, options);
  const { changes } = applySteps([ops], files);
  const paths = (places: typeof kept) => places.map(({ path }) => renderKey(path));
  return { text: changes.length === 0 ? now : changes[0]?.after, conflicts: paths(conflicts), kept: paths(kept) };
}
const fine = (text: Text | undefined) => ({ text, conflicts: [], kept: [] });
const force = { force: true };

describe("a file as the change left it", () => {
  test.each<[Text, Text]>([
    ["a = 1\n", "a = 2\n"],
    [null, "a = 1\n"],
    ["a = 1\n", null],
    ["a = 1 # x\r\n\r\n[t]", "\ufeff[t]\n"],
  ])("comes back byte for byte: %j after %j", (before, after) => {
    expect(back(before, after, after)).toEqual(fine(before));
    expect(invert([change(before, after)], filesOf(after)).ops).toEqual([
      { op: "write", file: "config", text: before, image: true },
    ]);
  });

  test("is left as it is where it is as it was before", () => {
    expect(back("a = 1\n", "a = 2\n", "a = 1\n", force)).toEqual(fine("a = 1\n"));
    expect(invert([change("a = 1\n", "a = 2\n")], filesOf("a = 1\n")).ops).toEqual([]);
    expect(invert([change(null, "a = 2\n")], filesOf(null)).ops).toEqual([]);
  });
});

describe("a file that did not parse before the change, or after it", () => {
  const torn = "[t]\n[t]\n";

  test("comes back whole from what the change left, and not at all from anything else", () => {
    expect(back(torn, "[t]\n", "[t]\n")).toEqual(fine(torn));
    expect(back(torn, "[t]\n", torn)).toEqual(fine(torn));
    expect(back(torn, "[t]\n", "[t]\na = 1\n")).toEqual({ text: "[t]\na = 1\n", conflicts: [""], kept: [] });
    expect(back("[t]\n", torn, torn)).toEqual(fine("[t]\n"));
    expect(invert([change(torn, "[t]\n")], filesOf(torn)).ops).toEqual([]);
  });

  test("comes back over anything where that is forced", () => {
    expect(back(torn, "[t]\n", "[t]\na = 1\n", force)).toEqual(fine(torn));
    expect(invert([change(torn, "[t]\n")], filesOf(torn), force).ops).toEqual([]);
  });
});

describe("a file that came or went as a whole", () => {
  test("is in conflict as a whole where somebody has taken it away or made it again, unless forced", () => {
    expect(back("a = 1\n", "a = 2\n", null)).toEqual({ text: null, conflicts: [""], kept: [] });
    expect(back("a = 1\n", null, "b = 1\n")).toEqual({ text: "b = 1\n", conflicts: [""], kept: [] });
    expect(back("a = 1\n", "a = 2\n", null, force)).toEqual(fine("a = 1\n"));
    expect(back("a = 1\n", null, "b = 1\n", force)).toEqual(fine("a = 1\n"));
  });

  test("goes again when nothing but what the change wrote is in it, and stays with anything else", () => {
    expect(back(null, "a = 1\nb = 2\n", "\ufeffb = 2\na = 1\n\n")).toEqual(fine(null));
    expect(back(null, "a = 1\n", "a = 1\nc = 3\n")).toEqual(fine("c = 3\n"));
    expect(back(null, "a = 1\n", "# mine\na = 1\n")).toEqual(fine("# mine\n"));
    expect(back(null, "a = 1\nb = 2\n", "a = 3\nb = 2\n")).toEqual({ text: "a = 3\n", conflicts: ["a"], kept: [] });
    expect(back("", "a = 1\n", "a = 1 \n")).toEqual(fine(""));
  });

  test("is emptied and not taken away while another change keeps something in it", () => {
    const keep = [{ file: "config", path: ["a"] }] as const;
    expect(back(null, "a = 1\nb = 2\n", "a = 1\nb = 2\n", { keep })).toEqual({
      text: "a = 1\n",
      conflicts: [],
      kept: ["a"],
    });
  });
});

describe("value by value, where somebody else has written since", () => {
  test("what the change set goes back, and everything else stays", () => {
    expect(back("a = 1\n", "a = 2\nb = 3\n", "# mine\na = 2\nb = 3\nc = 4\n")).toEqual(fine("# mine\na = 1\nc = 4\n"));
    expect(back("a = 1 # was\nb = 1\n", "b = 1\n", "b = 1 # mine\n")).toEqual(fine("a = 1 # was\nb = 1 # mine\n"));
  });

  test("what is as it was already is passed over", () => {
    expect(back("a = 1\nb = 1\n", "a = 2\nb = 2\n", "a = 1 # mine\nb = 2\n")).toEqual(fine("a = 1 # mine\nb = 1\n"));
  });

  test("what holds neither is in conflict, the rest goes back, and force brings all of it back", () => {
    const [before, after, now] = ["a = 1\nb = 1\n", "a = 2\nb = 2\n", "a = 3\nb = 2\n"];
    expect(back(before, after, now)).toEqual({ text: "a = 3\nb = 1\n", conflicts: ["a"], kept: [] });
    expect(back(before, after, now, force)).toEqual(fine(before));
  });

  test("of a table that came, what holds something else is named, down to the key", () => {
    const after = "[t.x]\na = 1\n[t.x.y]\nb = 1\nc = 1\n";
    const now = "[t.x]\na = 1\nnew = 1\n[t.x.y]\nb = 2\n";
    expect(back("", after, now).conflicts).toEqual(["t.x.y.b"]);
    expect(back("", after, "[t]\nx = 1\n").conflicts).toEqual(["t.x"]);
  });

  test("what Codex has only written otherwise is no conflict", () => {
    const off = "[features]\nx = false\n";
    expect(back(off, "[features]\nx = true\n", "# mine\n[features]\nx = true\n").text).toBe(`# mine\n${off}`);
    const was = "startup_timeout_ms = 10000\n";
    const server = (line: string) => `[mcp_servers.a]\ncommand = "a"\n${line}`;
    const rewritten = `# by Codex\n${server("startup_timeout_sec = 20.0\n")}`;
    expect(back(server(was), server("startup_timeout_ms = 20000\n"), rewritten).conflicts).toEqual([]);
  });

  test("a table that something else has replaced comes back as a whole where that is forced, and is named otherwise", () => {
    const [before, after, now] = ["[t.x]\na = 1\nb = 1\n", "[t.x]\na = 2\nb = 1\n", "[t]\nx = 5\n"];
    expect(back(before, after, now)).toEqual({ text: now, conflicts: ["t.x"], kept: [] });
    expect(parseDocument(back(before, after, now, force).text ?? "", "").data).toEqual({ t: { x: { a: 1n, b: 1n } } });
    expect(back("x = 5\n", "x = 6\n", "[x]\na = 1\n").conflicts).toEqual(["x"]);
    expect(back("[t]\nb = 1\n", "[t]\nb = 1\n[t.x]\na = 2\n", "[t]\nb = 1\nx = 5\n").conflicts).toEqual(["t.x"]);
  });

  test("images are compared in the line ends that the file has by now", () => {
    const long = (eol: string, value: string) => `a = """x${eol}y"""${eol}b = ${value}${eol}`;
    expect(back(long("\r\n", "1"), long("\r\n", "2"), long("\n", "2"))).toEqual(fine(long("\n", "1")));
    expect(back("a = 1\n", long("\n", "2"), long("\r\n", "2")).conflicts).toEqual([]);
  });
});

describe("what goes with a key that the change brought", () => {
  test("are the comment lines that it wrote above, unchanged, and no other", () => {
    const after = "a = 1\n\n# ours\nb = 2\n";
    expect(back("a = 1\n", after, `${after}c = 3\n`)).toEqual(fine("a = 1\nc = 3\n"));
    expect(back("a = 1\n", after, "a = 1\n\n# ours, and mine\nb = 2\nc = 3\n")).toEqual(
      fine("a = 1\n\n# ours, and mine\nc = 3\n"),
    );
    expect(back("# ours\na = 1\n", "a = 1\n# ours\nb = 2\n", "a = 1\n# ours\nb = 2\nc = 3\n")).toEqual(
      fine("# ours\na = 1\nc = 3\n"),
    );
    expect(back("a = 1\n", "a = 1\nb = 2\n", "a = 1\n# mine\nb = 2\nc = 3\n")).toEqual(fine("a = 1\n# mine\nc = 3\n"));
  });

  test("is the header that it made, and none that was there", () => {
    expect(back("a = 1\n", "a = 1\n[t]\nb = 2\n", "a = 2\n[t]\nb = 2\n")).toEqual(fine("a = 2\n"));
    expect(back("[t]\n", "[t]\nb = 2\n", "a = 2\n[t]\nb = 2\n")).toEqual(fine("a = 2\n[t]\n"));
    expect(back("t.a = 1\n", "t.a = 1\nt.b = 2\n", "x = 2\nt.a = 1\nt.b = 2\n")).toEqual(fine("x = 2\nt.a = 1\n"));
  });

  test("is never a comment that somebody else wrote in it or beside it", () => {
    expect(back("a = 1\n", "a = 1\nb = 2\n", "a = 1\nb = 2 # mine\n").text).toContain("# mine");
    expect(back("a = 1\n", "a = 1\nb = 2 # ours\n", "a = 2\nb = 2 # ours\n").text).not.toContain("# ours");
  });
});

describe("what is to stay", () => {
  const keep = [{ file: "config", path: ["m", "x"] }] as const;
  const after = "a = 2\n[m.x]\nn = 1\n";

  test("stays where the change had added it, while the rest goes back", () => {
    expect(back("a = 1\n", after, after, { keep })).toEqual({
      text: "a = 1\n[m.x]\nn = 1\n",
      conflicts: [],
      kept: ["m.x"],
    });
  });

  test("is no matter of a change that did not add it, or of another file", () => {
    expect(back("a = 1\n[m.x]\nn = 1\n", after, after, { keep })).toEqual(fine("a = 1\n[m.x]\nn = 1\n"));
    expect(back("[m]\nx = 1\n", "[m]\nx = 2\n", "[m]\nx = 2\n", { keep })).toEqual(fine("[m]\nx = 1\n"));
    const elsewhere = [{ file: "profile:p", path: ["m", "x"] }] as const;
    expect(back("a = 1\n", after, after, { keep: elsewhere })).toEqual(fine("a = 1\n"));
  });
});

describe("what a later change has moved to another place", () => {
  const table = "[profiles.p]\nmodel = 1\n";
  const moves = (...images: readonly Change[]) => back("", table, "", { later: [images] }).conflicts;
  const out = change(table, "");

  test("cannot be taken back from here, unless that is forced", () => {
    expect(moves(out, change(null, "model = 1\n", "profile:p"))).toEqual(["profiles.p.model"]);
    expect(moves(change(null, "model = 1\n", "profile:p"), out)).toEqual(["profiles.p.model"]);
    expect(moves(change(table, "[other.model]\nx = 1\n"))).toEqual([]);
    const later = [[out, change(null, "model = 1\n", "profile:p")]];
    expect(back("", table, "", { later, force: true })).toEqual(fine(""));
  });

  test("within the same file, or together with others, is moved as well", () => {
    expect(moves(change(table, "[old.profiles.p]\nmodel = 1\n"))).toEqual(["profiles.p.model"]);
    expect(moves(change(table, "[old]\nmodel = 1\n"))).toEqual([]);
    const two = "[profiles.p]\nmodel = 1\nother = 2\n";
    expect(back("", two, "", { later: [[change(two, "model = 3\n")]] }).conflicts).toEqual(["profiles.p.model"]);
  });

  test("has not moved where nothing of that name came, or it was not there, or is there still", () => {
    expect(moves(out)).toEqual([]);
    expect(moves(out, change("model = 2\n", "model = 1\n", "profile:p"))).toEqual([]);
    expect(moves(out, change(null, "review_model = 1\n", "profile:p"))).toEqual([]);
    expect(moves(change("", "x = 1\n"), change(null, "model = 1\n", "profile:p"))).toEqual([]);
    expect(moves(change(table, `x = 1\n${table}`), change(null, "model = 1\n", "profile:p"))).toEqual([]);
    expect(moves(change(null, "model = 1\n", "profile:p"))).toEqual([]);
    expect(moves(out, change("[t]\n[t]\n", "model = 1\n", "profile:p"))).toEqual([]);
    expect(moves(out, change("", "model = \n", "profile:p"))).toEqual([]);
    expect(moves(change("[t]\n[t]\n", ""), change(null, "model = 1\n", "profile:p"))).toEqual([]);
    expect(moves(change(table, "= 1\n"), change(null, "model = 1\n", "profile:p"))).toEqual(["profiles.p.model"]);
  });

  test("is no matter while it is here again, or of what the change did not add", () => {
    const later = [[out, change(null, "model = 1\n", "profile:p")]];
    expect(back("", table, `x = 1\n${table}`, { later })).toEqual(fine("x = 1\n"));
    expect(back("[profiles.p]\nmodel = 2\n", table, "", { later }).conflicts).toEqual(["profiles.p.model"]);
  });

  test("is looked for in nothing but later changes, of which there need be none", () => {
    expect(back("", table, "")).toEqual(fine(""));
    expect(back("", table, "", { later: [] })).toEqual(fine(""));
  });
});

test("several files are taken back together", () => {
  const files = new Snapshot((role) => (role === "config" ? "a = 3\n" : "b = 2\n"));
  const images = [change("a = 1\n", "a = 2\n"), change("b = 1\n", "b = 2\n", "profile:p")];
  expect(invert(images, files)).toEqual({
    ops: [{ op: "write", file: "profile:p", text: "b = 1\n", image: true }],
    conflicts: [{ file: "config", path: ["a"] }],
    kept: [],
    isBack: true,
  });
});

describe("one value that a change brought", () => {
  const path: KeyPath = ["s", "x", "enabled"];

  /** The text without it; null where it cannot be taken out. */
  function without(before: Text, after: Text, now: string, at: KeyPath = path): Text {
    const op = removeAdded(change(before, after), at, parseDocument(now, ""));
    if (op === null) return null;
    return applySteps([[op]], filesOf(now)).after.text("config");
  }
  const there = '[s.x]\ncommand = "c"\n';

  test("is taken out alone where the table was there, and with the table where that came for it alone", () => {
    expect(without(there, `${there}enabled = false\n`, `${there}enabled = false\n`)).toBe(there);
    expect(without("a = 1\n", "a = 1\n\n[s.x]\nenabled = false\n", "a = 1\n\n[s.x]\nenabled = false\n")).toBe(
      "a = 1\n",
    );
    expect(without(null, "[s.x]\nenabled = false\n", "[s.x]\nenabled = false\n")).toBe("");
  });

  test("is taken out alone where somebody has put more into the table since", () => {
    const now = "[s.x]\nenabled = false\nmore = 1\n";
    expect(without("", "[s.x]\nenabled = false\n", now)).toBe("[s.x]\nmore = 1\n");
  });

  test("stays where the change brought the table with more than it", () => {
    const whole = `${there}enabled = false\n`;
    expect(without("", whole, whole)).toBeNull();
    expect(without("", whole, "[s.x]\nenabled = false\n")).toBeNull();
    const nested = "[s.x.enabled]\na = 1\n";
    expect(without("", nested, nested)).toBe("");
  });

  test("stays where it holds something else now, or the change did not bring it", () => {
    const after = `${there}enabled = false\n`;
    expect(without(there, after, `${there}enabled = true\n`)).toBeNull();
    expect(without(there, after, there)).toBeNull();
    expect(without(`${there}enabled = true\n`, after, after)).toBeNull();
    expect(without(there, `${there}other = 1\n`, after)).toBeNull();
    expect(without(after, after, after)).toBeNull();
  });

  test("stays where somebody's comment would go with it", () => {
    const after = `${there}enabled = false # ours\n`;
    expect(without(there, after, after)).toBe(there);
    expect(without(there, after, `${there}enabled = false # mine\n`)).toBeNull();
    expect(without("", "[s.x]\nenabled = false\n", "[s.x] # mine\nenabled = false\n")).toBeNull();
  });

  test("stays where the change was of a text that does not parse", () => {
    const after = `${there}enabled = false\n`;
    expect(without("[t]\n[t]\n", after, after)).toBeNull();
    expect(without(there, "x = \n", after)).toBeNull();
    expect(without(there, null, there)).toBeNull();
  });
});
