/** How `codex-cfg profile diff` shows what differs. */
import { diffProfiles } from "../../actions/profile/differences.ts";
import type { Context } from "../context.ts";
import { codexJson } from "../json.ts";

export function diff({ home, output }: Context, profile: string, other: string | undefined, exitCode: boolean): number {
  const settings = diffProfiles(home, { profile, to: other });
  const [from, to] = other === undefined ? [null, profile] : [profile, other];
  for (const { from: old, key, to: now } of settings) {
    if (old !== null) output.data(`- ${key} = ${old}`, "red");
    if (now !== null) output.data(`+ ${key} = ${now}`, "green");
  }
  if (settings.length === 0) output.say(`${from ?? "a start without it"} and ${to} set the same`);
  output.document("profile-diff", {
    codexHome: home.dir,
    codex: codexJson(home.codex),
    from,
    to,
    changed: settings.length > 0,
    settings,
  });
  return exitCode && settings.length > 0 ? 1 : 0;
}
