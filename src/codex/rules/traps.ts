/**
 * Settings that load and do nothing, or not what they say: one that another beats, a variable that nobody expands, a feature
 * that Codex warns of at every start. Pure.
 */
import type { Violation } from "../../findings/finding.ts";
import type { KeyPath, TomlTable, TomlValue } from "../../model/op.ts";
import { isTable, leavesOf, renderKey, tablesIn, valueAt } from "../../toml/value.ts";
import { forVersion } from "../facts.ts";
import { choice, type DraftFix, safe, set, unset } from "./fixes.ts";

/** `default_permissions` beats the older settings of the sandbox, which then do nothing. */
export function sandboxTraps(config: TomlTable, version: string): Violation[] {
  if (!forVersion("permissionsChecked", version)) return [];
  const has = (key: string) => valueAt(config, [key]) !== undefined;
  const mode = valueAt(config, ["sandbox_mode"]);
  const isChosen = has("default_permissions");
  const found: Violation[] = [];
  if (isChosen && mode !== undefined) {
    const fix = choice(
      "they say two things about what Codex may do",
      ["keep default_permissions, which counts now", unset(["sandbox_mode"])],
      ["keep sandbox_mode", unset(["default_permissions"])],
    );
    found.push({
      code: "beaten-setting",
      args: { key: "sandbox_mode", by: "default_permissions" },
      path: ["sandbox_mode"],
      stops: null,
      fix,
    });
  }
  const table = "sandbox_workspace_write";
  const other = isChosen
    ? "default_permissions"
    : typeof mode === "string" && mode !== "workspace-write"
      ? "sandbox_mode"
      : null;
  if (has(table) && other !== null)
    found.push({ code: "beaten-setting", args: { key: table, by: other }, path: [table], stops: null });
  return found;
}

/** Codex hands over what servers are started with letter by letter: no shell reads it. */
export function literalTraps(config: TomlTable): Violation[] {
  return tablesIn(config, ["mcp_servers"]).flatMap(([server, table]): Violation[] => {
    const path = ["mcp_servers", server];
    const texts = (key: string): [KeyPath, string][] => {
      const value = valueAt(table, [key]);
      if (typeof value === "string") return [[[key], value]];
      if (Array.isArray(value))
        return value.flatMap((item: TomlValue, i) =>
          typeof item === "string" ? [[[key, i], item] as [KeyPath, string]] : [],
        );
      return isTable(value)
        ? leavesOf(value, [key]).flatMap(([at, item]) =>
            typeof item === "string" ? [[at, item] as [KeyPath, string]] : [],
          )
        : [];
    };
    const isShell = runsShell(table);
    return ["command", "args", "cwd", "url", "env", "http_headers"].flatMap((key) =>
      texts(key).flatMap(([at, text]): Violation[] => {
        if (key === "args" && isShell) return [];
        const variable = VARIABLE.exec(text)
          ?.slice(1)
          .find((name) => name !== undefined);
        const isHome = /^~(?:[/\\]|$)/.test(text) && key !== "http_headers" && key !== "url";
        if (variable === undefined && !isHome) return [];
        const where = [...path, ...at];
        const args = {
          key: renderKey(where),
          text: variable === undefined ? "~" : `$${variable}`,
          place: placeOf(key),
        } as const;
        const fix = variable === undefined ? undefined : fixOf(key, at, text, variable, path, table);
        return [{ code: "literal-text", args, path: where, stops: null, ...(fix && { fix }) }];
      }),
    );
  });
}

const VARIABLE = /\$\{(?:env:)?([A-Za-z_]\w*)(?::-[^}]*)?\}|\$([A-Z_][A-Z0-9_]*)\b|%([A-Z_][A-Z0-9_]*)%/;

function placeOf(key: string): "env" | "header" | "path" {
  return key === "env" ? "env" : key === "http_headers" ? "header" : "path";
}

/** Whether a server is a command line for a shell, which expands it after all. */
function runsShell(table: TomlTable): boolean {
  const command = valueAt(table, ["command"]);
  const args = valueAt(table, ["args"]);
  const words = [command, ...(Array.isArray(args) ? args : [])].filter((word) => typeof word === "string");
  return words.some((word) => /^(?:-l?c|\/c|-Command)$/i.test(word) || /(?:^|[/\\])(?:ba|z|fi|da|k)?sh$/.test(word));
}

/** The key that does read a variable, where the text is nothing but one. */
function fixOf(
  key: string,
  at: KeyPath,
  text: string,
  name: string,
  path: KeyPath,
  table: TomlTable,
): DraftFix | undefined {
  const whole = new RegExp(`^\\$\\{?(?:env:)?${name}\\}?$`).test(text);
  const reason = "the server then gets what the variable holds where Codex starts";
  const own = at[1];
  if (key === "env" && whole && own === name) {
    const known = valueAt(table, ["env_vars"]) ?? [];
    if (!Array.isArray(known)) return undefined;
    return choice(reason, [
      `pass ${name} on`,
      set([...path, "env_vars"], [...known, name] as TomlValue),
      unset([...path, ...at]),
    ]);
  }
  if (key !== "http_headers" || typeof own !== "string") return undefined;
  const isBearer =
    own.toLowerCase() === "authorization" && new RegExp(`^Bearer \\$\\{?(?:env:)?${name}\\}?$`).test(text);
  if (isBearer && valueAt(table, ["bearer_token_env_var"]) === undefined)
    return choice(reason, [
      `take the token from ${name}`,
      set([...path, "bearer_token_env_var"], name),
      unset([...path, ...at]),
    ]);
  if (!whole) return undefined;
  return choice(reason, [
    `take it from ${name}`,
    set([...path, "env_http_headers", own], name),
    unset([...path, ...at]),
  ]);
}

/** Features that Codex warns of whenever somebody sets them. */
export function deprecatedFeatures(config: TomlTable, version: string): Violation[] {
  return Object.entries(forVersion("deprecatedFeatures", version)).flatMap(([name, usual]): Violation[] => {
    const path = ["features", name];
    const value = valueAt(config, path);
    if (value === undefined) return [];
    const fix =
      value === usual
        ? safe("Codex does the same without the line", unset(path))
        : choice("without the line Codex does as it usually does", ["remove it", unset(path)]);
    return [{ code: "deprecated-feature", args: { key: renderKey(path) }, path, stops: null, fix }];
  });
}
