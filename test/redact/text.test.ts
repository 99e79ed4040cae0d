import { describe, expect, test } from "vitest";
import { secretsInText } from "../../src/redact/text.ts";
import { cpuTime } from "../cpu-time.ts";

const hidden = (text: string, hasNames = false) =>
  secretsInText(text, hasNames).map(({ end, start }) => text.slice(start, end));

describe("a text shows by itself", () => {
  test.each([
    ["pairs of a connection", "Server=h;Password=x;Db=y token='a b'", ["x", "a b"]],
    ["a pair with a colon when it looks so", "token: x1y2z3, token: see", ["x1y2z3"]],
    ["a pair in quotes", '"password": "x"', ["x"]],
    ["what is asked for in an address", "https://h.example/?a=b&api_key=x&key=y#token=z", ["x", "y", "z"]],
    ["who logs in at an address", "https://me:x@h.example/ ssh://git@h", ["me:x", "git"]],
    ["who logs in with an at or a slash", "postgres://u:p@x@h/db postgres://u:a/x@h/db", ["u:p@x", "u:a/x"]],
    ["nobody who logs in at a port", "https://h.example:8080/@scope/pkg", []],
    ["a key in a path", "https://h.example/s/x1y2z3x1y2z3/mcp?b=c", ["x1y2z3x1y2z3"]],
    ["a key in a path behind a login", "https://me:pw@h.example/s/x1y2z3x1y2z3/", ["me:pw", "x1y2z3x1y2z3"]],
    ["a value with a hash in it, but for one that an address is asked with", "token=a#b ?token=ab#c", ["a#b", "ab"]],
    ["a value in quotes that begins with a blank", `token=" x" token=' y'`, [" x", " y"]],
    ["a value in quotes that ends in a backslash", String.raw`token='a\' b`, ["a\\"]],
    ["no value where there is none", `token="" token='' token= `, []],
    ["who logs in with slashes in a password", "a://me:b/x1y2z3x1y2z3/c@h/db", ["me:b/x1y2z3x1y2z3/c"]],
    ["who logs in where the text begins with it", "://me:x@h", ["me:x"]],
    ["nobody who logs in at a port of one digit, or in a path", "https://h:8/@scope/pkg https://h.example/x:y@z", []],
  ])("%s", (_, text, expected) => {
    expect(hidden(text)).toEqual(expected);
  });

  test("a token less often where names stand", () => {
    expect(hidden("sk-12345678")).toEqual(["sk-12345678"]);
    expect(hidden("sk-12345678", true)).toEqual([]);
  });
});

test.each(["://", "a://b/", "x=", "token=", "sk-", "sk-a", "eyJ", "Bearer ", "basic a", "a".repeat(50), "https://a@"])(
  "takes no longer for many of %j",
  (part) => {
    expect(cpuTime(() => hidden(`token=${part.repeat(50_000)}`))).toBeLessThan(4000);
  },
);
