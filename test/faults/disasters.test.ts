/**
 * What others do to the files of a home, by chance: whatever they destroyed comes back with its last good value, whatever
 * they added stays, and taking that back gives their bytes again. Homes as people have them, codex-cfg having run once.
 */
import { parse, stringify } from "smol-toml";
import { expect, test } from "vitest";
import { restore } from "../../src/actions/restore.ts";
import { revert } from "../../src/actions/revert.ts";
import type { TomlTable, TomlValue } from "../../src/model/op.ts";
import { isTable, leavesOf, sameValue, valueAt } from "../../src/toml/value.ts";
import { memoryHome } from "../memory-home.ts";
import { some } from "../sample.js";
import { HOME } from "../store/world.ts";
import { count, diceOf, figures, SEED } from "./figures.ts";
import { homeText } from "./people-homes.ts";

const RUNS = some(2000);
const tally = { disasters: 0, values: 0, kept: 0, whole: 0, undone: 0, noops: 0 };
figures(
  "disasters",
  () =>
    `${count(tally.disasters)} disasters on ${count(RUNS)} homes: ${count(tally.values)} lost values back, ${count(tally.kept)} values of others kept, ` +
    `${count(tally.whole)} files back to the byte, ${count(tally.undone)} restores undone to the byte, ${count(tally.noops)} repeated restores did nothing (seed ${SEED})`,
);

type Roll = () => number;
const pick = <T>(roll: Roll, items: readonly T[]): T => items[Math.floor(roll() * items.length)] as T;

/** What a disaster leaves of a text: null for no file. `isPart`: every line that is left stands as it stood. */
type Disaster = { readonly left: Uint8Array | null; readonly isPart: boolean };

