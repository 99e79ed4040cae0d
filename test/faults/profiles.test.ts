/**
 * Profiles made, changed, renamed, used and taken off by chance, between edits of others: a model of the data says at every
 * step what config.toml has to hold, and at the end nothing that nobody touched has moved by a byte.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { newProfile } from "../../src/actions/profile/create.ts";
import { deleteProfile } from "../../src/actions/profile/delete.ts";
import { inUse } from "../../src/actions/profile/in-use.ts";
import { renameProfile } from "../../src/actions/profile/rename.ts";
import { useProfile } from "../../src/actions/profile/use.ts";
import { revert } from "../../src/actions/revert.ts";
import type { Home } from "../../src/home.ts";
import { CfgError } from "../../src/model/error.ts";
import type { KeyPath, TomlTable, TomlValue } from "../../src/model/op.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { parseDocument } from "../../src/toml/document.ts";
import { leavesOf, renderKey, sameValue } from "../../src/toml/value.ts";
import { type MemoryHome, memoryHome } from "../memory-home.ts";
import { some } from "../sample.js";
import { count, figures, SEED } from "./figures.ts";

const RUNS = some(5_000);
const tally = { sequences: 0, uses: 0, none: 0, foreign: 0, edits: 0, reverts: 0, exact: 0, lines: 0 };
figures(
  "profiles",
  () =>
    `${count(tally.sequences)} sequences: ${count(tally.uses)} uses, ${count(tally.none)} times none again, ${count(tally.reverts)} uses reverted, ` +
    `${count(tally.foreign)} edits of others kept, ${count(tally.edits)} edits of profiles; ${count(tally.exact)} files as before to the byte, ` +
    `${count(tally.lines)} lines nobody touched in their place (seed ${SEED})`,
);

/** Configs as people have them: median size, comments, groups, inline and dotted tables, and odd ends. */
const HOMES: readonly string[] = [
  "",
  'model = "gpt-5"\n',
  '# Mine.\nmodel = "gpt-5"   # the usual one\napproval_policy = "on-request"\n\n[tui]\nanimations = true\n\n# Servers\n[mcp_servers.docs]\ncommand = "docs"\nargs = ["--quiet"]\n',
  '\ufeffmodel = "gpt-5"\r\nmodel_reasoning_effort = "low"\r\n\r\n[mcp_servers.docs]\r\ncommand = "docs"\r\nenv = { A = "1", B = "2" }\r\n\r\n# the end',
  'tui.animations = false # dotted\nmcp_servers.docs = { command = "docs", enabled = true }\nmodel_context_window = 0x20000\n\n[history]\npersistence = "none"',
  '[mcp_servers]\n[mcp_servers.docs]\ncommand = "docs"\n\n[mcp_servers.docs.env]\n# a token\nA = "1"\n\n[mcp_servers.git]\nurl = "https://git.example/mcp"\n\n[tui]\n# nothing yet\n',
  'notify = [\n  "notify-send", # shown\n  "done",\n]\nhide_agent_reasoning = true\n\n[[skills.config]]\npath = "/skills/one"\nenabled = false\n\n[features]\nmulti_agent = true\n\n[projects."/srv/x"]\ntrust_level = "trusted"\n',
];

/** What profiles and others set, all of it taken by Codex whatever else is there. */
const CHOICES: readonly (readonly [KeyPath, readonly TomlValue[]])[] = [
  [["model"], ["gpt-5", "gpt-5.5", "gpt-5-mini"]],
  [["model_reasoning_effort"], ["low", "high"]],
  [["approval_policy"], ["on-request", "never"]],
  [["model_context_window"], [1000n, 131072n]],
  [["hide_agent_reasoning"], [true, false]],
  [["notify"], [["a"], ["b", "c"]]],
  [
    ["tui", "animations"],
    [true, false],
  ],
  [
    ["history", "persistence"],
    ["none", "save-all"],
  ],
  [
    ["features", "multi_agent"],
    [true, false],
  ],
  [
    ["mcp_servers", "docs", "enabled"],
    [true, false],
  ],
  [
    ["mcp_servers", "extra", "command"],
    ["extra", "other"],
  ],
  [
    ["mcp_servers", "extra", "args"],
    [["x"], ["x", "y"]],
  ],
  [
    ["mcp_servers", "docs", "env", "C"],
    ["3", "4"],
  ],
  [
    ["projects", "/srv/y", "trust_level"],
    ["trusted", "untrusted"],
  ],
];
/** A server needs to be there for a switch of it, and a command for its arguments. */
const NEEDS: readonly (readonly [KeyPath, TomlValue])[] = [
  [["mcp_servers", "docs", "command"], "docs"],
  [["mcp_servers", "extra", "command"], "extra"],
];

