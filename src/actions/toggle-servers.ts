/**
 * What the `mcp` commands share: which files have a say, which servers a person means, and the plan that turns them on
 * or off.
 */
import { basename } from "node:path";
import type { Context } from "../cli/context.ts";
import { pick } from "../cli/pick.ts";
import { profileRole } from "../codex/layout.ts";
import {
  checkDefined,
  checkSwitches,
  listServers,
  matching,
  namesIn,
  type Server,
  type ServerSource,
  switchesFor,
  switchOf,
} from "../codex/servers.ts";
import type { Finding } from "../findings/finding.ts";
import type { Home } from "../home.ts";
import type { Choice } from "../host/host.ts";
import { configLayers } from "../machine/layers.ts";
import { administrators, trustedProjects } from "../machine/projects.ts";
import { CfgError } from "../model/error.ts";
import type { Plan } from "../plan/plan.ts";
import { nearestNames } from "../text/closest-match.ts";
import { valueAt } from "../toml/value.ts";

export type Toggle = {
  readonly names: readonly string[];
  readonly all: boolean;
  readonly except: readonly string[];
  readonly profile?: string;
};

type Source = Pick<ServerSource, "document">;

/** A file that has a say, as `mcp list` calls it. */
type Place = Source & { readonly place: string };

/** What is worth knowing of a profile that has no file: Codex goes on without a word and without it. */
export function missingProfile({ snapshot }: Home, profile: string | undefined): Finding[] {
  if (profile === undefined || snapshot.exists(profileRole(profile))) return [];
  return [{ code: "no-profile-file", severity: "warning", args: { profile } }];
}

/** Every server that a start here would see: the administrator's files, the home's, the trusted projects around. */
export function serversHere({ home, host }: Context, profile: string | undefined): Server<Place>[] {
  const { codex, dir, snapshot } = home;
  if (profile !== undefined) checkSwitches(codex, "NAME", profile);
  const chosen = profile === undefined ? null : { name: profile, document: snapshot.document(profileRole(profile)) };
  const layers = configLayers({ host, home: dir, codex }, snapshot.document("config"), chosen);
  // A profile's table has no servers.
  const files = layers.filter(({ root }) => root.length === 0);
  return listServers<Place>(
    files.map(({ document, kind, path }) => ({
      place: kind === "user" || kind === "profile" ? basename(path) : path,
      document,
    })),
  );
}

/** The plan that turns servers on or off and what is worth knowing about it. Throws when it means none, or cannot. */
export function planToggle(context: Context, enabled: boolean, { names, all, except, profile }: Toggle): Plan {
  const { home } = context;
  if (all === names.length > 0) throw usage("name servers, or say --all", enabled);
  if (!all && except.length > 0) throw usage("--except goes with --all", enabled);
  checkSwitches(home.codex, names[0] ?? "NAME", profile);
  const sources = sourcesBelow(context, profile);
  const file = profile === undefined ? "config" : profileRole(profile);
  const known = namesIn(sources);
  const spared = chosen(context, except, known);
  const meant = all ? known.filter((name) => !spared.includes(name)) : chosen(context, names, known, profile);
  if (profile !== undefined) checkDefined(meant, sources, profile);
  const switches = switchesFor(sources, new Map(meant.map((name) => [name, enabled])));
  const changing = new Set(switches.map(({ path }) => path[1]));
  const thrown = meant.filter((name) => changing.has(name));
  return home.planSwitches(file, switches, [
    ...requiredOff(sources, enabled ? [] : thrown),
    ...strictTrap(sources, thrown, profile),
    ...projectsAgainst(context, meant, enabled, all && !enabled ? known : null, profile),
  ]);
}

/** The servers that a person picks to turn on or off; the toggle as it was where nobody can be asked, null for none. */
export async function askNames(context: Context, enabled: boolean, toggle: Toggle): Promise<Toggle | null> {
  if (toggle.except.length > 0) return toggle;
  const question = `Turn which servers ${enabled ? "on" : "off"}?`;
  const names = await pick(context, question, serverChoices(context, !enabled, toggle.profile), { several: true });
  return names === undefined ? toggle : names && { ...toggle, names };
}

/** The servers that a person wants to leave on while all others go off; null when there is to be no change at all. */
export async function askSpared(context: Context, profile?: string): Promise<readonly string[] | null> {
  const choices = serverChoices(context, true, profile);
  if (choices.length < 2) return [];
  const manner = { several: true, allowNone: true };
  const names = await pick(context, "Turn every server off but which? (Enter: all of them)", choices, manner);
  return names === undefined ? [] : names;
}

