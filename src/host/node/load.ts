/** Parts of Node that are slow to load or that not every Node has: loaded when first asked for. */
import { createRequire } from "node:module";

const load = createRequire(import.meta.url);

export const childProcess = () => load("node:child_process") as typeof import("node:child_process");
export const net = () => load("node:net") as typeof import("node:net");
export const os = () => load("node:os") as typeof import("node:os");
export const tty = () => load("node:tty") as typeof import("node:tty");

/** What is used of Node's own reader of SQLite files. */
type Database = { prepare(sql: string): { all(): Record<string, unknown>[] }; close(): void };

/** Throws on Node 20, which has none. */
export function sqlite(): { DatabaseSync: new (path: string, options: object) => Database } {
  const { emitWarning } = process;
  // Node says of this module that it is experimental, and that is no news to the user.
  process.emitWarning = () => {};
  try {
    return load("node:sqlite");
  } finally {
    process.emitWarning = emitWarning;
  }
}
