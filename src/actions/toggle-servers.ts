/** Turns MCP servers on and off and touches nothing else of them. Decides which servers a name or pattern selects. */
import { profileRole } from "../codex/file-role.ts";
import {
  checkDefined,
  checkSwitches,
  listServers,
  matching,
  namesIn,
  type Switch,
  switchesFor,
} from "../codex/servers.ts";
import type { Finding } from "../findings/finding.ts";
import type { Home } from "../home.ts";
import { CfgError } from "../model/error.ts";
import type { FileRole, Op } from "../model/op.ts";
import { checkCall, type Kinds } from "../model/wish.ts";
import type { Plan, Purpose } from "../plan/plan.ts";
import { removeAdded } from "../plan/undo-unit.ts";
import { nearestNames } from "../text/closest-match.ts";
import { word } from "../text/shell-quote.ts";
import { renderKey } from "../toml/value.ts";
import { homeSources, pluginServersOf, projectsAgainst, requiredOff, type ServerView, viewServers } from "./servers.ts";

/** Which servers to turn on or off: by name or pattern, or all of them but some. */
export type ToggleWish = {
  readonly enabled: boolean;
  /** Names; `*` and `?` stand for any characters. */
  readonly servers?: readonly string[] | undefined;
  readonly all?: boolean | undefined;
  /** With `all`: leave these as they are. */
  readonly except?: readonly string[] | undefined;
  /** In this profile's file only. */
  readonly profile?: string | undefined;
};

const WISH: Kinds<ToggleWish> = {
  enabled: "flag",
  servers: "texts?",
  all: "flag?",
  except: "texts?",
  profile: "text?",
};

/** Which servers to leave as they are while all others go off. */
export type IsolateWish = { readonly except?: readonly string[] | undefined; readonly profile?: string | undefined };

/**
 * The plan that turns servers on or off and keeps every other setting of them; without changes where none has to change.
 * Throws `usage` and `unknown-name` when no server is selected, and `invalid-config` where this Codex has no
 * switch for servers.
 */
export async function toggleServers(home: Home, wish: ToggleWish): Promise<Plan> {
  checkCall("toggleServers", home, wish, WISH);
  const { all = false, enabled, except = [], profile, servers = [] } = wish;
  const verb = enabled ? "enable" : "disable";
  if (all === servers.length > 0) throw usage("name servers, or say --all", verb);
  if (!all && except.length > 0) throw usage("--except goes with --all", verb);
  const words = [
    ...servers.map(word),
    ...(all ? ["--all"] : []),
    ...(except.length > 0 ? ["--except", ...except.map(word)] : []),
    ...profileWords(profile),
  ];
  return planToggle(home, wish, ["mcp", verb, ...words].join(" "));
}

/** The plan that turns every server off but some, to see whether Codex works without them. Throws as a toggle does. */
export async function isolateServers(home: Home, wish: IsolateWish = {}): Promise<Plan> {
  checkCall("isolateServers", home, wish, { except: "texts?", profile: "text?" });
  const { except = [], profile } = wish;
  const words = [...except.map(word), ...profileWords(profile)];
  return planToggle(home, { enabled: false, all: true, except, profile }, ["mcp isolate", ...words].join(" "));
}

/** Servers of the home that could be turned on or off, for a person to choose from. */
export function toggleChoices(
  home: Home,
  { enabled, profile }: { readonly enabled: boolean; readonly profile?: string | undefined },
): { readonly name: string; readonly transport: "stdio" | "http" | null }[] {
  return listServers(viewServers(home, profile).sources).filter((server) => server.enabled !== enabled);
}

/**
 * Sets `enabled` keys in one file. A key that an earlier change added and that has no effect any more is removed again;
 * any other gets its value.
 */
