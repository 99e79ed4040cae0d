/** What the build has made of the program. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const DIST = new URL("../dist/", import.meta.url);
const programs = readdirSync(DIST).filter((name) => name.endsWith(".cjs"));

test("there is a program", () => {
  expect(programs).toContain("bin.cjs");
});

// It is read as Latin-1, which is fast: any other letter would be printed as several.
test.each(programs)("%s is ASCII", (name) => {
  const others = readFileSync(new URL(name, DIST)).filter((byte) => byte > 127);
  expect(others).toHaveLength(0);
});