const NAMES = ["work", "home", "night"] as const;
type Name = (typeof NAMES)[number];
type Pick = { readonly key: number; readonly value: number };
type Step =
  | { readonly do: "new" | "profile-set"; readonly name: Name; readonly picks: readonly Pick[] }
  | { readonly do: "use" | "use" | "delete"; readonly name: Name }
  | { readonly do: "rename" | "copy"; readonly name: Name; readonly to: Name }
  | { readonly do: "foreign-set" | "foreign-unset"; readonly picks: readonly Pick[] }
  | { readonly do: "foreign-append" | "none" | "revert-use" };

const name = fc.constantFrom(...NAMES);
const picks = fc.array(fc.record({ key: fc.nat(CHOICES.length - 1), value: fc.nat(2) }), {
  minLength: 1,
  maxLength: 4,
});
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("new" as const), name, picks }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("use" as const), name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("profile-set" as const), name, picks }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("rename" as const, "copy" as const), name, to: name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("delete" as const), name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("foreign-set" as const, "foreign-unset" as const), picks }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom("foreign-append" as const, "none" as const, "revert-use" as const) }),
  },
) as fc.Arbitrary<Step>;

/** Leaves by their dotted key. */
type Leaves = Map<string, { readonly path: KeyPath; readonly value: TomlValue }>;

const leaves = (data: TomlTable): Leaves =>
  new Map(leavesOf(data).flatMap(([path, value]) => (path.length === 0 ? [] : [[renderKey(path), { path, value }]])));
const configOf = (home: MemoryHome) => parseDocument(home.text("config.toml") ?? "", "config.toml");

/** What is there beneath the profile in use, and what that one has laid over it. */
type Model = { base: Leaves; laid: Leaves };

test(`${count(RUNS)} sequences leave what the model says, and every byte that nobody touched`, async () => {
  const home = fc.constantFrom(...HOMES);
  const property = fc.asyncProperty(home, fc.array(step, { minLength: 3, maxLength: 12 }), async (text, steps) => {
    const start = memoryHome({
      "config.toml": text,
      "work.config.toml": 'model = "gpt-5.5"\n',
      "home.config.toml": "",
    });
    const model: Model = { base: leaves(configOf(start).data), laid: new Map() };
    const touched = new Set<string>();
    tally.sequences += 1;
    for (const one of [...steps, { do: "none" } as const]) {
      await take(start, one, model, touched);
      expectHeld(start, model);
    }
    expect(inUse(start.open())).toBeNull();
    const end = start.text("config.toml") ?? "";
    if (touched.size === 0) {
      expect(end).toBe(text);
      tally.exact += 1;
    }
    expectUntouched(text, end, touched);
  });
  await fc.assert(property, { numRuns: RUNS, seed: SEED });
});

