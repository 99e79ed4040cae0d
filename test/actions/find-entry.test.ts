/** Which entry of history a name means. */
import { expect, test } from "vitest";
import { findEntry } from "../../src/actions/find-entry.ts";
import type { Entry } from "../../src/model/change.ts";
import { CfgError } from "../../src/model/error.ts";
import { History } from "../../src/plan/history.ts";

const entry = (id: string, more: Partial<Entry> = {}): Entry => ({
  v: 1,
  id,
  time: "2030-01-01T00:00:00.000Z",
  command: "set model",
  touched: [],
  files: [],
  ...more,
});

function historyOf(entries: readonly Entry[], newer: readonly string[] = []): History {
  return new History({ entries, damaged: [], newer }, (id) => {
    throw new CfgError("newer-state", `${id} is of a newer codex-cfg`);
  });
}

const found = (name: string | undefined, ...entries: readonly Entry[]) => findEntry(historyOf(entries), name)?.id;
const code = (expected: string) => expect.objectContaining({ code: expected });

test("an entry is found by its id and by a beginning of four letters, and by none that is shorter", () => {
  const entries = [entry("0abcd1"), entry("0abce2")];
  expect(found("0abcd1", ...entries)).toBe("0abcd1");
  expect(found("0abcd", ...entries)).toBe("0abcd1");
  expect(found("0abc", entry("0abcd1"))).toBe("0abcd1");
  for (const short of ["0ab", "0a", "0", ""])
    expect(() => found(short, entry("0abcd1"))).toThrow(
      expect.objectContaining({ code: "unknown-name", message: `no entry or applied preset is called ${short}` }),
    );
});

test("an id that is short itself is found as a whole", () => {
  expect(found("0a", entry("0a"), entry("0ab"))).toBe("0a");
});

test("a beginning that several entries share is refused with their number, and nothing is guessed", () => {
  expect(() => found("0abc", entry("0abcd1"), entry("0abce2"))).toThrow(
    expect.objectContaining({
      code: "unknown-name",
      message: "2 entries begin with 0abc",
      hints: [{ note: "see them all", argv: ["history"] }],
    }),
  );
});

test("a preset's name means the newest time it was applied that is still active, else the newest", () => {
  const first = entry("01", { preset: "http-sse" });
  const second = entry("02", { preset: "http-sse" });
  expect(found("http-sse", first, second)).toBe("02");
  expect(found("http-sse", first, second, entry("03", { reverts: ["02"] }))).toBe("01");
  expect(found("http-sse", first, second, entry("03", { reverts: ["01", "02"] }))).toBe("02");
  expect(() => found("other", first, second)).toThrow(code("unknown-name"));
});

test("without a name it is the newest active change, else the newest entry of all, else none", () => {
  const entries = [entry("01"), entry("02"), entry("03", { reverts: ["02"] })];
  expect(found(undefined, ...entries)).toBe("01");
  expect(found(undefined, entry("01"), entry("02", { reverts: ["01"] }))).toBe("02");
  expect(findEntry(historyOf([]))).toBeNull();
});

test("an entry of a newer codex-cfg that may be the one meant is refused, and one that cannot be is not", () => {
  const preset = entry("0002", { preset: "http-sse" });
  for (const name of [undefined, "http-sse", "0003"])
    expect(() => findEntry(historyOf([preset], ["0003"]), name)).toThrow(code("newer-state"));
  expect(() => findEntry(historyOf([], ["0003"]))).toThrow(code("newer-state"));
  for (const name of [undefined, "http-sse", "0002"])
    expect(findEntry(historyOf([preset], ["0001"]), name)?.id).toBe("0002");
});
