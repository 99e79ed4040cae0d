/** Which answers of Codex are known from one run to the next, and which are asked for again. */
import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { answerCacheIn } from "../../../src/host/node/answer-cache.ts";
import { programHost, realHost } from "../../../src/host/node/host.ts";

const root = fs.mkdtempSync(join(tmpdir(), "codex-cfg-answers-"));
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

const now = Date.now();
let folders = 0;
const folder = () => {
  const path = join(root, `cache-${folders++}`);
  fs.mkdirSync(path, { mode: 0o700 });
  return path;
};

test("an answer that was added is there, for whoever looks into the same folder", () => {
  const cache = folder();
  expect(answerCacheIn(cache).has("loads")).toBe(false);
  answerCacheIn(cache).add("loads");
  expect(programHost(cache).answerCache.has("loads")).toBe(true);
  expect(answerCacheIn(cache).has("loads not")).toBe(false);
});

test("no answer is there that is older than ten minutes, of the future, or the fifty-first", () => {
  const cache = folder();
  const file = join(cache, "answers");
  answerCacheIn(cache).add("old");
  const row = fs.readFileSync(file, "utf8").replace(/^\d+/, "");
  for (const [time, there] of [
    [now - 5 * 60_000, true],
    [now - 11 * 60_000, false],
    [now + 60_000, false],
  ] as const) {
    fs.writeFileSync(file, `${time}${row}`);
    expect(answerCacheIn(cache).has("old"), String(time - now)).toBe(there);
  }
  for (let i = 0; i < 60; i++) answerCacheIn(cache).add(`answer ${i}`);
  expect(fs.readFileSync(file, "utf8").trim().split("\n")).toHaveLength(50);
  const there = ["answer 9", "answer 10", "answer 59"].map((answer) => answerCacheIn(cache).has(answer));
  expect(there).toEqual([false, true, true]);
});

test("an answer is kept as a digest alone, in a file for its owner alone", () => {
  const cache = folder();
  answerCacheIn(cache).add("a text with a FAKE-SECRET in it");
  const file = join(cache, "answers");
  expect(fs.readFileSync(file, "utf8")).toMatch(/^\d+ [0-9a-f]{64}\n$/);
  expect(fs.readdirSync(cache)).toEqual(["answers"]);
  if (process.platform !== "win32") expect(fs.statSync(file).mode & 0o777).toBe(0o600);
});

test.skipIf(process.platform === "win32").each<[string, (file: string) => void]>([
  ["that others may write", (file) => fs.chmodSync(file, 0o666)],
  [
    "that is a link",
    (file) => {
      fs.renameSync(file, `${file}.real`);
      fs.symlinkSync(`${file}.real`, file);
    },
  ],
])("a file %s is not believed, and the next answer replaces it", (_, spoil) => {
  const cache = folder();
  answerCacheIn(cache).add("loads");
  spoil(join(cache, "answers"));
  expect(answerCacheIn(cache).has("loads")).toBe(false);
  answerCacheIn(cache).add("loads");
  expect(answerCacheIn(cache).has("loads")).toBe(true);
  expect(fs.lstatSync(join(cache, "answers"))).toMatchObject({ mode: 0o100600 });
});

test("nothing is kept where nothing can be written, and where there is no cache", () => {
  const file = join(folder(), "a file where the folder should be");
  fs.writeFileSync(file, "");
  for (const answers of [answerCacheIn(file), realHost().answerCache]) {
    answers.add("loads");
    expect(answers.has("loads")).toBe(false);
  }
});
