/**
 * What the two directions of a migration share: their options, their result, and the refusal to lose a value.
 */
import type { Codex } from "../../codex/release.ts";
import type { Schema } from "../../codex/schema.ts";
import type { Finding } from "../../findings/finding.ts";
import { CfgError } from "../../model/error.ts";
import type { Hint } from "../../model/hint.ts";
import type { Op, TomlTable } from "../../model/op.ts";
import type { Snapshot } from "../../plan/snapshot.ts";
import { isTable, renderKey, sameValue, valueAt } from "../../toml/value.ts";

export type MigrateOptions = {
  /** New names by old ones. */
  readonly rename: ReadonlyMap<string, string>;
  /** The profile that `profile = "x"` chooses goes into the root, and has no file. */
  readonly asDefault: boolean;
  /** The release that it is for, where one was named. */
  readonly to?: string;
};

export type MigrateContext = {
  readonly codex: Codex;
  readonly schema: Schema;
  readonly snapshot: Snapshot;
  /** Names of the profiles that have a file. */
  readonly files: readonly string[];
};

/** One move, in words for people. */
export type Step = { readonly profile: string; readonly from: string; readonly to: string };

export type Migration = {
  readonly ops: readonly Op[];
  readonly findings: readonly Finding[];
  readonly steps: readonly Step[];
};

/** Joins the parts of a migration, in their order. */
export function together(parts: readonly Partial<Migration>[]): Migration {
  return {
    ops: parts.flatMap(({ ops = [] }) => ops),
    findings: parts.flatMap(({ findings = [] }) => findings),
    steps: parts.flatMap(({ steps = [] }) => steps),
  };
}

/** The arguments of the command that was given, with more new names. */
export function commandWith(
  more: Iterable<readonly [old: string, name: string]>,
  { asDefault, rename, to }: MigrateOptions,
): readonly string[] {
  const names = [...new Map([...rename, ...more])].flatMap(([old, name]) => ["--rename", `${old}=${name}`]);
  return ["migrate", ...(to === undefined ? [] : ["--to", to]), ...(asDefault ? ["--as-default"] : []), ...names];
}

type Clash = { readonly place: string; readonly table: string; readonly hints: readonly Hint[] };

/** Throws when a setting would move to a key that has another value. */
export function refuseClashes(wanted: TomlTable, there: TomlTable, { hints, place, table }: Clash): void {
  const keys = clashes(wanted, there).map(renderKey);
  if (keys.length === 0) return;
  throw new CfgError("would-overwrite", `${place} has other values than ${table}: ${keys.join(", ")}`, { hints });
}

/** The shortest paths that two tables both have, with different values. */
export function clashes(wanted: TomlTable, there: TomlTable, path: readonly string[] = []): string[][] {
  return Object.entries(wanted).flatMap(([key, value]) => {
    const now = valueAt(there, [key]);
    if (now === undefined || sameValue(now, value)) return [];
    return isTable(now) && isTable(value) ? clashes(value, now, [...path, key]) : [[...path, key]];
  });
}
