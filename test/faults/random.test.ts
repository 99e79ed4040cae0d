/** Edits by chance on documents by chance: what comes out equals a model, and nothing else has moved. */
import fc from "fast-check";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { revert as revertChange } from "../../src/actions/revert.ts";
import { type Home, openHome } from "../../src/home.ts";
import { CfgError } from "../../src/model/error.ts";
import type { FileRole, KeyPath, Op, TomlTable, TomlValue } from "../../src/model/op.ts";
import { httpSse } from "../../src/presets/http-sse.ts";
import { isTable, sameValue, valueAt } from "../../src/toml/value.ts";
import type { MemoryDisk } from "../memory-disk.ts";
import { memoryHost } from "../memory-host.ts";
import { some } from "../sample.js";
import { CONFIG, HOME, WORK, world } from "../store/world.ts";
import { document, fresh } from "./documents.ts";
import { count, figures, SEED } from "./figures.ts";

const RUNS = some(10_000);
const tally = { sequences: 0, edits: 0, refused: 0, reverts: 0, conflicts: 0, foreign: 0, undone: 0 };
figures(
  "random",
  () =>
    `${count(tally.sequences)} sequences: ${count(tally.edits)} edits equal to the model, ${count(tally.refused)} refused, ` +
    `${count(tally.reverts)} reverted alone, ${count(tally.foreign)} foreign edits kept, ${count(tally.undone)} undone byte for byte (seed ${SEED})`,
);

type Step =
  | {
      readonly do: "set" | "unset" | "add" | "table" | "move" | "revert";
      readonly at: number;
      readonly value: TomlValue;
    }
  | { readonly do: "apply" | "append" | "reformat"; readonly at: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constantFrom("set", "set", "unset", "unset", "add", "add", "table", "move", "revert"),
    at: fc.nat(999),
    value: fresh,
  }),
  fc.record({ do: fc.constantFrom("apply", "append", "reformat"), at: fc.nat(999) }),
) as fc.Arbitrary<Step>;

/** The files' data, as plain tables; a file that is not there is an empty one. */
type Data = Readonly<Record<"config" | "profile:work", TomlTable>>;

const read = (text: string | null): TomlTable =>
  parse((text ?? "").replace(/^\ufeff/, ""), { integersAsBigInt: true }) as TomlTable;
const dataOf = (disk: MemoryDisk): Data => ({ config: read(disk.text(CONFIG)), "profile:work": read(disk.text(WORK)) });
const homeOn = (disk: MemoryDisk): Home => openHome(memoryHost({ disk }), { dir: HOME, codexVersion: "0.169.0" });

test(`${count(RUNS)} sequences of edits equal the model, move nothing else, and are undone to the last byte`, async () => {
  const property = fc.asyncProperty(document, fc.array(step, { minLength: 1, maxLength: 7 }), async (text, steps) => {
    const { disk } = world({ [CONFIG]: text });
    let model = dataOf(disk);
    let untouched = true; // by anybody else, and reverted from the newest on
    tally.sequences += 1;
    for (const [n, one] of steps.entries()) {
      disk.now += 60_000;
      const before = disk.text(CONFIG) ?? "";
      if (one.do === "append" || one.do === "reformat") {
        const after =
          one.do === "append" ? foreignKey(before, `f${n}`) : before.replaceAll("\r\n", "\n").replace("\ufeff", "");
        if (after === before) continue;
        disk.put(CONFIG, after);
        untouched = false;
        tally.foreign += 1;
        model = dataOf(disk);
        continue;
      }
      const home = homeOn(disk);
      const now = model;
      const done = await unlessRefused(async () =>
        one.do === "revert" ? revert(home, one.at, now) : edit(home, one, n, now),
      );
      if (done === null) continue;
      model = done.model;
      // Taken back out of order, values come back, but not each line to its place.
      untouched &&= done.exact !== false;
      expectSame(dataOf(disk), model);
      expectKept(before, disk.text(CONFIG) ?? "", done.names, disk.text(WORK) ?? "");
    }
    const foreign = Object.entries(model.config).filter(([name]) => name.startsWith("f"));
    await undoAll(homeOn(disk));
    if (untouched) {
      expect([disk.text(CONFIG), disk.text(WORK)]).toEqual([text, null]);
      tally.undone += 1;
    } else {
      expectSame(dataOf(disk), { config: { ...read(text), ...Object.fromEntries(foreign) }, "profile:work": {} });
    }
  });
  await fc.assert(property, { numRuns: RUNS, seed: SEED });
});

/** What was done: the model after it, and the names whose lines it may touch. */
type Done = { readonly model: Data; readonly names: readonly string[]; readonly exact?: boolean };

