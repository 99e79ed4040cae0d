/** The file and the path of a setting that is given as a dotted key. */
import { checkProfileName } from "../codex/file-role.ts";
import type { Home } from "../home.ts";
import type { FileRole, KeyPath } from "../model/op.ts";
import type { Document } from "../toml/document.ts";
import { parseKeyPath } from "../toml/key.ts";

/** One setting: the path as Codex knows it, and where this Codex keeps it. */
export type Setting = { readonly path: KeyPath; readonly file: FileRole; readonly stored: KeyPath };

/** Throws `usage` for what is no dotted key or profile name. */
export function settingOf(home: Home, key: string, profile: string | undefined): Setting {
  const path = parseKeyPath(key);
  const stored = (file: FileRole, root: KeyPath = []) => elementsOf(home.snapshot.document(file), path, root);
  if (profile === undefined) return { path, file: "config", stored: stored("config") };
  checkProfileName(profile);
  const { file, root } = home.codex.layout.place(profile);
  return { path, file, stored: stored(file, root) };
}

/** A number in a dotted key picks an element where there is an array of tables, and is a name anywhere else. */
export function elementsOf(document: Document, path: readonly string[], root: KeyPath = []): KeyPath {
  const found: (string | number)[] = [...root];
  for (const part of path) found.push(/^\d+$/.test(part) && Array.isArray(document.get(found)) ? Number(part) : part);
  return found;
}
