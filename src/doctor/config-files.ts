/** The files of a home that `doctor` draws on, read as far as anybody can. */
import { faultOf } from "../check/read-layer.ts";
import type { Home } from "../home.ts";
import type { ConfigFile } from "../machine/leftovers.ts";
import { orNull } from "../model/error.ts";
import type { FileRole } from "../model/op.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import { Document } from "../toml/document.ts";
import { readTolerantly } from "../toml/slips/read-tolerantly.ts";

export type Files = {
  /** config.toml first. */
  readonly files: readonly ConfigFile[];
  /** False when a file of the home could not be read and is missing here. */
  readonly complete: boolean;
};

/** The files of a home that take part in its starts, as far as they can be read. */
export function configFiles({ codex, profileFiles }: Home, snapshot: Snapshot): Files {
  const roles: FileRole[] = ["config", ...profileFiles.flatMap((profile) => codex.layout.fileOf(profile) ?? [])];
  const files = roles.flatMap((file): ConfigFile[] => {
    if (faultOf(file, snapshot)) return [];
    const document = snapshot.readable(file) ?? readableOf(snapshot.text(file) ?? "");
    return document ? [{ file, document }] : [];
  });
  return { files, complete: files.length === roles.length };
}

/** What can be read of a text that does not parse; null where names lead too deep. */
function readableOf(text: string): Document | null {
  return orNull(() => readTolerantly(text).document);
}

/** config.toml among them; an empty one where there is none. */
export function configIn(files: readonly ConfigFile[]): Document {
  return files.find(({ file }) => file === "config")?.document ?? new Document("", {});
}