async function edit(
  home: Home,
  { do: what, at, value }: Step & { readonly value?: TomlValue },
  n: number,
  before: Data,
): Promise<Done | null> {
  // Not what somebody else has added.
  const leaves = pathsIn(before.config, (item) => !isTable(item) && item !== "theirs");
  const tables = pathsIn(before.config, isTable);
  const pick = (paths: readonly KeyPath[]): KeyPath | undefined => paths[at % paths.length];
  const table = pick([[], ...tables]) ?? [];
  const onConfig = (path: KeyPath | undefined, op: object): readonly Op[] =>
    path === undefined ? [] : [{ ...op, file: "config", path } as Op];
  switch (what) {
    case "set":
      return commit(home, onConfig(pick(leaves), { op: "set", value }), before);
    case "unset":
      return commit(home, onConfig(pick(at % 5 === 0 ? tables : leaves), { op: "unset" }), before);
    case "add":
      return commit(home, onConfig([...table, `n${n}x`], { op: "set", value }), before);
    case "table":
      return commit(home, onConfig([...table, `n${n}x`], { op: "set", value: { a: value, b: { c: true } } }), before);
    case "move": {
      const path = pick(tables.filter((one) => one.length === 1));
      return commit(home, onConfig(path, { op: "move", to: { file: "profile:work", path } }), before);
    }
    default:
      return commit(home, presetOps(home), before);
  }
}

function presetOps(home: Home): readonly Op[] {
  const { snapshot, codex } = home;
  const options = {
    scope: "profile",
    profile: "work",
    providerId: "openai-http",
    name: "OpenAI",
    overwrite: false,
  } as const;
  const document = (role: FileRole) => snapshot.document(role);
  const exists = (role: FileRole) => snapshot.exists(role);
  return httpSse(options, { codex, document, exists }).ops;
}

/** Commits ops; null when nothing was done. */
async function commit(home: Home, ops: readonly Op[], before: Data): Promise<Done | null> {
  const entry = home.commit(await home.plan({ command: "test" }, ops));
  if (entry === null) return null;
  tally.edits += 1;
  const model = ops.reduce(afterOp, before);
  history.set(entry.id, { before, after: model });
  return { model, names: ops.flatMap((op) => namesOf(op, before)) };
}

/** A refusal has a name and is nothing done; anything else, a failed proof above all, is a bug. */
async function unlessRefused<T>(step: () => Promise<T>): Promise<T | null> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof CfgError) || error.code === "internal") throw error;
    tally.refused += 1;
    return null;
  }
}

/** The model on both sides of each entry. */
const history = new Map<string, { readonly before: Data; readonly after: Data }>();

async function revert(home: Home, at: number, now: Data): Promise<Done | null> {
  const live = home.history.active;
  const entry = live[at % live.length];
  if (entry === undefined) return null;
  // Taking back what a later change has built on leaves that one in conflict, by name; the tests of revert have those.
  const isBelow = (a: KeyPath, b: KeyPath) => a.every((part, i) => part === b[i]);
  const isBuiltOn = live.some(
    ({ id, touched }) =>
      id > entry.id &&
      touched.some((one) => entry.touched.some(({ path }) => isBelow(path, one.path) || isBelow(one.path, path))),
  );
  if (isBuiltOn) return null;
  const known = history.get(entry.id);
  if (known === undefined) throw new Error("an entry without a model");
  const plan = await revertChange(home, { change: entry.id }).catch((error: unknown) => {
    if (!(error instanceof CfgError) || error.code !== "conflict") throw error;
    tally.conflicts += 1;
    return null;
  });
  if (plan === null) return null;
  const isNewest = entry.id === home.history.entries.at(-1)?.id;
  const done = home.commit(plan);
  if (done === null) return null;
  tally.reverts += 1;
  const names = ["#", ...entry.touched.flatMap(({ path }) => path.map(String))];
  let model = now;
  for (const file of ["config", "profile:work"] as const) {
    for (const path of differences(known.before[file], known.after[file])) {
      const was = valueAt(known.before[file], path);
      const sides = [known.before, known.after].map((side) => valueAt(side[file], path) ?? true);
      names.push(...path.map(String), ...sides.flatMap(namesIn));
      model = { ...model, [file]: was === undefined ? without(model[file], path) : withValue(model[file], path, was) };
    }
  }
  history.set(done.id, { before: now, after: model });
  return { model, names, exact: isNewest };
}

async function undoAll(home: Home): Promise<void> {
  const plan = await revertChange(home, { all: true });
  if (plan) home.commit(plan);
}

// --- the model --------------------------------------------------------------------------------------------------------

