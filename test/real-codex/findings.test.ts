/**
 * The page of each finding, held against the client: it refuses the example, or takes it, as the page says, and takes what
 * every fix makes of it.
 */
import { readFileSync } from "node:fs";
import { expect, describe as group, it } from "vitest";
import { describe } from "../../src/actions/describe.ts";
import { openHome } from "../../src/home.ts";
import { realHost } from "../../src/host/node/host.ts";
import { codex } from "./client.ts";
import { scratchHome } from "./homes.ts";
import { VERSIONS, type Version } from "./install.ts";

const STRICT = ["app-server", "--print-startup-config", "--strict-config"];
/** A start with the profile is refused, a plain one is not; and a file that has to be there. */
const OTHERWISE = ["legacy-table", "not-json"];

const pages = await describe(openHome(realHost(), { dir: scratchHome() }));
const described = pages.flatMap(({ code, example }) => {
  const version = VERSIONS.find((one) => one === example?.release);
  return example === null || version === undefined || OTHERWISE.includes(code) ? [] : [{ code, example, version }];
});

async function takes(version: Version, text: string, args: readonly string[]): Promise<boolean> {
  const home = scratchHome({ "config.toml": text });
  const { status, stderr, stdout } = await codex(version, args, { home });
  expect([0, 1], `${stdout}${stderr}`).toContain(status);
  return status === 0;
}

group.each(described)("$code", ({ example, version }) => {
  const { fixes, stops, text } = example;
  const asksStrictly = version === "0.169.0";

  it(`is what Codex ${version} makes of its example`, async () => {
    expect(await takes(version, text, ["features", "list"])).toBe(stops !== "load");
    if (asksStrictly) expect(await takes(version, text, STRICT)).toBe(stops === null);
  });

  it.each(fixes)("is gone for Codex after the fix: $kind $label", async ({ after }) => {
    expect(await takes(version, after, ["features", "list"]), after).toBe(true);
    if (asksStrictly) expect(await takes(version, after, STRICT), after).toBe(true);
  });
});

it("has a row for every code that a config alone can have", () => {
  const table = readFileSync(new URL("../check/check-cases.ts", import.meta.url), "utf8");
  const codes = new Set([...table.matchAll(/code: "([a-z-]+)"/g)].map(([, code]) => code));
  const known = pages.filter(({ example }) => example !== null).map(({ code }) => code as string);
  expect([...codes].filter((code) => !known.includes(code ?? ""))).toEqual([]);
});