async function take(home: MemoryHome, one: Step, model: Model, touched: Set<string>): Promise<void> {
  const commit = (planOf: (home: Home) => Promise<Plan | null>) => unlessRefused(() => home.commit(planOf));
  switch (one.do) {
    case "new": {
      const made = await commit((opened) => newProfile(opened, { profile: one.name }));
      if (made !== undefined) home.write(`${one.name}.config.toml`, profileText(one.picks));
      return;
    }
    case "profile-set":
      if (home.text(`${one.name}.config.toml`) === null) return;
      home.write(`${one.name}.config.toml`, profileText(one.picks));
      tally.edits += 1;
      return;
    case "copy":
      await commit((opened) => newProfile(opened, { profile: one.to, from: one.name }));
      return;
    case "rename":
      await commit((opened) => renameProfile(opened, { profile: one.name, name: one.to }));
      return;
    case "delete":
      await commit((opened) => deleteProfile(opened, { profile: one.name }));
      return;
    case "foreign-append":
      return foreign(home, model, touched, trusted);
    case "foreign-set":
      return foreign(home, model, touched, (text) =>
        one.picks.reduce((now, pick) => {
          const [path, value] = chosen(pick);
          // What stands in a server that the profile alone defines cannot stay without it: a case of its own.
          if (path[0] === "mcp_servers" && !model.base.has(`mcp_servers.${path[1]}.command`)) return now;
          return parseDocument(now, "").edit([{ op: "set", path, value }]).text;
        }, text),
      );
    case "foreign-unset":
      return foreign(home, model, touched, (text) =>
        one.picks.reduce((now, pick) => {
          const there = [...leaves(parseDocument(now, "").data).values()].filter(
            ({ path }) => path[0] !== "mcp_servers" && path[0] !== "skills",
          );
          const gone = there[pick.key % Math.max(1, there.length)];
          return gone === undefined ? now : parseDocument(now, "").edit([{ op: "unset", path: gone.path }]).text;
        }, text),
      );
    case "use":
    case "none": {
      const profile = "name" in one ? one.name : null;
      const settings = profile === null ? new Map() : leavesIn(home.text(`${profile}.config.toml`));
      const current = inUse(home.open());
      const said = current === null ? new Map() : leavesIn(home.text(`${current.profile}.config.toml`));
      if (profile !== null && home.text(`${profile}.config.toml`) === null) return;
      const before = home.text("config.toml");
      const done = await commit((opened) => useProfile(opened, { profile }));
      if (done === undefined) return;
      tally[one.do === "none" ? "none" : "uses"] += 1;
      takeOff(model, said, leaves(parseDocument(before ?? "", "").data));
      for (const [key, leaf] of settings) lay(model, key, leaf);
      // Doing it twice is a no-op.
      expect(await commit((opened) => useProfile(opened, { profile }))).toBeNull();
      return;
    }
    case "revert-use": {
      const newest = home.open().history.activeChanges.at(-1);
      if (newest?.use === undefined || newest.files.length === 0) return;
      const [image] = home.open().history.images(newest);
      if (image?.file !== "config" || image.after !== home.text("config.toml")) return;
      const id = await home.commit((opened) => revert(opened, {}));
      expect(id).not.toBeNull();
      expect(home.text("config.toml")).toBe(image.before);
      // And forth again, so that the model goes on as it was.
      await home.commit((opened) => revert(opened, { change: id ?? "" }));
      expect(home.text("config.toml")).toBe(image.after);
      tally.reverts += 1;
    }
  }
}

/** A project that Codex has been told to trust, appended as Codex does it. */
function trusted(text: string): string {
  let n = text.length;
  while (text.includes(`"/p${n}"`)) n++;
  return `${text}${/(^|\n)$/.test(text) ? "" : "\n"}[projects."/p${n}"]\ntrust_level = "trusted"\n`;
}

function lay({ base, laid }: Model, key: string, leaf: { readonly path: KeyPath; readonly value: TomlValue }): void {
  if (!sameValue(base.get(key)?.value, leaf.value)) laid.set(key, leaf);
}

/** A key that holds what was laid, or what its profile says by now, gives way; any other value belongs to who wrote it. */
function takeOff({ base, laid }: Model, said: Leaves, now: Leaves): void {
  for (const [key, { path, value }] of laid) {
    const held = now.get(key)?.value;
    const isOurs = sameValue(held, value) || (held !== undefined && sameValue(held, said.get(key)?.value));
    if (isOurs || sameValue(held, base.get(key)?.value)) continue;
    if (held === undefined) base.delete(key);
    else base.set(key, { path, value: held });
  }
  laid.clear();
}

