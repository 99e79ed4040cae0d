/** Comments stay readable: only what is a secret in them is hidden. */
import { describe, expect, test } from "vitest";
import { Redactor } from "../../src/redact/redactor.ts";
import { cpuTime } from "../cpu-time.ts";

/** The text with every mark as `<>`. */
const redacted = (text: string) => new Redactor().text(text).text.replace(/\u2039secret [A-Z]\u203a/g, "<>");

describe("a comment", () => {
  test.each([
    ["behind a secret", 'a.token = "x" # k\n', 'a.token = "<>" # k\n'],
    [
      "behind a secret, with a date",
      'a.token = "x" # rotated 2026-01-02 by ops\n',
      'a.token = "<>" # rotated 2026-01-02 by ops\n',
    ],
    ["behind a secret, that quotes another", 'a.token = "x" # was "y"\n', 'a.token = "<>" # was "<>"\n'],
    [
      "behind a secret, that names another",
      'a.token = "x" # was hunter2, don\'t ask\n',
      'a.token = "<>" # was <>, don\'t ask\n',
    ],
    [
      "behind a table of secrets",
      '[mcp_servers.x]\nenv = { A = "x" } # B = "y"\n',
      '[mcp_servers.x]\nenv = { A = "<>" } # B = "<>"\n',
    ],
    ["above a secret", '# my key\na.token = "x"\n', '# my key\na.token = "<>"\n'],
    ["of prose and a setting", '# the old one: api_key = "x" # mine\n', '# the old one: api_key = "<>" # mine\n'],
    ["of two settings", '# a = "b", token = "x"\n', '# a = "b", token = "<>"\n'],
    ["with a command line", "# run: API_KEY=x npx --token y2 -u me:z\n", "# run: API_KEY=<> npx --token <> -u me:<>\n"],
    ["with an address", "# see https://me:x@h.example/?b=c\n", "# see https://<>@h.example/?b=c\n"],
    ["with JSON", '# { "env": { "A": "x=y" }, "b": "c" }\n', '# { "env": { "A": "<>" }, "b": "c" }\n'],
    [
      "with JSON over lines",
      '# {\n#   "env": {\n#     "A": "x"\n#   }\n# }\n',
      '# {\n#   "env": {\n#     "A": "<>"\n#   }\n# }\n',
    ],
    ["with a value that has no quotes", "# token = x # mine\n", "# token = <> # mine\n"],
    ["with a word that has no quotes", "# token=x is old\n", "# token=<> is old\n"],
    ["with a value that does not end", "# token = [ 'a',\n# 'b'\n", "# token = <>\n"],
    ["with a list that does not end", '# args = [ "--port", # one\n# "8x0y1z"\n', '# args = [ "<>", # one\n# "<>"\n'],
    ["with an apostrophe", "# don't = 'tis\na = 1\n", "# don't = 'tis\na = 1\n"],
    ["of two signs", '## token = "x"\n', '## token = "<>"\n'],
    ["in a comment", '# env = {\n#   # OLD = "x",\n#   A = "y" }\n', '# env = {\n#   # OLD = "<>",\n#   A = "<>" }\n'],
    [
      "after a flag in a list",
      'a = [\n  "--token", # the token\n  # "x",\n  "y" ]\n',
      'a = [\n  "--token", # the token\n  # "<>",\n  "<>" ]\n',
    ],
    ["in a list, after a flag alone", 'a = [\n  "--token",\n  # "x",\n]\n', 'a = [\n  "--token",\n  # "<>",\n]\n'],
    ["that closes a list", 'a = [\n  # "b"] token = "x"\n]\n', 'a = [\n  # "b"] token = "<>"\n]\n'],
    [
      "below a header that is one, too",
      '# [mcp_servers.x.env] # note\n# A = "x"\n\n# B = "y"\nC = "z"\n# D = "w"\n',
      '# [mcp_servers.x.env] # note\n# A = "<>"\n\n# B = "<>"\nC = "z"\n# D = "w"\n',
    ],
    [
      "with names that people chose",
      "# see sk-learn-docs and /srv/sk-projects-2026\n",
      "# see sk-learn-docs and /srv/sk-projects-2026\n",
    ],
    ["about a flag", "# pass --token for that, or --auth\n", "# pass --token for that, or --auth\n"],
    [
      "about a token",
      "# the token: see a=b; bearer tokens come from the environment\n",
      "# the token: see a=b; bearer tokens come from the environment\n",
    ],
  ])("%s", (_, given, expected) => {
    expect(redacted(given)).toBe(expected);
  });
});

test("takes no longer for comments that nearly are something", () => {
  const line = `# ${'a = "'.repeat(20_000)}\n# ${"=".repeat(200_000)}\n# ${"x".repeat(200_000)}\n# ${"{".repeat(100_000)}\n`;
  expect(
    cpuTime(() => redacted(`a = 1\n${line}${'# "--token",\n'.repeat(20_000)}${"# b = [\n".repeat(20_000)}`)),
  ).toBeLessThan(4000);
});
