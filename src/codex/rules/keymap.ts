/**
 * The rules for the key bindings of `[tui.keymap.*]`: strokes such as `ctrl-a`, and in newer releases two of them in a
 * row.
 */
import type { Violation } from "../../findings/finding.ts";
import type { KeyPath, TomlTable, TomlValue } from "../../model/op.ts";
import { isTable, valueAt } from "../../toml/value.ts";
import { always, forVersion } from "../facts.ts";
import { type Schema, schemaAt } from "../schema.ts";
import { remove } from "./fixes.ts";

/** Checks the actions that the release knows; any other is an unknown key and reported as such. */
export function keymapRules(config: TomlTable, schema: Schema, version: string): Violation[] {
  const keymap = valueAt(config, ["tui", "keymap"]);
  if (!isTable(keymap)) return [];
  return Object.entries(keymap).flatMap(([context, actions]) =>
    isTable(actions)
      ? Object.entries(actions).flatMap(([action, keys]) => {
          const path = ["tui", "keymap", context, action];
          const fine = strings(keys).every((binding) => isBinding(binding, version));
          return fine || schemaAt(schema, path, version) === null ? [] : [wrong(path)];
        })
      : [],
  );
}

function wrong(path: KeyPath): Violation {
  const key = path.join(".");
  return { code: "keybinding", args: { key }, path, stops: "load", fix: remove(path) };
}

function strings(value: TomlValue): string[] {
  const items: readonly TomlValue[] = Array.isArray(value) ? value : [value];
  return items.flatMap((item) =>
    typeof item === "string" ? [item] : item instanceof Date ? [item.toISOString()] : [],
  );
}

const NAMED = new RegExp(always("keyNames"));

function isBinding(text: string, version: string): boolean {
  const { functionKeys, modifiers, strokes } = forVersion("keyBindings", version);
  const parts = text.trim().toLowerCase().split(/\s+/);
  return parts.length <= strokes && parts.every(isStroke);

  function isStroke(stroke: string): boolean {
    const used = new Set<number>();
    let rest = stroke;
    for (;;) {
      const [head = "", ...tail] = rest.split("-");
      const modifier = modifiers.findIndex((names) => names.includes(head));
      if (modifier < 0 || tail.length === 0) break;
      if (used.has(modifier)) return false;
      used.add(modifier);
      rest = tail.join("-");
    }
    const numbered = /^f(\d+)$/.exec(rest)?.[1];
    if (numbered !== undefined) return Number(numbered) >= 1 && Number(numbered) <= functionKeys;
    return NAMED.test(rest) || /^[!-,.-~]$/.test(rest);
  }
}