const textOf = (bytes: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
const bytesOf = (text: string) => new TextEncoder().encode(text);
const part = (left: Uint8Array | null): Disaster => ({ left, isPart: true });

const DISASTERS: Readonly<Record<string, (text: string, roll: Roll, older: string) => Disaster>> = {
  "NUL fill": (text) => part(new Uint8Array(bytesOf(text).length)),
  "NUL tail": (text, roll) => {
    const bytes = bytesOf(text);
    return part(bytes.fill(0, Math.floor(roll() * bytes.length)));
  },
  cut: (text, roll) => part(bytesOf(text).subarray(0, Math.floor(roll() * bytesOf(text).length))),
  "cut at a sixteenth byte": (text, roll) =>
    part(bytesOf(text).subarray(0, 16 * Math.floor((roll() * bytesOf(text).length) / 16))),
  "wiped to a part": (text, roll) => ({ left: bytesOf(stringify(subset(read(text), roll))), isPart: false }),
  "lines gone": (text, roll) =>
    part(
      bytesOf(
        sectionsOf(text)
          .filter(() => roll() < 0.5)
          .join(""),
      ),
    ),
  deleted: () => part(null),
  empty: () => part(new Uint8Array(0)),
  garbage: (_, roll) =>
    part(Uint8Array.from({ length: 1 + Math.floor(roll() * 400) }, () => 128 + Math.floor(roll() * 128))),
  "older copy": (_, _roll, older) => ({ left: bytesOf(older), isPart: false }),
  rewritten: (text, roll) => {
    const rest = subset(read(text), roll);
    const theirs = { desktop: { x: 1n, theme: "dark" }, [`theirs_${Math.floor(roll() * 1e6)}`]: "new" };
    return { left: bytesOf(stringify({ ...rest, ...theirs })), isPart: false };
  },
};

const read = (text: string): TomlTable =>
  parse(text.replace(/^\ufeff/, ""), { integersAsBigInt: true }) as unknown as TomlTable;

function readable(bytes: Uint8Array | null): TomlTable | null {
  try {
    return bytes === null ? null : read(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return null;
  }
}

/** A table with some of its keys, tables and elements left out, never one inside of a value. */
function subset(table: TomlTable, roll: Roll): TomlTable {
  return Object.fromEntries(
    Object.entries(table).flatMap(([key, value]): [string, TomlValue][] => {
      if (roll() < 0.4) return [];
      if (isTable(value)) return roll() < 0.5 ? [[key, value]] : [[key, subset(value, roll)]];
      if (isTables(value)) {
        const rest = value.filter(() => roll() < 0.6);
        return rest.length === 0 ? [] : [[key, rest]];
      }
      return [[key, value]];
    }),
  );
}

function isTables(value: TomlValue | undefined): value is readonly TomlTable[] {
  return Array.isArray(value) && value.length > 0 && value.every(isTable);
}

/** A text in pieces that begin at its headers. */
const sectionsOf = (text: string): string[] => text.split(/^(?=\[[\w."' -]+\][ \t]*(?:#.*)?\r?$)/m);

/** What must be there: everything of `good` that `now` has no other value for, and everything of `now`. */
function expectAll(result: TomlTable, good: TomlTable, now: TomlTable, about: string): void {
  for (const [path, value] of leavesOf(now)) {
    if (isTable(value) || isTables(value)) continue;
    if (!sameValue(valueAt(result, path), value)) expect.fail(`${about}: ${path.join(".")} of others is not there`);
    tally.kept += 1;
  }
  for (const [path, value] of leavesOf(good)) {
    if (isTable(value)) continue;
    const [is, theirs] = [valueAt(result, path), valueAt(now, path)];
    if (isTables(value)) {
      const elements = Array.isArray(is) ? is : [];
      for (const element of value) {
        if (!elements.some((one) => sameValue(one, element)))
          expect.fail(`${about}: an element of ${path.join(".")} is lost`);
        tally.values += 1;
      }
    } else if (theirs === undefined) {
      if (!sameValue(is, value)) expect.fail(`${about}: ${path.join(".")} is lost`);
      tally.values += 1;
    }
  }
}

test(`${count(RUNS)} homes lose nothing by what others do, and get their bytes back when that is taken back`, async () => {
  for (let n = 0; n < RUNS; n++) {
    const roll = diceOf(SEED * 100_003 + n);
    const older = homeText(roll);
    const name = roll() < 0.8 ? "config.toml" : "work.config.toml";
    const role = name === "config.toml" ? "config" : "profile:work";
    const home = memoryHome({ "config.toml": homeText(roll), [name]: older });
    const look = () =>
      home.disk.look(`${HOME}/${name}`) !== null && Uint8Array.from(home.disk.read(`${HOME}/${name}`, 1e9).bytes);
    const put = (bytes: Uint8Array | null) => {
      const path = `${HOME}/${name}`;
      if (home.disk.look(path) !== null) home.disk.remove(path);
      if (bytes !== null) home.disk.put(path, bytes);
      home.disk.now += 60_000;
    };
    // It has run once before: a look, or a change of ours.
    const isRecorded = roll() < 0.3;
    if (isRecorded) home.open().record();
    else
      await home.change("set", [
        { op: "set", file: role, path: ["model_verbosity"], value: pick(roll, ["low", "high"]) },
      ]);
    let good = home.text(name) ?? "";
    const about: string[] = [`home ${n}`];
    const disasters = roll() < 0.75 ? 1 : 2;
    let now: TomlTable = read(good);
    let expected = now;
    let isPart = true;
    for (let i = 0; i < disasters; i++) {
      const kind = pick(roll, Object.keys(DISASTERS));
      about.push(kind);
      const done = DISASTERS[kind]?.(good, roll, older) as Disaster;
      put(done.left);
      tally.disasters += 1;
      // An end without a character in it is nothing that anybody misses.
      const isShort = done.left !== null && good.slice(textOf(done.left).length).trim() === "";
      isPart &&= done.isPart && i === 0 && !isShort;
      const data = readable(done.left);
      // The last value of a file that was cut may be a shorter one: it is lost, not changed.
      const isCut = done.left !== null && good.startsWith(textOf(done.left).replace(/\0+$/, ""));
      now = data === null || isCut ? {} : data;
      if (i < disasters - 1) home.open().record();
      if (Object.keys(now).length > 0) expected = merged(expected, now);
      if (i < disasters - 1 && data !== null && !isCut && done.left !== null)
        good = new TextDecoder().decode(done.left);
    }
    const left = look();
    if (roll() < 0.5) home.open().recordOnTheWay();
    if (roll() < 0.3) home.open().record();
    // Between two changes of ours, where the file can be changed at all.
    if (left !== false && readable(left) !== null && new TextDecoder().decode(left).trim() !== "" && roll() < 0.2) {
      about.push("a change of ours");
      await home.change("set", [{ op: "set", file: role, path: ["hide_agent_reasoning"], value: true }]);
      expected = { ...expected, hide_agent_reasoning: true };
      isPart = false;
    }
    const before = look();
    const where = about.join(", ");
    const id = await home.commit((opened) => restore(opened));
    const text = home.text(name);
    const result = text === null ? {} : read(text);
    try {
      expectAll(result, expected, now, where);
    } catch (error) {
      throw new Error(
        `${where}\n--- good\n${good}\n--- left\n${before && new TextDecoder().decode(before)}\n--- result\n${text}`,
        { cause: error },
      );
    }
    if (isPart && !about.includes("lines gone")) {
      expect(text, where).toBe(good);
      tally.whole += 1;
    }
    if (id === null) continue;
    expect(await home.commit((opened) => restore(opened)), where).toBe(null);
    tally.noops += 1;
    await home.commit((opened) => revert(opened));
    expect(look(), where).toEqual(before);
    tally.undone += 1;
  }
});

/** The first table with what the second one has instead. */
function merged(table: TomlTable, other: TomlTable): TomlTable {
  const names = [...new Set([...Object.keys(table), ...Object.keys(other)])];
  return Object.fromEntries(
    names.map((name): [string, TomlValue] => {
      const [old, now] = [valueAt(table, [name]), valueAt(other, [name])];
      if (isTable(old) && isTable(now)) return [name, merged(old, now)];
      if (isTables(old) && Array.isArray(now))
        return [name, [...(now as TomlTable[]), ...old.filter((one) => !now.some((it) => sameValue(it, one)))]];
      return [name, (now ?? old) as TomlValue];
    }),
  );
}
