/**
 * What an edit leaves is read the same by every other parser at hand: the parser that verifies is one opinion, and its
 * author may have the same blind spots as a person.
 */
import { parse as iarna } from "@iarna/toml";
import { parse as smol } from "smol-toml";
import { parse as node } from "toml";
import { getStaticTOMLValue, parseTOML } from "toml-eslint-parser";
import { describe, expect, test } from "vitest";
import { applySteps } from "../../src/plan/plan.ts";
import { Snapshot } from "../../src/plan/snapshot.ts";

const PARSERS: Readonly<Record<string, (text: string) => unknown>> = {
  "smol-toml": (text) => smol(text),
  "@iarna/toml": (text) => iarna(text),
  toml: (text) => node(text),
  "toml-eslint-parser": (text) => getStaticTOMLValue(parseTOML(text)),
};

const TEXTS: Readonly<Record<string, string>> = {
  nothing: "",
  "root keys and tables": 'model = "x" # mine\n\n[tui]\ntheme = "y"\n',
  "a header of its own": '[mcp_servers.docs]\ncommand = "docs"\nargs = ["-y", "a]b"]\n',
  "sub-tables only": '[mcp_servers.docs.env]\nA = "1"\n',
  "an inline table": 'mcp_servers = { docs = { command = "docs" }, git = { command = "git" } }\n',
  "dotted keys": 'mcp_servers.docs.command = "docs"\nmodel = "x"\n\n[tui]\nx = 1\n',
  CRLF: '[a]\r\nb = """\r\n[c]\r\n"""\r\n\r\n[mcp_servers.docs]\r\ncommand = "docs"',
  "arrays of tables": '[[a]]\nx = 1\n\n[[a]]\nx = 2 # two\n\n[mcp_servers.docs]\ncommand = "docs"\n',
};

/** Plain data whatever classes and kinds of number a parser has. */
const plain = (data: unknown): unknown =>
  JSON.parse(JSON.stringify(data, (_, value) => (typeof value === "bigint" ? Number(value) : value)));

describe.each(Object.entries(TEXTS))("after an edit of %s", (_, before) => {
  const ops = [
    { op: "set", file: "config", path: ["mcp_servers", "docs", "enabled"], value: false },
    { op: "set", file: "config", path: ["model_providers", "a b", "http_headers"], value: { "X-Y": 'a\\b"c\u0007é' } },
    { op: "set", file: "config", path: ["model_context_window"], value: 400_000n },
  ] as const;
  const after = applySteps([ops], new Snapshot(() => before)).changes[0]?.after ?? "";

  test.each(Object.keys(PARSERS))("%s reads what was meant", (name) => {
    const read = (text: string) => plain(PARSERS[name]?.(text)) as Record<string, Record<string, object>>;
    const was = read(before);
    expect(read(after)).toEqual({
      ...was,
      model_context_window: 400_000,
      mcp_servers: { ...was.mcp_servers, docs: { ...was.mcp_servers?.docs, enabled: false } },
      model_providers: { "a b": { http_headers: { "X-Y": 'a\\b"c\u0007é' } } },
    });
  });
});
