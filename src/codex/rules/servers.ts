/** The rules for MCP servers beyond the types of their keys, by release. Pure: a config in, violations out. */
import type { Violation } from "../../findings/finding.ts";
import type { KeyPath, TomlTable, TomlValue } from "../../model/op.ts";
import { renderKey, tablesIn, valueAt } from "../../toml/value.ts";
import { always, forVersion } from "../facts.ts";
import { choice, remove, safe, set, unset } from "./fixes.ts";

/** What keeps a config with these servers from loading. `profile` is the profile whose file is checked by itself. */
export function serverRules(config: TomlTable, version: string, profile: string | null = null): Violation[] {
  const facts = factsFor(version);
  return tablesIn(config, ["mcp_servers"]).flatMap(([server, table]): Violation[] => {
    const path = ["mcp_servers", server];
    return [
      ...transportRules(server, table, path, facts, profile),
      ...timeoutRules(server, table, path),
      ...variableRules(table, path),
      ...oauthRules(server, table, path, facts),
    ];
  });
}

/** The facts of a release that the rules need, looked up once for all servers. */
function factsFor(version: string) {
  return {
    httpOnly: forVersion("httpOnlyServerKeys", version),
    stdioOnly: always("stdioOnlyServerKeys"),
    remoteNeedsCwd: forVersion("remoteServerNeedsCwd", version),
    neverEmpty: forVersion("serverNeverEmpty", version).map((key) => key.split(".")),
    secretNeedsId: forVersion("serverSecretNeedsId", version),
    enterpriseOauth: forVersion("enterpriseOauthKeys", version),
  };
}

type Facts = ReturnType<typeof factsFor>;

/** Servers that load and do not do what their settings suggest. */
export function serverPitfalls(config: TomlTable, version: string): Violation[] {
  const name = new RegExp(forVersion("serverName", version));
  return tablesIn(config, ["mcp_servers"]).flatMap(([server, table]): Violation[] => {
    const path = ["mcp_servers", server];
    const found: Violation[] = [];
    if (!name.test(server)) found.push({ code: "server-name", args: { server }, path, stops: null });
    const disabled = valueAt(table, ["disabled"]);
    if (typeof disabled === "boolean") {
      const line = [...path, "disabled"];
      const fix = disabled
        ? choice(
            "with the right key Codex no longer starts the server",
            ["turn it off", unset(line), set([...path, "enabled"], false)],
            ["leave it on and remove the line", unset(line)],
          )
        : safe("Codex ignores the line", unset(line));
      found.push({
        code: "server-disabled-key",
        args: { server },
        path: line,
        stops: "strict",
        fix,
      });
    }
    return found;
  });
}

function transportRules(
  server: string,
  table: TomlTable,
  path: KeyPath,
  facts: Facts,
  profile: string | null,
): Violation[] {
  const has = (key: string) => Object.hasOwn(table, key);
  const found: Violation[] = [];
  if (has("bearer_token")) found.push(bearerToken(server, table, path));
  if (!has("command") && !has("url")) {
    // A table with a switch alone is removed; in a profile's file it is right where config.toml defines the server.
    const bare = Object.keys(table).every((key) => key === "enabled" || key === "required");
    const fix = bare
      ? safe("the table has nothing but switches, and no server to switch", unset(path))
      : choice("its settings are lost with it", ["remove the table", unset(path)]);
    return [
      {
        code: "server-transport",
        args: { server, profile },
        path,
        stops: "load",
        ...(profile === null ? { fix } : {}),
      },
    ];
  }
  const transport = has("command") ? "stdio" : "http";
  const keys = (transport === "stdio" ? facts.httpOnly : facts.stdioOnly).filter(has);
  if (keys.length > 0) found.push(mixed(server, table, path, transport, keys, facts));
  const environment = valueAt(table, ["environment_id"]);
  const cwd = valueAt(table, ["cwd"]);
  if (transport === "stdio" && typeof environment === "string" && environment !== "local" && facts.remoteNeedsCwd) {
    if (typeof cwd !== "string" || !cwd.startsWith("/"))
      found.push({ code: "server-cwd", args: { server }, path, stops: "load" });
  }
  return found;
}

