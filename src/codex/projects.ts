/**
 * Project configs: a trusted project's `.codex/config.toml` beats `--profile` (measured with 0.134.0 and 0.169.0). Reads
 * them, and only to tell which keys they set.
 */
import { dirname, join } from "node:path";
import type { Finding } from "../finding.ts";
import type { Host } from "../host.ts";
import { type Document, documentOf } from "../toml/document.ts";
import { at, namesAt, PROJECT_CONFIG, PROJECT_IGNORES } from "./facts.ts";
import { textAt } from "./peek.ts";

/** One finding per trusted project above the working directory that sets one of `keys` at its root. */
export function projectsThatWin(
  host: Host,
  home: string,
  config: Document,
  keys: readonly string[],
  version: string,
): Finding[] {
  const ignored = namesAt(PROJECT_IGNORES, version);
  const counted = keys.filter((key) => !ignored.includes(key));
  return trustedProjects(host, home, config, version).flatMap(({ folder, document }): Finding[] => {
    const winning = counted.filter((key) => document.get([key]) !== undefined);
    return winning.length === 0 ? [] : [{ code: "project-wins", severity: "warning", args: { folder, keys: winning } }];
  });
}

/** A trusted project that has a config of its own. */
export type Project = { readonly folder: string; readonly path: string; readonly document: Document };

/** The trusted projects above the working directory whose config this Codex reads, nearest first. */
export function trustedProjects(host: Host, home: string, config: Document, version: string): Project[] {
  if (!at(PROJECT_CONFIG, version)) return [];
  return foldersAbove(host.cwd).flatMap((folder): Project[] => {
    const own = join(folder, ".codex");
    if (own === home || !isTrusted(config, folder)) return [];
    const path = join(own, "config.toml");
    const document = documentAt(host, path);
    return document === null ? [] : [{ folder, path, document }];
  });
}

function foldersAbove(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersAbove(parent)];
}

/** Trust given to a folder counts for everything below it. */
function isTrusted(config: Document, folder: string): boolean {
  return foldersAbove(folder).some((above) => config.get(["projects", above, "trust_level"]) === "trusted");
}

/** A config outside the home, links followed; null where there is none that can be read and parsed. */
export function documentAt(host: Host, path: string): Document | null {
  const text = textAt(host, path);
  return text === null ? null : documentOf(text);
}
