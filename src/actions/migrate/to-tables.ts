/**
 * Profile files back into `[profiles.x]` of config.toml, for Codex 0.133 and older, as far as such a table can hold them.
 */
import { firstChange, forVersion, NEWEST } from "../../codex/facts.ts";
import { fileName } from "../../codex/file-role.ts";
import { mismatches, type Schema, schemaAt } from "../../codex/schema.ts";
import { CfgError } from "../../model/error.ts";
import { argvOf } from "../../model/hint.ts";
import type { FileRole, KeyPath, TomlTable } from "../../model/op.ts";
import { renderKey } from "../../toml/value.ts";
import { layeringFindings } from "./layering.ts";
import {
  commandWith,
  type MigrateContext,
  type MigrateOptions,
  type Migration,
  refuseClashes,
  together,
} from "./migration.ts";
import { checkRenames, freeNames, refuseCollisions } from "./names.ts";

/** Throws `invalid-config`, `would-overwrite`, `unknown-name` or `usage`; never touches anything. */
export function toTables(options: MigrateOptions, context: MigrateContext): Migration {
  const { asDefault, rename } = options;
  const { codex, files, schema, snapshot } = context;
  if (asDefault) {
    throw new CfgError(
      "usage",
      `--as-default is for the way to ${firstChange("profileLayout")} and newer, and this is for Codex ${codex.version}`,
      {
        hints: [
          {
            note: "afterwards choose a profile for every start",
            argv: ["--codex-version", codex.version, "set", "profile", "NAME"],
          },
        ],
      },
    );
  }
  const config = snapshot.document("config");
  checkRenames(rename, files, (name) => config.table(["profiles", name]) !== undefined);
  const names = new Map(files.map((file) => [file, rename.get(file) ?? file]));
  refuseCollisions(names, () => commandWith(freeNames(names, files), options));
  const parts = files.map((file): Partial<Migration> => {
    const name = rename.get(file) ?? file;
    const role: FileRole = `profile:${file}`;
    const path = ["profiles", name];
    const { data } = snapshot.document(role);
    const held = config.table(path) ?? {};
    refuseHomeless(file, data, schema, codex.version);
    refuseClashes(data, held, {
      place: `[${renderKey(path)}]`,
      table: fileName(role),
      hints: [{ note: "move it to a name of its own", argv: commandWith([[file, `${name}-file`]], options) }],
    });
    return {
      ops: [
        { op: "move", file: role, path: [], to: { file: "config", path } },
        { op: "write", file: role, text: null },
      ],
      findings: [
        { code: "profile-to-table", severity: "info", file: role, args: { profile: file, name } },
        ...layeringFindings(name, data, config.data),
      ],
      steps: [{ profile: name, from: fileName(role), to: `[${renderKey(path)}]` }],
    };
  });
  return together(parts);
}

/** Throws for settings that a profile's file may hold and a legacy profile ignores or refuses: servers, providers, … */
function refuseHomeless(profile: string, data: TomlTable, schema: Schema, version: string): void {
  const read = forVersion("legacyProfileKeys", version);
  const known = Object.fromEntries(Object.entries(data).filter(([key]) => read.includes(key)));
  const table = schemaAt(schema, ["profiles", profile], version);
  // A key that no release knows has no effect in either layout.
  const isSetting = (path: KeyPath) => schemaAt(schema, path, NEWEST) !== null;
  const wrong = (table === null ? [] : mismatches(known, table, version)).filter(
    (found) => found.kind !== "unknown" || found.stops === "load" || isSetting(found.path),
  );
  const ignored = Object.keys(data).filter((key) => !Object.hasOwn(known, key) && isSetting([key]));
  const keys = [...ignored.map((key) => [key]), ...wrong.map(({ path }) => path)].map(renderKey);
  if (keys.length === 0) return;
  throw new CfgError("invalid-config", `a profile of Codex ${version} cannot hold: ${keys.join(", ")}`, {
    path: `${profile}.config.toml`,
    hints: [
      "such a table has no place for it; take it out of the profile, or put it into config.toml for every start",
      {
        note: "take it out",
        argv: ["--codex-version", NEWEST, ...argvOf("unset", [keys[0] ?? ""], ["-p", profile])],
      },
    ],
  });
}