export async function planSwitches(
  home: Home,
  file: FileRole,
  switches: readonly Switch[],
  purpose: Purpose & { readonly findings: readonly Finding[] },
): Promise<Plan> {
  const { history, snapshot } = home;
  const active = history.active.filter(({ files }) => files.some((one) => one.file === file));
  const document = snapshot.document(file);
  const ops = switches.map(({ path, value, implied }): Op => {
    const name = renderKey(path);
    const touches = (other: string) => other === name || name.startsWith(`${other}.`);
    const last = active.findLast(({ touched }) =>
      touched.some((one) => one.file === file && touches(renderKey(one.path))),
    );
    const image = implied && last ? history.imagesLeft(last).find((one) => one.file === file) : undefined;
    return (image && removeAdded(image, path, document)) ?? { op: "set", file, path, value };
  });
  const plan = await home.plan(purpose, ops);
  // A file that a change created for switches is removed with the last of them.
  const made = active.findLast(({ files }) => files.some((one) => one.file === file && !(one.before && one.after)));
  const isOurs = made?.files.some((one) => one.file === file && one.before === null) ?? false;
  const isBlank = plan.changes.every(({ after }) => after?.trim() === "");
  return isOurs && isBlank && ops.length > 0 ? home.plan(purpose, [{ op: "write", file, text: null }]) : plan;
}

async function planToggle(home: Home, wish: ToggleWish, command: string): Promise<Plan> {
  const { all = false, enabled, except = [], profile, servers = [] } = wish;
  const view = viewServers(home, profile);
  checkSwitches(home.codex, servers[0] ?? "NAME", profile);
  const { projects, sources } = view;
  // A profile switches servers of the config alone.
  const plugins = profile === undefined ? await pluginServersOf(home) : [];
  const brought = plugins.map(({ name }) => name);
  const known = [...new Set([...namesIn(sources), ...brought])];
  const exceptions = chosen(home, view, except, brought);
  const picked = all
    ? known.filter((name) => !exceptions.includes(name))
    : chosen(home, view, servers, brought, profile);
  const selected = picked.filter((name) => !brought.includes(name));
  if (profile !== undefined) checkDefined(selected, sources, profile);
  const own = switchesFor(sources, new Map(selected.map((name) => [name, enabled])));
  const changing = new Set(own.map(({ path }) => path[1]));
  const switched = selected.filter((name) => changing.has(name));
  const ofPlugins = plugins
    .filter((one) => picked.includes(one.name) && one.enabled !== enabled)
    .map(({ path }): Switch => ({ path, value: enabled, implied: false }));
  const switches = [...own, ...ofPlugins];
  return planSwitches(home, profile === undefined ? "config" : profileRole(profile), switches, {
    command,
    findings: [
      ...requiredOff(sources, enabled ? [] : switched),
      ...projectsAgainst(projects, selected, enabled, all && !enabled ? known : null),
    ],
  });
}

function chosen(
  home: Home,
  view: ServerView,
  patterns: readonly string[],
  brought: readonly string[],
  profile?: string,
): string[] {
  const known = [...namesIn(view.sources), ...brought];
  const names = patterns.flatMap((pattern) => {
    const found = matching(pattern, known);
    if (found.length > 0) return found;
    // A name without wildcards is kept even if unknown: `checkDefined` gives the better error.
    if (profile !== undefined && !/[*?]/.test(pattern)) return [pattern];
    throw unknownServer(home, view, pattern);
  });
  return [...new Set(names)];
}

function unknownServer(home: Home, { projects, sources }: ServerView, name: string): CfgError {
  const known = namesIn(sources);
  const near = nearestNames(name, known)[0];
  const profile = profilesThatParse(home).find((one) => matching(name, namesIn(homeSources(home, one))).length > 0);
  const project = projects.find(({ document }) => matching(name, namesIn([{ document }])).length > 0);
  const hints = [
    ...(profile === undefined ? [] : [`it is in ${profile}.config.toml; add: -p ${profile}`]),
    ...(project === undefined ? [] : [`it is in ${project.path}, which codex-cfg leaves alone`]),
    ...(near === undefined ? [] : [`did you mean: ${near}`]),
    { note: known.length === 0 ? "config.toml has no MCP servers" : "see them all", argv: ["mcp", "list"] },
  ];
  return new CfgError("unknown-name", `no MCP server is called ${JSON.stringify(name)}`, { hints });
}

/** The profiles that parse; a broken one must not stop a toggle of servers that are not in it. */
function profilesThatParse({ codex, profileFiles, snapshot }: Home): readonly string[] {
  const names = codex.layout.holdsServers ? profileFiles : [];
  return names.filter((name) => snapshot.parsed(`profile:${name}`) !== null);
}

function profileWords(profile: string | undefined): string[] {
  return profile === undefined ? [] : ["-p", profile];
}

function usage(message: string, verb: string): CfgError {
  return new CfgError("usage", message, { hints: [{ note: "see", argv: ["mcp", verb, "--help"] }] });
}
