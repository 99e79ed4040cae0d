/**
 * One start of Codex with another set-up, through flags of its own: nothing is written. Decides what the command line has
 * to be, and refuses what Codex would not load; starts nothing.
 */
import { checkStart } from "../check/check-start.ts";
import { forVersion } from "../codex/facts.ts";
import { listServers } from "../codex/servers.ts";
import { sentence } from "../findings/messages.ts";
import type { Home } from "../home.ts";
import { CfgError } from "../model/error.ts";
import { argvOf } from "../model/hint.ts";
import type { FileRole, KeyPath, Op, TomlValue } from "../model/op.ts";
import { checkCall, checkWish, type Kinds } from "../model/wish.ts";
import { applySteps } from "../plan/plan.ts";
import { shownValue } from "../redact/shown.ts";
import { isTable, renderKey, renderValue, valueAt } from "../toml/value.ts";
import { valueFor } from "./check-settings.ts";
import { checkThere, ownSettings } from "./profile/names.ts";
import { viewServers } from "./servers.ts";
import { settingOf } from "./setting.ts";

/** A command line of Codex, and what is to be different in this one start. */
export type RunWish = {
  /** The program and its arguments; `codex` alone unless given. */
  readonly command?: readonly string[] | undefined;
  readonly profile?: string | undefined;
  readonly settings?: readonly { readonly key: string; readonly value: string }[] | undefined;
  /** The MCP servers that are on; every other one is off. */
  readonly servers?: readonly string[] | undefined;
};

const WISH: Kinds<RunWish> = { command: "texts?", profile: "text?", settings: "list?", servers: "texts?" };

/** The command with the flags that make it so; `shown` is the same with secrets masked. */
export type CodexCommand = { readonly command: readonly string[]; readonly shown: readonly string[] };

/**
 * The command line of one start. Throws `unknown-name` for a profile or server, `invalid-config` where Codex would not load
 * it, `unsupported-edit` for a key that its `-c` cannot name.
 */
export async function codexCommand(home: Home, wish: RunWish = {}): Promise<CodexCommand> {
  checkCall("codexCommand", home, wish, WISH);
  const { command: [program = "codex", ...rest] = [], profile, servers, settings = [] } = wish;
  for (const setting of settings) checkWish("codexCommand", setting, { key: "text", value: "text" });
  if (profile !== undefined) checkThere(home, profile, "run -p");
  const values = await Promise.all(
    settings.map(async ({ key, value }) => {
      const setting = settingOf(home, key, undefined);
      const options = { allowUnknown: false, string: false };
      return { path: setting.path, value: await valueFor(home, setting, value, options) };
    }),
  );
  const all = [...values, ...switches(home, profile, servers)];
  await refuseUnloadable(home, profile, all);
  const flags = (spell: (value: TomlValue, path: KeyPath) => string) =>
    all.flatMap(({ path, value }) => [
      "-c",
      `${keyFor([...above(home, profile, path), ...path])}=${spell(value, path)}`,
    ]);
  const line = (spell: (value: TomlValue, path: KeyPath) => string) => [
    program,
    ...placed(home, profile, flags(spell), rest),
  ];
  return { command: line((value) => renderValue(value)), shown: line((value, path) => shownValue(value, path)) };
}

/** Old releases heed a profile only behind the subcommand. */
function placed(
  { codex }: Home,
  profile: string | undefined,
  flags: readonly string[],
  rest: readonly string[],
): string[] {
  const named = profile === undefined ? [] : ["--profile", profile];
  const [verb] = rest;
  if (forVersion("profileBeforeSubcommand", codex.version) || verb === undefined || verb.startsWith("-"))
    return [...named, ...flags, ...rest];
  return [...flags, verb, ...named, ...rest.slice(1)];
}

/** Where a setting counts: a profile that is a table beats what `-c` sets at the root, in what it sets itself. */
function above(home: Home, named: string | undefined, path: KeyPath): KeyPath {
  const { layout } = home.codex;
  const profile = named ?? layout.selected(home.snapshot.document("config"));
  if (!layout.topmost || profile === null || valueAt(ownSettings(home, profile), path) === undefined) return [];
  return layout.place(profile).root;
}

/** Codex splits the key at every point, and knows no quotes there. */
function keyFor(path: KeyPath): string {
  if (path.every((part) => typeof part === "string" && /^[^.="'\s]+$/.test(part))) return path.join(".");
  throw new CfgError("unsupported-edit", `Codex's -c cannot name ${renderKey(path)}`, {
    hints: [{ note: "set it in a profile, and run with that", argv: argvOf("profile new", ["NAME"]) }],
  });
}

function switches(
  home: Home,
  profile: string | undefined,
  wanted: readonly string[] | undefined,
): { readonly path: KeyPath; readonly value: boolean }[] {
  if (wanted === undefined) return [];
  const own = profile !== undefined && home.codex.layout.holdsServers ? profile : undefined;
  const { projects, sources } = viewServers(home, own);
  // A project's file counts over the home's, and the nearest one over those around it.
  const known = listServers([...sources, ...[...projects].reverse()]);
  const lacking = wanted.find((name) => !known.some((server) => server.name === name));
  if (lacking !== undefined)
    throw new CfgError("unknown-name", `no MCP server is called ${JSON.stringify(lacking)}`, {
      hints: [{ note: "see them all", argv: ["mcp", "list"] }],
    });
  return known.flatMap(({ enabled, name }) => {
    const value = wanted.includes(name);
    return value === enabled ? [] : [{ path: ["mcp_servers", name, "enabled"], value }];
  });
}

type Value = { readonly path: KeyPath; readonly value: TomlValue };

/** Checks the files as if the settings stood in the topmost of them. */
async function refuseUnloadable(home: Home, profile: string | undefined, values: readonly Value[]): Promise<void> {
  const { codex, snapshot } = home;
  const { file, root } = place(home, profile);
  const steps = values.map(({ path, value }): Op[] => {
    const full = [...(path[0] === "mcp_servers" ? [] : root), ...path];
    const there = snapshot.document(file).get(full);
    const isOther = there !== undefined && (isTable(there) || isTable(value));
    return [...(isOther ? [{ op: "unset", file, path: full } as const] : []), { op: "set", file, path: full, value }];
  });
  const { after } = applySteps(steps, snapshot);
  const { findings, loads } = await checkStart(home, profile ?? null, after);
  const broken = findings.find(({ stops }) => stops === "load");
  if (loads || broken === undefined) return;
  throw new CfgError("invalid-config", `Codex ${codex.version} does not start with this: ${sentence(broken)}`, {
    path: home.dir,
    hints:
      values.length > 0
        ? ["leave out one setting after the other"]
        : [{ note: "what is wrong", argv: ["validate", ...(profile === undefined ? [] : ["--profile", profile])] }],
  });
}

function place({ codex: { layout } }: Home, profile: string | undefined): { file: FileRole; root: KeyPath } {
  return profile === undefined ? { file: "config", root: [] } : layout.place(profile);
}
