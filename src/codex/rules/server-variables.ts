/** Variables that MCP servers in a config name, and that nobody sets. Pure. */
import type { Violation } from "../../findings/finding.ts";
import type { TomlTable } from "../../model/op.ts";
import { isTable, tablesIn } from "../../toml/value.ts";
import { VARIABLE_NAME } from "../environment.ts";

/** `isSet` says whether a variable is set; without it, no rule looks at variables. */
export function serverVariables(
  config: TomlTable,
  { isSet }: { readonly isSet?: ((name: string) => boolean) | undefined },
): Violation[] {
  return tablesIn(config, ["mcp_servers"]).flatMap(([server, table]): Violation[] => {
    if (table.enabled === false) return [];
    // What is no name may be the secret itself, and another rule says so.
    const unset = isSet ? namedIn(table).filter(({ name }) => VARIABLE_NAME.test(name) && !isSet(name)) : [];
    return unset.map(({ key, name }) => ({
      code: "server-variable-unset",
      args: { server, name, key },
      path: ["mcp_servers", server, key],
      stops: null,
    }));
  });
}

/** The variables that a server's settings name, each with the setting. */
function namedIn(table: TomlTable): { readonly key: string; readonly name: string }[] {
  const texts = (key: string, values: readonly unknown[]) =>
    values.flatMap((value) => {
      const name = typeof value === "object" && value !== null && "name" in value ? value.name : value;
      return typeof name === "string" ? [{ key, name }] : [];
    });
  const headers = table.env_http_headers;
  const passed = table.env_vars;
  return [
    ...texts("bearer_token_env_var", [table.bearer_token_env_var]),
    ...texts("env_http_headers", isTable(headers) ? Object.values(headers) : []),
    ...texts("env_vars", Array.isArray(passed) ? passed : []),
  ];
}
