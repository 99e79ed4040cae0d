/**
 * How Codex rewrites the tables of MCP servers, as `codex mcp add` does (measured on 0.134.0 and 0.169.0), so that such
 * a rewrite does not count as a change that somebody made.
 */
import type { KeyPath, TomlValue } from "../model/op.ts";
import type { Document } from "../toml/document.ts";
import { isTable, sameValue, valueAt } from "../toml/value.ts";
import { always } from "./facts.ts";

/**
 * Whether two values are the same after a rewrite by Codex, which writes whole numbers as floats and leaves defaults
 * out.
 */
export function equalAfterCodexRewrite(a: TomlValue | undefined, b: TomlValue | undefined, path: KeyPath): boolean {
  if (isTable(a) && isTable(b)) {
    const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return names.every((name) => equalAfterCodexRewrite(valueAt(a, [name]), valueAt(b, [name]), [...path, name]));
  }
  const isOfServer = path[0] === "mcp_servers" && path.length === 3;
  const otherwise = isOfServer ? valueAt(always("serverRewriteDefaults"), path.slice(2)) : undefined;
  return sameValue(asFloat(a ?? otherwise), asFloat(b ?? otherwise));
}

function asFloat(value: TomlValue | undefined): TomlValue | undefined {
  return typeof value === "bigint" ? Number(value) : value;
}

/** The path that holds a time limit in seconds since Codex rewrote it from milliseconds; null for everything else. */
export function secondsOf(path: KeyPath, milliseconds: TomlValue | undefined, there: Document): KeyPath | null {
  if (path[0] !== "mcp_servers" || path.length !== 3 || path[2] !== "startup_timeout_ms") return null;
  const seconds = [...path.slice(0, 2), "startup_timeout_sec"];
  const isMoved = there.get(path) === undefined && typeof milliseconds === "bigint";
  return isMoved && equalAfterCodexRewrite(there.get(seconds), Number(milliseconds) / 1000, seconds) ? seconds : null;
}
