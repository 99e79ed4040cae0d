/**
 * The lines `profile = "x"`, with which Codex 0.134 and newer does not start: which profile they choose, and their removal.
 */
import { fileName, profileOf } from "../../codex/file-role.ts";
import type { Finding } from "../../findings/finding.ts";
import { CfgError } from "../../model/error.ts";
import type { FileRole, Op, TomlTable } from "../../model/op.ts";
import type { MigrateContext, Migration } from "./migration.ts";

/** The profile that counts at every start, null when there is no profile left at all. */
export function defaultProfile(selected: unknown, tables: ReadonlyMap<string, TomlTable>): string | null {
  if (typeof selected === "string") return tables.has(selected) ? selected : null;
  if (tables.size === 0) return null;
  throw new CfgError(
    "usage",
    "--as-default is for the profile that config.toml chooses, and there is no line profile = …",
    { hints: [{ note: "leave it out", argv: ["migrate"] }] },
  );
}

/** Removes `profile = "x"` from config.toml, with a finding that tells how to start Codex instead. */
export function selection(
  selected: unknown,
  tables: ReadonlyMap<string, TomlTable>,
  names: ReadonlyMap<string, string>,
  { byDefault, files }: { readonly byDefault: string | null; readonly files: readonly string[] },
): Partial<Migration> {
  if (typeof selected !== "string") return {};
  const path = ["profile"];
  const place = { file: "config", path } as const;
  const moved = names.get(selected);
  // A profile that is already a file is selected only where no table of that name moves.
  const name = moved ?? (files.includes(selected) && byDefault === null ? selected : undefined);
  const findings: Finding[] = [
    { code: "legacy-selector-removed", severity: "warning", ...place, args: { profile: selected } },
  ];
  if (!tables.has(selected) && name === undefined)
    findings.push({ code: "undefined-profile", severity: "warning", ...place, args: { profile: selected } });
  if (moved !== undefined)
    findings.push({ code: "profile-was-default", severity: "warning", ...place, args: { profile: selected } });
  if (name !== undefined)
    findings.push({ code: "start-with-profile", severity: "info", args: { profile: name, behind: false } });
  if (byDefault !== null) findings.push({ code: "start-plainly", severity: "info", args: {} });
  const to = name !== undefined ? `codex --profile ${name}` : byDefault !== null ? "codex" : "nothing";
  const step = { profile: name ?? selected, from: `profile = ${JSON.stringify(selected)}`, to };
  return { ops: [{ op: "unset", file: "config", path }], findings, steps: [step] };
}

/** `profile = "y"` in a profile's file, old or just moved there, keeps Codex from starting with it, so it goes. */
export function withoutSelector(file: FileRole, { snapshot }: MigrateContext): Partial<Migration> {
  const path = ["profile"];
  const selected = snapshot.document(file).get(path);
  const profile = profileOf(file) ?? "";
  const ops: Op[] = [{ op: "unset", file, path }];
  if (typeof selected !== "string") return { ops };
  const finding: Finding = {
    code: "legacy-selector-removed",
    severity: "warning",
    file,
    path,
    args: { profile: selected },
  };
  const step = { profile, from: `profile = ${JSON.stringify(selected)} in ${fileName(file)}`, to: "nothing" };
  return { ops, findings: [finding], steps: [step] };
}
