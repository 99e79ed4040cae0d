/** A small home in memory and on the real disk, and what the tests of the store say about it. */
import { join } from "node:path";
import type { Host, ProcessIdentity } from "../../src/host/host.ts";
import type { Change, Label } from "../../src/model/change.ts";
import type { FileRole } from "../../src/model/op.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { MemoryDisk } from "../memory-disk.ts";
import { type MemoryHost, memoryHost } from "../memory-host.ts";

export const HOME = "/home/u/.codex";
export const CONFIG = `${HOME}/config.toml`;
export const WORK = `${HOME}/work.config.toml`;
export const STATE = `${HOME}/.codex-cfg`;
export const label: Label = { command: "test", touched: [{ file: "config", path: ["a"], kind: "changed" }] };

export const pathIn =
  (home: string) =>
  (file: FileRole): string =>
    join(home, file === "config" ? "config.toml" : `${file.slice("profile:".length)}.config.toml`);

/** A new process that opens the store of a home. */
export function open(host: Host, home = HOME): Store {
  return openStore(host, home, pathIn(home));
}

export type World = { readonly disk: MemoryDisk; readonly host: MemoryHost; readonly store: Store };

/** A home with the given files, written long ago. */
export function world(files: Readonly<Record<string, string>> = {}): World {
  const disk = new MemoryDisk();
  for (const folder of ["/home", "/home/u", HOME]) disk.putFolder(folder);
  for (const [path, text] of Object.entries(files)) disk.put(path, text);
  disk.now += 60_000;
  return onDisk(disk);
}

/** Another process on the same disk. */
export function onDisk(disk: MemoryDisk, self: Partial<ProcessIdentity> = {}): World {
  const host = memoryHost({ disk, self });
  return { disk, host, store: open(host) };
}

export const never = (): never => {
  throw new Error("rebase was not expected");
};

/** Adds a line to every file, whatever it holds: a plan that never conflicts. */
export function appending(line: string, ...files: readonly FileRole[]) {
  const plan = (texts: ReadonlyMap<FileRole, string | null>): readonly Change[] =>
    files.map((file) => {
      const before = texts.get(file) ?? null;
      return { file, before, after: before?.includes(line) ? before : `${before ?? ""}${line}\n` };
    });
  return { plan, rebase: plan };
}

/** The code of the error that `step` throws; "none" when it throws none. */
export function codeOf(step: () => unknown): string {
  try {
    step();
    return "none";
  } catch (error) {
    return String((error as { code?: unknown }).code ?? (error as Error).name);
  }
}

/** What a clean home never holds. */
export function litter(disk: MemoryDisk): readonly string[] {
  return disk.tree("/home").filter((path) => /\.tmp$|\.codex-cfg\/lock|\.codex-cfg\/tx\/./.test(path));
}
