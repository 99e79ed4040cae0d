/** Answers of Codex that stay true for a moment: a small file of digests in the user's cache. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { AnswerCache } from "../host.ts";
import { readOwn, writeOwn } from "./user-cache.ts";

/** Long enough to look at a preview and then to say yes to it. */
const KEPT_MS = 10 * 60 * 1000;
const MOST_ANSWERS = 50;

/** Where there is no cache, every question is asked anew. */
export const noAnswers: AnswerCache = { has: () => false, add: () => {} };

/** One line for each answer: its time and its digest. */
export function answerCacheIn(folder: string): AnswerCache {
  const file = join(folder, "answers");
  const fresh = () => {
    const rows = new TextDecoder().decode(readOwn(file) ?? new Uint8Array()).split("\n");
    return rows.filter((row) => {
      const age = Date.now() - Number.parseInt(row, 10);
      return age >= 0 && age < KEPT_MS;
    });
  };
  return {
    has(answer) {
      const rows = fresh();
      if (rows.length === 0) return false;
      const ending = ` ${digest(answer)}`;
      return rows.some((row) => row.endsWith(ending));
    },
    add(answer) {
      const rows = [...fresh(), `${Date.now()} ${digest(answer)}`].slice(-MOST_ANSWERS);
      writeOwn(file, new TextEncoder().encode(`${rows.join("\n")}\n`));
    },
  };
}

function digest(answer: string): string {
  return createHash("sha256").update(answer).digest("hex");
}
