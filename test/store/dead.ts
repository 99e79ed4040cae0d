/** Homes whose last process died in the middle of a change, and records as only their owner could have written them. */
import { createHash } from "node:crypto";
import type { MemoryDisk } from "../memory-disk.ts";
import { CONFIG, codeOf, label, never, STATE, world } from "./world.ts";

export const ONE = "a = 1\n";
export const TWO = "a = 2\n";

/** A home whose last process died as soon as its journal had got to this state. */
export function diedAt(phase: "draft" | "commit" | "record"): MemoryDisk {
  for (let k = 1; ; k++) {
    const home = world({ [CONFIG]: ONE });
    home.disk.failAt(k, "die-after");
    codeOf(() => home.store.commit([{ file: "config", before: ONE, after: TWO }], label, never));
    home.disk.revive();
    home.disk.now += 10_000;
    // The draft's text comes after its name.
    if (home.disk.text(journalOf(home.disk, `${phase}.json`) ?? "")?.endsWith("}\n")) return home.disk;
  }
}

/** The path of a file of the journal; undefined when there is none. */
export const journalOf = (disk: MemoryDisk, name: string): string | undefined =>
  disk.tree(`${STATE}/tx`).find((path) => path.endsWith(`/${name}`));

/** A changed record with the right sum. */
export function forge(text: string, change: (record: { [key: string]: unknown }) => void): string {
  const record = JSON.parse(text) as { [key: string]: unknown };
  delete record.checksum;
  change(record);
  const body = JSON.stringify(record);
  return `${body.slice(0, -1)},"checksum":"${createHash("sha256").update(body).digest("hex")}"}\n`;
}

/** A record as a codex-cfg of tomorrow may write it: of a form that nobody knows today. */
export const ofTomorrow = (text: string, v: unknown = 3): string =>
  forge(text, (record) => {
    for (const name of Object.keys(record)) if (name !== "v") delete record[name];
    Object.assign(record, { v, steps: { config: "moved" } });
  });
