/**
 * Names of profiles on their way from one layout to the other: a table may bear any name, a file only a plain one. New
 * names are asked for, never made up.
 */
import { checkProfileName, isProfileName } from "../../codex/layout.ts";
import { CfgError } from "../../errors.ts";
import { word } from "../../sentences.ts";
import type { MigrateOptions } from "./migration.ts";

/** Throws `unknown-name` for a profile that is not there, unless it bears the new name already. */
export function checkRenames(
  renames: ReadonlyMap<string, string>,
  known: readonly string[],
  isDone: (name: string) => boolean,
): void {
  for (const [old, name] of renames) {
    if (known.includes(old) || isDone(name)) continue;
    throw new CfgError("unknown-name", `there is no profile ${JSON.stringify(old)} to rename`, {
      hints: [
        known.length === 0 ? "there is none at all" : `there is: ${known.join(", ")}`,
        "see what moves: codex-cfg migrate --check",
      ],
    });
  }
}

/** The name of each profile's file. Throws for names that no file can bear, all at once, with a command that helps. */
export function fileNames(
  profiles: readonly string[],
  { asDefault, rename }: MigrateOptions,
): ReadonlyMap<string, string> {
  for (const name of rename.values()) checkProfileName(name);
  const nameOf = (profile: string) => rename.get(profile) ?? profile;
  const nameless = profiles.filter((profile) => !isProfileName(nameOf(profile)));
  if (nameless.length > 0) {
    const taken = profiles
      .filter((profile) => !nameless.includes(profile))
      .map((profile) => nameOf(profile).toLowerCase());
    const wanted = new Map(rename);
    for (const profile of nameless) {
      const name = plainName(profile, taken);
      taken.push(name.toLowerCase());
      wanted.set(profile, name);
    }
    const flags = [...wanted].map(([old, name]) => ` --rename ${word(`${old}=${name}`)}`).join("");
    throw new CfgError(
      "invalid-config",
      `no file can bear the name of: ${nameless.map((name) => JSON.stringify(name)).join(", ")}`,
      {
        path: "config.toml",
        hints: [`choose names for them: codex-cfg migrate${asDefault ? " --as-default" : ""}${flags}`],
      },
    );
  }
  // Where the disk knows no case, two such files would be one.
  refuseCollisions(profiles, (profile) => nameOf(profile).toLowerCase());
  return new Map(profiles.map((profile) => [profile, nameOf(profile)]));
}

/** Throws when two profiles would get one name. */
export function refuseCollisions(profiles: readonly string[], nameOf: (profile: string) => string): void {
  for (const [i, profile] of profiles.entries()) {
    const other = profiles.slice(0, i).find((before) => nameOf(before) === nameOf(profile));
    if (other === undefined) continue;
    throw new CfgError(
      "would-overwrite",
      `the profiles ${JSON.stringify(other)} and ${JSON.stringify(profile)} would become one`,
      {
        hints: [`give one of them another name: codex-cfg migrate --rename ${word(`${profile}=${nameOf(profile)}-2`)}`],
      },
    );
  }
}

/** A name near the old one, for people to accept or not. */
function plainName(profile: string, taken: readonly string[]): string {
  const ascii = profile.normalize("NFD").replace(/\p{M}/gu, "");
  const plain =
    ascii
      .replace(/[^A-Za-z0-9_-]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 56) || "profile";
  const base = isProfileName(plain) ? plain : `${plain}-profile`;
  let name = base;
  for (let i = 2; taken.includes(name.toLowerCase()); i++) name = `${base}-${i}`;
  return name;
}
