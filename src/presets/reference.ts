/**
 * How `apply` is told which preset is meant: by the name of one of the user's own, or by its file. Knows names, opens
 * nothing.
 */

import { BUILT_IN_PRESETS } from "./built-in.ts";
import type { Preset } from "./preset.ts";

/** Whether a word names a file, as `./team.toml#NAME` does; all else is a preset's name first. */
export function isFileReference(text: string): boolean {
  return /[/\\]|\.(?:toml|json|ya?ml)(?:#|$)/.test(text);
}

/** The word that means this preset: its name, unless that means something else. */
export function referenceTo({ name, origin }: Preset): string {
  return Object.hasOwn(BUILT_IN_PRESETS, name) || isFileReference(name) ? `${origin}#${name}` : name;
}
