import { expect, test } from "vitest";
import { secretsIn } from "../../src/redact/walk.ts";
import { parseDocument } from "../../src/toml/document.ts";

/** What is hidden, where it belongs, and why. */
function found(text: string) {
  return [...secretsIn(parseDocument(text, "").source)]
    .sort((a, b) => a.start - b.start)
    .map(({ end, kind, path, start }) => [text.slice(start, end), path.join("."), kind]);
}

test("a walk says what is secret, where it belongs and by which rule", () => {
  const text = `# api_key = "a"
[mcp_servers.x] # was Bearer b1c2
command = "c"
args = [
  "--token", "d", # old: "e"
  "https://u:f@h.example",
  '{"env": {"B": "g"}}',
]
env.A = "h"
[[hooks.Stop]]
hooks = [{ command = "sh -c 'TOKEN=i run'" }]
`;
  expect(found(text)).toEqual([
    ["a", "api_key", "path"],
    ["b1c2", "mcp_servers.x", "bearer"],
    ["d", "mcp_servers.x.args.1", "flag --token"],
    ["e", "mcp_servers.x.args", "beside a secret"],
    ["u:f", "mcp_servers.x.args.2", "login of an address"],
    ["g", "mcp_servers.x.args.3", "path"],
    ["h", "mcp_servers.x.env.A", "path"],
    ["i", "hooks.Stop.hooks.0.command", "pair: TOKEN"],
  ]);
});

test("a walk over a text without secrets finds nothing", () => {
  expect(found('model = "gpt-5.5" # mine\n\n[mcp_servers.x]\ncommand = "npx"\nargs = ["-y", "pkg"]\n')).toEqual([]);
});

test("escapes in a string move nothing", () => {
  expect(found('a = "\\u00e9\\t--token \\"b\\" \\U0001F600 TOKEN=c"\n').map(([secret]) => secret)).toEqual(["b", "c"]);
  expect(found('# token = "\\UFFFFFFFF"\n').map(([secret]) => secret)).toEqual(["\\UFFFFFFFF"]);
  expect(found('# a = "\\UFFFFFFFF TOKEN=c"\n').map(([secret]) => secret)).toEqual(["c"]);
});

test("a comment beside a secret may tell of it, however near it begins, and no other comment is one", () => {
  expect(found('token = "a"#was fake-12345\n').map(([secret]) => secret)).toEqual(["a", "fake-12345"]);
  const list = 'args = ["--token", "a", "--url=https://u:b@h.example"] # or fake-12345\n';
  expect(found(`[mcp_servers.x]\n${list}`).map(([secret]) => secret)).toEqual(["a", "u:b", "fake-12345"]);
  expect(found("# ABC-12345\n[a] # ABC-12345\n# ABC-12345\nb = 1 # ABC-12345\n# ABC-12345\n")).toEqual([]);
});
