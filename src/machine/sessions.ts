/** Counts the running Codex programs by their command lines; never talks to one. */
import { always } from "../codex/facts.ts";
import type { Program } from "../host/host.ts";

export type Sessions = {
  /** Terminals and `codex exec`. */
  readonly sessions: number;
  /** Servers of the IDE extension, the desktop app or a daemon. */
  readonly servers: number;
};

/**
 * Counts each session of a home once: npm's launcher is Node, and only its native child is called codex; the background
 * server's updater is no session. One whose home nobody can tell counts for every home.
 */
export function countSessions(programs: readonly Program[], home: string): Sessions {
  const native = programs.filter(
    ({ codexHome = home, command }) =>
      codexHome === home &&
      /^codex(?:\.exe)?$/.test(baseName(command[0] ?? "")) &&
      !command.includes(always("updaterWord")),
  );
  const servers = native.filter(({ command }) => command.slice(1).some((word) => always("serverWords").includes(word)));
  return { sessions: native.length - servers.length, servers: servers.length };
}

function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? "";
}
