/** One file by itself as what is checked, whatever its name and wherever it is. */
import { dirname, resolve } from "node:path";
import type { Codex } from "../codex/release.ts";
import type { Host } from "../host/host.ts";
import { CfgError } from "../model/error.ts";
import { Snapshot } from "../plan/snapshot.ts";
import { readTextFile } from "../store/store.ts";
import type { Subject } from "./context.ts";
import { isFault, isUtf16, UTF_16 } from "./read-layer.ts";

/** One file as a subject of its own, as if it were config.toml. Throws `unsafe-file` for what is no readable file. */
export function fileSubject(host: Host, codex: Codex, name: string): Subject {
  const path = resolve(host.cwd, name);
  const hints = [{ note: "name a file of UTF-8 text", argv: ["validate", "./config.toml"] }];
  try {
    const text = readTextFile(host, path);
    if (text === null) throw new CfgError("unsafe-file", "there is no such file", { path });
    const snapshot = new Snapshot((role) => (role === "config" ? text : null));
    return { host, dir: dirname(path), codex, snapshot, profileFiles: [], alone: true };
  } catch (error) {
    if (!isFault(error)) throw error;
    throw new CfgError(error.code, isUtf16(host, path) ? UTF_16 : error.message, { path, hints });
  }
}
