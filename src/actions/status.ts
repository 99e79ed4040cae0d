/**
 * The state of a home in short. A config that cannot be read takes away only what would be read from it, because a
 * broken home is when people ask.
 */
import { losses } from "../check/losses.ts";
import { releaseNotes } from "../check/release-note.ts";
import { fileName } from "../codex/file-role.ts";
import { listServers } from "../codex/servers.ts";
import type { Finding } from "../findings/finding.ts";
import type { Home } from "../home.ts";
import type { StoreState } from "../machine/auth-store.ts";
import type { Entry } from "../model/change.ts";
import { CfgError } from "../model/error.ts";
import type { FileRole } from "../model/op.ts";
import { checkCall } from "../model/wish.ts";
import { storeStates } from "./auth-store.ts";
import { currentBisect } from "./bisect.ts";
import { chatsByProvider } from "./provider.ts";
import { homeSources } from "./servers.ts";

/** What config.toml sets; every member is null when it cannot be read, and `problem` tells why. */
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

/** An active change, and its files (by name) that have been changed since the newest change to them. */
export type ActiveChange = { readonly entry: Entry; readonly drift: readonly string[] };

/** The state of a home in short. */
export type HomeStatus = {
  readonly config: ConfigStatus;
  /** Tables of config.toml that chats need, most needed first. */
  readonly chats: ReturnType<typeof chatsByProvider>;
  /** Oldest first. */
  readonly changes: readonly ActiveChange[];
  /** The search for a failing server; `left` is the most tries that remain, null at its end. */
  readonly bisect: { readonly on: readonly string[]; readonly left: number | null } | null;
  /** What others have taken from the files since the newest change of ours. */
  readonly lost: ReturnType<typeof losses>;
  /** Transactions that are unfinished. */
  readonly pending: ReturnType<Home["pending"]>;
  /** What there is to say about the release. */
  readonly findings: readonly Finding[];
};

/** The state of a home in short; a config that does not parse is a `problem` in it and no error. */
export function status(home: Home): HomeStatus {
  checkCall("status", home, {}, {});
  const config = configStatus(home);
  const bisect = currentBisect(home);
  return {
    config,
    chats: config.problem === null ? chatsByProvider(home) : [],
    changes: home.history.activeChanges.map((entry) => ({ entry, drift: driftOf(home, entry) })),
    bisect: bisect && { on: bisect.state.testing, left: bisect.step.kind === "test" ? bisect.step.left : null },
    lost: losses(home),
    pending: home.pending(),
    findings: releaseNotes(home.codex),
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
