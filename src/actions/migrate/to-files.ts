/**
 * Profiles from the layout of one release to that of another: `[profiles.x]` of config.toml into x.config.toml, or back.
 * All profiles at once, and nothing is guessed: what the other layout cannot hold is refused by name. Pure.
 */
import { fileName } from "../../codex/file-role.ts";
import type { Finding } from "../../findings/finding.ts";
import { argvOf } from "../../model/hint.ts";
import type { FileRole, Op, TomlTable } from "../../model/op.ts";
import { leavesOf, renderKey, tablesIn, valueAt } from "../../toml/value.ts";
import { layeringFindings, newlyEffectiveKeys } from "./layering.ts";
import {
  clashes,
  commandWith,
  type MigrateContext,
  type MigrateOptions,
  type Migration,
  refuseClashes,
  together,
} from "./migration.ts";
import { checkRenames, fileNames } from "./names.ts";
import { defaultProfile, selection, withoutSelector } from "./selectors.ts";
import { toTables } from "./to-tables.ts";

/**
 * The moves of every profile. Throws `invalid-config`, `would-overwrite`, `unknown-name` or `usage`; never touches
 * anything.
 */
export function planMoves(options: MigrateOptions, context: MigrateContext): Migration {
  return DIRECTIONS[context.codex.layout.kind](options, context);
}

const DIRECTIONS = { file: toFiles, table: toTables } as const;

/** For 0.134 and newer: each table becomes a file, the selector goes, and so does one in a profile's file. */
function toFiles(options: MigrateOptions, context: MigrateContext): Migration {
  const { files, snapshot } = context;
  const config = snapshot.document("config");
  const selected = config.get(["profile"]);
  const tables = new Map(tablesIn(config.data, ["profiles"]));
  const byDefault = options.asDefault ? defaultProfile(selected, tables) : null;
  const moving = [...tables.keys()].filter((name) => name !== byDefault);
  checkRenames(options.rename, [...tables.keys()], (name) => files.includes(name));
  const names = fileNames(moving, options, context);
  const moves = moving.map((name) => toFile(name, names.get(name) ?? name, tables.get(name) ?? {}, options, context));
  const roles = [...new Set([...files, ...names.values()])].map((name): FileRole => `profile:${name}`);
  const all = Object.keys(config.table(["profiles"]) ?? {}).length === tables.size && tables.size > 0;
  const line = config.text.slice(config.range(["profiles"])?.end).split("\n", 1)[0] ?? "";
  return together([
    selection(selected, tables, names, { byDefault, files }),
    ...moves,
    ...(byDefault === null
      ? []
      : [toRoot(byDefault, tables.get(byDefault) ?? {}, [...names.values(), ...files], context)]),
    ...roles.map((role) => withoutSelector(role, context)),
    // The header `[profiles]` goes with the last profile, unless it has a comment.
    all && !line.includes("#") ? { ops: [{ op: "unset", file: "config", path: ["profiles"] }] } : {},
  ]);
}

function toFile(
  name: string,
  newName: string,
  table: TomlTable,
  options: MigrateOptions,
  { codex, schema, snapshot }: MigrateContext,
): Partial<Migration> {
  const file: FileRole = `profile:${newName}`;
  const path = ["profiles", name];
  const config = snapshot.document("config");
  const there = snapshot.document(file).data;
  const { profile: _, ...held } = there;
  refuseClashes(table, held, {
    place: fileName(file),
    table: `[${renderKey(path)}]`,
    hints: [
      { note: "move it to a name of its own", argv: commandWith([[name, `${newName}-legacy`]], options) },
      {
        note: "or let the file win",
        argv: argvOf("unset", [renderKey([...path, ...(clashes(table, held)[0] ?? [])])]),
      },
    ],
  });
  const isBlank = !snapshot.exists(file) && config.fragment(path).trim() === "";
  const ops: Op[] = isBlank
    ? [
        { op: "write", file, text: "# this profile sets nothing\n" },
        { op: "unset", file: "config", path },
      ]
    : [{ op: "move", file: "config", path, to: { file, path: [] } }];
  const moved: Finding =
    name === newName
      ? { code: "legacy-moved", severity: "info", file: "config", path, args: { profile: name } }
      : { code: "profile-renamed", severity: "info", file: "config", path, args: { profile: name, name: newName } };
  const others = leavesOf(held).flatMap(([key]) => (valueAt(table, key) === undefined ? [renderKey(key)] : []));
  const joins: Finding[] =
    others.length === 0
      ? []
      : [{ code: "profile-joins", severity: "warning", file, args: { profile: newName, keys: others } }];
  const findings = [
    moved,
    ...joins,
    ...newlyEffectiveKeys(name, table, schema, codex.version),
    ...layeringFindings(name, table, config.data),
  ];
  return {
    ops,
    findings,
    steps: [{ profile: newName, from: `[${renderKey(path)}]`, to: fileName(file) }],
  };
}

/**
 * Moves the keys of the profile of every start to the root of config.toml, where they replace what they overrode before.
 */
function toRoot(
  name: string,
  table: TomlTable,
  others: readonly string[],
  { codex, schema, snapshot }: MigrateContext,
): Partial<Migration> {
  const path = ["profiles", name];
  const root = snapshot.document("config").data;
  const ops: Op[] = [
    ...clashes(table, root).map((key): Op => ({ op: "unset", file: "config", path: key })),
    { op: "move", file: "config", path, to: { file: "config", path: [] } },
    // A key `profile` inside the profile must not become the selector at the root.
    { op: "unset", file: "config", path: ["profile"] },
  ];
  const findings: Finding[] = [
    { code: "profile-is-default", severity: "info", file: "config", path, args: { profile: name } },
    ...newlyEffectiveKeys(name, table, schema, codex.version),
    ...layeringFindings(name, table, root),
  ];
  const keys = leavesOf(table).map(([key]) => renderKey(key));
  const under = [...new Set(others)].filter((other) => other !== name).sort();
  if (under.length > 0 && keys.length > 0)
    findings.push({
      code: "default-shows-through",
      severity: "warning",
      file: "config",
      path,
      args: { profile: name, others: under, keys },
    });
  return { ops, findings, steps: [{ profile: name, from: `[${renderKey(path)}]`, to: "config.toml" }] };
}
