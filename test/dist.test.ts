/** What the build has made of the program. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const DIST = new URL("../dist/", import.meta.url);
const programs = readdirSync(DIST).filter((name) => name.endsWith(".cjs"));

test("there is a program", () => {
  expect(programs).toContain("bin.cjs");
});

// With any other letter every start would read twice as many bytes.
test.each(programs)("%s is ASCII", (name) => {
  const others = readFileSync(new URL(name, DIST)).filter((byte) => byte > 127);
  expect(others).toHaveLength(0);
});
