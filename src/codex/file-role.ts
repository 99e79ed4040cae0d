/** The files of a Codex home by their roles, and the profile names that make a file name. Knows names, not contents. */
import { isAbsolute, join } from "node:path";
import { CfgError } from "../model/error.ts";
import type { FileRole } from "../model/op.ts";

/** The file's name inside the home. */
export function fileName(role: FileRole): string {
  const profile = profileOf(role);
  return profile === null ? "config.toml" : `${profile}.config.toml`;
}

/** The path of a file that a setting names: relative to the Codex home, `~/` to the user's home if there is one. */
export function namedFile(name: string, home: string, userHome: string): string {
  if (name.startsWith("~/") && isAbsolute(userHome)) return join(userHome, name.slice(2));
  return isAbsolute(name) ? name : join(home, name);
}

/** The profile whose file it is; null for config.toml. */
export function profileOf(role: FileRole): string | null {
  return role === "config" ? null : role.slice("profile:".length);
}

/** Throws `usage` for a role that is no file of a home: the types allow any name, and names come from users. */
export function checkRole(role: FileRole): void {
  if (role === "config") return;
  if (!role.startsWith("profile:")) {
    const hints = ["name one of its files: config, or profile:http_sse"];
    throw new CfgError("usage", `no file of a Codex home: ${JSON.stringify(role)}`, { hints });
  }
  checkProfileName(role.slice("profile:".length));
}

/** The role of a profile's file. Throws `usage` for a name that is no plain file name. */
export function profileRole(name: string): FileRole {
  checkProfileName(name);
  return `profile:${name}`;
}

/**
 * The names Codex accepts since 0.134 (measured: anything else is refused with exit 2), less those that Windows keeps
 * for devices. Older releases take any name, but such a profile could not move to a newer one.
 */
export function checkProfileName(name: string): void {
  if (isProfileName(name)) return;
  const reason = PLAIN_NAME.test(name)
    ? "Windows keeps that name for a device"
    : "letters, digits, _ and - only, at most 64 of them";
  throw new CfgError("usage", `not a profile name: ${JSON.stringify(name)} (${reason})`, {
    hints: ["pass a plain name: --profile http_sse"],
  });
}

/** Whether a profile's file can have that name. */
export function isProfileName(name: string): boolean {
  return PLAIN_NAME.test(name) && !/^(?:con|prn|aux|nul|com\d|lpt\d)$/i.test(name);
}

const PLAIN_NAME = /^[A-Za-z0-9_-]{1,64}$/;
