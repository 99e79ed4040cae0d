/** The rules for provider tables beyond the types of their keys, by release. Pure: a table in, violations out. */
import type { Violation } from "../../findings/finding.ts";
import type { FileRole, KeyPath, TomlTable } from "../../model/op.ts";
import { isTable, tablesIn, valueAt } from "../../toml/value.ts";
import { always, forVersion } from "../facts.ts";
import { choice, type Draft, type DraftFix, move, remove, safe, set, unset } from "./fixes.ts";
import { gatewayRules } from "./gateway.ts";

/** Where the files of a home choose a provider by its id. */
export type Selector = { readonly file: FileRole; readonly path: KeyPath };
export type Selectors = (id: string) => readonly Selector[];
const NOBODY: Selectors = () => [];

/** What keeps a config with these provider tables from loading; holds for each file by itself, too. */
export function providerRules(config: TomlTable, version: string, selectors: Selectors = NOBODY): Violation[] {
  return tablesIn(config, ["model_providers"]).flatMap(([id, table]): Violation[] => {
    const path = ["model_providers", id];
    const builtIn = forVersion("builtInProviders", version).includes(id);
    if (forVersion("reservedProviders", version).includes(id)) return reserved(id, table, path, version, selectors(id));
    const allowed = valueAt(forVersion("restrictedProviders", version), [id]) as readonly string[] | undefined;
    if (allowed) {
      return [...restricted(id, table, path, allowed, version), ...restrictedValues(id, table, path)];
    }
    // Releases before the reserved ids ignored the table and used the built-in provider.
    if (builtIn && forVersion("builtInTableIgnored", version)) return [];
    return [
      ...nameRule(id, table, path),
      ...wireApiRule(id, table, path, version),
      ...authRules(id, table, path, version),
      ...(forVersion("gatewayChecked", version) ? gatewayRules(id, table, path) : []),
    ];
  });
}

/** The fields of a table that differ from their defaults; unknown ones do not count, because Codex ignores them. */
function settingsIn(table: TomlTable, version: string): string[] {
  return forVersion("providerFields", version).filter((key) => {
    const value = valueAt(table, [key]);
    return value !== undefined && valueAt(always("providerDefaults"), [key]) !== value;
  });
}

function reserved(
  id: string,
  table: TomlTable,
  path: KeyPath,
  version: string,
  selecting: readonly Selector[],
): Violation[] {
  const keys = settingsIn(table, version);
  if (
    id === "openai" &&
    forVersion("openaiTableMayBeDefault", version) &&
    keys.every((key) => key === "model_catalog_url")
  ) {
    const catalogue = valueAt(table, ["model_catalog_url"]);
    const allowed = typeof catalogue !== "string" || new RegExp(always("catalogAddress"), "i").test(catalogue);
    return allowed
      ? []
      : [
          {
            code: "provider-catalog-host",
            args: { id },
            path: [...path, "model_catalog_url"],
            stops: "load",
            fix: remove([...path, "model_catalog_url"]),
          },
        ];
  }
  const free = `${id}-custom`;
  const name = valueAt(table, ["name"]);
  const named = typeof name === "string" && name.trim() !== "";
  const moved = named ? table : { ...table, name: free };
  // Another id fixes the table only when nothing else is wrong with it that asks for a choice.
  const clean = authRules(free, moved, path, version).length === 0;
  const isChat = wireApiRule(free, moved, path, version).length > 0;
  const to = ["model_providers", free];
  const rename = [
    move(path, to),
    ...(named ? [] : [set([...to, "name"], free)]),
    ...(isChat ? [set([...to, "wire_api"], "responses")] : []),
  ];
  const follow: Draft[] = selecting.map((at) => () => ({ op: "set", file: at.file, path: at.path, value: free }));
  // A table of that id never counted, so whoever chose the id got Codex's own provider as long as Codex took the table.
  const fix =
    selecting.length === 0
      ? safe("nothing selects the table, and another id keeps it", ...rename)
      : choice(
          `${id} is selected, and whether that meant this table or Codex's own provider decides where prompts go`,
          [`rename the table to ${free} and use it`, ...rename, ...follow],
          [`rename the table to ${free} and use Codex's own ${id}`, ...rename],
        );
  return [{ code: "reserved-provider", args: { id }, path, stops: "load", ...(clean ? { fix } : {}) }];
}

