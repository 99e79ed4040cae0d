/** `codex-cfg doctor --explain KEY`: which file has the last word on a setting. */

import { elementsOf } from "../../actions/setting.ts";
import { checkProfileName, profileRole } from "../../codex/layout.ts";
import { type ConfigLayer, configLayers, type Saying, sayingsOn } from "../../machine/layers.ts";
import type { KeyPath } from "../../model/op.ts";
import { maskedAt } from "../../redact/redactor.ts";
import { parseKeyPath } from "../../toml/key.ts";
import { isTable, renderKey, renderValue } from "../../toml/value.ts";
import type { Context } from "../context.ts";

/** Exit code 0 when some file has the last word, 1 when none does. */
export function explain({ home, host, output }: Context, key: string, profile: string | undefined): number {
  const path = parseKeyPath(key);
  if (profile !== undefined) checkProfileName(profile);
  const { codex, snapshot } = home;
  const chosen = profile === undefined ? null : { name: profile, document: snapshot.document(profileRole(profile)) };
  const layers = configLayers({ host, home: home.dir, codex }, snapshot.document("config"), chosen);
  const sayings = layers.flatMap((layer) => {
    const stored = elementsOf(layer.document, path, layer.root);
    return sayingsOn(stored.slice(layer.root.length), [layer]).map((saying) => ({ ...saying, stored }));
  });
  const last = sayings.findLast(({ heeded }) => heeded);
  const over = last && layers.slice(layers.indexOf(last.layer) + 1).findLast((layer) => replaces(layer, path));
  const rows = sayings.map((saying) => ({
    layer: saying.layer.kind,
    path: saying.layer.path,
    line: lineOf(saying.layer, saying.stored),
    value: shown(saying, saying.stored),
    heeded: saying.heeded,
    wins: !over && (saying === last || (saying.heeded && isTable(saying.value) && isTable(last?.value))),
  }));
  for (const { heeded, layer, line, path: file, value, wins } of rows)
    output.data(
      `${wins ? "*" : " "} ${layer.padEnd(8)}${value}   ${file}:${line}${heeded ? "" : "   (ignored there)"}`,
    );
  if (last === undefined) output.say(`${renderKey(path)} is set in no file; Codex takes its default`);
  else if (over)
    output.say(`${over.path} (${over.kind}) sets anew what holds ${renderKey(path)}, so none of these counts`);
  else if (isTable(last.value)) output.say("tables merge: a key of a later file beats the same key of an earlier one");
  output.say("flags and -c on Codex's own command line beat all files but managed_config.toml");
  output.document("explain", { codexHome: home.dir, key: renderKey(path), profile: profile ?? null, layers: rows });
  return last === undefined || over ? 1 : 0;
}

/** Only tables merge: a file that says anything else above a setting takes away what earlier ones say of it. */
function replaces({ document, ignores, root }: ConfigLayer, path: readonly string[]): boolean {
  return path.some((name, depth) => {
    const above = depth === 0 ? undefined : document.get([...root, ...path.slice(0, depth)]);
    return above !== undefined && !isTable(above) && !ignores.includes(path[0] ?? name);
  });
}

/** An element of a plain list has no place of its own, the list has. */
function lineOf({ document }: ConfigLayer, stored: KeyPath): number {
  let depth = stored.length;
  while (depth > 1 && !document.range(stored.slice(0, depth))) depth--;
  return document.position(document.range(stored.slice(0, depth))?.start ?? 0).line;
}

function shown({ layer, value }: Saying, stored: KeyPath): string {
  if (isTable(value)) return `a table with ${Object.keys(value).join(", ") || "nothing"}`;
  return renderValue(maskedAt(layer.document, stored) ?? "‹secret›");
}
