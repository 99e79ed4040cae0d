/** How a preset is named on the command line: by its name or by its file. Knows names, opens no file. */
import { builtInName } from "./built-in.ts";
import type { Preset } from "./preset.ts";

/** Whether a word names a file, as `./team.toml#NAME` does, and not a preset. */
export function isFileReference(text: string): boolean {
  return /[/\\]|\.(?:toml|json|ya?ml)(?:#|$)/.test(text);
}

/** The word that leads to this preset again: its name, or its file where the name would lead elsewhere. */
export function referenceTo({ name, origin }: Preset): string {
  return name === "http-sse" || builtInName(name) !== null || isFileReference(name) ? `${origin}#${name}` : name;
}
