/** The file and the path of a setting that is given as a dotted key, elements of arrays by index or by what they hold. */
import { checkProfileName } from "../codex/file-role.ts";
import type { Home } from "../home.ts";
import { CfgError } from "../model/error.ts";
import type { FileRole, KeyPath, TomlValue } from "../model/op.ts";
import { shownKey, shownValue } from "../redact/shown.ts";
import type { Document } from "../toml/document.ts";
import { parseKeyPath, parseValue } from "../toml/key.ts";
import { memberOf, sameValue } from "../toml/value.ts";

/** One setting: the path as Codex knows it, and where this Codex keeps it. */
export type Setting = { readonly path: KeyPath; readonly file: FileRole; readonly stored: KeyPath };

/** Throws `usage` for what is no dotted key or profile name, and where `[key=value]` means no element, or several. */
export function settingOf(home: Home, key: string, profile: string | undefined): Setting {
  const { path, selectors } = withSelectors(key);
  if (profile !== undefined) checkProfileName(profile);
  const { file, root } = profile === undefined ? HOME_FILE : home.codex.layout.place(profile);
  const stored = elementsOf(home.snapshot.document(file), path, root, selectors);
  return { path: selectors.length > 0 ? stored.slice(root.length) : path, file, stored };
}

const HOME_FILE: { readonly file: FileRole; readonly root: KeyPath } = { file: "config", root: [] };

/** `[key=value]` behind the name of an array of tables. */
type Selector = { readonly key: string; readonly value: string };

/** Stands for a selector in the path that is left of a key, with its number behind it; no key of Codex has it. */
const MARK = "\u0001";

/** A dotted key with a part for each selector in it, which are taken out because TOML knows none. */
function withSelectors(text: string): { readonly path: readonly string[]; readonly selectors: readonly Selector[] } {
  const selectors: Selector[] = [];
  // Brackets inside of quotes are part of a name.
  const plain = text.replace(
    /"(?:[^"\\]|\\.){0,999}"|'[^']{0,999}'|\[\s{0,9}([A-Za-z0-9_-]{1,99})\s{0,9}=([^\]]{0,999})\]/g,
    (found, key, value) => {
      if (key === undefined) return found;
      selectors.push({ key, value: value.trim() });
      return `."\\u0001${selectors.length - 1}"`;
    },
  );
  return { path: parseKeyPath(plain), selectors };
}

/** A number in a dotted key picks an element where there is an array of tables, and is a name anywhere else. */
export function elementsOf(
  document: Document,
  path: readonly string[],
  root: KeyPath = [],
  selectors: readonly Selector[] = [],
): KeyPath {
  const found: (string | number)[] = [...root];
  for (const part of path) {
    const selector = part.startsWith(MARK) ? selectors[Number(part.slice(1))] : undefined;
    if (selector) found.push(elementWith(document, found, selector));
    else found.push(/^\d+$/.test(part) && Array.isArray(document.get(found)) ? Number(part) : part);
  }
  return found;
}

/** The index of the one element that holds a value. Throws `usage` and names them all when there is no such one. */
function elementWith(document: Document, path: KeyPath, { key, value }: Selector): number {
  const array = document.get(path);
  const elements = Array.isArray(array) ? array : [];
  const wanted = parseValue(value) ?? value;
  const fits = elements.flatMap((element: TomlValue, i: number) => {
    const held = memberOf(element, key);
    return held !== undefined && (sameValue(held, wanted) || held === value) ? [i] : [];
  });
  const [index] = fits;
  if (index !== undefined && fits.length === 1) return index;
  const name = shownKey(path);
  const shown = elements.map((element: TomlValue, i: number) => {
    const held = memberOf(element, key);
    return `${name}.${i}: ${held === undefined ? `no ${key}` : `${key} = ${shownValue(held, [...path, i, key])}`}`;
  });
  const how = fits.length === 0 ? "no element" : `${fits.length} elements`;
  throw new CfgError("usage", `${how} of ${name} ${fits.length > 1 ? "have" : "has"} this ${key}`, {
    hints: [shown.length === 0 ? `${name} has no elements` : `there are ${shown.join("; ")}`],
  });
}
