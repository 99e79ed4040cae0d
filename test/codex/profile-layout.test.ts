import { describe, expect, test } from "vitest";
import { profileLayout } from "../../src/codex/profile-layout.ts";
import { parseDocument } from "../../src/toml/document.ts";

const FILES = profileLayout("0.134.0");
const TABLES = profileLayout("0.133.0");
const CONFIG = parseDocument('profile = "work"\n[profiles.work]\nmodel = "a"\n[profiles."my own"]\n', "config.toml");

function never(): never {
  throw new Error("looked at");
}

describe("a profile is a file", () => {
  test("with its settings at the root", () => {
    expect(FILES.place("work")).toEqual({ file: "profile:work", root: [] });
    expect(FILES.fileOf("work")).toBe("profile:work");
  });

  test("and a name that leads to no file is refused", () => {
    expect(FILES.accepts("my own")).toBe(false);
    expect(() => FILES.place("my own")).toThrow('not a profile name: "my own"');
  });

  test("and config.toml has no say in which there are, nor in which counts", () => {
    expect(FILES.names(() => ["plan"], never)).toEqual(["plan"]);
    expect(FILES.tables(CONFIG)).toEqual({});
    expect(FILES.selected(CONFIG)).toBeNull();
  });
});

describe("a profile is a table of config.toml", () => {
  test("with its settings in it, and no file of its own", () => {
    expect(TABLES.place("work")).toEqual({ file: "config", root: ["profiles", "work"] });
    expect(TABLES.fileOf("work")).toBeNull();
  });

  test("of any name", () => {
    expect(TABLES.accepts("my own")).toBe(true);
    expect(TABLES.place("my own").root).toEqual(["profiles", "my own"]);
  });

  test("and files have no say in which there are", () => {
    expect(TABLES.names(never, () => CONFIG)).toEqual(["work", "my own"]);
    expect(TABLES.names(never, () => null)).toEqual([]);
    expect(TABLES.tables(CONFIG)).toEqual({ work: { model: "a" }, "my own": {} });
  });

  test("that config.toml selects for every start, where it does", () => {
    expect(TABLES.selected(CONFIG)).toBe("work");
    expect(TABLES.selected(parseDocument("profile = 1\n", "config.toml"))).toBeNull();
    expect(TABLES.selected(parseDocument("", "config.toml"))).toBeNull();
  });
});
