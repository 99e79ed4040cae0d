/** How `codex-cfg profile show` shows settings and where they come from. */
import { type SettingRow, showSettings } from "../../actions/profile/settings.ts";
import type { Context } from "../context.ts";
import { codexJson } from "../json.ts";

/** Exit code 1 when nothing is set. */
export function show({ home, output }: Context, profile: string | undefined, own: boolean): number {
  const settings = showSettings(home, { profile, own });
  // Of a profile what counts is shown, of a plain start every layer.
  const shown = profile === undefined ? settings : settings.filter(({ wins }) => wins || own);
  const width = Math.max(0, ...shown.map(({ key, value }) => Math.min(key.length + value.length + 3, MOST)));
  for (const row of shown) {
    const mark = profile !== undefined ? "" : row.wins ? "* " : "  ";
    output.data(`${mark}${words(row).padEnd(width)}  ${place(row, home.dir)}${row.heeded ? "" : "   (ignored there)"}`);
  }
  if (shown.length === 0)
    output.say(profile === undefined ? "nothing is set; Codex takes its defaults" : `${profile} sets nothing`);
  output.document("profile-show", {
    codexHome: home.dir,
    codex: codexJson(home.codex),
    profile: profile ?? null,
    settings,
  });
  return shown.length === 0 ? 1 : 0;
}

/** Beyond this the place follows right behind the value. */
const MOST = 48;

function words({ key, layer, value }: SettingRow): string {
  return layer === "env" ? `$${key} is ${value}` : `${key} = ${value}`;
}

/** The file as its owner calls it: its name in the home, its path elsewhere. */
function place({ layer, line, path }: SettingRow, dir: string): string {
  const isInside = path.startsWith(dir) && /^[\\/][^\\/]+$/.test(path.slice(dir.length));
  const name = isInside ? path.slice(dir.length + 1) : path;
  return `${layer} ${name}:${line}`;
}
