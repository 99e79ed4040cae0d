/**
 * Installs the real clients that this suite talks to, each version in a folder of its own below `.cache/codex`.
 * Global set-up of the suite: what cannot be installed turns the whole suite red, nothing is ever skipped.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The last two with profiles inside config.toml, the first with profile files, and the newest one known. */
export const MILESTONES = ["0.130.0", "0.133.0", "0.134.0", "0.169.0"] as const;

/** Every release that is installed; one between is for the differential suite, the newest for the faults. */
export const VERSIONS = [...MILESTONES, "0.155.0", "0.171.0"] as const;
export type Version = (typeof VERSIONS)[number];

/** Those that read `[profiles.NAME]` of config.toml; the others read `NAME.config.toml`. */
export const LEGACY: readonly Version[] = ["0.130.0", "0.133.0"];

/** The folder whose `codex` is the npm launcher of this version. */
export function binFolder(version: Version): string {
  return join(folder(version), "node_modules", ".bin");
}

/** Puts every version in place. Vitest calls it once before the first test. */
export default async function install(): Promise<void> {
  const queue = [...VERSIONS];
  const worker = async () => {
    for (let version = queue.shift(); version !== undefined; version = queue.shift()) await ensure(version);
  };
  // The packages are large: two downloads at a time use the line without filling a small machine's memory.
  await Promise.all([worker(), worker()]);
}

/** Puts one version in place. */
export async function ensure(version: Version): Promise<void> {
  if (await works(version)) return;
  console.log(`installing @openai/codex@${version}`);
  rmSync(folder(version), { recursive: true, force: true });
  mkdirSync(folder(version), { recursive: true });
  const flags = ["--no-audit", "--no-fund", "--no-save", "--no-package-lock", "--ignore-scripts", "--include=optional"];
  const npm = await run("npm", ["install", "--prefix", folder(version), ...flags, `@openai/codex@${version}`], 300_000);
  if (!npm.ok) throw new Error(`cannot install @openai/codex@${version}:\n${npm.output}`);
  if (!(await works(version))) throw new Error(`@openai/codex@${version} is installed and does not start`);
}

/** Asking the program itself finds what a half-finished install left behind better than any look at its files. */
async function works(version: Version): Promise<boolean> {
  const home = mkdtempSync(join(tmpdir(), "codex-cfg-install-"));
  try {
    const env = { ...process.env, CODEX_HOME: home, HOME: home };
    const { ok, output } = await run(join(binFolder(version), "codex"), ["--version"], 30_000, env);
    return ok && output.split("\n").includes(`codex-cli ${version}`);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function folder(version: Version): string {
  return fileURLToPath(new URL(`../../.cache/codex/${version}`, import.meta.url));
}

function run(file: string, args: readonly string[], timeout: number, env: NodeJS.ProcessEnv = process.env) {
  return new Promise<{ readonly ok: boolean; readonly output: string }>((resolve) => {
    const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], timeout, killSignal: "SIGKILL", env });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => (output += text));
    child.on("error", (error) => resolve({ ok: false, output: String(error) }));
    child.on("close", (status) => resolve({ ok: status === 0, output }));
  });
}
