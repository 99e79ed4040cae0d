/** Files by chance in which every key can be told from every other, and what they hold, wherever it stands. */
import { parse } from "smol-toml";
import type { KeyPath, TomlTable, TomlValue } from "../../src/model/op.ts";
import { isTable } from "../../src/toml/value.ts";

/** Numbers by chance, names that nobody else has, and choices. */
export type Dice = {
  roll(below: number): number;
  chance(share: number): boolean;
  pick<T>(of: readonly T[]): T;
  next(): number;
};

export function diceFrom(random: () => number): Dice {
  let last = 0;
  const roll = (below: number) => Math.floor(random() * below);
  return {
    roll,
    chance: (share) => random() < share,
    pick: (of) => of[roll(of.length)] as never,
    next: () => ++last,
  };
}

const NAMES = ["path", "name", "id", "matcher"];

/** A file with tables in every form, arrays of tables, and comments in every place. */
export function fileOf(dice: Dice): string {
  const sections = Array.from({ length: 1 + dice.roll(5) }, () => sectionOf(dice));
  const lines = [
    ...(dice.chance(0.3) ? [`# c${dice.next()}`, ""] : []),
    ...keys(dice, dice.roll(4)),
    ...(dice.chance(0.4) ? inlineTable(dice) : []),
    ...(dice.chance(0.3) ? dottedTable(dice) : []),
    ...sections.flat(),
  ];
  const eol = dice.chance(0.2) ? "\r\n" : "\n";
  const text = lines.join("\n");
  const end = dice.chance(0.15) ? "" : dice.chance(0.2) ? "\n\n" : "\n";
  const plain = (text === "" ? "" : text + end).replaceAll("\n", eol);
  if (!dice.chance(0.1)) return plain;
  // Some lines end as those of the other world.
  return plain.replace(/\r?\n/g, () => (dice.chance(0.5) ? "\r\n" : "\n"));
}

function keys(dice: Dice, count: number, indent = ""): string[] {
  return Array.from({ length: count }, () => {
    const line = `${indent}u${dice.next()}${dice.pick([" = ", "=", "  =  "])}${valueBy(dice, indent)}`;
    const above = dice.chance(0.2) ? [`${indent}# c${dice.next()}`] : [];
    return [...above, dice.chance(0.2) ? `${line} # c${dice.next()}` : line];
  }).flat();
}

function valueBy(dice: Dice, indent: string): string {
  if (dice.chance(0.1)) return `[\n${indent}  "a", # c${dice.next()}\n${indent}  "b"\n${indent}]`;
  return dice.pick(["1", "true", '"v"', "'v'", "0x1F", "3.50", "[1, 2]", '"""\nx\n  y"""', "1979-05-27", "{ }"]);
}

function blank(dice: Dice): string[] {
  const comment = dice.chance(0.3) ? [`# c${dice.next()}`] : [];
  return [...Array.from({ length: dice.pick([0, 1, 1, 1, 2]) }, () => ""), ...comment];
}

const trailing = (dice: Dice) => (dice.chance(0.2) ? ` # c${dice.next()}` : "");

function sectionOf(dice: Dice): string[] {
  const name = `t${dice.next()}`;
  if (dice.chance(0.5)) return arrayOf(dice, name);
  const above = dice.chance(0.2) ? [] : [...blank(dice), `[${name}]${trailing(dice)}`, ...keys(dice, dice.roll(4))];
  const below = dice.chance(0.4) || above.length === 0;
  return [
    ...above,
    ...(below ? [...blank(dice), `[${name}.t${dice.next()}]${trailing(dice)}`, ...keys(dice, 1 + dice.roll(3))] : []),
  ];
}

function arrayOf(dice: Dice, name: string): string[] {
  const key = dice.pick([...NAMES, null]);
  return Array.from({ length: 1 + dice.roll(3) }, () => [
    ...blank(dice),
    `[[${name}]]${trailing(dice)}`,
    ...(key === null
      ? []
      : [`${key} = "n${dice.next()}"`, `enabled = ${dice.pick(["true", "false"])}${trailing(dice)}`]),
    ...keys(dice, (key === null ? 1 : 0) + dice.roll(3)),
    ...(dice.chance(0.2) ? [...blank(dice), `[${name}.sub]`, ...keys(dice, 1 + dice.roll(2))] : []),
    ...(dice.chance(0.15) ? [`[[${name}.deep]]`, ...keys(dice, 1)] : []),
  ]).flat();
}

function inlineTable(dice: Dice): string[] {
  const name = `t${dice.next()}`;
  const members = Array.from({ length: 1 + dice.roll(3) }, () => `u${dice.next()} = ${dice.roll(9)}`);
  if (dice.chance(0.5)) return [`${name} = { ${members.join(", ")} }${trailing(dice)}`];
  const last = dice.chance(0.5) ? "," : "";
  const lines = members.map((one, i) => `  ${one}${i + 1 < members.length ? "," : last}${trailing(dice)}`);
  return [`${name} = {`, ...lines, `}${trailing(dice)}`];
}

function dottedTable(dice: Dice): string[] {
  const name = `t${dice.next()}`;
  return Array.from({ length: 1 + dice.roll(2) }, () => `${name}.u${dice.next()} = ${dice.roll(9)}${trailing(dice)}`);
}

export const read = (text: string): TomlTable =>
  parse(text.replace(/^\ufeff/, ""), { integersAsBigInt: true }) as TomlTable;

/** A key, a table or an element: where it stands, and the keys in it by names that they keep wherever they stand. */
export type Part = {
  readonly path: KeyPath;
  readonly kind: "key" | "table" | "element" | "array";
  readonly ids: readonly string[];
};

/** Everything in a file but its root. */
export function partsOf(value: TomlTable): readonly Part[] {
  const parts: Part[] = [];
  collect(value, [], "", (part) => parts.push(part));
  return parts;
}

/** The values of a file by the names of their keys. */
export function valuesOf(value: TomlTable): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  collect(value, [], "", ({ ids, kind, path }) => {
    const [id] = ids;
    if (kind !== "key" || id === undefined) return;
    if (values.has(id)) throw new Error(`${id} is there twice`);
    values.set(id, shown(at(value, path)));
  });
  return values;
}

function at(value: TomlValue, path: KeyPath): TomlValue {
  return path.reduce((now, part) => (now as never)[part], value);
}

function collect(value: TomlTable, path: KeyPath, place: string, found: (part: Part) => void): string[] {
  return Object.entries(value).flatMap(([key, item]) => {
    const here = [...path, key];
    if (isTable(item)) {
      const ids = collect(item, here, `${place}.${key}`, found);
      found({ path: here, kind: "table", ids });
      return ids;
    }
    if (Array.isArray(item) && item.length > 0 && item.every(isTable)) {
      const ids = item.flatMap((element: TomlTable, i: number) => {
        const name = NAMES.map((one) => element[one]).find((one) => one !== undefined) ?? "";
        const inside = collect(element, [...here, i], `${place}.${key}[${String(name)}]`, found);
        found({ path: [...here, i], kind: "element", ids: inside });
        return inside;
      });
      found({ path: here, kind: "array", ids });
      return ids;
    }
    const id = /^u\d+$/.test(key) ? key : `${place}.${key}`;
    found({ path: here, kind: "key", ids: [id] });
    return [id];
  });
}

function shown(value: TomlValue | undefined): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === "bigint" ? `int ${one}` : typeof one === "string" ? one.replaceAll("\r\n", "\n") : one,
  );
}

/** The comments of a file, each of which has a name of its own. */
export const commentsIn = (text: string): readonly string[] => (text.match(/# [co]\d+/g) ?? []).sort();
