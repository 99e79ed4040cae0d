/** The Codex release that a command works for, and how a version is written. Looks for no program. */
import { CfgError } from "../model/error.ts";
import { NEWEST, versionIn } from "./facts.ts";
import type { ProfileLayout } from "./profile-layout.ts";

/** The Codex that a command works for. */
export type Codex = {
  readonly version: string;
  readonly layout: ProfileLayout;
  /** How the version is known; `assumed` means that no Codex was found and the newest known one is taken. */
  readonly source: "flag" | "package" | "asked" | "assumed";
  /** The program to run, native where there is one; null when none was found or it is not the version asked for. */
  readonly program: string | null;
  /** A codex on the PATH that did not print its version, so that one had to be assumed. */
  readonly mute?: string;
};

/** The version that somebody names; 0.134 is 0.134.0. Throws `usage` when it is none. */
export function namedVersion(name: string): string {
  const version = /^\d+\.\d+$/.test(name) ? `${name}.0` : name;
  if (versionIn(version) === version) return version;
  throw new CfgError("usage", `not a Codex version: ${name}`, {
    hints: [`write it in numbers: --codex-version ${NEWEST}`],
  });
}