/** Somebody else writes config.toml. What they set beside the profile's keys is there from then on, profile or not. */
function foreign(home: MemoryHome, model: Model, touched: Set<string>, edit: (text: string) => string): void {
  const before = home.text("config.toml") ?? "";
  const after = edit(before);
  if (after === before) return;
  home.write("config.toml", after);
  tally.foreign += 1;
  const [old, now] = [leaves(parseDocument(before, "").data), leaves(parseDocument(after, "").data)];
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const leaf = now.get(key);
    if (sameValue(old.get(key)?.value, leaf?.value)) {
      // The same number in another spelling is another line.
      if (leaf && parseDocument(before, "").spelling(leaf.path) !== parseDocument(after, "").spelling(leaf.path))
        touched.add(key);
      continue;
    }
    touched.add(key);
    // A change of a key that is laid shows when the profile is taken off.
    if (model.laid.has(key)) continue;
    if (leaf === undefined) model.base.delete(key);
    else model.base.set(key, leaf);
  }
}

function chosen({ key, value }: Pick): readonly [KeyPath, TomlValue] {
  const [path, values] = CHOICES[key] ?? [["model"], ["gpt-5"]];
  return [path, values[value % values.length] ?? "gpt-5"];
}

/** A profile with these settings, and what they need to be loaded. */
function profileText(chosenOnes: readonly Pick[]): string {
  const settings = chosenOnes.map(chosen);
  const needed = NEEDS.filter(([path]) => settings.some(([other]) => other[1] === path[1] && other[0] === path[0]));
  return [...needed, ...settings].reduce(
    (text, [path, value]) => parseDocument(text, "").edit([{ op: "set", path, value }]).text,
    "# A profile.\n",
  );
}

const leavesIn = (text: string | null): Leaves => leaves(parseDocument(text ?? "", "").data);

function expectHeld(home: MemoryHome, { base, laid }: Model): void {
  const now = leaves(configOf(home).data);
  for (const [key, { value }] of base) {
    if (laid.has(key) || isTableOf(value)) continue;
    expect(sameValue(now.get(key)?.value, value), `${key} of the base`).toBe(true);
  }
  for (const [key, { value }] of now) {
    if (isTableOf(value) || laid.has(key)) continue;
    expect(base.has(key), `${key} is nobody's`).toBe(true);
  }
}

const isTableOf = (value: TomlValue) => typeof value === "object" && !Array.isArray(value) && !(value instanceof Date);

/** Every line of the text of the beginning that holds no touched key is there at the end, in its order. */
function expectUntouched(text: string, end: string, touched: ReadonlySet<string>): void {
  const document = parseDocument(text, "");
  const lines = text.split("\n");
  const isTouched = (key: string, line: string) => {
    const near = key.split(".").slice(0, 2).join(".");
    const isInline = line.includes("{");
    const together = (one: string) => one === key || one.startsWith(`${key}.`) || key.startsWith(`${one}.`);
    return [...touched].some((one) => together(one) || (isInline && one.startsWith(`${near}.`)));
  };
  const hit = new Set(
    [...leaves(document.data)].flatMap(([key, { path }]) => {
      const range = document.range(path);
      if (!range) return [];
      const [first, last] = [document.position(range.start).line, document.position(range.end).line];
      if (!isTouched(key, lines[first - 1] ?? "")) return [];
      return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    }),
  );
  const kept = lines.filter((line, at) => !hit.has(at + 1) && line.trim() !== "" && !line.trim().startsWith("["));
  let from = 0;
  const found = end.split("\n");
  for (const line of kept) {
    const at = found.findIndex((other, index) => index >= from && plain(other) === plain(line));
    expect(at, `${JSON.stringify(line)} in ${JSON.stringify(end)}`).toBeGreaterThanOrEqual(0);
    from = at + 1;
    tally.lines += 1;
  }
}

const plain = (line: string) => line.replace(/^\ufeff|\r$/g, "");

/** Undefined where the command refuses, which is an answer. */
async function unlessRefused<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CfgError && error.code !== "internal") return undefined;
    throw error;
  }
}
