/** What the program remembers from one run to the next, and what it does not. */
import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { memoryIn } from "../../../src/host/node/answer-cache.ts";
import { realHost } from "../../../src/host/node/host.ts";

const root = fs.mkdtempSync(join(tmpdir(), "codex-cfg-memory-"));
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

const now = Date.now();
let folders = 0;
const folder = () => join(root, `memory-${folders++}`);

test("a fact that was kept is held, for whoever looks into the same folder", () => {
  const cache = folder();
  expect(memoryIn(cache).holds("loads")).toBe(false);
  memoryIn(cache).keep("loads");
  expect(memoryIn(cache).holds("loads")).toBe(true);
  expect(memoryIn(cache).holds("loads not")).toBe(false);
});

test("no fact is held that is older than ten minutes, of the future, or the fifty-first", () => {
  const cache = folder();
  const file = join(cache, "memory");
  memoryIn(cache).keep("old");
  const row = fs.readFileSync(file, "utf8").replace(/^\d+/, "");
  for (const [time, held] of [
    [now - 5 * 60_000, true],
    [now - 11 * 60_000, false],
    [now + 60_000, false],
  ] as const) {
    fs.writeFileSync(file, `${time}${row}`);
    expect(memoryIn(cache).holds("old"), String(time - now)).toBe(held);
  }
  for (let i = 0; i < 60; i++) memoryIn(cache).keep(`fact ${i}`);
  expect(fs.readFileSync(file, "utf8").trim().split("\n")).toHaveLength(50);
  const held = ["fact 9", "fact 10", "fact 59"].map((fact) => memoryIn(cache).holds(fact));
  expect(held).toEqual([false, true, true]);
});

test("a fact is kept as a digest alone", () => {
  const cache = folder();
  memoryIn(cache).keep("a text with a FAKE-SECRET in it");
  expect(fs.readFileSync(join(cache, "memory"), "utf8")).toMatch(/^\d+ [0-9a-f]{64}\n$/);
});

test("nothing is held where it may not be written, and where nobody gave it a place", () => {
  const cache = folder();
  fs.writeFileSync(cache, "a file where the folder should be");
  for (const memory of [memoryIn(cache), realHost().memory]) {
    memory.keep("loads");
    expect(memory.holds("loads")).toBe(false);
  }
});
