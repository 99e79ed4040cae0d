/** Scratch folders in which the installed Codex is asked things, so that nothing of the user's is touched. */
import { join } from "node:path";
import type { Host } from "../host/host.ts";

/**
 * Makes a folder of one's own with these files and an empty `cwd` in it, for as long as `use` takes. Throws what the
 * disk throws; the folder goes in any case.
 */
export function withScratch<T>(
  host: Host,
  files: Readonly<Record<string, string | Uint8Array>>,
  use: (folder: string) => T,
): T {
  const folder = join(host.tmp, `codex-cfg-${host.randomHex(16)}`);
  try {
    host.disk.mkdir(folder, 0o700);
    host.disk.mkdir(join(folder, "cwd"), 0o700);
    for (const [name, content] of Object.entries(files)) writeFile(host, join(folder, name), content);
    return use(folder);
  } finally {
    removeTree(host, folder);
  }
}

/** What cannot be removed is left to the system's own cleaning. */
function removeTree(host: Host, path: string): void {
  try {
    if (host.disk.stat(path)?.kind === "dir") {
      for (const name of host.disk.list(path)) removeTree(host, join(path, name));
    }
    host.disk.remove(path);
  } catch {
    // Nothing of the user's is in it.
  }
}

function writeFile(host: Host, path: string, content: string | Uint8Array): void {
  const writer = host.disk.create(path, 0o600);
  let rest = typeof content === "string" ? new TextEncoder().encode(content) : content;
  try {
    while (rest.length > 0) rest = rest.subarray(writer.write(rest));
  } finally {
    writer.close();
  }
}
