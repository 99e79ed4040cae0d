/**
 * The official TOML conformance files, where they are to be had (TOML_TEST_DIR, or beside the checkout): every valid
 * one scans to its exact bytes and takes edits without harm, every invalid one is refused.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CfgError } from "../../src/model/error.ts";
import type { KeyPath, TomlTable } from "../../src/model/op.ts";
import { type Document, parseDocument } from "../../src/toml/document.ts";
import { nodeAt } from "../../src/toml/tree.ts";
import { isTable } from "../../src/toml/value.ts";

const DIR = process.env.TOML_TEST_DIR ?? new URL("../../../shared/toml-test", import.meta.url).pathname;

/** The files of one kind that TOML 1.1 lists; those that are not UTF-8 never reach the parser. */
function files(kind: "valid" | "invalid"): [name: string, text: string][] {
  const listed = readFileSync(join(DIR, "files-toml-1.1.0"), "utf8").split("\n");
  return listed
    .filter((name) => name.startsWith(`${kind}/`) && name.endsWith(".toml"))
    .flatMap((name): [string, string][] => {
      const bytes = readFileSync(join(DIR, name));
      const text = bytes.toString("utf8");
      return Buffer.from(text, "utf8").equals(bytes) ? [[name, text]] : [];
    });
}

function leaves(table: TomlTable, path: KeyPath = []): KeyPath[] {
  return Object.entries(table).flatMap(([key, value]) =>
    isTable(value) ? [[...path, key], ...leaves(value, [...path, key])] : [[...path, key]],
  );
}

/** Runs an edit; null when it is refused with a name. A failed proof is a bug and is thrown on. */
function attempt(edit: () => Document): Document | null {
  try {
    return edit();
  } catch (error) {
    if (error instanceof CfgError && error.code !== "internal") return null;
    throw error;
  }
}

describe.skipIf(!existsSync(DIR))("the TOML conformance files", () => {
  // Dates that no calendar has and integers beyond 64 bits are left to Codex; a leap second is refused.
  const lenient = /invalid\/(?:local-date|local-datetime|datetime)\/feb-|integer\/.*range/;
  const valid = existsSync(DIR) ? files("valid").filter(([name]) => !name.includes("leap")) : [];
  const invalid = existsSync(DIR) ? files("invalid") : [];

  test.each(valid)("%s: every character belongs to exactly one line", (name, text) => {
    const { lines, sections } = parseDocument(text, name).source;
    const numbers = Array.from({ length: lines.length }, (_, line) => line);
    expect(numbers.map((line) => text.slice(lines.start(line), lines.end(line))).join("")).toBe(text);
    const entries = [...sections].flatMap((section) => [...section.entries]);
    expect(entries.map(({ line }) => line)).toEqual(numbers.filter((line) => lines.kind(line) === "entry"));
    for (const { end, line, start } of entries)
      expect(lines.start(line) <= start && end <= lines.end(line), `line ${line + 1}`).toBe(true);
  });

  // Dotted keys inside an inline table come back by meaning, with one space round each sign.
  const respelled = /inline-table\/key-dotted/;

  test.each(valid)("%s: each key can be removed and comes back byte for byte", (name, text) => {
    const doc = parseDocument(text, name);
    for (const path of leaves(doc.data)) {
      const without = attempt(() => doc.edit([{ op: "unset", path }]));
      if (!without) continue;
      expect(without.get(path)).toBeUndefined();
      const again = attempt(() => without.edit([{ op: "reinsert", path, image: text }]));
      expect(again?.data, `reinsert ${path.join(".")}`).toEqual(doc.data);
      if (!respelled.test(name)) expect(again?.text, `reinsert ${path.join(".")}`).toBe(text);
    }
  });

  // White space inside an empty inline table on one line is not kept through an addition.
  const respaced = ["valid/inline-table/empty.toml"];

  test.each(valid)("%s: a key added to each table goes again without a trace", (name, text) => {
    const doc = parseDocument(text, name);
    for (const table of [[], ...leaves(doc.data).filter((path) => doc.table(path))]) {
      const node = nodeAt(doc.source.root, table);
      const implied = !node?.section && !node?.entry && node?.dottedKeyUses.length === 0;
      for (const value of [true, { inner: 1n }]) {
        const path = [...table, "added-here"];
        const added = attempt(() => doc.edit([{ op: "set", path, value }]));
        if (!added) continue;
        const again = added.edit([{ op: "unset", path, header: implied }]);
        expect(again.data).toEqual(doc.data);
        if (!respaced.includes(name)) expect(again.text, path.join(".")).toBe(text);
      }
    }
  });

  test.each(invalid.filter(([name]) => !lenient.test(name)))("%s is refused", (name, text) => {
    expect(() => parseDocument(text, name)).toThrow(CfgError);
  });
});
