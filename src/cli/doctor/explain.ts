/** `codex-cfg doctor --explain KEY`: which file decides a setting. */
import { explain as explanationOf } from "../../actions/explain.ts";
import type { Context } from "../context.ts";

/** Exit code 0 when some file sets the value, 1 when none does. */
export function explain({ home, output }: Context, key: string, profile: string | undefined): number {
  const { beside, key: name, layers, origin, over } = explanationOf(home, { key, profile }, output.reveals);
  for (const { heeded, layer, line, path, value, wins } of layers)
    output.data(
      `${wins ? "*" : " "} ${layer.padEnd(8)}${value}   ${path}:${line}${heeded ? "" : "   (ignored there)"}`,
    );
  if (origin === "default") output.say(`${name} is set in no file; Codex takes its default`);
  else if (over) output.say(`${over.path} (${over.kind}) sets anew what holds ${name}, so none of these counts`);
  else if (origin === "merged") output.say("tables merge: a key of a later file beats the same key of an earlier one");
  output.findings(beside);
  output.say("flags and -c on Codex's own command line beat all files but managed_config.toml");
  output.document("explain", { codexHome: home.dir, key: name, profile: profile ?? null, layers });
  return origin === "default" || over ? 1 : 0;
}
