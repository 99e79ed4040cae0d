/** The table of findings: every row has words for whatever it may carry, and commands that there are. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { VERBS } from "../../src/cli/verbs.ts";
import type { Finding, FindingCode } from "../../src/findings/finding.ts";
import { hintsOf, sentence, textOf } from "../../src/findings/messages.ts";
import { FINDINGS } from "../../src/findings/table.ts";
import type { Form } from "../../src/model/form.ts";

const SRC = fileURLToPath(new URL("../../src", import.meta.url));

/** Values that a form takes: each word of a closed list, null where it may be, and one of what is open. */
function valuesOf({ of, orNull, items, members, schema }: Form): readonly unknown[] {
  // The only object that a row carries is another finding.
  if (members) return [{ code: "threads-conflict", args: {} }];
  if (of) return [...valuesOf(of), ...(orNull ? [null] : [])];
  if (items) return [valuesOf(items).slice(0, 1), ["a b", "-x"]];
  if (Array.isArray(schema.enum)) return schema.enum;
  if (schema.type === "boolean") return [true, false];
  return schema.type === "integer" ? [schema.minimum, 7] : ["a b"];
}

/** Every value of each argument, beside the first of all others. */
function findingsOf(code: FindingCode): Finding[] {
  const forms = Object.entries(FINDINGS[code].args);
  const first = Object.fromEntries(forms.map(([name, form]) => [name, valuesOf(form)[0]]));
  const all = forms.flatMap(([name, form]) => valuesOf(form).map((value) => ({ ...first, [name]: value })));
  return [first, ...all].map((args) => ({ code, severity: "info", args }) as unknown as Finding);
}

const codes = Object.keys(FINDINGS) as FindingCode[];
const source = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !/^findings\b/.test(file))
  .map((file) => readFileSync(join(SRC, file), "utf8"));

describe.each(codes)("%s", (code) => {
  test("has words for whatever it carries, and spells no command in them", () => {
    for (const finding of findingsOf(code)) {
      const said = JSON.stringify(finding.args);
      expect(sentence(finding), said).toMatch(/^\S(?:.*\S)?$/s);
      expect(sentence(finding), said).not.toMatch(/undefined|\[object|codex-cfg |[.;:]$/);
      expect(textOf(finding), said).not.toMatch(/undefined|\[object/);
    }
  });

  test("helps with verbs that there are", () => {
    const verbs = findingsOf(code)
      .flatMap(hintsOf)
      .flatMap((hint) => (typeof hint === "object" && "argv" in hint ? hint.argv.slice(0, 1) : []));
    for (const verb of verbs) expect(Object.keys(VERBS)).toContain(verb);
  });

  test("is a code in plain words that some rule raises", () => {
    expect(code).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
    expect(source.filter((text) => text.includes(`"${code}"`)).length).toBeGreaterThan(0);
  });
});

test("the codes of schemaVersion 1 that have other names now are gone", () => {
  const changelog = readFileSync(join(SRC, "../CHANGELOG.md"), "utf8");
  const renamed = [...changelog.matchAll(/^ *\| `([a-z-]+)` \| `([a-z-]+)` \|$/gm)];
  expect(renamed).toHaveLength(9);
  for (const [, before = "", after = ""] of renamed) {
    expect(codes).not.toContain(before);
    expect(codes).toContain(after);
  }
});

test("every command that an error tells begins with a verb that there is", () => {
  const told = source.flatMap((text) =>
    [...text.matchAll(/argv: (?:\[|argvOf\()"([^"]+)"/g)].map(([, words = ""]) => words),
  );
  expect(told.length).toBeGreaterThan(20);
  for (const words of told)
    expect(["--codex-home", "--codex-version", "--help", ...Object.keys(VERBS)]).toContain(words.split(" ")[0]);
});