/** A token in the file itself, which Codex refuses under this key and takes as a header. */
function bearerToken(server: string, table: TomlTable, path: KeyPath): Violation {
  const at = [...path, "bearer_token"];
  const token = valueAt(table, ["bearer_token"]);
  const header = [...path, "http_headers", "Authorization"];
  const isFree =
    typeof token === "string" && !Object.hasOwn(table, "command") && valueAt(table, ["http_headers"]) === undefined;
  const fix = choice(
    "without it the server gets no login",
    ...(isFree ? [["send it as a header", set(header, `Bearer ${token}`), unset(at)] as const] : []),
    ["remove it", unset(at)],
  );
  return { code: "server-bearer-token", args: { server }, path: at, stops: "load", fix };
}

/** A server with keys of both kinds: with `command` and `url` these were two servers of one name. */
function mixed(
  server: string,
  table: TomlTable,
  path: KeyPath,
  transport: "stdio" | "http",
  keys: readonly string[],
  facts: Facts,
): Violation {
  const without = (names: readonly string[]) => names.map((key) => unset([...path, key]));
  const has = (key: string) => Object.hasOwn(table, key);
  const program = ["command", ...facts.stdioOnly].filter(has);
  const fix =
    has("command") && has("url")
      ? choice(
          "it is a program and an address at once, and Codex starts one of them",
          ["keep the program (command)", ...without(keys)],
          ["keep the address (url)", ...without(program)],
        )
      : choice("the server has no use for it", [`remove ${keys.join(", ")}`, ...without(keys)]);
  return { code: "mixed-transport", args: { server, keys, transport }, path, stops: "load", fix };
}

/** Codex turns seconds into a duration, which is never negative and has to fit into 64 bits. */
function timeoutRules(server: string, table: TomlTable, path: KeyPath): Violation[] {
  return ["startup_timeout_sec", "tool_timeout_sec"].flatMap((key): Violation[] => {
    const value = valueAt(table, [key]);
    const seconds = typeof value === "bigint" || typeof value === "number" ? Number(value) : 0;
    if (seconds >= 0 && seconds < 2 ** 64) return [];
    return [
      {
        code: "server-timeout",
        args: { server, key },
        path: [...path, key],
        stops: "load",
        fix: remove([...path, key]),
      },
    ];
  });
}

/** The `source` of a variable is this machine or the remote one. */
function variableRules(table: TomlTable, path: KeyPath): Violation[] {
  const variables = valueAt(table, ["env_vars"]);
  return (Array.isArray(variables) ? variables : []).flatMap((variable: TomlValue, i): Violation[] => {
    const source = valueAt(variable, ["source"]);
    if (typeof source !== "string" || source === "local" || source === "remote") return [];
    const where = [...path, "env_vars", i, "source"];
    return [
      {
        code: "wrong-type",
        args: { key: renderKey(where), expected: '"local" or "remote"' },
        path: where,
        stops: "load",
      },
    ];
  });
}

/** The settings that others of an OAuth login need beside them. */
function oauthRules(server: string, table: TomlTable, path: KeyPath, facts: Facts): Violation[] {
  const of = (key: string) => valueAt(table, ["oauth", key]);
  const below = (key: string): KeyPath => [...path, "oauth", key];
  const found: Violation[] = [];
  const needs = (key: string, other: string) => {
    found.push({
      code: "server-oauth",
      args: { server, key, needs: other },
      path: below(key),
      stops: "load",
      fix: remove(below(key)),
    });
  };
  for (const key of facts.neverEmpty) {
    if (valueAt(table, key) !== "") continue;
    const empty = [...path, ...key];
    const args = { key: renderKey(empty) };
    found.push({ code: "empty-value", args, path: empty, stops: "load", fix: remove(empty) });
  }
  const isLoose = of("client_secret") !== undefined && of("client_id") === undefined;
  if (isLoose && facts.secretNeedsId) needs("client_secret", "oauth.client_id");
  for (const key of facts.enterpriseOauth) {
    if (of(key) !== undefined && valueAt(table, ["auth"]) !== "ema_auth") needs(key, 'auth = "ema_auth"');
  }
  return found;
}
