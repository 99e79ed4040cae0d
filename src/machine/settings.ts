/** The user's own settings of codex-cfg, from one small file in their configuration folder. Wrong ones count as not there. */
import { isAbsolute, join } from "node:path";
import type { Host } from "../host/host.ts";
import { documentOf } from "../toml/document.ts";
import { textAt } from "./try-read.ts";

export type OwnSettings = {
  /** Whether to keep what others do to the files. */
  readonly record: boolean;
  /** How much of that is kept. */
  readonly entries: number | undefined;
  readonly mib: number | undefined;
};

/** Where the user's own settings live: `$XDG_CONFIG_HOME/codex-cfg`, else `~/.config/codex-cfg`; null for nowhere. */
export function configFolder({ env, userHome }: Pick<Host, "env" | "userHome">): string | null {
  const folder = env.XDG_CONFIG_HOME ?? "";
  // The XDG convention ignores a relative path, which would lead into the working directory.
  const base = isAbsolute(folder) ? folder : join(userHome, ".config");
  return isAbsolute(base) ? join(base, "codex-cfg") : null;
}

/** `record`, `keep_entries` and `keep_mib` of `codex-cfg.toml`. */
export function ownSettings(host: Host): OwnSettings {
  const folder = configFolder(host);
  const settings = folder === null ? null : documentOf(textAt(host, join(folder, "codex-cfg.toml")) ?? "");
  const limit = (key: string) => {
    const value = settings?.get([key]);
    return typeof value === "bigint" && value > 0n ? Number(value) : undefined;
  };
  return { record: settings?.get(["record"]) !== false, entries: limit("keep_entries"), mib: limit("keep_mib") };
}
