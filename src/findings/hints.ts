/** How a hint reads where it is printed: the one place that writes a command of ours for a shell. */
import type { Hint } from "../model/hint.ts";
import { checkWish } from "../model/wish.ts";
import { word } from "../text/shell-quote.ts";

/** The options that name a home and a release, as somebody gave them; a command to paste repeats them. */
export type Given = { readonly codexHome?: string | undefined; readonly codexVersion?: string | undefined };

export function commandText(argv: readonly string[], { codexHome, codexVersion }: Given = {}): string {
  const globals = Object.entries({ "--codex-home": codexHome, "--codex-version": codexVersion });
  // Options that the command has itself are not repeated, as one for another release.
  const named = globals.flatMap(([flag, value]) => (value === undefined || argv.includes(flag) ? [] : [flag, value]));
  return ["codex-cfg", ...named, ...argv].map(word).join(" ");
}

export function hintText(hint: Hint, given: Given = {}): string {
  const { command, note } = hintParts(hint, given);
  if (command === undefined) return note;
  return note === "" ? command : `${note}: ${command}`;
}

/** The words of a hint, and apart from them the command to paste. */
export function hintParts(hint: Hint, given: Given = {}): { readonly note: string; readonly command?: string } {
  if (typeof hint === "string") return { note: hint };
  checkWish<{ readonly note: string }>("hintText", hint, { note: "text" });
  return { note: hint.note, command: "argv" in hint ? commandText(hint.argv, given) : hint.shell };
}
