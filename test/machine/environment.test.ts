/** `.env` as Codex reads it: each text beside what codex 0.134.0 and 0.171.0 made of it. */
import { expect, test } from "vitest";
import { clientEnvironment } from "../../src/machine/environment.ts";
import { MemoryDisk } from "../memory-disk.ts";
import { memoryHost } from "../memory-host.ts";

function environment(text: string | null, env: Readonly<Record<string, string>> = {}) {
  const disk = new MemoryDisk();
  disk.putFolder("/h");
  if (text !== null) disk.put("/h/.env", text);
  return clientEnvironment(memoryHost({ disk, env }), "/h");
}

test.each([
  ["a name and a value", "K=abc\n", "abc"],
  ["export", "export K=abc\n", "abc"],
  ["double quotes", 'K="a b"\n', "a b"],
  ["single quotes", "K='a b'\n", "a b"],
  ["a line that is none", "this is no line\nK=abc\n", "abc"],
  ["a comment before and behind", "# x\n  K = abc # tail\n", "abc"],
  ["nothing", "K=\n", ""],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what the file holds
  ["another variable in it", "A=1\nK=${A}x\n", "1x"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what the file holds
  ["a variable in single quotes", "A=1\nK='${A}x'\n", "${A}x"],
  ["CRLF", "K=abc\r\n", "abc"],
  ["the same name twice", "K=a\nK=b\n", "b"],
  ["a name with a dot before it", "A.B=1\nK=abc\n", "abc"],
  ["a value of two lines before it", 'J="x\ny"\nK=abc\n', "abc"],
  ["a hash inside of a word", "K=a#b\n", "a#b"],
])("%s", (_, text, value) => {
  const { inFile, values } = environment(text);
  expect([values.K, inFile.has("K")]).toEqual([value, true]);
});

test.each([
  ["an unclosed quote swallows what follows", 'J="unclosed\nK=abc\n'],
  ["a BOM belongs to the first name", "\uFEFFK=abc\n"],
  ["a colon is no equals sign", "K: abc\n"],
  ["two words need quotes", "K=a b\n"],
])("%s", (_, text) => {
  expect(environment(text).values.K).toBeUndefined();
});

test("what the file sets takes the place of the shell's, even with nothing", () => {
  expect(environment("K=file\n", { K: "shell" }).values.K).toBe("file");
  expect(environment("K=\n", { K: "shell" }).values.K).toBe("");
});

test("names that begin with CODEX_ are the shell's alone", () => {
  const { inFile, values } = environment("CODEX_K=file\ncodex_j=file\n", { CODEX_K: "shell" });
  expect([values.CODEX_K, values.codex_j, inFile.size]).toEqual(["shell", undefined, 0]);
});

test("without the file the environment is the shell's", () => {
  expect(environment(null, { K: "shell" })).toMatchObject({ values: { K: "shell" }, inFile: new Set() });
});
