/** Parts of Node that are slow to load or that not every Node has: loaded when first asked for. */
import { createRequire } from "node:module";

const load = createRequire(import.meta.url);

export const childProcess = () => load("node:child_process") as typeof import("node:child_process");
export const net = () => load("node:net") as typeof import("node:net");
export const os = () => load("node:os") as typeof import("node:os");
export const tty = () => load("node:tty") as typeof import("node:tty");

/** A SQLite file that is open for reading. */
type Database = { all(sql: string): Record<string, unknown>[]; close(): void };

/**
 * Opens a SQLite file: with Node's own reader, and on Node 20, which has none, with an optional package. Throws where
 * neither is there.
 */
export function sqlite(): (path: string) => Database {
  try {
    return ownSqlite();
  } catch {
    return packagedSqlite();
  }
}

function ownSqlite(): (path: string) => Database {
  const { emitWarning } = process;
  // Node says of this module that it is experimental, and that is no news to the user.
  process.emitWarning = () => {};
  try {
    const { DatabaseSync } = load("node:sqlite") as {
      DatabaseSync: new (
        path: string,
        options: object,
      ) => { prepare(sql: string): { all(): Record<string, unknown>[] }; close(): void };
    };
    return (path) => {
      const database = new DatabaseSync(path, { readOnly: true });
      return { all: (sql) => database.prepare(sql).all(), close: () => database.close() };
    };
  } finally {
    process.emitWarning = emitWarning;
  }
}

function packagedSqlite(): (path: string) => Database {
  const { Database } = load("node-sqlite3-wasm") as {
    Database: new (path: string, options: object) => Database & { exec(sql: string): void };
  };
  return (path) => {
    const database = new Database(path, { readOnly: true });
    // WebAssembly shares no memory, and an exclusive reader needs none to see the rows that are only in the -wal file.
    database.exec("pragma locking_mode=exclusive");
    return database;
  };
}
