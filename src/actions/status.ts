/**
 * What there is to know of a home at one glance. A config that cannot be read costs what stands in it and nothing else:
 * that is when people look.
 */

import { fileName } from "../codex/layout.ts";
import { listServers } from "../codex/servers.ts";
import type { Home } from "../home.ts";
import { CLI_STORE, MCP_STORE, type StoreState, storeState } from "../machine/auth-store.ts";
import type { Entry } from "../model/change.ts";
import { CfgError } from "../model/error.ts";
import type { FileRole } from "../model/op.ts";
import { currentBisect } from "./bisect.ts";
import { homeSources } from "./toggle-servers.ts";

/** What config.toml says; every member is null when it cannot be read, and `problem` says why. */
export type Glance = {
  readonly problem: string | null;
  /** The provider of a plain start. */
  readonly provider: string | null;
  /** The profiles, in the layout that this Codex reads. */
  readonly profiles: readonly string[] | null;
  /** The profile that config.toml chooses for every start, in the old layout. */
  readonly profile: string | null;
  readonly servers: { readonly on: number; readonly off: number } | null;
  readonly stores: readonly StoreState[] | null;
};

export function glanceAt(home: Home): Glance {
  try {
    return { problem: null, ...read(home) };
  } catch (error) {
    if (!(error instanceof CfgError)) throw error;
    const problem = `${error.path ?? "config.toml"}: ${error.message}`;
    return { problem, provider: null, profiles: null, profile: null, servers: null, stores: null };
  }
}

function read(home: Home): Omit<Glance, "problem"> {
  const { layout, version } = home.codex;
  const config = home.snapshot.document("config");
  const text = (key: string) => {
    const value = config.get([key]);
    return typeof value === "string" ? value : null;
  };
  const profile = layout.selected(config);
  const chosen = profile === null ? undefined : config.get([...layout.place(profile).root, "model_provider"]);
  const servers = listServers(homeSources(home));
  const on = servers.filter(({ enabled }) => enabled).length;
  return {
    provider: typeof chosen === "string" ? chosen : (text("model_provider") ?? "openai"),
    profiles: [
      ...layout.names(
        () => home.profileFiles,
        () => config,
      ),
    ].sort(),
    profile,
    servers: { on, off: servers.length - on },
    stores: [CLI_STORE, MCP_STORE].map((setting) => storeState(setting, config, version)),
  };
}

/** A change in force, and the files that are not as the newest change to them left them. */
export type InForce = { readonly entry: Entry; readonly drift: readonly string[] };

/** The changes in force, oldest first. */
export function changesInForce(home: Home): InForce[] {
  return home.inForce().map((entry) => ({ entry, drift: driftOf(home, entry) }));
}

function driftOf(home: Home, entry: Entry): string[] {
  const later = home.entries().filter(({ id }) => id > entry.id);
  const isLast = (file: FileRole) => !later.some(({ files }) => files.some((other) => other.file === file));
  return home
    .imagesLeft(entry)
    .filter(({ file, after }) => isLast(file) && home.snapshot.text(file) !== after)
    .map(({ file }) => fileName(file));
}

/** The search for a failing server that is under way; null when there is none. */
export function bisectUnderWay(home: Home): { on: readonly string[]; left: number | null } | null {
  const bisect = currentBisect(home);
  return bisect && { on: bisect.state.testing, left: bisect.step.kind === "test" ? bisect.step.left : null };
}
