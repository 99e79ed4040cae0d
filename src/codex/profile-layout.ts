/**
 * Where a profile lives: since 0.134 in a file of its own, before in a table of config.toml. One type with two
 * implementations, so that no caller has to ask which; reads documents, never the disk.
 */
import type { FileRole, KeyPath, TomlTable } from "../model/op.ts";
import type { Document } from "../toml/document.ts";
import { forVersion } from "./facts.ts";
import { isProfileName, profileRole } from "./file-role.ts";

/** A file of the home, and the table in it that holds a profile's settings; no path for the file's own root. */
export type ProfilePlace = { readonly file: FileRole; readonly root: KeyPath };

export interface ProfileLayout {
  readonly kind: "file" | "table";
  /** Where a profile is, for people. */
  readonly where: string;
  /** A profile is a file of its own: read in a start with it, and checked by itself. */
  readonly ownFiles: boolean;
  /** A profile beats trusted projects and the administrator's managed file, too. */
  readonly topmost: boolean;
  /** A profile may turn servers on and off. */
  readonly holdsServers: boolean;
  /** `--profile x` fails beside `[profiles.x]` or `profile = "x"`, and most commands fail beside any `profile =` line. */
  readonly refusesTables: boolean;
  /** Whether this Codex takes a profile of that name. */
  accepts(name: string): boolean;
  /** Where a profile is kept. Throws `usage` for a name that no file can have. */
  place(profile: string): ProfilePlace;
  /** The file that Codex reads beside config.toml in a start with the profile; null where there is none. */
  fileOf(profile: string): FileRole | null;
  /** The names of the profiles: from the home's profile files or from config.toml; only one of the two is read. */
  names(files: () => readonly string[], config: () => Document | null): readonly string[];
  /** The profiles that are tables of config.toml and count, by name. */
  tables(config: Document): TomlTable;
  /** The profile that config.toml selects for every start. */
  selected(config: Document): string | null;
}

/** The layout that a release of Codex reads. */
export function profileLayout(version: string): ProfileLayout {
  return LAYOUTS[forVersion("profileLayout", version)];
}

const FILES: ProfileLayout = {
  kind: "file",
  where: "NAME.config.toml",
  ownFiles: true,
  topmost: false,
  holdsServers: true,
  refusesTables: true,
  accepts: isProfileName,
  place: (profile) => ({ file: profileRole(profile), root: [] }),
  fileOf: profileRole,
  names: (files) => files(),
  tables: () => ({}),
  selected: () => null,
};

const TABLES: ProfileLayout = {
  kind: "table",
  where: "[profiles.NAME] in config.toml",
  ownFiles: false,
  topmost: true,
  holdsServers: false,
  refusesTables: false,
  accepts: () => true,
  place: (profile) => ({ file: "config", root: ["profiles", profile] }),
  fileOf: () => null,
  names: (_, config) => Object.keys(config()?.table(["profiles"]) ?? {}),
  tables: (config) => config.table(["profiles"]) ?? {},
  selected: (config) => {
    const name = config.get(["profile"]);
    return typeof name === "string" ? name : null;
  },
};

const LAYOUTS = { file: FILES, table: TABLES } as const;
