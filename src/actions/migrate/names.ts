/**
 * The names of profiles that move from one layout to the other: a table may have any name, a file only a plain one. A
 * new name is suggested, never chosen for the user.
 */
import { checkProfileName, isProfileName } from "../../codex/file-role.ts";
import { CfgError } from "../../model/error.ts";
import { commandWith, type MigrateContext, type MigrateOptions } from "./migration.ts";

/** Throws `unknown-name` for a profile that is not there, unless it has its new name already. */
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
        { note: "see what moves", argv: ["migrate", "--check"] },
      ],
    });
  }
}

/** The name of each profile's file. Throws once for all names that no file can have, with a command that renames them. */
export function fileNames(
  profiles: readonly string[],
  options: MigrateOptions,
  { files }: MigrateContext,
): ReadonlyMap<string, string> {
  const { rename } = options;
  for (const name of rename.values()) checkProfileName(name);
  const names = new Map(profiles.map((profile) => [profile, rename.get(profile) ?? profile]));
  const command = () => commandWith(freeNames(names, files), options);
  const nameless = profiles.filter((profile) => !isProfileName(names.get(profile) ?? ""));
  if (nameless.length > 0) {
    throw new CfgError(
      "invalid-config",
      `no file can bear the name of: ${nameless.map((name) => JSON.stringify(name)).join(", ")}`,
      { path: "config.toml", hints: [{ note: "choose names for them", argv: command() }] },
    );
  }
  // On a disk that ignores case, two names that differ only by case are one file.
  refuseCollisions(new Map([...names].map(([profile, name]) => [profile, name.toLowerCase()])), command);
  return names;
}

/** Throws when two profiles would get one name; `command` is a command line that gives them others. */
export function refuseCollisions(names: ReadonlyMap<string, string>, command: () => readonly string[]): void {
  const taken = new Map<string, string>();
  for (const [profile, name] of names) {
    const other = taken.get(name);
    taken.set(name, profile);
    if (other === undefined) continue;
    throw new CfgError(
      "would-overwrite",
      `the profiles ${JSON.stringify(other)} and ${JSON.stringify(profile)} would become one`,
      { hints: [{ note: "give one of them another name", argv: command() }] },
    );
  }
}

/** Suggested names for profiles whose name no file can have, or that another file has, case ignored. */
export function freeNames(names: ReadonlyMap<string, string>, files: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const wanting = [...names].filter(([, name]) => {
    const isFree = isProfileName(name) && !taken.has(name.toLowerCase());
    taken.add(name.toLowerCase());
    return !isFree;
  });
  for (const file of files) taken.add(file.toLowerCase());
  return new Map(
    wanting.map(([profile, name]) => {
      const free = plainName(name, taken);
      taken.add(free.toLowerCase());
      return [profile, free];
    }),
  );
}

/** A plain name near the old one, to suggest to the user. */
function plainName(profile: string, taken: ReadonlySet<string>): string {
  const ascii = profile.normalize("NFD").replace(/\p{M}/gu, "");
  const plain =
    ascii
      .replace(/[^A-Za-z0-9_-]+/g, "-")
      .replace(/^-/, "")
      .slice(0, 56)
      .replace(/-$/, "") || "profile";
  const base = isProfileName(plain) ? plain : `${plain}-profile`;
  let name = base;
  for (let i = 2; taken.has(name.toLowerCase()); i++) name = `${base}-${i}`;
  return name;
}
