/** The MCP servers that Codex would see when started here, and the files that define or switch them. Changes nothing. */
import { basename } from "node:path";
import { profileRole } from "../codex/file-role.ts";
import { loadSchema } from "../codex/load-schema.ts";
import { knownSchemaAt } from "../codex/schema.ts";
import {
  checkSwitches,
  listServers as listIn,
  namesIn,
  type Server,
  type ServerSource,
  switchOf,
} from "../codex/servers.ts";
import type { Finding } from "../findings/finding.ts";
import type { Home } from "../home.ts";
import { configLayers } from "../machine/layers.ts";
import { type PluginServer, pluginServers } from "../machine/plugins.ts";
import { administrators, type Project, trustedProjects } from "../machine/projects.ts";
import { checkCall } from "../model/wish.ts";

/** A file that defines servers or turns them on and off. */
export type Source = Pick<ServerSource, "document">;

/** The same with `place`, what people call the file: its name in the home, its path elsewhere. */
export type NamedSource = Source & { readonly place: string };

/**
 * Every server that a start here would see: the administrator's files, the home's, the trusted projects around. With a
 * profile as `codex --profile NAME` sees them. What a server is started with is as written, secrets included. Throws
 * `usage` or `invalid-config` where profiles have no servers.
 */
export function listServers(home: Home, wish: { readonly profile?: string | undefined } = {}): Server<NamedSource>[] {
  checkCall("listServers", home, wish, { profile: "text?" });
  const { profile } = wish;
  const { codex, dir, host, snapshot } = home;
  if (profile !== undefined) checkSwitches(codex, "NAME", profile);
  const chosen = profile === undefined ? null : { name: profile, document: snapshot.document(profileRole(profile)) };
  const layers = configLayers({ host, home: dir, codex }, snapshot.document("config"), chosen);
  // A profile's table has no servers.
  const files = layers.filter(({ root }) => root.length === 0);
  return listIn<NamedSource>(
    files.map(({ document, kind, path }) => ({
      place: kind === "user" || kind === "profile" ? basename(path) : path,
      document,
    })),
  );
}

/** The servers that plugins bring, where this Codex has a key for each of them; a server of the config hides one of its name. */
export async function pluginServersOf({ codex, dir, host, snapshot }: Home): Promise<PluginServer[]> {
  const config = snapshot.document("config");
  const found = pluginServers(host, dir, config);
  if (found.length === 0) return [];
  const schema = await loadSchema();
  const own = namesIn([{ document: config }]);
  return found.filter(({ name, path }) => knownSchemaAt(schema, path, codex.version) !== null && !own.includes(name));
}

/** A finding for a profile that has no file: Codex starts without it and gives no message. */
export function missingProfile({ snapshot }: Home, profile: string | undefined): Finding[] {
  if (profile === undefined || snapshot.exists(profileRole(profile))) return [];
  return [{ code: "no-profile-file", severity: "warning", args: { profile } }];
}

/** The files of the home that take part, lowest first. */
export function homeSources({ snapshot }: Home, profile?: string): ServerSource[] {
  const config: ServerSource = { file: "config", document: snapshot.document("config") };
  if (profile === undefined) return [config];
  const file = profileRole(profile);
  return [config, { file, document: snapshot.document(file) }];
}

/** All files that decide which servers run here, read once. */
export type ServerView = {
  /** The files of the home on top of the administrator's, which is only read: a switch counts for its servers, too. */
  readonly sources: readonly Source[];
  /** The trusted projects around the working directory that have a config of their own. */
  readonly projects: readonly Project[];
};

export function viewServers(home: Home, profile?: string): ServerView {
  const { codex, dir, host } = home;
  const system = administrators(host, "config.toml");
  const own = homeSources(home, profile);
  return {
    sources: [...(system === null ? [] : [{ document: system }]), ...own],
    projects: trustedProjects(
      host,
      dir,
      own.map(({ document }) => document),
      codex.version,
    ),
  };
}

/** The servers among those named that Codex must not start without. */
export function requiredOff(sources: readonly Source[], off: readonly string[]): Finding[] {
  const servers = listIn(sources, off).flatMap(({ name, required }) => (required ? [name] : []));
  return servers.length === 0 ? [] : [{ code: "required-servers", severity: "info", args: { servers } }];
}

/** Projects that set these servers to the opposite of `enabled`; with `known`, also those that turn on other servers. */
export function projectsAgainst(
  projects: readonly Project[],
  names: readonly string[],
  enabled: boolean,
  known: readonly string[] | null,
): Finding[] {
  return projects.flatMap(({ folder, document }): Finding[] => {
    const servers = namesIn([{ document }]).filter((name) => {
      const own = document.get(switchOf(name));
      if (names.includes(name)) return typeof own === "boolean" && own !== enabled;
      return known !== null && !known.includes(name) && own !== false;
    });
    return servers.length === 0 ? [] : [{ code: "project-servers", severity: "warning", args: { folder, servers } }];
  });
}