function restricted(
  id: string,
  table: TomlTable,
  path: KeyPath,
  allowed: readonly string[],
  version: string,
): Violation[] {
  const keys = settingsIn(table, version).filter((key) => !allowed.includes(key));
  if (keys.length === 0) return [];
  return [
    {
      code: "restricted-provider",
      args: { id, keys, allowed },
      path,
      stops: "load",
      fix: choice("Codex uses its own values for them", [
        `remove ${keys.join(", ")}`,
        ...keys.map((key) => unset([...path, key])),
      ]),
    },
  ];
}

function restrictedValues(id: string, table: TomlTable, path: KeyPath): Violation[] {
  const found = emptyCommand(id, table, path);
  if (valueAt(table, ["auth"]) !== undefined && valueAt(table, ["aws"]) !== undefined) {
    found.push({
      code: "provider-auth-conflict",
      args: { id, key: "aws" },
      path: [...path, "aws"],
      stops: "load",
      fix: rivals(path, "aws"),
    });
  }
  const file = valueAt(table, ["credential_file"]);
  if (id === "gcp" && typeof file === "string" && !file.startsWith("/")) {
    found.push({
      code: "provider-file",
      args: { id, key: "credential_file" },
      path: [...path, "credential_file"],
      stops: "load",
      fix: remove([...path, "credential_file"]),
    });
  }
  return found;
}

/** Two ways to a key in one table. */
function rivals(path: KeyPath, key: string): DraftFix {
  return choice(
    "they are two ways to a key, and only one can count",
    ["keep auth", unset([...path, key])],
    [`keep ${key}`, unset([...path, "auth"])],
  );
}

function emptyCommand(id: string, table: TomlTable, path: KeyPath): Violation[] {
  const command = valueAt(table, ["auth", "command"]);
  if (typeof command !== "string" || command.trim() !== "") return [];
  return [{ code: "provider-auth-command", args: { id }, path: [...path, "auth", "command"], stops: "load" }];
}

/** An empty name is a load error; so is a missing one before 0.123, which required the key. */
function nameRule(id: string, table: TomlTable, path: KeyPath): Violation[] {
  const name = valueAt(table, ["name"]);
  if (name !== undefined && (typeof name !== "string" || name.trim() !== "")) return [];
  return [
    {
      code: "provider-name",
      args: { id },
      path,
      stops: "load",
      fix: safe("the name is only shown", set([...path, "name"], id || "unnamed")),
    },
  ];
}

function wireApiRule(id: string, table: TomlTable, path: KeyPath, version: string): Violation[] {
  const value = valueAt(table, ["wire_api"]);
  const allowed = forVersion("wireApis", version);
  if (typeof value !== "string" || allowed.includes(value)) return [];
  return [
    {
      code: "wire-api",
      args: { id, allowed },
      path: [...path, "wire_api"],
      stops: "load",
      fix: safe("this Codex has no other protocol", set([...path, "wire_api"], "responses")),
    },
  ];
}

function authRules(id: string, table: TomlTable, path: KeyPath, version: string): Violation[] {
  const found: Violation[] = [];
  const aws = forVersion("awsProviders", version);
  if (aws && valueAt(table, ["aws"]) !== undefined && !aws.includes(id)) {
    found.push({
      code: "provider-aws",
      args: { id },
      path: [...path, "aws"],
      stops: "load",
      fix: remove([...path, "aws"]),
    });
  }
  const auth = valueAt(table, ["auth"]);
  if (!forVersion("providerAuthChecked", version) || !isTable(auth)) return found;
  found.push(...emptyCommand(id, table, path));
  for (const key of always("authRivals")) {
    const value = valueAt(table, [key]);
    if (value === undefined || value === false) continue;
    found.push({
      code: "provider-auth-conflict",
      args: { id, key },
      path: [...path, key],
      stops: "load",
      fix: rivals(path, key),
    });
  }
  return found;
}
