/**
 * What the program remembers from one run to the next: a file of digests in a folder for what may be lost at any time.
 * Where nobody may write it remembers nothing.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Memory } from "../host.ts";

/** Long enough to look at a preview and then to say yes to it. */
const MEMORY_MS = 10 * 60 * 1000;
const MOST_FACTS = 50;

/** One line for each fact: its time and its digest. */
export function memoryIn(folder: string): Memory {
  const file = join(folder, "memory");
  const fresh = () => {
    const rows = quietly(() => readFileSync(file, "utf8").split("\n")) ?? [];
    return rows.filter((row) => {
      const age = Date.now() - Number.parseInt(row, 10);
      return age >= 0 && age < MEMORY_MS;
    });
  };
  return {
    holds(fact) {
      const rows = fresh();
      if (rows.length === 0) return false;
      const ending = ` ${digest(fact)}`;
      return rows.some((row) => row.endsWith(ending));
    },
    keep(fact) {
      const rows = [...fresh(), `${Date.now()} ${digest(fact)}`].slice(-MOST_FACTS);
      const part = `${file}.${process.pid}`;
      quietly(() => {
        mkdirSync(folder, { recursive: true });
        writeFileSync(part, `${rows.join("\n")}\n`, { flag: "wx" });
        renameSync(part, file);
      });
    },
  };
}

function digest(fact: string): string {
  return createHash("sha256").update(fact).digest("hex");
}

function quietly<T>(step: () => T): T | null {
  try {
    return step();
  } catch {
    return null;
  }
}
