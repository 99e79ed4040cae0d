/**
 * The MCP servers of a home: what is configured where, and which `enabled` keys to set to turn one on or off. Pure; knows
 * tables, starts nothing, and never looks at a value that may be a secret.
 */
import { CfgError } from "../model/error.ts";
import { argvOf } from "../model/hint.ts";
import type { FileRole, KeyPath, TomlValue } from "../model/op.ts";
import type { Document } from "../toml/document.ts";
import { renderKey, valueAt } from "../toml/value.ts";
import { firstChange, forVersion } from "./facts.ts";
import type { Codex } from "./release.ts";

/** A file of the home that may define servers or turn them on and off. */
export type ServerSource = { readonly file: FileRole; readonly document: Document };

type Source = { readonly document: Document };

/** A server as the files together have it; `S` is what the caller knows of a file beside its text. */
export type Server<S = Source> = {
  readonly name: string;
  /** Null when no file sets how to reach it: Codex does not load such a config. */
  readonly transport: "stdio" | "http" | null;
  /** How it is reached, as written; it may hold secrets. */
  readonly launch: { readonly command?: TomlValue; readonly args?: TomlValue; readonly url?: TomlValue };
  readonly enabled: boolean;
  readonly required: boolean;
  /** The files that define it or turn it on or off, lowest first. */
  readonly sources: readonly S[];
};

/** An `enabled` key to set. `implied`: the layers below the file give the server this state already. */
export type Switch = { readonly path: KeyPath; readonly value: boolean; readonly implied: boolean };

/** The servers as Codex sees them when it reads these files, the later over the earlier, in order of appearance. */
export function listServers<S extends Source>(
  sources: readonly S[],
  names: readonly string[] = namesIn(sources),
): Server<S>[] {
  return names.map((name) => {
    const tables = sources.flatMap((source) => {
      const table = source.document.table(["mcp_servers", name]);
      return table ? [{ source, table }] : [];
    });
    const value = (key: string) =>
      tables.map(({ table }) => valueAt(table, [key])).findLast((one) => one !== undefined);
    const launch = Object.fromEntries(
      ["command", "args", "url"].flatMap((key) => {
        const found = value(key);
        return found === undefined ? [] : [[key, found]];
      }),
    );
    return {
      name,
      transport: "command" in launch ? "stdio" : "url" in launch ? "http" : null,
      launch,
      enabled: value("enabled") !== false,
      required: value("required") === true,
      sources: tables.map(({ source }) => source),
    };
  });
}

export function namesIn(sources: readonly Source[]): string[] {
  return [
    ...new Set(
      sources.flatMap(({ document }) =>
        Object.keys(document.table(["mcp_servers"]) ?? {}).filter((name) => document.table(["mcp_servers", name])),
      ),
    ),
  ];
}

/** The path of a server's switch. */
export function switchOf(name: string): KeyPath {
  return ["mcp_servers", name, "enabled"];
}

/** The `enabled` keys to set in the topmost of these files; none for a server that is as wanted already. */
export function switchesFor(sources: readonly Source[], wanted: ReadonlyMap<string, boolean>): Switch[] {
  return [...wanted].flatMap(([name, value]) => {
    const path = switchOf(name);
    const values = sources.map(({ document }) => document.get(path));
    if (isOn(values) === value) return [];
    return [{ path, value, implied: isOn(values.slice(0, -1)) === value }];
  });
}

/** The names that a pattern matches: a name matches itself, `*` and `?` stand for any characters. */
export function matching(pattern: string, known: readonly string[]): string[] {
  if (known.includes(pattern)) return [pattern];
  if (!/[*?]/.test(pattern)) return [];
  const source = pattern
    .replace(/[\\^$.+()[\]{}|]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const glob = new RegExp(`^${source}$`, "su");
  return known.filter((name) => glob.test(name));
}

/** Throws `invalid-config` where this Codex would ignore a switch, in config.toml or in a profile. */
export function checkSwitches({ version, layout }: Codex, name: string, profile: string | undefined): void {
  if (!forVersion("serverSwitch", version)) {
    throw new CfgError(
      "invalid-config",
      `Codex ${version} knows no \`enabled\`: it starts every server that it finds`,
      {
        hints: [
          { note: "update Codex", shell: "npm install -g @openai/codex" },
          {
            note: "or take the server out, which revert brings back",
            argv: argvOf("unset", [renderKey(["mcp_servers", name])]),
          },
        ],
      },
    );
  }
  if (profile === undefined || layout.holdsServers) return;
  throw new CfgError("invalid-config", `a profile of Codex ${version} cannot turn MCP servers on or off`, {
    hints: [
      "for every start: the same without a profile",
      {
        note: `or update Codex, profiles can since ${firstChange("profileLayout")}`,
        shell: "npm install -g @openai/codex",
      },
    ],
  });
}

/**
 * Throws `invalid-config` for a server that no file defines: with a switch alone in the profile's file Codex would not
 * load.
 */
export function checkDefined(names: readonly string[], sources: readonly Source[], profile: string): void {
  const servers = listServers(sources);
  const lacking = names.filter((name) => !servers.some((server) => server.name === name && server.transport !== null));
  if (lacking.length === 0) return;
  const known = servers.filter(({ transport }) => transport !== null).map(({ name }) => name);
  throw new CfgError(
    "invalid-config",
    `no server ${lacking.join(", ")} is defined for the profile ${profile}: a toggle alone keeps Codex from loading (invalid transport)`,
    {
      hints: [
        `servers there: ${known.join(", ") || "none"}`,
        { note: "see them", argv: ["mcp", "list", "-p", profile] },
      ],
    },
  );
}

function isOn(values: readonly (TomlValue | undefined)[]): boolean {
  return values.findLast((value) => value !== undefined) !== false;
}
