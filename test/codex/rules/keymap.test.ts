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
    "f24",
    "ctrl-f5",
    "ctrl-x ctrl-s",
    "ctrl-x \t ctrl-s",
    "super-a",
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
    "f25",
    "xf1",
    "f1x",
    "ctrl-x ab",
    "ctrl-x ctrl-s q",
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

test("older releases take fewer strokes, keys and modifiers", () => {
  expect([refused("ctrl-x ctrl-s", "0.145.0"), refused("ctrl-x ctrl-s", "0.147.0")]).toEqual([["keybinding"], []]);
  expect([refused("f13", "0.136.0"), refused("f12", "0.136.0"), refused("f24", "0.137.0")]).toEqual([
    ["keybinding"],
    [],
    [],
  ]);
  expect([refused("super-a", "0.163.0"), refused("super-a", "0.164.0")]).toEqual([["keybinding"], []]);
});

test("a date is a text to Codex, and anything but texts is no matter of bindings", () => {
  expect(refused(new Date(0))).toEqual(["keybinding"]);
  for (const keys of [1n, true, [1n], { a: "x" }]) expect(refused(keys)).toEqual([]);
});

test("the table and the action are named, and taking the key out is the fix", () => {
  const [found] = keymapRules({ tui: { keymap: { composer: { submit: "ab" } } } }, schema, "0.169.0");
  expect(found).toMatchObject({ args: { key: "tui.keymap.composer.submit" }, stops: "load" });
  expect(found?.fix?.("config")).toMatchObject({
    kind: "choice",
    options: [{ ops: [{ op: "unset", file: "config", path: ["tui", "keymap", "composer", "submit"] }] }],
  });
});

test("an action that the release does not know is no matter of its keys", () => {
  expect(refused("ab", "0.169.0", "no_such_action")).toEqual([]);
});

test("what is no table has no bindings", () => {
  for (const keymap of ["x", 1n, [], { composer: "x" }])
    expect(keymapRules({ tui: { keymap } }, schema, "0.169.0")).toEqual([]);
  expect(keymapRules({}, schema, "0.169.0")).toEqual([]);
});
