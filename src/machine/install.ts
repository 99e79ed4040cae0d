/** How Codex was installed on this machine, and the newest release that is known here. */
import { join } from "node:path";
import { compareVersions, NEWEST, versionIn } from "../codex/facts.ts";
import type { Host } from "../host/host.ts";
import { textAt } from "./try-read.ts";

export type InstallMethod = "npm" | "pnpm" | "bun" | "brew" | "standalone" | "unknown";

/**
 * How Codex was installed, by the path of the program (measured with npm, pnpm, bun and the standalone layout of
 * 0.169.0).
 */
export function installMethod(program: string | null): InstallMethod {
  const path = (program ?? "").replaceAll("\\", "/");
  if (path.includes("/.bun/install/global/")) return "bun";
  if (path.includes("/.pnpm/")) return "pnpm";
  if (path.includes("/node_modules/@openai/codex")) return "npm";
  if (path.includes("/packages/standalone/")) return "standalone";
  return /\/(?:Cellar|Caskroom|homebrew)\//.test(path) ? "brew" : "unknown";
}

/** The command that brings the newest release, for each way of installing. */
export function updateCommand(method: InstallMethod): string {
  const commands: Readonly<Record<InstallMethod, string>> = {
    npm: "npm install -g @openai/codex@latest",
    pnpm: "pnpm add -g @openai/codex@latest",
    bun: "bun install -g @openai/codex@latest",
    brew: "brew upgrade --cask codex",
    standalone: "codex update",
    unknown: "npm install -g @openai/codex@latest",
  };
  return commands[method];
}

/** The newest release known: the one that Codex has noted in its home, or that of the facts. */
export function newestKnown(host: Host, home: string): string {
  const heard = noted(host, home);
  return heard !== null && compareVersions(heard, NEWEST) > 0 ? heard : NEWEST;
}

function noted(host: Host, home: string): string | null {
  const text = textAt(host, join(home, "version.json")) ?? "";
  return versionIn(/"latest_version"\s*:\s*"([^"]{1,40})"/.exec(text)?.[1] ?? "");
}
