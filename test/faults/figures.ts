/** What a suite has counted, as one line for people; the runner collects the lines. */
import { appendFileSync } from "node:fs";
import { afterAll } from "vitest";
import { seed } from "../sample.js";

export const SEED = seed();

/** Prints a suite's line when its last test is done. */
export function figures(suite: string, line: () => string): void {
  afterAll(() => {
    const file = process.env.FAULTS_FIGURES;
    const text = `${suite.padEnd(10)} ${line()}\n`;
    if (file === undefined) process.stdout.write(text);
    else appendFileSync(file, text);
  });
}

/** 12345 as "12,345". */
export const count = (number: number): string => number.toLocaleString("en-US");

/** Dice that fall the same way for the same seed: numbers from 0 to 1. */
export function diceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
