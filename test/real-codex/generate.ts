/**
 * Configs for the differential suite, the same ones for the same seed: every key that a release knows with values that
 * fit and values that do not, the rules both ways, layers, and realistic files with lines that went wrong.
 */
import { fieldIn, type Schema, type Struct } from "../../src/codex/schema.ts";
import { type Dice, dice } from "./generate-dice.ts";
import { realisticFiles } from "./generate-files.ts";
import { layeredCases } from "./generate-layers.ts";
import { mutated } from "./generate-mutations.ts";
import { ruleCases } from "./generate-rules.ts";
import { fitting, type Path, unfitting, written } from "./generate-values.ts";

/** A scratch home, and the profile it is asked with. */
export type Case = {
  readonly name: string;
  /** File names of the home; `config.toml` first. */
  readonly files: Readonly<Record<string, string>>;
  readonly profile: string | null;
};

export type Amounts = { readonly keys: number; readonly unknown: number; readonly mutations: number };

/** All the cases for a release: the tables whole, and as many drawn ones as asked for. */
export function generate(schema: Schema, version: string, amounts: Amounts, seed: number): Case[] {
  const roll = dice(seed);
  return [
    ...realisticFiles.map((text, i) => single(`realistic file ${i}`, text)),
    ...ruleCases.map((text) => single(`rule: ${text.trim().replaceAll("\n", " ⏎ ")}`, text)),
    ...layeredCases,
    ...keyCases(schema, version, amounts.keys, roll),
    ...unknownCases(schema, version, amounts.unknown, roll),
    ...Array.from({ length: amounts.mutations }, (_, i) => {
      const text = mutated(roll.pick(realisticFiles), roll);
      return single(`mutation ${i} of ${seed}`, text);
    }),
  ];
}

export function single(name: string, text: string): Case {
  return { name, files: { "config.toml": text }, profile: null };
}

/** Keys drawn from the whole schema, every other one with a value that fits. */
function keyCases(schema: Schema, version: string, count: number, roll: Dice): Case[] {
  const places = placesOf(schema, version);
  return Array.from({ length: count }, (_, i) => {
    const [path, wanted] = roll.pick(places);
    const value = i % 2 === 0 ? fitting(wanted, version, roll) : unfitting(roll);
    return single(`key ${path.join(".")}`, written(path, value));
  });
}

/** A key that nobody knows in a struct drawn from the schema. */
function unknownCases(schema: Schema, version: string, count: number, roll: Dice): Case[] {
  const structs = placesOf(schema, version).filter(([, { kind }]) => kind === "struct");
  return Array.from({ length: count }, () => {
    const [path, wanted] = roll.pick(structs);
    const value = fitting(wanted, version, roll);
    return single(`unknown below ${path.join(".")}`, written(path, { ...Object(value), zzz_unknown: unfitting(roll) }));
  });
}

/** Every key of a release, with what it takes; one entry stands for all of a map or an array. */
export function placesOf(schema: Schema, version: string): (readonly [Path, Schema])[] {
  const found: (readonly [Path, Schema])[] = [];
  const visit = (at: Schema, path: Path): void => {
    if (path.length > 0) found.push([path, at]);
    if (path.length > 8) return;
    if (at.kind === "struct") {
      for (const name of Object.keys((at as Struct).fields)) {
        const field = fieldIn(at, name, version);
        if (field) visit(field, [...path, name]);
      }
      if (at.rest) visit(at.rest, [...path, "some_name"]);
    } else if (at.kind === "map") visit(at.values, [...path, "some_name"]);
    else if (at.kind === "array") visit(at.items, [...path, 0]);
    else if (at.kind === "oneOf") for (const option of at.options) visit(option, path);
  };
  visit(schema, []);
  return found;
}
