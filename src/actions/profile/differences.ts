/** How two starts of Codex differ: settings, not lines; out of the home's own files. Values are shown masked. */
import type { Home } from "../../home.ts";
import { CfgError } from "../../model/error.ts";
import type { TomlTable } from "../../model/op.ts";
import { checkCall } from "../../model/wish.ts";
import { shownKey, shownValue } from "../../redact/shown.ts";
import { leavesOf, sameValue, valueAt } from "../../toml/value.ts";
import { settingsOf } from "./list.ts";
import { checkThere, placeName } from "./names.ts";

/** One setting that differs, as TOML with secrets masked; null where a side does not have it. */
export type Difference = { readonly key: string; readonly from: string | null; readonly to: string | null };

/** The two profiles; without `to` the base against `profile`. */
export type DiffWish = { readonly profile: string; readonly to?: string | undefined };

/**
 * What a start with one profile has that one with the other has not; with one named, what the profile makes of a start
 * without it. Throws `unknown-name`, and `invalid-toml` for a file that does not parse.
 */
export function diffProfiles(home: Home, wish: DiffWish): Difference[] {
  checkCall("diffProfiles", home, wish, { profile: "text", to: "text?" });
  const { profile, to } = wish;
  const [left, right] = to === undefined ? [null, profile] : [profile, to];
  for (const name of [profile, to]) if (name !== undefined) checkThere(home, name, "profile diff");
  const [old, now] = [merged(home, left), merged(home, right)];
  const paths = new Map([...leavesOf(old), ...leavesOf(now)].map(([path]) => [shownKey(path), path]));
  return [...paths].flatMap(([key, path]): Difference[] => {
    const [from, then] = [valueAt(old, path), valueAt(now, path)];
    if (path.length === 0 || sameValue(from, then)) return [];
    const shown = (value: typeof from) => (value === undefined ? null : shownValue(value, path));
    return [{ key, from: shown(from), to: shown(then) }];
  });
}

function merged(home: Home, profile: string | null): TomlTable {
  const { codex, snapshot } = home;
  // The base of a profile is the start without any, whichever is selected.
  const settings = settingsOf(home, profile, "named");
  if (settings !== null) return settings;
  // One of them does not parse: its error says where.
  snapshot.document("config");
  if (profile !== null) snapshot.document(codex.layout.place(profile).file);
  throw new CfgError("internal", `no settings of ${profile === null ? "config.toml" : placeName(home, profile)}`);
}
