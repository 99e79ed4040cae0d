/** The facts about Codex as data: each with its brackets and its source, each read by the code, each read rightly. */
import { readdirSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { always, compareVersions, firstChange, forVersion, NEWEST, versionIn } from "../../src/codex/facts.ts";

type Change = { readonly first: string; readonly without: string; readonly adds?: unknown; readonly drops?: string[] };
type Fact = { readonly about: string; readonly is: unknown; readonly changes?: readonly Change[] };

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const data = JSON.parse(read("src/codex/facts.json"));
const facts: [name: string, fact: Fact][] = Object.entries(data.facts);
const changing = facts.flatMap(([name, { changes }]) => (changes ? [[name, changes] as const] : []));
const fits = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(
  JSON.parse(read("test/codex/facts.schema.json")),
);

/** The sources but the reader of the facts itself. */
const sources = readdirSync(new URL("../../src", import.meta.url), { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".ts") && name !== "codex/facts.ts")
  .map((name) => [name, read(`src/${name}`)] as const);

/** A fact of any name, whose type nobody knows here. */
const inRelease = (name: string, version: string): unknown => forVersion(name as "strictConfig", version);

describe("facts.json", () => {
  test("fits its schema", () => {
    fits(data);
    expect(fits.errors ?? []).toEqual([]);
  });

  test.each([
    ["a fact without a source", { about: "Something of Codex", is: true }],
    ["a source that says neither measured nor read", { about: "Something of Codex", source: "heard of", is: true }],
    ["a change without the last release before it", row({ first: "0.2.0", is: true })],
    ["a change without the first release", row({ without: "0.1.0", is: true })],
    ["a change that changes nothing", row({ without: "0.1.0", first: "0.2.0" })],
    ["a change that replaces and adds", row({ without: "0.1.0", first: "0.2.0", is: [], adds: ["a"] })],
    ["a release in two numbers", row({ without: "0.1", first: "0.2.0", is: true })],
    ["no changes in a list of them", { ...row(), changes: [] }],
    ["a word that nobody knows", { ...row({ without: "0.1.0", first: "0.2.0", is: true }), since: "0.2.0" }],
  ])("would not with %s", (_, fact) => {
    expect(
      fits({ about: "", newest: "0.2.0", facts: { sound: row({ without: "0.1.0", first: "0.2.0", is: 1 }) } }),
    ).toBe(true);
    expect(fits({ about: "", newest: "0.2.0", facts: { fact } })).toBe(false);
  });

  test.each(changing)("%s changes in order, up to the newest release", (_, changes) => {
    const releases = changes.flatMap(({ first, without }) => [without, first]);
    for (const [i, release] of [...releases, NEWEST].entries()) {
      const before = releases[i - 1];
      // A release without the one change may be the first with the change before it, or the newest one.
      const least = i % 2 === 1 && i < releases.length ? 1 : 0;
      if (before !== undefined) expect(Math.sign(compareVersions(release, before))).toBeGreaterThanOrEqual(least);
    }
  });

  test.each(changing)("%s is another after each of its changes", (name, changes) => {
    for (const { first, without } of changes) expect(inRelease(name, first)).not.toEqual(inRelease(name, without));
  });

  test.each(changing)("%s adds what is not there, and drops what is", (name, changes) => {
    const namesIn = (value: unknown) => (Array.isArray(value) ? value : Object.keys(value ?? {}));
    for (const { adds, drops = [], without } of changes) {
      const before = inRelease(name, without);
      expect(namesIn(before)).toEqual(expect.arrayContaining(drops));
      if (Array.isArray(adds)) for (const added of adds) expect(before).not.toContainEqual(added);
    }
  });

  test("its patterns are patterns", () => {
    const patterns = facts.filter(([, { about }]) => about.includes("pattern")).map(([, fact]) => fact);
    expect(patterns.length).toBeGreaterThan(5);
    for (const fact of patterns) for (const text of textsIn([fact.is, fact.changes ?? []])) new RegExp(text);
  });

  test("is of the release that the keys were measured on", () => {
    expect(NEWEST).toBe(JSON.parse(read("src/codex/schema/root.json")).version);
  });

  test.each(facts.map(([name]) => name))("%s is read by the code", (name) => {
    const asked = new RegExp(`(?:(?:forVersion|always|firstChange)\\(\\s*|values: )"${name}"`);
    expect(sources.filter(([, text]) => asked.test(text))).not.toEqual([]);
  });

  test("has every release that the code decides by", () => {
    // Our own version, and the one of a form of findings.
    const own = (name: string) => ["model/version.ts", "cli/validate/formats.ts"].includes(name);
    const literal = /["'`]\d+\.\d+\.\d+["'`]/;
    expect(sources.filter(([name, text]) => !own(name) && literal.test(text)).map(([name]) => name)).toEqual([]);
  });
});

describe("a fact in a release", () => {
  test.each([
    ["before its first change", "0.133.0", "table"],
    ["from its first release on", "0.134.0", "file"],
    ["in a release to come", "9.0.0", "file"],
    ["in a release to be, which counts as the release", "0.134.0-alpha.1", "file"],
    ["in the oldest", "0.1.0", "table"],
  ])("is what it is %s", (_, version, layout) => {
    expect(forVersion("profileLayout", version)).toBe(layout);
  });

  test.each([
    ["0.58.0", ["openai", "oss"]],
    ["0.63.0", ["openai", "ollama", "lmstudio"]],
    ["0.94.0", ["openai", "ollama", "lmstudio", "ollama-chat"]],
    ["0.95.0", ["openai", "ollama", "lmstudio"]],
    ["0.169.0", ["openai", "ollama", "lmstudio", "amazon-bedrock", "amazon-bedrock-runtime", "gcp"]],
  ])("is a list that grows and shrinks: the providers of %s", (version, ids) => {
    expect(forVersion("builtInProviders", version)).toEqual(ids);
  });

  test("is a table that grows and shrinks", () => {
    const variables = ["0.128.0", "0.129.0"].map((version) => forVersion("loginBeatingVariables", version));
    expect(variables).toEqual([{ CODEX_API_KEY: "exec" }, { CODEX_API_KEY: "exec", CODEX_ACCESS_TOKEN: "all" }]);
    const tui = ["0.161.0", "0.162.0"].map((version) => forVersion("olderUnknownKeys", version).Tui);
    expect(tui).toEqual(["ignored", undefined]);
  });

  test("asked for leaves the data as they are", () => {
    const [before, after] = [forVersion("wireApis", "0.94.0"), forVersion("wireApis", "0.95.0")];
    expect([before, after]).toEqual([["responses", "chat"], ["responses"]]);
    expect(forVersion("wireApis", "0.94.0")).toEqual(before);
  });

  test("that never changed needs no release", () => {
    expect(always("stdioOnlyServerKeys")).toEqual(["args", "env", "env_vars", "cwd"]);
  });

  test("names the first release that changed it", () => {
    expect([firstChange("profileLayout"), firstChange("cliStores")]).toEqual(["0.134.0", "0.53.0"]);
  });
});

describe("versions", () => {
  test("compare by number", () => {
    const versions = ["0.169.0", "0.9.1", "0.98.0", "0.142.5"];
    expect(versions.sort(compareVersions)).toEqual(["0.9.1", "0.98.0", "0.142.5", "0.169.0"]);
    expect(compareVersions("0.134.0-alpha.1", "0.134.0")).toBe(0);
  });

  test.each([
    ["codex-cli 0.169.0\n", "0.169.0"],
    ["0.170.0-alpha.2", "0.170.0"],
    ["no version 1.2", null],
  ])("are found in a text: %s", (text, version) => {
    expect(versionIn(text)).toBe(version);
  });
});

function row(...changes: readonly object[]): object {
  return { about: "Something of Codex", source: "measured: somehow", is: false, changes };
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
