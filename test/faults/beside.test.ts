/**
 * Changes of ours and of others side by side, in and around the same tables and elements, taken back in any order: what
 * nobody but us has touched goes back, what others wrote stays, each comment is there once.
 */
import { test } from "vitest";
import { some } from "../sample.js";
import { Sequence, tally } from "./beside-sequence.ts";
import { count, figures, SEED } from "./figures.ts";

const RUNS = some(20_000);
figures(
  "beside",
  () =>
    `${count(tally.sequences)} sequences: ${count(tally.ours)} changes of ours, ${count(tally.theirs)} of others beside them, ` +
    `${count(tally.reverts)} taken back in any order without a conflict, ${count(tally.undone)} undone byte for byte, ` +
    `${count(tally.lines)} to the old lines and theirs, ${count(tally.refused)} edits refused (seed ${SEED})`,
);

test(`${count(RUNS)} sequences of ours and theirs`, async () => {
  for (let run = 0; run < RUNS; run++) {
    const sequence = new Sequence(SEED * 1_000_003 + run);
    try {
      await sequence.run();
    } catch (error) {
      console.error(
        `sequence ${run} of seed ${SEED}:\n--- start\n${sequence.start}\n--- ${sequence.log.join("\n--- ")}`,
      );
      throw error;
    }
    tally.sequences += 1;
  }
});
