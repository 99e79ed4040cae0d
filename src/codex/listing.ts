/** Folders that need not be there. */
import type { Host } from "../host.ts";

/** The names in a folder, in order; none where it cannot be listed. */
export function namesIn(host: Host, folder: string): readonly string[] {
  try {
    return host.disk.list(folder);
  } catch {
    return [];
  }
}
