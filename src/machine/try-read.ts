/** Reads files and folders that need not exist or be readable: the result is null or empty then, never an error. */
import { dirname, isAbsolute } from "node:path";
import type { Host, Stat } from "../host/host.ts";
import { orNull } from "../model/error.ts";

/** The largest text that is read here. */
const LARGEST = 1024 * 1024;
const MOST_LINKS = 40;

/** The names in a folder, in order; none where it cannot be listed. */
export function namesIn(host: Host, folder: string): readonly string[] {
  return orNull(() => host.disk.list(folder)) ?? [];
}

/** What stands at a path, be it a link; null where nothing does or nobody may look. */
export function statAt(host: Host, path: string): Stat | null {
  return orNull(() => host.disk.stat(path));
}

/** The path of the regular file that a path leads to, links followed; null where it leads to none. */
export function fileAt(host: Host, path: string): string | null {
  let real = path;
  for (let links = 0; links <= MOST_LINKS; links++) {
    const stat = statAt(host, real);
    if (stat?.kind !== "link") return stat?.kind === "file" ? real : null;
    const target = stat.target ?? "";
    // Not `join`, which would drop `..` textually: behind a linked folder it means the parent of the link's target.
    real = isAbsolute(target) ? target : `${dirname(real)}/${target}`;
  }
  return null;
}

/** A file's whole text, links followed; null where it cannot be read, for what is no UTF-8, and for more than 1 MiB. */
export function textAt(host: Host, path: string): string | null {
  const bytes = bytesAt(host, path, LARGEST + 1);
  if (bytes === null || bytes.length > LARGEST) return null;
  return orNull(() => new TextDecoder("utf-8", { fatal: true }).decode(bytes));
}

/** The first bytes of a file, or its last ones, links followed; null where it cannot be read. */
export function bytesAt(host: Host, path: string, limit: number, part: "head" | "tail" = "head"): Uint8Array | null {
  const real = fileAt(host, path);
  return real === null ? null : orNull(() => host.disk.read(real, limit, part).bytes);
}
