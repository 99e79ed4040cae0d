/** Which key bindings a release takes. */
import { describe, expect, test } from "vitest";
import { loadSchema } from "../../../src/codex/load-schema.ts";
import { keymapRules } from "../../../src/codex/rules/keymap.ts";
import type { TomlValue } from "../../../src/model/op.ts";

const schema = await loadSchema();
const refused = (keys: TomlValue, version = "0.169.0", action = "submit") =>
  keymapRules({ tui: { keymap: { composer: { [action]: keys } } } }, schema, version).map(({ code }) => code);

describe("a key binding", () => {
  test.each([
    "a",
    "ctrl-a",
    "ctrl-alt-shift-x",
    "shift-ctrl-a",
    "control-a",
    "option-enter",
    "F1",
    "f12",
    "ctrl-f5",
    "page-up",
    "pagedown",
    "!",
    "~",
    " Ctrl-A ",
  ])("is taken: %s", (binding) => {
    expect(refused(binding)).toEqual([]);
  });

  test.each([
    "ctrl-ctrl-a",
    "ctrl-control-a",
    "alt-option-a",
    "ctrl-alt-ctrl-a",
    "ctrl-",
    "ctrl",
    "",
    "hyper-a",
    "ab",
    "f0",
    "f99",
    "é",
  ])("is refused: %j", (binding) => {
    expect(refused(binding)).toEqual(["keybinding"]);
  });

  test("is one of a list, of which each has to be in order", () => {
    expect(refused(["ctrl-a", "f2"])).toEqual([]);
    expect(refused(["ctrl-a", "shift-shift-a"])).toEqual(["keybinding"]);
    expect(refused([])).toEqual([]);
  });
});

test("the table and the action are named, and taking the key out is the fix", () => {
  const [found] = keymapRules({ tui: { keymap: { composer: { submit: "ab" } } } }, schema, "0.169.0");
  expect(found).toMatchObject({ args: { key: "tui.keymap.composer.submit" }, stops: "load" });
  expect(found?.fix?.("config")).toEqual([
    { op: "unset", file: "config", path: ["tui", "keymap", "composer", "submit"] },
  ]);
});

test("an action that the release does not know is no matter of its keys", () => {
  expect(refused("ab", "0.169.0", "no_such_action")).toEqual([]);
});

test("what is no table has no bindings", () => {
  for (const keymap of ["x", 1n, [], { composer: "x" }])
    expect(keymapRules({ tui: { keymap } }, schema, "0.169.0")).toEqual([]);
  expect(keymapRules({}, schema, "0.169.0")).toEqual([]);
});
