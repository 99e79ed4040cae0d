/** Which profiles a home has, in the layout that its Codex reads; refuses names that are unknown or taken. */
import { checkProfileName, fileName } from "../../codex/file-role.ts";
import type { Home } from "../../home.ts";
import { CfgError } from "../../model/error.ts";
import { argvOf } from "../../model/hint.ts";
import type { TomlTable } from "../../model/op.ts";
import { nearestNames } from "../../text/closest-match.ts";
import { renderKey } from "../../toml/value.ts";

/** In order. Throws `invalid-toml` where profiles are tables of a config.toml that does not parse. */
export function profileNames({ codex: { layout }, profileFiles, snapshot }: Home): readonly string[] {
  const names = layout.names(
    () => profileFiles,
    () => snapshot.document("config"),
  );
  return [...names].sort();
}

/** What people call the place of a profile. */
export function placeName({ codex: { layout } }: Home, name: string): string {
  const { file, root } = layout.place(name);
  return root.length === 0 ? fileName(file) : `[${renderKey(root)}]`;
}

/** A profile's own settings. Throws `invalid-toml`. */
export function ownSettings({ codex: { layout }, snapshot }: Home, name: string): TomlTable {
  const { file, root } = layout.place(name);
  const document = snapshot.document(file);
  return (root.length === 0 ? document.data : document.table(root)) ?? {};
}

/** Throws `unknown-name` for a profile that is not there; Codex itself would start without it and say nothing. */
export function checkThere(home: Home, name: string, verb: string): void {
  const names = profileNames(home);
  if (names.includes(name)) return;
  const near = nearestNames(name, names)[0];
  const table = home.codex.layout.ownFiles && legacyTables(home).includes(name);
  throw new CfgError("unknown-name", `there is no profile ${JSON.stringify(name)}`, {
    hints: [
      ...(table ? [{ note: "it is a table that only older releases read; move it", argv: ["migrate"] }] : []),
      near === undefined || table
        ? { note: "see them all", argv: ["profile", "list"] }
        : { note: "did you mean", argv: argvOf(verb, [near]) },
    ],
  });
}

/** Throws `usage` for what is no name of a profile, `would-overwrite` for one that is taken. */
export function checkFree(home: Home, name: string): void {
  checkProfileName(name);
  const table = home.codex.layout.ownFiles && legacyTables(home).includes(name);
  if (!table && !profileNames(home).includes(name)) return;
  throw new CfgError("would-overwrite", `there is a profile ${name} already`, {
    path: table ? "config.toml" : placeName(home, name),
    hints: [
      table
        ? { note: "it is a table that only older releases read; move it", argv: ["migrate"] }
        : { note: "look at it", argv: argvOf("profile show", [name]) },
    ],
  });
}

/** Profiles that are tables of config.toml, where this Codex reads files. */
export function legacyTables({ codex: { layout }, snapshot }: Home): readonly string[] {
  return layout.ownFiles ? Object.keys(snapshot.parsed("config")?.table(["profiles"]) ?? {}) : [];
}
