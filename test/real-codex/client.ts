/**
 * Runs the real client and codex-cfg's own command line in scratch homes, and reads out what the client makes of one.
 * Nothing here looks at the default home, the user's environment or a network beyond loopback.
 */
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { beside } from "./homes.ts";
import { binFolder, type Version } from "./install.ts";

/** A `status` of null means that a signal ended it. */
export type Ran = {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
};

/** Runs the real client of this version, by its npm launcher, in this home. */
export function codex(
  version: Version,
  args: readonly string[],
  { env, home, timeout = 60_000 }: { readonly env?: Env; readonly home: string; readonly timeout?: number },
): Promise<Ran> {
  return run(join(binFolder(version), "codex"), args, { env: environment(home, version, env), home, timeout });
}

/** Runs codex-cfg as a user does who has this version of the client on the PATH, so that it is found for real. */
export function cfg(
  args: readonly string[],
  {
    codexVersionOnPath,
    env,
    home,
  }: { readonly home: string; readonly codexVersionOnPath: Version; readonly env?: Env },
): Promise<Ran> {
  const bin = fileURLToPath(new URL("../../dist/bin.cjs", import.meta.url));
  // Its scratch files go to a folder of their own, where a test can see that none of them stays.
  const all = { ...environment(home, codexVersionOnPath, env ?? {}), TMPDIR: beside(home, "tmp") };
  return run(process.execPath, [bin, ...args], { env: all, home, timeout: 90_000 });
}

/** Asks for one answer. The built-in tools stay unused, and the folder need not be a repository. */
export function ask(version: Version, flags: readonly string[], home: string): Promise<Ran> {
  const question = ["exec", "--skip-git-repo-check", "--sandbox", "read-only", "Say hello."];
  return codex(version, [...flags, ...question], { home });
}

/** The provider that `codex exec` says it will use, or the reason why it does not start. */
export function selected({ stdout, stderr }: Ran): string {
  const lines = `${stdout}\n${stderr}`.split("\n");
  const find = (start: string) => lines.find((line) => line.startsWith(start))?.slice(start.length);
  return find("provider: ") ?? find("Error: ") ?? "(neither a provider nor an error)";
}

/** The same run, when it went well; else the test ends here and shows what was said. */
export function succeeded(ran: Ran): Ran {
  expect(ran.status, `${ran.stdout}${ran.stderr}`).toBe(0);
  return ran;
}

/** Where there is no network namespace, whatever is meant for the outside ends at a dead proxy. */
const DEAD = "http://127.0.0.1:9";
export const OUTSIDE_IS_DEAD = { HTTPS_PROXY: DEAD };
const WALL = { HTTP_PROXY: DEAD, HTTPS_PROXY: DEAD, ALL_PROXY: DEAD, NO_PROXY: "127.0.0.1,localhost" };

export type Env = Readonly<Record<string, string>>;

function environment(home: string, version: Version, env: Env = WALL): Record<string, string> {
  return {
    PATH: [binFolder(version), dirname(process.execPath), "/usr/bin", "/bin"].join(":"),
    HOME: beside(home, "user"),
    CODEX_HOME: home,
    LANG: "C.UTF-8",
    ...env,
  };
}

type Circumstances = {
  readonly env: Record<string, string>;
  readonly home: string;
  readonly timeout: number;
};

function run(file: string, args: readonly string[], { env, home, timeout }: Circumstances): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    // A group of its own, because the launcher's child has to go when the launcher goes.
    const child = spawn(file, args, {
      cwd: beside(home, "cwd"),
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let stdout = "";
    let stderr = "";
    let late = false;
    child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
    const limit = setTimeout(() => {
      late = true;
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    }, timeout);
    child.on("error", (error) => {
      clearTimeout(limit);
      reject(error);
    });
    child.on("close", (status) => {
      clearTimeout(limit);
      if (late) reject(new Error(`no end after ${timeout} ms: ${args.join(" ")}\n${stdout}${stderr}`));
      else resolve({ status, stdout, stderr, ms: Math.round(performance.now() - start) });
    });
  });
}
