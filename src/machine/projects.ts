/**
 * Configs outside the home: the administrator's, and those of the projects around the working directory, which beat the
 * profile's file (measured with 0.134.0 and 0.169.0). Reads them, never writes.
 */
import { basename, dirname, join, resolve } from "node:path";
import { forVersion } from "../codex/facts.ts";
import { profileLayout } from "../codex/profile-layout.ts";
import type { Finding } from "../findings/finding.ts";
import type { Host } from "../host/host.ts";
import type { KeyPath } from "../model/op.ts";
import { type Document, documentOf } from "../toml/document.ts";
import { renderKey } from "../toml/value.ts";
import { fileAt, statAt, textAt } from "./try-read.ts";

/** One finding per trusted project around that sets one of `keys` at its root, where that beats a profile. */
export function projectsThatWin(
  host: Host,
  home: string,
  config: Document,
  keys: readonly string[],
  version: string,
): Finding[] {
  if (profileLayout(version).topmost) return [];
  const ignored = forVersion("projectIgnores", version);
  const counted = keys.filter((key) => !ignored.includes(key));
  return trustedProjects(host, home, [config], version).flatMap(({ folder, document }): Finding[] => {
    const winning = counted.filter((key) => document.get([key]) !== undefined);
    return winning.length === 0 ? [] : [{ code: "project-wins", severity: "warning", args: { folder, keys: winning } }];
  });
}

/** One finding per trusted project around that sets this very setting, which then counts instead of the home's. */
export function projectsWithLastWord(
  host: Host,
  home: string,
  config: Document,
  path: KeyPath,
  version: string,
): Finding[] {
  if (profileLayout(version).topmost || forVersion("projectIgnores", version).includes(String(path[0]))) return [];
  return trustedProjects(host, home, [config], version)
    .filter(({ document }) => document.get(path) !== undefined)
    .map(({ folder }) => ({
      code: "project-has-last-word",
      severity: "warning",
      args: { folder, key: renderKey(path) },
    }));
}

/** A trusted project that has a config of its own. */
export type Project = { readonly folder: string; readonly path: string; readonly document: Document };

/** Those of {@link projectConfigs} that parse. */
export function trustedProjects(host: Host, home: string, configs: readonly Document[], version: string): Project[] {
  return projectConfigs(host, home, configs, version).flatMap(({ folder, path, text }): Project[] => {
    const document = documentOf(text);
    return document === null ? [] : [{ folder, path, document }];
  });
}

/**
 * The project configs that this Codex reads, nearest first; `configs` are those of the home that count, lowest first.
 *
 * It looks into every folder from the working directory up to the project's root: the nearest one with one of the
 * `project_root_markers` in it (`.git` unless set), else the working directory itself. Each folder is trusted by itself, by
 * the first of these that `[projects]` gives a `trust_level`, spelled just so: the folder, the root, the main checkout
 * of the Git repository around. Trust in a folder above the root is none. Both settings come from the
 * administrator's files and the home's (a profile's file in a run since 0.134.0, in `codex mcp` since 0.148.0), never
 * from a project's own. Source: `decision_for_dir` and `find_project_root` in Codex's config loader; measured on 57
 * trees with 0.90.0 to 0.169.0, `mcp list` against the layers of `config/read`.
 */
export function projectConfigs(
  host: Host,
  home: string,
  configs: readonly Document[],
  version: string,
): { readonly folder: string; readonly path: string; readonly text: string }[] {
  // Most working directories are in no project with a config; then trust need not be looked up.
  if (!forVersion("projectConfig", version) || !isBelowConfig(host)) return [];
  const managed = forVersion("managedTrust", version) ? administrators(host, "managed_config.toml") : null;
  const heard = [administrators(host, "config.toml"), ...configs, managed];
  const word = (path: KeyPath) => heard.map((one) => one?.get(path)).findLast((value) => value !== undefined);
  const trustIn = (folder: string | null) => (folder === null ? undefined : word(["projects", folder, "trust_level"]));
  const markers = word(["project_root_markers"]);
  const root = nearestWith(host, Array.isArray(markers) ? markers.map(String) : [".git"], version) ?? host.cwd;
  const around = trustIn(root) ?? trustIn(mainCheckout(host, version));
  return foldersAbove(host.cwd, root).flatMap((folder) => {
    const own = join(folder, ".codex");
    if (own === home) return [];
    if (forVersion("projectTrust", version) && (trustIn(folder) ?? around) !== "trusted") return [];
    const path = join(own, "config.toml");
    const text = textAt(host, path);
    return text === null ? [] : [{ folder, path, text }];
  });
}

/** Whether the working directory or one above it has a config of its own, trusted or not. */
export function isBelowConfig(host: Host): boolean {
  return foldersAbove(host.cwd).some((folder) => statAt(host, join(folder, ".codex", "config.toml")) !== null);
}

/** The folder of the administrator's config; Linux and macOS only. */
export const SYSTEM = "/etc/codex";

export function administrators(host: Host, name: "config.toml" | "managed_config.toml"): Document | null {
  return host.platform === "win32" ? null : documentAt(host, join(SYSTEM, name));
}

function foldersAbove(folder: string, last?: string): string[] {
  const parent = dirname(folder);
  return folder === last || parent === folder ? [folder] : [folder, ...foldersAbove(parent, last)];
}

function nearestWith(host: Host, markers: readonly string[], version: string): string | null {
  const marks = (path: string, marker: string) => {
    if (marker !== ".git" || !forVersion("gitChecked", version) || fileAt(host, path) !== null)
      return statAt(host, path) !== null;
    return statAt(host, join(path, "HEAD")) !== null;
  };
  const found = foldersAbove(host.cwd).find((folder) => markers.some((marker) => marks(join(folder, marker), marker)));
  return found ?? null;
}

/** The repository's own checkout, also from a worktree of it; null outside of any, and in a submodule. */
function mainCheckout(host: Host, version: string): string | null {
  const top = forVersion("checkoutTrust", version) ? nearestWith(host, [".git"], version) : null;
  if (top === null) return null;
  const git = join(top, ".git");
  if (fileAt(host, git) === null) return top;
  // A worktree's `.git` is a file that leads to .git/worktrees/NAME of the main checkout, where `gitdir` leads back.
  const target = /^gitdir:\s*(\S.*)$/.exec(textAt(host, git)?.trim() ?? "")?.[1];
  if (target === undefined) return null;
  const own = resolve(top, target);
  const shared = dirname(dirname(own));
  if (basename(dirname(own)) !== "worktrees") return null;
  const back = resolve(own, textAt(host, join(own, "gitdir"))?.trim() ?? "");
  const isKnown = basename(shared) === ".git" && back === git;
  return isKnown || !forVersion("gitChecked", version) ? dirname(shared) : null;
}

/** A config outside the home, links followed; null where there is none that can be read and parsed. */
export function documentAt(host: Host, path: string): Document | null {
  const text = textAt(host, path);
  return text === null ? null : documentOf(text);
}
