/**
 * Asks the native client about scratch homes, many of them: whether it loads one, and whether it does so strictly. Knows
 * which question each release answers fastest; writes nothing but the homes it makes.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { Case } from "./generate.ts";
import { binFolder, type Version } from "./install.ts";

/** What the client says, with its own words for what it refuses. */
export type Verdict = { readonly loads: boolean; readonly strict: boolean; readonly words: string };

/** The folder of a case, with its files in `home`, for as long as `use` takes. */
export async function withHome<T>({ files }: Case, use: (home: string) => Promise<T>): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), "codex-cfg-differential-"));
  try {
    for (const name of ["home", "user", "cwd"]) mkdirSync(join(root, name));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, "home", name), text);
    return await use(join(root, "home"));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** What this release says of a home. */
export async function verdict(version: Version, home: string, profile: string | null): Promise<Verdict> {
  // Only `exec` reads a profile in every release as a session does; the missing schema ends it right after that.
  const session = ["exec", "--profile", profile ?? "", "--output-schema", "/nonexistent", "x"];
  const loading = await ask(version, profile === null ? ["features", "list"] : session, home);
  const loads = accepted(loading, profile);
  // What does not load at all is not accepted strictly either.
  if (!loads) return { loads, strict: false, words: loading.stderr };
  // This server ends with its input, and has checked the whole config by then.
  const server = ["exec-server", "--strict-config", "--listen", "stdio"];
  const checking = await ask(version, profile === null ? server : [...session, "--strict-config"], home);
  return { loads, strict: accepted(checking, profile), words: checking.stderr };
}

function accepted({ status, stderr }: Answer, profile: string | null): boolean {
  return profile === null ? status === 0 : stderr.includes("Failed to read output schema file");
}

/** Does a thing for all of them, as many at a time as there are processors. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, worker));
}

type Answer = { readonly status: number | null; readonly stderr: string };

function ask(version: Version, args: readonly string[], home: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn(nativeBinary(version), args, {
      cwd: join(home, "..", "cwd"),
      env: { PATH: "/usr/bin:/bin", HOME: join(home, "..", "user"), CODEX_HOME: home, LANG: "C.UTF-8" },
      stdio: ["ignore", "ignore", "pipe"],
      timeout: 30_000,
      killSignal: "SIGKILL",
    });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stderr }));
  });
}

const binaries = new Map<Version, string>();

/** The program behind the npm launcher, which costs more than the question itself. */
function nativeBinary(version: Version): string {
  const known = binaries.get(version);
  if (known) return known;
  const scope = join(binFolder(version), "..", "@openai");
  for (const platform of readdirSync(scope)) {
    const vendor = join(scope, platform, "vendor");
    for (const target of existsSync(vendor) ? readdirSync(vendor) : []) {
      const found = ["bin", "codex"].map((folder) => join(vendor, target, folder, "codex")).find(existsSync);
      if (found) {
        binaries.set(version, found);
        return found;
      }
    }
  }
  throw new Error(`no native program of ${version} below ${scope}`);
}
