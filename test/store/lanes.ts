/** Real processes that edit one home side by side, each adding lines of its own. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { afterAll } from "vitest";
import { AS_PROGRAM } from "../as-program.ts";

/** A folder that is gone when the file's tests are. */
export function scratch(name: string): string {
  const root = fs.mkdtempSync(join(tmpdir(), `codex-cfg-${name}-`));
  afterAll(() => fs.rmSync(root, { recursive: true, force: true }));
  return root;
}

/** Bundles a program of a test's folder, because Node 20 reads no TypeScript; where it lies. */
export function bundle(url: URL, root: string): string {
  const outfile = join(root, url.pathname.replace(/^.*\/(.*)\.ts$/, "$1.mjs"));
  buildSync({ entryPoints: [url.pathname], outfile, ...AS_PROGRAM, target: "node20" });
  return outfile;
}

export const workerIn = (root: string): string => bundle(new URL("worker.ts", import.meta.url), root);

export const OLD = new Date(Date.now() - 60_000);

/** A home of its own with one config.toml that nobody has touched for a while. */
export function homeIn(root: string, text: string | Uint8Array | null, mode = 0o600): { home: string; config: string } {
  const home = fs.mkdtempSync(join(root, "home-"));
  const config = join(home, "config.toml");
  if (text !== null) {
    fs.writeFileSync(config, text);
    fs.chmodSync(config, mode);
    fs.utimesSync(config, OLD, OLD);
  }
  return { home, config };
}

export type Lane = { readonly worker: string; readonly home: string; readonly lane: number; readonly count: number };

/** Runs one process; resolves to the lines it acknowledged, and whether it was killed before its end. */
export function work({ worker, home, lane, count }: Lane, killAfter?: number) {
  return new Promise<{ readonly lines: readonly string[]; readonly killed: boolean }>((resolve, reject) => {
    const child = spawn(process.execPath, [worker, home, String(lane), String(count)], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    let err = "";
    child.stdout.on("data", (data) => (out += data));
    child.stderr.on("data", (data) => (err += data));
    const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfter);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (code !== 0 && signal !== "SIGKILL") reject(new Error(err));
      // A line that was cut was never read as an acknowledgement.
      else resolve({ lines: out.split("\n").slice(0, -1), killed: signal === "SIGKILL" });
    });
  });
}
