/**
 * Finds the installed Codex: its version without starting it where npm installed it, else by asking it. Never runs
 * anything but `codex --version`.
 */
import { dirname, join } from "node:path";
import { compareVersions, NEWEST, versionIn } from "../codex/facts.ts";
import { profileLayout } from "../codex/profile-layout.ts";
import { type Codex, namedVersion } from "../codex/release.ts";
import type { Host } from "../host/host.ts";
import { fileAt, statAt, textAt } from "./try-read.ts";

const PLATFORM_TRIPLE: Readonly<Record<string, string>> = {
  "linux-x64": "x86_64-unknown-linux-musl",
  "linux-arm64": "aarch64-unknown-linux-musl",
  "android-x64": "x86_64-unknown-linux-musl",
  "android-arm64": "aarch64-unknown-linux-musl",
  "darwin-x64": "x86_64-apple-darwin",
  "darwin-arm64": "aarch64-apple-darwin",
  "win32-x64": "x86_64-pc-windows-msvc",
  "win32-arm64": "aarch64-pc-windows-msvc",
};

/** `named` is the user's `--codex-version`. Throws `usage` when that is no version. */
export function detectCodex(host: Host, named?: string): Codex {
  if (named === undefined) return installed(host);
  const wanted = namedVersion(named);
  const found = installed(host);
  return known(wanted, "flag", compareVersions(found.version, wanted) === 0 ? found.program : null);
}

function known(version: string, source: Codex["source"], program: string | null): Codex {
  return { version, layout: profileLayout(version), source, program };
}

function installed(host: Host): Codex {
  const assumed = known(NEWEST, "assumed", null);
  const launcher = onPath(host);
  if (launcher === null) return assumed;
  const root = packageRoot(host, launcher);
  const version = root === null ? null : packageVersion(host, root);
  if (root !== null && version !== null) return known(version, "package", nativeProgram(host, root) ?? launcher);
  // A folder that is always there: a TMPDIR that is not would keep it from starting.
  const answer = host.runSync(launcher, ["--version"], { env: host.env, cwd: "/", timeoutMs: 3000 });
  const asked = answer.status === 0 ? versionIn(answer.stdout) : null;
  return asked === null ? { ...assumed, mute: launcher } : known(asked, "asked", launcher);
}

function onPath(host: Host): string | null {
  return findProgram(host, host.platform === "win32" ? ["codex.exe", "codex.cmd"] : ["codex"]);
}

/**
 * The first program on a PATH, by default the process's own, that has one of these names, links followed. A file without
 * permission to execute does not count, as for a shell.
 */
export function findProgram(
  host: Host,
  names: readonly string[],
  path = host.env.PATH ?? host.env.Path ?? "",
): string | null {
  const windows = host.platform === "win32";
  for (const folder of path.split(windows ? ";" : ":")) {
    if (folder === "") continue;
    for (const name of names) {
      const real = fileAt(host, join(folder, name));
      if (real !== null && (windows || isExecutable(host, real))) return real;
    }
  }
  return null;
}

function isExecutable(host: Host, path: string): boolean {
  return ((statAt(host, path)?.mode ?? 0) & 0o111) !== 0;
}

/** The folder of the npm package `@openai/codex` that a launcher belongs to, or null. */
function packageRoot(host: Host, launcher: string): string | null {
  if (/[\\/]@openai[\\/]codex[\\/]bin[\\/]codex\.js$/.test(launcher)) return dirname(dirname(launcher));
  if (!launcher.endsWith(".cmd")) return null;
  const beside = join(dirname(launcher), "node_modules", "@openai", "codex");
  return statAt(host, beside) ? beside : null;
}

function packageVersion(host: Host, root: string): string | null {
  const text = textAt(host, join(root, "package.json")) ?? "";
  return versionIn(/"version"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? "");
}

/** The binary beside the launcher: starting it directly saves a whole Node start. */
function nativeProgram(host: Host, root: string): string | null {
  const { platform, arch } = host;
  const triple = PLATFORM_TRIPLE[`${platform}-${arch}`];
  if (!triple) return null;
  const name = platform === "win32" ? "codex.exe" : "codex";
  const packages = [
    join(root, "..", `codex-${platform}-${arch}`),
    join(root, "node_modules", "@openai", `codex-${platform}-${arch}`),
    root,
  ];
  for (const folder of packages) {
    for (const place of ["bin", "codex"]) {
      const program = join(folder, "vendor", triple, place, name);
      if (statAt(host, program)?.kind === "file") return program;
    }
  }
  return null;
}
