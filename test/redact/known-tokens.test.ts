import { describe, expect, test } from "vitest";
import { isKeyPart, looksSecret, withoutTokens } from "../../src/redact/known-tokens.ts";

describe("in names and in all that is printed", () => {
  test.each([
    "sk-learn-docs",
    "pk-gateway-eu",
    "sk-experiments",
    "sk-projects-2026",
    "/home/you/sk-projects-2026/.codex",
  ])("%s is shown", (name) => {
    expect(withoutTokens(`is ${name} here`, "X")).toBe(`is ${name} here`);
  });

  test.each([
    "sk-proj-fake0fake1fake2fake3",
    "sk-CANARY-name-0123456789",
    "pk_live_0123456789abcdefghij",
    "ghp_fakefake0000",
  ])("%s is not", (token) => {
    expect(withoutTokens(`is ${token} here`, "X")).toBe("is X here");
  });
});

describe("in the path of an address", () => {
  test.each(["x1y2z3x1y2z3", "bot123456789:AAfake", "550e8400-e29b-41d4-a716-446655440000", "hush9abcdefghijklmn"])(
    "%s is a key",
    (part) => {
      expect(isKeyPart(part)).toBe(true);
    },
  );

  test.each([
    "openai",
    "deployments",
    "gpt-4o-mini-2024",
    "2025-04-01-preview",
    "claude-sonnet-4-20250514",
    "a1b2",
    "@scope",
    "cargo-nightly-powerpc64le-unknown.tar.gz",
  ])("%s is none", (part) => {
    expect(isKeyPart(part)).toBe(false);
  });
});

test.each([
  ["hunter2", true],
  ["654321", true],
  ["abcdefghijklmnopqrstuvwxyz", true],
  ["2026-01-02", false],
  ["10:30", false],
  ["v1.2.30", false],
  ["environment", false],
  ["https://h.example/1", false],
])("a word of prose may be a secret: %s, %s", (word, expected) => {
  expect(looksSecret(word)).toBe(expected);
});
