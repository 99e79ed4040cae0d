import { describe, expect, test } from "vitest";
import { secretsInArgument, secretsInCommandLine } from "../../src/redact/command-line.ts";
import { cpuTime } from "../cpu-time.ts";

const hidden = (line: string, isProse = false) =>
  secretsInCommandLine(line, isProse).map(({ end, start }) => line.slice(start, end));

describe("an argument", () => {
  test.each([
    ["x", "--token", "x"],
    ["-x1y2", "--token", "-x1y2"],
    ["--token=x", "", "x"],
    ["--token='x y'", "", "x y"],
    ["--header X-Any: x", "", "x"],
    ["Password: x y", "", "x y"],
    ["TOKEN=", "", undefined],
    ["--verbose", "--token", undefined],
    ["-v", "--token", undefined],
    ["x", "-k", undefined],
    ["x", "token", undefined],
    ["token://x", "", undefined],
    ["TOKEN=x run", "-lc", undefined],
    ["TOKEN=x run", "-x", "x run"],
    ["token=x y", "-x", "x y"],
    ["token=x y", "-c", undefined],
    ["token: x y", "-c", "x y"],
  ])("%s behind %j", (word, before, expected) => {
    const [found] = secretsInArgument(word, before);
    expect(found ? word.slice(found.start, found.end) : undefined).toBe(expected);
  });
});

describe("a command line", () => {
  test.each([
    ["with quotes", "curl -H 'X-Any: x' --token \"y z\"", ["x", "y z"]],
    ["with escaped quotes", String.raw`sh -c \"run --token \\\"x\\\" -v\"`, ["x"]],
    ["inside of others", `sh -c "sh -c 'run --token x'"`, ["x"]],
    ["over lines", "run \\\n  --token x \\\n  -v", ["x"]],
    ["as a list", '["--api-key", "x"], "y"', ["x"]],
    ["with an apostrophe", "don't --token x isn't", ["x"]],
    ["with a quote that does not close", "run 'x --token y", ["y"]],
    ["with more blanks than one", "run -v --token  x", ["x"]],
    ["with a name that is no flag", "- my token abc", []],
    ["of one word", "--token=x", []],
  ])("%s", (_, line, expected) => {
    expect(hidden(line)).toEqual(expected);
  });

  test("in prose ends with its line, and is no sentence", () => {
    expect(hidden("pass --token\nthen go on", true)).toEqual([]);
    expect(hidden("pass --token for it", true)).toEqual([]);
    expect(hidden("pass --token x1 for it", true)).toEqual(["x1"]);
    expect(hidden('"--token",\n"x"', true)).toEqual(["x"]);
    expect(hidden("pass --token \n x1", true)).toEqual([]);
  });
});

test.each(["'", '"', '\\"', "-", "--token ", "=", "x", "a 'b "])("takes no longer for many of %j", (part) => {
  expect(cpuTime(() => hidden(`- ${part.repeat(100_000)}`))).toBeLessThan(4000);
});
