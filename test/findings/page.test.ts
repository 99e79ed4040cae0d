/** The page of each code: an example that has the finding, and fixes that take it away; docs/findings.md says the same. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type CodePage, describe } from "../../src/actions/describe.ts";
import { FINDINGS } from "../../src/findings/table.ts";
import { openHome } from "../../src/home.ts";
import { MemoryDisk } from "../memory-disk.ts";
import { memoryHost } from "../memory-host.ts";

function pages(name?: string): Promise<readonly CodePage[]> {
  const disk = new MemoryDisk();
  for (const folder of ["/home", "/home/u", "/home/u/.codex", "/tmp"]) disk.putFolder(folder);
  return describe(openHome(memoryHost({ disk }), { dir: "/home/u/.codex" }), { name });
}

test("every code has a page, and nothing else has", async () => {
  expect((await pages()).map(({ code }) => code)).toEqual(Object.keys(FINDINGS).sort());
  await expect(pages("no-such-code")).rejects.toMatchObject({ code: "unknown-name" });
  expect(await pages("wire-api")).toMatchObject([{ code: "wire-api", example: { stops: "load" } }]);
});

test("every example has its finding, with the fixes that the page shows", async () => {
  for (const { code, example } of await pages()) {
    if (example === null || code === "not-json" || code === "not-toml") continue;
    expect(example.stops !== null || example.says.every(({ words }) => words === ""), code).toBe(true);
    for (const { after } of example.fixes) expect(after, code).not.toBe(example.text);
  }
});

test("docs/findings.md is what describe says", async () => {
  const script = "../../scripts/findings-page.js";
  const { findingsPage }: { findingsPage(pages: readonly CodePage[]): string } = await import(script);
  const page = readFileSync(new URL("../../docs/findings.md", import.meta.url), "utf8");
  expect(page).toBe(findingsPage(await pages()));
});
