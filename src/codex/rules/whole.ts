/**
 * The rules for a config as a whole, after its layers are merged: names that must be defined, values and keys that
 * were taken away, files that must be there. Looks at files only through the function it is given.
 */
import type { Violation } from "../../findings/finding.ts";
import type { TomlTable } from "../../model/op.ts";
import { isTable, valueAt } from "../../toml/value.ts";
import { forVersion } from "../facts.ts";
import { profileLayout } from "../profile-layout.ts";
import { choice, remove, safe, set, unset } from "./fixes.ts";

export type WholeContext = {
  readonly version: string;
  /** The profile asked for, `--profile`. */
  readonly profile: string | null;
  /** config.toml alone, because only its profile tables keep Codex from starting with a profile's file. */
  readonly base: TomlTable;
  /** The text of a file that a key names; null when it cannot be read. */
  readonly fileText: (name: string) => string | null;
  readonly nearest: (name: string, known: readonly string[]) => string | null;
};

/** The legacy profile that counts, and what is wrong about it. */
export function legacyProfile(
  config: TomlTable,
  { base, profile, version }: Pick<WholeContext, "base" | "profile" | "version">,
): { table: TomlTable | null; violations: Violation[] } {
  const selector = valueAt(config, ["profile"]);
  const none = { table: null, violations: [] };
  if (profileLayout(version).refusesTables) {
    const violations: Violation[] = [];
    if (typeof selector === "string") {
      violations.push({
        code: "legacy-selector",
        args: { profile: selector },
        path: ["profile"],
        stops: "load",
        fix: safe("this Codex refuses the line, and a start names its profile itself", unset(["profile"])),
      });
    }
    if (profile !== null && valueAt(base, ["profiles", profile]) !== undefined) {
      const path = ["profiles", profile];
      violations.push({
        code: "legacy-table",
        args: { profile },
        path,
        stops: "load",
        fix: safe("this Codex reads profiles from files of their own", (file) => ({
          op: "move",
          file,
          path,
          to: { file: `profile:${profile}`, path: [] },
        })),
      });
    }
    return { table: null, violations };
  }
  const name = profile ?? selector;
  if (typeof name !== "string") return none;
  const table = valueAt(config, ["profiles", name]);
  if (isTable(table)) return { table, violations: [] };
  const path = profile === null ? ["profile"] : ["profiles", name];
  return {
    table: null,
    violations: [
      {
        code: "undefined-profile",
        args: { profile: name },
        path,
        stops: "load",
        ...(profile === null ? { fix: remove(path) } : {}),
      },
    ],
  };
}

/** The provider that is chosen must be there. */
export function providerRule(config: TomlTable, { nearest, version }: WholeContext): Violation[] {
  const id = valueAt(config, ["model_provider"]);
  if (typeof id !== "string") return [];
  const path = ["model_provider"];
  const instead = valueAt(forVersion("removedProviders", version), [id]);
  const own = valueAt(config, ["model_providers"]);
  const known = [...forVersion("builtInProviders", version), ...(isTable(own) ? Object.keys(own) : [])];
  if (typeof instead === "string" && !known.includes(id)) {
    return [
      {
        code: "removed-provider",
        args: { id, instead },
        path,
        stops: "load",
        fix: choice("what is sent goes to the service that is named", [`choose ${instead}`, set(path, instead)]),
      },
    ];
  }
  if (known.includes(id)) return [];
  const near = nearest(id, known);
  // Another provider sees what is sent, so the user alone may choose one.
  const fix =
    near === null || near.includes(id)
      ? {}
      : { fix: choice("what is sent goes to the service that is named", [`choose ${near}`, set(path, near)]) };
  return [{ code: "undefined-provider", args: { id, near }, path, stops: "load", ...fix }];
}

/** Values and keys that this Codex does not start with any more; each rule looks at one key alone. */
export function removedRules(config: TomlTable, version: string): Violation[] {
  const found: Violation[] = [];
  if (forVersion("approvalUntrustedRemoved", version) && valueAt(config, ["approval_policy"]) === "untrusted") {
    found.push({
      code: "removed-value",
      args: { key: "approval_policy" },
      path: ["approval_policy"],
      stops: "load",
      fix: safe("this Codex refuses the value; without the line on-request holds", unset(["approval_policy"])),
    });
  }
  for (const key of forVersion("removedKeys", version)) {
    if (valueAt(config, [key]) !== undefined)
      found.push({
        code: "removed-key",
        args: { key },
        path: [key],
        stops: "load",
        fix: safe("this Codex does not start with the line and has no such setting", unset([key])),
      });
  }
  return found;
}

/** Files that must exist; each rule looks at one key alone. */
export function fileRules(config: TomlTable, { fileText, version }: WholeContext): Violation[] {
  return forVersion("fileKeys", version).flatMap((key): Violation[] => {
    const name = valueAt(config, [key]);
    if (typeof name !== "string") return [];
    const text = fileText(name);
    if (text === null) return [{ code: "missing-file", args: { key }, path: [key], stops: "load", fix: remove([key]) }];
    if (key === "model_catalog_json" && !isJson(text))
      return [{ code: "not-json", args: { key }, path: [key], stops: "load", fix: remove([key]) }];
    return [];
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
