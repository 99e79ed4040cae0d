import { describe, expect, test } from "vitest";
import { jsonIn } from "../../src/redact/json.ts";
import type { Value } from "../../src/toml/scan.ts";
import { cpuTime } from "../cpu-time.ts";

/** The names and spellings of all that was found. */
function leaves(text: string, value: Value, path = ""): string[] {
  if (value.kind === "scalar") return [`${path}=${text.slice(value.start, value.end)}`];
  return value.kind === "array"
    ? value.items.flatMap((item, i) => leaves(text, item, `${path}/${i}`))
    : value.entries.flatMap(({ key, value: inner }) => leaves(text, inner, `${path}/${key.parts.join()}`));
}

const found = (text: string) => jsonIn(text).map((value) => leaves(text, value).join(" "));

describe("JSON in a text", () => {
  test.each([
    ["alone", '{"a": "x", "b": [1, {"c": null}]}', ['/a="x" /b/0=1 /b/1/c=null']],
    ["in a command line", `run '{"a":"x"}' {"b":true}`, ['/a="x"', "/b=true"]],
    ["with escaped quotes", String.raw`"{\"a\": \"x\"}"`, [String.raw`/a=\"x\"`]],
    ["with a quote in a text", String.raw`{"a": "x\"y"}`, [String.raw`/a="x\"y"`]],
    ["of single quotes", "{'a': 'x'}", ["/a='x'"]],
    ["with nothing in it", "{} and { }", []],
    ["that does not end", '{"a": {"b": "x"}', ['/b="x"']],
    ["that is none", '{a} {{c}} {"a"}', []],
  ])("%s", (_, text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});

test.each(['{"', '{"a":', '{"a":[', '{"a":"b",', "{", '\\"'])("takes no longer for many of %s", (part) => {
  expect(cpuTime(() => found(`{"a":${part.repeat(50_000)}`))).toBeLessThan(4000);
});