function serverChoices(context: Context, enabled: boolean, profile?: string): Choice[] {
  const servers = context.asks ? listServers(sourcesBelow(context, profile)) : [];
  return servers.flatMap(({ enabled: is, name, transport }) =>
    is === enabled ? [{ value: name, label: name, about: transport ?? "no transport" }] : [],
  );
}

/** The files of the home that take part, lowest first. */
export function homeSources(home: Home, profile?: string): ServerSource[] {
  const config: ServerSource = { file: "config", document: home.snapshot.document("config") };
  if (profile === undefined) return [config];
  const file = profileRole(profile);
  return [config, { file, document: home.snapshot.document(file) }];
}

/** The same on top of the administrator's file, which is only read: a switch in the home counts for its servers, too. */
function sourcesBelow({ home, host }: Context, profile?: string): Source[] {
  const system = administrators(host, "config.toml");
  return [...(system === null ? [] : [{ document: system }]), ...homeSources(home, profile)];
}

export function requiredOff(sources: readonly Source[], off: readonly string[]): Finding[] {
  const servers = listServers(sources, off).flatMap(({ name, required }) => (required ? [name] : []));
  return servers.length === 0 ? [] : [{ code: "required-servers", severity: "info", args: { servers } }];
}

/** Trusted projects that have another word on servers; with `known`, on whatever else they bring as well. */
export function projectsAgainst(
  context: Context,
  meant: readonly string[],
  enabled: boolean,
  known: readonly string[] | null,
  profile?: string,
): Finding[] {
  return projectsHere(context, profile).flatMap(({ folder, document }): Finding[] => {
    const servers = namesIn([{ document }]).filter((name) => {
      const says = document.get(switchOf(name));
      if (meant.includes(name)) return typeof says === "boolean" && says !== enabled;
      return known !== null && !known.includes(name) && says !== false;
    });
    return servers.length === 0 ? [] : [{ code: "project-servers", severity: "warning", args: { folder, servers } }];
  });
}

function projectsHere({ home, host }: Context, profile?: string) {
  const own = homeSources(home, profile).map(({ document }) => document);
  return trustedProjects(host, home.dir, own, home.codex.version);
}

function chosen(context: Context, patterns: readonly string[], known: readonly string[], profile?: string): string[] {
  return [
    ...new Set(
      patterns.flatMap((pattern) => {
        const found = matching(pattern, known);
        if (found.length > 0) return found;
        // A plain name is left to the check that says what a toggle alone would do.
        if (profile !== undefined && !/[*?]/.test(pattern)) return [pattern];
        throw unknownServer(context, pattern, known);
      }),
    ),
  ];
}

function unknownServer(context: Context, name: string, known: readonly string[]): CfgError {
  const { home } = context;
  const near = nearestNames(name, known)[0];
  const elsewhere = home.codex.layout === "file" ? home.profileFiles : [];
  const profile = elsewhere.find((one) => matching(name, namesIn(homeSources(home, one))).length > 0);
  const project = projectsHere(context).find(({ document }) => matching(name, namesIn([{ document }])).length > 0);
  const hints = [
    ...(profile === undefined ? [] : [`it is in ${profile}.config.toml; add: -p ${profile}`]),
    ...(project === undefined ? [] : [`it is in ${project.path}, which codex-cfg leaves alone`]),
    ...(near === undefined ? [] : [`did you mean: ${near}`]),
    known.length === 0 ? "config.toml has no MCP servers: codex-cfg mcp list" : "see them all: codex-cfg mcp list",
  ];
  return new CfgError("unknown-name", `no MCP server is called ${JSON.stringify(name)}`, { hints });
}

/** A toggle alone in the profile's file is fine for Codex and none for its strict view. */
function strictTrap(sources: readonly Source[], thrown: readonly string[], profile?: string): Finding[] {
  const top = sources.at(-1)?.document;
  if (profile === undefined || !top) return [];
  const servers = thrown.filter((name) => {
    const table = top.table(["mcp_servers", name]) ?? {};
    return valueAt(table, ["command"]) === undefined && valueAt(table, ["url"]) === undefined;
  });
  return servers.length === 0 ? [] : [{ code: "strict-refuses-toggle", severity: "info", args: { profile, servers } }];
}

function usage(message: string, enabled: boolean): CfgError {
  return new CfgError("usage", message, { hints: [`see: codex-cfg mcp ${enabled ? "enable" : "disable"} --help`] });
}
