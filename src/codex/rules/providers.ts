/** The rules for provider tables beyond the types of their keys, by release. Pure: a table in, violations out. */
import type { Violation } from "../../findings/finding.ts";
import type { KeyPath, TomlTable } from "../../model/op.ts";
import { isTable, tablesIn, valueAt } from "../../toml/value.ts";
import { always, forVersion } from "../facts.ts";
import { choice, type DraftFix, move, remove, safe, set, unset } from "./fixes.ts";
import { gatewayRules } from "./gateway.ts";

/** What keeps a config with these provider tables from loading; holds for each file by itself, too. */
export function providerRules(config: TomlTable, version: string): Violation[] {
  return tablesIn(config, ["model_providers"]).flatMap(([id, table]): Violation[] => {
    const path = ["model_providers", id];
    const builtIn = forVersion("builtInProviders", version).includes(id);
    if (forVersion("reservedProviders", version).includes(id)) return reserved(id, table, path, version);
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

function reserved(id: string, table: TomlTable, path: KeyPath, version: string): Violation[] {
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
  // Another id fixes the table only when nothing else is wrong with it.
  const clean = [...wireApiRule(free, moved, path, version), ...authRules(free, moved, path, version)].length === 0;
  const to = ["model_providers", free];
  const fix = safe(
    "nothing selects the table, and another id keeps it",
    move(path, to),
    ...(named ? [] : [set([...to, "name"], free)]),
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
