import { expect, test } from "vitest";
import { serverCommand } from "../../src/redact/server-command.ts";

test.each([
  ["a program", { command: "npx", args: ["-y", "pkg"] }, "npx -y pkg"],
  ["a secret behind --auth", { command: "x", args: ["--auth", "hush"] }, "x --auth \u2039secret\u203a"],
  ["a secret in JSON", { command: "x", args: ['{"apiKey":"hush"}'] }, 'x {"apiKey":"\u2039secret\u203a"}'],
  [
    "a secret in a command line",
    { command: "sh", args: ["-c", 'curl -H "X-A: hush"'] },
    'sh -c curl -H "X-A: \u2039secret\u203a"',
  ],
  [
    "an address among arguments",
    { command: "x", args: ["https://me:hush@h.example/a?b=hush"] },
    "x https://h.example/a",
  ],
  ["an address", { url: "https://me:hush@h.example/mcp?key=hush#x" }, "https://h.example/mcp"],
  ["what is no address", { url: "hush" }, "(no address)"],
  ["what is no text", { command: "x", args: [1n, "y"] }, "x  y"],
  ["nothing", {}, ""],
] as const)("%s", (_, launch, expected) => {
  // The name of a server is no value.
  for (const name of ["docs", "env", "headers"]) expect(serverCommand({ name, launch })).toBe(expected);
});
