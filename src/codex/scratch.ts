/** Scratch folders in which the installed Codex is asked things, so that nothing of the user's is touched. */
import { join } from "node:path";
import type { Host } from "../host.ts";

/** Makes a folder of one's own, with an empty `cwd` in it and these files. Throws what the disk throws. */
export function writeScratch(host: Host, folder: string, files: Readonly<Record<string, string>>): void {
  host.disk.mkdir(folder, 0o700);
  host.disk.mkdir(join(folder, "cwd"), 0o700);
  for (const [name, text] of Object.entries(files)) writeScratchFile(host, join(folder, name), text);
}

/** Removes a folder with everything in it; what cannot be removed is left to the system's own cleaning. */
export function removeTree(host: Host, path: string): void {
  try {
    if (host.disk.stat(path)?.kind === "dir") {
      for (const name of host.disk.list(path)) removeTree(host, join(path, name));
    }
    host.disk.remove(path);
  } catch {
    // Nothing of the user's is in it.
  }
}

/** Writes a file of a scratch folder. */
export function writeScratchFile(host: Host, path: string, content: string | Uint8Array): void {
  const writer = host.disk.create(path, 0o600);
  let rest = typeof content === "string" ? new TextEncoder().encode(content) : content;
  try {
    while (rest.length > 0) rest = rest.subarray(writer.write(rest));
  } finally {
    writer.close();
  }
}
