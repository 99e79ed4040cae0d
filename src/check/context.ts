/** What a check is about, and what it is given: the files that take part in a start, and the world around them. */
import type { Login } from "../codex/login.ts";
import type { Codex } from "../codex/release.ts";
import type { Selectors } from "../codex/rules/providers.ts";
import type { Schema } from "../codex/schema.ts";
import type { Host } from "../host/host.ts";
import type { FileRole, KeyPath, TomlTable } from "../model/op.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import type { Pending } from "../store/store.ts";
import type { Document } from "../toml/document.ts";

/** What is checked: a home's files as `snapshot` has them, relative names counting from `dir`. */
export type Subject = {
  readonly host: Host;
  readonly dir: string;
  readonly codex: Codex;
  readonly snapshot: Snapshot;
  /** Names of the profiles that have a file. */
  readonly profileFiles: readonly string[];
  /** A file by itself, perhaps of another machine: no other file and no variable of this one counts. */
  readonly alone?: boolean;
  /** Changes that are not at their end; a file by itself has none. */
  readonly pending?: () => readonly Pending[];
};

/** A file that takes part: config.toml first, then the profile's. */
export type Layer = { readonly file: FileRole; readonly document: Document };

export type CheckContext = {
  readonly version: string;
  readonly schema: Schema;
  /** The login that counts; looked up only by rules that need it. */
  readonly login: () => Login;
  /** Whether a variable of the environment is set; without it, no rule looks at variables. */
  readonly isSet?: ((name: string) => boolean) | undefined;
  /** The profile that Codex is started with; null for none. */
  readonly profile: string | null;
  /** The text of a file that a key names, null when it is none; relative names count from the home. */
  readonly fileText: (name: string) => string | null;
  /** What a layer below all of these sets, such as the administrator's; it counts, and is not checked itself. */
  readonly below?: TomlTable;
  /** Where the files of the home choose a provider by its id; without it, the files that are checked. */
  readonly selectors?: Selectors | undefined;
  /** Root keys to check, as `rootsToCheck` completes them; without it, all of them. */
  readonly roots?: ReadonlySet<string> | undefined;
};

/** What rules look up while a config is checked. */
export type Checking = CheckContext & {
  /** The tables with a fixed path that have a key of that name. */
  readonly tablesWith: (name: string) => readonly KeyPath[];
  /** config.toml alone, because only its profile tables keep Codex from starting with a profile's file. */
  readonly base: TomlTable;
  /** The known name that is meant by another one: a key of `table`, or a name that somebody has given. */
  readonly nearest: (name: string, known: readonly string[], table?: KeyPath) => string | null;
};

/** A table with these root keys only. */
export function only(config: TomlTable, roots: Iterable<string> | undefined): TomlTable {
  if (roots === undefined) return config;
  const found = [...new Set(roots)].flatMap((key) => (Object.hasOwn(config, key) ? [[key, config[key]] as const] : []));
  return Object.fromEntries(found) as TomlTable;
}