function afterOp(data: Data, op: Op): Data {
  const table = data[op.file as keyof Data];
  if (op.op === "set") return { ...data, [op.file]: withValue(table, op.path, op.value) };
  if (op.op === "unset") return { ...data, [op.file]: without(table, op.path) };
  if (op.op !== "move") throw new Error(`the model knows no ${op.op}`);
  const moved = valueAt(table, op.path) as TomlTable;
  const to = op.to.file as keyof Data;
  return { ...data, [op.file]: without(table, op.path), [to]: withValue(data[to], op.to.path, moved) };
}

function withValue(table: TomlTable, [name = "", ...rest]: KeyPath, value: TomlValue): TomlTable {
  const below = Object.hasOwn(table, name) && isTable(table[name]) ? table[name] : {};
  const inner = rest.length === 0 ? value : withValue(below, rest, value);
  return { ...table, [name]: inner };
}

function without(table: TomlTable, [name = "", ...rest]: KeyPath): TomlTable {
  const { [name]: gone, ...others } = table;
  return rest.length === 0 || !isTable(gone) ? others : { ...others, [name]: without(gone, rest) };
}

function pathsIn(table: TomlTable, wanted: (value: TomlValue) => boolean, above: KeyPath = []): KeyPath[] {
  return Object.entries(table).flatMap(([name, value]) => {
    const path = [...above, name];
    return [...(wanted(value) ? [path] : []), ...(isTable(value) ? pathsIn(value, wanted, path) : [])];
  });
}

/** Paths of single values that differ between two tables. */
function differences(a: TomlTable, b: TomlTable): KeyPath[] {
  const leaves = [a, b].flatMap((side) => pathsIn(side, (value) => !isTable(value)));
  const paths = [...new Map(leaves.map((path) => [JSON.stringify(path), path])).values()];
  return paths.filter((path) => !sameValue(valueAt(a, path), valueAt(b, path)));
}

/** Every name that an op speaks of: its path, and what stands there. */
function namesOf(op: Op, before: Data): string[] {
  const there = valueAt(before[op.file as keyof Data], "path" in op ? op.path : []);
  // A table that goes takes along the comments that stand in it.
  const comments = op.op !== "set" && isTable(there) ? ["#"] : [];
  return [...("path" in op ? op.path.map(String) : []), ...(there === undefined ? [] : namesIn(there)), ...comments];
}

function namesIn(value: TomlValue): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  return isTable(value) ? Object.entries(value).flatMap(([name, below]) => [name, ...namesIn(below)]) : [];
}

// --- what is expected -------------------------------------------------------------------------------------------------

/** The same data; a table that holds nothing may be there or not. */
function expectSame(have: Data, want: Data): void {
  for (const file of ["config", "profile:work"] as const) {
    if (sameValue(full(have[file]), full(want[file]))) continue;
    expect({ [file]: full(have[file]) }).toEqual({ [file]: full(want[file]) });
    throw new Error("equal to look at, and different all the same");
  }
}

function full(table: TomlTable): TomlTable {
  const entries = Object.entries(table).map(([name, value]): [string, TomlValue] => [
    name,
    isTable(value) ? full(value) : unixed(value),
  ]);
  return Object.fromEntries(entries.filter(([, value]) => !isTable(value) || Object.keys(value).length > 0));
}

/** Line ends inside of long strings are those of the file. */
function unixed(value: TomlValue): TomlValue {
  if (typeof value === "string") return value.replaceAll("\r\n", "\n");
  if (Array.isArray(value)) return value.map(unixed);
  return isTable(value) ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, unixed(one)])) : value;
}

/** Every line that names nothing of what was edited is there still, in the same order; only the last may have got an end. */
function expectKept(before: string, after: string, names: readonly string[], elsewhere: string): void {
  const linesOf = (text: string) => text.replace("\ufeff", "").match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const lines = linesOf(after);
  let at = 0;
  let isInside = false;
  for (const line of linesOf(before)) {
    // The lines of a list are those of its key.
    if (isInside) {
      isInside = !/^\s*\]/.test(line);
      continue;
    }
    const isNamed = names.some((name) => line.includes(name));
    isInside = isNamed && /=\s*\[\s*(?:#.*)?$/.test(line.trimEnd());
    if (line.trim() === "" || isNamed) continue;
    const found = lines.findIndex((one, i) => i >= at && (one === line || one.trimEnd() === line.trimEnd()));
    // A comment goes with the table that it stands above.
    if (found < 0 && line.trim().startsWith("#") && elsewhere.includes(line.trim())) continue;
    if (found < 0) throw new Error(`lost ${JSON.stringify(line)} of\n${before}\nin\n${after}`);
    at = found + 1;
  }
}

/** What somebody else adds: a key in front of everything but comments. */
const foreignKey = (text: string, name: string): string => {
  const bom = text.startsWith("\ufeff") ? "\ufeff" : "";
  return `${bom}${name} = "theirs"\n${text.slice(bom.length)}`;
};
