/** Writes one new file that the user has named, outside of the home and of every transaction; never over another. */
import type { Host } from "../host/host.ts";
import { CfgError, isErrno, orNull } from "../model/error.ts";
import { encode } from "./safe-read.ts";

/** Throws `would-overwrite` where something is there already, and the system's own error. */
export function exportNew(host: Host, path: string, text: string): void {
  const bytes = encode(text);
  let isOurs = false;
  try {
    const writer = host.disk.create(path, 0o600);
    isOurs = true;
    try {
      // A full disk may take fewer bytes than all, and says so once more only when it takes none.
      for (let done = 0; done < bytes.length; ) done += writer.write(bytes.subarray(done));
      writer.finish();
    } finally {
      writer.close();
    }
  } catch (error) {
    if (isOurs) orNull(() => host.disk.remove(path));
    if (!isErrno(error, "EEXIST")) throw error;
    throw new CfgError("would-overwrite", "there is a file of that name already", {
      path,
      hints: ["name another one: -o FILE"],
    });
  }
}
