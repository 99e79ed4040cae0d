/** WSL: whether this is one, and which files and programs are on the Windows side. */
import { join } from "node:path";
import { isSet } from "../codex/environment.ts";
import type { Host } from "../host/host.ts";
import { namesIn } from "./try-read.ts";

export type Wsl = {
  /** The home lies on a Windows drive, where locks and modes do not work as Codex expects. */
  readonly homeOnWindows: string | null;
  /** The `codex` on the PATH is the one of Windows. */
  readonly programOnWindows: string | null;
  /** Windows users that have a Codex home of their own. */
  readonly otherHomes: readonly string[];
};

/** Null where this is no WSL. */
export function detectWsl(host: Host, home: string, program: string | null): Wsl | null {
  const named = ["WSL_DISTRO_NAME", "WSL_INTEROP"].some((name) => isSet(host.env, name));
  if (host.platform !== "linux" || !named) return null;
  const users = "/mnt/c/Users/";
  const otherHomes = namesIn(host, users)
    .map((user) => join(users, user, ".codex"))
    .filter((folder) => folder !== home && namesIn(host, folder).includes("config.toml"));
  const onWindows = (path: string | null) => (/^\/mnt\/[a-z]\//.test(path ?? "") ? path : null);
  return { homeOnWindows: onWindows(home), programOnWindows: onWindows(program), otherHomes };
}
