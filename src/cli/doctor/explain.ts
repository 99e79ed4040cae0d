/** `codex-cfg doctor --explain KEY`: which file has the last word on a setting. */
import { configLayers, type Saying, sayingsOn } from "../../codex/layers.ts";
import { checkProfileName, profileRole } from "../../codex/layout.ts";
import { maskedValue } from "../../plan/mask.ts";
import { parseKeyPath } from "../../toml/key.ts";
import { isTable, renderKey, renderValue } from "../../toml/value.ts";
import type { Context } from "../context.ts";

/** Exit code 0 when some file says something, 1 when none does. */
export function explain({ home, host, output }: Context, key: string, profile: string | undefined): number {
  const path = parseKeyPath(key);
  if (profile !== undefined) checkProfileName(profile);
  const { codex, snapshot } = home;
  const chosen = profile === undefined ? null : { name: profile, document: snapshot.document(profileRole(profile)) };
  const layers = configLayers({ host, home: home.dir, codex }, snapshot.document("config"), chosen);
  const sayings = sayingsOn(path, layers);
  const last = sayings.findLast(({ heeded }) => heeded);
  const rows = sayings.map((saying) => ({
    layer: saying.layer.kind,
    path: saying.layer.path,
    line: saying.line,
    value: shown(saying, [...saying.layer.root, ...path]),
    heeded: saying.heeded,
    wins: saying === last || (saying.heeded && isTable(saying.value) && isTable(last?.value)),
  }));
  for (const { heeded, layer, line, path: file, value, wins } of rows)
    output.data(
      `${wins ? "*" : " "} ${layer.padEnd(8)}${value}   ${file}:${line}${heeded ? "" : "   (not heeded there)"}`,
    );
  if (last === undefined) output.say(`${renderKey(path)} is set in no file; Codex takes its default`);
  else if (isTable(last.value)) output.say("tables merge: a key of a later file beats the same key of an earlier one");
  output.say("flags and -c on Codex's own command line beat all files but managed_config.toml");
  output.document("explain", { codexHome: home.dir, key: renderKey(path), profile: profile ?? null, layers: rows });
  return last === undefined ? 1 : 0;
}

function shown({ value }: Saying, path: readonly (string | number)[]): string {
  if (isTable(value)) return `a table with ${Object.keys(value).join(", ") || "nothing"}`;
  return renderValue(maskedValue(value, path));
}
