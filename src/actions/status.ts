/**
 * What there is to know of a home at a glance. A config that cannot be read costs what stands in it and nothing else:
 * that is when people look.
 */
import { fileName } from "../codex/file-role.ts";
import { listServers } from "../codex/servers.ts";
import type { Home } from "../home.ts";
import type { StoreState } from "../machine/auth-store.ts";
import type { Entry } from "../model/change.ts";
import { CfgError } from "../model/error.ts";
import type { FileRole } from "../model/op.ts";
import { storeStates } from "./auth-store.ts";
import { currentBisect } from "./bisect.ts";
import { chatsByProvider } from "./provider.ts";
import { homeSources } from "./servers.ts";

/** What config.toml says; every member is null when it cannot be read, and `problem` says why. */
export type ConfigStatus = {
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

/** An active change, and the files (by name) that are not as the newest change to them left them. */
export type ActiveChange = { readonly entry: Entry; readonly drift: readonly string[] };

/** A home at a glance. */
export type HomeStatus = {
  readonly config: ConfigStatus;
  /** Tables of config.toml that chats need, most needed first. */
  readonly chats: ReturnType<typeof chatsByProvider>;
  /** Oldest first. */
  readonly changes: readonly ActiveChange[];
  /** The search for a failing server; `left` looks to go at most, null at its end. */
  readonly bisect: { readonly on: readonly string[]; readonly left: number | null } | null;
  /** Changes that are not at their end. */
  readonly pending: ReturnType<Home["pending"]>;
};

/** What there is to know of a home at a glance; a config that does not parse is told in it, no error. */
export function status(home: Home): HomeStatus {
  const config = configStatus(home);
  const bisect = currentBisect(home);
  return {
    config,
    chats: config.problem === null ? chatsByProvider(home) : [],
    changes: home.history.activeChanges.map((entry) => ({ entry, drift: driftOf(home, entry) })),
    bisect: bisect && { on: bisect.state.testing, left: bisect.step.kind === "test" ? bisect.step.left : null },
    pending: home.pending(),
  };
}

function configStatus(home: Home): ConfigStatus {
  try {
    return { problem: null, ...read(home) };
  } catch (error) {
    if (!(error instanceof CfgError)) throw error;
    const problem = `${error.path ?? "config.toml"}: ${error.message}`;
    return { problem, provider: null, profiles: null, profile: null, servers: null, stores: null };
  }
}

function read(home: Home): Omit<ConfigStatus, "problem"> {
  const { layout } = home.codex;
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
    stores: storeStates(home),
  };
}

function driftOf({ history, snapshot }: Home, entry: Entry): string[] {
  const later = history.entries.filter(({ id }) => id > entry.id);
  const isLast = (file: FileRole) => !later.some(({ files }) => files.some((other) => other.file === file));
  return history
    .imagesLeft(entry)
    .filter(({ file, after }) => isLast(file) && snapshot.text(file) !== after)
    .map(({ file }) => fileName(file));
}
